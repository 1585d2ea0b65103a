//! Drafts: read with their edition, saved and dropped only by somebody who has seen them, checked together.

use crate::command::{self, DOCUMENT_BYTES, Save};
use crate::desk::{self, Desk, findings};
use crate::view;
use serde_json::{Value, json};
use vikno_authoring::{Edition, difference, has_errors};
use vikno_organisation::{Organisation, ProcessBundle};
use vikno_shell::{Problem, Reply, Request, Response, header, json as answer, json_body, now_ms};
use vikno_storage::Database;
use vikno_storage::drafts::{self, Draft, NewDraft};
use vikno_storage::versions::Person;

pub(crate) async fn list(database: &Database) -> Reply {
    let drafts = drafts::all(database).await?;
    let drafts: Vec<Value> = drafts.iter().map(view::draft).collect();
    Ok(answer(200, &json!({ "drafts": drafts })))
}

/// The draft, or what is published where there is none; the `ETag` is what a writer has to show.
pub(crate) async fn read(database: &Database, alias: &str) -> Reply {
    let alias = command::alias(alias)?;
    let desk = Desk::load(database).await?;
    let draft = desk.drafts.iter().find(|draft| draft.alias == alias);
    let edition = edition(&desk, alias).ok_or_else(|| {
        Problem::new(
            404,
            "unknown_process",
            "There is no such process. Save it with If-None-Match: * to begin it.",
        )
    })?;
    let document: Value = match draft {
        Some(draft) => serde_json::from_str(&draft.document).map_err(Problem::fault)?,
        None => desk.published[alias].clone(),
    };
    let body = json!({
        "process": alias,
        "draft": draft.map(view::draft),
        "newest": desk.newest,
        "document": document,
    });
    Ok(tagged(answer(200, &body), edition))
}

fn edition(desk: &Desk, alias: &str) -> Option<Edition> {
    let draft = desk.drafts.iter().find(|draft| draft.alias == alias);
    let published = desk.published.contains_key(alias);
    draft
        .map(|draft| Edition::Draft(draft.revision))
        .or_else(|| published.then_some(Edition::Published(desk.newest)))
}

fn tagged(mut response: Response, edition: Edition) -> Response {
    if let Ok(tag) = edition.to_string().parse() {
        response.headers_mut().insert("etag", tag);
    }
    response
}

pub(crate) async fn save(
    request: Request,
    organisation: &Organisation,
    database: &Database,
    alias: &str,
    person: &Person,
) -> Reply {
    let alias = command::alias(alias)?;
    let expected = command::expected(
        header(&request, "if-match"),
        header(&request, "if-none-match"),
    )?;
    let given: Save = json_body(request, DOCUMENT_BYTES).await?;
    let document = command::document(&given.document)?;
    let desk = Desk::load(database).await?;
    let found = edition(&desk, alias);
    if !expected.is_met_by(found) {
        return Err(command::overwritten(found));
    }
    let before = desk.drafts.iter().find(|draft| draft.alias == alias);
    let base_version = base_version(&desk, before, given.base_version)?;
    let new = NewDraft {
        alias,
        seen: before.map(|draft| draft.revision),
        document: &document,
        base_version,
        by: person,
        now_ms: now_ms(),
    };
    let Some(revision) = drafts::save(database, &new).await? else {
        let desk = Desk::load(database).await?;
        return Err(command::overwritten(edition(&desk, alias)));
    };
    let mut body = checked(organisation, database).await?;
    body["process"] = alias.into();
    body["revision"] = revision.into();
    body["base_version"] = base_version.into();
    Ok(tagged(answer(200, &body), Edition::Draft(revision)))
}

/// The version that a draft takes into account; an author may say that they have brought a newer one in.
fn base_version(desk: &Desk, before: Option<&Draft>, given: Option<i64>) -> Result<i64, Problem> {
    match given {
        Some(given) if given == desk.newest => Ok(given),
        Some(_) => Err(Problem::new(
            409,
            "not_newest",
            "A newer version was published meanwhile. Read it and bring it in.",
        )
        .member("newest", desk.newest)),
        None => Ok(before.map_or(desk.newest, |draft| draft.base_version)),
    }
}

pub(crate) async fn discard(
    request: &Request,
    database: &Database,
    alias: &str,
    person: &Person,
) -> Reply {
    let expected = command::expected(header(request, "if-match"), None)?;
    let draft = drafts::read(database, alias)
        .await?
        .ok_or_else(|| Problem::new(404, "unknown_draft", "There is no draft of this process."))?;
    let found = Some(Edition::Draft(draft.revision));
    let met = expected.is_met_by(found)
        && drafts::drop_draft(database, alias, draft.revision, person, now_ms()).await?;
    if met {
        Ok(vikno_shell::empty(204))
    } else {
        Err(command::overwritten(found))
    }
}

pub(crate) async fn check(organisation: &Organisation, database: &Database) -> Reply {
    Ok(answer(200, &checked(organisation, database).await?))
}

/// The same with documents that are not saved yet, so that an author is told while writing.
pub(crate) async fn check_unsaved(
    request: Request,
    organisation: &Organisation,
    database: &Database,
) -> Reply {
    let processes = desk::posted(request, database).await?;
    let problems = findings(organisation, &ProcessBundle::of(processes));
    Ok(answer(200, &json!({ "problems": problems })))
}

/// What is wrong with the drafts over the newest version, and what they change.
async fn checked(organisation: &Organisation, database: &Database) -> Result<Value, Problem> {
    let desk = Desk::load(database).await?;
    let processes = desk.with(&desk.drafts)?;
    let outdated = desk.outdated(database, &desk.drafts).await?;
    let difference = difference(&desk.published, &processes);
    let problems = findings(organisation, &ProcessBundle::of(processes));
    Ok(json!({
        "newest": desk.newest,
        "review": organisation.review_processes,
        "publishable": !has_errors(&problems) && outdated.is_empty() && !difference.is_empty(),
        "problems": problems,
        "outdated": outdated,
        "differences": difference,
    }))
}
