//! The outbox against a real database.

use super::*;
use crate::migrations::{Kind, migrate};
use crate::{block_on, media};
use serde_json::json;

const T: Channel = Channel::Telegram;

fn database() -> Database {
    let database = block_on(Database::open(":memory:")).unwrap();
    block_on(migrate(&database, Kind::Organisation)).unwrap();
    database
}

fn run(database: &Database, sql: &str) {
    block_on(database.run(sql, Vec::new())).unwrap();
}

/// Puts a row into the outbox; its message is `m_<id>`.
fn put(database: &Database, id: i64, kind: &str, channel: &str, chat: &str, next_at_ms: i64) {
    run(
        database,
        &format!(
            "INSERT INTO outbox (id, kind, channel, chat, conversation_id, message_id, payload, next_at_ms, created_at_ms)
             VALUES ({id}, '{kind}', '{channel}', '{chat}', 'c_1', 'm_{id}', '{{}}', {next_at_ms}, 0)"
        ),
    );
    run(
        database,
        &format!(
            "INSERT INTO messages (id, conversation_id, citizen_id, author, delivery, at_ms)
             VALUES ('m_{id}', 'c_1', 'p_1', 'robot', 'queued', 0)"
        ),
    );
}

fn due_ids(database: &Database, runner: Runner, waiting: &[Channel], now_ms: i64) -> Vec<i64> {
    let rows = block_on(due(database, runner, waiting, CLAIM_ROWS, now_ms)).unwrap();
    rows.into_iter().map(|row| row.id).collect()
}

fn turn(now_ms: i64, go_on_until_ms: i64) -> Turn<'static> {
    Turn {
        runner: Runner::Delivery,
        owner: "one",
        state: "{}",
        waiting: &[],
        go_on_until_ms,
        now_ms,
    }
}

fn start(database: &Database, owner: &str, now_ms: i64) -> Option<String> {
    block_on(begin(
        database,
        Runner::Delivery,
        owner,
        now_ms,
        now_ms + 20_000,
    ))
    .unwrap()
}

fn texts(database: &Database, sql: &str) -> Vec<String> {
    let rows = block_on(database.query(sql, Vec::new())).unwrap();
    rows.iter()
        .map(|row| row.text(0).unwrap().to_owned())
        .collect()
}

#[test]
fn one_runner_at_a_time_and_the_next_one_gets_its_state() {
    let database = database();
    assert_eq!(start(&database, "one", 1_000).as_deref(), Some("{}"));
    assert_eq!(start(&database, "two", 2_000), None);
    let ended = block_on(end_or_go_on(
        &database,
        Turn {
            state: r#"{"a":1}"#,
            ..turn(2_000, 9_000)
        },
    ));
    assert_eq!(ended.unwrap(), Next::Ended);
    assert_eq!(
        start(&database, "two", 2_001).as_deref(),
        Some(r#"{"a":1}"#)
    );
}

#[test]
fn a_turn_that_ran_out_is_taken_over_and_cannot_be_prolonged() {
    let database = database();
    put(&database, 1, "send", "telegram", "42", 0);
    start(&database, "one", 1_000).unwrap();
    start(&database, "two", 21_000).unwrap();
    assert_eq!(
        block_on(end_or_go_on(&database, turn(21_001, 40_000))).unwrap(),
        Next::Ended
    );
    assert_eq!(start(&database, "three", 21_002), None);
}

#[test]
fn a_turn_does_not_end_while_something_is_due() {
    let database = database();
    start(&database, "one", 1_000).unwrap();
    put(&database, 1, "send", "telegram", "42", 0);
    assert_eq!(
        block_on(end_or_go_on(&database, turn(1_001, 9_000))).unwrap(),
        Next::GoOn
    );
    let waiting = Turn {
        waiting: &[T],
        ..turn(1_001, 9_000)
    };
    assert_eq!(
        block_on(end_or_go_on(&database, waiting)).unwrap(),
        Next::Ended
    );
}

#[test]
fn work_is_idle_when_it_is_due_and_nobody_is_at_it() {
    let database = database();
    let idle = |now_ms| block_on(idle_work(&database, now_ms)).unwrap();
    assert!(idle(1_000).is_empty());
    put(&database, 1, "send", "telegram", "42", 0);
    put(&database, 2, "fetch", "telegram", "42", 0);
    assert_eq!(idle(1_000), [Runner::Delivery, Runner::Fetch]);
    start(&database, "one", 1_000).unwrap();
    assert_eq!(idle(1_001), [Runner::Fetch]);
    block_on(forget_turns(&database)).unwrap();
    assert_eq!(idle(1_001), [Runner::Delivery, Runner::Fetch]);
}

#[test]
fn a_message_waits_for_the_earlier_ones_of_its_chat() {
    let database = database();
    put(&database, 1, "send", "telegram", "42", 5_000);
    put(&database, 2, "send", "telegram", "42", 0);
    put(&database, 3, "send", "telegram", "43", 0);
    put(&database, 4, "send", "viber", "42", 0);
    put(&database, 5, "fetch", "telegram", "42", 0);
    assert_eq!(due_ids(&database, Runner::Delivery, &[], 1_000), [3, 4]);
    assert_eq!(
        due_ids(&database, Runner::Delivery, &[], 5_000),
        [1, 2, 3, 4]
    );
    assert_eq!(due_ids(&database, Runner::Delivery, &[T], 5_000), [4]);
    assert_eq!(due_ids(&database, Runner::Fetch, &[], 0), [5]);
}

#[test]
fn results_are_written_together() {
    let database = database();
    for id in 1..=4 {
        put(&database, id, "send", "telegram", &id.to_string(), 0);
    }
    put(&database, 5, "send", "telegram", "3", 0);
    start(&database, "one", 1_000).unwrap();
    let results = Results {
        done: vec![1],
        messages: vec![
            MessageResult {
                id: "m_1".into(),
                delivery: "sent",
                external_id: Some("77".into()),
            },
            MessageResult {
                id: "m_2".into(),
                delivery: "failed",
                external_id: None,
            },
        ],
        dead: vec![DeadResult {
            id: 2,
            attempts: 1,
            parts_done: 0,
            reason: "telegram 400".into(),
        }],
        again: vec![AgainResult {
            id: 3,
            attempts: 1,
            parts_done: 2,
            next_at_ms: 3_000,
            reason: "unavailable".into(),
        }],
        deferred: vec![DeferredChat {
            channel: T,
            chat: "3".into(),
            until_ms: 3_000,
        }],
        journal: vec![JournalLine {
            conversation_id: Some("c_1".into()),
            what: "message_delivered",
            data: json!({ "message": "m_1" }),
        }],
        ..Results::default()
    };
    assert_eq!(
        block_on(settle(&database, &results, turn(1_000, 9_000))).unwrap(),
        Next::GoOn
    );
    assert_eq!(due_ids(&database, Runner::Delivery, &[], 2_999), [4]);
    let later = block_on(due(&database, Runner::Delivery, &[], CLAIM_ROWS, 3_000)).unwrap();
    let three = later.iter().find(|row| row.id == 3).unwrap();
    assert_eq!((three.attempts, three.parts_done), (1, 2));
    assert_eq!(
        texts(
            &database,
            "SELECT id || ' ' || delivery || ' ' || coalesce(external_id, '-') FROM messages ORDER BY id"
        ),
        [
            "m_1 sent 77",
            "m_2 failed -",
            "m_3 queued -",
            "m_4 queued -",
            "m_5 queued -"
        ]
    );
    assert_eq!(
        texts(
            &database,
            "SELECT id || ' ' || state || ' ' || last_error FROM outbox WHERE state = 'dead'"
        ),
        ["2 dead telegram 400"]
    );
    assert_eq!(
        texts(
            &database,
            "SELECT actor || ' ' || what || ' ' || data FROM journal"
        ),
        [r#"channel message_delivered {"message":"m_1"}"#]
    );
}

#[test]
fn all_that_waits_for_an_unreachable_person_is_dead_and_told() {
    let database = database();
    run(
        &database,
        "INSERT INTO citizens (id, channel, chat, language, created_at_ms) VALUES ('p_1', 'telegram', '42', 'uk', 0)",
    );
    put(&database, 1, "send", "telegram", "42", 0);
    put(&database, 2, "send", "telegram", "42", 9_000);
    put(&database, 3, "send", "telegram", "43", 0);
    start(&database, "one", 1_000).unwrap();
    let results = Results {
        unreachable: vec![UnreachableChat {
            channel: T,
            chat: "42".into(),
        }],
        ..Results::default()
    };
    block_on(settle(&database, &results, turn(1_000, 0))).unwrap();
    assert_eq!(due_ids(&database, Runner::Delivery, &[], 10_000), [3]);
    assert_eq!(
        texts(
            &database,
            "SELECT id FROM messages WHERE delivery = 'failed' ORDER BY id"
        ),
        ["m_1", "m_2"]
    );
    assert_eq!(
        texts(&database, "SELECT id FROM citizens WHERE blocked = 1"),
        ["p_1"]
    );
    assert_eq!(
        texts(
            &database,
            "SELECT data ->> 'message' FROM journal WHERE what = 'dead_letter' ORDER BY id"
        ),
        ["m_1", "m_2"]
    );
}

#[test]
fn a_file_is_there_once_it_is_stored() {
    let database = database();
    run(
        &database,
        "INSERT INTO media (id, state, type, name, size, created_at_ms) VALUES ('f_1', 'fetching', '', 'x', 0, 0)",
    );
    assert!(matches!(
        block_on(media::stored(&database, "f_1")),
        Err(StorageError::NotFound)
    ));
    let results = Results {
        media: vec![MediaResult {
            id: "f_1".into(),
            state: "stored",
            media_type: Some("image/png".into()),
            name: Some("a.png".into()),
            size: Some(9),
            sha256: Some("ab".into()),
            reason: None,
        }],
        ..Results::default()
    };
    block_on(settle(
        &database,
        &results,
        Turn {
            runner: Runner::Fetch,
            ..turn(1, 0)
        },
    ))
    .unwrap();
    let file = block_on(media::stored(&database, "f_1")).unwrap();
    assert_eq!(
        (file.media_type.as_str(), file.name.as_str(), file.size),
        ("image/png", "a.png", 9)
    );
}
