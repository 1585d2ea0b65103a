//! Short forms for tests: processes as lists of logics, runs with a hand-moved clock.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use vikno_process::{
    ApiCall, CallId, CallResult, CodeCall, Limits, Outcome, ProcessDocument, ProcessSet, Runner,
    SharedState, SumAdded, TaskFailed, TaskFinished, World,
};

pub const NOW: i64 = 1_800_000_000_000;

/// Makes a process of `{node id: [logics and semaphors]}`. `start` is the start node, `end…` nodes are
/// final and `error…` ones final with an error. A step `{"type": "stub", "logics": […]}` is the node's stub.
pub fn process(nodes: &Value) -> ProcessDocument {
    let nodes: Vec<Value> = object(nodes.clone())
        .into_iter()
        .map(|(id, steps)| {
            let (obj_type, icon) = match id.as_str() {
                "start" => (1, ""),
                id if id.starts_with("end") => (2, "success"),
                id if id.starts_with("error") => (2, "error"),
                _ => (0, ""),
            };
            let mut steps = steps.as_array().expect("a list of steps").clone();
            let stub = steps.iter().position(|step| step["type"] == "stub");
            let stub = stub.map(|at| steps.remove(at));
            let obj_type = if stub.is_some() { 4 } else { obj_type };
            let (semaphors, logics): (Vec<Value>, Vec<Value>) = steps
                .into_iter()
                .partition(|step| matches!(step["type"].as_str(), Some("time" | "count")));
            json!({"id": id, "obj_type": obj_type, "extra": json!({"icon": icon}).to_string(),
                   "condition": {"logics": logics, "semaphors": semaphors, "stub": stub}})
        })
        .collect();
    serde_json::from_value(json!({"obj_type": 1, "status": "active", "scheme": {"nodes": nodes}}))
        .expect("a process")
}

pub fn documents(processes: &[(&str, Value)]) -> BTreeMap<String, ProcessDocument> {
    processes
        .iter()
        .map(|(alias, nodes)| ((*alias).to_owned(), process(nodes)))
        .collect()
}

pub fn set(processes: &[(&str, Value)]) -> ProcessSet {
    ProcessSet::build(&documents(processes)).expect("processes without errors")
}

pub fn go(to: &str) -> Value {
    json!({"type": "go", "to_node_id": to})
}

pub fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        other => panic!("not an object: {other}"),
    }
}

/// A conversation whose world is stored and loaded at every wait, as in production.
pub struct Conversation<'p> {
    set: &'p ProcessSet,
    world: Vec<u8>,
    pub now: i64,
    pub limits: Limits,
    pub environment: BTreeMap<String, Value>,
    pub others: SharedState,
    pub seed: u64,
    pub sums: Vec<SumAdded>,
    pub failures: Vec<TaskFailed>,
    pub finished: Vec<TaskFinished>,
    pub trace: Vec<String>,
}

impl<'p> Conversation<'p> {
    pub fn new(set: &'p ProcessSet) -> Self {
        Self {
            set,
            world: World::default().to_json(),
            now: NOW,
            limits: Limits::default(),
            environment: BTreeMap::new(),
            others: SharedState::default(),
            seed: 7,
            sums: Vec::new(),
            failures: Vec::new(),
            finished: Vec::new(),
            trace: Vec::new(),
        }
    }

    /// Does something to a run, then steps it.
    pub fn act<R>(&mut self, act: impl FnOnce(&mut Runner<'_>) -> R) -> (R, Outcome) {
        let world = World::from_json(&self.world).expect("a stored world");
        let (environment, others) = (self.environment.clone(), self.others.clone());
        let mut runner = Runner::new(self.set, world, self.limits, self.now)
            .with_environment(&environment)
            .with_surroundings(&others)
            .with_seed(self.seed);
        let result = act(&mut runner);
        let outcome = runner.step();
        self.failures.extend(runner.take_failures());
        self.finished.extend(runner.take_finished());
        self.sums.extend(runner.take_sums());
        self.trace.extend(
            runner
                .take_trace()
                .into_iter()
                .map(|entry| format!("{}/{}", entry.process, entry.node)),
        );
        self.world = runner.into_world().to_json();
        (result, outcome)
    }

    pub fn create(&mut self, alias: &str, reference: &str, data: Value) -> Outcome {
        let (result, outcome) =
            self.act(|runner| runner.create_task(alias, Some(reference), object(data)));
        result.expect("a new task");
        outcome
    }

    pub fn modify(&mut self, alias: &str, reference: &str, data: Value) -> Outcome {
        let (result, outcome) =
            self.act(|runner| runner.modify_task(alias, reference, object(data)));
        result.expect("a waiting task");
        outcome
    }

    pub fn resume(&mut self, call: &ApiCall, result: CallResult) -> Outcome {
        self.resume_id(call.call_id, result)
    }

    pub fn resume_id(&mut self, call: CallId, result: CallResult) -> Outcome {
        let (resumed, outcome) = self.act(|runner| runner.resume(call, result));
        resumed.expect("an open call");
        outcome
    }

    pub fn wait_ms(&mut self, length_ms: i64) -> Outcome {
        self.now += length_ms;
        self.act(|_| ()).1
    }

    pub fn world(&self) -> World {
        World::from_json(&self.world).expect("a stored world")
    }

    /// Final node and data of the only task that finished.
    pub fn the_end(&self) -> (&str, Value) {
        assert_eq!(self.failures, []);
        match self.finished.as_slice() {
            [end] => (&end.node, end.data.to_value()),
            ends => panic!("{} tasks finished: {ends:?}", ends.len()),
        }
    }
}

pub fn the_call(outcome: Outcome) -> ApiCall {
    match outcome {
        Outcome::Call(call) => call,
        other => panic!("no call of a service: {other:?}"),
    }
}

pub fn the_code(outcome: Outcome) -> CodeCall {
    match outcome {
        Outcome::Code(call) => call,
        other => panic!("no call of a code: {other:?}"),
    }
}

pub fn idle_until(outcome: &Outcome) -> Option<i64> {
    match outcome {
        Outcome::Idle { next_wake_ms } => *next_wake_ms,
        call => panic!("a call: {call:?}"),
    }
}
