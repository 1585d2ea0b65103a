//! What operators see: lists of conversations, one with its messages, queues, deliveries that were given up.
//! Nothing here advances a conversation. Every list is bounded and indexed: its cost does not grow with the history.

use crate::{Database, Row, StorageError, Value};
use vikno_domain::{Button, Channel, ConversationStatus, MediaRef};

/// A page of conversations or dead letters.
pub const PAGE: i64 = 50;
/// A page of messages.
pub const MESSAGES: i64 = 200;

/// A conversation in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// `c_…`.
    pub id: String,
    /// Where it stands.
    pub status: String,
    /// Queue id, once in one.
    pub queue: Option<String>,
    /// Topic id, once known.
    pub topic: Option<String>,
    /// Channel of the citizen.
    pub channel: String,
    /// Language of the dialogue.
    pub language: String,
    /// Higher is more urgent.
    pub priority: i64,
    /// The citizen's name.
    pub citizen_name: Option<String>,
    /// Who has it: id and name.
    pub operator: Option<(String, String)>,
    /// Unix milliseconds.
    pub opened_at_ms: i64,
    /// Since when it waits or waited last, Unix milliseconds.
    pub queued_at_ms: Option<i64>,
    /// Last message, Unix milliseconds.
    pub last_at_ms: i64,
    /// What operators call it by.
    pub labels: Vec<String>,
    /// The organisation that has it now.
    pub moved_to: Option<String>,
    /// The organisation that moved it here.
    pub moved_from: Option<String>,
}

/// Which conversations.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter<'a> {
    /// In these states; none given: in any.
    pub statuses: &'a [ConversationStatus],
    /// In this queue.
    pub queue: Option<&'a str>,
    /// Held by this person.
    pub operator: Option<&'a str>,
}

pub(crate) const LISTED: &str = "c.id, c.status, c.queue, c.topic, c.channel, c.language, c.priority, p.name, c.operator_id, c.operator_name,
    c.opened_at_ms, c.queued_at_ms, c.last_at_ms,
    (SELECT json_group_array(label) FROM conversation_labels WHERE conversation_id = c.id),
    CASE c.peer ->> '$.direction' WHEN 'out' THEN c.peer ->> '$.org' END, CASE c.peer ->> '$.direction' WHEN 'in' THEN c.peer ->> '$.org' END";
/// How many columns that is.
pub(crate) const LISTED_WIDTH: usize = 16;

/// Of conversations: not those that another organisation has now, whatever its operators do with them.
pub(crate) const HERE: &str = "coalesce(peer ->> '$.direction', 'in') = 'in'";

const ALL: [ConversationStatus; 5] = [
    ConversationStatus::Open,
    ConversationStatus::Waiting,
    ConversationStatus::WithOperator,
    ConversationStatus::Voting,
    ConversationStatus::Closed,
];

/// Newest activity first, from after (last activity, id); at most [`PAGE`] and one more that tells that there are more.
/// Each state is read by its own index and cut off before they are merged.
pub async fn by_activity(
    database: &Database,
    filter: Filter<'_>,
    after: Option<(i64, &str)>,
) -> Result<Vec<Listed>, StorageError> {
    let statuses = if filter.statuses.is_empty() {
        &ALL
    } else {
        filter.statuses
    };
    // The states are our own words, written out so that partial indexes apply.
    let parts: Vec<String> = statuses
        .iter()
        .map(|status| {
            let narrowed = narrowed(filter);
            format!(
                "SELECT * FROM (SELECT * FROM conversations WHERE status = '{}'{narrowed}
                 AND (last_at_ms, id) < (?3, ?4) ORDER BY last_at_ms DESC, id DESC LIMIT ?5)",
                status.as_str()
            )
        })
        .collect();
    let sql = format!(
        "SELECT {LISTED} FROM ({}) AS c LEFT JOIN citizens AS p ON p.id = c.citizen_id
         ORDER BY c.last_at_ms DESC, c.id DESC LIMIT ?5",
        parts.join(" UNION ALL ")
    );
    let (last_at_ms, id) = after.unwrap_or((i64::MAX, ""));
    let parameters = vec![
        filter.queue.into(),
        filter.operator.into(),
        last_at_ms.into(),
        id.into(),
        (PAGE + 1).into(),
    ];
    let rows = database.query(&sql, parameters).await?;
    rows.iter().map(listed).collect()
}

/// Those who wait, in the order in which they are due, from after (priority, waiting since, id); as many as [`by_activity`].
pub async fn by_turn(
    database: &Database,
    filter: Filter<'_>,
    after: Option<(i64, i64, &str)>,
) -> Result<Vec<Listed>, StorageError> {
    let sql = format!(
        "SELECT {LISTED} FROM (
             SELECT * FROM conversations WHERE status = 'waiting' AND {HERE}{}
                 AND (priority < ?3 OR (priority = ?3 AND (coalesce(queued_at_ms, 0), id) > (?4, ?5)))
             ORDER BY priority DESC, queued_at_ms, id LIMIT ?6) AS c
         LEFT JOIN citizens AS p ON p.id = c.citizen_id
         ORDER BY c.priority DESC, c.queued_at_ms, c.id",
        narrowed(filter)
    );
    let (priority, queued_at_ms, id) = after.unwrap_or((i64::MAX, i64::MIN, ""));
    let parameters = vec![
        filter.queue.into(),
        filter.operator.into(),
        priority.into(),
        queued_at_ms.into(),
        id.into(),
        (PAGE + 1).into(),
    ];
    let rows = database.query(&sql, parameters).await?;
    rows.iter().map(listed).collect()
}

fn narrowed(filter: Filter<'_>) -> String {
    let queue = filter.queue.map_or("", |_| " AND queue = ?1");
    let operator = filter.operator.map_or("", |_| " AND operator_id = ?2");
    format!("{queue}{operator}")
}

pub(crate) fn listed(row: &Row) -> Result<Listed, StorageError> {
    let operator_name = row.optional_string(9)?.unwrap_or_default();
    Ok(Listed {
        id: row.text(0)?.to_owned(),
        status: row.text(1)?.to_owned(),
        queue: row.optional_string(2)?,
        topic: row.optional_string(3)?,
        channel: row.text(4)?.to_owned(),
        language: row.text(5)?.to_owned(),
        priority: row.integer(6)?,
        citizen_name: row.optional_string(7)?,
        operator: row.optional_string(8)?.map(|id| (id, operator_name)),
        opened_at_ms: row.integer(10)?,
        queued_at_ms: row.optional_integer(11)?,
        last_at_ms: row.integer(12)?,
        labels: row.json(13)?,
        moved_to: row.optional_string(14)?,
        moved_from: row.optional_string(15)?,
    })
}

/// A conversation with what is known of its citizen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// As in lists.
    pub listed: Listed,
    /// The chat that its citizen writes in.
    pub chat: String,
    /// When an operator took it first, Unix milliseconds.
    pub taken_at_ms: Option<i64>,
    /// Unix milliseconds.
    pub closed_at_ms: Option<i64>,
    /// Why it ended.
    pub close_reason: Option<String>,
    /// The citizen's vote.
    pub score: Option<i64>,
    /// The citizen.
    pub citizen: Citizen,
}

/// A citizen as operators see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citizen {
    /// `p_…`.
    pub id: String,
    /// As given.
    pub phone: Option<String>,
    /// The number was proven.
    pub phone_verified: bool,
    /// Known to a state portal.
    pub identified: bool,
    /// Blocked the bot or unsubscribed.
    pub blocked: bool,
    /// All conversations so far.
    pub conversations: i64,
}

/// One conversation.
pub async fn whole(database: &Database, id: &str) -> Result<Whole, StorageError> {
    let sql = format!(
        "SELECT {LISTED}, c.chat, c.taken_at_ms, c.closed_at_ms, c.close_reason, r.score,
                p.id, p.phone, p.phone_verified, p.identity IS NOT NULL, p.blocked, p.conversations
         FROM conversations AS c JOIN citizens AS p ON p.id = c.citizen_id
         LEFT JOIN ratings AS r ON r.conversation_id = c.id WHERE c.id = ?1"
    );
    let row = database.query_one(&sql, vec![id.into()]).await?;
    let row = row.ok_or(StorageError::NotFound)?;
    Ok(Whole {
        listed: listed(&row)?,
        chat: row.text(LISTED_WIDTH)?.to_owned(),
        taken_at_ms: row.optional_integer(LISTED_WIDTH + 1)?,
        closed_at_ms: row.optional_integer(LISTED_WIDTH + 2)?,
        close_reason: row.optional_string(LISTED_WIDTH + 3)?,
        score: row.optional_integer(LISTED_WIDTH + 4)?,
        citizen: Citizen {
            id: row.text(LISTED_WIDTH + 5)?.to_owned(),
            phone: row.optional_string(LISTED_WIDTH + 6)?,
            phone_verified: row.integer(LISTED_WIDTH + 7)? != 0,
            identified: row.integer(LISTED_WIDTH + 8)? != 0,
            blocked: row.integer(LISTED_WIDTH + 9)? != 0,
            conversations: row.integer(LISTED_WIDTH + 10)?,
        },
    })
}

/// Whether somebody has ever written in this chat.
pub async fn is_known_chat(
    database: &Database,
    channel: Channel,
    chat: &str,
) -> Result<bool, StorageError> {
    let row = database
        .query_one(
            "SELECT 1 FROM citizens WHERE channel = ?1 AND chat = ?2",
            vec![channel.as_str().into(), chat.into()],
        )
        .await?;
    Ok(row.is_some())
}

/// Where events for a conversation go.
pub async fn address(database: &Database, id: &str) -> Result<(Channel, String), StorageError> {
    let row = database
        .query_one(
            "SELECT channel, chat FROM conversations WHERE id = ?1",
            vec![id.into()],
        )
        .await?
        .ok_or(StorageError::NotFound)?;
    let channel = Channel::parse(row.text(0)?)
        .map_err(|error| StorageError::Corrupt(format!("conversation {id}: {error}")))?;
    Ok((channel, row.text(1)?.to_owned()))
}

/// A message or a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Position.
    pub seq: i64,
    /// `m_…`.
    pub id: String,
    /// `citizen`, `robot`, `operator`, `system` or `note`.
    pub author: String,
    /// The operator's name.
    pub author_name: Option<String>,
    /// Words.
    pub text: Option<String>,
    /// Buttons offered.
    pub buttons: Vec<Button>,
    /// A file, and whether it is in the store.
    pub media: Option<(MediaRef, bool)>,
    /// A note of somebody else to the one who has the dialogue.
    pub is_whisper: bool,
    /// `none`, `queued`, `sent`, `delivered`, `seen` or `failed`.
    pub delivery: String,
    /// Unix milliseconds.
    pub at_ms: i64,
}

/// Which messages of a conversation; the positions are not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// The last ones before a position.
    Before(i64),
    /// The first ones after a position.
    After(i64),
}

/// Messages and notes of a conversation, oldest first, at most [`MESSAGES`].
pub async fn messages(
    database: &Database,
    conversation_id: &str,
    span: Span,
) -> Result<Vec<Message>, StorageError> {
    let (comparison, order, position) = match span {
        Span::Before(position) => ("<", "DESC", position),
        Span::After(position) => (">", "ASC", position),
    };
    let sql = format!(
        "SELECT m.seq, m.id, m.author, m.author_name, m.text, m.buttons, m.delivery, m.at_ms,
                f.id, f.type, f.name, f.size, f.state = 'stored',
                CASE WHEN m.author = 'note' THEN coalesce(json_extract(m.details, '$.whisper'), 0) ELSE 0 END
         FROM messages AS m LEFT JOIN media AS f ON f.id = m.media_id
         WHERE m.conversation_id = ?1 AND m.seq {comparison} ?2 ORDER BY m.seq {order} LIMIT ?3"
    );
    let parameters = vec![conversation_id.into(), position.into(), MESSAGES.into()];
    let mut rows = database.query(&sql, parameters).await?;
    rows.sort_by_key(|row| row.integer(0).unwrap_or_default());
    rows.iter().map(message).collect()
}

fn message(row: &Row) -> Result<Message, StorageError> {
    let media = match row.optional_integer(12)? {
        Some(stored) => Some((media(row, 8)?, stored != 0)),
        None => None,
    };
    Ok(Message {
        seq: row.integer(0)?,
        id: row.text(1)?.to_owned(),
        author: row.text(2)?.to_owned(),
        author_name: row.optional_string(3)?,
        text: row.optional_string(4)?,
        buttons: row.optional_json(5)?.unwrap_or_default(),
        delivery: row.text(6)?.to_owned(),
        at_ms: row.integer(7)?,
        media,
        is_whisper: row.integer(13)? == 1,
    })
}

fn media(row: &Row, first: usize) -> Result<MediaRef, StorageError> {
    Ok(MediaRef {
        id: row.text(first)?.to_owned(),
        media_type: row.text(first + 1)?.to_owned(),
        name: row.text(first + 2)?.to_owned(),
        size: u64::try_from(row.integer(first + 3)?).unwrap_or_default(),
    })
}

/// A queue at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueCount {
    /// Queue id.
    pub queue: String,
    /// Who wait in it.
    pub waiting: i64,
    /// Whom operators have.
    pub with_operator: i64,
    /// Since when the first of them waits, Unix milliseconds.
    pub waiting_since_ms: Option<i64>,
}

/// Every queue in which somebody is.
pub async fn queue_counts(database: &Database) -> Result<Vec<QueueCount>, StorageError> {
    let rows = database
        .query(
            &format!(
                "SELECT queue, count(*) FILTER (WHERE status = 'waiting'), count(*) FILTER (WHERE status = 'with_operator'),
                        min(queued_at_ms) FILTER (WHERE status = 'waiting')
                 FROM conversations WHERE status IN ('waiting', 'with_operator') AND queue IS NOT NULL AND {HERE}
                 GROUP BY queue ORDER BY queue"
            ),
            vec![],
        )
        .await?;
    let counts = rows.iter().map(|row| {
        Ok(QueueCount {
            queue: row.text(0)?.to_owned(),
            waiting: row.integer(1)?,
            with_operator: row.integer(2)?,
            waiting_since_ms: row.optional_integer(3)?,
        })
    });
    counts.collect()
}

/// Notes an operator's upload whose bytes are in the store.
pub async fn save_upload(
    database: &Database,
    media: &MediaRef,
    sha256: &str,
    now_ms: i64,
) -> Result<(), StorageError> {
    let size: Value = i64::try_from(media.size).unwrap_or(i64::MAX).into();
    database
        .run(
            "INSERT INTO media (id, state, type, name, size, sha256, created_at_ms) VALUES (?1, 'stored', ?2, ?3, ?4, ?5, ?6)",
            vec![
                media.id.as_str().into(),
                media.media_type.as_str().into(),
                media.name.as_str().into(),
                size,
                sha256.into(),
                now_ms.into(),
            ],
        )
        .await
}

/// An upload of the operators of this organisation; never a citizen's file.
pub async fn upload(database: &Database, id: &str) -> Result<Option<MediaRef>, StorageError> {
    let row = database
        .query_one(
            "SELECT id, type, name, size FROM media
             WHERE id = ?1 AND state = 'stored' AND citizen_id IS NULL AND sha256 IS NOT NULL",
            vec![id.into()],
        )
        .await?;
    row.map(|row| media(&row, 0)).transpose()
}
