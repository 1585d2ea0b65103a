//! The content of a Telegram message: which of its many optional fields is the message.

use super::media;
use super::parse::ignored;
use crate::lenient::{full_name, integer, kind_name, number, present, text};
use serde_json::Value;
use vikno_domain::{Content, Language, Sender};

/// The chat of a message.
pub(super) struct Chat {
    /// Its id as text.
    pub id: String,
    /// Whether it is a chat of the bot with one person.
    pub private: bool,
}

/// The chat of a message; without one, the private chat of the sender.
pub(super) fn chat_of(message: &Value) -> Option<Chat> {
    let Some(chat) = present(message, "chat") else {
        let id = integer(present(message, "from")?, "id")?;
        return Some(Chat {
            id: id.to_string(),
            private: true,
        });
    };
    let id = integer(chat, "id")?;
    let private = match text(chat, "type") {
        Some(kind) => kind == "private",
        // Ids of groups and channels are negative.
        None => id > 0,
    };
    Some(Chat {
        id: id.to_string(),
        private,
    })
}

/// Who wrote. A private chat has the id and the name of its person, should `from` be missing.
pub(super) fn person(message: &Value) -> Option<Sender> {
    present(message, "from").and_then(sender).or_else(|| {
        let private = chat_of(message).is_some_and(|chat| chat.private);
        present(message, "chat")
            .filter(|_| private)
            .and_then(sender)
    })
}

/// A person of Telegram's `User` or private `Chat` form.
pub(super) fn sender(person: &Value) -> Option<Sender> {
    Some(Sender {
        id: integer(person, "id")?.to_string(),
        name: full_name(person),
        language: text(person, "language_code").and_then(|tag| Language::parse(&tag).ok()),
    })
}

/// What a new message says.
pub(super) fn content(message: &Value, sender: Option<&Sender>) -> Content {
    if let Some(text) = text(message, "text") {
        return start(&text).unwrap_or(Content::Text { text });
    }
    if let Some(card) = present(message, "contact") {
        return contact(card, sender);
    }
    if let Some(place) = place(message) {
        return place;
    }
    if let Some(media) = media::of(message) {
        return Content::Media {
            media,
            caption: text(message, "caption"),
            album: text(message, "media_group_id"),
        };
    }
    // Words below something that we do not know are still the citizen's words.
    match text(message, "caption") {
        Some(text) => Content::Text { text },
        None => ignored(&other_kind(message)),
    }
}

/// What an edit says: the new text or caption. Moves of a live location and new files are no edits of words.
pub(super) fn edited(message: &Value, _: Option<&Sender>) -> Content {
    match text(message, "text").or_else(|| text(message, "caption")) {
        Some(text) => Content::Edited { text },
        None => ignored(&format!("edited_{}", other_kind(message))),
    }
}

/// `/start` and `/start payload`, also addressed as `/start@bot`. Whatever is no deep-link payload
/// (at most 64 of `A-Z a-z 0-9 _ -`) was typed by hand and is dropped.
fn start(text: &str) -> Option<Content> {
    let mut words = text.split_ascii_whitespace();
    let command = words.next()?;
    let command = command.split_once('@').map_or(command, |(name, _)| name);
    if command != "/start" {
        return None;
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let context = words
        .next()
        .filter(|payload| payload.len() <= 64 && payload.chars().all(allowed))
        .filter(|_| words.next().is_none())
        .map(str::to_owned);
    Some(Content::SessionStarted { context })
}

/// A contact card. Anyone's card can be forwarded: it is the sender's own only when the ids agree.
fn contact(card: &Value, sender: Option<&Sender>) -> Content {
    let Some(phone) = text(card, "phone_number") else {
        return ignored("contact_without_number");
    };
    let owner = integer(card, "user_id").map(|id| id.to_string());
    Content::Contact {
        phone,
        name: full_name(card),
        own: owner.is_some() && owner == sender.map(|sender| sender.id.clone()),
    }
}

/// A venue (a place with a name; it carries a `location` too) or a bare location.
fn place(message: &Value) -> Option<Content> {
    let venue = present(message, "venue");
    let point = venue
        .and_then(|venue| present(venue, "location"))
        .or_else(|| present(message, "location"))?;
    let title = venue.and_then(|venue| {
        let parts: Vec<String> = ["title", "address"]
            .iter()
            .filter_map(|key| text(venue, key))
            .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    });
    Some(Content::Location {
        latitude: number(point, "latitude")?,
        longitude: number(point, "longitude")?,
        title,
    })
}

/// The name of the field that makes a message what it is, when it is nothing that a dialogue knows. Of several
/// the first by the alphabet: the order in which fields are sent means nothing.
fn other_kind(message: &Value) -> String {
    message
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(key, value)| !ENVELOPE.contains(&key.as_str()) && !is_empty(value))
        .map(|(key, _)| key)
        .min()
        .map_or_else(|| "empty_message".to_owned(), |key| kind_name(key))
}

fn is_empty(value: &Value) -> bool {
    matches!(value, Value::Null | Value::Bool(false))
}

/// Fields that say something about a message but are not the message.
const ENVELOPE: [&str; 36] = [
    "author_signature",
    "business_connection_id",
    "caption",
    "caption_entities",
    "chat",
    "date",
    "direct_messages_topic",
    "edit_date",
    "effect_id",
    "entities",
    "external_reply",
    "forward_date",
    "forward_from",
    "forward_from_chat",
    "forward_from_message_id",
    "forward_origin",
    "forward_sender_name",
    "forward_signature",
    "from",
    "has_protected_content",
    "is_automatic_forward",
    "is_from_offline",
    "is_topic_message",
    "media_group_id",
    "message_id",
    "message_thread_id",
    "quote",
    "reply_markup",
    "reply_to_message",
    "reply_to_story",
    "sender_boost_count",
    "sender_business_bot",
    "sender_chat",
    "sender_tag",
    "show_caption_above_media",
    "via_bot",
];
