//! What operators see of an organisation's conversations.
#![allow(clippy::unwrap_used)]

use vikno_domain::{Channel, ConversationStatus, MediaRef};
use vikno_storage::migrations::{Kind, migrate};
use vikno_storage::operator_view::{self as view, Filter, Listed, Span};
use vikno_storage::{Database, StorageError, block_on, dead_letters};

fn database() -> Database {
    let database = block_on(Database::open(":memory:")).unwrap();
    block_on(migrate(&database, Kind::Organisation)).unwrap();
    run(
        &database,
        "INSERT INTO citizens (id, channel, chat, name, language, phone, conversations, created_at_ms)
         VALUES ('p_1', 'telegram', '42', 'Оля', 'uk', '+380671234567', 3, 0)",
    );
    database
}

fn run(database: &Database, sql: &str) {
    block_on(database.run(sql, vec![])).unwrap();
}

/// A conversation with these columns set: status, queue, priority, operator, waiting since, last activity.
fn add(database: &Database, id: &str, columns: &str) {
    run(
        database,
        &format!(
            "INSERT INTO conversations (status, queue, priority, operator_id, queued_at_ms, last_at_ms,
                 id, citizen_id, channel, chat, language, process_version, world, facts, opened_at_ms, operator_name)
             VALUES ({columns}, '{id}', 'p_1', 'telegram', '42', 'uk', 1, '', '{{}}', 0, 'Олена')"
        ),
    );
}

fn ids(list: Vec<Listed>) -> Vec<String> {
    list.into_iter().map(|listed| listed.id).collect()
}

fn busy_day() -> Database {
    let database = database();
    add(&database, "c_open", "'open', NULL, 0, NULL, NULL, 500");
    add(
        &database,
        "c_wait1",
        "'waiting', 'general', 0, NULL, 100, 300",
    );
    add(
        &database,
        "c_wait2",
        "'waiting', 'general', 0, NULL, 200, 400",
    );
    add(
        &database,
        "c_urgent",
        "'waiting', 'benefits', 5, NULL, 300, 310",
    );
    add(
        &database,
        "c_mine",
        "'with_operator', 'general', 0, 'u_1', 50, 350",
    );
    add(
        &database,
        "c_theirs",
        "'with_operator', 'general', 0, 'u_2', 60, 360",
    );
    add(
        &database,
        "c_done",
        "'closed', 'general', 0, 'u_1', 10, 200",
    );
    database
}

fn by_activity(database: &Database, filter: Filter<'_>) -> Vec<String> {
    ids(block_on(view::by_activity(database, filter, None)).unwrap())
}

#[test]
fn the_newest_activity_comes_first_over_all_states() {
    assert_eq!(
        by_activity(&busy_day(), Filter::default()),
        [
            "c_open", "c_wait2", "c_theirs", "c_mine", "c_urgent", "c_wait1", "c_done"
        ]
    );
}

#[test]
fn a_list_is_narrowed_by_state_queue_and_person() {
    let database = busy_day();
    use ConversationStatus::{Closed, WithOperator};
    let held = Filter {
        statuses: &[WithOperator],
        ..Filter::default()
    };
    assert_eq!(by_activity(&database, held), ["c_theirs", "c_mine"]);
    let general = Filter {
        statuses: &[WithOperator, Closed],
        queue: Some("general"),
        operator: None,
    };
    assert_eq!(
        by_activity(&database, general),
        ["c_theirs", "c_mine", "c_done"]
    );
    let mine = Filter {
        operator: Some("u_1"),
        ..Filter::default()
    };
    assert_eq!(by_activity(&database, mine), ["c_mine", "c_done"]);
    let nobody = Filter {
        queue: Some("general' OR 1 = 1 --"),
        ..Filter::default()
    };
    assert_eq!(by_activity(&database, nobody), Vec::<String>::new());
}

#[test]
fn who_waits_is_listed_in_the_order_of_their_turn() {
    let database = busy_day();
    let turn = |filter, after| ids(block_on(view::by_turn(&database, filter, after)).unwrap());
    assert_eq!(
        turn(Filter::default(), None),
        ["c_urgent", "c_wait1", "c_wait2"]
    );
    let general = Filter {
        queue: Some("general"),
        ..Filter::default()
    };
    assert_eq!(turn(general, None), ["c_wait1", "c_wait2"]);
    assert_eq!(
        turn(Filter::default(), Some((5, 300, "c_urgent"))),
        ["c_wait1", "c_wait2"]
    );
    assert_eq!(
        turn(Filter::default(), Some((0, 100, "c_wait1"))),
        ["c_wait2"]
    );
}

#[test]
fn pages_follow_each_other_without_gap_or_repetition() {
    let database = database();
    for number in 0..120 {
        // Three share each instant: the id decides.
        let at_ms = 1_000 + number / 3;
        let status = ["closed", "open"][number % 2];
        add(
            &database,
            &format!("c_{number:03}"),
            &format!("'{status}', 'general', 0, NULL, NULL, {at_ms}"),
        );
    }
    let mut seen = vec![];
    let mut after: Option<(i64, String)> = None;
    loop {
        let position = after.as_ref().map(|(at_ms, id)| (*at_ms, id.as_str()));
        let mut page = block_on(view::by_activity(&database, Filter::default(), position)).unwrap();
        let more = page.len() as i64 > view::PAGE;
        page.truncate(view::PAGE as usize);
        after = page.last().map(|last| (last.last_at_ms, last.id.clone()));
        seen.extend(ids(page));
        if !more {
            break;
        }
    }
    let mut expected: Vec<String> = (0..120).map(|number| format!("c_{number:03}")).collect();
    expected.reverse();
    assert_eq!(seen, expected);
}

#[test]
fn no_list_reads_the_whole_history() {
    let database = database();
    let plan = |sql: &str| {
        let rows = block_on(database.query(&format!("EXPLAIN QUERY PLAN {sql}"), vec![])).unwrap();
        let lines: Vec<String> = rows
            .iter()
            .map(|row| row.text(3).unwrap().to_owned())
            .collect();
        lines.join("; ")
    };
    for (narrowed, index) in [
        ("", "conversations_status_last"),
        (" AND queue = 'general'", "conversations_queue_closed"),
        (" AND operator_id = 'u_1'", "conversations_operator"),
    ] {
        let plan = plan(&format!(
            "SELECT * FROM conversations WHERE status = 'closed'{narrowed} AND (last_at_ms, id) < (9, 'x')
             ORDER BY last_at_ms DESC, id DESC LIMIT 51"
        ));
        assert!(plan.contains(index), "{plan}");
        assert!(
            !plan.contains("SCAN") && !plan.contains("TEMP B-TREE"),
            "{plan}"
        );
    }
}

#[test]
fn a_conversation_is_shown_with_its_citizen() {
    let database = busy_day();
    let whole = block_on(view::whole(&database, "c_mine")).unwrap();
    assert_eq!(whole.listed.operator, Some(("u_1".into(), "Олена".into())));
    assert_eq!(whole.listed.citizen_name.as_deref(), Some("Оля"));
    assert_eq!(whole.citizen.phone.as_deref(), Some("+380671234567"));
    assert_eq!(whole.citizen.conversations, 3);
    assert!(!whole.citizen.identified && !whole.citizen.blocked);
    let address = block_on(view::address(&database, "c_mine")).unwrap();
    assert_eq!(address, (Channel::Telegram, "42".to_owned()));
    let unknown = block_on(view::whole(&database, "c_none"));
    assert!(matches!(unknown, Err(StorageError::NotFound)));
}

#[test]
fn messages_are_read_forwards_and_backwards_with_notes_and_files() {
    let database = busy_day();
    run(
        &database,
        "INSERT INTO media (id, citizen_id, state, type, name, size, created_at_ms)
         VALUES ('f_1', 'p_1', 'stored', 'image/png', 'a.png', 5, 0), ('f_2', 'p_1', 'fetching', '', 'b', 0, 0)",
    );
    for (id, author, media) in [
        ("m_1", "citizen", "'f_1'"),
        ("m_2", "note", "NULL"),
        ("m_3", "robot", "'f_2'"),
    ] {
        run(
            &database,
            &format!(
                "INSERT INTO messages (id, conversation_id, citizen_id, author, text, media_id, at_ms)
                 VALUES ('{id}', 'c_mine', 'p_1', '{author}', 'слова', {media}, 1)"
            ),
        );
    }
    let read = |span| {
        let messages = block_on(view::messages(&database, "c_mine", span)).unwrap();
        messages
            .into_iter()
            .map(|message| message.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(read(Span::Before(i64::MAX)), ["m_1", "m_2", "m_3"]);
    assert_eq!(read(Span::Before(3)), ["m_1", "m_2"]);
    assert_eq!(read(Span::After(1)), ["m_2", "m_3"]);
    let all = block_on(view::messages(&database, "c_mine", Span::After(0))).unwrap();
    let stored: Vec<_> = all
        .iter()
        .map(|m| m.media.as_ref().map(|media| media.1))
        .collect();
    assert_eq!(stored, [Some(true), None, Some(false)]);
}

#[test]
fn queues_are_counted_at_this_moment() {
    let counts = block_on(view::queue_counts(&busy_day())).unwrap();
    let told: Vec<_> = counts
        .iter()
        .map(|count| {
            (
                count.queue.as_str(),
                count.waiting,
                count.with_operator,
                count.waiting_since_ms,
            )
        })
        .collect();
    assert_eq!(
        told,
        [("benefits", 1, 0, Some(300)), ("general", 2, 2, Some(100))]
    );
}

#[test]
fn operators_attach_their_own_uploads_and_no_citizens_file() {
    let database = database();
    let file = MediaRef {
        id: "f_1".into(),
        media_type: "image/png".into(),
        name: "a.png".into(),
        size: 5,
    };
    block_on(view::save_upload(&database, &file, "sha", 1)).unwrap();
    run(
        &database,
        "INSERT INTO media (id, citizen_id, state, type, name, size, sha256, created_at_ms)
         VALUES ('f_2', 'p_1', 'stored', 'image/png', 'b.png', 5, 'sha', 0)",
    );
    assert_eq!(
        block_on(view::upload(&database, "f_1")).unwrap(),
        Some(file)
    );
    assert_eq!(block_on(view::upload(&database, "f_2")).unwrap(), None);
    assert_eq!(block_on(view::upload(&database, "f_3")).unwrap(), None);
}

#[test]
fn a_delivery_that_was_given_up_is_seen_and_tried_again_once() {
    let database = busy_day();
    run(
        &database,
        "INSERT INTO messages (id, conversation_id, citizen_id, author, delivery, at_ms)
         VALUES ('m_1', 'c_mine', 'p_1', 'robot', 'failed', 1)",
    );
    run(
        &database,
        "INSERT INTO outbox (kind, channel, chat, conversation_id, message_id, payload, attempts, next_at_ms, state,
             last_error, created_at_ms)
         VALUES ('send', 'telegram', '42', 'c_mine', 'm_1', '{}', 12, 5, 'dead', 'HTTP 500', 1),
                ('send', 'telegram', '42', 'c_mine', NULL, '{}', 1, 5, 'pending', NULL, 1)",
    );
    let list = || block_on(dead_letters::list(&database, i64::MAX)).unwrap();
    let dead = list();
    assert_eq!(dead.len(), 1);
    assert_eq!(
        (dead[0].attempts, dead[0].last_error.as_deref()),
        (12, Some("HTTP 500"))
    );
    let retry = || block_on(dead_letters::retry(&database, dead[0].id, "u_1", 100));
    retry().unwrap();
    assert!(list().is_empty());
    assert!(matches!(retry(), Err(StorageError::NotFound)));
    let value = |sql: &str| {
        let row = block_on(database.query_one(sql, vec![])).unwrap().unwrap();
        row.text(0).unwrap().to_owned()
    };
    assert_eq!(value("SELECT delivery FROM messages"), "queued");
    assert_eq!(
        value("SELECT actor || ' ' || what FROM journal"),
        "operator:u_1 delivery_retried"
    );
    assert_eq!(
        value("SELECT attempts || ' ' || next_at_ms FROM outbox WHERE message_id = 'm_1'"),
        "0 100"
    );
}
