//! What a batch writes: every table's rows, in one transaction.

use super::{DecidedChat, EventState, Leased, lease};
use crate::insert::{Insert, JOURNAL};
use crate::outbox::{self, Runner};
use crate::sums::{self, SUMS};
use crate::{Database, StorageError, Value, tasks};
use serde::Serialize;
use serde_json::json;
use vikno_conversation::{Citizen, Conversation, JournalEntry, MessageRecord, OutboxRecord};

/// What a written batch leaves.
#[derive(Debug)]
pub struct Settled {
    /// Events that had their turn.
    pub events: usize,
    /// A runner of the delivery is at work; it sees what was written before it ends.
    pub is_delivering: bool,
    /// The chats of the next batch, for [`super::load`]; none if none was wished or nothing waits.
    pub next: Leased,
}

/// A batch ready to be written.
#[derive(Debug)]
pub struct Batch {
    chats: usize,
    settled: usize,
    at_ms: i64,
    rows: Rows,
}

impl Batch {
    /// Lays out the rows of decided chats.
    pub fn of(chats: &[DecidedChat], now_ms: i64) -> Result<Self, StorageError> {
        let mut rows = Rows::default();
        for chat in chats {
            rows.add(chat, now_ms)?;
        }
        Ok(Self {
            chats: chats.len(),
            settled: chats.iter().map(|chat| chat.outcomes.len()).sum(),
            at_ms: now_ms,
            rows,
        })
    }

    /// Writes everything in one transaction and gives the leases back. With `next_ms` (the time) the runner goes on: it
    /// leases its next batch in the same transaction, which saves a second one and the look whether anything waits.
    /// [`StorageError::Conflict`] when a lease was lost meanwhile: another runner has that chat, nothing is written.
    pub async fn commit(
        self,
        database: &Database,
        owner: &str,
        next_ms: Option<i64>,
    ) -> Result<Settled, StorageError> {
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
        self.rows.write(database, self.at_ms).await?;
        let is_delivering = outbox::is_at_work(database, Runner::Delivery, self.at_ms).await?;
        let next = match next_ms {
            Some(now_ms) => lease(database, owner, now_ms).await?,
            None => Leased::default(),
        };
        transaction.commit().await?;
        Ok(Settled {
            events: self.settled,
            is_delivering,
            next,
        })
    }
}

/// Rows by table. What every message brings are values of an INSERT, what few bring travels as a JSON array.
#[derive(Debug, Default)]
struct Rows {
    citizens: Vec<Value>,
    conversations: Vec<Value>,
    messages: Vec<Value>,
    journal: Vec<Value>,
    outbox: Vec<Value>,
    sums: Vec<Value>,
    media: Json,
    edits: Json,
    receipts: Json,
    ratings: Json,
    tasks: Json,
    inbox: Json,
    outcomes: Json,
}

impl Rows {
    fn add(&mut self, chat: &DecidedChat, now_ms: i64) -> Result<(), StorageError> {
        if let Some(citizen) = &chat.state.citizen {
            self.citizens.extend(citizen_row(citizen));
        }
        for conversation in chat.closed.iter().chain(&chat.state.conversation) {
            self.conversations.extend(conversation_row(conversation)?);
        }
        for decision in &chat.decisions {
            for message in &decision.messages {
                self.messages.extend(message_row(message)?);
            }
            for entry in &decision.journal {
                self.journal.extend(journal_row(entry));
            }
            for record in &decision.outbox {
                self.outbox.extend(outbox_row(record, now_ms));
            }
            self.sums.extend(decision.sums.iter().flat_map(sums::row));
            self.media.append(&decision.media)?;
            self.edits.append(&decision.edits)?;
            self.receipts.append(&decision.receipts)?;
            self.ratings.append(&decision.ratings)?;
            self.inbox.append(&decision.inbox)?;
            for task in &decision.tasks {
                self.tasks.push(&tasks::row(task)?)?;
            }
        }
        for (id, state, outcome) in &chat.outcomes {
            let state = match state {
                EventState::Done => "done",
                EventState::Failed => "failed",
            };
            // Kept as text: it is read back only for the caller who waits for it.
            let outcome = outcome.as_ref().map(serde_json::to_string).transpose()?;
            self.outcomes
                .push(&json!({ "id": id, "state": state, "outcome": outcome }))?;
        }
        Ok(())
    }

    async fn write(self, database: &Database, now_ms: i64) -> Result<(), StorageError> {
        CITIZENS.write(database, self.citizens).await?;
        CONVERSATIONS.write(database, self.conversations).await?;
        self.media.write(database, WRITE_MEDIA, now_ms).await?;
        MESSAGES.write(database, self.messages).await?;
        self.edits.write(database, WRITE_EDITS, now_ms).await?;
        self.receipts
            .write(database, WRITE_RECEIPTS, now_ms)
            .await?;
        JOURNAL.write(database, self.journal).await?;
        OUTBOX.write(database, self.outbox).await?;
        SUMS.write(database, self.sums).await?;
        self.ratings.write(database, WRITE_RATINGS, now_ms).await?;
        self.tasks
            .write(database, tasks::WRITE_TASKS, now_ms)
            .await?;
        self.inbox
            .write(database, tasks::WRITE_INBOX, now_ms)
            .await?;
        self.outcomes.write(database, WRITE_OUTCOMES, now_ms).await
    }
}

/// Rows of one table as a JSON array that is not closed yet.
#[derive(Debug, Default)]
struct Json(String);

impl Json {
    fn push(&mut self, row: &impl Serialize) -> Result<(), StorageError> {
        self.0.push(if self.0.is_empty() { '[' } else { ',' });
        self.0.push_str(&serde_json::to_string(row)?);
        Ok(())
    }

    fn append(&mut self, rows: &[impl Serialize]) -> Result<(), StorageError> {
        rows.iter().try_for_each(|row| self.push(row))
    }

    /// Runs the statement with the rows as ?1 and, where it asks for it, the time as ?2.
    async fn write(
        mut self,
        database: &Database,
        sql: &str,
        now_ms: i64,
    ) -> Result<(), StorageError> {
        if self.0.is_empty() {
            return Ok(());
        }
        self.0.push(']');
        let mut parameters: Vec<Value> = vec![self.0.into()];
        if sql.contains("?2") {
            parameters.push(now_ms.into());
        }
        database.run(sql, parameters).await
    }
}

const CITIZENS: Insert = Insert {
    into: "citizens (id, channel, chat, name, language, phone, phone_verified, identity, blocked, conversations,
                     conversation_id, created_at_ms)",
    columns: 12,
    then: "ON CONFLICT (id) DO UPDATE SET name = excluded.name, language = excluded.language, phone = excluded.phone,
           phone_verified = excluded.phone_verified, identity = excluded.identity, blocked = excluded.blocked,
           conversations = excluded.conversations, conversation_id = excluded.conversation_id",
};

fn citizen_row(citizen: &Citizen) -> [Value; CITIZENS.columns] {
    [
        citizen.id.as_str().into(),
        citizen.channel.as_str().into(),
        citizen.chat.as_str().into(),
        citizen.name.as_deref().into(),
        citizen.language.as_str().into(),
        citizen.phone.as_deref().into(),
        citizen.phone_verified.into(),
        citizen.identity.as_deref().into(),
        citizen.blocked.into(),
        citizen.conversations.into(),
        citizen.conversation_id.as_deref().into(),
        citizen.created_at_ms.into(),
    ]
}

const CONVERSATIONS: Insert = Insert {
    into: "conversations (id, citizen_id, channel, chat, status, queue, topic, language, priority, operator_id,
                          operator_name, peer, process_version, world, facts, wake_at_ms, opened_at_ms, queued_at_ms,
                          taken_at_ms, last_at_ms, closed_at_ms, close_reason)",
    columns: 22,
    then: "ON CONFLICT (id) DO UPDATE SET status = excluded.status, queue = excluded.queue, topic = excluded.topic,
           language = excluded.language, priority = excluded.priority, operator_id = excluded.operator_id,
           operator_name = excluded.operator_name, peer = excluded.peer,
           process_version = excluded.process_version, world = excluded.world,
           facts = excluded.facts, wake_at_ms = excluded.wake_at_ms, queued_at_ms = excluded.queued_at_ms,
           taken_at_ms = excluded.taken_at_ms, last_at_ms = excluded.last_at_ms,
           closed_at_ms = excluded.closed_at_ms, close_reason = excluded.close_reason",
};

fn conversation_row(
    conversation: &Conversation,
) -> Result<[Value; CONVERSATIONS.columns], StorageError> {
    let operator = conversation.operator.as_ref();
    let peer = conversation.peer.as_ref().map(serde_json::to_string);
    Ok([
        conversation.id.as_str().into(),
        conversation.citizen_id.as_str().into(),
        conversation.channel.as_str().into(),
        conversation.chat.as_str().into(),
        conversation.status.as_str().into(),
        conversation.queue.as_deref().into(),
        conversation.topic.as_deref().into(),
        conversation.language.as_str().into(),
        conversation.priority.into(),
        operator.map(|operator| operator.id.as_str()).into(),
        operator.map(|operator| operator.name.as_str()).into(),
        peer.transpose()?.into(),
        conversation.process_version.into(),
        conversation.world.text().into_owned().into(),
        serde_json::to_string(&conversation.facts)?.into(),
        conversation.wake_at_ms.into(),
        conversation.opened_at_ms.into(),
        conversation.queued_at_ms.into(),
        conversation.taken_at_ms.into(),
        conversation.last_at_ms.into(),
        conversation.closed_at_ms.into(),
        conversation.close_reason.as_deref().into(),
    ])
}

const MESSAGES: Insert = Insert {
    into: "messages (id, conversation_id, citizen_id, author, author_name, text, buttons, media_id, details,
                     external_id, delivery, at_ms)",
    columns: 12,
    then: "",
};

fn message_row(message: &MessageRecord) -> Result<[Value; MESSAGES.columns], StorageError> {
    let buttons = match message.buttons.as_slice() {
        [] => None,
        buttons => Some(serde_json::to_string(buttons)?),
    };
    Ok([
        message.id.as_str().into(),
        message.conversation_id.as_str().into(),
        message.citizen_id.as_str().into(),
        message.author.into(),
        message.author_name.as_deref().into(),
        message.text.as_deref().into(),
        buttons.into(),
        message.media_id.as_deref().into(),
        message.details.as_ref().map(ToString::to_string).into(),
        message.external_id.as_deref().into(),
        message.delivery.into(),
        message.at_ms.into(),
    ])
}

fn journal_row(entry: &JournalEntry) -> [Value; JOURNAL.columns] {
    [
        entry.at_ms.into(),
        entry.conversation_id.as_deref().into(),
        entry.actor.as_str().into(),
        entry.what.as_str().into(),
        entry.data.to_string().into(),
    ]
}

const OUTBOX: Insert = Insert {
    into: "outbox (kind, channel, chat, conversation_id, message_id, payload, next_at_ms, created_at_ms)",
    columns: 8,
    then: "",
};

fn outbox_row(record: &OutboxRecord, now_ms: i64) -> [Value; OUTBOX.columns] {
    [
        record.kind.as_str().into(),
        record.channel.as_str().into(),
        record.chat.as_str().into(),
        record.conversation_id.as_deref().into(),
        record.message_id.as_deref().into(),
        record.payload.to_string().into(),
        now_ms.into(),
        now_ms.into(),
    ]
}

const WRITE_MEDIA: &str = "
INSERT INTO media (id, citizen_id, state, type, name, size, created_at_ms)
SELECT value ->> 'id', value ->> 'citizen_id', 'fetching', value ->> 'type', value ->> 'name', value ->> 'size', ?2
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

const WRITE_RATINGS: &str = "
INSERT INTO ratings (conversation_id, operator_id, operator_name, queue, topic, channel, score, comment, at_ms)
SELECT value ->> 'conversation_id', value ->> 'operator_id', value ->> 'operator_name', value ->> 'queue',
       value ->> 'topic', value ->> 'channel', value ->> 'score', value ->> 'comment', value ->> 'at_ms'
FROM json_each(?1) WHERE TRUE
ON CONFLICT (conversation_id) DO NOTHING";

const WRITE_OUTCOMES: &str = "
UPDATE inbox SET state = outcome.value ->> 'state', outcome = outcome.value ->> 'outcome'
FROM json_each(?1) AS outcome WHERE inbox.id = outcome.value ->> 'id'";
