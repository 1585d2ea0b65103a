//! Placeholders of every form and functions, in the logics that take them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::support::{Conversation, NOW, go, set, the_call};

fn state_diagram() -> Value {
    json!({"start": [go("state")], "state": [{"type": "api_callback"}, go("state")], "end": []})
}

#[test]
fn values_come_from_other_tasks_variables_and_the_task_itself() {
    let main = json!({"start": [{"type": "set_param", "extra": {
            "plan": "{{conv[@profile].ref[{{who}}].plan}}",
            "deep": "{{conv[@{{of}}].ref[{{who}}].a.{{field}}[1]}}",
            "whole": "{{conv[77].ref[olia]}}",
            "elsewhere": "{{conv[@profile].ref[far].plan}}",
            "missing": "[{{conv[@profile].ref[nobody].plan}}{{conv[@none].ref[x]}}]",
            "variable": "{{env_var[@cfg].urls[0]}}",
            "me": "{{root.conv_id}}/{{root.ref}}/{{root.node_id}}",
            "own": "{{conv[@main].ref[r].who}}",
            "dotted": "{{a\\.b}}",
        }, "extra_type": {"whole": "object"}}, go("end")], "end": []});
    let mut set_of = crate::support::documents(&[("main", main), ("profile", state_diagram())]);
    set_of.get_mut("profile").unwrap().obj_id = Some(77);
    let set = vikno_process::ProcessSet::build(&set_of).unwrap();
    let mut conversation = Conversation::new(&set);
    conversation.environment = BTreeMap::from([("cfg".to_owned(), json!({"urls": ["http://u"]}))]);
    let far = Map::from_iter([("plan".to_owned(), json!("silver"))]);
    conversation
        .others
        .tasks
        .insert(("profile".to_owned(), "far".to_owned()), far);
    conversation.create(
        "profile",
        "olia",
        json!({"plan": "gold", "a": {"list": [1, 2]}}),
    );
    conversation.create(
        "main",
        "r",
        json!({"who": "olia", "of": "profile", "field": "list", "a.b": "dot"}),
    );
    let (_, data) = conversation.the_end();
    for (name, expected) in [
        ("plan", json!("gold")),
        ("deep", json!("2")),
        ("whole", json!({"plan": "gold", "a": {"list": [1, 2]}})),
        ("elsewhere", json!("silver")),
        ("missing", json!("[]")),
        ("variable", json!("http://u")),
        ("me", json!("main/r/start")),
        ("own", json!("olia")),
        ("dotted", json!("dot")),
    ] {
        assert_eq!(data[name], expected, "{name}");
    }
}

#[test]
fn functions_work_in_every_logic_that_takes_values() {
    let main = json!({
        "start": [{"type": "set_param", "extra": {"sum": "$.math({{a}}+1)", "list": "$.map(fun(X) -> X*2 end, {{l}})"},
                   "extra_type": {"sum": "number", "list": "array"}}, go("check")],
        "check": [{"type": "go_if_const", "to_node_id": "call", "conditions": [
            {"param": "sum", "fun": "eq", "const": "$.math(2*3)", "cast": "number"}]}, go("error")],
        "call": [{"type": "api", "url": "http://a.test/$.md5_hex({{a}})", "method": "POST", "format": "raw",
                  "raw_body": "{\"n\":\"$.to_number({{a}})\",\"day\":\"$.date(%y-%m-%d)\"}"}, go("copy")],
        "copy": [{"type": "api_copy", "conv_id": "@main2", "ref": "$.base64_encode({{a}})", "data": {"x": "$.unixtime()"},
                  "data_type": {"x": "number"}}, go("rpc")],
        "rpc": [{"type": "api_rpc", "conv_id": "@main2", "extra": {"x": "$.random(5,5)"}, "extra_type": {"x": "number"}, "err_node_id": "end"}, go("end")],
        "end": [], "error": [],
    });
    let main2 = json!({"start": [go("end2")], "end2": []});
    let set = set(&[("main", main), ("main2", main2)]);
    let mut conversation = Conversation::new(&set);
    let call = the_call(conversation.create("main", "r", json!({"a": 5, "l": [1, 2]})));
    assert_eq!(call.url, "http://a.test/e4da3b7fbbce2345d7772b0674a318d5");
    assert_eq!(call.body, json!({"n": 5, "day": "2027-01-15"}));
    conversation.resume(&call, vikno_process::CallResult::answer(200, json!({})));
    let xs: Vec<_> = conversation
        .finished
        .iter()
        .map(|end| end.data.get("x").cloned())
        .collect();
    assert_eq!(xs, [Some(json!(NOW / 1_000)), Some(json!(5)), None]);
    assert_eq!(conversation.finished[0].reference.as_deref(), Some("NQ=="));
    assert_eq!(conversation.finished[2].data["list"], json!([2, 4]));
}

#[test]
fn a_function_that_fails_takes_the_error_branch() {
    let main = json!({"start": [{"type": "set_param", "extra": {"b": "$.math({{a}}/0)", "c": "1"}, "err_node_id": "error"}, go("end")], "end": [], "error": []});
    let set = set(&[("main", main)]);
    let mut conversation = Conversation::new(&set);
    conversation.create("main", "r", json!({"a": 1}));
    let (node, data) = conversation.the_end();
    assert_eq!((node, &data["c"]), ("error", &Value::Null));
    assert_eq!(
        data["__conveyor_set_param_return_type_tag__"],
        "set_param_wrong_convert_param"
    );
    assert_eq!(
        data["__conveyor_set_param_return_description__"],
        "`$.math`: division by zero"
    );
}

#[test]
fn chance_depends_on_the_seed_and_the_place_alone() {
    let nodes = json!({
        "start": [{"type": "set_param", "extra": {"a": "$.random(1000000)", "b": "$.random(1000000)"}}, go("call")],
        "call": [{"type": "api", "url": "http://a.test/$.random(1000000)"}, go("end")], "end": []});
    let set = set(&[("main", nodes)]);
    let run = |seed: u64| {
        let mut conversation = Conversation::new(&set);
        conversation.seed = seed;
        let call = the_call(conversation.create("main", "r", json!({})));
        let again = the_call(conversation.wait_ms(10));
        assert_eq!(call, again, "a call that is given again is the same");
        let world = conversation.world();
        let (_, task) = world.find("main", "r").unwrap();
        assert_ne!(task.data["a"], task.data["b"]);
        (call.url, task.data.to_value())
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn a_timer_takes_a_moment_that_is_computed() {
    let nodes = json!({"start": [go("wait")], "end": [], "wait": [
        {"type": "time", "value": "$.unixtime(%y-%m-%d+1 09:00:00).tz('Europe/Kyiv')", "dimension": "sec", "to_node_id": "end"}]});
    let set = set(&[("main", nodes)]);
    let mut conversation = Conversation::new(&set);
    let outcome = conversation.create("main", "r", json!({}));
    assert_eq!(
        crate::support::idle_until(&outcome),
        Some(1_800_082_800_000)
    );
}
