//! The SMS provider's side, in TurboSMS's form.

use crate::server::{Answer, Call, HangUp, settle};
use crate::state::{State, now_ms};
use crate::{FaultKind, Sent, Service};
use serde_json::{Value, json};

pub(crate) async fn call(state: &State, call: Call) -> Result<Answer, HangUp> {
    let raw: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    let token = call.header("authorization").strip_prefix("Bearer ");
    let sent = Sent {
        number: 0,
        at_ms: now_ms(),
        service: Service::Sms,
        token: token.unwrap_or_default().to_owned(),
        method: "send".to_owned(),
        chat: raw["recipients"][0].as_str().unwrap_or_default().to_owned(),
        text: raw["sms"]["text"].as_str().map(str::to_owned),
        buttons: Vec::new(),
        file: None,
        accepted: false,
        status: 200,
        raw,
    };
    let digits = |chat: &str| !chat.is_empty() && chat.bytes().all(|digit| digit.is_ascii_digit());
    let check = match &sent {
        sent if sent.token.is_empty() => Err(FaultKind::Unauthorised),
        sent if !digits(&sent.chat) || sent.text.is_none() => Err(FaultKind::Rejected),
        _ => Ok(()),
    };
    settle(state, sent, check, accepted, refused).await
}

fn accepted(number: u64, sent: &Sent) -> Answer {
    let result = json!({
        "phone": sent.chat,
        "response_code": 0,
        "message_id": format!("00000000-0000-4000-8000-{number:012}"),
        "response_status": "OK",
    });
    let body = json!({
        "response_code": 800,
        "response_status": "SUCCESS_MESSAGE_ACCEPTED",
        "response_result": [result],
    });
    Answer::json(200, &body)
}

fn refused(kind: FaultKind) -> (i64, Answer) {
    let (status, code, text) = match kind {
        FaultKind::TooMany { .. } => (503, 0, "SERVICE_UNAVAILABLE"),
        FaultKind::Blocked => (200, 404, "NOT_ALLOWED_RECIPIENT_STOPLIST"),
        FaultKind::Unauthorised => (200, 301, "NOT_ALLOWED_TOKEN"),
        _ => (200, 202, "INVALID_REQUEST"),
    };
    let body = json!({ "response_code": code, "response_status": text, "response_result": null });
    (i64::from(status), Answer::json(status, &body))
}
