//! Finding dialogues over all history: by what was said, by person, number, date, operator, topic, rating, channel.

use crate::operator_view::{LISTED, LISTED_WIDTH, Listed, PAGE, listed};
use crate::{Database, Row, StorageError, Value};

/// Messages that one run takes into the index of words.
const INDEXED_AT_ONCE: i64 = 2_000;
/// Messages with the words looked for, newest first, that the other filters are tried on.
const HITS_MAX: i64 = 5_000;
/// Conversations, newest first, that filters without words are tried on.
const SCANNED_MAX: i64 = 20_000;

/// Takes what was said since the last run into the index of words; false when there was nothing to take.
pub async fn index(database: &Database) -> Result<bool, StorageError> {
    let transaction = database.transaction().await?;
    let row = transaction
        .query_one(
            "SELECT value, (SELECT coalesce(max(seq), 0) FROM (SELECT seq FROM messages WHERE seq > value ORDER BY seq LIMIT ?1))
             FROM counters WHERE name = 'said_words_seq'",
            vec![INDEXED_AT_ONCE.into()],
        )
        .await?
        .ok_or(StorageError::NotFound)?;
    let (from, to) = (row.integer(0)?, row.integer(1)?);
    if to <= from {
        transaction.rollback().await?;
        return Ok(false);
    }
    transaction
        .run(
            "INSERT INTO said_words (rowid, text)
             SELECT m.seq, coalesce(m.text, '') || CASE WHEN m.author = 'citizen' THEN ' ' || coalesce(p.name, '') ELSE '' END
             FROM messages AS m LEFT JOIN citizens AS p ON p.id = m.citizen_id
             WHERE m.seq > ?1 AND m.seq <= ?2 AND m.author IN ('citizen', 'operator', 'note')",
            vec![from.into(), to.into()],
        )
        .await?;
    transaction
        .run(
            "UPDATE counters SET value = ?1 WHERE name = 'said_words_seq'",
            vec![to.into()],
        )
        .await?;
    transaction.commit().await?;
    Ok(true)
}

/// What is looked for; absent fields narrow nothing.
#[derive(Debug, Clone, Default)]
pub struct Sought<'a> {
    /// An expression of SQLite's full-text search (FTS5), made by us of the words typed.
    pub words: Option<&'a str>,
    /// A person's number.
    pub phone: Option<&'a str>,
    /// A conversation's id.
    pub id: Option<&'a str>,
    /// Last active from then on, Unix milliseconds.
    pub from_ms: Option<i64>,
    /// And before then.
    pub to_ms: Option<i64>,
    /// By the operator with this id.
    pub operator: Option<&'a str>,
    /// Topic id.
    pub topic: Option<&'a str>,
    /// The citizen's rating.
    pub rating: Option<i64>,
    /// Channel.
    pub channel: Option<&'a str>,
    /// A label, in lower case.
    pub label: Option<&'a str>,
}

/// A conversation that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// As in lists.
    pub listed: Listed,
    /// The message with the words, if words were looked for: position, text, Unix milliseconds.
    pub said: Option<(i64, String, i64)>,
}

/// What a page is found by, after the newest one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Before {
    /// A message's seq where words are looked for, else Unix milliseconds of the last activity.
    pub position: i64,
}

/// A page of what was found, newest first, and one more that tells that there are more.
pub async fn find(
    database: &Database,
    sought: &Sought<'_>,
    before: Option<Before>,
) -> Result<Vec<Found>, StorageError> {
    let position = before.map_or(i64::MAX, |before| before.position);
    let filters = "(?3 IS NULL OR c.last_at_ms >= ?3) AND (?4 IS NULL OR c.last_at_ms < ?4)
         AND (?5 IS NULL OR c.operator_id = ?5) AND (?6 IS NULL OR c.topic = ?6)
         AND (?7 IS NULL OR r.score = ?7) AND (?8 IS NULL OR c.channel = ?8)
         AND (?9 IS NULL OR p.phone = ?9) AND (?10 IS NULL OR c.id = ?10)
         AND (?11 IS NULL OR EXISTS (SELECT 1 FROM conversation_labels WHERE conversation_id = c.id AND folded = ?11))";
    let joins = "LEFT JOIN citizens AS p ON p.id = c.citizen_id LEFT JOIN ratings AS r ON r.conversation_id = c.id";
    let mut parameters: Vec<Value> = vec![
        position.into(),
        (PAGE + 1).into(),
        sought.from_ms.into(),
        sought.to_ms.into(),
        sought.operator.into(),
        sought.topic.into(),
        sought.rating.into(),
        sought.channel.into(),
        sought.phone.into(),
        sought.id.into(),
        sought.label.into(),
    ];
    let sql = match sought.words {
        // Of each conversation the newest message that has the words.
        Some(words) => {
            parameters.push(words.into());
            format!(
                "SELECT {LISTED}, max(m.seq), m.text, m.at_ms
                 FROM (SELECT rowid AS seq FROM said_words WHERE said_words MATCH ?12 AND rowid < ?1
                       ORDER BY rowid DESC LIMIT {HITS_MAX}) AS w
                 JOIN messages AS m ON m.seq = w.seq JOIN conversations AS c ON c.id = m.conversation_id {joins}
                 WHERE {filters} GROUP BY c.id ORDER BY max(m.seq) DESC LIMIT ?2"
            )
        }
        None => format!(
            "SELECT {LISTED}, NULL, NULL, NULL FROM ({}) AS c {joins}
             WHERE {filters} ORDER BY c.last_at_ms DESC, c.id DESC LIMIT ?2",
            candidates(sought)
        ),
    };
    let rows = database.query(&sql, parameters).await?;
    rows.iter().map(found).collect()
}

/// The conversations that the filters are tried on, by the narrowest index.
fn candidates(sought: &Sought<'_>) -> String {
    if sought.id.is_some() {
        "SELECT * FROM conversations WHERE id = ?10".to_owned()
    } else if sought.phone.is_some() {
        format!(
            "SELECT * FROM conversations WHERE citizen_id IN (SELECT id FROM citizens WHERE phone = ?9) AND last_at_ms < ?1
             LIMIT {SCANNED_MAX}"
        )
    } else if sought.label.is_some() {
        format!(
            "SELECT * FROM conversations WHERE id IN (SELECT conversation_id FROM conversation_labels WHERE folded = ?11)
             AND last_at_ms < ?1 LIMIT {SCANNED_MAX}"
        )
    } else {
        format!(
            "SELECT * FROM conversations WHERE last_at_ms < min(?1, coalesce(?4, ?1)) AND last_at_ms >= coalesce(?3, 0)
             ORDER BY last_at_ms DESC, id DESC LIMIT {SCANNED_MAX}"
        )
    }
}

fn found(row: &Row) -> Result<Found, StorageError> {
    let said = match row.optional_integer(LISTED_WIDTH)? {
        Some(seq) => Some((
            seq,
            row.optional_string(LISTED_WIDTH + 1)?.unwrap_or_default(),
            row.integer(LISTED_WIDTH + 2)?,
        )),
        None => None,
    };
    Ok(Found {
        listed: listed(row)?,
        said,
    })
}
