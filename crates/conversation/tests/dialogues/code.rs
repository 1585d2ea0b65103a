//! Code nodes in a conversation: their program goes to the step that runs it, and its answer is the task's data.

use std::collections::BTreeMap;

use crate::settings::settings;
use serde_json::{Map, Value, json};
use vikno_conversation::{ChatState, Finished, Ids, Next, StepAnswer, Turn};
use vikno_domain::{Channel, Content, Effect, InboundEvent, StepError, StepResponse};
use vikno_process::{ProcessDocument, ProcessSet};

fn processes() -> ProcessSet {
    let logics = |logics: Value| json!({ "logics": logics });
    let go = |to: &str| json!({"type": "go", "to_node_id": to});
    let nodes = json!([
        {"id": "start", "obj_type": 1, "condition": logics(json!([go("sum")]))},
        {"id": "sum", "condition": logics(json!([
            {"type": "api_sum", "extra": [{"id": "chats", "value": "1"}]}, go("code")]))},
        {"id": "code", "condition": logics(json!([
            {"type": "api_code", "lang": "js", "src": "data = {};", "err_node_id": "broken"}, go("wait")]))},
        {"id": "wait", "condition": logics(json!([{"type": "api_callback"}, go("wait")]))},
        {"id": "broken", "condition": logics(json!([{"type": "api_callback"}, go("broken")]))},
    ]);
    let document: ProcessDocument =
        serde_json::from_value(json!({"scheme": {"nodes": nodes}})).unwrap();
    ProcessSet::build(&BTreeMap::from([("project".to_owned(), document)])).unwrap()
}

/// What comes of a first message when the code's step answers so.
fn after(answer: StepAnswer) -> (Finished, Value) {
    let (settings, processes) = (settings(), processes());
    let event = InboundEvent {
        channel: Channel::Web,
        chat: "42".to_owned(),
        dedupe_key: "event:1".to_owned(),
        at_ms: 1_800_000_000_000,
        sender: None,
        external_id: None,
        content: Content::Text {
            text: "привіт".to_owned(),
        },
    };
    let ids = Ids::new(1_800_000_000_000, [7; 10]);
    let state = ChatState::default();
    let mut turn = Turn::begin(
        &settings,
        &processes,
        1,
        state,
        event,
        ids,
        1_800_000_000_000,
    );
    let Next::Call(call) = turn.advance() else {
        panic!("no call")
    };
    assert_eq!(call.component, "run-code");
    assert_eq!(call.timeout_ms, 1_000);
    let params = &call.request.params;
    assert_eq!(params["source"], "data = {};");
    assert_eq!(params["data"]["channel"], "web");
    turn.answer(&call, answer);
    assert_eq!(turn.advance(), Next::Done);
    let finished = turn.finish();
    let world = &finished.state.conversation.as_ref().unwrap().world;
    let world: Value = serde_json::from_str(&world.text()).unwrap();
    let task = world["t"]["1"].clone();
    (finished, task)
}

#[test]
fn a_code_leaves_the_whole_data_and_no_effects() {
    let answer = StepResponse {
        data: Map::from_iter([("data".to_owned(), json!({"b": 2}))]),
        effects: vec![Effect::Enqueue {
            queue: "main".to_owned(),
            position: 1,
        }],
    };
    let (finished, task) = after(StepAnswer::Done(answer));
    assert_eq!((&task["n"], &task["d"]), (&json!("wait"), &json!({"b": 2})));
    assert_eq!(finished.state.conversation.as_ref().unwrap().queue, None);
    let sum = finished
        .decision
        .journal
        .iter()
        .find(|entry| entry.what == "sum_added");
    let added = json!({"process": "project", "node": "sum", "sum": "chats", "amount": 1.0});
    assert_eq!(sum.unwrap().data, added);
}

#[test]
fn a_code_that_fails_takes_its_branch_and_people_hear_of_it() {
    let failed =
        |code: &str| StepAnswer::Failed(StepError::terminal(code, "line 3: x is not defined"));
    for (answer, tag, kind) in [
        (
            failed("code_executing_error"),
            "code_executing_error",
            "software",
        ),
        (
            failed("code_return_format_error"),
            "code_return_format_error",
            "software",
        ),
        (failed("code_timeout"), "code_timeout", "hardware"),
        (failed("unknown_code"), "code_executing_error", "software"),
        (
            StepAnswer::Done(StepResponse::default()),
            "code_return_format_error",
            "software",
        ),
        (StepAnswer::TimedOut, "code_timeout", "hardware"),
        (
            StepAnswer::Unreachable("gone".to_owned()),
            "code_timeout",
            "hardware",
        ),
    ] {
        let is_failure = !matches!(answer, StepAnswer::Done(_));
        let (finished, task) = after(answer);
        assert_eq!(task["n"], "broken", "{tag}");
        assert_eq!(task["d"]["__conveyor_code_return_type_tag__"], tag);
        assert_eq!(task["d"]["__conveyor_code_return_type_error__"], kind);
        let journal = &finished.decision.journal;
        let is_told = journal.iter().any(|entry| entry.what == "step_failed");
        assert_eq!(is_told, is_failure, "{tag}");
    }
}
