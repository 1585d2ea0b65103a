//! Answers of an outside Corezoid to events that were passed on to it: into the inbox of their dialogue, once.

use crate::settings::Addresses;
use crate::{Posted, denied, frame, unreadable};
use vikno_corezoid::api::{Address, Answer, AnswerAddress, Echo, OpAnswer, OpError};
use vikno_domain::{Content, InboundEvent, OrgId};
use vikno_shell::{Problem, Reply, Request, now_ms};
use vikno_storage::inbox::{self, Accepted};
use vikno_storage::{Database, StorageError, operator_view};

/// Some words and buttons. It may wait in the dialogue's record behind an earlier one.
const ANSWER_BYTES: usize = 64 * 1024;

pub(crate) async fn take(
    request: Request,
    org: &OrgId,
    posted: Posted,
    call: &str,
    hash: &str,
) -> Reply {
    let body = vikno_shell::body(request, ANSWER_BYTES).await?;
    let addresses = Addresses::of(org).await;
    let address = AnswerAddress { call };
    let verified = addresses
        .as_ref()
        .and_then(|addresses| address.verify(addresses.key(), hash, &body).ok());
    let verified = verified.ok_or_else(|| denied("Access denied", "no call has that address"))?;
    let answer = match posted.form.data(verified) {
        Ok(answer) => answer,
        Err(error) => return Ok(unreadable(error, posted.version)),
    };
    let told = match tell(org, call, answer).await? {
        true => OpAnswer::created(Echo::default(), call),
        false => OpAnswer::failed(Echo::default(), OpError::TaskNotFound),
    };
    Ok(frame(&Answer::of([told]), posted.version))
}

/// Whether there is a dialogue to tell it to. A repeat is dropped by the inbox.
async fn tell(
    org: &OrgId,
    call: &str,
    answer: serde_json::Map<String, serde_json::Value>,
) -> Result<bool, Problem> {
    let conversation = call
        .rsplit_once('.')
        .map_or(call, |(conversation, _)| conversation);
    let database = Database::open(org.as_str()).await?;
    let (channel, chat) = match operator_view::address(&database, conversation).await {
        Err(StorageError::NotFound) => return Ok(false),
        found => found?,
    };
    let now_ms = now_ms();
    let event = InboundEvent {
        channel,
        chat,
        dedupe_key: format!("outside:{call}"),
        at_ms: now_ms,
        sender: None,
        external_id: None,
        content: Content::Outside {
            call: call.to_owned(),
            answer: Some(answer),
        },
    };
    if let Accepted::New {
        is_awaited: false, ..
    } = inbox::accept(&database, &event, now_ms).await?
    {
        vikno_shell::nudge("engine", format!("/{org}/run"));
    }
    Ok(true)
}
