//! Dialogues as their processes see them: where the tasks stand, and the way they came.

use crate::{command, view};
use serde_json::{Value, json};
use vikno_access::permitted;
use vikno_authoring::{Sight, journal_data, passages, tasks};
use vikno_domain::{OrgId, rfc3339};
use vikno_identity::Permission;
use vikno_process::World;
use vikno_shell::{Problem, Reply, Request, json as answer, query};
use vikno_storage::instances::{self, HAPPENINGS, Happening, Instance, PAGE};
use vikno_storage::{Database, StorageError};

/// Those who may read dialogues see everything.
pub(crate) async fn sight(
    request: &Request,
    core: &Database,
    org: &OrgId,
) -> Result<Sight, Problem> {
    match permitted(request, core, org, Permission::ViewConversations).await {
        Ok(_) => Ok(Sight::Whole),
        Err(problem) if problem.status() == 403 => Ok(Sight::Masked),
        Err(problem) => Err(problem),
    }
}

pub(crate) async fn list(request: &Request, database: &Database) -> Reply {
    let query = query(request);
    let after = after(query.get("after").map(String::as_str))?;
    let after = after.as_ref().map(|(at_ms, id)| (*at_ms, id.as_str()));
    let mut found = instances::recent(database, after).await?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = found.len() > page;
    found.truncate(page);
    let cursor = found.last().filter(|_| more).map(cursor);
    let shown: Vec<Value> = found.iter().map(view::instance).collect();
    let body = json!({ "conversations": shown, "cursor": cursor });
    Ok(answer(200, &body))
}

fn cursor(last: &Instance) -> String {
    format!("{}.{}", last.last_at_ms, last.id)
}

fn after(given: Option<&str>) -> Result<Option<(i64, String)>, Problem> {
    let Some(cursor) = given.filter(|cursor| !cursor.is_empty()) else {
        return Ok(None);
    };
    let (at_ms, id) = cursor.split_once('.').ok_or_else(command::invalid_cursor)?;
    let at_ms = at_ms.parse().map_err(|_| command::invalid_cursor())?;
    Ok(Some((at_ms, id.to_owned())))
}

pub(crate) async fn read(request: &Request, database: &Database, id: &str, sight: Sight) -> Reply {
    let query = query(request);
    let after = match query.get("after").filter(|cursor| !cursor.is_empty()) {
        None => 0,
        Some(cursor) => cursor.parse().map_err(|_| command::invalid_cursor())?,
    };
    dialogue(database, id, after, sight).await
}

pub(crate) fn unknown() -> Problem {
    let detail = "There is no such conversation in this organisation.";
    Problem::new(404, "unknown_conversation", detail)
}

/// How a dialogue stands, and its journal after a position.
pub(crate) async fn dialogue(database: &Database, id: &str, after: i64, sight: Sight) -> Reply {
    let (instance, stored) = match instances::read(database, id).await {
        Err(StorageError::NotFound) => return Err(unknown()),
        found => found?,
    };
    let world = match stored.as_str() {
        "" => Ok(World::default()),
        stored => World::from_json(stored.as_bytes()),
    };
    let lines = instances::happenings(database, id, after).await?;
    let full = i64::try_from(lines.len()).is_ok_and(|count| count >= HAPPENINGS);
    let cursor = lines
        .last()
        .filter(|_| full)
        .map(|last| last.id.to_string());
    let mut body = view::instance(&instance);
    body["masked"] = (sight == Sight::Masked).into();
    body["unreadable"] = world.is_err().into();
    body["tasks"] = json!(tasks(&world.unwrap_or_default(), sight));
    body["journal"] = lines.iter().map(|line| happening(line, sight)).collect();
    body["cursor"] = cursor.into();
    Ok(answer(200, &body))
}

fn happening(line: &Happening, sight: Sight) -> Value {
    let mut shown = json!({
        "at": rfc3339(line.at_ms),
        "actor": line.actor,
        "what": line.what,
    });
    match line.data["path"].as_str() {
        Some(path) if line.what == "process_ran" => shown["path"] = json!(passages(path)),
        _ => shown["data"] = journal_data(&line.data, sight),
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_read_back_as_written() {
        assert_eq!(after(None).unwrap(), None);
        assert_eq!(after(Some("")).unwrap(), None);
        let read = after(Some("17.c_1")).unwrap();
        assert_eq!(read, Some((17, "c_1".to_owned())));
        for bad in ["x", "x.c_1"] {
            assert_eq!(after(Some(bad)).unwrap_err().status(), 400);
        }
    }

    #[test]
    fn a_path_is_told_node_by_node_and_causes_are_masked() {
        let line = |what: &str, data| Happening {
            id: 1,
            at_ms: 0,
            actor: "process".to_owned(),
            what: what.to_owned(),
            data,
        };
        let ran = line("process_ran", json!({ "path": "a:b>c" }));
        let shown = happening(&ran, Sight::Masked);
        assert_eq!(shown["path"][1], json!({ "process": "a", "node": "c" }));
        let failed = line("process_failed", json!({ "node": "c", "cause": "Оля" }));
        let data = |sight| happening(&failed, sight)["data"].clone();
        assert_eq!(data(Sight::Whole)["cause"], "Оля");
        assert_eq!(data(Sight::Masked), json!({ "node": "c", "cause": "•••" }));
    }
}
