//! Sums that the tasks of all dialogues add to.

use std::collections::BTreeMap;

use crate::settings::settings;
use serde_json::{Value, json};
use vikno_conversation::{ChatState, Ids, Next, Turn};
use vikno_domain::{Channel, Content, InboundEvent};
use vikno_process::{ProcessDocument, ProcessSet, SharedState, SumAdded};

const NOW: i64 = 1_800_000_000_000;

/// Adds one to the sum at each message, and keeps what it comes to.
fn processes() -> ProcessSet {
    let go = |to: &str| json!({"type": "go", "to_node_id": to});
    let nodes = json!([
        {"id": "start", "obj_type": 1, "condition": {"logics": [go("sum")]}},
        {"id": "sum", "condition": {"logics": [
            {"type": "api_sum", "extra": [{"id": "chats", "value": "1"}]}, go("read")]}},
        {"id": "read", "condition": {"logics": [
            {"type": "set_param", "extra": {"total": "{{node[sum].chats}}"}, "extra_type": {"total": "number"}},
            go("wait")]}},
        {"id": "wait", "condition": {"logics": [{"type": "api_callback"}, go("sum")]}},
    ]);
    let document: ProcessDocument =
        serde_json::from_value(json!({"scheme": {"nodes": nodes}})).unwrap();
    ProcessSet::build(&BTreeMap::from([("project".to_owned(), document)])).unwrap()
}

#[test]
fn a_dialogue_sees_what_all_have_added() {
    let (settings, processes) = (settings(), processes());
    assert!(processes.adds_sums());
    let key = ("project".to_owned(), "sum".to_owned(), "chats".to_owned());
    let mut state = ChatState::default();
    // What is stored when each message comes: others' dialogues have added meanwhile.
    for (number, (stored, total)) in [(41.0, 42), (42.0, 43), (100.0, 101)]
        .into_iter()
        .enumerate()
    {
        let mut others = SharedState::default();
        others.sums.insert(key.clone(), stored);
        state.forget_sums();
        let event = InboundEvent {
            channel: Channel::Web,
            chat: "42".to_owned(),
            dedupe_key: format!("event:{number}"),
            at_ms: NOW,
            sender: None,
            external_id: None,
            content: Content::Text {
                text: "привіт".to_owned(),
            },
        };
        let ids = Ids::new(NOW, [u8::try_from(number).unwrap(); 10]);
        let mut turn =
            Turn::begin(&settings, &processes, 1, state, event, ids, NOW).knowing(&others);
        assert_eq!(turn.advance(), Next::Done);
        let finished = turn.finish();
        let added = SumAdded {
            process: "project".to_owned(),
            node: "sum".to_owned(),
            sum: "chats".to_owned(),
            amount: 1.0,
        };
        assert_eq!(finished.decision.sums, [added]);
        let world = &finished.state.conversation.as_ref().unwrap().world;
        let world: Value = serde_json::from_str(&world.text()).unwrap();
        assert_eq!(world["t"]["1"]["d"]["total"], total);
        state = finished.state;
    }
}
