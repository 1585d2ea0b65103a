//! Runs processes and writes down all that can be seen, with nodes by their place in the process: two files
//! of one process run alike whatever their nodes are called.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use vikno_process::{
    CallResult, Limits, Outcome, ProcessDocument, ProcessSet, Runner, World, validate,
};

pub type Documents = BTreeMap<String, ProcessDocument>;

const NOW_MS: i64 = 1_800_000_000_000;

/// Steps of one play; a process that asks for more goes round in circles.
const STEPS: usize = 12;

/// What comes from outside, in turns.
fn answers() -> [CallResult; 4] {
    [
        CallResult::answer(200, json!({"x": "один", "n": 2, "list": [1, {"k": 5}]})),
        CallResult::answer(200, json!({"status": "ok", "y": "x"})),
        CallResult::Failed {
            tag: "api_bind_error".to_owned(),
            hardware: true,
            description: "no connection".to_owned(),
            http_code: None,
        },
        CallResult::answer(500, json!("oops")),
    ]
}

/// Generated processes go round in circles and copy themselves: enough to see that two do it alike.
fn limits() -> Limits {
    Limits {
        nodes_per_run_max: 200,
        nodes_grace_max: 40,
        tasks_max: 8,
        ..Limits::default()
    }
}

fn inputs() -> [Map<String, Value>; 2] {
    let object = |value: Value| serde_json::from_value(value).unwrap();
    [
        object(json!({})),
        object(
            json!({"x": "a", "n": 1, "status": "active", "list": ["one"], "y": "two", "user_id": 7}),
        ),
    ]
}

/// Everything that happens, or everything that keeps it from happening.
pub fn told(documents: &Documents) -> Vec<String> {
    let Ok(set) = ProcessSet::build(documents) else {
        return problems(documents);
    };
    let mut told = Vec::new();
    for alias in documents.keys() {
        for input in inputs() {
            for first in [0, 2] {
                told.push(format!(
                    "{alias} with {}, answer {first}",
                    Value::from(input.clone())
                ));
                Play::new(&set, documents).run(alias, input.clone(), first, &mut told);
            }
        }
    }
    told
}

fn problems(documents: &Documents) -> Vec<String> {
    let problems = validate(documents).into_iter();
    let lines = problems.map(|problem| {
        let place = problem
            .node
            .map(|id| place(documents, &problem.process, &id));
        format!("{:?} {} {place:?}", problem.severity, problem.process)
    });
    lines.collect()
}

fn place(documents: &Documents, alias: &str, id: &str) -> usize {
    let nodes = &documents[alias].scheme.nodes;
    nodes
        .iter()
        .position(|node| node.id == id)
        .expect("a node of the process")
}

struct Play<'a> {
    set: &'a ProcessSet,
    documents: &'a Documents,
    world: World,
    now_ms: i64,
}

impl<'a> Play<'a> {
    fn new(set: &'a ProcessSet, documents: &'a Documents) -> Self {
        Self {
            set,
            documents,
            world: World::default(),
            now_ms: NOW_MS,
        }
    }

    fn run(mut self, alias: &str, input: Map<String, Value>, first: usize, told: &mut Vec<String>) {
        let mut open = None;
        for step in 0..STEPS {
            let world = std::mem::take(&mut self.world);
            let mut runner = Runner::new(self.set, world, limits(), self.now_ms);
            match open.take() {
                _ if step == 0 => {
                    let made = runner.create_task(alias, Some("ref"), input.clone());
                    told.push(format!("{made:?}"));
                }
                Some(call) => {
                    let answer = answers()[(first + step) % answers().len()].clone();
                    runner.resume(call, answer).unwrap();
                }
                None => {
                    let data = Map::from_iter([("status".to_owned(), json!(step))]);
                    let waking = self.documents.keys().map(|alias| {
                        format!("{:?}", runner.modify_task(alias, "ref", data.clone()))
                    });
                    told.extend(waking.collect::<Vec<_>>());
                }
            }
            let outcome = runner.step();
            self.tell(&mut runner, told);
            match outcome {
                Outcome::Call(call) => {
                    let at = place(self.documents, &call.process, &call.node);
                    told.push(format!(
                        "call {} {at} {} {}",
                        call.process, call.method, call.url
                    ));
                    open = Some(call.call_id);
                }
                Outcome::Code(call) => {
                    let at = place(self.documents, &call.process, &call.node);
                    told.push(format!("code {} {at} {}", call.process, call.source));
                    open = Some(call.call_id);
                }
                Outcome::Idle { next_wake_ms } => {
                    told.push(format!("idle {next_wake_ms:?}"));
                    self.now_ms = next_wake_ms.unwrap_or(self.now_ms + 1_000);
                }
            }
            self.world = runner.into_world();
            if self.world.is_empty() {
                return;
            }
        }
    }

    fn tell(&self, runner: &mut Runner<'_>, told: &mut Vec<String>) {
        for entry in runner.take_trace() {
            let at = place(self.documents, &entry.process, &entry.node);
            told.push(format!("{} in {}/{at}", entry.task.0, entry.process));
        }
        for failure in runner.take_failures() {
            let at = place(self.documents, &failure.process, &failure.node);
            let (task, tag) = (failure.task.0, failure.tag);
            told.push(format!("{task} failed in {}/{at}: {tag}", failure.process));
        }
        for end in runner.take_finished() {
            let at = place(self.documents, &end.process, &end.node);
            // Descriptions are for people and name nodes by their ids.
            let mut data = end.data;
            data.retain(|key, _| !key.ends_with("_return_description__"));
            let data = Value::Object(data);
            told.push(format!(
                "{} ended in {}/{at} {:?} {data}",
                end.task.0, end.process, end.ending
            ));
        }
    }
}
