//! What a call's operations come to before anything is written: tasks to make, events to send, what is only looked at,
//! what cannot be done. Pure.

use crate::catalogue::Catalogue;
use crate::settings::Addresses;
use serde_json::{Map, Value};
use vikno_corezoid::api::{Action, Echo, Op, OpError, ProcessName, TaskName};
use vikno_domain::{Channel, Content, InboundEvent, Sender};
use vikno_storage::tasks::{Named, NewTask};

/// An operation, as far as it can be told.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) echo: Echo,
    pub(crate) wish: Wish,
}

/// What has to be done for an operation.
#[derive(Debug)]
pub(crate) enum Wish {
    /// A task is made.
    Make(NewTask),
    /// A task hears something.
    Tell {
        process: String,
        task: TaskName,
        content: Content,
    },
    /// Something is looked at, or is no task's matter, when everything else is done.
    Later(Action),
    /// Nothing.
    Refuse(OpError),
}

/// Plans all operations of a call. `number` draws a number for a new task.
pub(crate) fn plan(
    ops: Vec<Op>,
    catalogue: &Catalogue,
    addresses: Option<&Addresses>,
    mut number: impl FnMut() -> u64,
) -> Vec<Planned> {
    let planned = ops.into_iter().map(|Op { echo, action }| {
        let wish = action.and_then(|action| wish(action, catalogue, addresses, &mut number));
        Planned {
            echo,
            wish: wish.unwrap_or_else(Wish::Refuse),
        }
    });
    planned.collect()
}

fn wish(
    action: Action,
    catalogue: &Catalogue,
    addresses: Option<&Addresses>,
    number: &mut impl FnMut() -> u64,
) -> Result<Wish, OpError> {
    let tell = |process: &ProcessName, task, content| {
        let (process, _) = catalogue.find(process).ok_or(OpError::AccessDenied)?;
        Ok(Wish::Tell {
            process: process.to_owned(),
            task,
            content,
        })
    };
    match action {
        Action::Create {
            process,
            reference,
            data,
        } => new_task(number(), &process, reference, data, catalogue, addresses).map(Wish::Make),
        Action::Modify {
            process,
            task,
            data,
        } => tell(&process, task, Content::TaskModified { data }),
        Action::Delete {
            process,
            task,
            node,
        } => tell(&process, task, Content::TaskDeleted { node }),
        other => Ok(Wish::Later(other)),
    }
}

/// A task to be made.
pub(crate) fn new_task(
    id: u64,
    process: &ProcessName,
    reference: Option<String>,
    data: Map<String, Value>,
    catalogue: &Catalogue,
    addresses: Option<&Addresses>,
) -> Result<NewTask, OpError> {
    let (alias, process) = catalogue.find(process).ok_or(OpError::AccessDenied)?;
    Ok(NewTask {
        id,
        process: alias.to_owned(),
        reference,
        data,
        process_version: catalogue.version,
        callbacks: process.callback_addresses(alias, addresses),
    })
}

/// The number that a caller writes.
pub(crate) fn named(task: &TaskName) -> Option<Named<'_>> {
    match task {
        TaskName::Reference(reference) => Some(Named::Reference(reference)),
        TaskName::Id(id) => id.trim().parse().ok().map(Named::Id),
    }
}

/// An event of a task; `key` is used for no other one.
pub(crate) fn event(
    task: u64,
    content: Content,
    caller: &str,
    key: &str,
    now_ms: i64,
) -> InboundEvent {
    InboundEvent {
        channel: Channel::Api,
        chat: task.to_string(),
        dedupe_key: format!("api:{key}"),
        at_ms: now_ms,
        sender: Some(Sender {
            id: caller.to_owned(),
            ..Sender::default()
        }),
        external_id: None,
        content,
    }
}
