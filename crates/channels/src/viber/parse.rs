//! A callback of Viber to a neutral event: one callback, one event, whatever the kind.

use super::message;
use crate::lenient::{self, ParseError, believable_ms, flag, integer, kind_name, present, text};
use crate::verify::{Refused, VerifiedBody, by_hmac, signed};
use serde_json::Value;
use sha2::{Digest, Sha256};
use vikno_domain::{Channel, Content, InboundEvent, Language, Sender};

/// One callback, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Callback {
    /// What happened.
    pub event: InboundEvent,
    /// The person has opened the chat and is not subscribed: nothing can be sent to them but the one welcome
    /// message that the answer to this callback may carry.
    pub welcome: bool,
}

/// Checks `X-Viber-Content-Signature`: the hexadecimal HMAC-SHA256 of the raw body with the bot's token.
pub fn verify_signature<'a>(
    header: Option<&str>,
    token: &str,
    body: &'a [u8],
) -> Result<VerifiedBody<'a>, Refused> {
    by_hmac(header, token, body)
}

/// A body whose signature was checked where the token is (`POST /{org}/channels/viber/signature/{signature}` of `delivery`).
pub fn attested(body: &[u8]) -> VerifiedBody<'_> {
    VerifiedBody::attested(body)
}

/// The signature that Viber would send for a body: for stand-ins and tests.
pub fn sign(token: &str, body: &[u8]) -> String {
    signed(token, body)
}

/// Reads a callback. Kinds that are no dialogue with a citizen, unknown ones too, become [`Content::Ignored`].
pub fn parse(body: VerifiedBody<'_>, received_at_ms: i64) -> Result<Callback, ParseError> {
    let callback = lenient::object(body.bytes())?;
    let kind = kind_name(&text(&callback, "event").unwrap_or_default());
    // The token is a number above 2^53: kept as its digits.
    let token = text(&callback, "message_token");
    let dedupe_key = match &token {
        Some(token) => format!("{token}:{kind}"),
        None => format!("body:{}", hex::encode(Sha256::digest(body.bytes()))),
    };
    let sender = ["sender", "user"]
        .iter()
        .find_map(|key| present(&callback, key))
        .and_then(person);
    let chat = sender
        .as_ref()
        .map(|sender| sender.id.clone())
        .or_else(|| text(&callback, "user_id"));
    let content = match &chat {
        None if expects_person(&kind) => ignored(&format!("{kind}_without_person")),
        _ => content(&kind, &callback),
    };
    Ok(Callback {
        welcome: kind == "conversation_started" && chat.is_some() && !flag(&callback, "subscribed"),
        event: InboundEvent {
            channel: Channel::Viber,
            chat: chat.unwrap_or_default(),
            dedupe_key,
            at_ms: believable_ms(integer(&callback, "timestamp"), received_at_ms),
            sender,
            external_id: token,
            content,
        },
    })
}

fn expects_person(kind: &str) -> bool {
    matches!(
        kind,
        "message"
            | "conversation_started"
            | "subscribed"
            | "unsubscribed"
            | "delivered"
            | "seen"
            | "failed"
    )
}

fn content(kind: &str, callback: &Value) -> Content {
    match kind {
        "message" => match present(callback, "message") {
            Some(message) => message::content(message),
            None => ignored("empty_message"),
        },
        "conversation_started" => Content::SessionStarted {
            context: text(callback, "context"),
        },
        "subscribed" => Content::Unblocked,
        "unsubscribed" => Content::Blocked,
        "delivered" | "seen" | "failed" => Content::Receipt {
            receipt: kind.to_owned(),
            detail: text(callback, "desc"),
        },
        "" => ignored("empty_callback"),
        other => ignored(other),
    }
}

fn person(person: &Value) -> Option<Sender> {
    Some(Sender {
        id: text(person, "id")?,
        name: text(person, "name"),
        language: text(person, "language").and_then(|tag| Language::parse(&tag).ok()),
    })
}

pub(super) fn ignored(what: &str) -> Content {
    Content::Ignored {
        what: what.to_owned(),
    }
}
