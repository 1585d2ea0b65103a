//! What people do with live tasks.

use serde_json::{Value, json};
use vikno_process::{InterventionError, Name, ProcessSet, TaskId, World};

use crate::support::{Conversation, NOW, go, idle_until, set, the_call};

const TASK: TaskId = TaskId(1);

fn waiting(wait: Value) -> ProcessSet {
    set(&[
        (
            "main",
            json!({
                "start": [go("wait")],
                "wait": [wait, {"type": "time", "value": 60, "dimension": "sec", "to_node_id": "end_late"}, go("end")],
                "other": [{"type": "set_param", "extra": {"again": "yes"}, "extra_type": {"again": "string"}}, go("end_other")],
                "end": [], "end_late": [], "end_other": [],
            }),
        ),
        (
            "slow",
            json!({"start": [{"type": "api_callback"}, go("end")], "end": []}),
        ),
    ])
}

#[test]
fn a_waiting_task_moves_on_as_if_what_it_waits_for_had_come() {
    for (wait, ends) in [
        (json!({"type": "api_callback"}), "end"),
        (
            json!({"type": "api_rpc", "conv_id": "@slow", "extra": {}}),
            "end",
        ),
    ] {
        let set = waiting(wait.clone());
        let mut conversation = Conversation::new(&set);
        conversation.create("main", "r", json!({"a": 1}));
        let (moved, _) = conversation.act(|runner| runner.move_on(TASK));
        assert_eq!(moved, Ok(()), "{wait}");
        assert_eq!(conversation.the_end(), (ends, json!({"a": 1})), "{wait}");
    }
}

#[test]
fn a_task_begins_again_elsewhere_with_its_data() {
    let set = waiting(json!({"type": "api_callback"}));
    let mut conversation = Conversation::new(&set);
    conversation.create("main", "r", json!({"a": 1}));
    let (result, _) = conversation.act(|runner| runner.restart(TASK, "nowhere"));
    assert_eq!(
        result,
        Err(InterventionError::NoSuchNode("nowhere".to_owned()))
    );
    let (result, _) = conversation.act(|runner| runner.restart(TaskId(9), "other"));
    assert_eq!(result, Err(InterventionError::NoSuchTask));
    let (result, _) = conversation.act(|runner| runner.restart(TASK, "other"));
    assert_eq!(result, Ok(()));
    assert_eq!(
        conversation.the_end(),
        ("end_other", json!({"a": 1, "again": "yes"}))
    );
    assert!(conversation.failures.is_empty());
}

#[test]
fn a_task_in_a_call_waits_for_its_answer() {
    let set = waiting(json!({"type": "api", "url": "http://a.test/"}));
    let mut conversation = Conversation::new(&set);
    the_call(conversation.create("main", "r", json!({})));
    let (result, _) = conversation.act(|runner| runner.move_on(TASK));
    assert_eq!(result, Err(InterventionError::InACall));
}

#[test]
fn what_is_stopped_goes_no_further_and_tells_nobody() {
    let set = waiting(json!({"type": "api_rpc", "conv_id": "@slow", "extra": {}}));
    let mut conversation = Conversation::new(&set);
    conversation.create("main", "r", json!({}));
    let ((), outcome) = conversation.act(|runner| runner.stop_all());
    assert_eq!(idle_until(&outcome), None);
    assert!(conversation.finished.is_empty() && conversation.failures.is_empty());
    let (empty, _) = conversation.act(|runner| runner.world().is_empty());
    assert!(empty);
}

#[test]
fn renamed_nodes_are_where_the_tasks_and_their_timers_go_on() {
    let old = waiting(json!({"type": "api_callback"}));
    let mut conversation = Conversation::new(&old);
    let waits = conversation.create("main", "r", json!({}));
    assert_eq!(idle_until(&waits), Some(NOW + 60_000));
    let (world, _) = conversation.act(|runner| runner.world().to_json());
    let mut world = World::from_json(&world).expect("a world");
    world.rename_nodes(|process, node| {
        let new = match node {
            "wait" => "pause",
            "end_late" => "end_later",
            _ => return None,
        };
        (process == "main").then(|| Name::from(new))
    });
    let (_, task) = world.find("main", "r").expect("the task");
    assert_eq!(task.node, "pause");
    let written = String::from_utf8(world.to_json()).expect("a text");
    assert!(written.contains("end_later") && !written.contains("end_late\""));
}
