//! What is known besides the words: who writes, where, when, and what has been answered before.

use serde::{Deserialize, Serialize};
use vikno_domain::{Channel, Language};

/// A point of time in the organisation's own time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// 0 is Monday.
    pub weekday: u8,
    /// Minutes after midnight.
    pub minute: u16,
    /// Operators work.
    pub working: bool,
    /// A day without work in the organisation's calendar.
    pub holiday: bool,
}

/// What the conditions of a tree look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Situation {
    /// Language of the dialogue.
    pub language: Language,
    /// Where the citizen writes.
    pub channel: Channel,
    /// Signed in at a portal, or the phone number is proven.
    pub identified: bool,
    /// A phone number is known, proven or not.
    pub phone_known: bool,
    /// Dialogues before this one.
    pub dialogues: u32,
    /// Now.
    pub moment: Moment,
    /// Topic of the dialogue, or the reply given last.
    pub current: Option<String>,
    /// Replies given in this dialogue, the newest last.
    pub asked: Vec<String>,
    /// Replies in a row that did not help.
    pub unhelpful: u32,
}
