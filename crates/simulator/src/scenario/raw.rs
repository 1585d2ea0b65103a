//! A scenario file field by field, before it is checked.

use super::words::{OneOrMany, Words};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use toml::Spanned;
use vikno_domain::{Channel, ConversationStatus, Language, MediaKind};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawScenario {
    pub(super) title: String,
    #[serde(default)]
    pub(super) channels: Vec<Channel>,
    #[serde(default)]
    pub(super) languages: Vec<Language>,
    pub(super) starts: Option<String>,
    pub(super) for_each: Option<String>,
    #[serde(default)]
    pub(super) only: Vec<String>,
    #[serde(default)]
    pub(super) except: Vec<String>,
    #[serde(default)]
    pub(super) step: Vec<Spanned<RawStep>>,
}

/// `true`, or words that say more.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected true or words")]
pub(super) enum Flag {
    Plain(bool),
    Words(String),
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawStep {
    // What happens.
    pub(super) opens: Option<Flag>,
    pub(super) says: Option<Words>,
    pub(super) edits: Option<Words>,
    pub(super) presses: Option<Words>,
    pub(super) presses_id: Option<String>,
    pub(super) votes: Option<u8>,
    pub(super) sends: Option<MediaKind>,
    pub(super) shares_phone: Option<String>,
    pub(super) shares_place: Option<(f64, f64)>,
    pub(super) blocks: Option<bool>,
    pub(super) unblocks: Option<bool>,
    pub(super) receipt: Option<String>,
    pub(super) operator: Option<String>,
    pub(super) wait: Option<String>,
    pub(super) task: Option<String>,
    // More about it.
    pub(super) comment: Option<Words>,
    pub(super) caption: Option<Words>,
    pub(super) label: Option<String>,
    pub(super) own: Option<bool>,
    pub(super) data: Option<Map<String, Value>>,
    pub(super) takes: Option<bool>,
    pub(super) answers: Option<Words>,
    pub(super) notes: Option<Words>,
    pub(super) closes: Option<Flag>,
    pub(super) reopens: Option<bool>,
    pub(super) away: Option<bool>,
    pub(super) moves_to_queue: Option<String>,
    pub(super) moves_to: Option<String>,
    // What the steps of the application do meanwhile.
    pub(super) failing: BTreeMap<String, String>,
    pub(super) given: BTreeMap<String, Map<String, Value>>,
    pub(super) load: Option<RawLoad>,
    // What must come of it.
    pub(super) answer: Option<Words>,
    pub(super) exactly: bool,
    pub(super) text: Option<Words>,
    pub(super) no_text: Option<Words>,
    pub(super) silent: bool,
    pub(super) buttons: OneOrMany,
    pub(super) no_buttons: bool,
    pub(super) status: Option<ConversationStatus>,
    pub(super) in_queue: Option<String>,
    pub(super) topic: Option<String>,
    pub(super) priority: Option<Number>,
    pub(super) language: Option<String>,
    pub(super) journal: OneOrMany,
    pub(super) note: Option<Words>,
    pub(super) refused: Option<String>,
    pub(super) rating: Option<u8>,
    pub(super) phone: Option<String>,
    pub(super) phone_verified: Option<bool>,
    pub(super) passes: OneOrMany,
    pub(super) ends: Option<String>,
    pub(super) result: Map<String, Value>,
}

/// A number, or a placeholder for one.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a number")]
pub(super) enum Number {
    Plain(i64),
    Words(String),
}

/// Who else is in the queue.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawLoad {
    pub(super) ahead: u32,
    pub(super) operators: u32,
    pub(super) mean_handling_s: Option<i64>,
}
