//! The content of a Viber message by its `type`.

use super::BUTTON_PREFIX;
use super::parse::ignored;
use crate::lenient::{kind_name, natural, number, present, text};
use serde_json::Value;
use vikno_domain::{Content, IncomingMedia, MediaKind, RemoteFile};

/// The longest button id that we ever emit, in bytes (see `vikno_domain::Button`).
const BUTTON_BYTES_MAX: usize = 64;

/// What a message says.
pub(super) fn content(message: &Value) -> Content {
    let kind = kind_name(&text(message, "type").unwrap_or_default());
    match kind.as_str() {
        "text" => match text(message, "text") {
            Some(text) => written(text),
            None => ignored("empty_message"),
        },
        // A shared link is a text that is an address.
        "url" => match text(message, "media").or_else(|| text(message, "text")) {
            Some(text) => Content::Text { text },
            None => ignored("empty_message"),
        },
        "picture" => media(message, MediaKind::Photo),
        "video" => media(message, MediaKind::Video),
        "file" => media(message, MediaKind::Document),
        "sticker" => media(message, MediaKind::Sticker),
        "contact" => contact(message),
        "location" => location(message),
        "" => ignored("empty_message"),
        other => ignored(&format!("message_{other}")),
    }
}

/// A text, or a pressed button: Viber sends its `ActionBody` as a text, which we mark with a prefix.
fn written(text: String) -> Content {
    match text.strip_prefix(BUTTON_PREFIX) {
        Some(button) if (1..=BUTTON_BYTES_MAX).contains(&button.len()) => Content::Click {
            button: button.to_owned(),
            callback: None,
        },
        _ => Content::Text { text },
    }
}

fn media(message: &Value, kind: MediaKind) -> Content {
    let address = text(message, "media")
        .filter(|address| address.starts_with("https://") || address.starts_with("http://"));
    Content::Media {
        media: IncomingMedia {
            kind,
            remote: address.map(RemoteFile::Url),
            stored: None,
            name: text(message, "file_name"),
            claimed_type: None,
            claimed_size: natural(message, "size"),
            label: text(message, "sticker_id"),
        },
        caption: text(message, "text"),
        album: None,
    }
}

/// A contact card or a shared own number: Viber does not tell one from the other, so it proves nothing.
fn contact(message: &Value) -> Content {
    let card = present(message, "contact");
    match card.and_then(|card| text(card, "phone_number")) {
        Some(phone) => Content::Contact {
            phone,
            name: card.and_then(|card| text(card, "name")),
            own: false,
        },
        None => ignored("contact_without_number"),
    }
}

fn location(message: &Value) -> Content {
    let place = present(message, "location");
    let degrees = |key| place.and_then(|place| number(place, key));
    match (degrees("lat"), degrees("lon")) {
        (Some(latitude), Some(longitude)) => Content::Location {
            latitude,
            longitude,
            title: place.and_then(|place| text(place, "address")),
        },
        _ => ignored("location_without_place"),
    }
}
