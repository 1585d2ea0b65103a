//! SQLite by label: where each database lives, its connections, its queue of writers.
//! Knows nothing of who may open what; `grants` decides that.

mod database;
mod host;
mod log;
mod rows;
mod session;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

pub use database::Database;
pub use session::{Rows, Session};

pub use crate::bindings::spin::sqlite::sqlite::{Error, RowResult, Value};

/// Every database of the application, by label.
#[derive(Default)]
pub struct Databases(BTreeMap<String, Arc<Database>>);

impl Databases {
    /// Names the file of each label. Files are made when a label is first opened.
    pub fn new(paths: impl IntoIterator<Item = (String, PathBuf)>) -> Self {
        Self(
            paths
                .into_iter()
                .map(|(label, path)| (label.clone(), Arc::new(Database::new(label, path))))
                .collect(),
        )
    }

    /// The database of a label.
    pub fn get(&self, label: &str) -> Option<&Arc<Database>> {
        self.0.get(label)
    }

    /// Writes every database's log back into its file and closes the idle connections.
    pub fn close(&self) {
        for database in self.0.values() {
            database.close();
        }
    }
}
