//! Takes events through an organisation's processes, with the steps' answers given by the test.

use crate::files::{bundle, organisation};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use vikno_process::{CallResult, Limits, Outcome, ProcessSet, Runner, World};

const CONVERSATION: &str = "c_1";

pub struct Dialogue {
    set: ProcessSet,
    environment: BTreeMap<String, Value>,
    world: World,
    now_ms: i64,
    status: String,
    new: bool,
}

/// What a step is told to do in this turn, by its name.
#[derive(Clone)]
pub enum Step {
    Answers(Value),
    Fails,
}

/// What a turn came to.
#[derive(Debug, Default, PartialEq)]
pub struct Turn {
    /// Steps called, in order; what `send-text` was given stands behind it.
    pub calls: Vec<String>,
    /// The node where the conversation waits; none when it is over.
    pub waits: Option<String>,
    /// Nodes passed, as `process.node`.
    pub nodes: Vec<String>,
}

impl Turn {
    /// Texts said.
    pub fn said(&self) -> Vec<&str> {
        let said = self.calls.iter();
        said.filter_map(|call| call.strip_prefix("send-text "))
            .collect()
    }
}

impl Dialogue {
    pub fn with(id: &str) -> Self {
        let documents = bundle(id)
            .processes()
            .iter()
            .map(|(alias, process)| {
                let document = vikno_process::parse(process.to_string().as_bytes()).unwrap();
                (alias.clone(), document)
            })
            .collect();
        Self {
            set: ProcessSet::build(&documents).unwrap(),
            environment: organisation(id).env(),
            world: World::default(),
            now_ms: 1_795_384_800_000,
            status: "open".to_owned(),
            new: true,
        }
    }

    /// An event of the citizen's channel, through its receiver.
    pub fn telegram(&mut self, kind: &str, steps: &[(&str, Step)]) -> Turn {
        self.received("telegram-receiver", kind, steps)
    }

    pub fn viber(&mut self, kind: &str, steps: &[(&str, Step)]) -> Turn {
        self.received("viber-receiver", kind, steps)
    }

    fn received(&mut self, receiver: &str, kind: &str, steps: &[(&str, Step)]) -> Turn {
        let data = self.entry(kind, receiver.trim_end_matches("-receiver"));
        self.run(steps, |runner| {
            runner.create_task(receiver, None, data).unwrap();
        })
    }

    /// An event of the web chat or of an operator, which goes to the project directly.
    pub fn direct(&mut self, kind: &str, steps: &[(&str, Step)]) -> Turn {
        let (data, new) = (self.entry(kind, "web"), self.new);
        self.run(steps, |runner| {
            if new {
                runner
                    .create_task("project", Some(CONVERSATION), data)
                    .unwrap();
            } else {
                runner.modify_task("project", CONVERSATION, data).unwrap();
            }
        })
    }

    /// Nothing happens for so long.
    pub fn after_seconds(&mut self, seconds: i64, steps: &[(&str, Step)]) -> Turn {
        self.now_ms += seconds * 1_000;
        self.run(steps, |_| {})
    }

    /// The state of the conversation's task is gone, as after a lost write.
    pub fn lose_the_task(&mut self) {
        self.world = World::default();
    }

    fn entry(&self, kind: &str, channel: &str) -> Map<String, Value> {
        let data = json!({
            "event": { "kind": kind },
            "conversation_id": CONVERSATION,
            "new": self.new,
            "status": self.status,
            "channel": channel,
        });
        data.as_object().unwrap().clone()
    }

    fn run(&mut self, steps: &[(&str, Step)], begin: impl FnOnce(&mut Runner<'_>)) -> Turn {
        // Stored and loaded between turns, as in production.
        let stored = serde_json::to_string(&self.world).unwrap();
        let world: World = serde_json::from_str(&stored).unwrap();
        let mut runner = Runner::new(&self.set, world, Limits::default(), self.now_ms)
            .with_environment(&self.environment);
        begin(&mut runner);
        let mut turn = Turn::default();
        let mut left: Vec<&(&str, Step)> = steps.iter().collect();
        while let Outcome::Call(call) = runner.step() {
            let step = call
                .url
                .trim_start_matches("http://")
                .trim_end_matches(".spin.internal/");
            let text = call.body["reply"]["text"]
                .as_str()
                .map(|text| format!(" {text}"));
            let text = text.filter(|_| step == "send-text").unwrap_or_default();
            turn.calls.push(format!("{step}{text}"));
            let planned = left.iter().position(|(name, _)| *name == step);
            let answer = planned.map(|place| left.remove(place).1.clone());
            let result = match answer.unwrap_or(Step::Answers(json!({}))) {
                Step::Fails => CallResult::answer(503, json!({"code": "busy", "message": "busy"})),
                Step::Answers(mut data) => {
                    if let Some(status) = data["status"].as_str() {
                        self.status = status.to_owned();
                    }
                    data["status"] = json!(self.status);
                    CallResult::answer(200, data)
                }
            };
            runner.resume(call.call_id, result).unwrap();
        }
        assert_eq!(left.len(), 0, "not all planned steps were called: {turn:?}");
        assert_eq!(runner.take_failures(), []);
        let trace = runner.take_trace().into_iter();
        turn.nodes = trace
            .map(|entry| format!("{}.{}", entry.process, entry.node))
            .collect();
        self.world = runner.into_world();
        let mut waiting = self
            .world
            .tasks()
            .map(|(_, task)| format!("{}.{}", task.process, task.node));
        turn.waits = waiting.next();
        assert_eq!(waiting.next(), None, "one task waits, no more");
        self.new = false;
        turn
    }
}

/// A step's answer.
pub fn answers(step: &'static str, data: Value) -> (&'static str, Step) {
    (step, Step::Answers(data))
}

/// The command converter's answer.
pub fn command(name: &str) -> (&'static str, Step) {
    answers("command-converter", json!({ "command": name }))
}

/// A step that says a text.
pub fn says(step: &'static str, text: &str) -> (&'static str, Step) {
    answers(
        step,
        json!({ "reply": { "text": text }, "intent": "", "queue": "" }),
    )
}

/// A step that fails.
pub fn fails(step: &'static str) -> (&'static str, Step) {
    (step, Step::Fails)
}
