//! `GET dead-letters`, `POST dead-letters/{id}/retry`: deliveries that were given up.

use crate::view;
use serde_json::json;
use vikno_domain::OrgId;
use vikno_identity::Authorised;
use vikno_shell::{Problem, Reply, Request, now_ms, nudge, query};
use vikno_storage::dead_letters::{self, PAGE};
use vikno_storage::{Database, StorageError};

pub(crate) async fn list(request: &Request, org: &OrgId) -> Reply {
    let query = query(request);
    let before = match query.get("after").filter(|cursor| !cursor.is_empty()) {
        None => i64::MAX,
        Some(cursor) => cursor.parse().map_err(|_| {
            let detail = "'after' must be a cursor of an earlier answer.";
            Problem::new(400, "invalid_cursor", detail)
        })?,
    };
    let database = Database::open(org.as_str()).await?;
    let mut found = dead_letters::list(&database, before).await?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = found.len() > page;
    found.truncate(page);
    let cursor = found
        .last()
        .filter(|_| more)
        .map(|last| last.id.to_string());
    let shown: Vec<_> = found.into_iter().map(view::letter).collect();
    Ok(vikno_shell::json(
        200,
        &json!({ "dead_letters": shown, "cursor": cursor }),
    ))
}

pub(crate) async fn retry(org: &OrgId, id: &str, permit: &Authorised) -> Reply {
    let unknown = || {
        let detail = "There is no such dead letter; it may have been tried again already.";
        Problem::new(404, "unknown_dead_letter", detail)
    };
    let row = id.parse().map_err(|_| unknown())?;
    let database = Database::open(org.as_str()).await?;
    match dead_letters::retry(&database, row, &permit.person().id, now_ms()).await {
        Err(StorageError::NotFound) => return Err(unknown()),
        done => done?,
    }
    nudge("delivery", format!("/{org}/run"));
    Ok(vikno_shell::json(
        200,
        &json!({ "id": row, "state": "pending" }),
    ))
}
