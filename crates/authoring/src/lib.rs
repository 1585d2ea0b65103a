//! What happens to an organisation's processes between an author's idea and a citizen: editions and drafts, checks,
//! differences, who may publish, what a release's files may change, where live dialogues stand.
//!
//! Pure: it reads no database and no clock; documents, times and texts are handed in.

mod check;
mod difference;
mod edition;
mod folder;
mod instance;
mod moving;
mod path;
mod release;
mod traffic;

pub use check::{Finding, Gravity, check, has_errors};
pub use difference::{Difference, FieldChange, NodeDifference, ProcessDifference, difference};
pub use edition::{Edition, EditionError, Expected, valid_alias};
pub use folder::{FolderMerge, merge_folder};
pub use instance::{Sight, TaskView, WaitsFor, journal_data, tasks};
pub use moving::{Fate, NodeMap, Obstacle, fate};
pub use path::{Passage, passages};
pub use release::{Course, Outdated, Refusal, Settlement, course, may_settle, outdated};
pub use traffic::Traffic;

use serde_json::Value;
use std::collections::BTreeMap;

/// Process documents by alias.
pub type Processes = BTreeMap<String, Value>;
