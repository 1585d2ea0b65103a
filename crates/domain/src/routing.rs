//! Who waits, and who may be given those who wait.

use crate::{Language, OperatorRef};

/// A conversation that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// `c_…`.
    pub id: String,
    /// Queue id.
    pub queue: String,
    /// Higher is more urgent.
    pub priority: i64,
    /// Since when it waits, Unix milliseconds.
    pub since_ms: i64,
    /// Of the dialogue.
    pub language: Language,
}

/// An operator who is at work with a console that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub operator: OperatorRef,
    /// Conversations they have now.
    pub load: u32,
    /// Conversations they take at once at the most.
    pub capacity: u32,
    /// Queues they serve; empty: all.
    pub queues: Vec<String>,
    /// What they know; a queue may ask for it.
    pub skills: Vec<String>,
    /// Languages they answer in; empty: all.
    pub languages: Vec<Language>,
    /// Since when nothing was given to them, Unix milliseconds.
    pub idle_since_ms: i64,
}
