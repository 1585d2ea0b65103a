//! Passkeys in `core`.
#![allow(clippy::unwrap_used)]

use vikno_storage::migrations::{Kind, migrate};
use vikno_storage::passkeys::{self, PASSKEYS_MAX, Stored, Use};
use vikno_storage::people::{self, Actor, NewPerson, PersonChange};
use vikno_storage::{Database, audit, block_on};

const SETUP: Actor<'_> = Actor {
    id: "setup",
    address: None,
};

fn core() -> Database {
    let core = block_on(Database::open(":memory:")).unwrap();
    block_on(migrate(&core, Kind::Core)).unwrap();
    for (id, login) in [("u_1", "olena"), ("u_2", "ihor")] {
        let new = NewPerson {
            id,
            login,
            name: login,
            password_hash: "hash",
            phone: None,
            otp_required: false,
            roles: &[("*".to_owned(), "administrator".to_owned())],
        };
        block_on(people::create(&core, &new, SETUP, 0)).unwrap();
    }
    core
}

fn passkey(id: &str, person_id: &str) -> Stored {
    Stored {
        id: id.into(),
        person_id: person_id.into(),
        rp_id: "chat.example".into(),
        name: "Телефон".into(),
        public_key: "pQ".into(),
        sign_count: 0,
        backed_up: false,
        created_at_ms: 1_000,
        used_at_ms: None,
    }
}

fn add(core: &Database, new: &Stored) -> bool {
    block_on(passkeys::add(core, new, None, 1_000)).unwrap()
}

#[test]
fn a_passkey_is_one_person_s_and_nobody_has_too_many() {
    let core = core();
    assert!(add(&core, &passkey("k_0", "u_1")));
    assert!(!add(&core, &passkey("k_0", "u_2")), "known already");
    for number in 1..PASSKEYS_MAX {
        assert!(add(&core, &passkey(&format!("k_{number}"), "u_1")));
    }
    assert!(!add(&core, &passkey("k_last", "u_1")), "too many");
    assert!(add(&core, &passkey("k_last", "u_2")));
    let own = block_on(passkeys::of(&core, "u_2")).unwrap();
    assert_eq!(own, [passkey("k_last", "u_2")]);
}

#[test]
fn an_answer_is_good_once() {
    let core = core();
    add(&core, &passkey("k_1", "u_1"));
    let answered = |id: &str, challenge_sha256: &str, now_ms: i64| {
        let used = Use {
            id,
            challenge_sha256,
            expires_at_ms: now_ms + 100,
            sign_count: 7,
            backed_up: true,
        };
        block_on(passkeys::used(&core, used, now_ms)).unwrap()
    };
    assert!(answered("k_1", "q1", 2_000));
    assert!(!answered("k_1", "q1", 2_050), "the same question again");
    assert!(!answered("k_2", "q2", 2_050), "no such passkey");
    assert!(answered("k_1", "q2", 2_060), "a refusal uses nothing up");
    let stored = block_on(passkeys::by_id(&core, "k_1")).unwrap().unwrap();
    assert_eq!((stored.sign_count, stored.backed_up), (7, true));
    assert_eq!(stored.used_at_ms, Some(2_060));
}

#[test]
fn passkeys_go_by_their_owner_s_hand_or_an_administrator_s() {
    let core = core();
    add(&core, &passkey("k_1", "u_1"));
    add(&core, &passkey("k_2", "u_1"));
    let by = |id| Actor { id, address: None };
    assert!(!block_on(passkeys::remove(&core, "k_1", by("u_2"), 1)).unwrap());
    assert!(block_on(passkeys::remove(&core, "k_1", by("u_1"), 1)).unwrap());
    let change = PersonChange {
        resets_second_factor: true,
        ..PersonChange::default()
    };
    block_on(people::change(&core, "u_1", &change, SETUP, 2)).unwrap();
    assert!(block_on(passkeys::of(&core, "u_1")).unwrap().is_empty());
    let told = block_on(audit::newest(&core, i64::MAX)).unwrap();
    let told: Vec<&str> = told.iter().map(|line| line.what.as_str()).collect();
    assert_eq!(
        told[..3],
        ["person_changed", "passkey_removed", "passkey_added"]
    );
}
