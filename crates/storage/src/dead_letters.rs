//! Deliveries that were given up: people see them and may have them tried again.

use crate::{Database, StorageError};

/// A page of the list.
pub const PAGE: i64 = 50;

/// A delivery that was given up; what it says stays in its message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Outbox row.
    pub id: i64,
    /// `send`, `relay` or `fetch`.
    pub kind: String,
    /// By which channel.
    pub channel: String,
    /// Of which dialogue.
    pub conversation_id: Option<String>,
    /// Of which message.
    pub message_id: Option<String>,
    /// How often it was tried.
    pub attempts: i64,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// Unix milliseconds.
    pub created_at_ms: i64,
}

/// Newest first, from before a row; at most [`PAGE`] and one more that tells that there are more.
pub async fn list(database: &Database, before: i64) -> Result<Vec<DeadLetter>, StorageError> {
    let rows = database
        .query(
            "SELECT id, kind, channel, conversation_id, message_id, attempts, last_error, created_at_ms
             FROM outbox WHERE state = 'dead' AND id < ?1 ORDER BY id DESC LIMIT ?2",
            vec![before.into(), (PAGE + 1).into()],
        )
        .await?;
    let letters = rows.iter().map(|row| {
        Ok(DeadLetter {
            id: row.integer(0)?,
            kind: row.text(1)?.to_owned(),
            channel: row.text(2)?.to_owned(),
            conversation_id: row.optional_string(3)?,
            message_id: row.optional_string(4)?,
            attempts: row.integer(5)?,
            last_error: row.optional_string(6)?,
            created_at_ms: row.integer(7)?,
        })
    });
    letters.collect()
}

/// Puts one back among the due ones, with a line in the journal; `NotFound` when it is not among the dead.
pub async fn retry(
    database: &Database,
    id: i64,
    person_id: &str,
    now_ms: i64,
) -> Result<(), StorageError> {
    let transaction = database.transaction().await?;
    let row = transaction
        .query_one(
            "UPDATE outbox SET state = 'pending', attempts = 0, next_at_ms = ?2 WHERE id = ?1 AND state = 'dead'
             RETURNING conversation_id, message_id, kind",
            vec![id.into(), now_ms.into()],
        )
        .await?
        .ok_or(StorageError::NotFound)?;
    transaction
        .run(
            "UPDATE messages SET delivery = 'queued' WHERE id = ?1 AND delivery = 'failed'",
            vec![row.optional_text(1)?.into()],
        )
        .await?;
    transaction
        .run(
            "INSERT INTO journal (at_ms, conversation_id, actor, what, data)
             VALUES (?1, ?2, 'operator:' || ?3, 'delivery_retried', json_object('message', ?4, 'kind', ?5))",
            vec![
                now_ms.into(),
                row.optional_text(0)?.into(),
                person_id.into(),
                row.optional_text(1)?.into(),
                row.text(2)?.into(),
            ],
        )
        .await?;
    transaction.commit().await
}
