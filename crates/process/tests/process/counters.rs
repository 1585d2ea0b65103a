//! Sums, counters and count semaphors, within a conversation and with others around it.

use serde_json::{Value, json};
use vikno_process::SumAdded;

use crate::support::{Conversation, go, set};

fn read(name: &str, text: &str, value_type: &str) -> Value {
    json!({"type": "set_param", "extra": {name: text}, "extra_type": {name: value_type}})
}

#[test]
fn sums_grow_are_read_and_go_out_as_additions() {
    let main = json!({
        "start": [go("sum")],
        "sum": [{"type": "api_sum", "extra": [{"id": "paid", "name": "Paid", "value": "{{amount}}"}], "err_node_id": "error"}, go("look")],
        "look": [read("total", "{{node[sum].paid}}", "number"), read("again", "{{conv[@main].node[sum].paid}}", "string"), go("end")],
        "end": [], "error": [],
    });
    let set = set(&[("main", main)]);
    let mut conversation = Conversation::new(&set);
    let key = ("main".to_owned(), "sum".to_owned(), "paid".to_owned());
    conversation.others.sums.insert(key, 100.0);
    for (amount, total) in [(json!(5), json!(105)), (json!("0.25"), json!(105.25))] {
        conversation.finished.clear();
        conversation.create("main", "", json!({"amount": amount}));
        let (_, data) = conversation.the_end();
        assert_eq!(data["total"], total);
        assert_eq!(data["again"], total.to_string());
    }
    let added = |amount| SumAdded {
        process: "main".to_owned(),
        node: "sum".to_owned(),
        sum: "paid".to_owned(),
        amount,
    };
    assert_eq!(conversation.sums, [added(5.0), added(0.25)]);
    conversation.finished.clear();
    conversation.create("main", "", json!({"amount": "much"}));
    let (node, data) = conversation.the_end();
    assert_eq!(node, "error");
    assert_eq!(
        data["__conveyor_api_sum_return_type_tag__"],
        "api_sum_wrong_convert_param"
    );
}

#[test]
fn counters_count_the_tasks_in_a_node() {
    let main = json!({
        "start": [read("before", "{{node[wait].count}}", "number"), go("wait")],
        "wait": [read("with_me", "{{node[wait].count}}", "number"), {"type": "api_callback"}, go("end")],
        "end": [],
    });
    let looker = json!({"start": [read("there", "{{conv[@main].node[{{which}}].count}}", "number"), go("end")], "end": []});
    let set = set(&[("main", main), ("looker", looker)]);
    let mut conversation = Conversation::new(&set);
    conversation
        .others
        .counts
        .insert(("main".to_owned(), "wait".to_owned()), 10);
    for (reference, before) in [("a", 10), ("b", 11)] {
        conversation.create("main", reference, json!({}));
        let world = conversation.world();
        let (_, task) = world.find("main", reference).unwrap();
        assert_eq!(task.data["before"], before);
        assert_eq!(task.data["with_me"], before + 1);
    }
    conversation.create("looker", "", json!({"which": "wait"}));
    assert_eq!(conversation.the_end().1["there"], 12);
}

#[test]
fn a_count_semaphor_signals_when_a_node_fills_and_when_it_empties() {
    let main = json!({
        "start": [go("wait")],
        "wait": [{"type": "api_callback"}, {"type": "count", "value": "{{limit}}", "esc_node_id": "signal"}, go("end")],
        "signal": [{"type": "set_param", "extra": {"told": "{{start}}"}}, go("end_signal")],
        "end": [], "end_signal": [],
    });
    let set = set(&[("main", main)]);
    let mut conversation = Conversation::new(&set);
    let signals = |conversation: &mut Conversation<'_>| {
        let ends = std::mem::take(&mut conversation.finished);
        let signals = ends.into_iter().filter(|end| end.node == "end_signal");
        signals.map(|end| end.data.to_value()).collect::<Vec<_>>()
    };
    for (reference, expected) in [
        ("a", vec![]),
        ("b", vec![json!({"start": "true", "told": "true"})]),
        ("c", vec![]),
    ] {
        conversation.create("main", reference, json!({"limit": 2}));
        assert_eq!(signals(&mut conversation), expected, "{reference}");
    }
    for (reference, expected) in [
        ("a", vec![]),
        ("b", vec![json!({"start": "false", "told": "false"})]),
        ("c", vec![]),
    ] {
        conversation.modify("main", reference, json!({}));
        assert_eq!(signals(&mut conversation), expected, "{reference}");
    }
}

#[test]
fn signals_that_make_signals_end_with_the_run() {
    let main = json!({
        "start": [go("wait")],
        "wait": [{"type": "count", "value": 1, "esc_node_id": "other"}, go("end")],
        "other": [{"type": "count", "value": 1, "esc_node_id": "wait"}, go("end")],
        "end": [],
    });
    let set = set(&[("main", main)]);
    let mut conversation = Conversation::new(&set);
    conversation.create("main", "r", json!({}));
    assert!(conversation.world().is_empty());
    assert!(!conversation.failures.is_empty());
    assert!(conversation.trace.len() <= 2_400);
}
