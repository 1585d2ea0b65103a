//! Callback addresses: whoever has one wakes a task that waits in its node.

use crate::catalogue::Catalogue;
use crate::direct::take_one;
use crate::plan::Wish;
use crate::settings::{self, Addresses};
use crate::{BODY_LIMIT, Posted, denied, unreadable};
use serde_json::Value;
use vikno_corezoid::api::{Address, CallbackAddress, OpError, TaskName, VerifiedBody, task_id_in};
use vikno_domain::{Content, OrgId};
use vikno_shell::{Problem, Reply, Request};
use vikno_storage::Database;

pub(crate) async fn take(
    request: Request,
    org: &OrgId,
    posted: Posted,
    node: &str,
    hash: &str,
) -> Reply {
    settings::account(org).await?;
    let body = vikno_shell::body(request, BODY_LIMIT).await?;
    let database = Database::open(org.as_str()).await?;
    let catalogue = Catalogue::newest(&database, org).await?;
    let addresses = Addresses::of(org).await;
    let (process, path, verified) = verify(&catalogue, addresses.as_ref(), node, hash, &body)?;
    let data = match posted.form.data(verified) {
        Ok(data) => data,
        Err(error) => return Ok(unreadable(error, posted.version)),
    };
    let data = Value::Object(data);
    let wish = match (task_id_in(&data, path), data) {
        (Some(id), Value::Object(body)) => Wish::Tell {
            process: process.to_owned(),
            task: TaskName::Id(id),
            content: Content::TaskCalledBack {
                node: node.to_owned(),
                body,
            },
        },
        _ => Wish::Refuse(OpError::TaskNotFound),
    };
    let caller = format!("callback:{process}");
    take_one(&database, org, posted.version, &caller, wish).await
}

/// Nodes of several processes may have one id; the hash tells which is meant.
fn verify<'c, 'b>(
    catalogue: &'c Catalogue,
    addresses: Option<&Addresses>,
    node: &'c str,
    hash: &str,
    body: &'b [u8],
) -> Result<(&'c str, &'c str, VerifiedBody<'b>), Problem> {
    let mut nodes = catalogue.callbacks(node);
    let found = nodes.find_map(|(process, path)| {
        let address = CallbackAddress { process, node };
        let verified = address.verify(addresses?.key(), hash, body).ok()?;
        Some((process, path, verified))
    });
    found.ok_or_else(|| denied("Access denied", "no callback node has that address"))
}
