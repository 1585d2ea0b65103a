//! One mistake in an organisation's files, in words for the person who edits them.

use std::fmt;

/// What is wrong, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, relative to the folder of organisations, e.g. `ukc/organisation.toml`.
    pub file: String,
    /// The field, text id or node; empty when it is about the file as a whole.
    pub place: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl Problem {
    /// One mistake in a file, or in `settings` where people changed it.
    pub fn new(file: &str, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            place: place.into(),
            message: message.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if !self.place.is_empty() {
            write!(f, ": {}", self.place)?;
        }
        write!(f, ": {}", self.message)
    }
}
