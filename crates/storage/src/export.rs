//! Rows for exports, by time range, in pages: each page begins after the last row of the one before (no offsets, so a
//! page costs the same wherever it is). Columns are in the order that `vikno-exports` lists them.

use crate::{Database, Row, StorageError, Value};

/// A row's place in the order of an export: its time, then its key.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    at_ms: i64,
    key: Value,
}

/// Some rows in order.
#[derive(Debug)]
pub struct Page {
    /// The rows; the last two columns are the position, not data.
    pub rows: Vec<Row>,
    /// Where the next page begins; none when this was the last.
    pub next: Option<Position>,
}

/// What is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// By the time they were opened.
    Conversations,
    /// By their time; operators' notes too.
    Messages,
    /// By its time.
    Journal,
    /// By the time they were given.
    Ratings,
}

const CONVERSATIONS: &str = "
    SELECT c.id, c.status, c.channel, c.language, c.queue, c.topic, c.priority, c.citizen_id, p.name, p.phone,
           c.operator_id, c.operator_name, c.opened_at_ms, c.queued_at_ms, c.taken_at_ms, c.last_at_ms,
           c.closed_at_ms, c.close_reason, r.score, c.process_version,
           c.opened_at_ms, c.id
    FROM conversations AS c
    LEFT JOIN citizens AS p ON p.id = c.citizen_id
    LEFT JOIN ratings AS r ON r.conversation_id = c.id
    WHERE (c.opened_at_ms, c.id) > (?1, ?2) AND c.opened_at_ms < ?3
    ORDER BY c.opened_at_ms, c.id LIMIT ?4";

const MESSAGES: &str = "
    SELECT m.id, m.conversation_id, m.citizen_id, m.at_ms, m.author, m.author_name, m.text, m.buttons,
           m.media_id, f.type, f.name, f.size, m.delivery, m.details,
           m.at_ms, m.seq
    FROM messages AS m LEFT JOIN media AS f ON f.id = m.media_id
    WHERE (m.at_ms, m.seq) > (?1, ?2) AND m.at_ms < ?3
    ORDER BY m.at_ms, m.seq LIMIT ?4";

const JOURNAL: &str = "
    SELECT id, at_ms, conversation_id, actor, what, data,
           at_ms, id
    FROM journal
    WHERE (at_ms, id) > (?1, ?2) AND at_ms < ?3
    ORDER BY at_ms, id LIMIT ?4";

const RATINGS: &str = "
    SELECT conversation_id, at_ms, score, comment, channel, queue, topic, operator_id, operator_name,
           at_ms, conversation_id
    FROM ratings
    WHERE (at_ms, conversation_id) > (?1, ?2) AND at_ms < ?3
    ORDER BY at_ms, conversation_id LIMIT ?4";

impl Export {
    fn sql(self) -> &'static str {
        match self {
            Self::Conversations => CONVERSATIONS,
            Self::Messages => MESSAGES,
            Self::Journal => JOURNAL,
            Self::Ratings => RATINGS,
        }
    }

    /// The place before every row from `from_ms` on.
    pub fn start(self, from_ms: i64) -> Position {
        let key = match self {
            Self::Conversations | Self::Ratings => Value::Text(String::new()),
            Self::Messages | Self::Journal => Value::Integer(i64::MIN),
        };
        Position {
            at_ms: from_ms,
            key,
        }
    }
}

/// At most `limit` rows after a position and before `to_ms`.
pub async fn page(
    database: &Database,
    export: Export,
    after: Position,
    to_ms: i64,
    limit: i64,
) -> Result<Page, StorageError> {
    let parameters = vec![after.at_ms.into(), after.key, to_ms.into(), limit.into()];
    let rows = database.query(export.sql(), parameters).await?;
    let full = i64::try_from(rows.len()).is_ok_and(|count| count >= limit);
    let next = rows.last().filter(|_| full).map(position).transpose()?;
    Ok(Page { rows, next })
}

fn position(row: &Row) -> Result<Position, StorageError> {
    match row.values() {
        [.., Value::Integer(at_ms), key] => Ok(Position {
            at_ms: *at_ms,
            key: key.clone(),
        }),
        _ => Err(StorageError::Corrupt(
            "an export row without its position".to_owned(),
        )),
    }
}
