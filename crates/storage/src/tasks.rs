//! Tasks that outside systems made through the Corezoid API: made with their first event in one transaction, changed
//! by the engine only, read by whoever shows them.

use crate::{Database, Row, StorageError, Transaction, Value};
use serde_json::{Map, json};
use std::collections::{BTreeMap, BTreeSet};
use vikno_conversation::{TaskRecord, TaskStatus};
use vikno_domain::InboundEvent;

/// Ended tasks that one sweep takes away.
const SWEEP_ROWS: i64 = 1_000;

const COLUMNS: &str =
    "id, process, reference, status, node, previous_node, data, process_version, world, callbacks,
    answer, wake_at_ms, created_at_ms, changed_at_ms, ended_at_ms";

/// Statuses in which a reference is taken, written out so that the partial index applies.
const LIVE: &str = "('created', 'processing', 'delayed')";

/// A task to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct NewTask {
    /// Its number.
    pub id: u64,
    /// The alias of its process.
    pub process: String,
    /// Its reference.
    pub reference: Option<String>,
    /// Its parameters.
    pub data: Map<String, serde_json::Value>,
    /// The published processes it begins with.
    pub process_version: i64,
    /// The callback addresses of its process's nodes.
    pub callbacks: BTreeMap<String, String>,
}

/// How a caller names a task of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named<'a> {
    /// By reference: the live one, else the newest.
    Reference(&'a str),
    /// By number.
    Id(u64),
}

/// Makes tasks; returns the numbers of those that were made. The others' reference is taken.
pub async fn create(
    transaction: &Transaction<'_>,
    tasks: &[NewTask],
    now_ms: i64,
) -> Result<BTreeSet<u64>, StorageError> {
    let rows: Vec<serde_json::Value> = tasks
        .iter()
        .map(|task| {
            json!({
                "id": task.id, "process": task.process, "reference": task.reference, "data": task.data,
                "process_version": task.process_version, "callbacks": task.callbacks,
            })
        })
        .collect();
    let made = transaction
        .query(
            "INSERT INTO tasks (id, process, reference, status, data, process_version, callbacks, created_at_ms, changed_at_ms)
             SELECT value ->> 'id', value ->> 'process', value ->> 'reference', 'created', value ->> 'data',
                    value ->> 'process_version', value ->> 'callbacks', ?2, ?2
             FROM json_each(?1) WHERE TRUE ON CONFLICT DO NOTHING RETURNING id",
            vec![serde_json::to_string(&rows)?.into(), now_ms.into()],
        )
        .await?;
    made.iter().map(|row| number(row.integer(0)?)).collect()
}

/// Puts events of tasks into the inbox; returns the inbox rows in the order of the events.
pub async fn accept(
    transaction: &Transaction<'_>,
    events: &[InboundEvent],
    now_ms: i64,
) -> Result<Vec<i64>, StorageError> {
    let sql = format!("{WRITE_INBOX} RETURNING dedupe_key, id");
    let rows = transaction
        .query(
            &sql,
            vec![serde_json::to_string(events)?.into(), now_ms.into()],
        )
        .await?;
    let mut ids = BTreeMap::new();
    for row in &rows {
        ids.insert(row.text(0)?, row.integer(1)?);
    }
    let id = |event: &InboundEvent| {
        let id = ids.get(event.dedupe_key.as_str()).copied();
        id.ok_or_else(|| StorageError::Conflict("an event of that key is there".to_owned()))
    };
    events.iter().map(id).collect()
}

/// The number of a task of a process that is not deleted.
pub async fn find(
    database: &Database,
    process: &str,
    named: Named<'_>,
) -> Result<Option<u64>, StorageError> {
    let row = query_named(database, "id", process, named).await?;
    row.map(|row| number(row.integer(0)?)).transpose()
}

/// A task of a process that is not deleted.
pub async fn show(
    database: &Database,
    process: &str,
    named: Named<'_>,
) -> Result<Option<TaskRecord>, StorageError> {
    let row = query_named(database, COLUMNS, process, named).await?;
    row.map(|row| record(&row)).transpose()
}

async fn query_named(
    database: &Database,
    columns: &str,
    process: &str,
    named: Named<'_>,
) -> Result<Option<Row>, StorageError> {
    let (condition, name): (&str, Value) = match named {
        Named::Reference(reference) => ("reference = ?2", reference.into()),
        Named::Id(id) => ("id = ?2", stored(id)?.into()),
    };
    let sql = format!(
        "SELECT {columns} FROM tasks WHERE process = ?1 AND {condition} AND status <> 'deleted'
         ORDER BY status IN {LIVE} DESC, created_at_ms DESC, id DESC LIMIT 1"
    );
    database.query_one(&sql, vec![process.into(), name]).await
}

/// A task as the engine needs it.
pub async fn load(database: &Database, id: u64) -> Result<Option<TaskRecord>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM tasks WHERE id = ?1");
    let row = database.query_one(&sql, vec![stored(id)?.into()]).await?;
    row.map(|row| record(&row)).transpose()
}

/// The process of a task that lives.
pub async fn process_of(database: &Database, id: u64) -> Result<Option<String>, StorageError> {
    let sql = format!("SELECT process FROM tasks WHERE id = ?1 AND status IN {LIVE}");
    let row = database.query_one(&sql, vec![stored(id)?.into()]).await?;
    row.map(|row| row.text(0).map(str::to_owned)).transpose()
}

/// The tasks in a node, oldest first.
pub async fn in_node(
    database: &Database,
    process: &str,
    node: &str,
    limit: u64,
    offset: u64,
) -> Result<Vec<TaskRecord>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM tasks WHERE process = ?1 AND node = ?2 AND status <> 'deleted'
         ORDER BY id LIMIT ?3 OFFSET ?4"
    );
    let parameters = vec![
        process.into(),
        node.into(),
        stored(limit)?.into(),
        stored(offset)?.into(),
    ];
    let rows = database.query(&sql, parameters).await?;
    rows.iter().map(record).collect()
}

/// How many tasks are in each node of a process.
pub async fn counts(
    database: &Database,
    process: &str,
) -> Result<BTreeMap<String, i64>, StorageError> {
    let rows = database
        .query(
            "SELECT node, count(*) FROM tasks WHERE process = ?1 AND status <> 'deleted' GROUP BY node",
            vec![process.into()],
        )
        .await?;
    let counts = rows
        .iter()
        .map(|row| Ok((row.text(0)?.to_owned(), row.integer(1)?)));
    counts.collect()
}

/// What became of events: state and outcome by inbox row; rows that still wait are left out.
pub async fn outcomes(
    database: &Database,
    inbox_ids: &[i64],
) -> Result<BTreeMap<i64, serde_json::Value>, StorageError> {
    let rows = database
        .query(
            "SELECT id, outcome FROM inbox
             WHERE id IN (SELECT value FROM json_each(?1)) AND state <> 'pending'",
            vec![serde_json::to_string(inbox_ids)?.into()],
        )
        .await?;
    let outcomes = rows.iter().map(|row| {
        let outcome = row.optional_json(1)?;
        Ok((
            row.integer(0)?,
            outcome.unwrap_or_else(|| json!({ "status": "failed" })),
        ))
    });
    outcomes.collect()
}

/// Forgets tasks that ended before that time, some at once.
pub async fn sweep(database: &Database, before_ms: i64) -> Result<(), StorageError> {
    database
        .run(
            "DELETE FROM tasks WHERE id IN (
                 SELECT id FROM tasks WHERE ended_at_ms IS NOT NULL AND ended_at_ms < ?1 ORDER BY ended_at_ms LIMIT ?2)",
            vec![before_ms.into(), SWEEP_ROWS.into()],
        )
        .await
}

fn record(row: &Row) -> Result<TaskRecord, StorageError> {
    Ok(TaskRecord {
        id: number(row.integer(0)?)?,
        process: row.text(1)?.to_owned(),
        reference: row.optional_string(2)?,
        status: TaskStatus::parse(row.text(3)?)
            .ok_or_else(|| StorageError::Corrupt("unknown task status".to_owned()))?,
        node: row.text(4)?.to_owned(),
        previous_node: row.optional_string(5)?,
        data: row.json(6)?,
        process_version: row.integer(7)?,
        world: row.text(8)?.to_owned(),
        callbacks: row.json(9)?,
        answer: row.optional_json(10)?,
        wake_at_ms: row.optional_integer(11)?,
        created_at_ms: row.integer(12)?,
        changed_at_ms: row.integer(13)?,
        ended_at_ms: row.optional_integer(14)?,
    })
}

/// A task as a row of [`WRITE_TASKS`]. Documents inside it travel as text, since the database keeps them as text.
pub(crate) fn row(task: &TaskRecord) -> Result<serde_json::Value, StorageError> {
    let answer = task
        .answer
        .as_ref()
        .map(serde_json::to_string)
        .transpose()?;
    Ok(json!({
        "id": task.id, "status": task.status.as_str(), "node": task.node, "previous_node": task.previous_node,
        "data": serde_json::to_string(&task.data)?, "world": task.world, "answer": answer,
        "wake_at_ms": task.wake_at_ms, "changed_at_ms": task.changed_at_ms, "ended_at_ms": task.ended_at_ms,
    }))
}

/// A batch has a task once at the most. What a task is made with never changes.
pub(crate) const WRITE_TASKS: &str = "
UPDATE tasks SET status = task.value ->> 'status', node = task.value ->> 'node',
    previous_node = task.value ->> 'previous_node', data = task.value ->> 'data', world = task.value ->> 'world',
    answer = task.value ->> 'answer', wake_at_ms = task.value ->> 'wake_at_ms',
    changed_at_ms = task.value ->> 'changed_at_ms', ended_at_ms = task.value ->> 'ended_at_ms'
FROM json_each(?1) AS task WHERE tasks.id = task.value ->> 'id'";

pub(crate) const WRITE_INBOX: &str = "
INSERT INTO inbox (channel, chat, dedupe_key, event, received_at_ms)
SELECT value ->> 'channel', value ->> 'chat', value ->> 'dedupe_key', value, ?2 FROM json_each(?1) WHERE TRUE
ON CONFLICT (channel, dedupe_key) DO NOTHING";

fn number(stored: i64) -> Result<u64, StorageError> {
    u64::try_from(stored).map_err(|error| StorageError::Corrupt(error.to_string()))
}

/// SQLite's numbers have 63 bits; nothing greater is stored, so nothing greater is found.
fn stored(number: u64) -> Result<i64, StorageError> {
    Ok(i64::try_from(number).unwrap_or(i64::MAX))
}
