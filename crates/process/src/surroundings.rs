//! What a conversation may know of the others. A world holds the tasks of one conversation; where the original
//! looks at all tasks of a process, a run asks here for what the rest come to. It changes nothing outside.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

/// Facts about the tasks of all other conversations. Every method may be left as it is: then a conversation knows
/// only itself. The same question has to get the same answer during a run.
pub trait Surroundings: fmt::Debug + Send + Sync {
    /// The data of the live task of a process (by alias) with that reference.
    fn task_data(&self, process: &str, reference: &str) -> Option<Map<String, Value>> {
        let _ = (process, reference);
        None
    }

    /// How many tasks are in a node.
    fn task_count(&self, process: &str, node: &str) -> u64 {
        let _ = (process, node);
        0
    }

    /// What a sum of a node comes to; the pieces are the [`SumAdded`] of the other conversations.
    fn sum(&self, process: &str, node: &str, sum: &str) -> f64 {
        let _ = (process, node, sum);
        0.0
    }

    /// The address to which a callback for a node may be posted; `kind` is `public_callback_corezoid` or the like.
    fn callback_url(&self, process: &str, node: &str, kind: &str) -> Option<String> {
        let _ = (process, node, kind);
        None
    }
}

/// No others.
#[derive(Debug)]
pub(crate) struct Alone;

impl Surroundings for Alone {}

/// Facts gathered before a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SharedState {
    /// Data of tasks by process and reference.
    pub tasks: BTreeMap<(String, String), Map<String, Value>>,
    /// Numbers of tasks by process and node.
    pub counts: BTreeMap<(String, String), u64>,
    /// Sums by process, node and name.
    pub sums: BTreeMap<(String, String, String), f64>,
}

impl Surroundings for SharedState {
    fn task_data(&self, process: &str, reference: &str) -> Option<Map<String, Value>> {
        let key = (process.to_owned(), reference.to_owned());
        self.tasks.get(&key).cloned()
    }

    fn task_count(&self, process: &str, node: &str) -> u64 {
        let key = (process.to_owned(), node.to_owned());
        self.counts.get(&key).copied().unwrap_or_default()
    }

    fn sum(&self, process: &str, node: &str, sum: &str) -> f64 {
        let key = (process.to_owned(), node.to_owned(), sum.to_owned());
        self.sums.get(&key).copied().unwrap_or_default()
    }
}

/// A task added to a sum. Whoever keeps sums over all conversations adds these up.
#[derive(Debug, Clone, PartialEq)]
pub struct SumAdded {
    /// The alias of the process.
    pub process: String,
    /// The node.
    pub node: String,
    /// The name of the sum.
    pub sum: String,
    /// How much was added.
    pub amount: f64,
}
