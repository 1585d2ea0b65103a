//! The engine's side: claim chats with waiting events, load them, write what was decided in one transaction.
//!
//! Statements work on whole batches (rows travel as one JSON parameter), so the cost of a message falls when many come.

mod chat;

pub use chat::{ClaimedChat, DecidedChat, EventState, WaitingEvent};

use crate::outbox::{self, Runner};
use crate::{Database, Row, StorageError, Value, tasks};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use vikno_conversation::{ChatState, Citizen, Conversation, HISTORY_MAX};
use vikno_domain::{
    Channel, ConversationStatus, Language, MessageAuthor, OperatorRef, OutgoingMessage,
};

/// A lease outlives the longest batch: 100 step calls of 20 s are refused long before by the call's own limits,
/// and the host ends a request after 30 s.
pub const LEASE_MS: i64 = 40_000;
/// While a batch is younger than this no other one is begun: what comes in meanwhile waits for the next batch, which
/// costs about as much for ten chats as for one. Ordinary batches take some tens of milliseconds, under full load a
/// few hundred; a batch with a step that waits for somebody outside holds the others up no longer than this.
const BATCH_WAIT_MS: i64 = 1_000;
/// Pending inbox rows looked at for one claim. Small enough that a batch's steps end well within the lease.
const CLAIM_ROWS: i64 = 64;
/// Events of one batch; more of the same chats wait for the next one.
const BATCH_EVENTS: i64 = 256;

/// A lease that ends later than this was given within [`BATCH_WAIT_MS`].
pub(crate) fn fresh_after_ms(now_ms: i64) -> i64 {
    now_ms + LEASE_MS - BATCH_WAIT_MS
}

/// Leases up to a batch of chats to `owner` and loads them with their events. The oldest event goes first; a chat
/// under a live lease is left to its runner. None while a young batch is under way: its runner looks again when it
/// has written it, and finds what was there by now.
pub async fn claim(
    database: &Database,
    owner: &str,
    now_ms: i64,
) -> Result<Vec<ClaimedChat>, StorageError> {
    // A read costs a tenth of a write and waits for nobody; most wake-ups find that another runner was faster.
    if !waits(database, now_ms).await? {
        return Ok(Vec::new());
    }
    let leases = database
        .query(
            "INSERT INTO chat_leases (channel, chat, owner, until_ms)
             SELECT DISTINCT channel, chat, ?1, ?2 FROM (
                 SELECT channel, chat FROM inbox
                 WHERE state = 'pending' AND NOT EXISTS (
                     SELECT 1 FROM chat_leases AS held
                     WHERE held.channel = inbox.channel AND held.chat = inbox.chat AND held.until_ms >= ?3)
                   AND NOT EXISTS (SELECT 1 FROM chat_leases WHERE until_ms > ?5)
                 ORDER BY id LIMIT ?4) WHERE TRUE
             ON CONFLICT (channel, chat) DO UPDATE
                 SET owner = excluded.owner, until_ms = excluded.until_ms, takeovers = takeovers + 1
                 WHERE chat_leases.until_ms < ?3
             RETURNING channel, chat, takeovers",
            vec![
                owner.into(),
                (now_ms + LEASE_MS).into(),
                now_ms.into(),
                CLAIM_ROWS.into(),
                fresh_after_ms(now_ms).into(),
            ],
        )
        .await?;
    if leases.is_empty() {
        return Ok(Vec::new());
    }
    let mut chats = BTreeMap::new();
    for lease in leases {
        let (channel, chat) = (channel(&lease, 0)?, lease.text(1)?.to_owned());
        let claimed = ClaimedChat {
            channel,
            chat: chat.clone(),
            takeovers: lease.integer(2)?,
            state: ChatState::default(),
            events: Vec::new(),
        };
        chats.insert((channel, chat), claimed);
    }
    load_states(database, owner, &mut chats).await?;
    load_events(database, owner, &mut chats).await?;
    Ok(chats.into_values().collect())
}

async fn waits(database: &Database, now_ms: i64) -> Result<bool, StorageError> {
    let row = database
        .query_one(
            "SELECT 1 FROM inbox WHERE state = 'pending' AND NOT EXISTS (
                 SELECT 1 FROM chat_leases AS held
                 WHERE held.channel = inbox.channel AND held.chat = inbox.chat AND held.until_ms >= ?1)
               AND NOT EXISTS (SELECT 1 FROM chat_leases WHERE until_ms > ?2) LIMIT 1",
            vec![now_ms.into(), fresh_after_ms(now_ms).into()],
        )
        .await?;
    Ok(row.is_some())
}

type Chats = BTreeMap<(Channel, String), ClaimedChat>;

async fn load_states(
    database: &Database,
    owner: &str,
    chats: &mut Chats,
) -> Result<(), StorageError> {
    let rows = database
        .query(
            "SELECT c.channel, c.chat, c.id, c.name, c.language, c.phone, c.phone_verified, c.identity, c.blocked,
                    c.conversations, c.conversation_id, c.created_at_ms,
                    v.id, v.status, v.queue, v.topic, v.language, v.priority, v.operator_id, v.operator_name, v.peer,
                    v.process_version, v.world, v.facts, v.wake_at_ms, v.opened_at_ms, v.queued_at_ms, v.taken_at_ms,
                    v.last_at_ms
             FROM chat_leases AS l
             JOIN citizens AS c ON c.channel = l.channel AND c.chat = l.chat
             LEFT JOIN conversations AS v ON v.id = c.conversation_id
             WHERE l.owner = ?1",
            vec![owner.into()],
        )
        .await?;
    for row in rows {
        let citizen = citizen(&row)?;
        let conversation = match row.optional_text(12)? {
            Some(_) => Some(conversation(&row, &citizen)?),
            None => None,
        };
        if let Some(claimed) = chats.get_mut(&(citizen.channel, citizen.chat.clone())) {
            claimed.state = ChatState {
                citizen: Some(citizen),
                conversation,
                history: Vec::new(),
            };
        }
    }
    Ok(())
}

async fn load_events(
    database: &Database,
    owner: &str,
    chats: &mut Chats,
) -> Result<(), StorageError> {
    let rows = database
        .query(
            "SELECT i.channel, i.chat, i.id, i.event FROM chat_leases AS l
             JOIN inbox AS i ON i.channel = l.channel AND i.chat = l.chat AND i.state = 'pending'
             WHERE l.owner = ?1 ORDER BY i.id LIMIT ?2",
            vec![owner.into(), BATCH_EVENTS.into()],
        )
        .await?;
    for row in rows {
        let key = (channel(&row, 0)?, row.text(1)?.to_owned());
        let event = serde_json::from_str(row.text(3)?).map_err(|error| error.to_string());
        if let Some(claimed) = chats.get_mut(&key) {
            claimed.events.push(WaitingEvent {
                id: row.integer(2)?,
                event,
            });
        }
    }
    Ok(())
}

fn citizen(row: &Row) -> Result<Citizen, StorageError> {
    Ok(Citizen {
        channel: channel(row, 0)?,
        chat: row.text(1)?.to_owned(),
        id: row.text(2)?.to_owned(),
        name: row.optional_string(3)?,
        language: language(row, 4)?,
        phone: row.optional_string(5)?,
        phone_verified: row.integer(6)? != 0,
        identity: row.optional_string(7)?,
        blocked: row.integer(8)? != 0,
        conversations: u32::try_from(row.integer(9)?).unwrap_or(u32::MAX),
        conversation_id: row.optional_string(10)?,
        created_at_ms: row.integer(11)?,
    })
}

fn conversation(row: &Row, citizen: &Citizen) -> Result<Conversation, StorageError> {
    let operator = match (row.optional_string(18)?, row.optional_string(19)?) {
        (Some(id), name) => Some(OperatorRef {
            id,
            name: name.unwrap_or_default(),
        }),
        (None, _) => None,
    };
    Ok(Conversation {
        id: row.text(12)?.to_owned(),
        citizen_id: citizen.id.clone(),
        channel: citizen.channel,
        chat: citizen.chat.clone(),
        status: ConversationStatus::parse(row.text(13)?)
            .ok_or_else(|| StorageError::Corrupt("unknown conversation status".to_owned()))?,
        queue: row.optional_string(14)?,
        topic: row.optional_string(15)?,
        language: language(row, 16)?,
        priority: row.integer(17)?,
        operator,
        peer: row.optional_json(20)?,
        process_version: row.integer(21)?,
        world: row.text(22)?.to_owned().into(),
        facts: row.json(23)?,
        wake_at_ms: row.optional_integer(24)?,
        opened_at_ms: row.integer(25)?,
        queued_at_ms: row.optional_integer(26)?,
        taken_at_ms: row.optional_integer(27)?,
        last_at_ms: row.integer(28)?,
        closed_at_ms: None,
        close_reason: None,
    })
}

fn channel(row: &Row, column: usize) -> Result<Channel, StorageError> {
    Channel::parse(row.text(column)?).map_err(|error| StorageError::Corrupt(error.to_string()))
}

fn language(row: &Row, column: usize) -> Result<Language, StorageError> {
    Language::parse(row.text(column)?).map_err(|error| StorageError::Corrupt(error.to_string()))
}

/// The dialogue so far, oldest first, for a conversation that is moved to another organisation.
pub async fn history(
    database: &Database,
    conversation_id: &str,
) -> Result<Vec<OutgoingMessage>, StorageError> {
    let rows = database
        .query(
            "SELECT author, text FROM messages
             WHERE conversation_id = ?1 AND author <> 'note' AND text IS NOT NULL ORDER BY seq DESC LIMIT ?2",
            vec![conversation_id.into(), (HISTORY_MAX as i64).into()],
        )
        .await?;
    let mut messages = Vec::with_capacity(rows.len());
    for row in rows.iter().rev() {
        let author = match row.text(0)? {
            "citizen" => MessageAuthor::Citizen,
            "operator" => MessageAuthor::Operator,
            "system" => MessageAuthor::System,
            _ => MessageAuthor::Robot,
        };
        messages.push(OutgoingMessage::text(author, row.text(1)?));
    }
    Ok(messages)
}

/// Gives leases back without writing (after a failure): the events wait for the next runner.
pub async fn release(database: &Database, owner: &str) -> Result<(), StorageError> {
    database
        .run(
            "UPDATE chat_leases SET until_ms = 0 WHERE owner = ?1",
            vec![owner.into()],
        )
        .await
}

/// Leases of runners that cannot be alive any more, at start-up.
pub async fn forget_leases(database: &Database) -> Result<(), StorageError> {
    database
        .run("UPDATE chat_leases SET until_ms = 0", Vec::new())
        .await
}

/// What became of an event: its state and outcome as JSON, `None` while it waits.
pub async fn outcome(
    database: &Database,
    id: i64,
) -> Result<Option<serde_json::Value>, StorageError> {
    let row = database
        .query_one(
            "SELECT state, outcome FROM inbox WHERE id = ?1",
            vec![id.into()],
        )
        .await?
        .ok_or(StorageError::NotFound)?;
    if row.text(0)? == "pending" {
        return Ok(None);
    }
    Ok(Some(row.optional_json(1)?.unwrap_or_else(
        || json!({ "status": row.text(0).unwrap_or("failed") }),
    )))
}

/// What a written batch leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    /// Events that had their turn.
    pub events: usize,
    /// A runner of the delivery is at work; it sees what was written before it ends.
    pub is_delivering: bool,
}

/// A batch ready to be written: each table's rows as one JSON parameter. Made once, written as often as the
/// database is busy.
#[derive(Debug)]
pub struct Batch {
    chats: usize,
    settled: usize,
    at_ms: i64,
    tables: Vec<(&'static str, String)>,
}

impl Batch {
    /// Lays out the rows of decided chats.
    pub fn of(chats: &[DecidedChat], now_ms: i64) -> Result<Self, StorageError> {
        let mut rows = Rows::default();
        for chat in chats {
            rows.add(chat)?;
        }
        let settled = rows.outcomes.len();
        let tables = [
            (WRITE_CITIZENS, rows.citizens),
            (WRITE_CONVERSATIONS, rows.conversations),
            (WRITE_MEDIA, rows.media),
            (WRITE_MESSAGES, rows.messages),
            (WRITE_EDITS, rows.edits),
            (WRITE_RECEIPTS, rows.receipts),
            (WRITE_JOURNAL, rows.journal),
            (WRITE_OUTBOX, rows.outbox),
            (WRITE_RATINGS, rows.ratings),
            (tasks::WRITE_TASKS, rows.tasks),
            (tasks::WRITE_INBOX, rows.inbox),
            (WRITE_OUTCOMES, rows.outcomes),
        ];
        let filled = tables.into_iter().filter(|(_, rows)| !rows.is_empty());
        let tables = filled
            .map(|(sql, rows)| Ok((sql, serde_json::to_string(&rows)?)))
            .collect::<Result<_, StorageError>>()?;
        Ok(Self {
            chats: chats.len(),
            settled,
            at_ms: now_ms,
            tables,
        })
    }

    /// Writes everything in one transaction and gives the leases back. [`StorageError::Conflict`] when a lease was lost meanwhile: another runner has that chat, nothing is written.
    pub async fn commit(&self, database: &Database, owner: &str) -> Result<Settled, StorageError> {
        let transaction = database.transaction().await?;
        let returned = transaction
            .query(
                "DELETE FROM chat_leases WHERE owner = ?1 RETURNING channel",
                vec![owner.into()],
            )
            .await?;
        if returned.len() != self.chats {
            transaction.rollback().await?;
            return Err(StorageError::Conflict("a lease was lost".to_owned()));
        }
        for (sql, rows) in &self.tables {
            let mut parameters: Vec<Value> = vec![rows.as_str().into()];
            if sql.contains("?2") {
                parameters.push(self.at_ms.into());
            }
            transaction.run(sql, parameters).await?;
        }
        let is_delivering = outbox::is_at_work(database, Runner::Delivery, self.at_ms).await?;
        transaction.commit().await?;
        Ok(Settled {
            events: self.settled,
            is_delivering,
        })
    }
}

#[derive(Default)]
struct Rows {
    citizens: Vec<serde_json::Value>,
    conversations: Vec<serde_json::Value>,
    messages: Vec<serde_json::Value>,
    edits: Vec<serde_json::Value>,
    receipts: Vec<serde_json::Value>,
    journal: Vec<serde_json::Value>,
    outbox: Vec<serde_json::Value>,
    media: Vec<serde_json::Value>,
    ratings: Vec<serde_json::Value>,
    tasks: Vec<serde_json::Value>,
    inbox: Vec<serde_json::Value>,
    outcomes: Vec<serde_json::Value>,
}

impl Rows {
    fn add(&mut self, chat: &DecidedChat) -> Result<(), StorageError> {
        self.citizens
            .extend(chat.state.citizen.as_ref().map(citizen_row));
        for conversation in chat.closed.iter().chain(&chat.state.conversation) {
            self.conversations.push(conversation_row(conversation)?);
        }
        for decision in &chat.decisions {
            append(&mut self.messages, &decision.messages)?;
            append(&mut self.edits, &decision.edits)?;
            append(&mut self.receipts, &decision.receipts)?;
            append(&mut self.journal, &decision.journal)?;
            append(&mut self.outbox, &decision.outbox)?;
            append(&mut self.media, &decision.media)?;
            append(&mut self.ratings, &decision.ratings)?;
            append(&mut self.inbox, &decision.inbox)?;
            let tasks = decision.tasks.iter().map(tasks::row);
            self.tasks.extend(tasks.collect::<Result<Vec<_>, _>>()?);
        }
        for (id, state, outcome) in &chat.outcomes {
            let state = match state {
                EventState::Done => "done",
                EventState::Failed => "failed",
            };
            // Kept as text: it is read back only for the caller who waits for it.
            let outcome = outcome.as_ref().map(serde_json::to_string).transpose()?;
            self.outcomes
                .push(json!({ "id": id, "state": state, "outcome": outcome }));
        }
        Ok(())
    }
}

fn append<T: Serialize>(rows: &mut Vec<serde_json::Value>, more: &[T]) -> Result<(), StorageError> {
    for row in more {
        rows.push(serde_json::to_value(row)?);
    }
    Ok(())
}

fn citizen_row(citizen: &Citizen) -> serde_json::Value {
    json!({
        "id": citizen.id, "channel": citizen.channel, "chat": citizen.chat, "name": citizen.name,
        "language": citizen.language, "phone": citizen.phone, "phone_verified": i64::from(citizen.phone_verified),
        "identity": citizen.identity, "blocked": i64::from(citizen.blocked),
        "conversations": citizen.conversations, "conversation_id": citizen.conversation_id,
        "created_at_ms": citizen.created_at_ms,
    })
}

fn conversation_row(conversation: &Conversation) -> Result<serde_json::Value, StorageError> {
    // Documents inside a row travel as text, since the database keeps them as text.
    let facts = serde_json::to_string(&conversation.facts)?;
    let peer = conversation
        .peer
        .as_ref()
        .map(serde_json::to_string)
        .transpose()?;
    let operator = conversation.operator.as_ref();
    Ok(json!({
        "id": conversation.id, "citizen_id": conversation.citizen_id, "channel": conversation.channel,
        "chat": conversation.chat, "status": conversation.status, "queue": conversation.queue,
        "topic": conversation.topic, "language": conversation.language, "priority": conversation.priority,
        "operator_id": operator.map(|operator| &operator.id),
        "operator_name": operator.map(|operator| &operator.name),
        "peer": peer, "process_version": conversation.process_version, "world": conversation.world,
        "facts": facts, "wake_at_ms": conversation.wake_at_ms, "opened_at_ms": conversation.opened_at_ms,
        "queued_at_ms": conversation.queued_at_ms, "taken_at_ms": conversation.taken_at_ms,
        "last_at_ms": conversation.last_at_ms, "closed_at_ms": conversation.closed_at_ms,
        "close_reason": conversation.close_reason,
    }))
}

const WRITE_CITIZENS: &str = "
INSERT INTO citizens (id, channel, chat, name, language, phone, phone_verified, identity, blocked, conversations,
                      conversation_id, created_at_ms)
SELECT value ->> 'id', value ->> 'channel', value ->> 'chat', value ->> 'name', value ->> 'language', value ->> 'phone',
       value ->> 'phone_verified', value ->> 'identity', value ->> 'blocked', value ->> 'conversations',
       value ->> 'conversation_id', value ->> 'created_at_ms'
FROM json_each(?1) WHERE TRUE
ON CONFLICT (id) DO UPDATE SET name = excluded.name, language = excluded.language, phone = excluded.phone,
    phone_verified = excluded.phone_verified, identity = excluded.identity, blocked = excluded.blocked,
    conversations = excluded.conversations, conversation_id = excluded.conversation_id";

const WRITE_CONVERSATIONS: &str = "
INSERT INTO conversations (id, citizen_id, channel, chat, status, queue, topic, language, priority, operator_id,
    operator_name, peer, process_version, world, facts, wake_at_ms, opened_at_ms, queued_at_ms, taken_at_ms, last_at_ms,
    closed_at_ms, close_reason)
SELECT value ->> 'id', value ->> 'citizen_id', value ->> 'channel', value ->> 'chat', value ->> 'status',
       value ->> 'queue', value ->> 'topic', value ->> 'language', value ->> 'priority', value ->> 'operator_id',
       value ->> 'operator_name', value ->> 'peer', value ->> 'process_version', value ->> 'world', value ->> 'facts',
       value ->> 'wake_at_ms', value ->> 'opened_at_ms', value ->> 'queued_at_ms', value ->> 'taken_at_ms',
       value ->> 'last_at_ms', value ->> 'closed_at_ms', value ->> 'close_reason'
FROM json_each(?1) WHERE TRUE
ON CONFLICT (id) DO UPDATE SET status = excluded.status, queue = excluded.queue, topic = excluded.topic,
    language = excluded.language, priority = excluded.priority, operator_id = excluded.operator_id,
    operator_name = excluded.operator_name, peer = excluded.peer, world = excluded.world, facts = excluded.facts,
    wake_at_ms = excluded.wake_at_ms, queued_at_ms = excluded.queued_at_ms, taken_at_ms = excluded.taken_at_ms,
    last_at_ms = excluded.last_at_ms, closed_at_ms = excluded.closed_at_ms, close_reason = excluded.close_reason";

const WRITE_MEDIA: &str = "
INSERT INTO media (id, citizen_id, state, type, name, size, created_at_ms)
SELECT value ->> 'id', value ->> 'citizen_id', 'fetching', value ->> 'type', value ->> 'name', value ->> 'size', ?2
FROM json_each(?1)";

const WRITE_MESSAGES: &str = "
INSERT INTO messages (id, conversation_id, citizen_id, author, author_name, text, buttons, media_id, details,
                      external_id, delivery, at_ms)
SELECT value ->> 'id', value ->> 'conversation_id', value ->> 'citizen_id', value ->> 'author',
       value ->> 'author_name', value ->> 'text', nullif(value ->> 'buttons', '[]'), value ->> 'media_id',
       value ->> 'details', value ->> 'external_id', value ->> 'delivery', value ->> 'at_ms'
FROM json_each(?1)";

const WRITE_EDITS: &str = "
UPDATE messages SET
    details = json_set(coalesce(details, '{}'), '$.edits', json_insert(
        coalesce(json_extract(details, '$.edits'), json('[]')), '$[#]',
        json_object('at_ms', edit.value ->> 'at_ms', 'text', messages.text))),
    text = edit.value ->> 'text'
FROM json_each(?1) AS edit
WHERE messages.citizen_id = edit.value ->> 'citizen_id' AND messages.external_id = edit.value ->> 'external_id'";

const WRITE_RECEIPTS: &str = "
UPDATE messages SET delivery = receipt.value ->> 'delivery'
FROM json_each(?1) AS receipt
WHERE messages.citizen_id = receipt.value ->> 'citizen_id' AND messages.external_id = receipt.value ->> 'external_id'
    AND messages.author <> 'citizen' AND messages.delivery <> 'seen'";

const WRITE_JOURNAL: &str = "
INSERT INTO journal (at_ms, conversation_id, actor, what, data)
SELECT value ->> 'at_ms', value ->> 'conversation_id', value ->> 'actor', value ->> 'what', value ->> 'data'
FROM json_each(?1)";

const WRITE_OUTBOX: &str = "
INSERT INTO outbox (kind, channel, chat, conversation_id, message_id, payload, next_at_ms, created_at_ms)
SELECT value ->> 'kind', value ->> 'channel', value ->> 'chat', value ->> 'conversation_id', value ->> 'message_id',
       value ->> 'payload', ?2, ?2
FROM json_each(?1)";

const WRITE_RATINGS: &str = "
INSERT INTO ratings (conversation_id, operator_id, operator_name, queue, topic, channel, score, comment, at_ms)
SELECT value ->> 'conversation_id', value ->> 'operator_id', value ->> 'operator_name', value ->> 'queue',
       value ->> 'topic', value ->> 'channel', value ->> 'score', value ->> 'comment', value ->> 'at_ms'
FROM json_each(?1) WHERE TRUE
ON CONFLICT (conversation_id) DO NOTHING";

const WRITE_OUTCOMES: &str = "
UPDATE inbox SET state = outcome.value ->> 'state', outcome = outcome.value ->> 'outcome'
FROM json_each(?1) AS outcome WHERE inbox.id = outcome.value ->> 'id'";
