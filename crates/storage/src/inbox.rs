//! The inbox: everything that comes in is written here before it is acknowledged.

use crate::turns::fresh_after_ms;
use crate::{Database, Row, StorageError, Value};
use serde_json::json;
use vikno_domain::{Content, InboundEvent};

/// What became of an event that came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// Written; the engine takes it from here.
    New {
        /// The inbox row's.
        id: i64,
        /// A runner is in the middle of a batch and takes this one with the next: nobody has to be nudged.
        is_awaited: bool,
    },
    /// Written as ignored: counted and journaled, no process sees it.
    Ignored,
    /// Seen before; nothing was written.
    Duplicate,
}

/// Writes an event, once per (channel, dedupe key), in one statement; ignored kinds are journaled and counted with it.
pub async fn accept(
    database: &Database,
    event: &InboundEvent,
    received_at_ms: i64,
) -> Result<Accepted, StorageError> {
    match &event.content {
        Content::Ignored { what } => accept_ignored(database, event, what, received_at_ms).await,
        _ => {
            let row = insert(database, event, "pending", received_at_ms).await?;
            Ok(match row {
                Some(row) => Accepted::New {
                    id: row.integer(0)?,
                    is_awaited: row.integer(1)? != 0,
                },
                None => Accepted::Duplicate,
            })
        }
    }
}

async fn accept_ignored(
    database: &Database,
    event: &InboundEvent,
    what: &str,
    received_at_ms: i64,
) -> Result<Accepted, StorageError> {
    let transaction = database.transaction().await?;
    if insert(database, event, "ignored", received_at_ms)
        .await?
        .is_none()
    {
        transaction.rollback().await?;
        return Ok(Accepted::Duplicate);
    }
    let data = json!({ "channel": event.channel, "what": what }).to_string();
    transaction
        .run(
            "INSERT INTO journal (at_ms, actor, what, data) VALUES (?1, 'channel', 'event_ignored', ?2)",
            vec![received_at_ms.into(), data.into()],
        )
        .await?;
    transaction
        .run(
            "INSERT INTO counters (name, value) VALUES (?1, 1)
             ON CONFLICT (name) DO UPDATE SET value = value + 1",
            vec![format!("ignored:{}:{what}", event.channel).into()],
        )
        .await?;
    transaction.commit().await?;
    Ok(Accepted::Ignored)
}

async fn insert(
    database: &Database,
    event: &InboundEvent,
    state: &str,
    received_at_ms: i64,
) -> Result<Option<Row>, StorageError> {
    let parameters: Vec<Value> = vec![
        event.channel.as_str().into(),
        event.chat.as_str().into(),
        event.dedupe_key.as_str().into(),
        serde_json::to_string(event)?.into(),
        received_at_ms.into(),
        state.into(),
        fresh_after_ms(received_at_ms).into(),
    ];
    database
        .query_one(
            "INSERT INTO inbox (channel, chat, dedupe_key, event, received_at_ms, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (channel, dedupe_key) DO NOTHING
             RETURNING id, EXISTS (SELECT 1 FROM chat_leases WHERE until_ms > ?7)",
            parameters,
        )
        .await
}

/// Finds the row of an event that was accepted before.
pub async fn find(
    database: &Database,
    channel: &str,
    dedupe_key: &str,
) -> Result<Option<i64>, StorageError> {
    let row = database
        .query_one(
            "SELECT id FROM inbox WHERE channel = ?1 AND dedupe_key = ?2",
            vec![channel.into(), dedupe_key.into()],
        )
        .await?;
    row.map(|row| row.integer(0)).transpose()
}
