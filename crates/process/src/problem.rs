//! What is wrong with a process definition, in words for its author.

use std::fmt;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Runs, but not perhaps as its author meant.
    Warning,
    /// Must not run.
    Error,
}

/// One thing that is wrong, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Whether the process may run in spite of it.
    pub severity: Severity,
    /// The alias of the process.
    pub process: String,
    /// The node, unless it is about the process as a whole.
    pub node: Option<String>,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{severity}: process {}", self.process)?;
        if let Some(node) = &self.node {
            write!(f, ", node {node}")?;
        }
        write!(f, ": {}", self.message)
    }
}
