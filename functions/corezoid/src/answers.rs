//! Answers to operations: what became of tasks, and how they look.

use crate::catalogue::{Catalogue, Node, Process};
use crate::plan::named;
use crate::settings::Addresses;
use crate::taking::{Taken, refusal};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use vikno_conversation::TaskRecord;
use vikno_corezoid::api::{
    Action, AddressChange, DirectAddress, Echo, OpAnswer, OpError, Page, ProcessName,
};
use vikno_domain::OrgId;
use vikno_shell::Problem;
use vikno_storage::{Database, api_calls, tasks};

/// The answer to an operation that was taken in. A task whose beginning is not settled in time is made all the same: it
/// is in the inbox. A change that is not settled may yet be refused.
pub(crate) fn of_taken(echo: Echo, taken: &Taken, outcomes: &BTreeMap<i64, Value>) -> OpAnswer {
    let refused = |row: &i64| outcomes.get(row).map(refusal);
    match taken {
        Taken::Made(task, row) => match refused(row) {
            Some(Some(error)) => OpAnswer::failed(echo, error),
            Some(None) | None => OpAnswer::created(echo, &task.to_string()),
        },
        Taken::Told(task, row) => match refused(row) {
            Some(None) => OpAnswer::created(echo, &task.to_string()),
            Some(Some(error)) => OpAnswer::failed(echo, error),
            None => OpAnswer::failed(echo, OpError::Unavailable),
        },
        Taken::Refused(error) => OpAnswer::failed(echo, error.clone()),
        Taken::Later => OpAnswer::failed(echo, OpError::Unavailable),
    }
}

/// Looks at tasks and processes for the operations that change no task.
pub(crate) struct Looking<'a> {
    pub(crate) org: &'a OrgId,
    pub(crate) database: &'a Database,
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) addresses: Option<&'a Addresses>,
}

impl Looking<'_> {
    pub(crate) async fn answer(&self, echo: Echo, action: &Action) -> Result<OpAnswer, Problem> {
        let found = match action {
            Action::Show { process, task } => {
                let Some((alias, _)) = self.catalogue.find(process) else {
                    return Ok(OpAnswer::failed(echo, OpError::AccessDenied));
                };
                let shown = match named(task) {
                    Some(named) => tasks::show(self.database, alias, named).await?,
                    None => None,
                };
                shown.as_ref().map(shape).ok_or(OpError::TaskNotFound)
            }
            Action::ListTasks {
                process,
                node,
                page,
            } => self.tasks(process, node, *page).await?,
            Action::ListNodes { process } => self.nodes(process).await?,
            Action::Address { process, change } => self.direct_address(process, *change).await?,
            Action::Create { .. } | Action::Modify { .. } | Action::Delete { .. } => {
                Err(OpError::Unavailable)
            }
        };
        Ok(match found {
            Ok(fields) => OpAnswer::done(echo, fields),
            Err(error) => OpAnswer::failed(echo, error),
        })
    }

    async fn tasks(
        &self,
        process: &ProcessName,
        node: &str,
        page: Page,
    ) -> Result<Result<Map<String, Value>, OpError>, Problem> {
        let Some((alias, process)) = self.catalogue.find(process) else {
            return Ok(Err(OpError::AccessDenied));
        };
        if process.nodes().iter().all(|known| known.id != node) {
            return Ok(Err(OpError::NodeNotFound));
        }
        let rows = tasks::in_node(self.database, alias, node, page.limit, page.offset).await?;
        let list: Vec<Map<String, Value>> = rows.iter().map(shape).collect();
        let count = tasks::counts(self.database, alias).await?;
        Ok(Ok(fields(json!({
            "obj_id": node, "count": count.get(node).copied().unwrap_or_default(), "list": list,
        }))))
    }

    async fn nodes(
        &self,
        process: &ProcessName,
    ) -> Result<Result<Map<String, Value>, OpError>, Problem> {
        let Some((alias, process)) = self.catalogue.find(process) else {
            return Ok(Err(OpError::AccessDenied));
        };
        let counts = tasks::counts(self.database, alias).await?;
        Ok(Ok(of_process(alias, process, &counts)))
    }

    async fn direct_address(
        &self,
        process: &ProcessName,
        change: AddressChange,
    ) -> Result<Result<Map<String, Value>, OpError>, Problem> {
        let (Some((alias, _)), Some(addresses)) = (self.catalogue.find(process), self.addresses)
        else {
            return Ok(Err(OpError::AccessDenied));
        };
        let generation = match change {
            AddressChange::Open => Some(api_calls::open_address(self.database, alias).await?),
            AddressChange::Read => api_calls::direct_address(self.database, alias).await?,
            AddressChange::Close => {
                api_calls::close_address(self.database, alias).await?;
                None
            }
        };
        let described = generation.map(|generation| {
            let address = DirectAddress {
                process: alias,
                generation,
            };
            addresses.direct(self.org, &address)
        });
        let (hash, url) = described.unzip();
        Ok(Ok(fields(json!({
            "conv_id": alias, "hash": hash, "url": url,
        }))))
    }
}

/// A task as `show` and lists tell it. Times are Unix seconds.
fn shape(task: &TaskRecord) -> Map<String, Value> {
    let id = task.id.to_string();
    fields(json!({
        "obj_id": id, "task_id": id, "ref": task.reference, "conv_id": task.process,
        "status": task.status.as_str(), "user_id": null,
        "create_time": task.created_at_ms.div_euclid(1_000),
        "change_time": task.changed_at_ms.div_euclid(1_000),
        "node_id": task.node, "node_prev_id": task.previous_node, "data": task.data,
    }))
}

fn of_process(
    alias: &str,
    process: &Process,
    counts: &BTreeMap<String, i64>,
) -> Map<String, Value> {
    let node = |node: &Node| {
        json!({
            "obj_id": node.id, "obj": "node", "obj_type": node.obj_type, "title": node.title,
            "logics": node.condition["logics"], "semaphors": node.condition["semaphors"],
            "count": counts.get(&node.id).copied().unwrap_or_default(),
        })
    };
    let list: Vec<Value> = process.nodes().iter().map(node).collect();
    fields(json!({
        "obj_id": process.obj_id, "obj_alias": alias, "title": process.title, "status": process.status,
        "list": list,
    }))
}

fn fields(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
