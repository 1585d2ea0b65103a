//! Calls that are made again by themselves.

use serde_json::{Value, json};
use vikno_process::{CallResult, Outcome};

use crate::support::{Conversation, NOW, go, idle_until, set, the_call};

fn nodes(retry: Value) -> Value {
    json!({
        "start": [go("call")],
        "call": [{"type": "api", "url": "http://a.test/", "err_node_id": "error", "retry": retry},
                 {"type": "time", "value": 60, "dimension": "sec", "to_node_id": "end_late"}, go("end")],
        "end": [], "error": [], "end_late": [],
    })
}

fn busy() -> CallResult {
    CallResult::answer(503, Value::Null)
}

#[test]
fn a_call_that_may_succeed_later_is_made_again_with_longer_waits() {
    let set = set(&[(
        "main",
        nodes(json!({"attempts": 3, "wait_s": 5, "jitter": false})),
    )]);
    let mut conversation = Conversation::new(&set);
    let first = the_call(conversation.create("main", "r", json!({})));
    let wait = conversation.resume(&first, busy());
    assert_eq!(idle_until(&wait), Some(NOW + 5_000));
    assert_eq!(idle_until(&conversation.wait_ms(4_999)), Some(NOW + 5_000));
    let second = the_call(conversation.wait_ms(1));
    assert_ne!(second.call_id, first.call_id);
    let wait = conversation.resume(&second, busy());
    assert_eq!(idle_until(&wait), Some(NOW + 15_000));
    let third = the_call(conversation.wait_ms(10_000));
    conversation.resume(&third, CallResult::answer(200, json!({"ok": true})));
    assert_eq!(conversation.the_end(), ("end", json!({"ok": true})));
}

#[test]
fn attempts_end_and_refusals_are_not_tried_again() {
    let set = set(&[(
        "main",
        nodes(json!({"attempts": 2, "wait_s": 1, "jitter": false})),
    )]);
    let mut conversation = Conversation::new(&set);
    let first = the_call(conversation.create("main", "r", json!({})));
    conversation.resume(&first, busy());
    let second = the_call(conversation.wait_ms(1_000));
    conversation.resume(&second, busy());
    let (node, data) = conversation.the_end();
    assert_eq!(node, "error");
    assert_eq!(data["__conveyor_api_return_http_code__"], 503);

    let mut conversation = Conversation::new(&set);
    let first = the_call(conversation.create("main", "r", json!({})));
    conversation.resume(&first, CallResult::answer(404, Value::Null));
    assert_eq!(conversation.the_end().0, "error");
}

#[test]
fn the_nodes_timer_goes_on_between_attempts() {
    let set = set(&[(
        "main",
        nodes(json!({"attempts": 10, "wait_s": 50, "jitter": false})),
    )]);
    let mut conversation = Conversation::new(&set);
    let first = the_call(conversation.create("main", "r", json!({})));
    conversation.resume(&first, busy());
    let second = the_call(conversation.wait_ms(50_000));
    assert_eq!(second.timeout_ms, 10_000);
    let wait = conversation.resume(&second, busy());
    assert_eq!(idle_until(&wait), Some(NOW + 60_000));
    conversation.wait_ms(10_000);
    assert_eq!(conversation.the_end().0, "end_late");
}

#[test]
fn jitter_shortens_waits_by_up_to_a_half_and_differs_by_seed() {
    let set = set(&[("main", nodes(json!({"wait_s": 20})))]);
    let wait = |seed: u64| {
        let mut conversation = Conversation::new(&set);
        conversation.seed = seed;
        let call = the_call(conversation.create("main", "r", json!({})));
        match conversation.resume(&call, busy()) {
            Outcome::Idle { next_wake_ms } => next_wake_ms.unwrap() - NOW,
            other => panic!("{other:?}"),
        }
    };
    let waits: Vec<i64> = (1..=20).map(wait).collect();
    assert!(
        waits.iter().all(|wait| (10_000..=20_000).contains(wait)),
        "{waits:?}"
    );
    assert!(waits.iter().any(|wait| *wait != waits[0]));
    assert_eq!(wait(3), wait(3));
}
