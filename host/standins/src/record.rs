//! What is remembered of a call.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Whom a call was meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// Telegram Bot API.
    Telegram,
    /// Viber REST Bot API.
    Viber,
    /// TurboSMS.
    Sms,
    /// A Corezoid in which an organisation has processes.
    Corezoid,
}

/// One call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    /// 1, 2, 3 … in the order of arrival.
    pub number: u64,
    /// When it had come in, Unix milliseconds.
    pub at_ms: i64,
    /// Whom it was meant for.
    pub service: Service,
    /// The token it came with.
    pub token: String,
    /// `sendMessage`, `send_message`, …
    pub method: String,
    /// Telegram chat id, Viber user id, telephone number; empty if the method has none.
    pub chat: String,
    /// The words as a person reads them: markup and escapes undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The buttons, in reading order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<SentButton>,
    /// The file that came along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<SentFile>,
    /// Whether it was accepted (also when the answer was then lost).
    pub accepted: bool,
    /// The HTTP status of the answer; for Viber the `status` in it.
    pub status: i64,
    /// The body as it came, multipart fields as an object.
    pub raw: Value,
}

impl Sent {
    /// Whether a person has got it.
    pub fn is_message(&self) -> bool {
        self.accepted && self.is_sending() && self.method != "sendChatAction"
    }

    /// Whether its method brings something to a chat.
    pub(crate) fn is_sending(&self) -> bool {
        self.method.starts_with("send")
    }

    /// What an answer is made of.
    pub(crate) fn clone_without_raw(&self) -> Self {
        Self {
            raw: Value::Null,
            token: self.token.clone(),
            method: self.method.clone(),
            chat: self.chat.clone(),
            text: self.text.clone(),
            buttons: Vec::new(),
            file: None,
            ..*self
        }
    }

    /// The button with this id.
    pub fn button(&self, id: &str) -> Option<&SentButton> {
        self.buttons.iter().find(|button| button.id == id)
    }
}

/// A button of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentButton {
    /// Our own id, without what the channel's codec puts around it; an address for link buttons; empty for those that
    /// share a number.
    pub id: String,
    /// What a person reads.
    pub label: String,
}

/// A file of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentFile {
    /// Its name.
    pub name: String,
    /// Its type as told; empty if not told.
    pub media_type: String,
    /// Bytes; for Viber as told.
    pub size: u64,
    /// Where to get it (Viber).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}
