//! Our exports as they are downloaded: messages, and conversations beside them.

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;
use vikno_domain::{Channel, Language};

/// A dialogue as it was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Its id.
    pub conversation: String,
    /// Its channel, where the conversations are exported too.
    pub channel: Option<Channel>,
    /// Its language in the end, where the conversations are exported too.
    pub language: Option<Language>,
    /// The citizen's name, where the conversations are exported too.
    pub citizen_name: Option<String>,
    /// What was said, in order.
    pub messages: Vec<RecordedMessage>,
}

/// A message as it was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedMessage {
    /// Unix milliseconds.
    pub at_ms: i64,
    /// `citizen`, `robot`, `operator`, `system`, `note`.
    pub from: String,
    /// The operator's name.
    pub author_name: Option<String>,
    /// The words.
    pub text: Option<String>,
    /// Whether a file belongs to it.
    pub media: bool,
    /// What is no text and no file.
    pub details: Value,
}

/// Why an export cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadExport {
    /// Not the JSON of an export.
    #[error("{0} are not our export in JSON or NDJSON: {1}")]
    Form(&'static str, String),
    /// A time is no time.
    #[error("message {0}: {1:?} is no time")]
    Time(String, String),
}

#[derive(Deserialize)]
struct MessageRow {
    id: String,
    conversation_id: String,
    at: String,
    from: String,
    #[serde(default)]
    author_name: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    media_id: Option<String>,
    #[serde(default)]
    details: Value,
}

#[derive(Deserialize)]
struct ConversationRow {
    id: String,
    #[serde(default)]
    channel: Option<Channel>,
    #[serde(default)]
    language: Option<Language>,
    #[serde(default)]
    citizen_name: Option<String>,
}

impl Recorded {
    /// Reads `messages.json` (or NDJSON) and, if at hand, `conversations.json` of the same time.
    pub fn read(messages: &str, conversations: Option<&str>) -> Result<Vec<Self>, BadExport> {
        let known: Vec<ConversationRow> = match conversations {
            Some(text) => rows("the conversations", text)?,
            None => Vec::new(),
        };
        let known: BTreeMap<&str, &ConversationRow> =
            known.iter().map(|row| (row.id.as_str(), row)).collect();
        let mut dialogues: Vec<Self> = Vec::new();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for row in rows::<MessageRow>("the messages", messages)? {
            let at: Timestamp = row
                .at
                .parse()
                .map_err(|_| BadExport::Time(row.id.clone(), row.at.clone()))?;
            let place = *places
                .entry(row.conversation_id.clone())
                .or_insert_with(|| {
                    dialogues.push(Self::empty(
                        &row.conversation_id,
                        known.get(row.conversation_id.as_str()).copied(),
                    ));
                    dialogues.len() - 1
                });
            dialogues[place].messages.push(RecordedMessage {
                at_ms: at.as_millisecond(),
                from: row.from,
                author_name: row.author_name,
                text: row.text,
                media: row.media_id.is_some(),
                details: row.details,
            });
        }
        for dialogue in &mut dialogues {
            dialogue.messages.sort_by_key(|message| message.at_ms);
        }
        Ok(dialogues)
    }

    fn empty(id: &str, row: Option<&ConversationRow>) -> Self {
        Self {
            conversation: id.to_owned(),
            channel: row.and_then(|row| row.channel),
            language: row.and_then(|row| row.language.clone()),
            citizen_name: row.and_then(|row| row.citizen_name.clone()),
            messages: Vec::new(),
        }
    }
}

fn rows<T: DeserializeOwned>(of: &'static str, text: &str) -> Result<Vec<T>, BadExport> {
    let bad = |error: serde_json::Error| BadExport::Form(of, error.to_string());
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('[') {
        return serde_json::from_str(text).map_err(bad);
    }
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| serde_json::from_str(line).map_err(bad))
        .collect()
}
