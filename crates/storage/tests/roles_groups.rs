//! Roles as data, and groups that give roles and queues to their members.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests"
)]

use std::collections::BTreeMap;
use vikno_storage::groups::{self, GroupFields};
use vikno_storage::migrations::{Kind, migrate};
use vikno_storage::people::{self, Actor, NewPerson};
use vikno_storage::roles::{self, Removed};
use vikno_storage::staff_sessions::{self, NewSession};
use vikno_storage::{Database, StorageError, block_on, distribution, presence, sign_in};

const NOW_MS: i64 = 1_763_900_000_000;
const ADMIN: Actor<'_> = Actor {
    id: "u_admin",
    address: None,
};

fn core() -> Database {
    let core = block_on(Database::open(":memory:")).unwrap();
    block_on(migrate(&core, Kind::Core)).unwrap();
    let admin = people::ensure_first_administrator(&core, "u_admin", "hash", NOW_MS);
    assert!(block_on(admin).unwrap());
    core
}

fn hire(core: &Database, id: &str, held: &[(&str, &str)]) {
    let roles: Vec<(String, String)> = held
        .iter()
        .map(|(org, role)| ((*org).to_owned(), (*role).to_owned()))
        .collect();
    let new = NewPerson {
        id,
        login: id,
        name: id,
        password_hash: "hash",
        phone: None,
        otp_required: false,
        roles: &roles,
    };
    block_on(people::create(core, &new, ADMIN, NOW_MS)).unwrap();
    let session = NewSession {
        id,
        person_id: id,
        token_sha256: id,
        address: None,
        agent: None,
    };
    block_on(staff_sessions::begin(core, session, NOW_MS)).unwrap();
}

/// What somebody is permitted, by organisation.
fn permitted(core: &Database, id: &str) -> BTreeMap<String, Vec<String>> {
    let held = block_on(sign_in::standing(core, id, 0, id)).unwrap();
    held.expect("their session stands").into_iter().collect()
}

fn shift(org: &str, members: &[&str]) -> GroupFields {
    GroupFields {
        org: org.into(),
        name: "Перша зміна".into(),
        roles: vec!["operator".into()],
        queues: vec!["general".into()],
        members: members.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn the_six_roles_are_there_from_the_first_start() {
    let core = core();
    let all = block_on(roles::all(&core)).unwrap();
    let ids: Vec<&str> = all.iter().map(|role| role.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "administrator",
            "analyst",
            "author",
            "operator",
            "security",
            "supervisor"
        ]
    );
    assert!(all.iter().all(|role| role.built_in));
    assert_eq!(all[0].permissions, ["*"]);
    assert_eq!(all[0].holders, 1);
}

#[test]
fn roles_held_before_roles_became_data_are_still_held() {
    let core = block_on(Database::open(":memory:")).unwrap();
    block_on(migrate(&core, Kind::Core)).unwrap();
    // Back to the form of the third migration, with somebody in it.
    for sql in [
        "DROP TABLE passkey_answers",
        "DROP TABLE passkeys",
        "DROP TABLE known_browsers",
        "DROP TABLE outside_identities",
        "DROP TABLE sso_flows",
        "ALTER TABLE people DROP COLUMN languages",
        "ALTER TABLE people DROP COLUMN skills",
        "DROP TABLE held_roles",
        "DROP TABLE roles",
        "DROP TABLE group_members",
        "DROP TABLE group_queues",
        "DROP TABLE group_roles",
        "DROP TABLE groups",
        "CREATE TABLE roles (person_id TEXT NOT NULL REFERENCES people (id), org TEXT NOT NULL, role TEXT NOT NULL CHECK (role IN ('administrator', 'supervisor', 'operator', 'analyst', 'author', 'security')), PRIMARY KEY (person_id, org, role)) WITHOUT ROWID",
        "CREATE INDEX roles_org ON roles (org, role)",
        "INSERT INTO people (id, login, name, password_hash, created_at_ms, created_by, changed_at_ms) VALUES ('u_1', 'olena', 'Олена', 'hash', 0, 'setup', 0)",
        "INSERT INTO roles VALUES ('u_1', 'ukc', 'supervisor'), ('u_1', '*', 'analyst')",
        "PRAGMA user_version = 3",
    ] {
        block_on(core.run(sql, vec![])).unwrap();
    }
    assert!(block_on(migrate(&core, Kind::Core)).unwrap() > 0);
    let olena = block_on(people::by_id(&core, "u_1")).unwrap().unwrap();
    let held = [("*", "analyst"), ("ukc", "supervisor")];
    assert_eq!(
        olena.roles,
        held.map(|(org, role)| (org.to_owned(), role.to_owned()))
    );
}

#[test]
fn a_role_that_somebody_holds_is_not_removed() {
    let core = core();
    let names = BTreeMap::from([("uk".to_owned(), "Диспетчер".to_owned())]);
    let keep = |permissions: &[&str]| {
        let permissions: Vec<String> = permissions.iter().map(ToString::to_string).collect();
        block_on(roles::keep(
            &core,
            "dispatcher",
            &names,
            &permissions,
            ADMIN,
            NOW_MS,
        ))
        .unwrap()
    };
    assert!(keep(&["view_shift"]));
    assert!(!keep(&["view_shift", "export"]));
    hire(&core, "u_1", &[("ukc", "dispatcher")]);
    assert_eq!(permitted(&core, "u_1")["ukc"], ["view_shift", "export"]);
    let remove = |id: &str| block_on(roles::remove(&core, id, ADMIN, NOW_MS)).unwrap();
    assert_eq!(remove("dispatcher"), Removed::Held);
    assert_eq!(remove("operator"), Removed::BuiltIn);
    assert_eq!(remove("nobody"), Removed::Unknown);
    block_on(core.run("DELETE FROM held_roles WHERE person_id = 'u_1'", vec![])).unwrap();
    assert_eq!(remove("dispatcher"), Removed::Done);
}

#[test]
fn a_group_gives_its_roles_and_queues_as_long_as_one_belongs_to_it() {
    let core = core();
    hire(&core, "u_1", &[]);
    hire(&core, "u_2", &[("ukc", "analyst")]);
    let keep = |members: &[&str]| {
        block_on(groups::keep(
            &core,
            "g_1",
            &shift("ukc", members),
            ADMIN,
            NOW_MS,
        ))
        .unwrap();
    };
    keep(&["u_1", "u_2", "u_nobody"]);
    assert!(permitted(&core, "u_1")["ukc"].contains(&"handle_conversations".to_owned()));
    let found = block_on(groups::by_id(&core, "g_1")).unwrap().unwrap();
    assert_eq!(found.fields.members, ["u_1", "u_2"], "nobody is no member");
    let on_shift = || {
        let people = block_on(presence::on_shift(&core, "ukc")).unwrap();
        people.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    assert_eq!(on_shift(), ["u_admin", "u_1", "u_2"]);
    keep(&["u_2"]);
    assert_eq!(permitted(&core, "u_1"), BTreeMap::new());
    assert_eq!(on_shift(), ["u_admin", "u_2"]);
    assert!(block_on(groups::remove(&core, "g_1", ADMIN, NOW_MS)).unwrap());
    assert!(!block_on(groups::remove(&core, "g_1", ADMIN, NOW_MS)).unwrap());
    assert!(!permitted(&core, "u_2")["ukc"].contains(&"handle_conversations".to_owned()));
}

#[test]
fn who_waits_in_a_groups_queue_is_given_to_its_members() {
    let core = core();
    let organisation = block_on(Database::open(":memory:")).unwrap();
    block_on(migrate(&organisation, Kind::Organisation)).unwrap();
    hire(&core, "u_1", &[]);
    block_on(groups::keep(
        &core,
        "g_1",
        &shift("ukc", &["u_1"]),
        ADMIN,
        NOW_MS,
    ))
    .unwrap();
    block_on(presence::set(&core, "u_1", "at_work", NOW_MS)).unwrap();
    block_on(presence::seen(&core, "u_1", NOW_MS)).unwrap();
    let served = |org: &str| -> Vec<Vec<String>> {
        let found = distribution::candidates(&core, &organisation, org, NOW_MS);
        let found = block_on(found).unwrap().into_iter();
        found.map(|candidate| candidate.queues).collect()
    };
    assert_eq!(served("ukc"), [["general"]]);
    assert!(served("mou").is_empty());
}

#[test]
fn what_a_request_looks_up_is_found_by_the_person_and_not_among_all() {
    let core = core();
    let plan = "EXPLAIN QUERY PLAN SELECT org, role FROM held_roles WHERE person_id = 'u_1'
        UNION SELECT g.org, r.role FROM group_members AS m JOIN groups AS g ON g.id = m.group_id
        JOIN group_roles AS r ON r.group_id = m.group_id WHERE m.person_id = 'u_1'";
    let steps = block_on(core.query(plan, vec![])).unwrap();
    let steps: Vec<&str> = steps.iter().map(|step| step.text(3).unwrap()).collect();
    assert!(
        !steps.iter().any(|step| step.starts_with("SCAN")),
        "{steps:?}"
    );
}

#[test]
fn two_groups_of_an_organisation_have_two_names() {
    let core = core();
    block_on(groups::keep(
        &core,
        "g_1",
        &shift("ukc", &[]),
        ADMIN,
        NOW_MS,
    ))
    .unwrap();
    let taken = block_on(groups::keep(
        &core,
        "g_2",
        &shift("ukc", &[]),
        ADMIN,
        NOW_MS,
    ));
    assert!(matches!(taken, Err(StorageError::Conflict(_))));
    block_on(groups::keep(
        &core,
        "g_2",
        &shift("mou", &[]),
        ADMIN,
        NOW_MS,
    ))
    .unwrap();
    assert_eq!(block_on(groups::all(&core)).unwrap().len(), 2);
}
