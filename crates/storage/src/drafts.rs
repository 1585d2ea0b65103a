//! Drafts of processes: one of each at the most, replaced only by somebody who has seen it.

use crate::versions::{Person, note};
use crate::{Database, Row, StorageError};
use serde_json::json;

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its revision; never used twice.
    pub revision: i64,
    /// The process.
    pub alias: String,
    /// The whole document, JSON text.
    pub document: String,
    /// The published version it was begun from.
    pub base_version: i64,
    /// Unix milliseconds.
    pub changed_at_ms: i64,
    /// Who changed it last.
    pub changed_by: Person,
}

const DRAFT: &str =
    "revision, alias, document, base_version, changed_at_ms, changed_by, changed_by_name";

/// All drafts by alias. Few at any time: at most one of each process.
pub async fn all(database: &Database) -> Result<Vec<Draft>, StorageError> {
    let sql = format!("SELECT {DRAFT} FROM process_drafts ORDER BY alias");
    let rows = database.query(&sql, Vec::new()).await?;
    rows.iter().map(draft).collect()
}

/// The draft of a process.
pub async fn read(database: &Database, alias: &str) -> Result<Option<Draft>, StorageError> {
    let sql = format!("SELECT {DRAFT} FROM process_drafts WHERE alias = ?1");
    let row = database.query_one(&sql, vec![alias.into()]).await?;
    row.as_ref().map(draft).transpose()
}

fn draft(row: &Row) -> Result<Draft, StorageError> {
    Ok(Draft {
        revision: row.integer(0)?,
        alias: row.text(1)?.to_owned(),
        document: row.text(2)?.to_owned(),
        base_version: row.integer(3)?,
        changed_at_ms: row.integer(4)?,
        changed_by: Person {
            id: row.text(5)?.to_owned(),
            name: row.text(6)?.to_owned(),
        },
    })
}

/// What is to be saved.
#[derive(Debug, Clone)]
pub struct NewDraft<'a> {
    /// The process.
    pub alias: &'a str,
    /// The revision that the author has seen; none: there was no draft.
    pub seen: Option<i64>,
    /// The whole document, JSON text.
    pub document: &'a str,
    /// The published version it is built on.
    pub base_version: i64,
    /// Who.
    pub by: &'a Person,
    /// Unix milliseconds.
    pub now_ms: i64,
}

/// Saves; returns the new revision, or `None` when the draft is not the one that was seen.
pub async fn save(database: &Database, new: &NewDraft<'_>) -> Result<Option<i64>, StorageError> {
    let transaction = database.transaction().await?;
    if !take_away(database, new.alias, new.seen).await? {
        transaction.rollback().await?;
        return Ok(None);
    }
    let row = transaction
        .query_one(
            "INSERT INTO process_drafts (alias, document, base_version, changed_at_ms, changed_by, changed_by_name)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING revision",
            vec![
                new.alias.into(),
                new.document.into(),
                new.base_version.into(),
                new.now_ms.into(),
                new.by.id.as_str().into(),
                new.by.name.as_str().into(),
            ],
        )
        .await?;
    let revision = row.ok_or(StorageError::NotFound)?.integer(0)?;
    let data =
        json!({ "process": new.alias, "revision": revision, "base_version": new.base_version });
    note(
        &transaction,
        &new.by.id,
        "process_draft_saved",
        &data,
        new.now_ms,
    )
    .await?;
    transaction.commit().await?;
    Ok(Some(revision))
}

/// Drops a draft; false when it is not the one that was seen.
pub async fn drop_draft(
    database: &Database,
    alias: &str,
    seen: i64,
    by: &Person,
    now_ms: i64,
) -> Result<bool, StorageError> {
    let transaction = database.transaction().await?;
    if !take_away(database, alias, Some(seen)).await? {
        transaction.rollback().await?;
        return Ok(false);
    }
    let data = json!({ "process": alias, "revision": seen });
    note(&transaction, &by.id, "process_draft_dropped", &data, now_ms).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Whether the draft was the one that was seen; it is gone then. Inside a transaction.
async fn take_away(
    database: &Database,
    alias: &str,
    seen: Option<i64>,
) -> Result<bool, StorageError> {
    let found = database
        .query_one(
            "SELECT revision FROM process_drafts WHERE alias = ?1",
            vec![alias.into()],
        )
        .await?;
    let found = found.map(|row| row.integer(0)).transpose()?;
    if found != seen {
        return Ok(false);
    }
    database
        .run(
            "DELETE FROM process_drafts WHERE alias = ?1",
            vec![alias.into()],
        )
        .await?;
    Ok(true)
}
