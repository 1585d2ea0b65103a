//! Why code gave no data.

/// Why code gave no data: the three ways that Corezoid's code nodes know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// It ran longer than it may.
    #[error("the code ran longer than it may")]
    Timeout,
    /// It is no JavaScript, or it threw, or it went too deep.
    #[error("{}{message}", line.map(|line| format!("line {line}: ")).unwrap_or_default())]
    Executing {
        /// In words, for the process author.
        message: String,
        /// Where in the source, from 1, when known.
        line: Option<u32>,
    },
    /// What it left in `data` is no object, or cannot be written as JSON.
    #[error("{0}")]
    ReturnFormat(String),
}

impl CodeError {
    /// The tag that process nodes test: `__conveyor_code_return_type_tag__`.
    pub fn tag(&self) -> &'static str {
        match self {
            Self::Timeout => "code_timeout",
            Self::Executing { .. } => "code_executing_error",
            Self::ReturnFormat(_) => "code_return_format_error",
        }
    }

    /// An error that no line of the source is to blame for.
    pub(crate) fn executing(message: impl Into<String>) -> Self {
        Self::Executing {
            message: message.into(),
            line: None,
        }
    }
}
