//! Tasks that create, modify, call and answer each other.

use serde_json::{Value, json};
use vikno_process::{CreateError, Limits, ModifyError, Outcome};

use crate::support::{Conversation, NOW, go, idle_until, object, set};

fn copy(fields: Value) -> Value {
    let mut step =
        json!({"type": "api_copy", "mode": "create", "conv_id": "@other", "err_node_id": "error"});
    step.as_object_mut().unwrap().extend(object(fields));
    step
}

fn rpc(fields: Value) -> Value {
    let mut step = json!({"type": "api_rpc", "conv_id": "@other", "err_node_id": "error"});
    step.as_object_mut().unwrap().extend(object(fields));
    step
}

fn caller(step: Value) -> Value {
    json!({"start": [go("act")], "act": [step, go("end")], "end": [], "error": []})
}

fn ender() -> Value {
    json!({"start": [go("end")], "end": []})
}

fn waiter() -> Value {
    json!({"start": [go("wait")], "wait": [{"type": "api_callback"}, go("end")], "end": []})
}

fn end_of<'c>(conversation: &'c Conversation<'_>, process: &str) -> (&'c str, Value) {
    let end = conversation
        .finished
        .iter()
        .find(|end| end.process == process)
        .expect(process);
    (&end.node, end.data.to_value())
}

#[test]
fn a_copy_gets_what_is_sent_and_runs_before_its_maker_goes_on() {
    let set = set(&[
        (
            "main",
            caller(copy(
                json!({"ref": "r-{{n}}", "data": {"x": "{{n}}"}, "data_type": {"x": "number"}}),
            )),
        ),
        ("other", ender()),
    ]);
    let mut conversation = Conversation::new(&set);
    conversation.create("main", "m", json!({"n": "7", "rest": 1}));
    assert_eq!(end_of(&conversation, "other"), ("end", json!({"x": 7})));
    assert_eq!(
        end_of(&conversation, "main").1,
        json!({"n": "7", "rest": 1, "__conveyor_copy_task_result__": "ok"})
    );
    assert_eq!(conversation.finished[0].reference.as_deref(), Some("r-7"));
    assert_eq!(
        conversation.trace,
        [
            "main/start",
            "main/act",
            "other/start",
            "other/end",
            "main/end"
        ]
    );
}

#[test]
fn group_all_sends_everything_with_data_on_top() {
    let step = copy(json!({"group": "all", "data": {"a": "new"}}));
    let set = set(&[("main", caller(step)), ("other", ender())]);
    let mut conversation = Conversation::new(&set);
    conversation.create("main", "", json!({"a": "old", "b": 2}));
    assert_eq!(
        end_of(&conversation, "other").1,
        json!({"a": "new", "b": 2})
    );
}

#[test]
fn the_process_may_be_named_by_parameter_or_number() {
    let mut documents = crate::support::documents(&[
        ("main", caller(copy(json!({"conv_id": "{{which}}"})))),
        ("other", ender()),
    ]);
    documents.get_mut("other").unwrap().obj_id = Some(42);
    let set = vikno_process::ProcessSet::build(&documents).unwrap();
    for which in ["@other", "other", "42"] {
        let mut conversation = Conversation::new(&set);
        conversation.create("main", "", json!({"which": which}));
        assert_eq!(end_of(&conversation, "other").0, "end", "{which}");
    }
}

#[test]
fn copies_that_cannot_be_take_the_error_branch() {
    let mut documents = crate::support::documents(&[
        (
            "main",
            caller(copy(
                json!({"conv_id": "{{to}}", "ref": "{{ref}}", "group": "all"}),
            )),
        ),
        ("other", waiter()),
        ("paused", ender()),
        ("strict", ender()),
    ]);
    documents.get_mut("paused").unwrap().status = "paused".to_owned();
    documents.get_mut("strict").unwrap().params = serde_json::from_value(json!([
        {"name": "age", "type": "number", "flags": ["required", "input"], "regex": "^\\d+$"}]))
    .unwrap();
    let set = vikno_process::ProcessSet::build(&documents).unwrap();
    for (data, tag) in [
        (json!({"to": "@nowhere"}), "access_denied"),
        (json!({"to": "@paused"}), "conveyor_is_not_active"),
        (json!({"to": "@other", "ref": "taken"}), "not_unical_ref"),
        (json!({"to": "@main", "ref": "m"}), "not_unical_ref"),
        (
            json!({"to": "@other", "ref": "x".repeat(256)}),
            "wrong_validate_params",
        ),
        (json!({"to": "@strict"}), "wrong_validate_params"),
        (
            json!({"to": "@strict", "age": "ten"}),
            "wrong_validate_params",
        ),
        (
            json!({"to": "@strict", "age": "-10"}),
            "wrong_validate_params",
        ),
    ] {
        let mut conversation = Conversation::new(&set);
        conversation.create("other", "taken", json!({}));
        conversation.create("main", "m", data.clone());
        let (node, end) = end_of(&conversation, "main");
        assert_eq!(
            (node, end["__conveyor_copy_task_return_type_tag__"].as_str()),
            ("error", Some(tag)),
            "{data}"
        );
    }
}

#[test]
fn a_modification_wakes_a_task_in_a_callback_node() {
    let modify = copy(
        json!({"mode": "modify", "ref": "w", "data": {"a": {"new": 1}, "b": "x"}, "data_type": {"a": "object"}}),
    );
    let set = set(&[("main", caller(modify)), ("other", waiter())]);
    let mut conversation = Conversation::new(&set);
    conversation.create("other", "w", json!({"a": {"old": 1}, "c": 3}));
    assert_eq!(conversation.finished, []);
    conversation.create("main", "", json!({}));
    assert_eq!(
        end_of(&conversation, "other"),
        ("end", json!({"a": {"new": 1}, "b": "x", "c": 3}))
    );
    assert_eq!(end_of(&conversation, "main").0, "end");
}

#[test]
fn a_modification_of_no_task_or_one_that_does_not_wait_is_an_error() {
    let delayed = json!({"start": [go("delay")],
        "delay": [{"type": "time", "value": 60, "dimension": "sec", "to_node_id": "end"}], "end": []});
    let set = set(&[
        (
            "main",
            caller(copy(json!({"mode": "modify", "ref": "{{ref}}"}))),
        ),
        ("other", delayed),
    ]);
    for (reference, tag) in [
        ("nobody", "not_found_task"),
        ("d", "no_api_callback_in_node_with_task"),
    ] {
        let mut conversation = Conversation::new(&set);
        conversation.create("other", "d", json!({}));
        conversation.create("main", "", json!({"ref": reference}));
        let (node, end) = end_of(&conversation, "main");
        assert_eq!(
            (node, end["__conveyor_copy_task_return_type_tag__"].as_str()),
            ("error", Some(tag))
        );
    }
}

#[test]
fn from_outside_tasks_are_created_and_modified_by_reference() {
    let set = set(&[("other", waiter())]);
    let mut conversation = Conversation::new(&set);
    conversation.create("other", "w", json!({}));
    let (again, _) =
        conversation.act(|runner| runner.create_task("other", Some("w"), object(json!({}))));
    assert_eq!(again, Err(CreateError::RefTaken));
    let (unknown, _) =
        conversation.act(|runner| runner.create_task("nowhere", None, object(json!({}))));
    assert_eq!(
        unknown,
        Err(CreateError::UnknownProcess("nowhere".to_owned()))
    );
    let (nobody, _) =
        conversation.act(|runner| runner.modify_task("other", "x", object(json!({}))));
    assert_eq!(nobody, Err(ModifyError::NotFound));
    conversation.modify("other", "w", json!({"a": 1}));
    assert_eq!(conversation.the_end(), ("end", json!({"a": 1})));
}

#[test]
fn a_state_diagram_judges_each_modification_and_stays() {
    let state = |other: &str, status: &str| {
        json!([{"type": "api_callback"},
               {"type": "go_if_const", "to_node_id": other, "conditions": [{"param": "status", "fun": "eq", "const": status, "cast": "string"}]}])
    };
    let with_self = |mut steps: Value, own: &str| {
        steps.as_array_mut().unwrap().push(go(own));
        steps
    };
    let nodes = json!({
        "start": [go("active")],
        "active": with_self(state("inactive", "inactive"), "active"),
        "inactive": with_self(state("active", "active"), "inactive"),
    });
    let set = set(&[("user", nodes)]);
    let mut conversation = Conversation::new(&set);
    // The condition that would hold at once is not looked at on entry.
    conversation.create("user", "u", json!({"status": "inactive"}));
    let node = |conversation: &Conversation<'_>| {
        conversation
            .world()
            .find("user", "u")
            .unwrap()
            .1
            .node
            .clone()
    };
    assert_eq!(node(&conversation), "active");
    for (change, expected) in [
        (json!({"x": 1, "status": "other"}), "active"),
        (json!({"status": "inactive"}), "inactive"),
        (json!({"y": 1}), "inactive"),
        (json!({"status": "active"}), "active"),
    ] {
        conversation.modify("user", "u", change.clone());
        assert_eq!(node(&conversation), expected, "{change}");
    }
    // Staying is no loop: a long-lived diagram is modified any number of times.
    for _ in 0..200 {
        conversation.modify("user", "u", json!({"z": 1}));
    }
    assert_eq!(conversation.failures, []);
}

#[test]
fn a_reply_is_merged_into_the_caller_and_the_callee_goes_on() {
    let callee = json!({
        "start": [go("reply")],
        "reply": [{"type": "api_rpc_reply", "mode": "key_value", "res_data": {"sum": "{{a}}", "o": "{{o}}"}, "res_data_type": {"sum": "number", "o": "object"}}, go("after")],
        "after": [{"type": "set_param", "extra": {"still": "here"}}, go("end")],
        "end": [],
    });
    let set = set(&[
        (
            "main",
            caller(rpc(json!({"extra": {"a": "5"}, "group": "all"}))),
        ),
        ("other", callee),
    ]);
    let mut conversation = Conversation::new(&set);
    conversation.create("main", "", json!({"o": {"k": 1}, "sum": "old"}));
    assert_eq!(
        end_of(&conversation, "main"),
        ("end", json!({"o": {"k": 1}, "sum": 5}))
    );
    assert_eq!(end_of(&conversation, "other").1["still"], "here");
}

#[test]
fn a_reply_may_name_parameters_only() {
    let callee = json!({
        "start": [go("reply")],
        "reply": [{"type": "api_rpc_reply", "mode": "keys", "res_data": ["a", "{{b}}", "missing"]}, go("end")],
        "end": [],
    });
    let set = set(&[
        ("main", caller(rpc(json!({"group": "all"})))),
        ("other", callee),
    ]);
    let mut conversation = Conversation::new(&set);
    conversation.create("main", "", json!({"a": [1], "b": 2, "c": 3}));
    assert_eq!(
        end_of(&conversation, "main").1,
        json!({"a": [1], "b": 2, "c": 3})
    );
}

#[test]
fn an_exception_takes_the_callers_error_branch_with_the_reply() {
    let callee = json!({
        "start": [go("reply")],
        "reply": [{"type": "api_rpc_reply", "mode": "key_value", "res_data": {"detail": "d"}, "throw_exception": true,
                   "exception_reason": "no {{what}}"}, go("end")],
        "end": [],
    });
    let set = set(&[
        ("main", caller(rpc(json!({"group": "all"})))),
        ("other", callee),
    ]);
    let mut conversation = Conversation::new(&set);
    conversation.create("main", "", json!({"what": "luck"}));
    let (node, data) = end_of(&conversation, "main");
    assert_eq!((node, data["detail"].as_str()), ("error", Some("d")));
    for family in ["rpc", "rpc_reply"] {
        assert_eq!(
            data[format!("__conveyor_{family}_return_description__")],
            "no luck"
        );
        assert_eq!(
            data[format!("__conveyor_{family}_return_type_tag__")],
            "rpc_reply_exception"
        );
    }
}

#[test]
fn a_caller_hears_when_its_callee_ends_or_fails_without_a_reply() {
    let failing = json!({"start": [{"type": "set_param", "extra": {"n": "x"}, "extra_type": {"n": "number"}}, go("end")], "end": []});
    for (callee, tag, failures) in [
        (ender(), "rpc_no_reply", 0),
        (failing, "rpc_callee_failed", 1),
    ] {
        let set = set(&[("main", caller(rpc(json!({})))), ("other", callee)]);
        let mut conversation = Conversation::new(&set);
        conversation.create("main", "", json!({}));
        let (node, data) = end_of(&conversation, "main");
        assert_eq!(
            (node, data["__conveyor_rpc_return_type_tag__"].as_str()),
            ("error", Some(tag))
        );
        assert_eq!(conversation.failures.len(), failures);
    }
}

#[test]
fn a_callers_timer_fires_and_a_late_reply_is_dropped() {
    let main = json!({
        "start": [go("act")],
        "act": [rpc(json!({})), go("end"), {"type": "time", "value": 30, "dimension": "sec", "to_node_id": "end_late"}],
        "end": [], "end_late": [], "error": [],
    });
    let callee = json!({
        "start": [go("wait")],
        "wait": [{"type": "time", "value": 60, "dimension": "sec", "to_node_id": "reply"}],
        "reply": [{"type": "api_rpc_reply", "mode": "key_value", "res_data": {"a": "1"}}, go("end")],
        "end": [],
    });
    let set = set(&[("main", main), ("other", callee)]);
    let mut conversation = Conversation::new(&set);
    assert_eq!(
        idle_until(&conversation.create("main", "", json!({}))),
        Some(NOW + 30_000)
    );
    assert_eq!(
        idle_until(&conversation.wait_ms(30_000)),
        Some(NOW + 60_000)
    );
    assert_eq!(end_of(&conversation, "main"), ("end_late", json!({})));
    assert_eq!(
        conversation.wait_ms(30_000),
        Outcome::Idle { next_wake_ms: None }
    );
    assert_eq!(end_of(&conversation, "other").0, "end");
    assert_eq!(conversation.failures, []);
}

#[test]
fn endless_calls_and_copies_end_at_the_limits() {
    let recursive = caller(rpc(json!({"conv_id": "@main"})));
    let set_of_recursive = set(&[("main", recursive)]);
    let mut conversation = Conversation::new(&set_of_recursive);
    conversation.create("main", "", json!({}));
    assert!(conversation.world().is_empty());
    assert_eq!(
        conversation.finished.len(),
        Limits::default().rpc_depth_max + 1
    );
    let deepest = &conversation.finished[0].data;
    assert_eq!(
        deepest["__conveyor_rpc_return_type_tag__"],
        "rpc_depth_limit"
    );

    let bomb = json!({"start": [go("a")], "a": [copy(json!({"conv_id": "@main"})), go("b")], "b": [copy(json!({"conv_id": "@main"})), go("end")], "end": [], "error": []});
    let set_of_bombs = set(&[("main", bomb)]);
    let mut conversation = Conversation::new(&set_of_bombs);
    conversation.create("main", "", json!({}));
    assert!(conversation.world().is_empty());
    assert!(
        conversation.trace.len() <= 2_401,
        "{}",
        conversation.trace.len()
    );
    assert_eq!(conversation.failures[0].tag, "run_limit");
}
