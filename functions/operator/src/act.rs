//! `POST conversations/{id}/{take|assign|messages|notes|close|reopen|transfer}`: into the inbox, through the engine, and the
//! conversation's new state back.

use crate::command::{self, Command};
use crate::{read, unknown_conversation, view};
use vikno_domain::{Content, InboundEvent, OperatorAction, OperatorRef, OrgId};
use vikno_identity::Authorised;
use vikno_shell::{Problem, Refusal, Reply, Request, new_id, now_ms};
use vikno_storage::{Database, StorageError, operator_view, presence};

/// A text of 4,000 characters, each escaped in JSON as two surrogates of six bytes, and the rest.
const BODY_LIMIT: usize = 64 * 1024;

pub(crate) async fn act(
    request: Request,
    core: &Database,
    org: &OrgId,
    id: &str,
    verb: &str,
    permit: &Authorised,
    leads: bool,
) -> Reply {
    let body = vikno_shell::body(request, BODY_LIMIT).await?;
    let command = command::command(verb, &body, leads)?.ok_or_else(|| {
        let detail = "An operator can take, close, reopen, transfer, or post messages and notes; a shift head can assign.";
        Problem::new(404, "not_found", detail)
    })?;
    let database = Database::open(org.as_str()).await?;
    let Command { client_id, wish } = command;
    let upload = match wish.upload() {
        Some(upload) => operator_view::upload(&database, upload).await?,
        None => None,
    };
    let assignee = match wish.assignee() {
        Some(person) => assignee(core, org, person).await?,
        None => None,
    };
    let action = wish.action(upload, assignee)?;
    let event = event(&database, id, client_id, action, permit).await?;
    if let Some(Refusal { code, detail }) = vikno_shell::carry_out(&database, org, &event).await? {
        return Err(refused(&code, detail));
    }
    let whole = read::whole(&database, id).await?;
    Ok(vikno_shell::json(200, &view::whole(whole)))
}

/// The person, if they are active and may handle conversations of the organisation.
async fn assignee(
    core: &Database,
    org: &OrgId,
    person: &str,
) -> Result<Option<OperatorRef>, Problem> {
    let on_shift = presence::on_shift(core, org.as_str()).await?;
    let found = on_shift.into_iter().find(|one| one.id == person);
    Ok(found.map(|one| OperatorRef {
        id: one.id,
        name: one.name,
    }))
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

/// What names no queue or organisation is the caller's mistake, everything else a conflict with the conversation's state.
fn refused(code: &str, detail: String) -> Problem {
    match code {
        "unknown_queue" => Problem::new(400, "unknown_queue", detail),
        "unknown_organisation" => Problem::new(400, "unknown_target_organisation", detail),
        "same_organisation" => Problem::new(400, "same_organisation", detail),
        "held_by_another" => Problem::new(409, "held_by_another", detail),
        "not_reopened" => Problem::new(409, "not_reopened", detail),
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

    #[test]
    fn a_refusal_says_whose_mistake_it_is() {
        for (code, status, told) in [
            ("held_by_another", 409, "held_by_another"),
            ("conversation_closed", 409, "conversation_closed"),
            ("unknown_queue", 400, "unknown_queue"),
            ("something new", 409, "refused"),
        ] {
            let problem = refused(code, "why".to_owned());
            assert_eq!((problem.status(), problem.code()), (status, told));
        }
    }
}
