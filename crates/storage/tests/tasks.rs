//! Tasks of outside systems: made once for each live reference, changed with the engine's transaction only.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "tests")]

use serde_json::{Map, json};
use std::collections::BTreeMap;
use vikno_conversation::{ChatState, Decision, Outcome, TaskRecord, TaskStatus};
use vikno_domain::{Channel, Content, InboundEvent};
use vikno_storage::migrations::{Kind, migrate};
use vikno_storage::tasks::{self, Named, NewTask};
use vikno_storage::turns::{self, Batch, DecidedChat, EventState};
use vikno_storage::{Database, api_calls, block_on, timers};

fn database() -> Database {
    let database = block_on(Database::open(":memory:")).unwrap();
    block_on(migrate(&database, Kind::Organisation)).unwrap();
    database
}

fn task(id: u64, reference: Option<&str>) -> NewTask {
    NewTask {
        id,
        process: "orders".to_owned(),
        reference: reference.map(str::to_owned),
        data: Map::from_iter([("number".to_owned(), json!(id))]),
        process_version: 3,
        callbacks: BTreeMap::from([("wait".to_owned(), "https://x".to_owned())]),
    }
}

fn create(database: &Database, new: &[NewTask]) -> Vec<u64> {
    block_on(async {
        let transaction = database.transaction().await.unwrap();
        let made = tasks::create(&transaction, new, 1_000).await.unwrap();
        transaction.commit().await.unwrap();
        made.into_iter().collect()
    })
}

fn event(task: u64, key: &str, content: Content) -> InboundEvent {
    InboundEvent {
        channel: Channel::Api,
        chat: task.to_string(),
        dedupe_key: key.to_owned(),
        at_ms: 1_000,
        sender: None,
        external_id: None,
        content,
    }
}

fn accept(database: &Database, events: &[InboundEvent]) -> Vec<i64> {
    block_on(async {
        let transaction = database.transaction().await.unwrap();
        let rows = tasks::accept(&transaction, events, 1_000).await.unwrap();
        transaction.commit().await.unwrap();
        rows
    })
}

fn load(database: &Database, id: u64) -> TaskRecord {
    block_on(tasks::load(database, id)).unwrap().unwrap()
}

/// The engine's part: claims the task's chat and writes the record and events that it decided.
fn settle(database: &Database, record: TaskRecord, inbox: Vec<InboundEvent>) {
    let claimed = block_on(turns::claim(database, "runner", 10_000)).unwrap();
    let chats: Vec<DecidedChat> = claimed
        .into_iter()
        .map(|chat| DecidedChat {
            channel: chat.channel,
            chat: chat.chat,
            state: ChatState::default(),
            closed: Vec::new(),
            decisions: vec![Decision {
                tasks: vec![record.clone()],
                inbox: inbox.clone(),
                ..Decision::default()
            }],
            outcomes: chat
                .events
                .iter()
                .map(|event| (event.id, EventState::Done, Some(Outcome::Applied)))
                .collect(),
        })
        .collect();
    assert_eq!(chats.len(), 1);
    let batch = Batch::of(&chats, 10_000).unwrap();
    block_on(batch.commit(database, "runner", None)).unwrap();
}

#[test]
fn a_reference_is_taken_while_its_task_lives() {
    let database = database();
    let new = [
        task(1, Some("a")),
        task(2, Some("a")),
        task(3, None),
        task(4, None),
    ];
    assert_eq!(create(&database, &new), [1, 3, 4]);
    assert_eq!(create(&database, &[task(5, Some("a"))]), [0_u64; 0]);
    accept(&database, &[event(1, "e1", Content::TaskCreated)]);
    let ended = TaskRecord {
        status: TaskStatus::Processed,
        node: "done".to_owned(),
        previous_node: Some("wait".to_owned()),
        answer: Some(json!("так")),
        ended_at_ms: Some(9_000),
        ..load(&database, 1)
    };
    settle(&database, ended.clone(), Vec::new());
    assert_eq!(load(&database, 1), ended);
    assert_eq!(create(&database, &[task(6, Some("a"))]), [6]);
    // The live one is meant, also when the ended one is asked for by reference.
    let by_reference = tasks::find(&database, "orders", Named::Reference("a"));
    assert_eq!(block_on(by_reference).unwrap(), Some(6));
    let by_id = tasks::show(&database, "orders", Named::Id(1));
    assert_eq!(block_on(by_id).unwrap(), Some(ended));
    let elsewhere = tasks::find(&database, "others", Named::Id(1));
    assert_eq!(block_on(elsewhere).unwrap(), None);
}

#[test]
fn events_come_back_with_their_rows_in_order_and_settle_with_their_outcome() {
    let database = database();
    create(&database, &[task(1, None)]);
    let events = [
        event(1, "z", Content::TaskCreated),
        event(1, "a", Content::TaskDeleted { node: None }),
    ];
    let rows = accept(&database, &events);
    assert!(rows[0] < rows[1], "{rows:?}");
    assert!(
        block_on(tasks::outcomes(&database, &rows))
            .unwrap()
            .is_empty()
    );
    let answer = event(7, "answer", Content::TaskCreated);
    settle(&database, load(&database, 1), vec![answer.clone(), answer]);
    let outcomes = block_on(tasks::outcomes(&database, &rows)).unwrap();
    assert_eq!(outcomes[&rows[1]], json!({"status": "applied"}));
    // What was decided for another chat waits there, once.
    let claimed = block_on(turns::claim(&database, "next", 20_000)).unwrap();
    assert_eq!((claimed.len(), claimed[0].events.len()), (1, 1));
    assert_eq!(claimed[0].chat, "7");
}

#[test]
fn a_timer_of_a_task_fires_once_for_each_time() {
    let database = database();
    create(&database, &[task(1, None)]);
    accept(&database, &[event(1, "e1", Content::TaskCreated)]);
    let waiting = TaskRecord {
        status: TaskStatus::Delayed,
        wake_at_ms: Some(30_000),
        ..load(&database, 1)
    };
    settle(&database, waiting, Vec::new());
    let fire = |now_ms| block_on(timers::fire_due(&database, now_ms)).unwrap();
    assert_eq!((fire(29_999), fire(30_000), fire(31_000)), (0, 1, 0));
    let claimed = block_on(turns::claim(&database, "runner", 40_000)).unwrap();
    let fired = claimed[0].events[0].event.as_ref().unwrap();
    assert_eq!(
        (fired.chat.as_str(), &fired.content),
        ("1", &Content::Timer)
    );
}

#[test]
fn tasks_are_counted_and_listed_by_node_and_forgotten_after_their_time() {
    let database = database();
    create(&database, &[task(1, None), task(2, None)]);
    let counts = || block_on(tasks::counts(&database, "orders")).unwrap();
    assert_eq!(counts(), BTreeMap::from([(String::new(), 2)]));
    accept(&database, &[event(2, "e", Content::TaskCreated)]);
    let ended = TaskRecord {
        status: TaskStatus::Processed,
        node: "done".to_owned(),
        ended_at_ms: Some(9_000),
        ..load(&database, 2)
    };
    settle(&database, ended.clone(), Vec::new());
    let list = |offset| block_on(tasks::in_node(&database, "orders", "done", 10, offset)).unwrap();
    assert_eq!((list(0), list(1).len()), (vec![ended], 0));
    block_on(tasks::sweep(&database, 9_000)).unwrap();
    assert_eq!(counts().len(), 2);
    block_on(tasks::sweep(&database, 9_001)).unwrap();
    assert_eq!(counts(), BTreeMap::from([(String::new(), 1)]));
}

#[test]
fn a_call_is_taken_once_until_its_time_is_over() {
    let database = database();
    let take = |key: &str| {
        block_on(async {
            let transaction = database.transaction().await.unwrap();
            let taken = api_calls::take(&transaction, key, 100).await.unwrap();
            transaction.commit().await.unwrap();
            taken
        })
    };
    assert_eq!((take("a"), take("a"), take("b")), (true, false, true));
    block_on(api_calls::sweep(&database, 100)).unwrap();
    assert!(!take("a"));
    block_on(api_calls::sweep(&database, 101)).unwrap();
    assert!(take("a"));
}

#[test]
fn each_opening_makes_another_direct_address() {
    let database = database();
    let read = || block_on(api_calls::direct_address(&database, "orders")).unwrap();
    let open = || block_on(api_calls::open_address(&database, "orders")).unwrap();
    assert_eq!(read(), None);
    assert_eq!((open(), read()), (1, Some(1)));
    block_on(api_calls::close_address(&database, "orders")).unwrap();
    assert_eq!(read(), None);
    assert_eq!((open(), read()), (2, Some(2)));
}
