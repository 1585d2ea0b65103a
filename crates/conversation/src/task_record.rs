//! The stored record of a task that an outside system made.

use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use vikno_process::{SharedState, Surroundings, World};

/// Where a task stands, in Corezoid's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskStatus {
    /// Accepted; it has not run yet.
    Created,
    /// Waits for a modification, a reply or an answer.
    Processing,
    /// Waits for its timer.
    Delayed,
    /// Has reached a final node.
    Processed,
    /// Could not go on: no error branch took over, or it was never begun.
    Canceled,
    /// Was taken out.
    Deleted,
}

impl TaskStatus {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Created,
        Self::Processing,
        Self::Delayed,
        Self::Processed,
        Self::Canceled,
        Self::Deleted,
    ];

    /// As stored and as told.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Processing => "processing",
            Self::Delayed => "delayed",
            Self::Processed => "processed",
            Self::Canceled => "canceled",
            Self::Deleted => "deleted",
        }
    }

    /// Reads what [`TaskStatus::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }

    /// Whether its reference is taken and it can be modified.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Created | Self::Processing | Self::Delayed)
    }
}

/// A task as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskRecord {
    /// Its number, also in its world.
    pub id: u64,
    /// The alias of its process.
    pub process: String,
    /// Its reference, unique among the live tasks of the process.
    pub reference: Option<String>,
    /// Where it stands.
    pub status: TaskStatus,
    /// The node where it is or ended; empty before it has run.
    pub node: String,
    /// The node before.
    pub previous_node: Option<String>,
    /// Its parameters.
    pub data: Map<String, Value>,
    /// The published processes it began with.
    pub process_version: i64,
    /// It and the tasks that it made, as JSON of the interpreter; empty when none is left.
    pub world: String,
    /// The callback addresses of its process's nodes.
    pub callbacks: BTreeMap<String, String>,
    /// What its process posted to the caller who waits.
    pub answer: Option<Value>,
    /// When its earliest timer fires, Unix milliseconds.
    pub wake_at_ms: Option<i64>,
    /// Unix milliseconds.
    pub created_at_ms: i64,
    /// When it last went on, Unix milliseconds.
    pub changed_at_ms: i64,
    /// When it and all that it made had ended, Unix milliseconds.
    pub ended_at_ms: Option<i64>,
}

impl TaskRecord {
    /// Forgets what it has added to sums, where the sums of all are known.
    pub fn forget_sums(&mut self) {
        if self.world.is_empty() {
            return;
        }
        if let Ok(mut world) = World::from_json(self.world.as_bytes()) {
            world.forget_sums();
            self.world = String::from_utf8(world.to_json()).unwrap_or_default();
        }
    }

    /// The task after an event of it was put aside: one that has not even begun never will.
    pub fn given_up(self, now_ms: i64) -> Self {
        match self.status {
            TaskStatus::Created => Self {
                status: TaskStatus::Canceled,
                changed_at_ms: now_ms,
                ended_at_ms: Some(now_ms),
                ..self
            },
            _ => self,
        }
    }

    /// Where its process posts the answer for a caller who waits. No address of the outside: the engine takes it.
    pub fn answer_url(id: u64) -> String {
        format!("http://corezoid.spin.internal/answer/{id}")
    }
}

/// The callback addresses that processes may ask for.
#[derive(Debug, Default)]
pub struct Callbacks {
    process: String,
    by_node: BTreeMap<String, String>,
    others: Option<Arc<SharedState>>,
}

impl Callbacks {
    /// Those of a task's process.
    pub fn of(record: &TaskRecord) -> Self {
        Self {
            process: record.process.clone(),
            by_node: record.callbacks.clone(),
            others: None,
        }
    }

    /// With what the tasks of all others come to.
    pub fn knowing(self, others: Arc<SharedState>) -> Self {
        Self {
            others: Some(others),
            ..self
        }
    }
}

impl Surroundings for Callbacks {
    fn callback_url(&self, process: &str, node: &str, _kind: &str) -> Option<String> {
        let own = process == self.process;
        own.then(|| self.by_node.get(node).cloned()).flatten()
    }

    fn sum(&self, process: &str, node: &str, sum: &str) -> f64 {
        let others = self.others.as_ref();
        others.map_or(0.0, |others| others.sum(process, node, sum))
    }
}
