//! Dialogues as their processes see them: versions, live tasks, and what the journal tells of their way.

use crate::versions::{Person, note};
use crate::{Database, Row, StorageError};
use serde_json::json;
use vikno_domain::{Channel, rfc3339};

/// A page of [`recent`].
pub const PAGE: i64 = 50;
/// A page of [`happenings`]: a long dialogue has some 300 lines.
pub const HAPPENINGS: i64 = 200;
/// A page of [`worlds`]: a world is a few kilobytes.
pub const WORLDS: i64 = 200;
/// A page of [`runs`]: a way is some hundreds of bytes.
pub const RUNS: i64 = 1_000;

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
    rows.iter().map(happening).collect()
}

fn happening(row: &Row) -> Result<Happening, StorageError> {
    Ok(Happening {
        id: row.integer(0)?,
        at_ms: row.integer(1)?,
        actor: row.text(2)?.to_owned(),
        what: row.text(3)?.to_owned(),
        data: row.json(4)?,
    })
}

/// A line of the journal that tells which way processes took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Position.
    pub id: i64,
    /// Unix milliseconds.
    pub at_ms: i64,
    /// In which dialogue.
    pub conversation: Option<String>,
    /// The way in its compact form.
    pub path: String,
}

/// Ways of all dialogues since a time, the newest first, before (time, position); at most [`RUNS`].
pub async fn runs(
    database: &Database,
    since_ms: i64,
    before: (i64, i64),
) -> Result<Vec<Run>, StorageError> {
    let rows = database
        .query(
            "SELECT id, at_ms, conversation_id, data ->> 'path' FROM journal
             WHERE at_ms >= ?1 AND (at_ms, id) < (?2, ?3) AND what = 'process_ran'
             ORDER BY at_ms DESC, id DESC LIMIT ?4",
            vec![
                since_ms.into(),
                before.0.into(),
                before.1.into(),
                RUNS.into(),
            ],
        )
        .await?;
    rows.iter().map(run).collect()
}

fn run(row: &Row) -> Result<Run, StorageError> {
    Ok(Run {
        id: row.integer(0)?,
        at_ms: row.integer(1)?,
        conversation: row.optional_string(2)?,
        path: row.optional_string(3)?.unwrap_or_default(),
    })
}

/// A live dialogue and its stored tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveWorld {
    /// `c_…`.
    pub id: String,
    /// Its version of the processes.
    pub version: i64,
    /// Its tasks; empty for none.
    pub world: String,
    /// Where events for it go.
    pub channel: Channel,
    /// The chat there.
    pub chat: String,
}

/// Messages of a recorded dialogue that are read: a long one has a tenth of that.
const RECORDED_MAX: i64 = 2_000;

/// A dialogue and its messages, each as it is exported in JSON, as far as a replay needs it.
pub async fn recorded(
    database: &Database,
    id: &str,
) -> Result<(serde_json::Value, Vec<serde_json::Value>), StorageError> {
    let row = database
        .query_one(
            "SELECT json_object('id', c.id, 'channel', c.channel, 'language', c.language, 'citizen_name', p.name)
             FROM conversations AS c JOIN citizens AS p ON p.id = c.citizen_id WHERE c.id = ?1",
            vec![id.into()],
        )
        .await?;
    let conversation = row.ok_or(StorageError::NotFound)?.json(0)?;
    let rows = database
        .query(
            "SELECT json_object('id', id, 'conversation_id', conversation_id, 'from', author, 'author_name', author_name,
                                'text', text, 'media_id', media_id, 'details', json(details)), at_ms
             FROM messages WHERE conversation_id = ?1 ORDER BY seq LIMIT ?2",
            vec![id.into(), RECORDED_MAX.into()],
        )
        .await?;
    let messages = rows.iter().map(|row| {
        let mut message: serde_json::Value = row.json(0)?;
        message["at"] = rfc3339(row.integer(1)?).into();
        Ok(message)
    });
    Ok((conversation, messages.collect::<Result<_, StorageError>>()?))
}

/// Live dialogues that are not on a version, by id from after one; at most [`WORLDS`].
pub async fn worlds(
    database: &Database,
    other_than: i64,
    after: &str,
) -> Result<Vec<LiveWorld>, StorageError> {
    let rows = database
        .query(
            "SELECT id, process_version, world, channel, chat FROM conversations
             WHERE status IN ('open', 'waiting', 'with_operator', 'voting') AND process_version <> ?1 AND id > ?2
             ORDER BY id LIMIT ?3",
            vec![other_than.into(), after.into(), WORLDS.into()],
        )
        .await?;
    rows.iter().map(live_world).collect()
}

fn live_world(row: &Row) -> Result<LiveWorld, StorageError> {
    let id = row.text(0)?.to_owned();
    let channel = Channel::parse(row.text(3)?)
        .map_err(|error| StorageError::Corrupt(format!("conversation {id}: {error}")))?;
    Ok(LiveWorld {
        id,
        version: row.integer(1)?,
        world: row.text(2)?.to_owned(),
        channel,
        chat: row.text(4)?.to_owned(),
    })
}

/// A line of the journal that tells of a failure which nobody has settled yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// The line.
    pub line: Happening,
    /// In which dialogue, and how that stands now.
    pub conversation: Option<(String, String)>,
}

/// What waits for people, the newest first, before a position; at most [`PAGE`] and one that tells that there are more.
pub async fn failures(database: &Database, before: i64) -> Result<Vec<Failure>, StorageError> {
    let rows = database
        .query(
            "SELECT j.id, j.at_ms, j.actor, j.what, j.data, j.conversation_id, c.status
             FROM open_failures AS f JOIN journal AS j ON j.id = f.journal_id
             LEFT JOIN conversations AS c ON c.id = j.conversation_id
             WHERE f.journal_id < ?1 ORDER BY f.journal_id DESC LIMIT ?2",
            vec![before.into(), (PAGE + 1).into()],
        )
        .await?;
    let failures = rows.iter().map(|row| {
        let conversation = row.optional_string(5)?.zip(row.optional_string(6)?);
        Ok(Failure {
            line: happening(row)?,
            conversation,
        })
    });
    failures.collect()
}

/// How many wait for people, counted up to a number.
pub async fn count_failures(database: &Database, up_to: i64) -> Result<i64, StorageError> {
    let row = database
        .query_one(
            "SELECT count(*) FROM (SELECT 1 FROM open_failures LIMIT ?1)",
            vec![up_to.into()],
        )
        .await?;
    row.ok_or(StorageError::NotFound)?.integer(0)
}

/// Takes failures off the list, for a reason that the journal keeps. Returns which of them were on it.
pub async fn settle_failures(
    database: &Database,
    ids: &[i64],
    by: &Person,
    reason: &str,
    now_ms: i64,
) -> Result<Vec<i64>, StorageError> {
    let transaction = database.transaction().await?;
    let rows = transaction
        .query(
            "DELETE FROM open_failures WHERE journal_id IN (SELECT value FROM json_each(?1)) RETURNING journal_id",
            vec![json!(ids).to_string().into()],
        )
        .await?;
    let settled: Vec<i64> = rows
        .iter()
        .map(|row| row.integer(0))
        .collect::<Result<_, _>>()?;
    if !settled.is_empty() {
        let data = json!({ "failures": settled, "reason": reason });
        note(&transaction, &by.id, "failures_settled", &data, now_ms).await?;
    }
    transaction.commit().await?;
    Ok(settled)
}
