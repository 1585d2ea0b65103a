//! Stubs: replies that stand in for a called process.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use vikno_process::{ProcessSet, parse};

use crate::support::{Conversation, documents, go};

fn file() -> ProcessSet {
    let file =
        include_bytes!("../corezoid/plugins__corezoid__mcp-server__samples__stubbed_api_rpc.json");
    let mut all = documents(&[("callee", json!({"start": [go("end")], "end": []}))]);
    all.get_mut("callee").unwrap().obj_id = Some(123_456);
    all.insert("main".to_owned(), parse(file).unwrap());
    ProcessSet::build(&all).unwrap()
}

#[test]
fn a_real_stub_answers_by_its_conditions() {
    let set = file();
    assert!(
        set.warnings()
            .iter()
            .any(|warning| warning.message.contains("a stub answers"))
    );
    for (data, expected, tag) in [
        (
            json!({"mode": "error"}),
            json!("error"),
            json!("rpc_reply_exception"),
        ),
        (
            json!({"mode": "fine", "stub_node_response": "yes"}),
            Value::Null,
            Value::Null,
        ),
    ] {
        let mut conversation = Conversation::new(&set);
        conversation.create("main", "r", data);
        let (_, data) = conversation.the_end();
        assert_eq!(data["status"], expected);
        assert_eq!(data["__conveyor_rpc_return_type_tag__"], tag);
        assert_eq!(data["__logic_stub_mode__"], true);
        assert!(
            !conversation
                .trace
                .iter()
                .any(|entry| entry.starts_with("callee"))
        );
    }
}

#[test]
fn a_stub_without_a_fitting_case_is_an_error_and_one_that_is_off_is_not_asked() {
    let never = json!([[{"type": "go_if_const", "conditions": [{"param": "a", "fun": "eq", "const": "1", "cast": "string"}]},
        {"type": "api_rpc_reply", "mode": "key_value", "res_data": {"b": "2"}, "res_data_type": {"b": "number"}}]]);
    let main = json!({"start": [go("call")], "end": [], "error": [], "call": [
        {"type": "api_rpc", "conv_id": "@callee", "err_node_id": "error"}, {"type": "stub", "logics": never}, go("end")]});
    let callee = json!({"start": [{"type": "api_rpc_reply", "mode": "key_value", "res_data": {"real": "1"}}, go("end")], "end": []});
    let mut all: BTreeMap<_, _> = documents(&[("main", main), ("callee", callee)]);
    for (data, expected) in [(json!({"a": "1"}), "end"), (json!({}), "error")] {
        let set = ProcessSet::build(&all).unwrap();
        let mut conversation = Conversation::new(&set);
        conversation.create("main", "r", data);
        assert_eq!(conversation.the_end().0, expected);
    }
    let nodes = &mut all.get_mut("main").unwrap().scheme.nodes;
    nodes
        .iter_mut()
        .find(|node| node.id == "call")
        .unwrap()
        .obj_type = 0;
    let set = ProcessSet::build(&all).unwrap();
    let mut conversation = Conversation::new(&set);
    conversation.create("main", "r", json!({"a": "1"}));
    let main = conversation
        .finished
        .iter()
        .find(|end| end.process == "main")
        .unwrap();
    assert_eq!(main.data["real"], "1");
}
