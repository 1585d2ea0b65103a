//! What the chat API reads of a chat: messages after a cursor, how it stands, its uploads.

use crate::chat_sessions::{SESSION_COLUMNS, SESSION_WIDTH, Session, read_session};
use crate::typing::TYPING_MS;
use crate::{Database, Row, StorageError};
use vikno_domain::{Button, ConversationStatus, MediaRef};

/// Notes an upload whose bytes are in the store.
pub async fn save_upload(
    database: &Database,
    media: &MediaRef,
    chat: &str,
    sha256: &str,
    now_ms: i64,
) -> Result<(), StorageError> {
    database
        .run(
            "INSERT INTO media (id, citizen_id, state, type, name, size, sha256, created_at_ms)
             VALUES (?1, (SELECT id FROM citizens WHERE channel = 'web' AND chat = ?2), 'stored', ?3, ?4, ?5, ?6, ?7)",
            vec![
                media.id.as_str().into(),
                chat.into(),
                media.media_type.as_str().into(),
                media.name.as_str().into(),
                i64::try_from(media.size).unwrap_or(i64::MAX).into(),
                sha256.into(),
                now_ms.into(),
            ],
        )
        .await
}

/// An upload of this chat's person; nobody else's.
pub async fn upload(
    database: &Database,
    chat: &str,
    media_id: &str,
) -> Result<Option<MediaRef>, StorageError> {
    let row = database
        .query_one(
            "SELECT media.id, media.type, media.name, media.size FROM media
             JOIN citizens ON citizens.id = media.citizen_id
             WHERE media.id = ?1 AND media.state = 'stored' AND citizens.channel = 'web' AND citizens.chat = ?2",
            vec![media_id.into(), chat.into()],
        )
        .await?;
    row.map(|row| read_media(&row, 0)).transpose()
}

fn read_media(row: &Row, first: usize) -> Result<MediaRef, StorageError> {
    Ok(MediaRef {
        id: row.text(first)?.to_owned(),
        media_type: row.text(first + 1)?.to_owned(),
        name: row.text(first + 2)?.to_owned(),
        size: u64::try_from(row.integer(first + 3)?).unwrap_or_default(),
    })
}

/// How a chat stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The person's id.
    pub citizen_id: String,
    /// Of the conversation under way; `closed` after the last one, `open` before the first.
    pub status: ConversationStatus,
    /// While waiting: where and how urgently.
    pub waiting: Option<Waiting>,
    /// What was said last, notes included; `None` before the first message.
    pub last: Option<LastMessage>,
    /// Until when an operator is taken to be writing; what was said since ends it.
    pub typing_until_ms: i64,
}

impl Standing {
    /// Whether an operator writes.
    pub fn is_operator_writing(&self, now_ms: i64) -> bool {
        let began_ms = self.typing_until_ms - TYPING_MS;
        let has_said = self.last.is_some_and(|last| last.at_ms > began_ms);
        now_ms < self.typing_until_ms && !has_said
    }
}

/// The end of a chat, by which a poll sees at once that nothing is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastMessage {
    /// Its position.
    pub seq: i64,
    /// Unix milliseconds.
    pub at_ms: i64,
}

/// A place in a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The conversation that waits.
    pub conversation_id: String,
    /// Queue id.
    pub queue: String,
    /// Higher goes first.
    pub priority: i64,
}

const STANDING_COLUMNS: &str =
    "p.id, p.conversations, c.status, c.queue, c.priority, c.id, m.seq, m.at_ms,
     (SELECT until_ms FROM typing WHERE conversation_id = c.id AND side = 'operator')";
/// Follows `citizens AS p`.
const STANDING_JOINS: &str = "LEFT JOIN conversations AS c ON c.id = p.conversation_id
     LEFT JOIN messages AS m ON m.seq = (SELECT max(seq) FROM messages WHERE citizen_id = p.id)";

/// How a chat stands; `None` when nobody has opened it.
pub async fn standing(database: &Database, chat: &str) -> Result<Option<Standing>, StorageError> {
    let sql = format!(
        "SELECT {STANDING_COLUMNS} FROM citizens AS p {STANDING_JOINS} WHERE p.channel = 'web' AND p.chat = ?1"
    );
    let row = database.query_one(&sql, vec![chat.into()]).await?;
    row.map(|row| read_standing(&row, 0)).transpose()
}

/// The session of a token that has not expired, and how its chat stands (`None` when nobody has opened it): all that a
/// poll needs as long as nothing is new, in one statement.
pub async fn session_and_standing(
    database: &Database,
    token_sha256: &str,
    now_ms: i64,
) -> Result<Option<(Session, Option<Standing>)>, StorageError> {
    let sql = format!(
        "SELECT {SESSION_COLUMNS}, {STANDING_COLUMNS}
         FROM sessions AS s LEFT JOIN citizens AS p ON p.channel = 'web' AND p.chat = s.chat {STANDING_JOINS}
         WHERE s.token_sha256 = ?1 AND s.expires_at_ms > ?2"
    );
    let row = database
        .query_one(&sql, vec![token_sha256.into(), now_ms.into()])
        .await?;
    let Some(row) = row else { return Ok(None) };
    let is_opened = row.optional_text(SESSION_WIDTH)?.is_some();
    let standing = is_opened.then(|| read_standing(&row, SESSION_WIDTH));
    Ok(Some((read_session(&row)?, standing.transpose()?)))
}

fn read_standing(row: &Row, first: usize) -> Result<Standing, StorageError> {
    let status = match row.optional_text(first + 2)? {
        Some(status) => ConversationStatus::parse(status)
            .ok_or_else(|| StorageError::Corrupt(format!("status {status}")))?,
        None if row.integer(first + 1)? > 0 => ConversationStatus::Closed,
        None => ConversationStatus::Open,
    };
    let waiting = match row.optional_string(first + 3)? {
        Some(queue) if status == ConversationStatus::Waiting => Some(Waiting {
            conversation_id: row.text(first + 5)?.to_owned(),
            queue,
            priority: row.integer(first + 4)?,
        }),
        _ => None,
    };
    Ok(Standing {
        citizen_id: row.text(first)?.to_owned(),
        status,
        waiting,
        last: match row.optional_integer(first + 6)? {
            Some(seq) => Some(LastMessage {
                seq,
                at_ms: row.integer(first + 7)?,
            }),
            None => None,
        },
        typing_until_ms: row.optional_integer(first + 8)?.unwrap_or_default(),
    })
}

/// A message as the chat API tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatMessage {
    /// Position in the chat.
    pub seq: i64,
    /// `m_…`.
    pub id: String,
    /// `citizen`, `robot`, `operator`, `system`.
    pub from: String,
    /// The operator's name.
    pub author_name: Option<String>,
    /// Words.
    pub text: Option<String>,
    /// Buttons offered.
    pub buttons: Vec<Button>,
    /// A file.
    pub media: Option<ChatMedia>,
    /// For a citizen's message: the id that the client gave it.
    pub client_id: Option<String>,
    /// Unix milliseconds.
    pub at_ms: i64,
}

/// A file of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatMedia {
    /// The file.
    pub file: MediaRef,
    /// `stored`, `fetching`, `refused` or `lost`: only a stored one can be read.
    pub state: String,
}

/// Messages of a person after a position, oldest first, at most `limit`; notes are the operators' own.
pub async fn messages_after(
    database: &Database,
    citizen_id: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<ChatMessage>, StorageError> {
    let rows = database
        .query(
            "SELECT m.seq, m.id, m.author, m.author_name, m.text, m.buttons, m.external_id, m.at_ms,
                    f.id, f.type, f.name, f.size, f.state
             FROM messages AS m LEFT JOIN media AS f ON f.id = m.media_id
             WHERE m.citizen_id = ?1 AND m.seq > ?2 AND m.author <> 'note'
             ORDER BY m.seq LIMIT ?3",
            vec![citizen_id.into(), after.into(), limit.into()],
        )
        .await?;
    rows.iter().map(read_message).collect()
}

fn read_message(row: &Row) -> Result<ChatMessage, StorageError> {
    let from = row.text(2)?.to_owned();
    let media = match row.optional_text(12)? {
        Some(state) => Some(ChatMedia {
            state: state.to_owned(),
            file: read_media(row, 8)?,
        }),
        None => None,
    };
    Ok(ChatMessage {
        seq: row.integer(0)?,
        id: row.text(1)?.to_owned(),
        author_name: row.optional_string(3)?,
        text: row.optional_string(4)?,
        buttons: row.optional_json(5)?.unwrap_or_default(),
        client_id: row.optional_string(6)?.filter(|_| from == "citizen"),
        at_ms: row.integer(7)?,
        media,
        from,
    })
}

/// The position after which a person's last `count` messages begin.
pub async fn position_before_last(
    database: &Database,
    citizen_id: &str,
    count: i64,
) -> Result<i64, StorageError> {
    let row = database
        .query_one(
            "SELECT min(seq) - 1 FROM (SELECT seq FROM messages WHERE citizen_id = ?1 AND author <> 'note'
                                       ORDER BY seq DESC LIMIT ?2)",
            vec![citizen_id.into(), count.into()],
        )
        .await?;
    let position = row.map(|row| row.optional_integer(0)).transpose()?;
    Ok(position.flatten().unwrap_or_default())
}
