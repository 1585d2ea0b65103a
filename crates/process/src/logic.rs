//! What a node does, checked and ready to run. Targets are indexes into the process's nodes.

use crate::condition::Condition;
use crate::expression::{Assignment, Expression};
use crate::template::Template;

/// A node's place in its process.
pub(crate) type NodeIndex = usize;

/// One logic.
#[derive(Debug, Clone)]
pub(crate) enum Logic {
    Go {
        to: NodeIndex,
    },
    GoIf {
        to: NodeIndex,
        conditions: Vec<Condition>,
    },
    SetParam {
        values: Vec<Assignment>,
        on_error: Option<NodeIndex>,
    },
    Api {
        request: Box<Request>,
        on_error: Option<NodeIndex>,
    },
    ApiCallback,
    ApiCopy {
        copy: Box<Copy>,
        on_error: Option<NodeIndex>,
    },
    ApiRpc {
        process: ProcessName,
        values: Vec<Assignment>,
        send_all: bool,
        on_error: Option<NodeIndex>,
    },
    ApiRpcReply {
        reply: Box<Reply>,
        on_error: Option<NodeIndex>,
    },
    /// Not runnable; stands only where no task should come.
    Broken(String),
}

/// An outside call.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) url: Template,
    pub(crate) headers: Vec<(String, Template)>,
    pub(crate) content_type: String,
    pub(crate) body: RequestBody,
    /// Adds `sys` (where the call comes from) to a JSON body.
    pub(crate) send_sys: bool,
    /// `None` spreads the answer into the task's root; else only these are set, from `header` and `body`.
    pub(crate) response: Option<Vec<Assignment>>,
}

#[derive(Debug, Clone)]
pub(crate) enum RequestBody {
    Parameters(Vec<Assignment>),
    Raw(Expression),
}

/// A task made or changed in another process.
#[derive(Debug, Clone)]
pub(crate) struct Copy {
    pub(crate) mode: CopyMode,
    pub(crate) process: ProcessName,
    pub(crate) reference: Template,
    pub(crate) values: Vec<Assignment>,
    pub(crate) send_all: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CopyMode {
    Create,
    Modify,
}

/// An answer to the caller.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) values: ReplyValues,
    /// The reason, when the caller is sent to its error branch.
    pub(crate) exception: Option<Template>,
}

#[derive(Debug, Clone)]
pub(crate) enum ReplyValues {
    KeyValue(Vec<Assignment>),
    Keys(Vec<(String, Template)>),
}

/// Which process a logic means: `@alias`, an alias, or a numeric id; the text may be made of placeholders.
#[derive(Debug, Clone)]
pub(crate) struct ProcessName(pub(crate) Template);

/// A time limit of a node.
#[derive(Debug, Clone)]
pub(crate) struct Timer {
    pub(crate) value: TimerValue,
    pub(crate) to: NodeIndex,
}

#[derive(Debug, Clone)]
pub(crate) enum TimerValue {
    /// From the moment the task enters the node.
    After { seconds: i64 },
    /// A text made of placeholders: a Unix time in seconds, or, when too small for one, a length in the unit.
    Computed { text: Template, unit_seconds: i64 },
}

impl Logic {
    /// Where it may send a task, be it on an error.
    pub(crate) fn target(&self) -> Option<NodeIndex> {
        match self {
            Self::Go { to } | Self::GoIf { to, .. } => Some(*to),
            Self::SetParam { on_error, .. }
            | Self::Api { on_error, .. }
            | Self::ApiCopy { on_error, .. }
            | Self::ApiRpc { on_error, .. }
            | Self::ApiRpcReply { on_error, .. } => *on_error,
            Self::ApiCallback | Self::Broken(_) => None,
        }
    }
}
