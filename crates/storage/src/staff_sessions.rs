//! Where people are signed in, in `core`: one session for each browser, kept going by refresh tokens that are good once.

use crate::audit::{self, AuditEntry};
use crate::{Database, Row, StorageError};

/// A session ends when it was not used for so long: a shift.
const IDLE_MAX_MS: i64 = 12 * 3_600_000;
/// And after so long whatever happens.
const AGE_MAX_MS: i64 = 7 * 24 * 3_600_000;
/// The token before is good for another moment: its answer may have been lost, or two tabs asked at once.
const GRACE_MS: i64 = 10_000;

/// What a session begins with.
#[derive(Debug, Clone, Copy)]
pub struct NewSession<'a> {
    /// `s_…`.
    pub id: &'a str,
    /// Whose.
    pub person_id: &'a str,
    /// SHA-256 of the first refresh token, in hex.
    pub token_sha256: &'a str,
    /// Client address.
    pub address: Option<&'a str>,
    /// The browser, as it names itself.
    pub agent: Option<&'a str>,
}

/// Somebody is in: begins the session and remembers when, with the audit line. Sessions that are over are forgotten.
pub async fn begin(core: &Database, new: NewSession<'_>, now_ms: i64) -> Result<(), StorageError> {
    let transaction = core.transaction().await?;
    transaction
        .run(
            "DELETE FROM staff_sessions WHERE expires_at_ms < ?1",
            vec![now_ms.into()],
        )
        .await?;
    transaction
        .run(
            "INSERT INTO staff_sessions (id, person_id, token_sha256, created_at_ms, used_at_ms, expires_at_ms, address, agent)
             VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7)",
            vec![
                new.id.into(),
                new.person_id.into(),
                new.token_sha256.into(),
                now_ms.into(),
                (now_ms + IDLE_MAX_MS).into(),
                new.address.into(),
                new.agent.into(),
            ],
        )
        .await?;
    transaction
        .run(
            "UPDATE people SET signed_in_at_ms = ?2 WHERE id = ?1",
            vec![new.person_id.into(), now_ms.into()],
        )
        .await?;
    let entry = AuditEntry {
        person_id: Some(new.person_id),
        what: "signed_in",
        address: new.address,
        ..AuditEntry::default()
    };
    audit::record(core, entry, now_ms).await?;
    transaction.commit().await
}

/// What a refresh token was good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refreshed {
    /// The session goes on under the new token.
    Done {
        /// `s_…`.
        session_id: String,
        /// Whose.
        person_id: String,
    },
    /// It had been used before: the session was ended, since somebody else may have it.
    Reused,
    /// No session that lives has it.
    Unknown,
}

/// Goes on with a session: the token brought is used up and `new_sha256` takes its place.
pub async fn refresh(
    core: &Database,
    brought_sha256: &str,
    new_sha256: &str,
    now_ms: i64,
) -> Result<Refreshed, StorageError> {
    let transaction = core.transaction().await?;
    let row = transaction
        .query_one(
            "SELECT id, person_id, token_sha256 = ?1, previous_until_ms FROM staff_sessions
             WHERE (token_sha256 = ?1 OR previous_sha256 = ?1) AND expires_at_ms > ?2",
            vec![brought_sha256.into(), now_ms.into()],
        )
        .await?;
    let Some(row) = row else {
        transaction.rollback().await?;
        return Ok(Refreshed::Unknown);
    };
    let (session_id, person_id) = (row.text(0)?.to_owned(), row.text(1)?.to_owned());
    let is_current = row.integer(2)? != 0;
    if !is_current && row.integer(3)? <= now_ms {
        end_in(
            core,
            &person_id,
            &session_id,
            "session_reused",
            None,
            now_ms,
        )
        .await?;
        transaction.commit().await?;
        return Ok(Refreshed::Reused);
    }
    let previous_until_ms = if is_current {
        now_ms + GRACE_MS
    } else {
        row.integer(3)?
    };
    transaction
        .run(
            "UPDATE staff_sessions SET token_sha256 = ?2, previous_sha256 = ?3, previous_until_ms = ?4, used_at_ms = ?5,
                 expires_at_ms = min(?5 + ?6, created_at_ms + ?7)
             WHERE id = ?1",
            vec![
                session_id.as_str().into(),
                new_sha256.into(),
                brought_sha256.into(),
                previous_until_ms.into(),
                now_ms.into(),
                IDLE_MAX_MS.into(),
                AGE_MAX_MS.into(),
            ],
        )
        .await?;
    transaction.commit().await?;
    Ok(Refreshed::Done {
        session_id,
        person_id,
    })
}

/// A session as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// `s_…`.
    pub id: String,
    /// Unix milliseconds.
    pub created_at_ms: i64,
    /// Unix milliseconds of the last refresh.
    pub used_at_ms: i64,
    /// Client address at sign-in.
    pub address: Option<String>,
    /// The browser, as it named itself.
    pub agent: Option<String>,
}

/// A person's sessions that live, newest first; at most 100.
pub async fn list(
    core: &Database,
    person_id: &str,
    now_ms: i64,
) -> Result<Vec<Session>, StorageError> {
    let rows = core
        .query(
            "SELECT id, created_at_ms, used_at_ms, address, agent FROM staff_sessions
             WHERE person_id = ?1 AND expires_at_ms > ?2 ORDER BY created_at_ms DESC LIMIT 100",
            vec![person_id.into(), now_ms.into()],
        )
        .await?;
    rows.iter().map(session).collect()
}

fn session(row: &Row) -> Result<Session, StorageError> {
    Ok(Session {
        id: row.text(0)?.to_owned(),
        created_at_ms: row.integer(1)?,
        used_at_ms: row.integer(2)?,
        address: row.optional_string(3)?,
        agent: row.optional_string(4)?,
    })
}

/// Ends a session of this person and its access tokens; false when there is none such.
pub async fn end(
    core: &Database,
    person_id: &str,
    session_id: &str,
    address: Option<&str>,
    now_ms: i64,
) -> Result<bool, StorageError> {
    let transaction = core.transaction().await?;
    let ended = end_in(core, person_id, session_id, "signed_out", address, now_ms).await?;
    transaction.commit().await?;
    Ok(ended)
}

/// Ends the session that has this refresh token; false when there is none such.
pub async fn end_by_token(
    core: &Database,
    token_sha256: &str,
    address: Option<&str>,
    now_ms: i64,
) -> Result<bool, StorageError> {
    let row = core
        .query_one(
            "SELECT person_id, id FROM staff_sessions WHERE token_sha256 = ?1 OR previous_sha256 = ?1",
            vec![token_sha256.into()],
        )
        .await?;
    match row {
        Some(row) => end(core, row.text(0)?, row.text(1)?, address, now_ms).await,
        None => Ok(false),
    }
}

async fn end_in(
    core: &Database,
    person_id: &str,
    session_id: &str,
    what: &str,
    address: Option<&str>,
    now_ms: i64,
) -> Result<bool, StorageError> {
    let row = core
        .query_one(
            "DELETE FROM staff_sessions WHERE id = ?1 AND person_id = ?2 RETURNING id",
            vec![session_id.into(), person_id.into()],
        )
        .await?;
    if row.is_none() {
        return Ok(false);
    }
    let entry = AuditEntry {
        person_id: Some(person_id),
        what,
        target: Some(session_id),
        address,
        ..AuditEntry::default()
    };
    audit::record(core, entry, now_ms).await?;
    Ok(true)
}
