//! Queues: tasks wait at a node until another one takes them.

use serde_json::json;

use crate::support::{Conversation, go, set};

fn processes(order: &str, with_branch: bool) -> vikno_process::ProcessSet {
    let orders = json!({
        "start": [go("queue")],
        "queue": [{"type": "api_queue", "data": {"seen": "{{n}}"}, "data_type": {"seen": "number"}, "err_node_id": "error_queue"}, go("end_order")],
        "end_order": [], "error_queue": [],
    });
    let error = if with_branch { "error_empty" } else { "" };
    let worker = json!({
        "start": [{"type": "api_get_task", "conv_id": "@orders", "node_id": "queue", "order_by": order, "err_node_id": error}, go("end")],
        "end": [], "error_empty": [],
    });
    set(&[("orders", orders), ("worker", worker)])
}

fn fill(conversation: &mut Conversation<'_>) {
    for n in 1..=3 {
        conversation.create("orders", &n.to_string(), json!({"n": n}));
        conversation.now += 1_000;
    }
}

#[test]
fn the_first_or_the_last_task_is_taken_and_goes_on() {
    for (order, first, second) in [("ASC", 1, 2), ("DESC", 3, 2), ("", 1, 2)] {
        let set = processes(order, true);
        let mut conversation = Conversation::new(&set);
        fill(&mut conversation);
        for expected in [first, second] {
            conversation.create("worker", "", json!({}));
            let ends = std::mem::take(&mut conversation.finished);
            let [taken, worker] = ends.as_slice() else {
                panic!("{ends:?}")
            };
            assert_eq!(taken.node, "end_order");
            let data = json!({"n": expected, "seen": expected});
            assert_eq!(taken.data.to_value(), data);
            assert_eq!(worker.data["__queue_task_data__"], data);
            assert_eq!(worker.data["__queue_task_id__"], taken.task.0.to_string());
        }
        assert_eq!(conversation.world().tasks().count(), 1);
    }
}

#[test]
fn an_empty_queue_is_an_error_only_where_there_is_a_branch_for_it() {
    for (with_branch, node) in [(true, "error_empty"), (false, "end")] {
        let set = processes("ASC", with_branch);
        let mut conversation = Conversation::new(&set);
        conversation.create("worker", "", json!({}));
        let (end, data) = conversation.the_end();
        assert_eq!(end, node);
        let tag = &data["__conveyor_get_task_return_type_tag__"];
        assert_eq!(tag.as_str(), with_branch.then_some("not_found_task"));
    }
}

#[test]
fn a_task_whose_values_fail_as_it_leaves_is_passed_over() {
    let set = processes("ASC", true);
    let mut conversation = Conversation::new(&set);
    conversation.create("orders", "bad", json!({"n": "none"}));
    conversation.create("orders", "good", json!({"n": 2}));
    conversation.create("worker", "", json!({}));
    let nodes: Vec<_> = conversation
        .finished
        .iter()
        .map(|end| end.node.as_str())
        .collect();
    assert_eq!(nodes, ["error_queue", "end_order", "end"]);
}

#[test]
fn a_timer_ends_a_wait_in_a_queue() {
    let orders = json!({
        "start": [go("queue")],
        "queue": [{"type": "api_queue"}, {"type": "time", "value": 5, "dimension": "sec", "to_node_id": "end_late"}, go("end")],
        "end": [], "end_late": [],
    });
    let set = set(&[("orders", orders)]);
    let mut conversation = Conversation::new(&set);
    conversation.create("orders", "r", json!({}));
    conversation.wait_ms(5_000);
    assert_eq!(conversation.the_end().0, "end_late");
}
