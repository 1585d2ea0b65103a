//! Makes a task in a process of an outside Corezoid, for an event that is to be decided there. Where that fails, the
//! dialogue hears at once, so that its own processes take the event; the task is made later, in its order.

use crate::settings::Settings;
use serde_json::{Value, json};
use vikno_channels::DeliveryOutcome;
use vikno_corezoid::api::{
    Algorithm, CalledOp, OutgoingOp, ProcessName, Version, prepare, read_answers,
};
use vikno_domain::{Content, InboundEvent, OutsideOrder};
use vikno_shell::outbound::{self, Answer, Failed};
use vikno_shell::{log_error, now_ms};
use vikno_storage::inbox::{self, Accepted};
use vikno_storage::{Database, StorageError};

/// A Corezoid that has too much to do is left alone for so long.
const BUSY_MS: i64 = 2_000;

pub(crate) async fn make_task(order: OutsideOrder, settings: &Settings) -> DeliveryOutcome {
    let outcome = create(&order, settings).await;
    if !matches!(outcome, DeliveryOutcome::Sent { .. })
        && let Err(error) = tell_away(&order, settings).await
    {
        // It waits for its answer then until its time is over.
        let told = json!({ "org": settings.org, "call": order.call, "cause": error.to_string() });
        log_error("outside_not_told", told);
    }
    outcome
}

async fn create(order: &OutsideOrder, settings: &Settings) -> DeliveryOutcome {
    let Some(corezoid) = &settings.corezoid else {
        return DeliveryOutcome::Unauthorised;
    };
    let mut data = order.data.clone();
    if let Some(url) = settings.answer_url(&order.call) {
        data.insert("__callback_url".to_owned(), url.into());
    }
    let operation = [OutgoingOp::Create {
        process: process(&order.process),
        reference: Some(order.call.clone()),
        data,
    }];
    let now_s = now_ms() / 1_000;
    let account = &corezoid.account;
    let call = prepare(
        account,
        &corezoid.base,
        Version::Two,
        Algorithm::Sha1,
        now_s,
        &operation,
    );
    let answer = outbound::post(&call.url, call.content_type, None, call.body).await;
    judged(answer, &operation)
}

/// A number, or an alias with or without its sign.
fn process(name: &str) -> ProcessName {
    match name.parse() {
        Ok(number) => ProcessName::Number(number),
        Err(_) => ProcessName::Alias(name.trim_start_matches('@').to_owned()),
    }
}

fn judged(answer: Result<Answer, Failed>, operation: &[OutgoingOp]) -> DeliveryOutcome {
    let answer = match answer {
        Ok(answer) => answer,
        Err(Failed::BadAddress) => return DeliveryOutcome::Unauthorised,
        Err(Failed::NoAnswer | Failed::TooLarge) => return DeliveryOutcome::Unavailable,
    };
    match answer.status {
        200..=299 => {}
        429 => return DeliveryOutcome::RetryAfter { ms: BUSY_MS },
        401 | 403 => return DeliveryOutcome::Unauthorised,
        400..=499 => {
            return DeliveryOutcome::Rejected {
                code: format!("corezoid answered {}", answer.status),
            };
        }
        _ => return DeliveryOutcome::Unavailable,
    }
    let told = read_answers(&answer.body, operation);
    match told.ok().and_then(|mut told| told.pop()) {
        Some(CalledOp::Done(fields)) => DeliveryOutcome::Sent {
            external_id: fields
                .get("obj_id")
                .and_then(Value::as_str)
                .map(str::to_owned),
        },
        Some(CalledOp::Failed { description, .. }) => refused(&description),
        Some(CalledOp::Unknown) | None => DeliveryOutcome::Unavailable,
    }
}

/// By Corezoid's descriptions: there are no codes.
fn refused(description: &str) -> DeliveryOutcome {
    let words = description.to_lowercase();
    if words.contains("not unical reference") {
        // An earlier attempt had arrived; only its answer was lost.
        return DeliveryOutcome::Sent { external_id: None };
    }
    if words.contains("limit") {
        return DeliveryOutcome::RetryAfter { ms: BUSY_MS };
    }
    if words.contains("conveyor is not active") {
        return DeliveryOutcome::Unavailable;
    }
    DeliveryOutcome::Rejected {
        code: format!("corezoid: {description}"),
    }
}

/// Into the inbox of the dialogue; a repeat is dropped there.
async fn tell_away(order: &OutsideOrder, settings: &Settings) -> Result<(), StorageError> {
    let database = Database::open(settings.org.as_str()).await?;
    let now_ms = now_ms();
    let event = InboundEvent {
        channel: order.channel,
        chat: order.chat.clone(),
        dedupe_key: format!("outside-away:{}", order.call),
        at_ms: now_ms,
        sender: None,
        external_id: None,
        content: Content::Outside {
            call: order.call.clone(),
            answer: None,
        },
    };
    if let Accepted::New { .. } = inbox::accept(&database, &event, now_ms).await? {
        vikno_shell::nudge("engine", format!("/{}/run", settings.org));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    #[test]
    fn a_process_is_named_by_number_or_alias() {
        assert_eq!(process("1234"), ProcessName::Number(1234));
        assert_eq!(process("@dialogue"), ProcessName::Alias("dialogue".into()));
        assert_eq!(process("dialogue"), ProcessName::Alias("dialogue".into()));
    }

    #[test]
    fn an_answer_says_whether_the_task_is_there() {
        let operation = [OutgoingOp::Create {
            process: ProcessName::Number(1),
            reference: Some("c_1.1".to_owned()),
            data: serde_json::Map::new(),
        }];
        let judge = |status: u16, body: &'static str| {
            let answer = Answer::of(status, Bytes::from_static(body.as_bytes()));
            judged(Ok(answer), &operation)
        };
        let failed = |words: &str| {
            let body =
                json!({ "request_proc": "ok", "ops": [{ "proc": "error", "description": words }] });
            let answer = Answer::of(200, Bytes::from(body.to_string()));
            judged(Ok(answer), &operation)
        };
        let done = r#"{"request_proc":"ok","ops":[{"id":"0","proc":"ok","obj_id":"5f"}]}"#;
        let sent = DeliveryOutcome::Sent {
            external_id: Some("5f".to_owned()),
        };
        assert_eq!(judge(200, done), sent);
        let again = DeliveryOutcome::RetryAfter { ms: BUSY_MS };
        for (outcome, expected) in [
            (judge(429, ""), again.clone()),
            (judge(503, ""), DeliveryOutcome::Unavailable),
            (judge(200, "<html>"), DeliveryOutcome::Unavailable),
            (judge(401, ""), DeliveryOutcome::Unauthorised),
            (
                failed("not unical reference"),
                DeliveryOutcome::Sent { external_id: None },
            ),
            (failed("Too many requests: limit is reached"), again),
            (
                failed("conveyor is not active"),
                DeliveryOutcome::Unavailable,
            ),
        ] {
            assert_eq!(outcome, expected);
        }
        assert!(matches!(
            failed("access denied"),
            DeliveryOutcome::Rejected { .. }
        ));
    }
}
