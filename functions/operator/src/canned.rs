//! `canned`, `canned/{id}`: answers that operators have ready; shift heads keep them.

use crate::command::{invalid, object, text};
use serde_json::json;
use vikno_domain::OrgId;
use vikno_identity::Authorised;
use vikno_organisation::Organisation;
use vikno_shell::{Problem, Reply, Request, empty, json, new_id, now_ms};
use vikno_storage::canned_answers::{self, CannedAnswer};
use vikno_storage::{Database, StorageError};

/// A text of 4,000 characters, each escaped in JSON as two surrogates of six bytes, and the rest.
const BODY_LIMIT: usize = 64 * 1024;
const TEXT_CHARS_MAX: usize = 4_000;
const TITLE_CHARS_MAX: usize = 120;
const SHORTCUT_CHARS_MAX: usize = 30;

/// `GET canned`.
pub(crate) async fn list(org: &OrgId) -> Reply {
    let database = Database::open(org.as_str()).await?;
    let found = canned_answers::list(&database).await?;
    let shown: Vec<_> = found.iter().map(shown).collect();
    Ok(json(200, &json!({ "canned": shown })))
}

fn shown(answer: &CannedAnswer) -> serde_json::Value {
    json!({
        "id": answer.id, "shortcut": answer.shortcut, "language": answer.language, "title": answer.title, "text": answer.text,
    })
}

/// `POST canned`, `PUT canned/{id}`.
pub(crate) async fn keep(
    request: Request,
    organisation: &Organisation,
    id: Option<&str>,
    permit: &Authorised,
) -> Reply {
    let body = vikno_shell::body(request, BODY_LIMIT).await?;
    let status = if id.is_some() { 200 } else { 201 };
    let id = id.map_or_else(|| new_id("r"), str::to_owned);
    let answer = answer(id, organisation, &body)?;
    let database = Database::open(organisation.id.as_str()).await?;
    let person = &permit.person().id;
    match canned_answers::keep(&database, &answer, person, now_ms()).await {
        Err(StorageError::Conflict(_)) => {
            let detail = "Another answer has this shortcut in this language.";
            Err(Problem::new(409, "shortcut_taken", detail))
        }
        kept => {
            kept?;
            Ok(json(status, &shown(&answer)))
        }
    }
}

fn answer(id: String, organisation: &Organisation, body: &[u8]) -> Result<CannedAnswer, Problem> {
    let fields = object(body)?;
    let needed = |name: &str, chars_max| {
        text(&fields, name, chars_max)?.ok_or_else(|| invalid(name, "is missing"))
    };
    let shortcut = needed("shortcut", SHORTCUT_CHARS_MAX)?.to_lowercase();
    if shortcut.contains(char::is_whitespace) || shortcut.starts_with('/') {
        return Err(invalid("shortcut", "is one word without a slash"));
    }
    let language = needed("language", 8)?;
    let languages = &organisation.languages;
    if !languages.iter().any(|one| one.as_str() == language) {
        return Err(invalid("language", "is none of the organisation's"));
    }
    Ok(CannedAnswer {
        id,
        shortcut,
        language,
        title: needed("title", TITLE_CHARS_MAX)?,
        text: needed("text", TEXT_CHARS_MAX)?,
    })
}

/// `DELETE canned/{id}`.
pub(crate) async fn remove(org: &OrgId, id: &str, permit: &Authorised) -> Reply {
    let database = Database::open(org.as_str()).await?;
    if canned_answers::remove(&database, id, &permit.person().id, now_ms()).await? {
        Ok(empty(204))
    } else {
        let detail = "There is no such canned answer; it may have been removed already.";
        Err(Problem::new(404, "unknown_canned_answer", detail))
    }
}
