//! What operators' consoles ask every few seconds: which conversations changed, and what an operator has done.
//! The cost follows what changed for the one who asks, never the number of conversations or what others write.

use crate::operator_view::{HERE, LISTED, LISTED_WIDTH, Listed, listed};
use crate::{Database, Row, StorageError, Value};

/// Conversations in one answer; a console that has more before it begins with the most urgent.
pub const CHANGES_MAX: i64 = 500;
/// How far back the first unanswered words of a citizen are looked for, in messages.
const UNANSWERED_LOOK: i64 = 30;
/// Positions that the database keeps (the triggers of `desk_changes`).
const KEPT: i64 = 5_000;
/// Characters of the last words that a list shows.
const PREVIEW_CHARS: i64 = 120;

/// A conversation as a console's list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskRow {
    /// As in other lists.
    pub listed: Listed,
    /// Since when an operator has it, Unix milliseconds.
    pub taken_at_ms: Option<i64>,
    /// Unix milliseconds.
    pub closed_at_ms: Option<i64>,
    /// The last message: author, first words, time.
    pub last: Option<Last>,
    /// Unix milliseconds of the citizen's first words that no operator has answered.
    pub asked_at_ms: Option<i64>,
}

/// The last thing said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Last {
    /// `citizen`, `robot` or `operator`: what the system tells is no words of anybody, and notes stand apart.
    pub author: String,
    /// First words; none for a file alone.
    pub text: Option<String>,
    /// Unix milliseconds.
    pub at_ms: i64,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// Where to go on.
    pub seq: i64,
    /// Everything that waits or is with an operator; what the console had is to be forgotten.
    pub is_whole: bool,
    /// The conversations.
    pub rows: Vec<DeskRow>,
}

/// The columns of a [`DeskRow`]: those of a list, then its own.
fn columns() -> String {
    format!(
        "{LISTED}, c.taken_at_ms, c.closed_at_ms,
         (SELECT json_array(author, substr(text, 1, {PREVIEW_CHARS}), at_ms) FROM messages
          WHERE conversation_id = c.id AND author NOT IN ('system', 'note') ORDER BY seq DESC LIMIT 1),
         (SELECT min(at_ms) FROM (SELECT author, at_ms, seq FROM messages WHERE conversation_id = c.id
                                  ORDER BY seq DESC LIMIT {UNANSWERED_LOOK})
          WHERE author = 'citizen' AND seq > coalesce((SELECT max(seq) FROM (
              SELECT author, seq FROM messages WHERE conversation_id = c.id ORDER BY seq DESC LIMIT {UNANSWERED_LOOK})
              WHERE author = 'operator'), 0))"
    )
}

fn desk_row(row: &Row) -> Result<DeskRow, StorageError> {
    let last: Option<(String, Option<String>, i64)> = row.optional_json(LISTED_WIDTH + 2)?;
    Ok(DeskRow {
        listed: listed(row)?,
        taken_at_ms: row.optional_integer(LISTED_WIDTH)?,
        closed_at_ms: row.optional_integer(LISTED_WIDTH + 1)?,
        last: last.map(|(author, text, at_ms)| Last {
            author,
            text,
            at_ms,
        }),
        asked_at_ms: row.optional_integer(LISTED_WIDTH + 3)?,
    })
}

/// What changed for `person_id` after `seq`; without it, or when that is too long ago, everything that waits or is with an operator.
pub async fn changes(
    database: &Database,
    person_id: &str,
    seq: Option<i64>,
) -> Result<Changes, StorageError> {
    match seq {
        None => whole(database).await,
        Some(seq) => match since(database, person_id, seq).await? {
            Some(changes) => Ok(changes),
            None => whole(database).await,
        },
    }
}

/// None when rows after `seq` may be no longer kept, or there are more than one answer holds.
async fn since(
    database: &Database,
    person_id: &str,
    seq: i64,
) -> Result<Option<Changes>, StorageError> {
    // The newest position comes along in every row, also in the one that is there when nothing changed.
    let sql = format!(
        "SELECT {}, newest.seq
         FROM (SELECT coalesce(max(seq), 0) AS seq FROM desk_changes) AS newest
         LEFT JOIN (SELECT seq, conversation_id FROM desk_changes WHERE audience = '' AND seq > ?1
                    UNION ALL SELECT seq, conversation_id FROM desk_changes WHERE audience = ?2 AND seq > ?1
                    ORDER BY seq LIMIT ?3) AS d
         LEFT JOIN conversations AS c ON c.id = d.conversation_id
         LEFT JOIN citizens AS p ON p.id = c.citizen_id ORDER BY d.seq",
        columns()
    );
    let parameters: Vec<Value> = vec![seq.into(), person_id.into(), (CHANGES_MAX + 1).into()];
    let mut rows = database.query(&sql, parameters).await?;
    let newest = match rows.first() {
        Some(row) => row.integer(LISTED_WIDTH + 4)?,
        None => return Ok(None),
    };
    rows.retain(|row| !matches!(row.optional_text(0), Ok(None)));
    let too_many = i64::try_from(rows.len()).is_ok_and(|count| count > CHANGES_MAX);
    if too_many || !(newest - KEPT..=newest).contains(&seq) {
        return Ok(None);
    }
    Ok(Some(Changes {
        seq: newest,
        is_whole: false,
        rows: rows.iter().map(desk_row).collect::<Result<_, _>>()?,
    }))
}

async fn whole(database: &Database) -> Result<Changes, StorageError> {
    // The position first: what changes meanwhile is told once more, never left out.
    let newest = database
        .query_one("SELECT coalesce(max(seq), 0) FROM desk_changes", vec![])
        .await?;
    let sql = format!(
        "SELECT {} FROM (
             SELECT * FROM conversations WHERE status IN ('waiting', 'with_operator') AND {HERE}
             ORDER BY status DESC, priority DESC, queued_at_ms LIMIT ?1) AS c
         LEFT JOIN citizens AS p ON p.id = c.citizen_id",
        columns()
    );
    let rows = database.query(&sql, vec![CHANGES_MAX.into()]).await?;
    Ok(Changes {
        seq: newest.ok_or(StorageError::NotFound)?.integer(0)?,
        is_whole: true,
        rows: rows.iter().map(desk_row).collect::<Result<_, _>>()?,
    })
}

/// How messages of the conversation fare that operators sent last: id and delivery state.
pub async fn deliveries(
    database: &Database,
    conversation_id: &str,
) -> Result<Vec<(String, String)>, StorageError> {
    let rows = database
        .query(
            "SELECT id, delivery FROM (SELECT id, delivery, author, seq FROM messages WHERE conversation_id = ?1
             ORDER BY seq DESC LIMIT ?2) WHERE author = 'operator'",
            vec![conversation_id.into(), UNANSWERED_LOOK.into()],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned())))
        .collect()
}

/// Channels that one person may have come by.
const SAME_PERSON_MAX: i64 = 20;

/// Conversations of a person of this organisation, newest first; a page of them. A person who came by several channels is the same
/// when the identity is, or a telephone that was verified on both.
pub async fn of_citizen(
    database: &Database,
    citizen_id: &str,
) -> Result<Vec<(DeskRow, Option<i64>)>, StorageError> {
    let sql = format!(
        "WITH same (id) AS (
             SELECT ?1 UNION SELECT other.id FROM citizens AS me JOIN citizens AS other ON other.identity = me.identity WHERE me.id = ?1
             UNION SELECT other.id FROM citizens AS me JOIN citizens AS other ON other.phone = me.phone AND other.phone_verified = 1
                   WHERE me.id = ?1 AND me.phone_verified = 1 LIMIT ?3)
         SELECT {}, r.score FROM (SELECT * FROM conversations WHERE citizen_id IN (SELECT id FROM same) ORDER BY opened_at_ms DESC LIMIT ?2) AS c
         LEFT JOIN citizens AS p ON p.id = c.citizen_id LEFT JOIN ratings AS r ON r.conversation_id = c.id
         ORDER BY c.opened_at_ms DESC",
        columns()
    );
    let rows = database
        .query(
            &sql,
            vec![
                citizen_id.into(),
                crate::operator_view::PAGE.into(),
                SAME_PERSON_MAX.into(),
            ],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((desk_row(row)?, row.optional_integer(LISTED_WIDTH + 4)?)))
        .collect()
}

/// What an operator did in a span of time in one organisation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Done {
    /// Day (Unix milliseconds of its first moment), conversations last active then, closed ones among them.
    pub days: Vec<(i64, i64, i64)>,
    /// Conversations.
    pub chats: i64,
    /// Those that ended.
    pub closed: i64,
    /// Sum of seconds from taking to the operator's first answer, and of how many.
    pub first_answer_s: (i64, i64),
    /// Sum of seconds from taking to the end, and of how many.
    pub handling_s: (i64, i64),
    /// Sum of ratings, and of how many.
    pub ratings: (i64, i64),
}

/// The operator's conversations that were last active in the span. `offset_ms` is the local time's distance from UTC.
pub async fn done(
    database: &Database,
    person_id: &str,
    from_ms: i64,
    to_ms: i64,
    offset_ms: i64,
) -> Result<Done, StorageError> {
    let rows = database
        .query(
            "SELECT (last_at_ms + ?4) / 86400000 * 86400000 - ?4, count(*), count(closed_at_ms),
                    coalesce(sum((answered_at_ms - taken_at_ms) / 1000), 0), count(answered_at_ms),
                    coalesce(sum((closed_at_ms - taken_at_ms) / 1000), 0)
             FROM (SELECT last_at_ms, closed_at_ms, taken_at_ms,
                          (SELECT m.at_ms FROM messages AS m WHERE m.conversation_id = c.id AND m.author = 'operator'
                           ORDER BY m.seq LIMIT 1) AS answered_at_ms
                   FROM conversations AS c
                   WHERE operator_id = ?1 AND status IN ('with_operator', 'voting', 'closed', 'open', 'waiting')
                       AND last_at_ms >= ?2 AND last_at_ms < ?3 AND taken_at_ms IS NOT NULL)
             GROUP BY 1 ORDER BY 1",
            vec![
                person_id.into(),
                from_ms.into(),
                to_ms.into(),
                offset_ms.into(),
            ],
        )
        .await?;
    let mut done = Done::default();
    for row in &rows {
        let (day, chats, closed) = (row.integer(0)?, row.integer(1)?, row.integer(2)?);
        done.days.push((day, chats, closed));
        done.chats += chats;
        done.closed += closed;
        done.first_answer_s.0 += row.integer(3)?;
        done.first_answer_s.1 += row.integer(4)?;
        done.handling_s.0 += row.integer(5)?;
        done.handling_s.1 += closed;
    }
    let row = database
        .query_one(
            "SELECT coalesce(sum(score), 0), count(*) FROM ratings WHERE operator_id = ?1 AND at_ms >= ?2 AND at_ms < ?3",
            vec![person_id.into(), from_ms.into(), to_ms.into()],
        )
        .await?
        .ok_or(StorageError::NotFound)?;
    done.ratings = (row.integer(0)?, row.integer(1)?);
    Ok(done)
}

/// How many conversations each operator has now.
pub async fn held(database: &Database) -> Result<Vec<(String, i64)>, StorageError> {
    let rows = database
        .query(
            "SELECT operator_id, count(*) FROM conversations WHERE operator_id IS NOT NULL AND status = 'with_operator'
             GROUP BY operator_id",
            vec![],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((row.text(0)?.to_owned(), row.integer(1)?)))
        .collect()
}
