//! Callbacks by URL, modifications that wait, and two at one moment.

use serde_json::{Value, json};
use vikno_process::{ModifyError, TaskId};

use crate::support::{Conversation, go, object, set};

fn waiting(callback: Value) -> Value {
    let mut callback = callback;
    callback["type"] = "api_callback".into();
    json!({
        "start": [go("work")],
        "work": [{"type": "time", "value": 10, "dimension": "sec", "to_node_id": "wait"}],
        "wait": [callback, go("end")], "end": [],
    })
}

fn post(conversation: &mut Conversation<'_>, body: Value) -> Result<TaskId, ModifyError> {
    conversation
        .act(|runner| runner.callback("main", "wait", object(body)))
        .0
}

#[test]
fn a_callback_finds_its_task_by_the_path() {
    let set = set(&[("main", waiting(json!({"obj_id_path": "order.task[0]"})))]);
    let mut conversation = Conversation::new(&set);
    conversation.create("main", "r", json!({"a": 1}));
    let body = |id: &str| json!({"order": {"task": [id]}, "paid": true});
    assert_eq!(
        post(&mut conversation, body("1")),
        Err(ModifyError::NotInNode)
    );
    conversation.wait_ms(10_000);
    assert_eq!(
        post(&mut conversation, body("9")),
        Err(ModifyError::NotFound)
    );
    let nameless = ModifyError::NoTaskNamed("order.task[0]".to_owned());
    assert_eq!(post(&mut conversation, json!({})), Err(nameless));
    assert_eq!(post(&mut conversation, body("1")), Ok(TaskId(1)));
    assert_eq!(conversation.the_end().1["paid"], true);
    let (result, _) = conversation.act(|runner| runner.callback("main", "work", object(json!({}))));
    assert_eq!(result, Err(ModifyError::NotFound));
}

#[test]
fn a_callback_that_need_not_be_in_time_is_kept_for_the_next_node() {
    let set = set(&[(
        "main",
        waiting(json!({"obj_id_path": "id", "is_sync": false})),
    )]);
    let mut conversation = Conversation::new(&set);
    conversation.create("main", "r", json!({}));
    assert_eq!(
        post(&mut conversation, json!({"id": 1, "paid": 5})),
        Ok(TaskId(1))
    );
    conversation.wait_ms(10_000);
    assert_eq!(conversation.the_end(), ("end", json!({"id": 1, "paid": 5})));
}

fn modifier(fields: Value) -> Value {
    let mut copy = json!({"type": "api_copy", "mode": "modify", "conv_id": "@main", "ref": "r", "data": {"by": "{{me}}"}, "err_node_id": "error"});
    for (name, value) in object(fields) {
        copy[name] = value;
    }
    json!({"start": [copy, go("end_modifier")], "end_modifier": [], "error": []})
}

#[test]
fn a_modification_that_waits_is_made_when_the_task_is_there() {
    let set = set(&[
        ("main", waiting(json!({}))),
        ("modifier", modifier(json!({"is_sync": true}))),
    ]);
    let mut conversation = Conversation::new(&set);
    conversation.create("main", "r", json!({}));
    conversation.create("modifier", "", json!({"me": "first"}));
    assert_eq!(conversation.finished, []);
    conversation.wait_ms(10_000);
    let [main, modifier] = conversation.finished.as_slice() else {
        panic!("{:?}", conversation.finished)
    };
    assert_eq!(
        (main.process.as_str(), &main.data["by"]),
        ("main", &json!("first"))
    );
    assert_eq!(modifier.data["__conveyor_copy_task_result__"], "ok");
}

#[test]
fn a_modification_that_waits_for_a_task_that_ends_is_told() {
    let main = json!({"start": [{"type": "time", "value": 10, "dimension": "sec", "to_node_id": "end"}], "end": []});
    let set = set(&[
        ("main", main),
        ("modifier", modifier(json!({"is_sync": true}))),
    ]);
    let mut conversation = Conversation::new(&set);
    conversation.create("main", "r", json!({}));
    conversation.create("modifier", "", json!({}));
    conversation.wait_ms(10_000);
    let told = conversation
        .finished
        .iter()
        .find(|end| end.process == "modifier")
        .unwrap();
    assert_eq!(told.node, "error");
    assert_eq!(
        told.data["__conveyor_copy_task_return_type_tag__"],
        "not_found_task"
    );
}

#[test]
fn a_modification_that_does_not_wait_fails_with_its_tag() {
    for (fields, wait_ms, tag) in [
        (json!({}), 0, "no_api_callback_in_node_with_task"),
        (json!({"ref": "other"}), 0, "not_found_task"),
        (json!({"ref": "", "obj_id": "99"}), 0, "not_found_task"),
    ] {
        let set = set(&[("main", waiting(json!({}))), ("modifier", modifier(fields))]);
        let mut conversation = Conversation::new(&set);
        conversation.create("main", "r", json!({}));
        conversation.wait_ms(wait_ms);
        conversation.create("modifier", "", json!({}));
        let (node, data) = conversation.the_end();
        assert_eq!(node, "error");
        assert_eq!(data["__conveyor_copy_task_return_type_tag__"], tag);
    }
}

#[test]
fn a_task_is_modified_by_its_id() {
    let set = set(&[
        ("main", waiting(json!({}))),
        ("modifier", modifier(json!({"ref": "", "obj_id": "{{id}}"}))),
    ]);
    let mut conversation = Conversation::new(&set);
    conversation.create("main", "r", json!({}));
    conversation.wait_ms(10_000);
    conversation.create("modifier", "", json!({"id": 1, "me": "x"}));
    assert_eq!(conversation.finished[0].data["by"], "x");
}

#[test]
fn two_modifications_at_one_moment_are_a_duplicate() {
    let set = set(&[("main", waiting(json!({})))]);
    let mut conversation = Conversation::new(&set);
    conversation.create("main", "r", json!({}));
    conversation.wait_ms(10_000);
    let (results, _) = conversation
        .act(|runner| [1, 2].map(|n| runner.modify_task("main", "r", object(json!({"n": n})))));
    assert_eq!(results, [Ok(TaskId(1)), Err(ModifyError::Duplicate)]);
    assert_eq!(conversation.the_end().1["n"], 1);
}

#[test]
fn a_copy_says_where_it_comes_from_when_asked() {
    let copier = json!({"start": [{"type": "api_copy", "conv_id": "@target", "data": {"b": "2"}, "send_parent_data": true}, go("end_copier")], "end_copier": []});
    let set = set(&[
        ("copier", copier),
        ("target", json!({"start": [go("end")], "end": []})),
    ]);
    let mut conversation = Conversation::new(&set);
    conversation.create("copier", "r", json!({"a": 1}));
    let expected = json!({"a": 1, "b": "2", "__copy_conv_id": "copier", "__copy_node_id": "start", "__copy_ref_id": "1"});
    assert_eq!(conversation.finished[0].data.to_value(), expected);
}
