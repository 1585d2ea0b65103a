//! A live dialogue as its author or analyst sees it: where its tasks stand and what they wait for. What a citizen said
//! or is called is told only to those who may read dialogues.

use serde::Serialize;
use serde_json::{Map, Value, json};
use vikno_process::{Task, TaskState, World};

/// Fields of tasks whose values are the platform's own words.
const PLAIN: [&str; 6] = ["event", "kind", "new", "status", "channel", "command"];
/// Fields of journal lines that name no person and quote nobody.
const PLAIN_IN_JOURNAL: [&str; 12] = [
    "channel",
    "code",
    "from",
    "kind",
    "language",
    "node",
    "offered",
    "process",
    "process_version",
    "score",
    "step",
    "to",
];
/// What stands for a value that is not shown.
const MASK: &str = "•••";

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Everything: for those who may read dialogues.
    Whole,
    /// Where things stand, without what people said and who they are.
    Masked,
}

/// A live task.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TaskView {
    /// Its number in this dialogue.
    pub id: u64,
    /// Alias of its process.
    pub process: String,
    /// Where it is.
    pub node: String,
    /// Where it was before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_node: Option<String>,
    /// What it waits for.
    #[serde(flatten)]
    pub waits_for: WaitsFor,
    /// The task that waits for its reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub called_by: Option<u64>,
    /// When it entered the node, Unix milliseconds.
    pub since_ms: i64,
    /// When its timer fires, Unix milliseconds.
    pub wakes_at_ms: Option<i64>,
    /// Its parameters; masked where the viewer may not read dialogues.
    pub data: Map<String, Value>,
}

/// What a task waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "waits_for", rename_all = "snake_case")]
pub enum WaitsFor {
    /// Its turn.
    Turn,
    /// The next event of the dialogue.
    Event,
    /// The reply of a task it made.
    Reply {
        /// That task.
        of: u64,
    },
    /// The answer of a step.
    Step,
    /// Its timer.
    Timer,
    /// The time of another attempt at a step.
    Attempt,
    /// A task that takes it out of its queue.
    Taker,
    /// That another task takes what it passes on.
    Acceptance {
        /// That task.
        of: u64,
    },
}

impl From<TaskState> for WaitsFor {
    fn from(state: TaskState) -> Self {
        match state {
            TaskState::Ready => Self::Turn,
            TaskState::WaitingCallback => Self::Event,
            TaskState::WaitingRpc { child } => Self::Reply { of: child.0 },
            TaskState::WaitingCall { .. } => Self::Step,
            TaskState::Delayed => Self::Timer,
            TaskState::Retrying => Self::Attempt,
            TaskState::Queued => Self::Taker,
            TaskState::WaitingCopy { target } => Self::Acceptance { of: target.0 },
        }
    }
}

/// The live tasks of a dialogue.
pub fn tasks(world: &World, sight: Sight) -> Vec<TaskView> {
    let tasks = world.tasks().map(|(id, task)| TaskView {
        id: id.0,
        process: task.process.to_string(),
        node: task.node.to_string(),
        previous_node: task.previous_node.as_ref().map(ToString::to_string),
        waits_for: task.state.into(),
        called_by: task.reply_to.map(|id| id.0),
        since_ms: task.entered_at,
        wakes_at_ms: task.wake_at,
        data: data(task, sight),
    });
    tasks.collect()
}

fn data(task: &Task, sight: Sight) -> Map<String, Value> {
    match sight {
        Sight::Whole => task.data.to_map(),
        Sight::Masked => masked(&task.data.to_map(), &PLAIN),
    }
}

/// What a journal line tells beside its name.
pub fn journal_data(data: &Value, sight: Sight) -> Value {
    match (sight, data) {
        (Sight::Whole, data) => data.clone(),
        (Sight::Masked, Value::Object(fields)) => Value::Object(masked(fields, &PLAIN_IN_JOURNAL)),
        (Sight::Masked, _) => json!({}),
    }
}

fn masked(fields: &Map<String, Value>, plain: &[&str]) -> Map<String, Value> {
    let fields = fields.iter().map(|(name, value)| {
        let shown = match value {
            _ if !plain.contains(&name.as_str()) => hidden(value),
            // A plain field that holds fields shows the plain ones among them.
            Value::Object(inner) => Value::Object(masked(inner, plain)),
            Value::Array(_) => hidden(value),
            value => value.clone(),
        };
        (name.clone(), shown)
    });
    fields.collect()
}

/// Whether there is something is no secret; what it is may be.
fn hidden(value: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::Bool(value) => Value::Bool(*value),
        _ => MASK.into(),
    }
}
