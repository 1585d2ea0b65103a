//! Administration of the centre's people and their roles. It issues no tokens; every change is audited with it.

mod command;
mod groups;
mod people;
mod roles;
mod view;

use spin_sdk::http_service;
use vikno_access::permitted_everywhere;
use vikno_identity::Permission;
use vikno_shell::{Problem, Reply, Request, Response, query};
use vikno_storage::{Database, audit};

/// A person with roles in a hundred organisations is under 8 KB.
pub(crate) const BODY_LIMIT: usize = 16 * 1024;

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::answered(request, route).await
}

async fn route(request: Request) -> Reply {
    let segments = vikno_shell::path_segments(&request);
    let rest: Vec<&str> = segments.iter().skip(2).map(String::as_str).collect();
    let core = Database::open("core").await?;
    let permission = match rest[..] {
        ["audit"] => Permission::ReadAudit,
        _ => Permission::ManagePeople,
    };
    let permit = permitted_everywhere(&request, &core, permission).await?;
    match (request.method().as_str(), &rest[..]) {
        ("GET", ["people"]) => people::list(&request, &core).await,
        ("POST", ["people"]) => people::create(request, &core, &permit).await,
        ("GET", ["people", id]) => people::read(&core, id).await,
        ("PATCH", ["people", id]) => people::change(request, &core, id, &permit).await,
        ("GET", ["roles"]) => roles::list(&core).await,
        ("PUT", ["roles", id]) => roles::keep(request, &core, id, &permit).await,
        ("DELETE", ["roles", id]) => roles::remove(&request, &core, id, &permit).await,
        ("GET", ["groups"]) => groups::list(&core).await,
        ("POST", ["groups"]) => groups::keep(request, &core, None, &permit).await,
        ("PUT", ["groups", id]) => groups::keep(request, &core, Some(id), &permit).await,
        ("DELETE", ["groups", id]) => groups::remove(&request, &core, id, &permit).await,
        ("GET", ["organisations"]) => organisations().await,
        ("GET", ["audit"]) => audit_lines(&request, &core).await,
        (_, ["people"]) => Err(Problem::wrong_method("GET, POST")),
        (_, ["people", _]) => Err(Problem::wrong_method("GET, PATCH")),
        (_, ["roles" | "organisations" | "audit"]) => Err(Problem::wrong_method("GET")),
        (_, ["groups"]) => Err(Problem::wrong_method("GET, POST")),
        (_, ["roles" | "groups", _]) => Err(Problem::wrong_method("PUT, DELETE")),
        _ => Err(Problem::new(
            404,
            "not_found",
            "There are people, roles, groups, organisations and audit here.",
        )),
    }
}

async fn organisations() -> Reply {
    let mut shown = vec![];
    for org in vikno_shell::served_organisations().await {
        let settings = vikno_shell::organisation(&org)
            .await
            .map_err(Problem::fault)?;
        shown.push(view::organisation(&settings));
    }
    Ok(vikno_shell::json(
        200,
        &serde_json::json!({ "organisations": shown }),
    ))
}

async fn audit_lines(request: &Request, core: &Database) -> Reply {
    let before = match query(request).get("before") {
        Some(cursor) => cursor.parse().map_err(|_| {
            Problem::new(
                400,
                "invalid_cursor",
                "'before' must be a cursor of an earlier answer.",
            )
        })?,
        None => i64::MAX,
    };
    let lines = audit::newest(core, before).await?;
    Ok(vikno_shell::json(200, &view::audit_page(lines)))
}
