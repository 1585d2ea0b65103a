//! One operation on tasks: what is asked of which process.

use serde_json::{Map, Value};

use super::answer::OpError;
use super::fields::{data, integer, reference, required, text};

/// Rows of a list when the caller does not say; and at most.
const PAGE_ROWS: u64 = 50;
const PAGE_ROWS_MAX: u64 = 500;

/// An operation, or why it cannot be done; the answer carries the echo either way.
#[derive(Debug, Clone, PartialEq)]
pub struct Op {
    /// What the answer repeats.
    pub echo: Echo,
    /// What is asked.
    pub action: Result<Action, OpError>,
}

/// What an answer repeats of its operation, so that the caller can match them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Echo {
    pub(super) id: Value,
    pub(super) obj: String,
    pub(super) reference: Value,
}

/// Which process: by number or by alias.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProcessName {
    /// `conv_id`, as a number or a text of digits.
    Number(i64),
    /// `obj_alias`, or `conv_id` with an alias (`@queue`); without the `@`.
    Alias(String),
}

/// Which task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskName {
    /// By the reference that its creator gave.
    Reference(String),
    /// By the id that it was given.
    Id(String),
}

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How many at most.
    pub limit: u64,
    /// How many are passed over.
    pub offset: u64,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// A new task.
    Create {
        /// Where.
        process: ProcessName,
        /// Its name among the live tasks of the process.
        reference: Option<String>,
        /// Its parameters.
        data: Map<String, Value>,
    },
    /// New parameters for a task that waits; top-level keys are merged.
    Modify {
        /// Where.
        process: ProcessName,
        /// Which.
        task: TaskName,
        /// What is merged in.
        data: Map<String, Value>,
    },
    /// A task as it stands.
    Show {
        /// Where.
        process: ProcessName,
        /// Which.
        task: TaskName,
    },
    /// A task taken out.
    Delete {
        /// Where.
        process: ProcessName,
        /// Which.
        task: TaskName,
        /// The node where the caller believes it to be.
        node: Option<String>,
    },
    /// The tasks in a node.
    ListTasks {
        /// Where.
        process: ProcessName,
        /// Which node.
        node: String,
        /// Which part.
        page: Page,
    },
    /// The nodes of a process with their logics and how many tasks are in each.
    ListNodes {
        /// Which.
        process: ProcessName,
    },
    /// The direct address of a process.
    Address {
        /// Which.
        process: ProcessName,
        /// What is to become of it.
        change: AddressChange,
    },
}

/// What is to become of a process's direct address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressChange {
    /// There is to be a new one; an old one is worth nothing from now on.
    Open,
    /// It is only asked for.
    Read,
    /// There is to be none.
    Close,
}

impl Op {
    pub(super) fn read(value: &Value) -> Self {
        let Some(op) = value.as_object() else {
            return Self {
                echo: Echo::default(),
                action: Err(OpError::invalid("ops", value, "an object")),
            };
        };
        Self {
            echo: Echo::read(op),
            action: action(op),
        }
    }
}

impl Echo {
    /// That of a task which was not asked for by an operation.
    pub fn of_task() -> Self {
        Self {
            obj: "task".to_owned(),
            ..Self::default()
        }
    }

    fn read(op: &Map<String, Value>) -> Self {
        let scalar = |key: &str| match op.get(key) {
            Some(value @ (Value::String(_) | Value::Number(_))) => value.clone(),
            _ => Value::Null,
        };
        Self {
            id: scalar("id"),
            obj: op
                .get("obj")
                .and_then(Value::as_str)
                .unwrap_or("task")
                .to_owned(),
            reference: scalar("ref"),
        }
    }
}

fn action(op: &Map<String, Value>) -> Result<Action, OpError> {
    let kind = required(op, "type")?;
    let object = text(op, "obj")?.unwrap_or_else(|| "task".to_owned());
    Ok(match (kind.as_str(), object.as_str()) {
        ("create", "task") => Action::Create {
            process: process(op, "conv_id")?,
            reference: reference(op)?,
            data: data(op)?,
        },
        ("modify", "task") => Action::Modify {
            process: process(op, "conv_id")?,
            task: task(op)?,
            data: data(op)?,
        },
        ("show", "task") => Action::Show {
            process: process(op, "conv_id")?,
            task: task(op)?,
        },
        ("delete", "task") => Action::Delete {
            process: process(op, "conv_id")?,
            task: task(op)?,
            node: text(op, "node_id")?,
        },
        ("list", "node") => Action::ListTasks {
            process: process(op, "conv_id")?,
            node: required(op, "obj_id")?,
            page: page(op)?,
        },
        ("list", "task") => Action::ListTasks {
            process: process(op, "conv_id")?,
            node: required(op, "node_id")?,
            page: page(op)?,
        },
        // There the process itself is the object.
        ("list", "conv") => Action::ListNodes {
            process: process(op, "obj_id").or_else(|_| process(op, "conv_id"))?,
        },
        ("create" | "modify", "callback_hash") => address(op, AddressChange::Open)?,
        ("get" | "show", "callback_hash") => address(op, AddressChange::Read)?,
        ("delete", "callback_hash") => address(op, AddressChange::Close)?,
        _ => return Err(OpError::UnknownOperation { kind, object }),
    })
}

fn process(op: &Map<String, Value>, key: &'static str) -> Result<ProcessName, OpError> {
    let Some(written) = text(op, key)? else {
        let alias = required(op, "obj_alias").map_err(|_| OpError::Missing { key })?;
        return alias_of(&alias).ok_or_else(|| OpError::invalid("obj_alias", &alias.into(), ALIAS));
    };
    if let Ok(number) = written.parse() {
        return Ok(ProcessName::Number(number));
    }
    alias_of(&written).ok_or_else(|| OpError::invalid(key, &written.into(), ALIAS))
}

fn address(op: &Map<String, Value>, change: AddressChange) -> Result<Action, OpError> {
    Ok(Action::Address {
        process: process(op, "conv_id")?,
        change,
    })
}

const ALIAS: &str = "a number or an alias";

fn alias_of(text: &str) -> Option<ProcessName> {
    let bare = text.strip_prefix('@').unwrap_or(text);
    let of_alias = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let valid = !bare.is_empty() && bare.len() <= ALIAS_BYTES_MAX && bare.bytes().all(of_alias);
    valid.then(|| ProcessName::Alias(bare.to_owned()))
}

/// Longer than any alias there is.
const ALIAS_BYTES_MAX: usize = 100;

fn task(op: &Map<String, Value>) -> Result<TaskName, OpError> {
    if let Some(reference) = reference(op)? {
        return Ok(TaskName::Reference(reference));
    }
    let id = text(op, "obj_id")?.or(text(op, "task_id")?);
    id.map(TaskName::Id).ok_or(OpError::Missing { key: "ref" })
}

fn page(op: &Map<String, Value>) -> Result<Page, OpError> {
    Ok(Page {
        limit: integer(op, "limit", PAGE_ROWS)?.min(PAGE_ROWS_MAX),
        offset: integer(op, "offset", 0)?,
    })
}
