//! What is answered: one entry for each operation, or one failure of the body as a whole.

use serde_json::{Map, Value, json};

use super::entrance::Version;
use super::op::Echo;

/// Characters of a refused value that are told back: enough to recognise it.
const VALUE_CHARS_MAX: usize = 100;

/// Why one operation failed. The texts are Corezoid's where it has one: clients compare them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpError {
    /// A live task of the process has that reference.
    #[error("not unical reference")]
    RefTaken,
    /// The process is paused.
    #[error("conveyor is not active")]
    NotActive,
    /// No such process, or none that this caller may use.
    #[error("access denied")]
    AccessDenied,
    /// No such task.
    #[error("task not found")]
    TaskNotFound,
    /// The task is not in a node that waits for a callback.
    #[error("no api callback in node with task")]
    NotWaiting,
    /// The task is not in the node whose callback address was called.
    #[error("task_not_in_current_sync_callback_node")]
    InAnotherNode,
    /// No such node.
    #[error("node not found")]
    NodeNotFound,
    /// A declared parameter is missing or not as declared.
    #[error("wrong validate params: {0}")]
    InvalidParams(String),
    /// The data is larger or deeper than a task's may be.
    #[error("task size overflow limit")]
    TooLarge,
    /// Too many calls.
    #[error("Too many requests: limit is reached")]
    RateLimited,
    /// No answer within the caller's time.
    #[error("Timeout for create task")]
    Timeout,
    /// The process of a synchronous call came to an end that no error branch took over.
    #[error("the task failed in node {0}")]
    TaskFailed(String),
    /// We cannot do it at the moment.
    #[error("temporarily unavailable, try again")]
    Unavailable,
    /// Nothing that this API does.
    #[error("unknown operation: {kind} {object}")]
    UnknownOperation {
        /// The `type`.
        kind: String,
        /// The `obj`.
        object: String,
    },
    /// A field is missing.
    #[error("Key '{key}' is required")]
    Missing {
        /// Which.
        key: &'static str,
    },
    /// A field is not what it should be.
    #[error("Value is not valid: {expected} is wanted")]
    Invalid {
        /// Which.
        key: &'static str,
        /// What it is, shortened.
        value: String,
        /// What it should be.
        expected: &'static str,
    },
}

impl OpError {
    pub(super) fn invalid(key: &'static str, value: &Value, expected: &'static str) -> Self {
        let text = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Self::Invalid {
            key,
            value: text.chars().take(VALUE_CHARS_MAX).collect(),
            expected,
        }
    }

    /// Reads a code of [`OpError::code`] that came back with words.
    pub fn of_code(code: &str, detail: &str) -> Self {
        match code {
            "not_unical_ref" => Self::RefTaken,
            "conveyor_is_not_active" => Self::NotActive,
            "access_denied" => Self::AccessDenied,
            "not_found_task" => Self::TaskNotFound,
            "no_api_callback_in_node_with_task" => Self::NotWaiting,
            "task_not_in_current_sync_callback_node" => Self::InAnotherNode,
            "wrong_validate_params" => Self::InvalidParams(detail.to_owned()),
            "task_size_overflow_limit" => Self::TooLarge,
            _ => Self::Unavailable,
        }
    }

    /// The code that version 1 has in `proc`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::RefTaken => "not_unical_ref",
            Self::NotActive => "conveyor_is_not_active",
            Self::AccessDenied => "access_denied",
            Self::TaskNotFound => "not_found_task",
            Self::NotWaiting => "no_api_callback_in_node_with_task",
            Self::InAnotherNode => "task_not_in_current_sync_callback_node",
            Self::NodeNotFound => "obj_id_not_found",
            Self::InvalidParams(_) => "wrong_validate_params",
            Self::TooLarge => "task_size_overflow_limit",
            Self::RateLimited => "too_many_requests",
            Self::Timeout => "timeout",
            Self::TaskFailed(_) => "task_failed",
            Self::Unavailable => "crash_api",
            Self::UnknownOperation { .. } => "unknown_operation",
            Self::Missing { .. } | Self::Invalid { .. } => "wrong_params",
        }
    }
}

/// The answer to one operation.
#[derive(Debug, Clone, PartialEq)]
pub struct OpAnswer {
    echo: Echo,
    result: Result<Map<String, Value>, OpError>,
}

impl OpAnswer {
    /// A task was made (or changed, or deleted): its id.
    pub fn created(echo: Echo, task_id: &str) -> Self {
        Self::done(
            echo,
            Map::from_iter([("obj_id".to_owned(), task_id.into())]),
        )
    }

    /// It was done; these fields are added to the answer.
    pub fn done(echo: Echo, fields: Map<String, Value>) -> Self {
        Self {
            echo,
            result: Ok(fields),
        }
    }

    /// It was not done.
    pub fn failed(echo: Echo, error: OpError) -> Self {
        Self {
            echo,
            result: Err(error),
        }
    }

    fn to_value(&self, version: Version) -> Value {
        let id = match &self.echo.id {
            Value::Null => Value::from(""),
            id => id.clone(),
        };
        let mut answer = json!({"id": id, "obj": self.echo.obj});
        let mut set = |key: &str, value: Value| answer[key] = value;
        if !self.echo.reference.is_null() {
            set("ref", self.echo.reference.clone());
        }
        match &self.result {
            Ok(fields) => {
                set("proc", "ok".into());
                fields
                    .iter()
                    .for_each(|(key, value)| set(key, value.clone()));
            }
            Err(error) => {
                set("proc", proc_of(error, version).into());
                set("description", error.to_string().into());
                if let OpError::Missing { key } | OpError::Invalid { key, .. } = error {
                    set("key", (*key).into());
                }
                if let OpError::Invalid { value, .. } = error {
                    set("value", value.as_str().into());
                }
            }
        }
        answer
    }
}

fn proc_of(error: &OpError, version: Version) -> &'static str {
    match version {
        Version::One => error.code(),
        Version::Two => "error",
    }
}

/// The answer to a call. Failures of single operations do not change its status, which is 200.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer(Vec<OpAnswer>);

impl Answer {
    /// In the order of the operations.
    pub fn of(answers: impl IntoIterator<Item = OpAnswer>) -> Self {
        Self(answers.into_iter().collect())
    }

    /// The body.
    pub fn to_json(&self, version: Version) -> String {
        let ops: Vec<Value> = self
            .0
            .iter()
            .map(|answer| answer.to_value(version))
            .collect();
        json!({"request_proc": "ok", "ops": ops}).to_string()
    }
}

/// Why a body as a whole cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// Not JSON.
    #[error("not JSON: line {line}, column {column}")]
    NotJson {
        /// Line of the fault, from 1.
        line: usize,
        /// Column of the fault, from 1.
        column: usize,
    },
    /// JSON, but no object.
    #[error("not a JSON object")]
    NotAnObject,
    /// Not one XML element, with nothing that a document type would have to explain.
    #[error("not an XML element that can be read: byte {at}")]
    NotXml {
        /// Where reading stopped, in bytes from 0.
        at: u64,
    },
    /// No operations.
    #[error("there is no list `ops` with an operation in it")]
    NoOps,
    /// More operations than a call may have.
    #[error("{0} operations; a call may have 1000")]
    TooManyOps(usize),
    /// A synchronous call is one new task.
    #[error("a synchronous call is one operation: create task")]
    NotOneTask,
    /// The timeout of a synchronous call.
    #[error("`timeout` is not 1 to 60 seconds")]
    BadTimeout,
}

impl BodyError {
    /// The HTTP status: version 1 tells everything in the body.
    pub fn status(self, version: Version) -> u16 {
        match version {
            Version::One => 200,
            Version::Two => 400,
        }
    }

    /// The body: version 1 has no operations in it, version 2 one that tells why.
    pub fn to_json(self, version: Version) -> String {
        let ops = match version {
            Version::One => json!([]),
            Version::Two => {
                json!([{"proc": "error", "description": format!("Incorrect body: {self}")}])
            }
        };
        json!({"request_proc": "format_error", "ops": ops}).to_string()
    }
}
