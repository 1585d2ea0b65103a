//! Files in a Telegram message.

use crate::lenient::{natural, present, text};
use serde_json::Value;
use vikno_domain::{IncomingMedia, MediaKind, RemoteFile};

/// Fields that hold a file, in the order in which they are looked at: an animation comes with a copy of itself
/// as `document`, a live photo with a copy of itself as `photo`.
const FIELDS: [(&str, MediaKind); 8] = [
    ("animation", MediaKind::Animation),
    ("live_photo", MediaKind::Video),
    ("document", MediaKind::Document),
    ("voice", MediaKind::Voice),
    ("audio", MediaKind::Audio),
    ("video", MediaKind::Video),
    ("video_note", MediaKind::Video),
    ("sticker", MediaKind::Sticker),
];

/// The file of a message, if it has one.
pub(super) fn of(message: &Value) -> Option<IncomingMedia> {
    let named = FIELDS
        .iter()
        .find_map(|(field, kind)| present(message, field).map(|file| file_of(file, *kind)));
    named.or_else(|| {
        let sizes = present(message, "photo")?.as_array()?;
        largest(sizes).map(|size| file_of(size, MediaKind::Photo))
    })
}

fn file_of(file: &Value, kind: MediaKind) -> IncomingMedia {
    IncomingMedia {
        kind,
        remote: text(file, "file_id").map(RemoteFile::TelegramFile),
        stored: None,
        name: text(file, "file_name"),
        claimed_type: text(file, "mime_type"),
        claimed_size: natural(file, "file_size"),
        label: match kind {
            MediaKind::Sticker => text(file, "emoji"),
            _ => None,
        },
    }
}

/// The largest of a photo's sizes; they usually come in growing order, which decides between equals.
fn largest(sizes: &[Value]) -> Option<&Value> {
    sizes.iter().max_by_key(|size| {
        let side = |key| natural(size, key).unwrap_or(0);
        side("width").saturating_mul(side("height"))
    })
}
