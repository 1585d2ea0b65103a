//! What a turn decides: rows to write in one transaction.

use crate::TaskRecord;
use serde::Serialize;
use serde_json::{Map, Value, json};
use vikno_domain::{Button, Channel, InboundEvent};
use vikno_process::SumAdded;

/// A message to store.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MessageRecord {
    /// `m_…`.
    pub id: String,
    /// Whose dialogue.
    pub conversation_id: String,
    /// Whose chat.
    pub citizen_id: String,
    /// `citizen`, `robot`, `operator`, `system`, `note`.
    pub author: &'static str,
    /// The operator's name.
    pub author_name: Option<String>,
    /// Words.
    pub text: Option<String>,
    /// Buttons offered.
    pub buttons: Vec<Button>,
    /// File in the media store.
    pub media_id: Option<String>,
    /// What is no text and no file: place, contact card, sticker, album, pressed button.
    pub details: Option<Value>,
    /// The channel's id of it.
    pub external_id: Option<String>,
    /// `none` or `queued`.
    pub delivery: &'static str,
    /// Unix milliseconds.
    pub at_ms: i64,
}

/// A changed text of an earlier message.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TextEdit {
    /// Whose chat.
    pub citizen_id: String,
    /// The channel's id of the message.
    pub external_id: String,
    /// New text.
    pub text: String,
    /// Unix milliseconds.
    pub at_ms: i64,
}

/// What the channel says became of a message of ours.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Receipt {
    /// Whose chat.
    pub citizen_id: String,
    /// The channel's id of the message.
    pub external_id: String,
    /// `delivered`, `seen`, `failed`.
    pub delivery: String,
}

/// A line of the journal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct JournalEntry {
    /// Unix milliseconds.
    pub at_ms: i64,
    /// Which dialogue.
    pub conversation_id: Option<String>,
    /// `citizen`, `process`, `operator:<id>`, `clock`, `channel`, `organisation:<id>`.
    pub actor: String,
    /// What, in the past tense.
    pub what: String,
    /// Details; no texts, numbers or names.
    pub data: Value,
}

/// What kind of work an outbox row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OutboxKind {
    /// A message to a channel.
    Send,
    /// An event to another organisation.
    Relay,
    /// An attachment to fetch.
    Fetch,
}

impl OutboxKind {
    /// The name used in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Relay => "relay",
            Self::Fetch => "fetch",
        }
    }
}

/// Work that leaves the organisation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutboxRecord {
    /// What kind.
    pub kind: OutboxKind,
    /// By which channel.
    pub channel: Channel,
    /// To whom; order is kept within a chat.
    pub chat: String,
    /// Of which dialogue.
    pub conversation_id: Option<String>,
    /// Of which message.
    pub message_id: Option<String>,
    /// What.
    pub payload: Value,
}

/// A file that is known but not yet in the store.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MediaRecord {
    /// `f_…`.
    pub id: String,
    /// Whose.
    pub citizen_id: String,
    /// Type as claimed; replaced by the one found by content.
    #[serde(rename = "type")]
    pub claimed_type: String,
    /// Name as claimed.
    pub name: String,
    /// Bytes as claimed.
    pub size: u64,
}

/// A rating.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rating {
    /// Of which dialogue.
    pub conversation_id: String,
    /// Who had it last.
    pub operator_id: Option<String>,
    /// That person's name.
    pub operator_name: Option<String>,
    /// Its queue.
    pub queue: Option<String>,
    /// Its topic.
    pub topic: Option<String>,
    /// Its channel.
    pub channel: Channel,
    /// 1 to 5.
    pub score: u8,
    /// Free words.
    pub comment: Option<String>,
    /// Unix milliseconds.
    pub at_ms: i64,
}

/// What became of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Outcome {
    /// It had its effect.
    Applied,
    /// The state of the conversation forbids it.
    Refused {
        /// Stable code.
        code: &'static str,
        /// Words for the caller.
        detail: String,
    },
    /// Nothing to do.
    Ignored,
}

/// Everything that a batch of turns of one chat wants written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decision {
    /// New messages, in order.
    pub messages: Vec<MessageRecord>,
    /// Changed texts.
    pub edits: Vec<TextEdit>,
    /// Receipts.
    pub receipts: Vec<Receipt>,
    /// Journal lines, in order.
    pub journal: Vec<JournalEntry>,
    /// Work to leave, in order.
    pub outbox: Vec<OutboxRecord>,
    /// Files to fetch.
    pub media: Vec<MediaRecord>,
    /// Ratings.
    pub ratings: Vec<Rating>,
    /// Events for other chats of the organisation, in order.
    pub inbox: Vec<InboundEvent>,
    /// Tasks of outside systems as they are now.
    pub tasks: Vec<TaskRecord>,
    /// What tasks have added to sums.
    pub sums: Vec<SumAdded>,
}

impl Decision {
    /// Nothing yet, with room for what a turn commonly brings.
    pub(crate) fn with_room() -> Self {
        Self {
            messages: Vec::with_capacity(2),
            journal: Vec::with_capacity(8),
            ..Self::default()
        }
    }

    pub(crate) fn note(
        &mut self,
        at_ms: i64,
        conversation_id: Option<&str>,
        actor: &str,
        what: &str,
        data: Value,
    ) {
        self.journal.push(JournalEntry {
            at_ms,
            conversation_id: conversation_id.map(str::to_owned),
            actor: actor.to_owned(),
            what: what.to_owned(),
            data,
        });
    }
}

/// An object without members.
pub(crate) fn no_data() -> Value {
    json!(Map::new())
}
