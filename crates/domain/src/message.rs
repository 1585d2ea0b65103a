//! What goes out to a citizen, in one neutral form that each channel's codec renders.

use serde::{Deserialize, Serialize};

/// A button below a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// What comes back when it is pressed; at most 64 bytes (Telegram's `callback_data`). Untrusted on its way back.
    pub id: String,
    /// What the citizen reads.
    pub label: String,
    /// What pressing it does.
    #[serde(default, skip_serializing_if = "ButtonKind::is_reply")]
    pub kind: ButtonKind,
}

impl Button {
    /// A button that sends its id back.
    pub fn reply(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            kind: ButtonKind::Reply,
        }
    }
}

/// What pressing a button does.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ButtonKind {
    /// The id comes back as a click.
    #[default]
    Reply,
    /// The citizen shares the own phone number (Telegram `request_contact`, Viber `share-phone`).
    Contact,
    /// Opens a web address.
    Url(String),
}

impl ButtonKind {
    fn is_reply(&self) -> bool {
        *self == Self::Reply
    }
}

/// A file in our media store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaRef {
    /// Its id in the media store (`m_…`).
    pub id: String,
    /// Media type found by content, e.g. `image/png`; empty while it is still being fetched.
    #[serde(rename = "type")]
    pub media_type: String,
    /// File name for the reader, cleaned of path parts and control characters.
    pub name: String,
    /// Bytes.
    pub size: u64,
}

/// Who a message is from, as the chat API tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageAuthor {
    /// The applicant.
    Citizen,
    /// An automatic process.
    Robot,
    /// A consultant.
    Operator,
    /// The platform itself (joined, moved, closed).
    System,
}

impl MessageAuthor {
    /// The name used in the database and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Citizen => "citizen",
            Self::Robot => "robot",
            Self::Operator => "operator",
            Self::System => "system",
        }
    }
}

/// A message to a citizen, before it is fitted to a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutgoingMessage {
    /// Who speaks.
    pub from: MessageAuthor,
    /// Plain text (no markup); may be of any length, codecs split it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Buttons, in reading order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Button>,
    /// A file to send along; `text` is then its caption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<MediaRef>,
}

impl OutgoingMessage {
    /// A message of text alone.
    pub fn text(from: MessageAuthor, text: impl Into<String>) -> Self {
        Self {
            from,
            text: Some(text.into()),
            buttons: Vec::new(),
            media: None,
        }
    }
}

/// Somebody's words without control characters other than line breaks and tabs.
pub fn plain_text(given: &str) -> String {
    let is_kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    given.chars().filter(is_kept).collect()
}

#[cfg(test)]
mod tests {
    use super::plain_text;

    #[test]
    fn words_keep_their_lines_and_lose_what_steers_a_terminal() {
        assert_eq!(
            plain_text("так\n\t\u{1b}[31mі\u{0} ні\r"),
            "так\n\t[31mі ні"
        );
    }
}
