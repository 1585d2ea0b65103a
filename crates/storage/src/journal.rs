//! Lines of an organisation's journal that are no part of a dialogue's turn.

use crate::{Database, StorageError};
use serde_json::Value as Json;

/// A line about what a person of the centre did. Inside a transaction it becomes part of it.
pub(crate) async fn record(
    database: &Database,
    person_id: &str,
    what: &str,
    data: Json,
    now_ms: i64,
) -> Result<(), StorageError> {
    database
        .run(
            "INSERT INTO journal (at_ms, actor, what, data) VALUES (?1, ?2, ?3, ?4)",
            vec![
                now_ms.into(),
                format!("operator:{person_id}").into(),
                what.into(),
                data.to_string().into(),
            ],
        )
        .await
}
