//! An outside Corezoid's side: signed calls that make tasks. The secret of a login is [`corezoid_secret`].

use crate::server::{Answer, Call, HangUp, problem, settle};
use crate::state::{State, now_ms};
use crate::{FaultKind, Sent, Service};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use vikno_corezoid::api::{Account, Secret, SignedCall};

/// What a caller of that login signs with.
pub fn corezoid_secret(login: &str) -> String {
    format!("secret of {login}")
}

pub(crate) async fn call(
    state: &State,
    [login, time, signature]: [&str; 3],
    call: Call,
) -> Result<Answer, HangUp> {
    let login = percent_decode_str(login).decode_utf8_lossy();
    let login = login.as_ref();
    let body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    let operation = body["ops"][0].clone();
    if body["ops"].as_array().map(Vec::len) != Some(1) {
        return Ok(problem(
            400,
            "one operation a call is what this stands in for",
        ));
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let reference = text(&operation["ref"]);
    let sent = Sent {
        number: 0,
        at_ms: now_ms(),
        service: Service::Corezoid,
        token: login.to_owned(),
        method: text(&operation["type"]),
        chat: reference.clone(),
        text: operation["data"]["text"].as_str().map(str::to_owned),
        buttons: Vec::new(),
        file: None,
        accepted: false,
        status: 200,
        raw: operation,
    };
    let account = Account::new(login, Secret::new(corezoid_secret(login)));
    let signed = SignedCall::parse(login, time, signature);
    let believed = signed.and_then(|signed| signed.verify(&account, &call.body, now_ms() / 1_000));
    let is_repeat = state
        .calls_to(&reference)
        .iter()
        .any(|earlier| earlier.accepted && earlier.service == Service::Corezoid);
    let check = match (believed, is_repeat) {
        (Err(_), _) => Err(FaultKind::Unauthorised),
        (Ok(_), true) => Err(FaultKind::Rejected),
        (Ok(_), false) => Ok(()),
    };
    settle(state, sent, check, accepted, refused).await
}

fn accepted(number: u64, sent: &Sent) -> Answer {
    let operation = json!({ "id": "0", "proc": "ok", "obj": "task", "ref": sent.chat, "obj_id": format!("{number:024x}") });
    Answer::json(200, &json!({ "request_proc": "ok", "ops": [operation] }))
}

fn refused(kind: FaultKind) -> (i64, Answer) {
    let description = match kind {
        FaultKind::TooMany { .. } => return (429, problem(429, "too many requests")),
        FaultKind::Unauthorised => return (401, problem(401, "wrong signature")),
        _ => "not unical reference",
    };
    let operation =
        json!({ "id": "0", "proc": "error", "obj": "task", "description": description });
    (
        200,
        Answer::json(200, &json!({ "request_proc": "ok", "ops": [operation] })),
    )
}
