//! Timers of waiting conversations, and what grows old.

use crate::operator_view::HERE;
use crate::{Database, StorageError};

/// Timers put into the inbox by one tick at the most; the rest follows with the next tick.
const DUE_MAX: i64 = 500;

/// Puts a timer event into the inbox for every conversation and task whose wake-up time has come: once for each time,
/// also when the same tick runs again or came late. Returns how many.
pub async fn fire_due(database: &Database, now_ms: i64) -> Result<usize, StorageError> {
    Ok(fire(database, DIALOGUES, now_ms).await? + fire(database, TASKS, now_ms).await?)
}

/// What wakes up by itself, and how its event is addressed: expressions over a row of the table.
#[derive(Clone, Copy)]
struct Sleepers {
    table: &'static str,
    channel: &'static str,
    chat: &'static str,
    conversation: &'static str,
}

const DIALOGUES: Sleepers = Sleepers {
    table: "conversations",
    channel: "channel",
    chat: "chat",
    conversation: "id",
};

const TASKS: Sleepers = Sleepers {
    table: "tasks",
    channel: "'api'",
    chat: "CAST(id AS TEXT)",
    conversation: "NULL",
};

async fn fire(database: &Database, sleepers: Sleepers, now_ms: i64) -> Result<usize, StorageError> {
    let Sleepers {
        table,
        channel,
        chat,
        conversation,
    } = sleepers;
    let due = "wake_at_ms IS NOT NULL AND wake_at_ms <= ?1";
    // A read waits for nobody, and most ticks find nothing.
    let waiting = database
        .query_one(
            &format!("SELECT 1 FROM {table} WHERE {due} LIMIT 1"),
            vec![now_ms.into()],
        )
        .await?;
    if waiting.is_none() {
        return Ok(0);
    }
    let key = "'timer:' || id || ':' || wake_at_ms";
    let fired = database
        .query(
            &format!(
                "INSERT INTO inbox (channel, chat, dedupe_key, event, received_at_ms)
                 SELECT {channel}, {chat}, {key},
                        json_object('channel', {channel}, 'chat', {chat}, 'dedupe_key', {key}, 'at_ms', wake_at_ms,
                                    'external_id', {conversation}, 'content', json_object('kind', 'timer')),
                        ?1
                 FROM {table} WHERE {due} ORDER BY wake_at_ms LIMIT ?2
                 ON CONFLICT (channel, dedupe_key) DO NOTHING RETURNING id"
            ),
            vec![now_ms.into(), DUE_MAX.into()],
        )
        .await?;
    Ok(fired.len())
}

/// What waits at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// Events for the engine.
    pub events: bool,
    /// Rows that delivery may send now.
    pub deliveries: bool,
    /// Citizens for an operator.
    pub citizens: bool,
    /// Citizens whom an operator has.
    pub held: bool,
}

/// Whether anything waits that a lost nudge has left.
pub async fn backlog(database: &Database, now_ms: i64) -> Result<Backlog, StorageError> {
    let row = database
        .query_one(
            &format!(
                "SELECT EXISTS (SELECT 1 FROM inbox WHERE state = 'pending'),
                    EXISTS (SELECT 1 FROM outbox WHERE state = 'pending' AND next_at_ms <= ?1),
                    EXISTS (SELECT 1 FROM conversations WHERE status = 'waiting' AND {HERE}),
                    EXISTS (SELECT 1 FROM conversations WHERE status = 'with_operator' AND operator_id IS NOT NULL)"
            ),
            vec![now_ms.into()],
        )
        .await?
        .ok_or(StorageError::NotFound)?;
    Ok(Backlog {
        events: row.integer(0)? != 0,
        deliveries: row.integer(1)? != 0,
        citizens: row.integer(2)? != 0,
        held: row.integer(3)? != 0,
    })
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
