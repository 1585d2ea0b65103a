//! The journal outside dialogues: who read what, and the search of a security officer. Lines are only ever added.

use crate::{Database, Row, StorageError, Value};
use serde_json::Value as Json;

/// A person who keeps reading one conversation is noted once in this time: an open console asks every few seconds.
const READ_AGAIN_MS: i64 = 10 * 60 * 1000;
/// Lines of a page of a search.
pub const PAGE: i64 = 100;
/// Lines that one search looks at: what is asked for by actor or kind has no index, which every line would pay for.
pub const LOOKED_AT_MAX: i64 = 20_000;

/// Notes that a person read a conversation, unless they were noted lately. That is found by an index of such lines only,
/// and most calls end with that one read, which waits for no writer.
pub async fn note_conversation_read(
    database: &Database,
    conversation_id: &str,
    person_id: &str,
    now_ms: i64,
) -> Result<(), StorageError> {
    const LATELY: &str =
        "SELECT 1 FROM journal WHERE what = 'conversation_read' AND conversation_id = ?1
         AND actor = 'person:' || ?2 AND at_ms > ?3";
    let lately = vec![
        conversation_id.into(),
        person_id.into(),
        (now_ms - READ_AGAIN_MS).into(),
    ];
    let noted = format!("{LATELY} LIMIT 1");
    if database.query_one(&noted, lately.clone()).await?.is_some() {
        return Ok(());
    }
    let sql = format!(
        "INSERT INTO journal (at_ms, conversation_id, actor, what)
         SELECT ?4, ?1, 'person:' || ?2, 'conversation_read' WHERE NOT EXISTS ({LATELY})"
    );
    let mut values = lately;
    values.push(now_ms.into());
    database.run(&sql, values).await
}

/// Notes that a person took an export; `data` says of what and of which time.
pub async fn note_export_read(
    database: &Database,
    person_id: &str,
    data: &Json,
    now_ms: i64,
) -> Result<(), StorageError> {
    record(database, person_id, "export_read", data, now_ms).await
}

/// A line about what a person of the centre did. Inside a transaction it becomes part of it.
pub(crate) async fn record(
    database: &Database,
    person_id: &str,
    what: &str,
    data: &Json,
    now_ms: i64,
) -> Result<(), StorageError> {
    database
        .run(
            "INSERT INTO journal (at_ms, actor, what, data) VALUES (?1, 'person:' || ?2, ?3, ?4)",
            vec![
                now_ms.into(),
                person_id.into(),
                what.into(),
                data.to_string().into(),
            ],
        )
        .await
}

/// A line as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Position.
    pub id: i64,
    /// Unix milliseconds.
    pub at_ms: i64,
    /// Of which conversation.
    pub conversation: Option<String>,
    /// Who.
    pub actor: String,
    /// What.
    pub what: String,
    /// Details.
    pub data: Json,
}

/// Which lines; what is not given does not matter.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter<'a> {
    /// Of this conversation.
    pub conversation: Option<&'a str>,
    /// By this actor: whole (`operator:u_1`, `citizen`), or a person's id in whatever part they did it.
    pub actor: Option<&'a str>,
    /// Of this kind.
    pub what: Option<&'a str>,
    /// From this time on, Unix milliseconds.
    pub from_ms: Option<i64>,
    /// Before this time, Unix milliseconds.
    pub to_ms: Option<i64>,
}

/// A place in the order of a search: time, then id.
pub type Position = (i64, i64);

/// Some lines, the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The lines; there may be none though the search goes on.
    pub lines: Vec<Line>,
    /// Where the search goes on; none when it came to the end.
    pub next: Option<Position>,
}

/// The lines before a place, the newest first: a page of them, or those among the next [`LOOKED_AT_MAX`] lines.
pub async fn search(
    database: &Database,
    filter: Filter<'_>,
    before: Option<Position>,
) -> Result<Found, StorageError> {
    let window = window(filter);
    let mut values = bounds(filter, before);
    let last = format!("{window} LIMIT 1 OFFSET {}", LOOKED_AT_MAX - 1);
    let sql = format!(
        "SELECT id, at_ms, conversation_id, actor, what, data FROM ({window} LIMIT {LOOKED_AT_MAX})
         WHERE (?5 IS NULL OR actor = ?5 OR substr(actor, instr(actor, ':') + 1) = ?5)
           AND (?6 IS NULL OR what = ?6)
         ORDER BY at_ms DESC, id DESC LIMIT {}",
        PAGE + 1
    );
    values.extend([filter.actor.into(), filter.what.into()]);
    let rows = database.query(&sql, values).await?;
    let mut lines: Vec<Line> = rows.iter().map(line).collect::<Result<_, _>>()?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    if lines.len() > page {
        lines.truncate(page);
        let next = lines.last().map(|line| (line.at_ms, line.id));
        return Ok(Found { lines, next });
    }
    // Fewer than a page: perhaps there is more behind the lines that were looked at.
    let row = database.query_one(&last, bounds(filter, before)).await?;
    let position = |row: Row| Ok::<_, StorageError>((row.integer(1)?, row.integer(0)?));
    let next = row.map(position).transpose()?;
    Ok(Found { lines, next })
}

/// The lines that are looked at, in order, by an index: of one conversation, or of a time.
fn window(filter: Filter<'_>) -> String {
    let of = match filter.conversation {
        Some(_) => "conversation_id = ?4",
        None => "?4 IS NULL",
    };
    format!(
        "SELECT id, at_ms, conversation_id, actor, what, data FROM journal
         WHERE {of} AND at_ms >= ?1 AND (at_ms, id) < (?2, ?3) ORDER BY at_ms DESC, id DESC"
    )
}

fn bounds(filter: Filter<'_>, before: Option<Position>) -> Vec<Value> {
    // The time given is not included, and no id is below 1.
    let end = (filter.to_ms.unwrap_or(i64::MAX), 0);
    let (at_ms, id) = before.map_or(end, |before| before.min(end));
    let from_ms = filter.from_ms.unwrap_or(i64::MIN);
    vec![
        from_ms.into(),
        at_ms.into(),
        id.into(),
        filter.conversation.into(),
    ]
}

fn line(row: &Row) -> Result<Line, StorageError> {
    Ok(Line {
        id: row.integer(0)?,
        at_ms: row.integer(1)?,
        conversation: row.optional_string(2)?,
        actor: row.text(3)?.to_owned(),
        what: row.text(4)?.to_owned(),
        data: row.json(5)?,
    })
}
