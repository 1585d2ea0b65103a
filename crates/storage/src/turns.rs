//! The engine's side: claim chats with waiting events, load them, write what was decided in one transaction.
//!
//! Statements work on whole batches (many rows a statement), so the cost of a message falls when many come.

mod batch;
mod chat;

pub use batch::{Batch, Settled};
pub use chat::{ClaimedChat, DecidedChat, EventState, WaitingEvent};

use crate::{Database, Row, StorageError};
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
    let leased = lease(database, owner, now_ms).await?;
    load(database, owner, leased).await
}

/// Chats leased to a runner and not loaded yet.
#[derive(Debug, Default)]
pub struct Leased(Chats);

type Chats = BTreeMap<(Channel, String), ClaimedChat>;

async fn lease(database: &Database, owner: &str, now_ms: i64) -> Result<Leased, StorageError> {
    let leases = database
        .query(
            LEASE,
            vec![
                owner.into(),
                (now_ms + LEASE_MS).into(),
                now_ms.into(),
                CLAIM_ROWS.into(),
                fresh_after_ms(now_ms).into(),
            ],
        )
        .await?;
    let mut chats = Chats::new();
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
    Ok(Leased(chats))
}

/// Loads chats that were leased to `owner`, with their events.
pub async fn load(
    database: &Database,
    owner: &str,
    leased: Leased,
) -> Result<Vec<ClaimedChat>, StorageError> {
    let Leased(mut chats) = leased;
    if !chats.is_empty() {
        load_states(database, owner, &mut chats).await?;
        load_events(database, owner, &mut chats).await?;
    }
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

pub(crate) fn language(row: &Row, column: usize) -> Result<Language, StorageError> {
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

const LEASE: &str = "
INSERT INTO chat_leases (channel, chat, owner, until_ms)
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
RETURNING channel, chat, takeovers";
