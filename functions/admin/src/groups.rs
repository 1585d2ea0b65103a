//! `groups`, `groups/{id}`: units whose members have roles and serve queues by belonging to them.

use crate::command::{self, GroupGiven};
use crate::people::actor;
use crate::{BODY_LIMIT, roles, view};
use vikno_access::client_address;
use vikno_domain::OrgId;
use vikno_identity::{Authorised, EVERYWHERE};
use vikno_shell::{Problem, Reply, Request, empty, json, json_body, new_id, now_ms};
use vikno_storage::{Database, StorageError, groups};

pub(crate) async fn list(core: &Database) -> Reply {
    Ok(json(200, &view::groups(groups::all(core).await?)))
}

pub(crate) async fn keep(
    request: Request,
    core: &Database,
    id: Option<&str>,
    permit: &Authorised,
) -> Reply {
    let address = client_address(&request);
    let given: GroupGiven = json_body(request, BODY_LIMIT).await?;
    let defined = roles::defined(core).await?;
    let queues = queues(&given.org).await?;
    let fields = command::group(given, &defined, queues.as_deref())?;
    let status = if id.is_some() { 200 } else { 201 };
    let id = match id {
        Some(id) if groups::by_id(core, id).await?.is_none() => return Err(unknown()),
        Some(id) => id.to_owned(),
        None => new_id("g"),
    };
    match groups::keep(
        core,
        &id,
        &fields,
        actor(permit, address.as_deref()),
        now_ms(),
    )
    .await
    {
        Err(StorageError::Conflict(_)) => {
            let detail = "There is a group of this name in the organisation already.";
            return Err(Problem::new(409, "group_name_taken", detail));
        }
        kept => kept?,
    }
    let group = groups::by_id(core, &id).await?.ok_or_else(unknown)?;
    Ok(json(status, &view::group(group)))
}

/// The queues of an organisation; none of `*`, and `None` where there is no such organisation.
async fn queues(org: &str) -> Result<Option<Vec<String>>, Problem> {
    if org == EVERYWHERE {
        return Ok(Some(vec![]));
    }
    let served = vikno_shell::served_organisations().await;
    let Some(org) = OrgId::parse(org).ok().filter(|org| served.contains(org)) else {
        return Ok(None);
    };
    let organisation = vikno_shell::served_organisation(&org).await?;
    let queues = organisation.queues.iter().map(|queue| queue.id.clone());
    Ok(Some(queues.collect()))
}

pub(crate) async fn remove(
    request: &Request,
    core: &Database,
    id: &str,
    permit: &Authorised,
) -> Reply {
    let address = client_address(request);
    match groups::remove(core, id, actor(permit, address.as_deref()), now_ms()).await? {
        true => Ok(empty(204)),
        false => Err(unknown()),
    }
}

fn unknown() -> Problem {
    Problem::new(404, "unknown_group", "There is no such group.")
}
