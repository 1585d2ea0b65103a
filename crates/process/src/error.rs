//! Failures: of a logic (for its error branch) and of what callers ask of a run.

use serde_json::Value;

use crate::data::Data;
use crate::expression::EvaluationError;
use crate::limits::DESCRIPTION_CHARS_MAX;
use crate::world::CallId;

/// The logics whose failures name parameters `__conveyor_FAMILY_return_…__`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Api,
    CopyTask,
    Rpc,
    RpcReply,
    SetParam,
    Code,
    ApiSum,
    Queue,
    GetTask,
    DbCall,
    GitCall,
    Form,
    Callback,
}

impl Family {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::CopyTask => "copy_task",
            Self::Rpc => "rpc",
            Self::RpcReply => "rpc_reply",
            Self::SetParam => "set_param",
            Self::Code => "code",
            Self::ApiSum => "api_sum",
            Self::Queue => "queue",
            Self::GetTask => "get_task",
            Self::DbCall => "db_call",
            Self::GitCall => "git_call",
            Self::Form => "api_form",
            Self::Callback => "callback",
        }
    }
}

/// A logic failed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ActionError {
    pub(crate) family: Family,
    pub(crate) hardware: bool,
    pub(crate) tag: String,
    pub(crate) description: String,
    pub(crate) http_code: Option<u16>,
    /// Merged into the task: what a callee sends with an exception.
    pub(crate) data: Data,
}

impl ActionError {
    pub(crate) fn software(family: Family, tag: &str, description: impl Into<String>) -> Self {
        let description: String = description.into();
        Self {
            family,
            hardware: false,
            tag: tag.to_owned(),
            description: description.chars().take(DESCRIPTION_CHARS_MAX).collect(),
            http_code: None,
            data: Data::default(),
        }
    }

    pub(crate) fn hardware(family: Family, tag: &str, description: impl Into<String>) -> Self {
        Self {
            hardware: true,
            ..Self::software(family, tag, description)
        }
    }

    pub(crate) fn evaluation(family: Family, error: &EvaluationError) -> Self {
        let tag = match error {
            EvaluationError::TooLarge => return Self::too_large(family),
            _ => format!("{}_wrong_convert_param", family.name()),
        };
        Self::software(family, &tag, error.to_string())
    }

    pub(crate) fn too_large(family: Family) -> Self {
        let tag = match family {
            Family::Api => "api_task_size_overflow_limit",
            Family::CopyTask => "copy_task_size_overflow_limit",
            Family::Rpc => "rpc_task_size_overflow",
            Family::RpcReply => "rpc_reply_size_overflow_limit",
            Family::SetParam => "set_param_size_overflow_limit",
            // The only documented tag for what a code gives back.
            Family::Code => "code_return_format_error",
            Family::Queue => "queue_size_overflow_limit",
            Family::GetTask => "get_task_size_overflow_limit",
            Family::Callback | Family::ApiSum | Family::DbCall | Family::GitCall | Family::Form => {
                "size_overflow_limit"
            }
        };
        Self::software(
            family,
            tag,
            "the task's data is larger or deeper than allowed",
        )
    }

    /// Sets the parameters that an error branch looks at.
    pub(crate) fn write_to(self, data: &mut Data) {
        data.extend(self.data);
        let kind = if self.hardware {
            "hardware"
        } else {
            "software"
        };
        // A callee's exception is a failure of the call and of the reply: authors test either.
        let families = match self.tag.as_str() {
            "rpc_reply_exception" => [Some(Family::Rpc), Some(Family::RpcReply)],
            _ => [Some(self.family), None],
        };
        for family in families.into_iter().flatten().map(Family::name) {
            let mut set = |what: &str, value: Value| {
                data.insert(&format!("__conveyor_{family}_return_{what}__"), value)
            };
            set("type_error", kind.into());
            set("type_tag", self.tag.as_str().into());
            set("description", self.description.as_str().into());
        }
        if let Some(code) = self.http_code {
            data.insert("__conveyor_api_return_http_code__", Value::from(code));
        }
    }
}

/// Why a task could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CreateError {
    /// No such process.
    #[error("there is no process `{0}`")]
    UnknownProcess(String),
    /// The process is paused.
    #[error("conveyor is not active")]
    NotActive,
    /// A live task of the process has that reference.
    #[error("not unical reference")]
    RefTaken,
    /// The reference is over 255 bytes.
    #[error("the reference is longer than 255 bytes")]
    RefTooLong,
    /// A declared parameter is missing or of another type.
    #[error("parameter `{0}` is missing or not as declared")]
    InvalidParams(String),
    /// The conversation has as many live tasks as it may.
    #[error("too many tasks in one conversation")]
    TooManyTasks,
    /// The data is larger or deeper than a task may be.
    #[error("the task's data is larger or deeper than allowed")]
    TooLarge,
    /// The start node cannot be entered: a limit of the run, or a timer without a time.
    #[error("the task cannot start: {0}")]
    CannotStart(&'static str),
}

/// Why a task could not be modified.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModifyError {
    /// No live task with that reference.
    #[error("there is no such task")]
    NotFound,
    /// The task does not wait in a callback node.
    #[error("the task does not wait for a callback")]
    NotWaiting,
    /// It was modified at this very moment and did not run since.
    #[error("the task was modified at this moment already")]
    Duplicate,
    /// A callback came for a task that is elsewhere.
    #[error("task_not_in_current_sync_callback_node")]
    NotInNode,
    /// A callback's body names no task where its node looks for one.
    #[error("the body names no task at `{0}`")]
    NoTaskNamed(String),
    /// The data would be larger or deeper than a task may be.
    #[error("the task's data is larger or deeper than allowed")]
    TooLarge,
}

/// Why a person cannot do that with a live task.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InterventionError {
    /// It has ended, or never was.
    #[error("there is no such task in this dialogue any more")]
    NoSuchTask,
    /// No such node in its process.
    #[error("its process has no node `{0}`")]
    NoSuchNode(String),
    /// It waits for something that only another task can give, and its node has no timer.
    #[error("it waits for another task and has no timer: begin again at a node of your choice")]
    NowhereToGo,
    /// A step is at work for it.
    #[error("a step is at work for it at this moment")]
    InACall,
}

/// Why a call's result was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResumeError {
    /// No task waits for that call (any more).
    #[error("no task waits for call {}", .0.0)]
    UnknownCall(CallId),
}
