//! Code nodes: out as a value, back as the whole new data or an error branch.

use serde_json::{Value, json};
use vikno_process::{CallResult, ProcessSet, parse};

use crate::support::{Conversation, documents, go, object, set, the_code};

fn coded() -> Value {
    json!({
        "start": [go("code")],
        "code": [{"type": "api_code", "lang": "js", "src": "data.b = '{{a}}';", "err_node_id": "error"}, go("end")],
        "end": [], "error": [],
    })
}

#[test]
fn a_code_gets_the_data_and_leaves_the_new_one() {
    let set = set(&[("main", coded())]);
    let mut conversation = Conversation::new(&set);
    let call = the_code(conversation.create("main", "r", json!({"a": 1})));
    assert_eq!(
        (call.process.as_str(), call.node.as_str()),
        ("main", "code")
    );
    assert_eq!(call.source, "data.b = '{{a}}';", "placeholders stay");
    assert_eq!(Value::Object(call.data), json!({"a": 1}));
    assert_eq!(call.timeout_ms, 1_000);
    let new = CallResult::code_data(object(json!({"b": 2})));
    conversation.resume_id(call.call_id, new);
    assert_eq!(conversation.the_end(), ("end", json!({"b": 2})));
}

#[test]
fn a_code_that_fails_takes_its_error_branch_with_the_tags() {
    let no_object = CallResult::answer(200, json!([1]));
    for (result, kind, tag, description) in [
        (
            CallResult::code_timeout("over 1000 ms"),
            "hardware",
            "code_timeout",
            "over 1000 ms",
        ),
        (
            CallResult::code_executing_error("x is not defined", Some(3)),
            "software",
            "code_executing_error",
            "line 3: x is not defined",
        ),
        (
            CallResult::code_return_format_error("data is 5"),
            "software",
            "code_return_format_error",
            "data is 5",
        ),
        (
            no_object,
            "software",
            "code_return_format_error",
            "the code left no object",
        ),
        (
            CallResult::code_data(object(json!({"x": "y".repeat(200_000)}))),
            "software",
            "code_return_format_error",
            "the task's data is larger or deeper than allowed",
        ),
    ] {
        let set = set(&[("main", coded())]);
        let mut conversation = Conversation::new(&set);
        let call = the_code(conversation.create("main", "r", json!({"a": 1})));
        conversation.resume_id(call.call_id, result);
        let (node, data) = conversation.the_end();
        assert_eq!(node, "error", "{tag}");
        assert_eq!(data["__conveyor_code_return_type_error__"], kind);
        assert_eq!(data["__conveyor_code_return_type_tag__"], tag);
        assert_eq!(data["__conveyor_code_return_description__"], description);
        assert_eq!(data["a"], 1, "the data is as it was");
    }
}

#[test]
fn a_loaded_world_gives_an_unanswered_code_again() {
    let set = set(&[("main", coded())]);
    let mut conversation = Conversation::new(&set);
    let first = the_code(conversation.create("main", "r", json!({"a": 1})));
    let again = the_code(conversation.wait_ms(1));
    assert_eq!(first, again);
}

#[test]
fn what_we_do_not_run_takes_its_error_branch_and_says_what_to_use() {
    for (logic, family, words) in [
        (
            json!({"type": "api_code", "lang": "erl", "src": "main(D) -> D."}),
            "code",
            "JavaScript",
        ),
        (
            json!({"type": "db_call", "instance_id": 5, "query": "SELECT 1"}),
            "db_call",
            "step component",
        ),
        (
            json!({"type": "git_call", "lang": "golang"}),
            "git_call",
            "step component",
        ),
        (
            json!({"type": "api_git", "lang": "js"}),
            "git_call",
            "step component",
        ),
        (
            json!({"type": "api_form", "form_id": 1}),
            "api_form",
            "step component",
        ),
    ] {
        let mut logic = logic;
        logic["err_node_id"] = "error".into();
        let nodes = json!({"start": [go("n")], "n": [logic, go("end")], "end": [], "error": []});
        let set = ProcessSet::build(&documents(&[("main", nodes)])).unwrap();
        let mut conversation = Conversation::new(&set);
        conversation.create("main", "r", json!({}));
        let (node, data) = conversation.the_end();
        assert_eq!(node, "error", "{family}");
        let of = |what: &str| data[format!("__conveyor_{family}_return_{what}__")].clone();
        assert_eq!(of("type_error"), "software");
        let description = of("description");
        assert!(
            description.as_str().unwrap().contains(words),
            "{description}"
        );
    }
}

#[test]
fn a_real_file_with_a_code_node_runs() {
    let file = include_bytes!("../corezoid/samples__gpt-calculator.json");
    let mut all = documents(&[("openai", json!({"start": [go("end")], "end": []}))]);
    all.get_mut("openai").unwrap().obj_id = Some(1_660_229);
    all.insert("calculator".to_owned(), parse(file).unwrap());
    let set = ProcessSet::build(&all).unwrap();
    let mut conversation = Conversation::new(&set);
    let call = the_code(conversation.create("calculator", "r", json!({"question": "2+2"})));
    assert!(!call.source.is_empty());
    let thrown = CallResult::code_executing_error("boom", Some(1));
    conversation.resume_id(call.call_id, thrown);
    let (_, data) = conversation.the_end();
    assert_eq!(
        data["__conveyor_code_return_type_tag__"],
        "code_executing_error"
    );
}
