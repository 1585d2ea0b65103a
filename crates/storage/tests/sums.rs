//! Sums of all dialogues, on a real database.

#![allow(clippy::unwrap_used)]

use vikno_conversation::Decision;
use vikno_domain::{Channel, Content, InboundEvent};
use vikno_process::SumAdded;
use vikno_storage::turns::{Batch, ClaimedChat, claim};
use vikno_storage::{Database, block_on, inbox, migrations, sums};

const NOW: i64 = 1_795_000_000_000;

fn added(node: &str, amount: f64) -> SumAdded {
    SumAdded {
        process: "project".to_owned(),
        node: node.to_owned(),
        sum: "chats".to_owned(),
        amount,
    }
}

#[test]
fn what_batches_add_comes_together() {
    let database = block_on(Database::open(":memory:")).unwrap();
    block_on(migrations::migrate(
        &database,
        migrations::Kind::Organisation,
    ))
    .unwrap();
    for (number, all) in [
        vec![added("a", 1.0), added("a", 2.0), added("b", 0.5)],
        vec![added("a", 4.0)],
    ]
    .into_iter()
    .enumerate()
    {
        let event = InboundEvent {
            channel: Channel::Web,
            chat: "w_1".to_owned(),
            dedupe_key: format!("event:{number}"),
            at_ms: NOW,
            sender: None,
            external_id: None,
            content: Content::Timer,
        };
        block_on(inbox::accept(&database, &event, NOW)).unwrap();
        let chats: Vec<ClaimedChat> = block_on(claim(&database, "run", NOW)).unwrap();
        let decided: Vec<_> = chats
            .into_iter()
            .map(|chat| {
                let (mut decided, events) = chat.begin(4);
                for event in events {
                    decided
                        .outcomes
                        .push((event.id, vikno_storage::turns::EventState::Done, None));
                }
                decided.decisions.push(Decision {
                    sums: all.clone(),
                    ..Decision::default()
                });
                decided
            })
            .collect();
        let batch = Batch::of(&decided, NOW).unwrap();
        block_on(batch.commit(&database, "run", None)).unwrap();
    }
    let found = block_on(sums::all(&database)).unwrap().sums;
    let of = |node: &str| found[&("project".to_owned(), node.to_owned(), "chats".to_owned())];
    assert_eq!((found.len(), of("a"), of("b")), (2, 7.0, 0.5));
}
