//! Published versions: listed, read, compared.

use crate::desk::{Desk, parsed};
use crate::{command, view};
use serde_json::{Value, json};
use vikno_authoring::{Processes, difference};
use vikno_shell::{Problem, Reply, Request, query};
use vikno_storage::versions::{self, PAGE};
use vikno_storage::{Database, StorageError};

pub(crate) async fn list(request: &Request, database: &Database) -> Reply {
    let query = query(request);
    let before = command::before(query.get("before").map(String::as_str))?;
    let found = versions::list(database, before).await?;
    let full = i64::try_from(found.len()).is_ok_and(|count| count >= PAGE);
    let cursor = found
        .last()
        .filter(|_| full)
        .map(|last| last.id.to_string());
    let folder = versions::folder(database).await?;
    let body = json!({
        "versions": found.iter().map(view::version).collect::<Vec<_>>(),
        "cursor": cursor,
        "folder": folder.map(|folder| json!({ "hash": folder.hash, "kept": folder.kept })),
    });
    Ok(vikno_shell::json(200, &body))
}

pub(crate) async fn read(database: &Database, id: &str) -> Reply {
    let processes = named(database, id).await?;
    let number = match id {
        "newest" => versions::newest(database).await?,
        id => id.parse().ok(),
    };
    let version = match number {
        Some(number) => view::version(&versions::read(database, number).await?),
        None => Value::Null,
    };
    let body = json!({ "version": version, "processes": processes });
    Ok(vikno_shell::json(200, &body))
}

pub(crate) async fn differences(database: &Database, from: &str, to: &str) -> Reply {
    let before = named(database, from).await?;
    let after = named(database, to).await?;
    Ok(vikno_shell::json(200, &difference(&before, &after)))
}

/// A set of processes by what authors call it: a version's number, `newest`, `drafts` (over the newest), `folder` (the
/// release's files).
async fn named(database: &Database, name: &str) -> Result<Processes, Problem> {
    match name {
        "newest" => Ok(Desk::load(database).await?.published),
        "drafts" => {
            let desk = Desk::load(database).await?;
            desk.with(&desk.drafts)
        }
        "folder" => {
            let folder = versions::folder(database).await?;
            parsed(&folder.ok_or_else(unknown)?.bundle)
        }
        number => parsed(&bundle(database, command::number(number)?).await?),
    }
}

/// A version's bundle, or that there is no such version.
pub(crate) async fn bundle(database: &Database, id: i64) -> Result<String, Problem> {
    match versions::bundle(database, id).await {
        Err(StorageError::NotFound) => Err(unknown()),
        found => Ok(found?),
    }
}

fn unknown() -> Problem {
    Problem::new(
        404,
        "unknown_version",
        "There is no such version. GET versions lists them.",
    )
}
