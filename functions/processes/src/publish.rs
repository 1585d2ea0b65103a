//! Drafts become what citizens meet, or wait for a second person; an earlier version comes back in one act.

use crate::command::{self, BODY_BYTES, Publish, Reason};
use crate::desk::{Desk, findings, newest};
use crate::{versions as stored, view};
use serde_json::{Value, json};
use vikno_authoring::{Course, Finding, Refusal, course, has_errors};
use vikno_organisation::{Organisation, ProcessBundle};
use vikno_shell::{Problem, Reply, Request, json as answer, json_body, now_ms};
use vikno_storage::drafts::Draft;
use vikno_storage::versions::{self, Person, Publication};
use vikno_storage::{Database, StorageError, proposals};

pub(crate) async fn publish(
    request: Request,
    organisation: &Organisation,
    database: &Database,
    person: &Person,
) -> Reply {
    let given: Publish = json_body(request, BODY_BYTES).await?;
    let reason = command::reason(&given.reason)?;
    let desk = Desk::load(database).await?;
    let chosen = chosen(&desk.drafts, given.processes.as_deref())?;
    let outdated = desk.outdated(database, &chosen).await?;
    let processes = desk.with(&chosen)?;
    let changed = processes != desk.published;
    let bundle = ProcessBundle::of(processes);
    let problems = findings(organisation, &bundle);
    let course = course(organisation.review_processes, changed, outdated, &problems)
        .map_err(|refusal| refused(refusal, &problems))?;
    let drafts: Vec<(String, i64)> = chosen
        .iter()
        .map(|draft| (draft.alias.clone(), draft.revision))
        .collect();
    let publication = Publication {
        expected_newest: desk.newest,
        hash: bundle.version(),
        bundle: bundle.json(),
        origin: "drafts",
        restored_from: None,
        by: person,
        approved_by: None,
        reason: &reason,
        drafts: &drafts,
        now_ms: now_ms(),
    };
    match course {
        Course::Publish => published(database, &publication).await,
        Course::Propose => proposed(database, &publication).await,
    }
}

fn chosen(drafts: &[Draft], wanted: Option<&[String]>) -> Result<Vec<Draft>, Problem> {
    let Some(wanted) = wanted else {
        return Ok(drafts.to_vec());
    };
    let found = wanted.iter().map(|alias| {
        let draft = drafts.iter().find(|draft| draft.alias == *alias);
        draft.cloned().ok_or_else(|| {
            let detail = format!("'processes' names {alias}, of which there is no draft.");
            Problem::new(400, "invalid_field", detail)
        })
    });
    let mut found: Vec<Draft> = found.collect::<Result<_, _>>()?;
    found.sort_by(|a, b| a.alias.cmp(&b.alias));
    found.dedup_by(|a, b| a.alias == b.alias);
    Ok(found)
}

async fn published(database: &Database, publication: &Publication<'_>) -> Reply {
    let version = versions::publish(database, publication)
        .await?
        .ok_or_else(overtaken)?;
    let version = versions::read(database, version).await?;
    Ok(answer(201, &json!({ "version": view::version(&version) })))
}

async fn proposed(database: &Database, publication: &Publication<'_>) -> Reply {
    let id = match proposals::propose(database, publication).await {
        Err(StorageError::Conflict(_)) => {
            return Err(Problem::new(
                409,
                "proposal_open",
                "Another proposal waits for its second person; it has to be settled first.",
            ));
        }
        done => done?,
    };
    let (proposal, _) = proposals::read(database, id).await?;
    Ok(answer(
        202,
        &json!({ "proposal": view::proposal(&proposal) }),
    ))
}

/// Publishes an earlier version's processes anew. No second person: they have been live before, and it is urgent.
pub(crate) async fn restore(
    request: Request,
    organisation: &Organisation,
    database: &Database,
    id: i64,
    person: &Person,
) -> Reply {
    let given: Reason = json_body(request, BODY_BYTES).await?;
    let reason = command::reason(&given.reason)?;
    let bundle = stored::bundle(database, id).await?;
    let (newest, live) = newest(database).await?;
    if bundle == live {
        return Err(refused(Refusal::NothingChanged, &[]));
    }
    let bundle = ProcessBundle::of(crate::desk::parsed(&bundle)?);
    // What could run once may not run any more: a step or a text may be gone.
    let problems = findings(organisation, &bundle);
    if has_errors(&problems) {
        return Err(refused(Refusal::Errors, &problems));
    }
    let publication = Publication {
        expected_newest: newest,
        hash: bundle.version(),
        bundle: bundle.json(),
        origin: "restored",
        restored_from: Some(id),
        by: person,
        approved_by: None,
        reason: &reason,
        drafts: &[],
        now_ms: now_ms(),
    };
    published(database, &publication).await
}

pub(crate) fn overtaken() -> Problem {
    Problem::new(
        409,
        "overtaken",
        "Somebody published or changed a draft at this very moment. Look at it and try again.",
    )
}

pub(crate) fn refused(refusal: Refusal, problems: &[Finding]) -> Problem {
    match refusal {
        Refusal::NothingChanged => Problem::new(
            409,
            "nothing_changed",
            "It would be the same as what is published now.",
        ),
        Refusal::Outdated(outdated) => Problem::new(
            409,
            "drafts_outdated",
            "A changed process was published since its draft was begun. Bring the newer one in and save the draft with that base_version.",
        )
        .member("outdated", json!(outdated)),
        Refusal::Errors => {
            let problems: Value = json!(problems);
            Problem::new(
                422,
                "invalid_processes",
                "The processes have errors, so nothing is published; 'problems' lists them.",
            )
            .member("problems", problems)
        }
    }
}
