//! What goes in and out of a run, as plain values.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::data::Data;
use crate::name::Name;
use crate::process::Ending;
use crate::world::{CallId, TaskId};

/// Where a run stands after a step.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A task needs an answer from outside: perform it, resume, step again.
    Call(ApiCall),
    /// A task needs a program run: run it, resume, step again.
    Code(CodeCall),
    /// Every task waits, or none is left.
    Idle {
        /// When the earliest timer fires, Unix milliseconds.
        next_wake_ms: Option<i64>,
    },
}

/// A call to perform.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiCall {
    /// Names the call in [`crate::Runner::resume`]; the same again when a world is loaded whose call was never answered.
    pub call_id: CallId,
    /// The task that waits for it.
    pub task: TaskId,
    /// The alias of the task's process.
    pub process: Name,
    /// The node that calls.
    pub node: Name,
    /// Upper-case HTTP method.
    pub method: String,
    /// Begins with `http://` or `https://`.
    pub url: String,
    /// Lower-case names.
    pub headers: Vec<(String, String)>,
    /// JSON to send; a text is sent as it stands when the content type is not JSON; null means no body.
    pub body: Value,
    /// How long an answer may take.
    pub timeout_ms: i64,
}

/// A program to run on a task's data. It works on a global `data`, and what is there at its end (or what it
/// returns as `data`) is the task's whole new data.
#[derive(Debug, Clone, PartialEq)]
pub struct CodeCall {
    /// As in [`ApiCall`].
    pub call_id: CallId,
    /// The task that waits for it.
    pub task: TaskId,
    /// The alias of the task's process.
    pub process: Name,
    /// The node whose code it is.
    pub node: Name,
    /// JavaScript. Placeholders in it are not replaced.
    pub source: String,
    /// The task's data.
    pub data: Map<String, Value>,
    /// How long it may run.
    pub timeout_ms: i64,
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq)]
pub enum CallResult {
    /// An HTTP answer, whatever its status.
    Answer {
        /// The HTTP status.
        status: u16,
        /// Its headers, for processes that map them.
        headers: Vec<(String, String)>,
        /// Its body: JSON as it is, other text as a JSON text, nothing as null.
        body: Value,
    },
    /// There was no answer.
    Failed {
        /// A Corezoid tag such as `api_expire_query` (no answer in time) or `api_bind_error` (no connection).
        tag: String,
        /// Whether trying again later may help.
        hardware: bool,
        /// What happened, for people.
        description: String,
        /// The HTTP status, if it came so far.
        http_code: Option<u16>,
    },
}

impl CallResult {
    /// An answer whose headers nobody needs.
    pub fn answer(status: u16, body: Value) -> Self {
        Self::Answer {
            status,
            headers: Vec::new(),
            body,
        }
    }

    /// The whole new data that a code left.
    pub fn code_data(data: Map<String, Value>) -> Self {
        Self::answer(200, Value::Object(data))
    }

    /// A code ran too long (or its executor was not there): trying again later may help.
    pub fn code_timeout(description: impl Into<String>) -> Self {
        Self::code_failed("code_timeout", true, description.into())
    }

    /// A code threw, or could not be read.
    pub fn code_executing_error(message: &str, line: Option<u32>) -> Self {
        let description = match line {
            Some(line) => format!("line {line}: {message}"),
            None => message.to_owned(),
        };
        Self::code_failed("code_executing_error", false, description)
    }

    /// A code left something that is no object.
    pub fn code_return_format_error(message: impl Into<String>) -> Self {
        Self::code_failed("code_return_format_error", false, message.into())
    }

    fn code_failed(tag: &str, hardware: bool, description: String) -> Self {
        Self::Failed {
            tag: tag.to_owned(),
            hardware,
            description,
            http_code: None,
        }
    }
}

/// A task entered a node. Small, since a run notes dozens: process and node stand in the place, which is the process's.
#[derive(Clone, PartialEq)]
pub struct TraceEntry {
    /// The task.
    pub task: TaskId,
    /// Where.
    pub place: Arc<NodePlace>,
    /// When, Unix milliseconds.
    pub at: i64,
    /// With which data, where the run remembers that.
    pub data: Option<Data>,
}

/// A node among all processes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodePlace {
    /// The alias of the process.
    pub process: Name,
    /// The node.
    pub node: Name,
}

impl Deref for TraceEntry {
    type Target = NodePlace;

    fn deref(&self) -> &NodePlace {
        &self.place
    }
}

impl fmt::Debug for TraceEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TraceEntry")
            .field("task", &self.task)
            .field("process", &self.process)
            .field("node", &self.node)
            .field("at", &self.at)
            .finish()
    }
}

/// A task ended where no error branch could take over. People have to look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskFailed {
    /// The task, which is gone.
    pub task: TaskId,
    /// The alias of its process.
    pub process: Name,
    /// The node where it happened.
    pub node: Name,
    /// The task's reference.
    pub reference: Option<String>,
    /// What kind of failure.
    pub tag: String,
    /// Whether trying again later might have helped.
    pub hardware: bool,
    /// What happened, for people. May quote an author's reason or a service's words: journal it, do not log it.
    pub description: String,
    /// When, Unix milliseconds.
    pub at: i64,
}

/// A task reached a final node.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskFinished {
    /// The task, which is gone.
    pub task: TaskId,
    /// The alias of its process.
    pub process: Name,
    /// The final node.
    pub node: Name,
    /// The task's reference.
    pub reference: Option<String>,
    /// Whether its author marked that node as an error.
    pub ending: Ending,
    /// The parameters it ended with; personal data, as a rule.
    pub data: Data,
}
