//! Timers of waiting conversations, and what grows old.

use crate::{Database, StorageError, tasks};

/// Timers put into the inbox by one tick at the most; the rest follows with the next tick.
const DUE_MAX: i64 = 500;

/// Puts a timer event into the inbox for every conversation and task whose wake-up time has come: once for each time,
/// also when the same tick runs again or came late. Returns how many.
pub async fn fire_due(database: &Database, now_ms: i64) -> Result<usize, StorageError> {
    let dialogues = fire_dialogues(database, now_ms).await?;
    Ok(dialogues + tasks::fire_due(database, now_ms, DUE_MAX).await?)
}

async fn fire_dialogues(database: &Database, now_ms: i64) -> Result<usize, StorageError> {
    let waiting = database
        .query_one(
            "SELECT 1 FROM conversations WHERE wake_at_ms IS NOT NULL AND wake_at_ms <= ?1 LIMIT 1",
            vec![now_ms.into()],
        )
        .await?;
    if waiting.is_none() {
        return Ok(0);
    }
    let fired = database
        .query(
            "INSERT INTO inbox (channel, chat, dedupe_key, event, received_at_ms)
             SELECT channel, chat, 'timer:' || id || ':' || wake_at_ms,
                    json_object('channel', channel, 'chat', chat, 'dedupe_key', 'timer:' || id || ':' || wake_at_ms,
                                'at_ms', wake_at_ms, 'external_id', id, 'content', json_object('kind', 'timer')),
                    ?1
             FROM conversations WHERE wake_at_ms IS NOT NULL AND wake_at_ms <= ?1
             ORDER BY wake_at_ms LIMIT ?2
             ON CONFLICT (channel, dedupe_key) DO NOTHING RETURNING id",
            vec![now_ms.into(), DUE_MAX.into()],
        )
        .await?;
    Ok(fired.len())
}

/// Whether something waits: events for the engine, and rows due for delivery.
pub async fn backlog(database: &Database, now_ms: i64) -> Result<(bool, bool), StorageError> {
    let row = database
        .query_one(
            "SELECT EXISTS (SELECT 1 FROM inbox WHERE state = 'pending'),
                    EXISTS (SELECT 1 FROM outbox WHERE state = 'pending' AND next_at_ms <= ?1)",
            vec![now_ms.into()],
        )
        .await?
        .ok_or(StorageError::NotFound)?;
    Ok((row.integer(0)? != 0, row.integer(1)? != 0))
}

/// Settled inbox rows older than `before_ms` are not needed for recognising repeats any more
/// (channels repeat for a day); a bounded number at a time.
pub async fn prune_inbox(database: &Database, before_ms: i64) -> Result<(), StorageError> {
    database
        .run(
            "DELETE FROM inbox WHERE id IN (
                 SELECT id FROM inbox WHERE received_at_ms < ?1 AND state IN ('done', 'ignored')
                 ORDER BY received_at_ms LIMIT 1000)",
            vec![before_ms.into()],
        )
        .await
}
