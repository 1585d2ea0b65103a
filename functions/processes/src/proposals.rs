//! Drafts that wait for a second person: listed, shown with what they change, settled.

use crate::command::{self, BODY_BYTES, Reason};
use crate::desk::{findings, parsed};
use crate::publish::{overtaken, refused};
use crate::view;
use serde_json::json;
use vikno_authoring::{Refusal, Settlement, difference, has_errors, may_settle};
use vikno_organisation::{Organisation, ProcessBundle};
use vikno_shell::{Problem, Reply, Request, json as answer, json_body, now_ms, query};
use vikno_storage::proposals::{self, PAGE, Proposal, Settled};
use vikno_storage::versions::{self, Person};
use vikno_storage::{Database, StorageError};

pub(crate) async fn list(request: &Request, database: &Database) -> Reply {
    let query = query(request);
    let before = command::before(query.get("before").map(String::as_str))?;
    let found = proposals::list(database, before).await?;
    let full = i64::try_from(found.len()).is_ok_and(|count| count >= PAGE);
    let cursor = found
        .last()
        .filter(|_| full)
        .map(|last| last.id.to_string());
    let shown: Vec<_> = found.iter().map(view::proposal).collect();
    Ok(answer(
        200,
        &json!({ "proposals": shown, "cursor": cursor }),
    ))
}

/// With what it changes of the version it was proposed upon, and the changed documents.
pub(crate) async fn read(database: &Database, id: i64) -> Reply {
    let (proposal, bundle) = stored(database, id).await?;
    let base = parsed(&versions::bundle(database, proposal.base_version).await?)?;
    let mut processes = parsed(&bundle)?;
    let difference = difference(&base, &processes);
    processes.retain(|alias, process| base.get(alias) != Some(&*process));
    let body = json!({
        "proposal": view::proposal(&proposal),
        "differences": difference,
        "documents": processes,
    });
    Ok(answer(200, &body))
}

pub(crate) async fn settle(
    request: Request,
    organisation: &Organisation,
    database: &Database,
    id: i64,
    verb: &str,
    person: &Person,
) -> Reply {
    let settlement = Settlement::parse(verb).ok_or_else(|| {
        Problem::new(
            404,
            "not_found",
            "A proposal can be approved, declined or withdrawn.",
        )
    })?;
    let given: Reason = json_body(request, BODY_BYTES).await?;
    let reason = command::reason(&given.reason)?;
    let (proposal, bundle) = stored(database, id).await?;
    if !may_settle(settlement, &proposal.proposed_by.id, &person.id) {
        return Err(not_yours(settlement));
    }
    if proposal.state != "open" {
        return Err(settled_already());
    }
    let settled = Settled {
        state: settlement.state(),
        by: person,
        reason: &reason,
        now_ms: now_ms(),
    };
    match settlement {
        Settlement::Approve => {
            approve(organisation, database, &proposal, &bundle, &settled).await?;
        }
        Settlement::Decline | Settlement::Withdraw => {
            if !proposals::dismiss(database, id, &settled).await? {
                return Err(settled_already());
            }
        }
    }
    let (proposal, _) = stored(database, id).await?;
    Ok(answer(
        200,
        &json!({ "proposal": view::proposal(&proposal) }),
    ))
}

async fn approve(
    organisation: &Organisation,
    database: &Database,
    proposal: &Proposal,
    bundle: &str,
    settled: &Settled<'_>,
) -> Result<(), Problem> {
    // A release may have come between: texts and steps are looked at again.
    let problems = findings(organisation, &ProcessBundle::of(parsed(bundle)?));
    if has_errors(&problems) {
        return Err(refused(Refusal::Errors, &problems));
    }
    proposals::approve(database, proposal, bundle, settled)
        .await?
        .map(drop)
        .ok_or_else(overtaken)
}

async fn stored(database: &Database, id: i64) -> Result<(Proposal, String), Problem> {
    match proposals::read(database, id).await {
        Err(StorageError::NotFound) => Err(Problem::new(
            404,
            "unknown_proposal",
            "There is no such proposal.",
        )),
        found => Ok(found?),
    }
}

fn settled_already() -> Problem {
    Problem::new(409, "proposal_settled", "Somebody has settled it already.")
}

fn not_yours(settlement: Settlement) -> Problem {
    let detail = match settlement {
        Settlement::Withdraw => "Only its author withdraws a proposal; decline it instead.",
        _ => "Somebody else has to look at your proposal; you may withdraw it.",
    };
    Problem::new(403, "second_person_needed", detail)
}
