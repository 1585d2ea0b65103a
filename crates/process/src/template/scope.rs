//! What a text with placeholders is rendered against, and why that may fail.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::data::Data;

/// Where placeholders and functions find their values.
pub(crate) struct Scope<'a> {
    pub(crate) data: &'a Data,
    /// Looked at before `data`: an answer's header and body while a response is mapped.
    pub(crate) overlay: Option<&'a Map<String, Value>>,
    pub(crate) facts: &'a dyn Facts,
    pub(crate) environment: &'a BTreeMap<String, Value>,
    /// Longest text that may come out.
    pub(crate) bytes_max: usize,
}

/// What a text may ask beyond the task's own data.
pub(crate) trait Facts {
    /// `{{root.…}}`: facts about the task itself, by field.
    fn root(&self, field: &str) -> Option<Value>;
    /// `{{conv[…].ref[…]}}`: the data of another task.
    fn state(&self, process: &str, reference: &str) -> Option<Cow<'_, Data>>;
    /// `{{node[…].count}}`, `{{node[…].SumID}}`; without a process, of the task's own.
    fn counter(&self, process: Option<&str>, node: &str, what: &str) -> Option<Value>;
    /// The moment of the run.
    fn now_ms(&self) -> i64;
    /// The next number of the run's chance.
    fn random(&self) -> u64;
}

/// Why a text could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RenderError {
    #[error("the values are larger than a task may be")]
    TooLong,
    #[error("`$.{name}`: {reason}")]
    Function { name: &'static str, reason: String },
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::cell::Cell;

    /// Facts for tests: every root field is its own name, one other task, counters of 3, chance that counts.
    #[derive(Default)]
    pub(crate) struct SomeFacts {
        drawn: Cell<u64>,
    }

    impl Facts for SomeFacts {
        fn root(&self, field: &str) -> Option<Value> {
            Some(field.into())
        }

        fn state(&self, process: &str, reference: &str) -> Option<Cow<'_, Data>> {
            let data = Data::from_iter([
                ("plan", Value::from("gold")),
                ("deep", serde_json::json!({"k": [7]})),
            ]);
            (process.trim_start_matches('@') == "users" && reference == "Оля")
                .then_some(Cow::Owned(data))
        }

        fn counter(&self, process: Option<&str>, node: &str, what: &str) -> Option<Value> {
            Some(format!("{}/{node}/{what}", process.unwrap_or("own")).into())
        }

        fn now_ms(&self) -> i64 {
            // 2027-01-15 08:00:00 UTC.
            1_800_000_000_000
        }

        fn random(&self) -> u64 {
            self.drawn.set(self.drawn.get() + 1);
            self.drawn.get()
        }
    }
}
