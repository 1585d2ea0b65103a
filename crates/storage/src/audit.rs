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
