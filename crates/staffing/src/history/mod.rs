//! What an export of conversations says about the citizens to come: when they write, what about, in which language,
//! how long they are willing to wait, what the process answers alone, how long an operator needs.

mod learned;
mod rows;

pub(crate) use learned::{Learned, LearnedTopic, learn};
pub(crate) use rows::Question;

/// The export says nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NothingLearned {
    /// It cannot be read.
    #[error("is no export of conversations as JSON or NDJSON: {0}")]
    NotAnExport(String),
    /// It has no rows in the days asked for.
    #[error("has no conversation in the days asked for; export more days")]
    Empty,
    /// No conversation of that version of the process.
    #[error("has no conversation of process version {0}; name one that it has, or leave it out")]
    NoSuchVersion(i64),
}
