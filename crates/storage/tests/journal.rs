//! The journal: that nothing of it can be changed, who read what, the search, and the chain of its seals.
#![allow(clippy::unwrap_used)]

use serde_json::json;
use vikno_ledger::{ChainKey, Fault, Verifier, seal};
use vikno_storage::journal::{self, Filter, LOOKED_AT_MAX, PAGE};
use vikno_storage::migrations::{Kind, migrate};
use vikno_storage::seals::{self, Book, Checked};
use vikno_storage::{Database, block_on};

const NOW: i64 = 1_795_000_000_000;

fn database(kind: Kind) -> Database {
    let database = block_on(Database::open(":memory:")).unwrap();
    block_on(migrate(&database, kind)).unwrap();
    database
}

fn run(database: &Database, sql: &str) {
    block_on(database.run(sql, vec![])).unwrap();
}

/// So many lines, one each second.
fn write(database: &Database, lines: i64) {
    let sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
         INSERT INTO journal (at_ms, conversation_id, actor, what, data)
         SELECT ?2 + 1000 * i, 'c_' || (i % 7), 'process', 'process_ran', json_object('number', i) FROM n";
    block_on(database.run(sql, vec![lines.into(), NOW.into()])).unwrap();
}

fn key(book: Book) -> ChainKey {
    ChainKey::derive("master", &book.chain("ukc")).unwrap()
}

/// Seals all there is; how many seals that took.
fn seal_all(database: &Database, book: Book) -> usize {
    let mut made = 0;
    while let Some(head) = block_on(seals::end_to_seal(database, book)).unwrap() {
        let rows = block_on(seals::unsealed(database, book, head)).unwrap();
        let next = seal(&key(book), head, &rows, NOW).unwrap();
        assert!(block_on(seals::append(database, book, &next)).unwrap());
        // The same again, as a second runner would: it stands there already.
        assert!(!block_on(seals::append(database, book, &next)).unwrap());
        made += 1;
    }
    made
}

fn check(database: &Database, book: Book) -> (Checked, Vec<Fault>) {
    let mut verifier = Verifier::new(key(book), None);
    let checked = block_on(seals::check(database, book, &mut verifier)).unwrap();
    (checked, verifier.end())
}

#[test]
fn journal_and_seals_can_be_neither_changed_nor_deleted() {
    let database = database(Kind::Organisation);
    write(&database, 3);
    seal_all(&database, seals::JOURNAL);
    for sql in [
        "UPDATE journal SET what = 'nothing' WHERE id = 2",
        "DELETE FROM journal WHERE id = 3",
        "UPDATE journal_seals SET last_id = 2",
        "DELETE FROM journal_seals",
    ] {
        assert!(block_on(database.run(sql, vec![])).is_err(), "{sql}");
    }
    assert_eq!(check(&database, seals::JOURNAL).1, []);
}

#[test]
fn everything_is_sealed_in_bounded_batches_and_checked_again() {
    let database = database(Kind::Organisation);
    assert_eq!(seal_all(&database, seals::JOURNAL), 0);
    write(&database, 4_500);
    assert_eq!(seal_all(&database, seals::JOURNAL), 3);
    write(&database, 2);
    let (checked, faults) = check(&database, seals::JOURNAL);
    assert_eq!(faults, []);
    let expected = Checked {
        seals: 3,
        sealed: 4_500,
        unsealed: 2,
        sealed_at_ms: Some(NOW),
        unsealed_since_ms: Some(NOW + 1_000),
    };
    assert_eq!(checked, expected);
}

#[test]
fn what_is_done_behind_the_triggers_is_named() {
    let done = |sql: &str| {
        let database = database(Kind::Organisation);
        write(&database, 10);
        seal_all(&database, seals::JOURNAL);
        write(&database, 5);
        seal_all(&database, seals::JOURNAL);
        write(&database, 5);
        for table in ["journal_is", "journal_seals_are"] {
            for how in ["changed", "deleted"] {
                run(&database, &format!("DROP TRIGGER {table}_never_{how}"));
            }
        }
        run(&database, sql);
        check(&database, seals::JOURNAL).1
    };
    let cases = [
        (
            "UPDATE journal SET data = '{}' WHERE id = 4",
            Fault::RowChanged { id: 4, seal: 1 },
        ),
        (
            "UPDATE journal SET at_ms = at_ms + 1 WHERE id = 12",
            Fault::RowChanged { id: 12, seal: 2 },
        ),
        (
            "DELETE FROM journal WHERE id IN (3, 4)",
            Fault::RowsMissing {
                first_id: 3,
                last_id: 4,
                seal: 1,
            },
        ),
        (
            "DELETE FROM journal WHERE id = 17",
            Fault::RowsNeverSealed {
                first_id: 17,
                last_id: 17,
            },
        ),
        (
            "DELETE FROM journal WHERE id >= 19",
            Fault::RowsNeverSealed {
                first_id: 19,
                last_id: 20,
            },
        ),
        (
            "INSERT INTO journal (id, at_ms, actor, what) VALUES (-1, 0, 'nobody', 'nothing')",
            Fault::RowInserted { id: -1 },
        ),
        (
            "DELETE FROM journal_seals WHERE number = 2",
            Fault::SealsMissing { first: 2, last: 2 },
        ),
        (
            "UPDATE journal_seals SET sealed_at_ms = 5 WHERE number = 2",
            Fault::SealChanged { number: 2 },
        ),
    ];
    for (sql, expected) in cases {
        assert_eq!(done(sql), [expected], "{sql}");
    }
}

#[test]
fn an_installation_from_before_is_sealed_from_its_first_line_on() {
    let database = block_on(Database::open(":memory:")).unwrap();
    for sql in [
        include_str!("../../../kv-schemas/migrations/organisation/0001_initial.sql"),
        include_str!("../../../kv-schemas/migrations/organisation/0002_process_authoring.sql"),
        include_str!("../../../kv-schemas/migrations/organisation/0003_corezoid_api.sql"),
        include_str!("../../../kv-schemas/migrations/organisation/0004_failures_sums.sql"),
        "PRAGMA user_version = 4",
    ] {
        let statements = sql.split(";\n").filter(|one| !one.trim().is_empty());
        statements.for_each(|statement| run(&database, statement));
    }
    write(&database, 5);
    assert!(block_on(migrate(&database, Kind::Organisation)).unwrap() > 1);
    assert_eq!(seal_all(&database, seals::JOURNAL), 1);
    let (checked, faults) = check(&database, seals::JOURNAL);
    assert_eq!((checked.sealed, faults), (5, vec![]));
}

#[test]
fn the_audit_is_sealed_too() {
    let core = database(Kind::Core);
    let entry = vikno_storage::audit::AuditEntry {
        what: "signed_in",
        ..Default::default()
    };
    block_on(vikno_storage::audit::record(&core, entry, NOW)).unwrap();
    assert_eq!(seal_all(&core, seals::AUDIT), 1);
    run(&core, "DROP TRIGGER audit_is_never_changed");
    run(&core, "UPDATE audit SET person_id = 'u_other'");
    let changed = Fault::RowChanged { id: 1, seal: 1 };
    assert_eq!(check(&core, seals::AUDIT).1, [changed]);
}

#[test]
fn who_keeps_reading_a_conversation_is_noted_every_ten_minutes() {
    let database = database(Kind::Organisation);
    let read = |conversation: &str, person: &str, at_ms: i64| {
        let note = journal::note_conversation_read(&database, conversation, person, at_ms);
        block_on(note).unwrap();
    };
    for seconds in [0, 5, 599, 600, 601] {
        read("c_1", "u_1", NOW + seconds * 1000);
    }
    read("c_2", "u_1", NOW);
    read("c_1", "u_2", NOW);
    let found = block_on(journal::search(&database, Filter::default(), None)).unwrap();
    let lines = found.lines.iter().map(|line| {
        assert_eq!(line.what, "conversation_read");
        let seconds = (line.at_ms - NOW) / 1000;
        (
            line.conversation.as_deref().unwrap(),
            line.actor.as_str(),
            seconds,
        )
    });
    let expected = [
        ("c_1", "person:u_1", 600),
        ("c_1", "person:u_2", 0),
        ("c_2", "person:u_1", 0),
        ("c_1", "person:u_1", 0),
    ];
    assert_eq!(lines.collect::<Vec<_>>(), expected);
    let plan = "EXPLAIN QUERY PLAN SELECT 1 FROM journal WHERE what = 'conversation_read'
         AND conversation_id = ?1 AND actor = 'person:' || ?2 AND at_ms > ?3 LIMIT 1";
    let values = vec!["c_1".into(), "u_1".into(), NOW.into()];
    let plan = block_on(database.query_one(plan, values)).unwrap().unwrap();
    assert!(plan.text(3).unwrap().contains("journal_reads"), "{plan:?}");
}

#[test]
fn a_search_narrows_and_goes_on_page_by_page() {
    let database = database(Kind::Organisation);
    write(&database, 300);
    let of_export = json!({ "dataset": "messages" });
    block_on(journal::note_export_read(&database, "u_1", &of_export, NOW)).unwrap();
    let ids = |filter: Filter<'_>| {
        let (mut ids, mut before) = (vec![], None);
        loop {
            let found = block_on(journal::search(&database, filter, before)).unwrap();
            ids.extend(found.lines.iter().map(|line| line.id));
            before = found.next;
            if before.is_none() {
                return ids;
            }
        }
    };
    let all: Vec<i64> = (1..=300).rev().chain([301]).collect();
    assert_eq!(ids(Filter::default()), all, "by time, then by id");
    let conversation = Some("c_3");
    let third: Vec<i64> = (1..=300).rev().filter(|id| id % 7 == 3).collect();
    assert_eq!(
        ids(Filter {
            conversation,
            ..Filter::default()
        }),
        third
    );
    for actor in ["person:u_1", "u_1"] {
        let actor = Some(actor);
        assert_eq!(
            ids(Filter {
                actor,
                ..Filter::default()
            }),
            [301]
        );
    }
    let what = Some("export_read");
    assert_eq!(
        ids(Filter {
            what,
            ..Filter::default()
        }),
        [301]
    );
    let (from_ms, to_ms) = (Some(NOW + 5_000), Some(NOW + 8_000));
    assert_eq!(
        ids(Filter {
            from_ms,
            to_ms,
            ..Filter::default()
        }),
        [7, 6, 5]
    );
    assert_eq!(
        ids(Filter {
            conversation,
            from_ms,
            to_ms,
            ..Filter::default()
        }),
        [0; 0]
    );
}

#[test]
fn a_search_looks_at_so_many_lines_and_says_where_it_stopped() {
    let database = database(Kind::Organisation);
    let count = LOOKED_AT_MAX + 10;
    run(
        &database,
        "INSERT INTO journal (at_ms, actor, what) VALUES (0, 'person:u_1', 'rare')",
    );
    write(&database, count);
    let what = Some("rare");
    let filter = Filter {
        what,
        ..Filter::default()
    };
    let first = block_on(journal::search(&database, filter, None)).unwrap();
    let stopped = 1 + count - LOOKED_AT_MAX + 1;
    assert_eq!((first.lines, first.next.unwrap().1), (vec![], stopped));
    let second = block_on(journal::search(&database, filter, first.next)).unwrap();
    assert_eq!((second.lines[0].id, second.next), (1, None));
    const { assert!(PAGE < LOOKED_AT_MAX) };
}
