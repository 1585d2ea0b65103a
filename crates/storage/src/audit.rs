//! What people did, in `core`. Lines are only ever added.

use crate::{Database, StorageError};
use serde_json::Value as Json;

/// One line; `data` holds no passwords, codes, tokens or message texts.
#[derive(Debug, Clone, Default)]
pub struct AuditEntry<'a> {
    /// Who; none when nobody is signed in (a failed sign-in).
    pub person_id: Option<&'a str>,
    /// What, past tense in snake case, e.g. `role_changed`.
    pub what: &'a str,
    /// In which organisation.
    pub org: Option<&'a str>,
    /// To whom or what.
    pub target: Option<&'a str>,
    /// Client address.
    pub address: Option<&'a str>,
    /// Details.
    pub data: Json,
}

/// Adds a line. Inside a transaction of `core` it becomes part of it.
pub async fn record(
    core: &Database,
    entry: AuditEntry<'_>,
    now_ms: i64,
) -> Result<(), StorageError> {
    let data = match entry.data {
        Json::Null => "{}".to_owned(),
        data => data.to_string(),
    };
    core.run(
        "INSERT INTO audit (at_ms, person_id, what, org, target, address, data)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        vec![
            now_ms.into(),
            entry.person_id.into(),
            entry.what.into(),
            entry.org.into(),
            entry.target.into(),
            entry.address.into(),
            data.into(),
        ],
    )
    .await
}

/// A line as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// Position.
    pub id: i64,
    /// Unix milliseconds.
    pub at_ms: i64,
    /// Who.
    pub person_id: Option<String>,
    /// What.
    pub what: String,
    /// In which organisation.
    pub org: Option<String>,
    /// To whom or what.
    pub target: Option<String>,
    /// Client address.
    pub address: Option<String>,
    /// Details.
    pub data: Json,
}

/// A page of [`newest`] holds this many lines.
pub const PAGE: i64 = 100;

/// The newest lines before a position, newest first; at most [`PAGE`].
pub async fn newest(core: &Database, before: i64) -> Result<Vec<AuditLine>, StorageError> {
    let rows = core
        .query(
            "SELECT id, at_ms, person_id, what, org, target, address, data FROM audit
             WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
            vec![before.into(), PAGE.into()],
        )
        .await?;
    let lines = rows.iter().map(|row| {
        Ok(AuditLine {
            id: row.integer(0)?,
            at_ms: row.integer(1)?,
            person_id: row.optional_string(2)?,
            what: row.text(3)?.to_owned(),
            org: row.optional_string(4)?,
            target: row.optional_string(5)?,
            address: row.optional_string(6)?,
            data: row.json(7)?,
        })
    });
    lines.collect()
}
