//! Exports page through everything in a time range, in order, each row once.

#![allow(clippy::unwrap_used)]

use vikno_storage::export::{Export, page};
use vikno_storage::{Database, Value, block_on, migrations};

const ALL: [Export; 4] = [
    Export::Conversations,
    Export::Messages,
    Export::Journal,
    Export::Ratings,
];

fn run(database: &Database, sql: &str) {
    block_on(database.run(sql, vec![])).unwrap();
}

/// Twenty of each, three at a time in the same millisecond, at 1000, 1000, 1000, 1001, …
fn database() -> Database {
    let database = block_on(Database::open(":memory:")).unwrap();
    block_on(migrations::migrate(
        &database,
        migrations::Kind::Organisation,
    ))
    .unwrap();
    run(
        &database,
        "INSERT INTO citizens (id, channel, chat, name, language, created_at_ms) VALUES ('p_1', 'web', 'w', 'Іван', 'uk', 0)",
    );
    let numbers = "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 19)";
    for insert in [
        "INSERT INTO conversations (id, citizen_id, channel, chat, status, language, process_version, world, facts,
             opened_at_ms, last_at_ms) SELECT printf('c_%02d', i), 'p_1', 'web', 'w', 'closed', 'uk', 1, '', '{}', 1000 + i / 3, 0 FROM n",
        "INSERT INTO messages (id, conversation_id, citizen_id, author, text, at_ms)
             SELECT printf('m_%02d', i), 'c_00', 'p_1', 'citizen', 'слово', 1000 + i / 3 FROM n",
        "INSERT INTO journal (at_ms, actor, what) SELECT 1000 + i / 3, 'citizen', 'message_received' FROM n",
        "INSERT INTO ratings (conversation_id, channel, score, at_ms) SELECT printf('c_%02d', i), 'web', 5, 1000 + i / 3 FROM n",
    ] {
        run(&database, &format!("{numbers} {insert}"));
    }
    database
}

fn keys(database: &Database, export: Export, from_ms: i64, to_ms: i64, limit: i64) -> Vec<String> {
    let mut found = Vec::new();
    let mut after = Some(export.start(from_ms));
    while let Some(position) = after {
        let page = block_on(page(database, export, position, to_ms, limit)).unwrap();
        assert!(page.rows.len() <= usize::try_from(limit).unwrap());
        found.extend(page.rows.iter().map(|row| match row.values().last() {
            Some(Value::Text(key)) => key.clone(),
            Some(Value::Integer(key)) => format!("{key:02}"),
            other => panic!("{other:?}"),
        }));
        after = page.next;
    }
    found
}

#[test]
fn every_row_comes_once_and_in_order_whatever_the_page_size() {
    let database = database();
    for export in ALL {
        let whole = keys(&database, export, 0, i64::MAX, 1_000);
        assert_eq!(whole.len(), 20, "{export:?}");
        assert!(whole.is_sorted(), "{export:?}");
        for limit in [1, 2, 3, 7, 19, 20] {
            assert_eq!(
                keys(&database, export, 0, i64::MAX, limit),
                whole,
                "{export:?} by {limit}"
            );
        }
    }
}

#[test]
fn a_range_includes_its_beginning_and_not_its_end() {
    let database = database();
    for export in ALL {
        assert_eq!(
            keys(&database, export, 1_001, 1_003, 4).len(),
            6,
            "{export:?}"
        );
        assert_eq!(
            keys(&database, export, 1_007, i64::MAX, 4).len(),
            0,
            "{export:?}"
        );
        assert_eq!(keys(&database, export, 0, 1_000, 4).len(), 0, "{export:?}");
    }
}

#[test]
fn a_conversation_is_told_with_its_person_and_its_rating() {
    let database = database();
    let page = block_on(page(
        &database,
        Export::Conversations,
        Export::Conversations.start(0),
        i64::MAX,
        1,
    ));
    let row = &page.unwrap().rows[0];
    assert_eq!(row.text(8).unwrap(), "Іван");
    assert_eq!(row.integer(18).unwrap(), 5);
}
