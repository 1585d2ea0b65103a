//! One organisation's database: one connection, durable commits, compiled statements kept.

use anyhow::Result;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use std::path::Path;

const SCHEMA: &str = include_str!("schema.sql");
/// Messages of one answer.
const PAGE: i64 = 100;

/// A database.
pub struct Store(Connection);

/// A reply that has to leave.
pub struct Leaving {
    /// Its row in the outbox.
    pub outbox_id: i64,
    /// Its message.
    pub message_seq: i64,
}

/// A message as the web chat shows it.
#[derive(Serialize)]
pub struct Shown {
    /// Its place, the cursor.
    pub seq: i64,
    /// Who.
    pub from: String,
    /// What.
    pub text: String,
    /// When, Unix milliseconds.
    pub at_ms: i64,
}

impl Store {
    /// A new one.
    pub fn create(path: &Path) -> Result<Self> {
        let db = Connection::open(path)?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "FULL")?;
        db.pragma_update(None, "foreign_keys", true)?;
        db.set_prepared_statement_cache_capacity(64);
        db.execute_batch(SCHEMA)?;
        Ok(Self(db))
    }

    /// Writes what came in; `None` when it was there already.
    pub fn accept(
        &self,
        channel: &str,
        chat: &str,
        dedupe_key: &str,
        event: &str,
        now_ms: i64,
    ) -> Result<Option<i64>> {
        let mut insert = self.0.prepare_cached(
            "INSERT INTO inbox (channel, chat, dedupe_key, event, received_at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (channel, dedupe_key) DO NOTHING RETURNING id",
        )?;
        let row = params![channel, chat, dedupe_key, event, now_ms];
        Ok(insert.query_row(row, |row| row.get(0)).optional()?)
    }

    /// Writes a question and its reply with all that belongs to them, in one transaction.
    pub fn turn(
        &mut self,
        inbox_id: i64,
        (channel, chat): (&str, &str),
        (question, reply, buttons): (&str, &str, &str),
        payload: Option<&str>,
        now_ms: i64,
    ) -> Result<Option<Leaving>> {
        let transaction = self.0.transaction()?;
        let conversation: i64 = transaction
            .prepare_cached(
                "INSERT INTO conversations (channel, chat, last_at_ms) VALUES (?1, ?2, ?3)
                 ON CONFLICT (channel, chat) DO UPDATE SET last_at_ms = ?3 RETURNING id",
            )?
            .query_row(params![channel, chat, now_ms], |row| row.get(0))?;
        let mut message = transaction.prepare_cached(
            "INSERT INTO messages (conversation_id, author, text, buttons, delivery, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        message.execute(params![
            conversation,
            "citizen",
            question,
            None::<&str>,
            "none",
            now_ms
        ])?;
        let delivery = if payload.is_some() { "queued" } else { "none" };
        message.execute(params![
            conversation,
            "robot",
            reply,
            buttons,
            delivery,
            now_ms
        ])?;
        let message_seq = transaction.last_insert_rowid();
        let mut journal = transaction.prepare_cached(
            "INSERT INTO journal (at_ms, conversation_id, what, data) VALUES (?1, ?2, ?3, ?4)",
        )?;
        journal.execute(params![now_ms, conversation, "message_received", "{}"])?;
        journal.execute(params![now_ms, conversation, "message_sent", "{}"])?;
        let mut leaving = None;
        if let Some(payload) = payload {
            transaction
                .prepare_cached(
                    "INSERT INTO outbox (message_seq, channel, chat, payload, created_at_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![message_seq, channel, chat, payload, now_ms])?;
            leaving = Some(Leaving {
                outbox_id: transaction.last_insert_rowid(),
                message_seq,
            });
        }
        transaction
            .prepare_cached("UPDATE inbox SET state = 'done' WHERE id = ?1")?
            .execute([inbox_id])?;
        drop((message, journal));
        transaction.commit()?;
        Ok(leaving)
    }

    /// A reply has left.
    pub fn settle(&mut self, leaving: &Leaving) -> Result<()> {
        let transaction = self.0.transaction()?;
        transaction
            .prepare_cached("DELETE FROM outbox WHERE id = ?1")?
            .execute([leaving.outbox_id])?;
        transaction
            .prepare_cached("UPDATE messages SET delivery = 'sent' WHERE seq = ?1")?
            .execute([leaving.message_seq])?;
        transaction.commit()?;
        Ok(())
    }

    /// Opens a session of the web chat.
    pub fn open_session(&self, token_sha256: &str, chat: &str, now_ms: i64) -> Result<()> {
        self.0
            .prepare_cached(
                "INSERT INTO sessions (token_sha256, chat, created_at_ms) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![token_sha256, chat, now_ms])?;
        Ok(())
    }

    /// Whose session it is.
    pub fn session(&self, token_sha256: &str) -> Result<Option<String>> {
        let mut select = self
            .0
            .prepare_cached("SELECT chat FROM sessions WHERE token_sha256 = ?1")?;
        Ok(select
            .query_row([token_sha256], |row| row.get(0))
            .optional()?)
    }

    /// What is new in a chat, and when the last thing was said.
    pub fn page(&self, chat: &str, after: i64) -> Result<(Vec<Shown>, Option<i64>)> {
        let mut find = self.0.prepare_cached(
            "SELECT id, last_at_ms FROM conversations WHERE channel = 'web' AND chat = ?1",
        )?;
        let found: Option<(i64, i64)> = find
            .query_row([chat], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((conversation, last_at_ms)) = found else {
            return Ok((Vec::new(), None));
        };
        let mut select = self.0.prepare_cached(
            "SELECT seq, author, text, at_ms FROM messages WHERE conversation_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
        )?;
        let rows = select.query_map(params![conversation, after, PAGE], |row| {
            Ok(Shown {
                seq: row.get(0)?,
                from: row.get(1)?,
                text: row.get(2)?,
                at_ms: row.get(3)?,
            })
        })?;
        Ok((rows.collect::<Result<_, _>>()?, Some(last_at_ms)))
    }
}
