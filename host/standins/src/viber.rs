//! Viber's side: reads a call, checks its limits, answers in its form (always with HTTP 200).

use crate::server::{Answer, Call, HangUp, settle};
use crate::state::{State, now_ms};
use crate::webhooks;
use crate::{FaultKind, Sent, SentButton, SentFile, Service};
use serde_json::{Value, json};
use vikno_channels::viber::BUTTON_PREFIX;

/// Viber takes 30 KB in all.
const BODY_LIMIT: usize = 30 * 1024;

/// Added to a call's number: Viber's tokens are above 2^53, where careless readers lose digits.
const FIRST_TOKEN: u64 = 5_741_311_803_571_721_087;

pub(crate) async fn call(state: &State, method: &str, call: Call) -> Result<Answer, HangUp> {
    let raw: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    let token = match call.header("x-viber-auth-token") {
        "" => raw["auth_token"].as_str().unwrap_or_default(),
        token => token,
    };
    let sent = Sent {
        number: 0,
        at_ms: now_ms(),
        service: Service::Viber,
        token: token.to_owned(),
        method: method.to_owned(),
        chat: raw["receiver"].as_str().unwrap_or_default().to_owned(),
        text: raw["text"]
            .as_str()
            .map(str::to_owned)
            .filter(|text| !text.is_empty()),
        buttons: buttons(&raw["keyboard"]),
        file: file(&raw),
        accepted: false,
        status: 0,
        raw,
    };
    let check = check(&sent, call.body.len());
    let about_bot = match check.is_ok() {
        true => webhooks::viber(state, &sent.token, method, &sent.raw).await,
        false => None,
    };
    let accepted = |number, sent: &Sent| match &about_bot {
        Some(answer) => Answer::json(200, answer),
        None => accepted(number, sent),
    };
    settle(state, sent, check, accepted, refused).await
}

fn buttons(keyboard: &Value) -> Vec<SentButton> {
    let buttons = keyboard["Buttons"].as_array().into_iter().flatten();
    buttons
        .map(|button| {
            let body = button["ActionBody"].as_str().unwrap_or_default();
            SentButton {
                id: body.strip_prefix(BUTTON_PREFIX).unwrap_or(body).to_owned(),
                label: button["Text"].as_str().unwrap_or_default().to_owned(),
            }
        })
        .collect()
}

fn file(raw: &Value) -> Option<SentFile> {
    let url = raw["media"].as_str()?;
    let last = url.rsplit('/').next().unwrap_or_default();
    Some(SentFile {
        name: raw["file_name"].as_str().unwrap_or(last).to_owned(),
        media_type: raw["type"].as_str().unwrap_or_default().to_owned(),
        size: raw["size"].as_u64().unwrap_or_default(),
        url: Some(url.to_owned()),
    })
}

/// What Viber itself would refuse.
fn check(sent: &Sent, size: usize) -> Result<(), FaultKind> {
    let status = |status| Err(FaultKind::ViberStatus { status });
    let characters = |text: &Value| text.as_str().map_or(0, |text| text.chars().count());
    if sent.token.is_empty() {
        return status(2);
    }
    if !sent.raw.is_object() || size > BODY_LIMIT {
        return status(3);
    }
    if sent.method != "send_message" {
        return Ok(());
    }
    let kind = sent.raw["type"].as_str().unwrap_or_default();
    if sent.chat.is_empty() || kind.is_empty() || sent.raw["sender"]["name"].as_str().is_none() {
        return status(4);
    }
    let missing = match kind {
        "text" => sent.text.is_none(),
        "picture" | "url" => sent.file.is_none(),
        "video" => sent.file.is_none() || sent.raw["size"].is_null(),
        "file" => {
            sent.file.is_none() || sent.raw["size"].is_null() || sent.raw["file_name"].is_null()
        }
        _ => false,
    };
    if missing {
        return status(4);
    }
    let text_limit = if kind == "picture" { 768 } else { 7000 };
    let grid = sent.raw["keyboard"]["Buttons"]
        .as_array()
        .into_iter()
        .flatten();
    let mut columns = grid.map(|button| button["Columns"].as_u64().unwrap_or(6));
    let wrong = characters(&sent.raw["sender"]["name"]) > 28
        || characters(&sent.raw["text"]) > text_limit
        || columns.any(|width| !(1..=6).contains(&width))
        || sent.buttons.iter().any(|button| button.id.is_empty());
    if wrong { status(3) } else { Ok(()) }
}

fn accepted(number: u64, _: &Sent) -> Answer {
    let body = json!({
        "status": 0,
        "status_message": "ok",
        "message_token": FIRST_TOKEN + number,
        "chat_hostname": "SN-CHAT-01_",
        "billing_status": 1,
    });
    Answer::json(200, &body)
}

fn refused(kind: FaultKind) -> (i64, Answer) {
    let (status, message) = match kind {
        FaultKind::TooMany { .. } => (12, "tooManyRequests"),
        FaultKind::Blocked => (6, "receiverNotSubscribed"),
        FaultKind::Unauthorised => (2, "invalidAuthToken"),
        FaultKind::ViberStatus { status } => (status, "asTold"),
        _ => (3, "badData"),
    };
    let body =
        json!({ "status": status, "status_message": message, "chat_hostname": "SN-CHAT-01_" });
    (status, Answer::json(200, &body))
}
