//! Telegram's side: reads a call of the Bot API, checks its limits, answers in its form.

use crate::server::{Answer, Call, HangUp, settle};
use crate::state::{State, now_ms};
use crate::webhooks;
use crate::{FaultKind, Sent, SentButton, SentFile, Service};
use http_body_util::{BodyDataStream, Full};
use serde_json::{Map, Value, json};

const NO_FILE: &str = "Bad Request: wrong file_id or the file is temporarily unavailable";

/// Methods with a file, and the field that it is in.
const UPLOADS: [(&str, &str); 6] = [
    ("sendPhoto", "photo"),
    ("sendDocument", "document"),
    ("sendVideo", "video"),
    ("sendAudio", "audio"),
    ("sendVoice", "voice"),
    ("sendAnimation", "animation"),
];

pub(crate) async fn call(
    state: &State,
    token: &str,
    method: &str,
    call: Call,
) -> Result<Answer, HangUp> {
    if !is_known(method) {
        return Ok(error(404, "Not Found", None));
    }
    let Some((raw, upload)) = read(&call).await else {
        return Ok(error(400, "Bad Request: can't parse the body", None));
    };
    let file = upload.or_else(|| named_file(method, &raw));
    let sent = Sent {
        number: 0,
        at_ms: now_ms(),
        service: Service::Telegram,
        token: token.to_owned(),
        method: method.to_owned(),
        chat: id_text(&raw["chat_id"]),
        text: words(&raw),
        buttons: buttons(&raw["reply_markup"]),
        file,
        accepted: false,
        status: 200,
        raw,
    };
    let asked = sent.raw["file_id"].as_str().unwrap_or_default().to_owned();
    let file = (method == "getFile").then(|| state.file(&asked));
    let check = match (check(&sent), &file) {
        (Ok(()), Some(None)) => Err((FaultKind::Rejected, NO_FILE)),
        (Ok(()), None) if sent.is_sending() && state.is_over_limit(token) => {
            Err((FaultKind::TooMany { retry_after_s: 1 }, ""))
        }
        (result, _) => result,
    };
    let about_bot = match check.is_ok() {
        true => webhooks::telegram(state, token, method, &sent.raw),
        false => None,
    };
    let reason = check.err().map(|(_, reason)| reason);
    let reason = reason.filter(|reason| !reason.is_empty());
    settle(
        state,
        sent,
        check.map_err(|(kind, _)| kind),
        |number, sent| match file.flatten() {
            Some(file) => found(&asked, file.bytes.len()),
            None => match &about_bot {
                Some(result) => Answer::json(200, &json!({ "ok": true, "result": result })),
                None => accepted(number, sent),
            },
        },
        |kind| refused(kind, reason),
    )
    .await
}

/// The fields of a JSON or a form body, and the file of the latter. Nested values of a form are JSON texts.
async fn read(call: &Call) -> Option<(Value, Option<SentFile>)> {
    if call.body.is_empty() {
        return Some((json!({}), None));
    }
    let Ok(boundary) = multer::parse_boundary(call.header("content-type")) else {
        let raw: Value = serde_json::from_slice(&call.body).ok()?;
        return raw.is_object().then_some((raw, None));
    };
    let body = BodyDataStream::new(Full::new(call.body.clone()));
    let mut form = multer::Multipart::new(body, boundary);
    let mut fields = Map::new();
    let mut file = None;
    while let Some(field) = form.next_field().await.ok()? {
        let name = field.name()?.to_owned();
        match field.file_name().map(str::to_owned) {
            Some(file_name) => {
                let media_type = field.content_type().map(ToString::to_string);
                file = Some(SentFile {
                    name: file_name,
                    media_type: media_type.unwrap_or_default(),
                    size: field.bytes().await.ok()?.len() as u64,
                    url: None,
                });
            }
            None => {
                let text = field.text().await.ok()?;
                let value = match text.starts_with(['{', '[']) {
                    true => serde_json::from_str(&text).unwrap_or(Value::String(text)),
                    false => Value::String(text),
                };
                fields.insert(name, value);
            }
        }
    }
    Some((Value::Object(fields), file))
}

/// A file named by its id or address instead of being uploaded.
fn named_file(method: &str, raw: &Value) -> Option<SentFile> {
    let (_, field) = UPLOADS.iter().find(|(name, _)| *name == method)?;
    let name = raw[*field].as_str()?;
    Some(SentFile {
        name: name.to_owned(),
        media_type: String::new(),
        size: 0,
        url: name.starts_with("http").then(|| name.to_owned()),
    })
}

fn words(raw: &Value) -> Option<String> {
    let text = raw["text"].as_str().or_else(|| raw["caption"].as_str())?;
    Some(match raw["parse_mode"].as_str() {
        Some("HTML") => without_markup(text),
        _ => text.to_owned(),
    })
}

/// What is left of Telegram's HTML for the reader.
fn without_markup(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            _ if in_tag => {}
            c => text.push(c),
        }
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

fn buttons(markup: &Value) -> Vec<SentButton> {
    let rows = markup["inline_keyboard"]
        .as_array()
        .or_else(|| markup["keyboard"].as_array());
    rows.into_iter()
        .flatten()
        .filter_map(Value::as_array)
        .flatten()
        .map(|button| SentButton {
            id: button["callback_data"]
                .as_str()
                .or_else(|| button["url"].as_str())
                .unwrap_or_default()
                .to_owned(),
            label: button["text"].as_str().unwrap_or_default().to_owned(),
        })
        .collect()
}

/// What Telegram itself would refuse, with its words.
fn check(sent: &Sent) -> Result<(), (FaultKind, &'static str)> {
    let rejected = |reason| Err((FaultKind::Rejected, reason));
    if sent.token.is_empty() {
        return Err((FaultKind::Unauthorised, ""));
    }
    if !sent.is_sending() {
        return Ok(());
    }
    if sent.chat.is_empty() {
        return rejected("Bad Request: chat_id is empty");
    }
    let length = sent
        .text
        .as_deref()
        .map_or(0, |text| text.encode_utf16().count());
    let bad_data = sent
        .buttons
        .iter()
        .any(|button| button.id.len() > 64 && !button.id.starts_with("http"));
    match sent.method.as_str() {
        "sendMessage" if length == 0 => rejected("Bad Request: message text is empty"),
        "sendMessage" if length > 4096 => rejected("Bad Request: message is too long"),
        "sendMessage" => Ok(()),
        "sendChatAction" => Ok(()),
        _ if length > 1024 => rejected("Bad Request: message caption is too long"),
        _ if sent.file.is_none() => rejected("Bad Request: there is no file in the request"),
        _ => Ok(()),
    }?;
    match bad_data || sent.buttons.iter().any(|button| button.label.is_empty()) {
        true => rejected("Bad Request: BUTTON_DATA_INVALID"),
        false => Ok(()),
    }
}

fn accepted(number: u64, sent: &Sent) -> Answer {
    let result = match sent.is_sending() && sent.method != "sendChatAction" {
        false => json!(true),
        true => json!({
            "message_id": number,
            "date": sent.at_ms / 1000,
            "chat": {"id": sent.chat.parse::<i64>().unwrap_or_default(), "type": "private"},
            "from": {"id": 1, "is_bot": true, "first_name": "Stand-in"},
            "text": sent.text,
        }),
    };
    Answer::json(200, &json!({ "ok": true, "result": result }))
}

fn refused(kind: FaultKind, reason: Option<&str>) -> (i64, Answer) {
    let (status, text, retry_after_s) = match kind {
        FaultKind::TooMany { retry_after_s } => (429, "Too Many Requests", Some(retry_after_s)),
        FaultKind::Blocked => (403, "Forbidden: bot was blocked by the user", None),
        FaultKind::Unauthorised => (401, "Unauthorized", None),
        _ => (
            400,
            reason.unwrap_or("Bad Request: can't parse entities"),
            None,
        ),
    };
    (i64::from(status), error(status, text, retry_after_s))
}

fn error(status: u16, description: &str, retry_after_s: Option<u32>) -> Answer {
    let mut body = json!({ "ok": false, "error_code": status, "description": description });
    if let Some(seconds) = retry_after_s {
        body["description"] = json!(format!("{description}: retry after {seconds}"));
        body["parameters"] = json!({ "retry_after": seconds });
    }
    Answer {
        retry_after_s,
        ..Answer::json(status, &body)
    }
}

/// The answer to `getFile`.
fn found(id: &str, size: usize) -> Answer {
    let result = json!({
        "file_id": id,
        "file_unique_id": id,
        "file_size": size,
        "file_path": format!("documents/{id}"),
    });
    Answer::json(200, &json!({ "ok": true, "result": result }))
}

fn id_text(id: &Value) -> String {
    match id {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// The methods that the platform may use; others are unknown here as a misspelt one is to Telegram.
fn is_known(method: &str) -> bool {
    matches!(
        method,
        "sendMessage"
            | "sendChatAction"
            | "answerCallbackQuery"
            | "getFile"
            | "getMe"
            | "setWebhook"
            | "deleteWebhook"
            | "getWebhookInfo"
            | "editMessageReplyMarkup"
            | "editMessageText"
    ) || UPLOADS.iter().any(|(name, _)| *name == method)
}
