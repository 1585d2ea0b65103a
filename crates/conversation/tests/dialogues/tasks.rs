//! Tasks that outside systems made: event by event, with no dialogue around them.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use vikno_conversation::{
    Callbacks, Decision, Ids, Next, Outcome, Outside, Settings, StepAnswer, TaskFacts, TaskRecord,
    TaskStatus, TaskTurn,
};
use vikno_domain::{
    Channel, Content, DialogueAct, InboundEvent, Language, MessageAuthor, OrgId, StepResponse,
};
use vikno_process::{ProcessDocument, ProcessSet};

const ID: u64 = 4_503_599_627_370_495;

fn settings() -> Settings {
    Settings {
        org: OrgId::parse("ukc").unwrap(),
        languages: vec![Language::parse("uk").unwrap()],
        default_language: Language::parse("uk").unwrap(),
        queues: vec!["general".to_owned()],
        default_queue: "general".to_owned(),
        reachable: Vec::new(),
        shares_name: true,
        shares_history: true,
        environment: BTreeMap::new(),
        outside: Outside::default(),
        remembers_data: false,
    }
}

/// Waits for a callback, posts an answer to the caller, asks a dialogue, ends.
fn processes() -> ProcessSet {
    let document = json!({
        "title": "Orders",
        "params": [{"name": "number", "type": "number", "flags": ["required", "input"]}],
        "scheme": {"nodes": [
            {"id": "start", "obj_type": 1, "condition": {"logics": [{"type": "go", "to_node_id": "note"}]}},
            {"id": "note", "condition": {"logics": [
                {"type": "set_param", "extra": {"own": "{{root.task_id}}", "url": "{{node[wait].public_callback_corezoid}}"},
                 "extra_type": {"own": "string", "url": "string"}, "err_node_id": "failed"},
                {"type": "go", "to_node_id": "wait"}]}},
            {"id": "wait", "condition": {
                "logics": [{"type": "api_callback", "is_sync": true, "obj_id_path": "order.task"}, {"type": "go", "to_node_id": "answer"}],
                "semaphors": [{"type": "time", "value": 60, "dimension": "sec", "to_node_id": "late"}]}},
            {"id": "answer", "condition": {"logics": [
                {"type": "api", "method": "POST", "url": "{{__callback_url}}", "extra": {"paid": "{{paid}}"},
                 "extra_type": {"paid": "boolean"}, "err_node_id": "failed"},
                {"type": "go", "to_node_id": "tell"}]}},
            {"id": "tell", "condition": {"logics": [
                {"type": "api", "method": "POST", "url": "http://dialogue.spin.internal/", "extra": {"do": "say"},
                 "extra_type": {"do": "string"}, "err_node_id": "failed"},
                {"type": "go", "to_node_id": "done"}]}},
            {"id": "done", "obj_type": 2}, {"id": "late", "obj_type": 2},
            {"id": "failed", "obj_type": 2, "extra": "{\"icon\":\"error\"}"},
        ]},
    });
    let document: ProcessDocument = serde_json::from_value(document).unwrap();
    ProcessSet::build(&BTreeMap::from([("orders".to_owned(), document)])).unwrap()
}

fn created(data: Value) -> TaskRecord {
    TaskRecord {
        id: ID,
        process: "orders".to_owned(),
        reference: Some("A-1".to_owned()),
        status: TaskStatus::Created,
        node: String::new(),
        previous_node: None,
        data: object(data),
        process_version: 1,
        world: String::new(),
        callbacks: BTreeMap::from([("wait".to_owned(), "https://x/callback/wait/h".to_owned())]),
        answer: None,
        wake_at_ms: None,
        created_at_ms: 1_000,
        changed_at_ms: 1_000,
        ended_at_ms: None,
    }
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// A task after some events, with all that was decided.
struct Story {
    record: TaskRecord,
    decisions: Vec<Decision>,
    now_ms: i64,
    answer: StepAnswer,
}

impl Story {
    fn begin(data: Value) -> (Self, Outcome) {
        let mut story = Self {
            record: created(data),
            decisions: Vec::new(),
            now_ms: 1_000,
            answer: StepAnswer::Done(StepResponse::default()),
        };
        let outcome = story.event(Content::TaskCreated);
        (story, outcome)
    }

    fn event(&mut self, content: Content) -> Outcome {
        let (settings, processes) = (settings(), processes());
        let callbacks = Callbacks::of(&self.record);
        let facts = TaskFacts {
            settings: &settings,
            processes: &processes,
            callbacks: &callbacks,
            now_ms: self.now_ms,
        };
        let event = InboundEvent {
            channel: Channel::Api,
            chat: ID.to_string(),
            dedupe_key: format!("api:{}", self.decisions.len()),
            at_ms: self.now_ms,
            sender: None,
            external_id: None,
            content,
        };
        let ids = Ids::new(self.now_ms, [3; 10]);
        let mut turn = TaskTurn::begin(facts, self.record.clone(), event, ids);
        while let Next::Call(call) = turn.advance() {
            assert_eq!(call.component, "dialogue");
            turn.answer(&call, self.answer.clone());
        }
        let (record, decision, outcome, _) = turn.finish();
        self.record = record;
        self.decisions.push(decision);
        outcome
    }

    fn journal(&self) -> Vec<&str> {
        let lines = self.decisions.iter().flat_map(|decision| &decision.journal);
        lines.map(|line| line.what.as_str()).collect()
    }
}

fn modified(data: Value) -> Content {
    Content::TaskModified { data: object(data) }
}

fn refusal(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Refused { code, .. } => code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_task_waits_is_woken_answers_its_caller_and_ends() {
    let url = TaskRecord::answer_url(ID);
    let (mut story, outcome) = Story::begin(json!({"number": 7, "__callback_url": url}));
    assert_eq!(outcome, Outcome::Applied);
    let record = &story.record;
    assert_eq!(
        (record.status, record.node.as_str()),
        (TaskStatus::Processing, "wait")
    );
    assert_eq!(record.data["own"], json!(ID.to_string()));
    assert_eq!(record.data["url"], "https://x/callback/wait/h");
    assert_eq!(record.wake_at_ms, Some(61_000));

    let act = json!({"do": "ask", "request": {"channel": "web", "chat": "w_1", "act": {"do": "release"}}});
    story.answer = StepAnswer::Done(StepResponse {
        effects: vec![serde_json::from_value(act).unwrap()],
        ..StepResponse::default()
    });
    assert_eq!(
        story.event(modified(json!({"paid": true}))),
        Outcome::Applied
    );
    let record = &story.record;
    assert_eq!(
        (record.status, record.node.as_str()),
        (TaskStatus::Processed, "done")
    );
    assert_eq!(record.previous_node.as_deref(), Some("tell"));
    assert_eq!(record.answer, Some(json!({"paid": true})));
    assert_eq!((record.ended_at_ms, record.wake_at_ms), (Some(1_000), None));
    assert_eq!(record.world, "");
    let asked = &story.decisions[1].inbox[0];
    assert_eq!((asked.channel, asked.chat.as_str()), (Channel::Web, "w_1"));
    assert_eq!(
        asked.content,
        Content::Asked {
            task: Some(ID.to_string()),
            act: DialogueAct::Release
        }
    );
    assert_eq!(refusal(&story.event(modified(json!({})))), "not_found_task");
}

#[test]
fn a_task_that_cannot_begin_says_why_and_frees_its_reference() {
    let (story, outcome) = Story::begin(json!({}));
    assert_eq!(refusal(&outcome), "wrong_validate_params");
    assert_eq!(story.record.status, TaskStatus::Canceled);
    assert!(!story.record.status.is_live());
}

#[test]
fn a_beginning_that_is_told_twice_has_one_effect() {
    let (mut story, _) = Story::begin(json!({"number": 7}));
    let before = story.record.clone();
    assert_eq!(story.event(Content::TaskCreated), Outcome::Ignored);
    assert_eq!(story.record, before);
}

#[test]
fn the_timer_takes_it_on() {
    let (mut story, _) = Story::begin(json!({"number": 7}));
    story.now_ms = 61_000;
    assert_eq!(story.event(Content::Timer), Outcome::Applied);
    assert_eq!(
        (story.record.status, story.record.node.as_str()),
        (TaskStatus::Processed, "late")
    );
    assert_eq!(story.event(Content::Timer), Outcome::Ignored);
}

#[test]
fn a_callback_is_taken_in_its_node_only() {
    let (mut story, _) = Story::begin(json!({"number": 7}));
    let callback = |node: &str, task: u64| Content::TaskCalledBack {
        node: node.to_owned(),
        body: object(json!({"order": {"task": task.to_string()}, "paid": false})),
    };
    assert_eq!(
        refusal(&story.event(callback("note", ID))),
        "not_found_task"
    );
    assert_eq!(refusal(&story.event(callback("wait", 5))), "not_found_task");
    assert_eq!(story.event(callback("wait", ID)), Outcome::Applied);
    assert_eq!(story.record.data["paid"], false);
}

#[test]
fn a_deleted_task_keeps_nothing_of_what_it_knew() {
    let (mut story, _) = Story::begin(json!({"number": 7}));
    let deleted = |node: Option<&str>| Content::TaskDeleted {
        node: node.map(str::to_owned),
    };
    assert_eq!(
        refusal(&story.event(deleted(Some("start")))),
        "not_found_task"
    );
    assert_eq!(story.event(deleted(Some("wait"))), Outcome::Applied);
    let record = &story.record;
    assert_eq!(
        (record.status, record.world.as_str(), record.data.len()),
        (TaskStatus::Deleted, "", 0)
    );
    assert_eq!(refusal(&story.event(deleted(None))), "not_found_task");
    assert!(story.journal().contains(&"task_deleted"));
}

#[test]
fn what_needs_a_dialogue_has_no_effect_and_is_told() {
    let (mut story, _) =
        Story::begin(json!({"number": 7, "__callback_url": TaskRecord::answer_url(ID)}));
    let message = vikno_domain::OutgoingMessage::text(MessageAuthor::Robot, "до кого?");
    story.answer = StepAnswer::Done(StepResponse {
        effects: vec![vikno_domain::Effect::Send { message }],
        ..StepResponse::default()
    });
    story.event(modified(json!({"paid": true})));
    assert!(story.journal().contains(&"effect_without_dialogue"));
    assert!(
        story
            .decisions
            .iter()
            .all(|decision| decision.messages.is_empty())
    );
}

#[test]
fn an_answer_goes_to_the_own_caller_only() {
    let (mut story, _) =
        Story::begin(json!({"number": 7, "__callback_url": TaskRecord::answer_url(ID - 1)}));
    story.event(modified(json!({"paid": true})));
    assert_eq!(story.record.answer, None);
    assert_eq!(story.record.node, "failed");
}
