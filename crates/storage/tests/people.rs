//! People, roles and sign-in as kept in `core`.
#![allow(clippy::unwrap_used)]

use vikno_storage::migrations::{Kind, migrate};
use vikno_storage::people::{self, Actor, Changed, NewPerson, Person, PersonChange};
use vikno_storage::sign_in::{self, Tries};
use vikno_storage::staff_sessions::{self, NewSession};
use vikno_storage::{Database, StorageError, block_on};

const NOW_MS: i64 = 1_763_900_000_000;
const ADMIN: Actor<'static> = Actor {
    id: "u_admin",
    address: Some("127.0.0.1"),
};

fn core() -> Database {
    let core = block_on(Database::open(":memory:")).unwrap();
    block_on(migrate(&core, Kind::Core)).unwrap();
    core
}

fn core_with_administrator() -> Database {
    let core = core();
    let made = people::ensure_first_administrator(&core, "u_admin", "hash", NOW_MS);
    assert!(block_on(made).unwrap());
    core
}

fn roles(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = pairs
        .iter()
        .map(|(org, role)| ((*org).into(), (*role).into()));
    owned.collect()
}

fn create(core: &Database, login: &str) -> Result<(), StorageError> {
    let roles = roles(&[("ukc", "operator")]);
    let new = NewPerson {
        id: &format!("u_{login}"),
        login,
        name: "Олена",
        password_hash: "hash",
        phone: Some("+380671234567"),
        otp_required: true,
        roles: &roles,
    };
    block_on(people::create(core, &new, ADMIN, NOW_MS))
}

fn person(core: &Database, login: &str) -> Person {
    block_on(people::by_login(core, login)).unwrap().unwrap()
}

fn change(core: &Database, id: &str, what: &PersonChange) -> Changed {
    block_on(people::change(core, id, what, ADMIN, NOW_MS + 1)).unwrap()
}

fn audited(core: &Database) -> Vec<(String, String)> {
    let rows = core.query("SELECT what, data FROM audit ORDER BY id", vec![]);
    let rows = block_on(rows).unwrap();
    let texts = rows
        .iter()
        .map(|row| (row.text(0).unwrap().into(), row.text(1).unwrap().into()));
    texts.collect()
}

#[test]
fn the_first_administrator_is_made_once_in_the_life_of_an_installation() {
    let core = core();
    assert!(block_on(people::needs_first_administrator(&core)).unwrap());
    let make = |id| {
        block_on(people::ensure_first_administrator(
            &core, id, "hash", NOW_MS,
        ))
    };
    assert!(make("u_1").unwrap());
    assert!(!make("u_2").unwrap());
    assert!(!block_on(people::needs_first_administrator(&core)).unwrap());
    let admin = person(&core, "admin");
    assert_eq!(admin.id, "u_1");
    assert_eq!(admin.roles, roles(&[("*", "administrator")]));
}

#[test]
fn a_person_reads_back_as_made() {
    let core = core_with_administrator();
    create(&core, "olena").unwrap();
    let olena = person(&core, "olena");
    assert_eq!(olena.name, "Олена");
    assert_eq!(olena.phone.as_deref(), Some("+380671234567"));
    assert_eq!(olena.roles, roles(&[("ukc", "operator")]));
    assert!(olena.otp_required && olena.active);
    assert_eq!(
        block_on(people::by_id(&core, "u_olena")).unwrap(),
        Some(olena)
    );
}

#[test]
fn a_login_is_taken_once_and_a_refused_person_leaves_no_trace() {
    let core = core_with_administrator();
    create(&core, "olena").unwrap();
    let lines = audited(&core).len();
    assert!(matches!(
        create(&core, "olena"),
        Err(StorageError::Conflict(_))
    ));
    assert_eq!(audited(&core).len(), lines);
}

#[test]
fn people_are_listed_by_login_page_by_page() {
    let core = core_with_administrator();
    for number in 0..people::PAGE + 5 {
        create(&core, &format!("person{number:03}")).unwrap();
    }
    let first = block_on(people::list(&core, "")).unwrap();
    assert_eq!(first.len() as i64, people::PAGE + 1);
    assert_eq!(first[0].login, "admin");
    let last_shown = &first[people::PAGE as usize - 1].login;
    let second = block_on(people::list(&core, last_shown)).unwrap();
    assert_eq!(second.len(), 6);
    assert_eq!(second[0].login, first[people::PAGE as usize].login);
}

#[test]
fn other_roles_a_new_password_or_being_switched_off_end_older_tokens_and_a_new_name_does_not() {
    let core = core_with_administrator();
    create(&core, "olena").unwrap();
    let none = PersonChange::default;
    for (what, ends) in [
        (
            PersonChange {
                name: Some("Олена К.".into()),
                ..none()
            },
            false,
        ),
        (
            PersonChange {
                phone: Some(None),
                ..none()
            },
            false,
        ),
        (
            PersonChange {
                roles: Some(roles(&[("mou", "analyst")])),
                ..none()
            },
            true,
        ),
        (
            PersonChange {
                password_hash: Some("other".into()),
                ..none()
            },
            true,
        ),
        (
            PersonChange {
                active: Some(false),
                ..none()
            },
            true,
        ),
    ] {
        let before = person(&core, "olena").generation;
        assert!(matches!(change(&core, "u_olena", &what), Changed::Done(_)));
        let after = person(&core, "olena").generation;
        assert_eq!(after > before, ends, "{what:?}");
    }
    let olena = person(&core, "olena");
    assert_eq!(olena.name, "Олена К.");
    assert_eq!(olena.phone, None);
    assert_eq!(olena.roles, roles(&[("mou", "analyst")]));
    assert!(!olena.active);
}

#[test]
fn the_last_administrator_cannot_be_lost() {
    let core = core_with_administrator();
    let off = PersonChange {
        active: Some(false),
        ..PersonChange::default()
    };
    let demoted = PersonChange {
        roles: Some(vec![]),
        ..PersonChange::default()
    };
    for what in [off, demoted] {
        assert_eq!(change(&core, "u_admin", &what), Changed::LastAdministrator);
    }
    let admin = person(&core, "admin");
    assert!(admin.active);
    assert_eq!(admin.roles, roles(&[("*", "administrator")]));
}

#[test]
fn a_person_who_does_not_exist_cannot_be_changed() {
    let core = core_with_administrator();
    assert_eq!(
        change(&core, "u_nobody", &PersonChange::default()),
        Changed::Unknown
    );
}

#[test]
fn the_audit_tells_what_changed_without_names_numbers_or_hashes() {
    let core = core_with_administrator();
    create(&core, "olena").unwrap();
    let what = PersonChange {
        name: Some("Секретна".into()),
        password_hash: Some("$argon2id$secret".into()),
        phone: Some(Some("+380500000000".into())),
        roles: Some(roles(&[("mou", "analyst")])),
        ..PersonChange::default()
    };
    change(&core, "u_olena", &what);
    let (kind, data) = audited(&core).pop().unwrap();
    assert_eq!(kind, "person_changed");
    assert!(data.contains("analyst") && data.contains("operator"));
    for secret in ["Секретна", "argon2id", "+380500000000"] {
        assert!(!data.contains(secret), "{data}");
    }
}

#[test]
fn the_audit_can_be_neither_changed_nor_deleted() {
    let core = core_with_administrator();
    for sql in ["UPDATE audit SET what = 'nothing'", "DELETE FROM audit"] {
        assert!(block_on(core.run(sql, vec![])).is_err(), "{sql}");
    }
    assert_eq!(audited(&core)[0].0, "person_created");
}

#[test]
fn a_refused_try_is_counted_under_no_key() {
    let core = core();
    let mut seen = vec![];
    let mut count = |allow: bool| {
        let counted = sign_in::count_try(&core, &["login", "address"], NOW_MS, |index, tries| {
            seen.push((index, tries.failures));
            if index == 1 && !allow {
                return Err("no");
            }
            Ok(Tries {
                failures: tries.failures + 1,
                last_at_ms: NOW_MS,
                locked_until_ms: 0,
            })
        });
        block_on(counted).unwrap()
    };
    assert_eq!(count(true), Ok(()));
    assert_eq!(count(false), Err("no"));
    assert_eq!(count(true), Ok(()));
    assert_eq!(seen, [(0, 0), (1, 0), (0, 1), (1, 1), (0, 1), (1, 1)]);
}

#[test]
fn a_right_password_clears_the_logins_tries_and_one_of_the_address() {
    let core = core();
    let count = || {
        let mut failures = vec![];
        let counted = sign_in::count_try(&core, &["login", "address"], NOW_MS, |_, tries| {
            failures.push(tries.failures);
            Ok::<_, ()>(Tries {
                failures: tries.failures + 1,
                last_at_ms: NOW_MS,
                locked_until_ms: 9,
            })
        });
        block_on(counted).unwrap().unwrap();
        failures
    };
    count();
    count();
    block_on(sign_in::forget_tries(&core, "login", "address")).unwrap();
    assert_eq!(count(), [0, 1]);
}

#[test]
fn a_token_stands_until_its_session_or_its_generation_ends() {
    let core = core_with_administrator();
    let stands = |generation, sid| {
        block_on(sign_in::standing(&core, "u_admin", generation, sid))
            .unwrap()
            .is_some()
    };
    for (id, token_sha256) in [("s_1", "one"), ("s_2", "two")] {
        let new = NewSession {
            id,
            person_id: "u_admin",
            token_sha256,
            address: None,
            agent: None,
        };
        block_on(staff_sessions::begin(&core, new, NOW_MS)).unwrap();
    }
    assert!(stands(0, "s_1"));
    assert!(!stands(1, "s_1"));
    assert!(block_on(staff_sessions::end(&core, "u_admin", "s_1", None, NOW_MS)).unwrap());
    assert!(!stands(0, "s_1"));
    assert!(stands(0, "s_2"));
}

#[test]
fn a_challenge_is_tried_a_few_times_while_it_lasts_and_ended_once() {
    let core = core_with_administrator();
    let begin = sign_in::begin_challenge(&core, "sha", "u_admin", NOW_MS + 100, NOW_MS);
    block_on(begin).unwrap();
    let attempt = |at| block_on(sign_in::try_challenge(&core, "sha", 2, at)).unwrap();
    assert_eq!(attempt(NOW_MS + 100), None, "over");
    assert_eq!(attempt(NOW_MS).as_deref(), Some("u_admin"));
    assert_eq!(attempt(NOW_MS).as_deref(), Some("u_admin"));
    assert_eq!(attempt(NOW_MS), None, "tried too often");
    assert!(block_on(sign_in::end_challenge(&core, "sha")).unwrap());
    assert!(!block_on(sign_in::end_challenge(&core, "sha")).unwrap());
}

#[test]
fn published_keys_are_found_and_those_of_a_new_master_key_replace_the_old_ones() {
    let core = core();
    let link_key = || block_on(sign_in::link_key(&core)).unwrap();
    let public_key = |kid| block_on(sign_in::public_key(&core, kid)).unwrap();
    assert_eq!(link_key(), None);
    let publish = |kids: &[&'static str], link_key| {
        let keys: Vec<_> = kids
            .iter()
            .map(|kid| (*kid, format!("public {kid}")))
            .collect();
        block_on(sign_in::publish_keys(&core, &keys, link_key, NOW_MS)).unwrap();
    };
    publish(&["k1", "k2"], "l1");
    publish(&["k1", "k2"], "l1");
    assert_eq!(public_key("k1").as_deref(), Some("public k1"));
    publish(&["k2", "k3"], "l1");
    assert_eq!(public_key("k1"), None);
    assert_eq!(public_key("k2").as_deref(), Some("public k2"));
    publish(&["other"], "l2");
    assert_eq!((public_key("k2"), public_key("k3")), (None, None));
    assert_eq!(link_key().as_deref(), Some("l2"));
}
