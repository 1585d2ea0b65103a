//! Sessions of the chat API: who holds one, how often they may be opened, what a portal has vouched for.

use crate::{Database, Row, StorageError, Value};
use vikno_domain::Language;

/// Expired sessions that one opening sweeps away: more than one opening adds, so they never pile up.
const SWEEP_ROWS: i64 = 500;

/// How much may still be done by somebody, as of some instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StoredBucket {
    /// What is left.
    pub tokens: f64,
    /// As of when, Unix milliseconds.
    pub at_ms: i64,
}

/// An open session.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// SHA-256 of its token, in hex.
    pub token_sha256: String,
    /// The chat it belongs to; several sessions (devices) of one person may share one.
    pub chat: String,
    /// Language of what the API says.
    pub language: Language,
    /// Name as told, or as vouched for by a portal.
    pub name: Option<String>,
    /// Subject of a portal's signed token.
    pub identity: Option<String>,
    /// What the visitor may still send.
    pub bucket: StoredBucket,
    /// Unix milliseconds.
    pub expires_at_ms: i64,
}

/// What a portal has vouched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// The person's id at the portal.
    pub subject: String,
    /// Name.
    pub name: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
}

/// Of the table `sessions AS s`, as [`read_session`] reads them.
pub(crate) const SESSION_COLUMNS: &str = "s.token_sha256, s.chat, s.language, s.name, s.identity, s.tokens, s.tokens_at_ms, s.expires_at_ms";
/// How many these are.
pub(crate) const SESSION_WIDTH: usize = 8;

/// The session of a token that has not expired.
pub async fn session(
    database: &Database,
    token_sha256: &str,
    now_ms: i64,
) -> Result<Option<Session>, StorageError> {
    let sql = format!(
        "SELECT {SESSION_COLUMNS} FROM sessions AS s WHERE s.token_sha256 = ?1 AND s.expires_at_ms > ?2"
    );
    let row = database
        .query_one(&sql, vec![token_sha256.into(), now_ms.into()])
        .await?;
    row.map(|row| read_session(&row)).transpose()
}

pub(crate) fn read_session(row: &Row) -> Result<Session, StorageError> {
    Ok(Session {
        token_sha256: row.text(0)?.to_owned(),
        chat: row.text(1)?.to_owned(),
        language: language(row.text(2)?)?,
        name: row.optional_string(3)?,
        identity: row.optional_string(4)?,
        bucket: StoredBucket {
            tokens: row.real(5)?,
            at_ms: row.integer(6)?,
        },
        expires_at_ms: row.integer(7)?,
    })
}

fn language(text: &str) -> Result<Language, StorageError> {
    Language::parse(text).map_err(|error| StorageError::Corrupt(error.to_string()))
}

/// Writes a new session, or what has changed of one.
pub async fn save_session(
    database: &Database,
    session: &Session,
    now_ms: i64,
) -> Result<(), StorageError> {
    let parameters: Vec<Value> = vec![
        session.token_sha256.as_str().into(),
        session.chat.as_str().into(),
        session.language.as_str().into(),
        session.name.clone().into(),
        session.identity.clone().into(),
        session.bucket.tokens.into(),
        session.bucket.at_ms.into(),
        now_ms.into(),
        session.expires_at_ms.into(),
    ];
    database
        .run(
            "INSERT INTO sessions (token_sha256, chat, language, name, identity, tokens, tokens_at_ms, created_at_ms, expires_at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (token_sha256) DO UPDATE SET language = ?3, name = ?4, identity = ?5,
                 tokens = ?6, tokens_at_ms = ?7, expires_at_ms = ?9",
            parameters,
        )
        .await
}

/// Keeps what a visitor may still do, and prolongs the session.
pub async fn touch_session(
    database: &Database,
    token_sha256: &str,
    bucket: StoredBucket,
    expires_at_ms: i64,
) -> Result<(), StorageError> {
    database
        .run(
            "UPDATE sessions SET tokens = ?2, tokens_at_ms = ?3, expires_at_ms = ?4 WHERE token_sha256 = ?1",
            vec![
                token_sha256.into(),
                bucket.tokens.into(),
                bucket.at_ms.into(),
                expires_at_ms.into(),
            ],
        )
        .await
}

/// Ends a session; its chat and messages stay.
pub async fn end_session(database: &Database, token_sha256: &str) -> Result<(), StorageError> {
    database
        .run(
            "DELETE FROM sessions WHERE token_sha256 = ?1",
            vec![token_sha256.into()],
        )
        .await
}

/// Drops some of the sessions that have expired.
pub async fn sweep_sessions(database: &Database, now_ms: i64) -> Result<(), StorageError> {
    database
        .run(
            "DELETE FROM sessions WHERE token_sha256 IN
                 (SELECT token_sha256 FROM sessions WHERE expires_at_ms <= ?1 ORDER BY expires_at_ms LIMIT ?2)",
            vec![now_ms.into(), SWEEP_ROWS.into()],
        )
        .await
}

/// The chat of a person whom a portal vouched for before, so that every device shows the same history.
pub async fn chat_of_identity(
    database: &Database,
    subject: &str,
) -> Result<Option<String>, StorageError> {
    let row = database
        .query_one(
            "SELECT chat FROM sessions WHERE identity = ?1 ORDER BY created_at_ms LIMIT 1",
            vec![subject.into()],
        )
        .await?;
    row.map(|row| row.text(0).map(str::to_owned)).transpose()
}

/// Makes the person of a web chat known before the first event, with what a portal vouches for.
pub async fn introduce_citizen(
    database: &Database,
    new_id: &str,
    session: &Session,
    vouched: Option<&Vouched>,
    now_ms: i64,
) -> Result<(), StorageError> {
    let parameters: Vec<Value> = vec![
        new_id.into(),
        session.chat.as_str().into(),
        session.name.clone().into(),
        session.language.as_str().into(),
        vouched.and_then(|vouched| vouched.phone.clone()).into(),
        vouched
            .is_some_and(|vouched| vouched.phone.is_some())
            .into(),
        vouched.map(|vouched| vouched.subject.as_str()).into(),
        now_ms.into(),
    ];
    database
        .run(
            "INSERT INTO citizens (id, channel, chat, name, language, phone, phone_verified, identity, created_at_ms)
             VALUES (?1, 'web', ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (channel, chat) DO UPDATE SET name = coalesce(excluded.name, name),
                 phone = coalesce(excluded.phone, phone),
                 phone_verified = max(phone_verified, excluded.phone_verified),
                 identity = coalesce(excluded.identity, identity)",
            parameters,
        )
        .await
}

/// What somebody may still do under a key such as `address:192.0.2.1`; none when never seen.
pub async fn bucket(database: &Database, key: &str) -> Result<Option<StoredBucket>, StorageError> {
    let row = database
        .query_one(
            "SELECT tokens, at_ms FROM rate_limits WHERE key = ?1",
            vec![key.into()],
        )
        .await?;
    row.map(|row| {
        Ok(StoredBucket {
            tokens: row.real(0)?,
            at_ms: row.integer(1)?,
        })
    })
    .transpose()
}

/// Keeps what somebody may still do.
pub async fn save_bucket(
    database: &Database,
    key: &str,
    bucket: StoredBucket,
) -> Result<(), StorageError> {
    database
        .run(
            "INSERT INTO rate_limits (key, tokens, at_ms) VALUES (?1, ?2, ?3)
             ON CONFLICT (key) DO UPDATE SET tokens = ?2, at_ms = ?3",
            vec![key.into(), bucket.tokens.into(), bucket.at_ms.into()],
        )
        .await
}
