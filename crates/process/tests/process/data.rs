//! Conditions, parameters and limits on them.

use serde_json::{Value, json};

use crate::support::{Conversation, go, set};

fn run_set_param(data: Value, extra: Value, types: Value) -> (String, Value) {
    let nodes = json!({
        "start": [go("set")],
        "set": [{"type": "set_param", "extra": extra, "extra_type": types, "err_node_id": "error"}, go("end")],
        "end": [], "error": [],
    });
    let set = set(&[("main", nodes)]);
    let mut conversation = Conversation::new(&set);
    conversation
        .environment
        .insert("city".to_owned(), json!("Київ"));
    conversation.create("main", "r1", data);
    let (node, data) = conversation.the_end();
    (node.to_owned(), data)
}

#[track_caller]
fn check_set_param(data: Value, extra: Value, types: Value, expected: Value) {
    assert_eq!(
        run_set_param(data, extra, types),
        ("end".to_owned(), expected)
    );
}

#[test]
fn parameters_are_set_in_their_declared_types() {
    check_set_param(
        json!({"n": "7", "o": {"a": [1]}}),
        json!({"text": "{{n}} шт.", "number": "{{n}}", "flag": "true", "copy": "{{o}}", "list": "[{{n}}, \"{{n}}\"]"}),
        json!({"text": "string", "number": "number", "flag": "boolean", "copy": "object", "list": "array"}),
        json!({"n": "7", "o": {"a": [1]}, "text": "7 шт.", "number": 7, "flag": true, "copy": {"a": [1]}, "list": [7, "7"]}),
    );
}

#[test]
fn paths_and_dynamic_keys_write_inside() {
    check_set_param(
        json!({"k": "chosen", "o": {"keep": 1}}),
        json!({"o.new[1].x": "a", "{{k}}": "b", "esc\\.aped": "c"}),
        json!({}),
        json!({"k": "chosen", "o": {"keep": 1, "new": [null, {"x": "a"}]}, "chosen": "b", "esc.aped": "c"}),
    );
}

#[test]
fn values_are_computed_before_any_is_set() {
    check_set_param(
        json!({"a": "1", "b": "2"}),
        json!({"a": "{{b}}", "b": "{{a}}"}),
        json!({}),
        json!({"a": "2", "b": "1"}),
    );
}

#[test]
fn hand_written_json_keeps_its_types() {
    check_set_param(
        json!({"n": 5, "who": "Оля"}),
        json!({"buttons": [{"id": "yes", "label": "{{who}}", "count": "{{n}}", "none": "{{x}}"}], "limit": 3}),
        json!({}),
        json!({"n": 5, "who": "Оля", "limit": 3,
               "buttons": [{"id": "yes", "label": "Оля", "count": 5, "none": null}]}),
    );
}

#[test]
fn root_and_environment_are_readable() {
    check_set_param(
        json!({}),
        json!({"who": "{{root.ref}}/{{root.task_id}}/{{root.node_id}}/{{root.prev_node_id}}", "t": "{{root.create_time}}", "city": "{{env_var[@city]}}"}),
        json!({"t": "number"}),
        json!({"who": "r1/1/set/start", "t": 1_800_000_000, "city": "Київ"}),
    );
}

#[test]
fn one_failing_value_sets_none_and_takes_the_error_branch() {
    for (extra, types) in [
        (
            json!({"fine": "1", "wrong": "abc"}),
            json!({"wrong": "number"}),
        ),
        (
            json!({"fine": "1", "wrong": "{{missing}}"}),
            json!({"wrong": "array"}),
        ),
        (json!({"fine": "1", "s.inside": "x"}), json!({})),
        (json!({"fine": "1", "far[101]": "x"}), json!({})),
        (json!({"fine": "1", "{{empty}}": "x"}), json!({})),
    ] {
        let (node, data) = run_set_param(json!({"s": "scalar"}), extra.clone(), types);
        assert_eq!(node, "error", "{extra}");
        assert_eq!(data.get("fine"), None, "{extra}");
        assert_eq!(data["__conveyor_set_param_return_type_error__"], "software");
        assert_eq!(
            data["__conveyor_set_param_return_type_tag__"],
            "set_param_wrong_convert_param"
        );
    }
}

#[test]
fn data_over_the_limit_is_refused() {
    let half = "x".repeat(70_000);
    let (node, data) = run_set_param(json!({"a": half}), json!({"b": "{{a}}"}), json!({}));
    assert_eq!(node, "error");
    assert_eq!(
        data["__conveyor_set_param_return_type_tag__"],
        "set_param_size_overflow_limit"
    );
}

#[test]
fn data_that_nests_too_deep_is_refused() {
    let mut deep = json!(1);
    for _ in 0..62 {
        deep = json!([deep]);
    }
    let (node, data) = run_set_param(
        json!({"a": deep}),
        json!({"b.c.d": "{{a}}"}),
        json!({"b.c.d": "array"}),
    );
    assert_eq!((node.as_str(), data.get("b")), ("error", None));
}

#[test]
fn without_an_error_branch_the_task_fails_and_is_told_about() {
    let nodes = json!({
        "start": [{"type": "set_param", "extra": {"n": "x"}, "extra_type": {"n": "number"}}, go("end")],
        "end": [],
    });
    let set = set(&[("main", nodes)]);
    let mut conversation = Conversation::new(&set);
    conversation.create("main", "r1", json!({}));
    let failure = &conversation.failures[0];
    assert_eq!(
        (failure.tag.as_str(), failure.node.as_str()),
        ("set_param_wrong_convert_param", "start")
    );
    assert_eq!(failure.reference.as_deref(), Some("r1"));
    assert!(conversation.world().is_empty() && conversation.finished.is_empty());
}

#[test]
fn the_first_block_whose_conditions_all_hold_is_taken() {
    let condition = |param: &str, fun: &str, constant: &str, cast: &str| json!({"param": param, "fun": fun, "const": constant, "cast": cast});
    let nodes = json!({
        "start": [go("if")],
        "if": [
            {"type": "go_if_const", "to_node_id": "end_adult_named", "conditions": [
                condition("age", "more_or_eq", "18", "number"), condition("{{name}}", "not_eq", "", "string")]},
            {"type": "go_if_const", "to_node_id": "end_adult", "conditions": [condition("age", "more_or_eq", "18", "number")]},
            {"type": "go_if_const", "to_node_id": "end_old_form", "param": "old", "fun": "eq", "const": "{{age}}"},
            go("end_other"),
        ],
        "end_adult_named": [], "end_adult": [], "end_old_form": [], "end_other": [],
    });
    let set = set(&[("main", nodes)]);
    for (data, expected) in [
        (json!({"age": 20, "name": "Оля"}), "end_adult_named"),
        (json!({"age": "20"}), "end_adult"),
        (json!({"age": 5, "old": "5"}), "end_old_form"),
        (json!({"name": "Оля", "age": 3}), "end_other"),
    ] {
        let mut conversation = Conversation::new(&set);
        conversation.create("main", "", data.clone());
        assert_eq!(conversation.the_end().0, expected, "{data}");
    }
}
