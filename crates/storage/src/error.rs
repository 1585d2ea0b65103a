//! Storage errors, graded by what the caller can do.

/// Why a statement did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// What was asked for is not there.
    #[error("not found")]
    NotFound,
    /// A constraint says no: it exists already, or refers to nothing.
    #[error("conflict: {0}")]
    Conflict(String),
    /// Another writer was faster for too long; the same call may succeed later.
    #[error("the database is busy")]
    Busy,
    /// What was read does not have the stored form.
    #[error("stored data is not readable: {0}")]
    Corrupt(String),
    /// The database cannot be reached or refused the statement.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
}

impl StorageError {
    /// Grades SQLite's words (Spin hands over nothing but text).
    pub(crate) fn from_sqlite(message: String) -> Self {
        let lower = message.to_ascii_lowercase();
        if lower.contains("locked") || lower.contains("busy") {
            Self::Busy
        } else if lower.contains("constraint") {
            Self::Conflict(message)
        } else if lower.contains("malformed") || lower.contains("not a database") {
            Self::Corrupt(message)
        } else {
            Self::Unavailable(message)
        }
    }
}

impl From<serde_json::Error> for StorageError {
    fn from(error: serde_json::Error) -> Self {
        Self::Corrupt(error.to_string())
    }
}
