//! `roles`, `roles/{id}`: what each role permits. An edit counts at once, also for those who are signed in.

use crate::command::{self, RoleGiven};
use crate::people::actor;
use crate::{BODY_LIMIT, view};
use vikno_access::client_address;
use vikno_identity::Authorised;
use vikno_shell::{Problem, Reply, Request, empty, json, json_body, now_ms};
use vikno_storage::Database;
use vikno_storage::roles::{self, Removed};

/// Ids of all roles.
pub(crate) async fn defined(core: &Database) -> Result<Vec<String>, Problem> {
    let all = roles::all(core).await?;
    Ok(all.into_iter().map(|role| role.id).collect())
}

pub(crate) async fn list(core: &Database) -> Reply {
    Ok(json(200, &view::roles(roles::all(core).await?)))
}

pub(crate) async fn keep(
    request: Request,
    core: &Database,
    id: &str,
    permit: &Authorised,
) -> Reply {
    let address = client_address(&request);
    let given: RoleGiven = json_body(request, BODY_LIMIT).await?;
    let (names, permissions) = command::role_definition(id, &given)?;
    let actor = actor(permit, address.as_deref());
    let is_new = roles::keep(core, id, &names, &permissions, actor, now_ms()).await?;
    let status = if is_new { 201 } else { 200 };
    Ok(json(status, &view::roles(roles::all(core).await?)))
}

pub(crate) async fn remove(
    request: &Request,
    core: &Database,
    id: &str,
    permit: &Authorised,
) -> Reply {
    let address = client_address(request);
    match roles::remove(core, id, actor(permit, address.as_deref()), now_ms()).await? {
        Removed::Done => Ok(empty(204)),
        Removed::Unknown => Err(Problem::new(404, "unknown_role", "There is no such role.")),
        Removed::BuiltIn => Err(Problem::new(
            409,
            "role_is_fixed",
            "This role came with the installation and stays; its permissions can be changed.",
        )),
        Removed::Held => Err(Problem::new(
            409,
            "role_is_held",
            "People or groups hold this role; take it from them first.",
        )),
    }
}
