//! Dialogues as their processes see them: versions, live tasks, and what the journal tells of their way.

use crate::{Database, Row, StorageError};

/// A page of [`recent`].
pub const PAGE: i64 = 50;
/// A page of [`happenings`]: a long dialogue has some 300 lines.
pub const HAPPENINGS: i64 = 200;
/// A page of [`worlds`]: a world is a few kilobytes.
pub const WORLDS: i64 = 200;

/// A dialogue without its tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// `c_…`.
    pub id: String,
    /// Where it stands.
    pub status: String,
    /// Channel of the citizen.
    pub channel: String,
    /// The published processes that it began with.
    pub version: i64,
    /// Unix milliseconds.
    pub opened_at_ms: i64,
    /// Last message, Unix milliseconds.
    pub last_at_ms: i64,
    /// When its earliest timer fires, Unix milliseconds.
    pub wakes_at_ms: Option<i64>,
}

const INSTANCE: &str = "id, status, channel, process_version, opened_at_ms, last_at_ms, wake_at_ms";

/// Newest activity first, from after (last activity, id); at most [`PAGE`] and one that tells that there are more.
pub async fn recent(
    database: &Database,
    after: Option<(i64, &str)>,
) -> Result<Vec<Instance>, StorageError> {
    let (last_at_ms, id) = after.unwrap_or((i64::MAX, ""));
    let sql = format!(
        "SELECT {INSTANCE} FROM conversations WHERE (last_at_ms, id) < (?1, ?2)
         ORDER BY last_at_ms DESC, id DESC LIMIT ?3"
    );
    let parameters = vec![last_at_ms.into(), id.into(), (PAGE + 1).into()];
    let rows = database.query(&sql, parameters).await?;
    rows.iter().map(instance).collect()
}

/// One dialogue and its stored tasks (empty when it has ended).
pub async fn read(database: &Database, id: &str) -> Result<(Instance, String), StorageError> {
    let sql = format!("SELECT {INSTANCE}, world FROM conversations WHERE id = ?1");
    let row = database.query_one(&sql, vec![id.into()]).await?;
    let row = row.ok_or(StorageError::NotFound)?;
    Ok((instance(&row)?, row.text(7)?.to_owned()))
}

fn instance(row: &Row) -> Result<Instance, StorageError> {
    Ok(Instance {
        id: row.text(0)?.to_owned(),
        status: row.text(1)?.to_owned(),
        channel: row.text(2)?.to_owned(),
        version: row.integer(3)?,
        opened_at_ms: row.integer(4)?,
        last_at_ms: row.integer(5)?,
        wakes_at_ms: row.optional_integer(6)?,
    })
}

/// A line of a dialogue's journal.
#[derive(Debug, Clone, PartialEq)]
pub struct Happening {
    /// Position.
    pub id: i64,
    /// Unix milliseconds.
    pub at_ms: i64,
    /// Who.
    pub actor: String,
    /// What.
    pub what: String,
    /// Details.
    pub data: serde_json::Value,
}

/// The journal of a dialogue after a position, oldest first; at most [`HAPPENINGS`].
pub async fn happenings(
    database: &Database,
    conversation_id: &str,
    after: i64,
) -> Result<Vec<Happening>, StorageError> {
    let rows = database
        .query(
            "SELECT id, at_ms, actor, what, data FROM journal
             WHERE conversation_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
            vec![conversation_id.into(), after.into(), HAPPENINGS.into()],
        )
        .await?;
    let lines = rows.iter().map(|row| {
        Ok(Happening {
            id: row.integer(0)?,
            at_ms: row.integer(1)?,
            actor: row.text(2)?.to_owned(),
            what: row.text(3)?.to_owned(),
            data: row.json(4)?,
        })
    });
    lines.collect()
}

/// Live dialogues that are not on a version, by id from after one: id, version, stored tasks; at most [`WORLDS`].
pub async fn worlds(
    database: &Database,
    other_than: i64,
    after: &str,
) -> Result<Vec<(String, i64, String)>, StorageError> {
    let rows = database
        .query(
            "SELECT id, process_version, world FROM conversations
             WHERE status IN ('open', 'waiting', 'with_operator', 'voting') AND process_version <> ?1 AND id > ?2
             ORDER BY id LIMIT ?3",
            vec![other_than.into(), after.into(), WORLDS.into()],
        )
        .await?;
    let worlds = rows.iter().map(|row| {
        Ok((
            row.text(0)?.to_owned(),
            row.integer(1)?,
            row.text(2)?.to_owned(),
        ))
    });
    worlds.collect()
}
