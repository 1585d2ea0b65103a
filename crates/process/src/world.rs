//! The live tasks of one conversation, in the form in which they are stored between messages.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use crate::data::Data;
use crate::logic::NodeIndex;
use crate::name::Name;
use crate::tasks::Tasks;

/// Identifies a task in its world; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaskId(pub u64);

/// Identifies an outside call in its world; the same after a crash, so that a step can tell a repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallId(pub u64);

/// All live tasks of one conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct World {
    #[serde(rename = "v", deserialize_with = "version_one")]
    version: u8,
    #[serde(rename = "n")]
    pub(crate) next_task: u64,
    #[serde(rename = "c")]
    pub(crate) next_call: u64,
    #[serde(rename = "t", default)]
    pub(crate) tasks: Tasks,
    /// What is ready to run, the next one last.
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) ready: Vec<TaskId>,
    /// Where its chance begins; the same chance after a crash.
    #[serde(rename = "s", default, skip_serializing_if = "is_nothing")]
    pub(crate) seed: u64,
    /// What its tasks added to sums: by process, node and name.
    #[serde(rename = "m", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) sums: Sums,
}

/// Sums by process, node and name.
pub(crate) type Sums = BTreeMap<String, BTreeMap<String, BTreeMap<String, f64>>>;

/// A task on its way through a process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// The alias of its process.
    #[serde(rename = "p")]
    pub process: Name,
    /// The node where it is.
    #[serde(rename = "n")]
    pub node: Name,
    /// The node where it was before.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub previous_node: Option<Name>,
    /// Its reference, unique among the live tasks of its process.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Its parameters.
    #[serde(rename = "d")]
    pub data: Data,
    /// What it waits for.
    #[serde(rename = "s")]
    pub state: TaskState,
    /// The logic of the node where it is.
    #[serde(rename = "l", default, skip_serializing_if = "is_zero")]
    pub(crate) logic: usize,
    /// The task that waits for its reply.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<TaskId>,
    /// When it was made, Unix milliseconds.
    #[serde(rename = "c")]
    pub created_at: i64,
    /// When it entered the node, Unix milliseconds.
    #[serde(rename = "e")]
    pub entered_at: i64,
    /// When the node's timer fires, Unix milliseconds.
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub wake_at: Option<i64>,
    /// Where the timer sends it.
    #[serde(rename = "x", default, skip_serializing_if = "Option::is_none")]
    pub(crate) wake_node: Option<Name>,
    /// Calls of the logic where it is that have failed and are to be made again.
    #[serde(rename = "a", default, skip_serializing_if = "is_none_yet")]
    pub(crate) attempts: u32,
    /// When the next one is due, Unix milliseconds.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub(crate) retry_at: Option<i64>,
    /// A callback that came before the task waited for it.
    #[serde(rename = "y", default, skip_serializing_if = "Option::is_none")]
    pub(crate) early: Option<Data>,
    /// Where process and node are in the set of the run that has it.
    #[serde(skip)]
    pub(crate) place: Place,
}

/// A task's process and node by their places in a set: what their names say, found once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) process: usize,
    pub(crate) node: NodeIndex,
}

/// Nowhere, until it is looked up.
impl Default for Place {
    fn default() -> Self {
        Self {
            process: usize::MAX,
            node: NodeIndex::MAX,
        }
    }
}

/// The names count; whether they were looked up is no difference between tasks.
impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Task {
    /// When something happens to it by itself, Unix milliseconds.
    pub(crate) fn due_at(&self) -> Option<i64> {
        match (self.wake_at, self.retry_at) {
            (Some(wake), Some(retry)) => Some(wake.min(retry)),
            (wake, retry) => wake.or(retry),
        }
    }
}

/// What a task waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaskState {
    /// Nothing: it runs at the next step.
    #[serde(rename = "r")]
    Ready,
    /// A modification from outside or by another task.
    #[serde(rename = "m")]
    WaitingCallback,
    /// A reply of the task it made.
    #[serde(rename = "p")]
    WaitingRpc {
        /// That task.
        #[serde(rename = "t")]
        child: TaskId,
    },
    /// The result of an outside call.
    #[serde(rename = "c")]
    WaitingCall {
        /// That call.
        #[serde(rename = "c")]
        call: CallId,
    },
    /// Its timer.
    #[serde(rename = "d")]
    Delayed,
    /// The time of another attempt at an outside call.
    #[serde(rename = "b")]
    Retrying,
    /// A task that takes it out of its queue.
    #[serde(rename = "q")]
    Queued,
    /// That the task which it wants to modify waits for that.
    #[serde(rename = "y")]
    WaitingCopy {
        /// That task.
        #[serde(rename = "t")]
        target: TaskId,
    },
}

/// Why a stored world cannot be loaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the stored tasks cannot be read: {0}")]
pub struct WorldError(String);

impl Default for World {
    fn default() -> Self {
        Self {
            version: 1,
            next_task: 1,
            next_call: 1,
            tasks: Tasks::default(),
            ready: Vec::new(),
            seed: 0,
            sums: BTreeMap::new(),
        }
    }
}

impl World {
    /// An empty one whose first task gets this number, so that the task is known by it outside as well.
    pub fn numbered_from(first: TaskId) -> Self {
        Self {
            next_task: first.0,
            ..Self::default()
        }
    }

    /// Loads what [`World::to_json`] wrote.
    pub fn from_json(bytes: &[u8]) -> Result<Self, WorldError> {
        serde_json::from_slice(bytes).map_err(|error| WorldError(error.to_string()))
    }

    /// The compact form to store.
    pub fn to_json(&self) -> Vec<u8> {
        #[expect(
            clippy::expect_used,
            reason = "maps with text keys and plain numbers always serialise"
        )]
        serde_json::to_vec(self).expect("a world is plain JSON data")
    }

    /// Whether no task is left.
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// The live tasks by id.
    pub fn tasks(&self) -> impl Iterator<Item = (TaskId, &Task)> {
        self.tasks.iter()
    }

    /// The live task of a process with that reference.
    pub fn find(&self, process: &str, reference: &str) -> Option<(TaskId, &Task)> {
        self.tasks().find(|(_, task)| {
            task.process == process && task.reference.as_deref() == Some(reference)
        })
    }

    /// Forgets what its tasks have added to sums: whoever keeps the sums of all conversations has it.
    pub fn forget_sums(&mut self) {
        self.sums.clear();
    }

    /// Renames the nodes where tasks are, were, or are sent by their timers; `None` leaves the name.
    pub fn rename_nodes(&mut self, new: impl Fn(&str, &str) -> Option<Name>) {
        for (_, task) in self.tasks.iter_mut() {
            let process = task.process.clone();
            let places = [
                Some(&mut task.node),
                task.previous_node.as_mut(),
                task.wake_node.as_mut(),
            ];
            for node in places.into_iter().flatten() {
                if let Some(renamed) = new(&process, node) {
                    *node = renamed;
                }
            }
            task.place = Place::default();
        }
    }

    /// When the earliest timer fires or the earliest further attempt is due, Unix milliseconds.
    pub fn next_wake_ms(&self) -> Option<i64> {
        self.tasks().filter_map(|(_, task)| task.due_at()).min()
    }
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

fn is_nothing(number: &u64) -> bool {
    *number == 0
}

fn is_none_yet(number: &u32) -> bool {
    *number == 0
}

fn version_one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    match u8::deserialize(deserializer)? {
        1 => Ok(1),
        other => Err(serde::de::Error::custom(format!(
            "version {other} is not known, only 1"
        ))),
    }
}
