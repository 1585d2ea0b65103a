//! Delivery's side: what is due, who delivers it, and what became of it. Batches travel as many rows a statement.

use crate::insert::JOURNAL;
use crate::{Database, Row, StorageError, Value};
use serde::Serialize;
use vikno_domain::Channel;

/// Rows of one claim: enough to keep a bot at its limit, few enough to end well within a lease.
pub const CLAIM_ROWS: i64 = 64;

/// The runners of which an organisation has one of each at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runner {
    /// Sends messages and passes events on to other organisations.
    Delivery,
    /// Brings attachments into the media store.
    Fetch,
}

impl Runner {
    fn name(self) -> &'static str {
        match self {
            Self::Delivery => "delivery",
            Self::Fetch => "fetch",
        }
    }

    /// What is due for the runner: ?1 is the time, ?2 the channels that have to wait (`,telegram,`). A message is not
    /// due while an earlier one of its chat has to wait, so that none overtakes another.
    fn due(self) -> &'static str {
        match self {
            Self::Delivery => {
                "outbox AS due INDEXED BY outbox_pending
                 WHERE due.state = 'pending' AND due.next_at_ms <= ?1 AND due.kind <> 'fetch'
                   AND instr(?2, ',' || due.channel || ',') = 0
                   AND NOT EXISTS (
                       SELECT 1 FROM outbox AS earlier
                       WHERE earlier.state = 'pending' AND earlier.channel = due.channel AND earlier.chat = due.chat
                         AND earlier.id < due.id AND earlier.next_at_ms > ?1 AND earlier.kind <> 'fetch')"
            }
            Self::Fetch => {
                "outbox AS due INDEXED BY outbox_pending
                 WHERE due.state = 'pending' AND due.next_at_ms <= ?1 AND due.kind = 'fetch' AND ?2 IS NOT NULL"
            }
        }
    }
}

/// A row whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its id; a lower one of the same chat goes first.
    pub id: i64,
    /// `send`, `relay` or `fetch`.
    pub kind: String,
    /// By which channel.
    pub channel: Channel,
    /// To whom.
    pub chat: String,
    /// Of which dialogue.
    pub conversation_id: Option<String>,
    /// Of which message.
    pub message_id: Option<String>,
    /// What, as JSON.
    pub payload: String,
    /// Failed attempts so far.
    pub attempts: u32,
    /// Calls of it that have succeeded.
    pub parts_done: u32,
    /// Unix milliseconds.
    pub created_at_ms: i64,
}

/// Which runners have something to do that nobody does already. Reads only, so that many nudges cost little.
pub async fn idle_work(database: &Database, now_ms: i64) -> Result<Vec<Runner>, StorageError> {
    let sql = format!(
        "SELECT coalesce((SELECT until_ms FROM runners WHERE name = 'delivery'), 0) <= ?1 AND EXISTS (SELECT 1 FROM {}),
                coalesce((SELECT until_ms FROM runners WHERE name = 'fetch'), 0) <= ?1 AND EXISTS (SELECT 1 FROM {})",
        Runner::Delivery.due(),
        Runner::Fetch.due(),
    );
    let row = database
        .query_one(&sql, vec![now_ms.into(), "".into()])
        .await?;
    let row = row.ok_or(StorageError::NotFound)?;
    let mut idle = Vec::new();
    for (column, runner) in [Runner::Delivery, Runner::Fetch].into_iter().enumerate() {
        if row.integer(column)? != 0 {
            idle.push(runner);
        }
    }
    Ok(idle)
}

/// Whether somebody is the runner now.
pub async fn is_at_work(
    database: &Database,
    runner: Runner,
    now_ms: i64,
) -> Result<bool, StorageError> {
    let row = database
        .query_one(
            "SELECT 1 FROM runners WHERE name = ?1 AND until_ms > ?2",
            vec![runner.name().into(), now_ms.into()],
        )
        .await?;
    Ok(row.is_some())
}

/// Becomes the runner until `until_ms` and gets the state that the last one left; `None` if another one is at work.
pub async fn begin(
    database: &Database,
    runner: Runner,
    owner: &str,
    now_ms: i64,
    until_ms: i64,
) -> Result<Option<String>, StorageError> {
    let row = database
        .query_one(
            "INSERT INTO runners (name, owner, until_ms) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until_ms = excluded.until_ms
                 WHERE runners.until_ms <= ?4
             RETURNING state",
            vec![
                runner.name().into(),
                owner.into(),
                until_ms.into(),
                now_ms.into(),
            ],
        )
        .await?;
    row.map(|row| row.text(0).map(str::to_owned)).transpose()
}

/// The oldest due rows. `waiting` are channels whose bot may not make calls now.
pub async fn due(
    database: &Database,
    runner: Runner,
    waiting: &[Channel],
    rows: i64,
    now_ms: i64,
) -> Result<Vec<OutboxRow>, StorageError> {
    let sql = format!(
        "SELECT due.id, due.kind, due.channel, due.chat, due.conversation_id, due.message_id, due.payload,
                due.attempts, due.parts_done, due.created_at_ms
         FROM {} ORDER BY due.id LIMIT ?3",
        runner.due(),
    );
    let parameters = vec![now_ms.into(), channels(waiting), rows.into()];
    let rows = database.query(&sql, parameters).await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<OutboxRow, StorageError> {
    let number =
        |column| Ok::<_, StorageError>(u32::try_from(row.integer(column)?).unwrap_or(u32::MAX));
    Ok(OutboxRow {
        id: row.integer(0)?,
        kind: row.text(1)?.to_owned(),
        channel: Channel::parse(row.text(2)?)
            .map_err(|error| StorageError::Corrupt(error.to_string()))?,
        chat: row.text(3)?.to_owned(),
        conversation_id: row.optional_string(4)?,
        message_id: row.optional_string(5)?,
        payload: row.text(6)?.to_owned(),
        attempts: number(7)?,
        parts_done: number(8)?,
        created_at_ms: row.integer(9)?,
    })
}

fn channels(waiting: &[Channel]) -> Value {
    let names = waiting.iter().map(|channel| format!(",{channel},"));
    names.collect::<String>().into()
}

/// What the channel's answers mean for the rows of one claim.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Results {
    /// Rows that are done with.
    pub done: Vec<i64>,
    /// What became of messages.
    pub messages: Vec<MessageResult>,
    /// Rows that are tried again.
    pub again: Vec<AgainResult>,
    /// Rows that nobody tries again.
    pub dead: Vec<DeadResult>,
    /// Chats of which nothing is sent before a time.
    pub deferred: Vec<DeferredChat>,
    /// Chats that cannot be reached any more: everything for them is dead, their person counts as gone.
    pub unreachable: Vec<UnreachableChat>,
    /// Files that were fetched, or not.
    pub media: Vec<MediaResult>,
    /// Lines for the journal, by the actor `channel`.
    pub journal: Vec<JournalLine>,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MessageResult {
    /// `m_…`.
    pub id: String,
    /// `sent` or `failed`.
    pub delivery: &'static str,
    /// The channel's id of it.
    pub external_id: Option<String>,
}

/// A row that is tried again.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgainResult {
    /// Row.
    pub id: i64,
    /// Failed attempts.
    pub attempts: u32,
    /// Calls of it that have succeeded.
    pub parts_done: u32,
    /// Not before, Unix milliseconds.
    pub next_at_ms: i64,
    /// Why.
    pub reason: String,
}

/// A row for the dead letters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeadResult {
    /// Row.
    pub id: i64,
    /// Failed attempts.
    pub attempts: u32,
    /// Calls of it that have succeeded.
    pub parts_done: u32,
    /// Why.
    pub reason: String,
}

/// A chat of which nothing is sent before a time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeferredChat {
    /// Channel.
    pub channel: Channel,
    /// Chat.
    pub chat: String,
    /// Unix milliseconds.
    pub until_ms: i64,
}

/// A chat that cannot be reached any more.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnreachableChat {
    /// Channel.
    pub channel: Channel,
    /// Chat.
    pub chat: String,
}

/// What became of an attachment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MediaResult {
    /// Its id in the media store.
    pub id: String,
    /// `stored`, `refused` or `lost`.
    pub state: &'static str,
    /// Type found by content.
    #[serde(rename = "type")]
    pub media_type: Option<String>,
    /// Cleaned name.
    pub name: Option<String>,
    /// Bytes.
    pub size: Option<u64>,
    /// Of the content, in hexadecimal.
    pub sha256: Option<String>,
    /// Why it is not stored.
    pub reason: Option<String>,
}

/// A line of the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct JournalLine {
    /// Which dialogue.
    pub conversation_id: Option<String>,
    /// What, in the past tense.
    pub what: &'static str,
    /// Details; no texts, numbers or names.
    pub data: serde_json::Value,
}

impl JournalLine {
    fn row(&self, at_ms: i64) -> [Value; JOURNAL.columns] {
        [
            at_ms.into(),
            self.conversation_id.as_deref().into(),
            "channel".into(),
            self.what.into(),
            self.data.to_string().into(),
        ]
    }
}

/// The runner's own affairs, written with its results.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    /// Which runner.
    pub runner: Runner,
    /// Whose turn it is.
    pub owner: &'a str,
    /// What the next turn has to know, as JSON.
    pub state: &'a str,
    /// Channels whose bot may not make calls now.
    pub waiting: &'a [Channel],
    /// The turn may go on until then, if something is due; 0 ends it in any case. Unix milliseconds.
    pub go_on_until_ms: i64,
    /// Unix milliseconds.
    pub now_ms: i64,
}

/// How a turn goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// More is due and the turn is ours still.
    GoOn,
    /// The turn is over.
    Ended,
}

/// Writes results and, in the same transaction, ends the turn unless something is due: whatever is written later is
/// followed by a nudge that finds no runner at work, so no work is overlooked.
pub async fn settle(
    database: &Database,
    results: &Results,
    turn: Turn<'_>,
) -> Result<Next, StorageError> {
    let transaction = database.transaction().await?;
    run_list(
        database,
        "DELETE FROM outbox WHERE id IN (SELECT value FROM json_each(?1))",
        &results.done,
        None,
    )
    .await?;
    run_list(database, WRITE_MESSAGES, &results.messages, None).await?;
    run_list(database, WRITE_MEDIA, &results.media, None).await?;
    run_list(database, WRITE_AGAIN, &results.again, None).await?;
    run_list(database, WRITE_DEAD, &results.dead, None).await?;
    run_list(database, WRITE_DEFERRED, &results.deferred, None).await?;
    for sql in [JOURNAL_UNREACHABLE, WRITE_UNREACHABLE_CITIZENS] {
        run_list(database, sql, &results.unreachable, Some(turn.now_ms)).await?;
    }
    for sql in [WRITE_UNREACHABLE_MESSAGES, WRITE_UNREACHABLE] {
        run_list(database, sql, &results.unreachable, None).await?;
    }
    let journal = results
        .journal
        .iter()
        .flat_map(|line| line.row(turn.now_ms));
    JOURNAL.write(database, journal.collect()).await?;
    let next = end_or_go_on(database, turn).await?;
    transaction.commit().await?;
    Ok(next)
}

/// Ends the turn without results, or goes on if something has become due meanwhile.
pub async fn end_or_go_on(database: &Database, turn: Turn<'_>) -> Result<Next, StorageError> {
    let sql = format!(
        "UPDATE runners SET state = ?3, until_ms = CASE WHEN ?4 > 0 AND EXISTS (SELECT 1 FROM {}) THEN ?4 ELSE 0 END
         WHERE name = ?5 AND owner = ?6 RETURNING until_ms",
        turn.runner.due(),
    );
    let parameters = vec![
        turn.now_ms.into(),
        channels(turn.waiting),
        turn.state.into(),
        turn.go_on_until_ms.into(),
        turn.runner.name().into(),
        turn.owner.into(),
    ];
    let until_ms = match database.query_one(&sql, parameters).await? {
        Some(row) => row.integer(0)?,
        // The turn had run out and somebody else has it.
        None => 0,
    };
    Ok(if until_ms > 0 {
        Next::GoOn
    } else {
        Next::Ended
    })
}

/// Turns of runners that cannot be alive any more, at start-up.
pub async fn forget_turns(database: &Database) -> Result<(), StorageError> {
    database
        .run("UPDATE runners SET until_ms = 0", Vec::new())
        .await
}

async fn run_list<T: Serialize>(
    database: &Database,
    sql: &str,
    list: &[T],
    now_ms: Option<i64>,
) -> Result<(), StorageError> {
    if list.is_empty() {
        return Ok(());
    }
    let mut parameters: Vec<Value> = vec![serde_json::to_string(list)?.into()];
    parameters.extend(now_ms.map(Value::from));
    database.run(sql, parameters).await
}

const WRITE_MESSAGES: &str = "
UPDATE messages SET delivery = result.value ->> 'delivery',
    external_id = coalesce(result.value ->> 'external_id', external_id)
FROM json_each(?1) AS result WHERE messages.id = result.value ->> 'id'";

const WRITE_MEDIA: &str = "
UPDATE media SET state = result.value ->> 'state', type = coalesce(result.value ->> 'type', media.type),
    name = coalesce(result.value ->> 'name', media.name), size = coalesce(result.value ->> 'size', media.size),
    sha256 = result.value ->> 'sha256', reason = result.value ->> 'reason'
FROM json_each(?1) AS result WHERE media.id = result.value ->> 'id'";

const WRITE_AGAIN: &str = "
UPDATE outbox SET attempts = result.value ->> 'attempts', parts_done = result.value ->> 'parts_done',
    next_at_ms = result.value ->> 'next_at_ms', last_error = result.value ->> 'reason'
FROM json_each(?1) AS result WHERE outbox.id = result.value ->> 'id'";

const WRITE_DEAD: &str = "
UPDATE outbox SET state = 'dead', attempts = result.value ->> 'attempts', parts_done = result.value ->> 'parts_done',
    last_error = result.value ->> 'reason'
FROM json_each(?1) AS result WHERE outbox.id = result.value ->> 'id'";

const WRITE_DEFERRED: &str = "
UPDATE outbox SET next_at_ms = max(next_at_ms, deferred.value ->> 'until_ms')
FROM json_each(?1) AS deferred
WHERE outbox.state = 'pending' AND outbox.channel = deferred.value ->> 'channel'
    AND outbox.chat = deferred.value ->> 'chat' AND outbox.kind <> 'fetch'";

const JOURNAL_UNREACHABLE: &str = "
INSERT INTO journal (at_ms, conversation_id, actor, what, data)
SELECT ?2, outbox.conversation_id, 'channel', 'dead_letter',
       json_object('message', outbox.message_id, 'channel', outbox.channel, 'reason', 'unreachable')
FROM json_each(?1) AS gone JOIN outbox
    ON outbox.channel = gone.value ->> 'channel' AND outbox.chat = gone.value ->> 'chat'
WHERE outbox.state = 'pending' AND outbox.kind = 'send' ORDER BY outbox.id";

const WRITE_UNREACHABLE_CITIZENS: &str = "
UPDATE citizens SET blocked = 1
FROM json_each(?1) AS gone
WHERE citizens.channel = gone.value ->> 'channel' AND citizens.chat = gone.value ->> 'chat' AND ?2 > 0";

const WRITE_UNREACHABLE_MESSAGES: &str = "
UPDATE messages SET delivery = 'failed' WHERE id IN (
    SELECT outbox.message_id FROM json_each(?1) AS gone JOIN outbox
        ON outbox.channel = gone.value ->> 'channel' AND outbox.chat = gone.value ->> 'chat'
    WHERE outbox.state = 'pending' AND outbox.kind = 'send')";

const WRITE_UNREACHABLE: &str = "
UPDATE outbox SET state = 'dead', last_error = 'unreachable'
FROM json_each(?1) AS gone
WHERE outbox.state = 'pending' AND outbox.kind = 'send' AND outbox.channel = gone.value ->> 'channel'
    AND outbox.chat = gone.value ->> 'chat'";

#[cfg(test)]
#[path = "outbox_tests.rs"]
mod tests;
