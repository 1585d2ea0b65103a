//! What the tasks of all dialogues, and of outside systems, have added to sums.

use crate::insert::Insert;
use crate::{Database, StorageError, Value};
use vikno_process::{SharedState, SumAdded};

/// An author names sums one by one: a process has a handful.
const SUMS_MAX: i64 = 10_000;

/// All sums.
pub async fn all(database: &Database) -> Result<SharedState, StorageError> {
    let rows = database
        .query(
            "SELECT process, node, name, amount FROM process_sums LIMIT ?1",
            vec![SUMS_MAX.into()],
        )
        .await?;
    let mut state = SharedState::default();
    for row in &rows {
        let key = (
            row.text(0)?.to_owned(),
            row.text(1)?.to_owned(),
            row.text(2)?.to_owned(),
        );
        state.sums.insert(key, row.real(3)?);
    }
    Ok(state)
}

/// Rows of what was added.
pub(crate) const SUMS: Insert = Insert {
    into: "process_sums (process, node, name, amount)",
    columns: 4,
    then: "ON CONFLICT (process, node, name) DO UPDATE SET amount = amount + excluded.amount",
};

pub(crate) fn row(added: &SumAdded) -> [Value; SUMS.columns] {
    [
        added.process.as_str().into(),
        added.node.as_str().into(),
        added.sum.as_str().into(),
        added.amount.into(),
    ]
}
