//! Events that a process of an outside Corezoid is asked about: who answers what, and in which order.

use std::collections::BTreeMap;

use crate::settings::settings;
use serde_json::{Value, json};
use vikno_conversation::{
    ChatState, Finished, Ids, Next, OutboxKind, Outcome, Outside, Settings, Turn,
};
use vikno_domain::{Channel, Content, InboundEvent};
use vikno_process::{ProcessDocument, ProcessSet};

const NOW: i64 = 1_800_000_000_000;
const WAIT_MS: i64 = 5_000;

/// A dialogue whose own process only counts the events that it takes.
struct Dialogue {
    settings: Settings,
    processes: ProcessSet,
    state: ChatState,
    events: u32,
    now_ms: i64,
    /// What was done last.
    last: Option<Finished>,
    /// All that the citizen has been told, and `own` for each event that the own process took.
    heard: Vec<String>,
}

impl Dialogue {
    fn new() -> Self {
        let settings = Settings {
            outside: Outside {
                wait_ms: WAIT_MS,
                processes: BTreeMap::from([("message".to_owned(), "1234".to_owned())]),
            },
            ..settings()
        };
        let go = |to: &str| json!({"type": "go", "to_node_id": to});
        let nodes = json!([
            {"id": "start", "obj_type": 1, "condition": {"logics": [go("own")]}},
            {"id": "own", "condition": {"logics": [go("wait")]}},
            {"id": "wait", "condition": {"logics": [{"type": "api_callback"}, go("own")]}},
        ]);
        let document: ProcessDocument =
            serde_json::from_value(json!({"scheme": {"nodes": nodes}})).unwrap();
        Self {
            settings,
            processes: ProcessSet::build(&BTreeMap::from([("project".to_owned(), document)]))
                .unwrap(),
            state: ChatState::default(),
            events: 0,
            now_ms: NOW,
            last: None,
            heard: Vec::new(),
        }
    }

    fn event(&mut self, content: Content) -> Outcome {
        self.events += 1;
        let conversation = self.state.conversation.as_ref();
        let event = InboundEvent {
            channel: Channel::Web,
            chat: "42".to_owned(),
            dedupe_key: format!("event:{}", self.events),
            at_ms: self.now_ms,
            sender: None,
            external_id: conversation.map(|conversation| conversation.id.clone()),
            content,
        };
        let mut drawn = [7; 10];
        drawn[0] = u8::try_from(self.events).unwrap();
        let ids = Ids::new(self.now_ms, drawn);
        let state = std::mem::take(&mut self.state);
        let mut turn = Turn::begin(
            &self.settings,
            &self.processes,
            1,
            state,
            event,
            ids,
            self.now_ms,
        );
        assert_eq!(turn.advance(), Next::Done);
        let mut finished = turn.finish();
        self.state = std::mem::take(&mut finished.state);
        let said = finished.decision.messages.iter();
        let said = said.filter(|message| message.author == "robot");
        self.heard
            .extend(said.filter_map(|message| message.text.clone()));
        let own = finished.trace.iter().filter(|entry| entry.node == "own");
        self.heard.extend(own.map(|_| "own".to_owned()));
        let outcome = finished.outcome.clone();
        self.last = Some(finished);
        outcome
    }

    fn say(&mut self, text: &str) -> Outcome {
        self.event(Content::Text {
            text: text.to_owned(),
        })
    }

    fn told(&mut self, number: u64, answer: Option<Value>) -> Outcome {
        let id = self.state.conversation.as_ref().unwrap().id.clone();
        let answer = answer.map(|answer| answer.as_object().unwrap().clone());
        self.event(Content::Outside {
            call: format!("{id}.{number}"),
            answer,
        })
    }

    /// As the clock does when the dialogue's time has come.
    fn wake(&mut self) {
        self.now_ms = self
            .wakes_at()
            .expect("something to wake for")
            .max(self.now_ms);
        self.event(Content::Timer);
    }

    fn wakes_at(&self) -> Option<i64> {
        self.state.conversation.as_ref()?.wake_at_ms
    }

    fn journal(&self) -> Vec<String> {
        let lines = self.last.iter().flat_map(|last| &last.decision.journal);
        lines.map(|line| line.what.clone()).collect()
    }
}

#[test]
fn an_event_is_passed_on_and_answered_from_outside() {
    let mut dialogue = Dialogue::new();
    dialogue.say("Яка адреса?");
    let decision = &dialogue.last.as_ref().unwrap().decision;
    let row = &decision.outbox[0];
    let id = dialogue.state.conversation.as_ref().unwrap().id.clone();
    assert_eq!(
        (row.kind, row.channel, &row.chat),
        (OutboxKind::Send, Channel::Api, &id)
    );
    assert_eq!(row.payload["call"], format!("{id}.1"));
    assert_eq!(row.payload["process"], "1234");
    let data = &row.payload["data"];
    assert_eq!(
        (&data["event"], &data["text"]),
        (&json!("message"), &json!("Яка адреса?"))
    );
    assert_eq!(dialogue.wakes_at(), Some(NOW + WAIT_MS));
    assert!(dialogue.heard.is_empty());

    dialogue.told(
        1,
        Some(json!({ "text": "Хрещатик\u{0}, 1", "buttons": [{ "id": "", "label": "x" }] })),
    );
    assert_eq!(dialogue.heard, ["Хрещатик, 1"]);
    assert_eq!(
        dialogue.told(1, Some(json!({ "text": "Ще раз" }))),
        Outcome::Ignored
    );
    assert_eq!(dialogue.journal(), ["outside_answer_late"]);
    assert_eq!(dialogue.heard.len(), 1);
}

#[test]
fn the_own_processes_take_what_nobody_answers() {
    for (told, why) in [
        (Some(None), "away"),
        (Some(Some(json!({}))), "declined"),
        (Some(Some(json!({ "text": " " }))), "declined"),
        (None, "silent"),
    ] {
        let mut dialogue = Dialogue::new();
        dialogue.say("Яка адреса?");
        match told {
            Some(answer) => drop(dialogue.told(1, answer)),
            None => dialogue.wake(),
        }
        assert_eq!(dialogue.heard, ["own"], "{why}");
        let journal = &dialogue.last.as_ref().unwrap().decision.journal;
        assert_eq!(journal[0].what, "outside_given_up");
        assert_eq!(journal[0].data["why"], why);
        let said = &dialogue.last.as_ref().unwrap().decision.messages;
        assert!(said.is_empty(), "the citizen's words are stored once");
        assert_eq!(dialogue.wakes_at(), None, "{why}");
    }
}

#[test]
fn answers_are_heard_in_the_order_of_the_words() {
    let mut dialogue = Dialogue::new();
    for text in ["перше", "друге", "третє"] {
        dialogue.say(text);
    }
    dialogue.told(3, Some(json!({ "text": "на третє" })));
    dialogue.told(2, None);
    assert!(dialogue.heard.is_empty(), "the first is open");
    dialogue.told(1, Some(json!({ "text": "на перше" })));
    assert_eq!(
        dialogue.heard,
        ["на перше", "own"],
        "the second is the own process's"
    );
    assert_eq!(
        dialogue.wakes_at(),
        Some(NOW),
        "the third waits for nothing more"
    );
    dialogue.wake();
    assert_eq!(dialogue.heard, ["на перше", "own", "на третє"]);
}

#[test]
fn an_answer_may_end_the_robots_part() {
    for (answer, status, queue) in [
        (
            json!({ "queue": "other", "text": "Зачекайте" }),
            "waiting",
            Some("other"),
        ),
        (json!({ "queue": "" }), "waiting", Some("main")),
        (json!({ "queue": { "x": "y" } }), "waiting", Some("main")),
        (json!({ "rate": true }), "voting", None),
    ] {
        let mut dialogue = Dialogue::new();
        dialogue.say("Людину!");
        dialogue.told(1, Some(answer.clone()));
        let conversation = dialogue.state.conversation.as_ref().unwrap();
        assert_eq!(
            (conversation.status.as_str(), conversation.queue.as_deref()),
            (status, queue),
            "{answer}"
        );
    }
    let mut dialogue = Dialogue::new();
    dialogue.say("Бувайте");
    dialogue.told(1, Some(json!({ "end": true, "text": "До побачення" })));
    assert!(dialogue.state.conversation.is_none());
    assert_eq!(dialogue.heard, ["До побачення"]);
}

#[test]
fn while_a_person_has_the_dialogue_nobody_is_asked() {
    let mut dialogue = Dialogue::new();
    dialogue.say("Людину!");
    dialogue.told(1, Some(json!({ "queue": "" })));
    dialogue.say("Ви тут?");
    assert!(dialogue.last.as_ref().unwrap().decision.outbox.is_empty());
    assert_eq!(dialogue.heard, ["own"]);
}

#[test]
fn one_that_is_away_is_told_and_not_waited_for() {
    let mut dialogue = Dialogue::new();
    dialogue.say("перше");
    dialogue.told(1, None);
    dialogue.say("друге");
    let decision = &dialogue.last.as_ref().unwrap().decision;
    assert_eq!(decision.outbox[0].payload["data"]["waits"], false);
    assert_eq!(dialogue.heard, ["own", "own"]);
    assert_eq!(
        dialogue.told(2, Some(json!({ "text": "запізно" }))),
        Outcome::Ignored
    );
    dialogue.now_ms += 60_000;
    dialogue.say("третє");
    assert_eq!(dialogue.heard, ["own", "own"], "it is asked again");
}
