//! What a node does, checked and ready to run. Targets are indexes into the process's nodes.

use crate::condition::Condition;
use crate::error::Family;
use crate::expression::{Assignment, Expression};
use crate::path::Path;
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
    ApiCode {
        source: String,
        on_error: Option<NodeIndex>,
    },
    ApiCallback(Callback),
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
    /// Replies that stand in for those of the called process.
    Stub {
        cases: Vec<StubCase>,
        on_error: Option<NodeIndex>,
    },
    /// Adds to sums of the node: name and amount.
    ApiSum {
        sums: Vec<(String, Template)>,
        on_error: Option<NodeIndex>,
    },
    /// Holds a task until another one takes it; the values are set as it leaves.
    ApiQueue {
        values: Vec<Assignment>,
        on_error: Option<NodeIndex>,
    },
    ApiGetTask {
        queue: Box<QueueName>,
        on_error: Option<NodeIndex>,
    },
    /// What the original does outside of its engine and we do in steps: always its error branch.
    Elsewhere {
        family: Family,
        description: String,
        on_error: Option<NodeIndex>,
    },
    /// Not runnable; stands only where no task should come.
    Broken(String),
}

/// A wait for data from outside.
#[derive(Debug, Clone)]
pub(crate) struct Callback {
    /// Where the body of a callback names the task.
    pub(crate) task_path: Option<Path>,
    /// Whether a callback is refused while the task is not here.
    pub(crate) only_here: bool,
}

/// One reply of a stub and when it is given.
#[derive(Debug, Clone)]
pub(crate) struct StubCase {
    pub(crate) conditions: Vec<Condition>,
    pub(crate) reply: Reply,
}

/// The node where tasks wait to be taken.
#[derive(Debug, Clone)]
pub(crate) struct QueueName {
    pub(crate) process: ProcessName,
    pub(crate) node: Template,
    /// Whether the task that came last is taken.
    pub(crate) newest: bool,
}

/// When a failed call is made again. An addition of ours; Corezoid ignores the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Retry {
    /// Calls in all, the first among them.
    pub(crate) attempts: u32,
    /// Before the second call; twice as long before each further one.
    pub(crate) wait_ms: i64,
    /// Whether a wait is shortened by up to a half, so that tasks that failed together do not come back together.
    pub(crate) jitter: bool,
}

/// An outside call.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) url: Template,
    /// The whole URL when there is no placeholder in it, as it goes out.
    pub(crate) encoded_url: Option<String>,
    pub(crate) headers: Vec<(String, Template)>,
    pub(crate) content_type: String,
    pub(crate) body: RequestBody,
    /// Adds `sys` (where the call comes from) to a JSON body.
    pub(crate) send_sys: bool,
    /// Signs the body; empty for none.
    pub(crate) secret: Template,
    /// Adds `__conveyor_api_debug__` to the task.
    pub(crate) debug: bool,
    /// `None` spreads the answer into the task's root; else only these are set, from `header` and `body`.
    pub(crate) response: Option<Vec<Assignment>>,
    pub(crate) retry: Option<Retry>,
}

#[derive(Debug, Clone)]
pub(crate) enum RequestBody {
    /// As JSON, or in the query of a method without a body.
    Parameters(Vec<Assignment>),
    /// As `a=b&c=d`.
    Form(Vec<Assignment>),
    Raw(Expression),
    /// Corezoid's own frame: the task's data, and these as `extra`.
    Conveyor(Vec<Assignment>),
}

/// A task made or changed in another process.
#[derive(Debug, Clone)]
pub(crate) struct Copy {
    pub(crate) mode: CopyMode,
    pub(crate) process: ProcessName,
    pub(crate) reference: Template,
    /// The id of the task to modify, instead of its reference.
    pub(crate) task_id: Option<Template>,
    /// Adds which task the copy was made from.
    pub(crate) send_origin: bool,
    /// Waits until the task to modify waits for it.
    pub(crate) waits: bool,
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

/// A limit on the tasks in a node: a signal goes out when it is reached and when it is no more.
#[derive(Debug, Clone)]
pub(crate) struct CountLimit {
    pub(crate) value: Template,
    pub(crate) to: NodeIndex,
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
            | Self::ApiRpcReply { on_error, .. }
            | Self::ApiCode { on_error, .. }
            | Self::Stub { on_error, .. }
            | Self::ApiSum { on_error, .. }
            | Self::ApiQueue { on_error, .. }
            | Self::ApiGetTask { on_error, .. }
            | Self::Elsewhere { on_error, .. } => *on_error,
            Self::ApiCallback(_) | Self::Broken(_) => None,
        }
    }
}
