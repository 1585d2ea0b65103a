//! A webhook update of Telegram to a neutral event: one update, one event, whatever the kind.

use super::message::{self, chat_of, person};
use crate::lenient::{self, ParseError, believable_ms, integer, kind_name, present, text};
use crate::verify::{Refused, VerifiedBody, by_digest, by_shared_secret};
use serde_json::Value;
use sha2::{Digest, Sha256};
use vikno_domain::{Channel, Content, InboundEvent, Sender};

/// One update, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// The channel's number of it; absent only in bodies that Telegram itself would not send.
    pub update_id: Option<i64>,
    /// `callback_query.id`, which must be acknowledged whatever becomes of the event.
    pub callback: Option<String>,
    /// What happened.
    pub event: InboundEvent,
}

/// Checks `X-Telegram-Bot-Api-Secret-Token` against the organisation's secret, before anything is read.
pub fn verify_secret<'a>(
    header: Option<&str>,
    secret: &str,
    body: &'a [u8],
) -> Result<VerifiedBody<'a>, Refused> {
    by_shared_secret(header, secret, body)
}

/// The same where only the secret's SHA-256 is kept, in hexadecimal.
pub fn verify_secret_digest<'a>(
    header: Option<&str>,
    digest: &str,
    body: &'a [u8],
) -> Result<VerifiedBody<'a>, Refused> {
    let digest = hex::decode(digest).map_err(|_| Refused::NotConfigured)?;
    by_digest(header, &digest, body)
}

/// Reads an update. Kinds that are no dialogue with a citizen, unknown ones too, become [`Content::Ignored`].
pub fn parse(body: VerifiedBody<'_>, received_at_ms: i64) -> Result<Update, ParseError> {
    let update = lenient::object(body.bytes())?;
    let update_id = integer(&update, "update_id");
    let dedupe_key = match update_id {
        Some(id) => format!("update:{id}"),
        None => format!("body:{}", hex::encode(Sha256::digest(body.bytes()))),
    };
    let Happened {
        chat,
        sender,
        external_id,
        at_s,
        content,
    } = read(&update);
    Ok(Update {
        update_id,
        callback: present(&update, "callback_query").and_then(|query| text(query, "id")),
        event: InboundEvent {
            channel: Channel::Telegram,
            chat: chat.unwrap_or_default(),
            dedupe_key,
            at_ms: believable_ms(at_s.map(|s| s.saturating_mul(1000)), received_at_ms),
            sender,
            external_id,
            content,
        },
    })
}

/// An event before it gets its keys.
struct Happened {
    chat: Option<String>,
    sender: Option<Sender>,
    external_id: Option<String>,
    at_s: Option<i64>,
    content: Content,
}

fn read(update: &Value) -> Happened {
    if let Some(query) = present(update, "callback_query") {
        return click(query);
    }
    if let Some(message) = present(update, "message") {
        return written(message, "date", message::content);
    }
    if let Some(message) = present(update, "edited_message") {
        return written(message, "edit_date", message::edited);
    }
    if let Some(change) = present(update, "my_chat_member") {
        return written(change, "date", membership);
    }
    let kind = other_kind(update);
    Happened {
        content: ignored(&kind.map_or_else(|| "empty_update".to_owned(), kind_name)),
        ..written(
            kind.map_or(&Value::Null, |kind| &update[kind]),
            "date",
            message::content,
        )
    }
}

/// The field that names an update's kind, when it is none that makes a dialogue: one that is known to be such,
/// else the first by the alphabet.
fn other_kind(update: &Value) -> Option<&str> {
    let fields = update.as_object()?;
    let known = OTHER_KINDS.iter().find(|kind| fields.contains_key(**kind));
    known.copied().or_else(|| {
        let unknown = fields.keys().filter(|key| *key != "update_id");
        unknown.map(String::as_str).min()
    })
}

/// Kinds that are no dialogue of a citizen with the bot (Bot API 10.1).
const OTHER_KINDS: [&str; 20] = [
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "guest_message",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
];

/// Anything of the form of a message. Only private chats are dialogues.
fn written(
    message: &Value,
    date: &str,
    content: impl FnOnce(&Value, Option<&Sender>) -> Content,
) -> Happened {
    let chat = chat_of(message);
    let sender = person(message);
    let content = match &chat {
        None => ignored("message_without_chat"),
        Some(chat) if !chat.private => ignored("group_message"),
        Some(_) => content(message, sender.as_ref()),
    };
    Happened {
        chat: chat.map(|chat| chat.id),
        sender,
        external_id: integer(message, "message_id").map(|id| id.to_string()),
        at_s: integer(message, date).or_else(|| integer(message, "date")),
        content,
    }
}

/// A pressed button. Its message may be a stub without a date, or absent for buttons of inline messages.
fn click(query: &Value) -> Happened {
    let message = present(query, "message");
    let mut sender = query.get("from").and_then(message::sender);
    let chat = message.and_then(chat_of);
    let content = match (text(query, "data"), &chat) {
        (_, Some(chat)) if !chat.private => ignored("group_button"),
        (_, None) if present(query, "inline_message_id").is_some() => ignored("inline_button"),
        (None, _) => ignored("button_without_data"),
        (Some(button), _) => Content::Click {
            button,
            callback: text(query, "id"),
        },
    };
    // A private chat has the id of its person.
    let chat = chat
        .map(|chat| chat.id)
        .or_else(|| sender.as_ref().map(|sender| sender.id.clone()));
    let content = match &chat {
        None => ignored("button_without_chat"),
        Some(_) => content,
    };
    if sender.is_none() {
        sender = chat.clone().map(|id| Sender {
            id,
            ..Sender::default()
        });
    }
    Happened {
        chat,
        sender,
        external_id: message
            .and_then(|message| integer(message, "message_id"))
            .map(|id| id.to_string()),
        // A query carries no instant of its own; its message's is that of our message.
        at_s: None,
        content,
    }
}

/// In a private chat a change of the bot's membership is a block or its end.
fn membership(change: &Value, _: Option<&Sender>) -> Content {
    let status = present(change, "new_chat_member").and_then(|member| text(member, "status"));
    match status.as_deref() {
        Some("kicked" | "left") => Content::Blocked,
        Some("member") => Content::Unblocked,
        _ => ignored("my_chat_member"),
    }
}

pub(super) fn ignored(what: &str) -> Content {
    Content::Ignored {
        what: what.to_owned(),
    }
}
