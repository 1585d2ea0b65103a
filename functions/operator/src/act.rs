//! `POST conversations/{id}/{take|messages|notes|close|transfer}`: into the inbox, through the engine, and the
//! conversation's new state back.

use crate::command::{self, Command};
use crate::{read, unknown_conversation, view};
use serde::Deserialize;
use vikno_domain::{Content, InboundEvent, OperatorAction, OrgId};
use vikno_identity::Authorised;
use vikno_shell::{Problem, Reply, Request, new_id, now_ms};
use vikno_storage::inbox::{self, Accepted};
use vikno_storage::operator_view;
use vikno_storage::{Database, StorageError};

/// A text of 4,000 characters, each escaped in JSON as two surrogates of six bytes, and the rest.
const BODY_LIMIT: usize = 64 * 1024;

pub(crate) async fn act(
    request: Request,
    org: &OrgId,
    id: &str,
    verb: &str,
    permit: &Authorised,
) -> Reply {
    let body = vikno_shell::body(request, BODY_LIMIT).await?;
    let command = command::command(verb, &body)?.ok_or_else(|| {
        let detail = "An operator can take, close, transfer, or post messages and notes.";
        Problem::new(404, "not_found", detail)
    })?;
    let database = Database::open(org.as_str()).await?;
    let Command { client_id, wish } = command;
    let upload = match wish.upload() {
        Some(upload) => operator_view::upload(&database, upload).await?,
        None => None,
    };
    let action = wish.action(upload)?;
    let event = event(&database, id, client_id, action, permit).await?;
    let inbox_id = accept(&database, &event).await?;
    run(org, inbox_id).await?;
    let whole = read::whole(&database, id).await?;
    Ok(vikno_shell::json(200, &view::whole(whole)))
}

async fn event(
    database: &Database,
    conversation_id: &str,
    client_id: Option<String>,
    action: OperatorAction,
    permit: &Authorised,
) -> Result<InboundEvent, Problem> {
    let (channel, chat) = match operator_view::address(database, conversation_id).await {
        Err(StorageError::NotFound) => return Err(unknown_conversation()),
        found => found?,
    };
    let operator = permit.person().clone();
    let client_id = client_id.unwrap_or_else(|| new_id("a"));
    Ok(InboundEvent {
        channel,
        chat,
        dedupe_key: format!("operator:{}:{conversation_id}:{client_id}", operator.id),
        at_ms: now_ms(),
        sender: None,
        external_id: Some(conversation_id.to_owned()),
        content: Content::Operator { operator, action },
    })
}

/// The inbox row of the event, also when it was accepted before.
async fn accept(database: &Database, event: &InboundEvent) -> Result<i64, Problem> {
    let id = match inbox::accept(database, event, event.at_ms).await? {
        Accepted::New { id, .. } => Some(id),
        Accepted::Ignored | Accepted::Duplicate => {
            inbox::find(database, event.channel.as_str(), &event.dedupe_key).await?
        }
    };
    id.ok_or_else(|| Problem::fault("an operator's event is not in the inbox"))
}

#[derive(Deserialize)]
struct Ran {
    outcome: Outcome,
}

/// What became of the event, by the engine.
#[derive(Deserialize)]
struct Outcome {
    status: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    detail: String,
}

async fn run(org: &OrgId, inbox_id: i64) -> Result<(), Problem> {
    let path = format!("/{org}/run?event={inbox_id}");
    let (status, body) = vikno_shell::post("engine", &path, Vec::new())
        .await
        .map_err(later)?;
    if status != 200 {
        return Err(later(format!("the engine answered {status}")));
    }
    let ran: Ran = serde_json::from_slice(&body).map_err(Problem::fault)?;
    settled(ran.outcome)
}

/// The event is safe in the inbox and will have its turn; only its outcome is not known yet.
fn later(cause: impl std::fmt::Display) -> Problem {
    Problem::new(
        503,
        "outcome_unknown",
        "It was taken in, but not carried out yet. Look again in a second, or repeat it with the same client_id.",
    )
    .header("Retry-After", "1")
    .internal(cause)
}

fn settled(outcome: Outcome) -> Result<(), Problem> {
    match outcome.status.as_str() {
        "applied" | "ignored" => Ok(()),
        "refused" => Err(refused(&outcome.code, outcome.detail)),
        other => Err(Problem::fault(format!(
            "an operator's event ended as {other}"
        ))),
    }
}

/// What names no queue or organisation is the caller's mistake, everything else a conflict with the conversation's state.
fn refused(code: &str, detail: String) -> Problem {
    match code {
        "unknown_queue" => Problem::new(400, "unknown_queue", detail),
        "unknown_organisation" => Problem::new(400, "unknown_target_organisation", detail),
        "same_organisation" => Problem::new(400, "same_organisation", detail),
        "held_by_another" => Problem::new(409, "held_by_another", detail),
        "not_taken" => Problem::new(409, "not_taken", detail),
        "conversation_closed" => Problem::new(409, "conversation_closed", detail),
        "conversation_moved" => Problem::new(409, "conversation_moved", detail),
        "already_moved" => Problem::new(409, "already_moved", detail),
        _ => Problem::new(409, "refused", detail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn status_of(answer: serde_json::Value) -> Result<(), (u16, &'static str)> {
        let ran: Ran = serde_json::from_value(answer).unwrap();
        settled(ran.outcome).map_err(|problem| (problem.status(), problem.code()))
    }

    #[test]
    fn the_engines_word_decides_the_answer() {
        let refused = |code: &str| {
            status_of(json!({"outcome": {"status": "refused", "code": code, "detail": "why"}}))
        };
        assert_eq!(
            status_of(json!({"processed": 1, "outcome": {"status": "applied"}})),
            Ok(())
        );
        assert_eq!(refused("held_by_another"), Err((409, "held_by_another")));
        assert_eq!(
            refused("conversation_closed"),
            Err((409, "conversation_closed"))
        );
        assert_eq!(refused("unknown_queue"), Err((400, "unknown_queue")));
        assert_eq!(refused("something new"), Err((409, "refused")));
        assert_eq!(
            status_of(json!({"outcome": {"status": "failed"}})),
            Err((500, "internal_error"))
        );
    }
}
