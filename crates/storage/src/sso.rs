//! Signing in through a provider of OpenID Connect, in `core`: what is under way, and who somebody of the provider is here.

use crate::audit::{self, AuditEntry};
use crate::people::{self, Person};
use crate::{Database, StorageError};
use serde_json::json;

/// Far more than people who sign in at the same time; more are somebody who only begins.
const FLOWS_MAX: i64 = 10_000;

/// A sign-in under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// In the identity token.
    pub nonce: String,
    /// Shown with the code.
    pub verifier: String,
}

/// Keeps a sign-in that begins, and forgets those that have ended; false when too many are under way.
pub async fn begin(
    core: &Database,
    state_sha256: &str,
    flow: &Flow,
    expires_at_ms: i64,
    now_ms: i64,
) -> Result<bool, StorageError> {
    let transaction = core.transaction().await?;
    let forget = "DELETE FROM sso_flows WHERE expires_at_ms < ?1";
    transaction.run(forget, vec![now_ms.into()]).await?;
    let kept = transaction
        .query_one(
            "INSERT INTO sso_flows (state_sha256, nonce, verifier, expires_at_ms)
             SELECT ?1, ?2, ?3, ?4 WHERE (SELECT count(*) FROM sso_flows) < ?5 RETURNING 1",
            vec![
                state_sha256.into(),
                flow.nonce.as_str().into(),
                flow.verifier.as_str().into(),
                expires_at_ms.into(),
                FLOWS_MAX.into(),
            ],
        )
        .await?;
    transaction.commit().await?;
    Ok(kept.is_some())
}

/// Takes a sign-in: nobody takes it again.
pub async fn take(
    core: &Database,
    state_sha256: &str,
    now_ms: i64,
) -> Result<Option<Flow>, StorageError> {
    let row = core
        .query_one(
            "DELETE FROM sso_flows WHERE state_sha256 = ?1 RETURNING nonce, verifier, expires_at_ms",
            vec![state_sha256.into()],
        )
        .await?;
    let Some(row) = row.filter(|row| row.integer(2).is_ok_and(|until| until > now_ms)) else {
        return Ok(None);
    };
    Ok(Some(Flow {
        nonce: row.text(0)?.to_owned(),
        verifier: row.text(1)?.to_owned(),
    }))
}

/// The active person who is the provider's subject here. Somebody who comes for the first time is the one with this login,
/// unless that person is somebody else there already; it is kept, with an audit line.
pub async fn person(
    core: &Database,
    issuer: &str,
    subject: &str,
    login: Option<&str>,
    address: Option<&str>,
    now_ms: i64,
) -> Result<Option<Person>, StorageError> {
    let transaction = core.transaction().await?;
    let linked = core
        .query_one(
            "SELECT person_id FROM outside_identities WHERE issuer = ?1 AND subject = ?2",
            vec![issuer.into(), subject.into()],
        )
        .await?;
    if let Some(row) = linked {
        let person = people::by_id(core, row.text(0)?).await?;
        transaction.rollback().await?;
        return Ok(person.filter(|person| person.active));
    }
    let found = match login {
        Some(login) => people::by_login(core, login).await?,
        None => None,
    };
    let Some(person) = found.filter(|person| person.active) else {
        transaction.rollback().await?;
        return Ok(None);
    };
    let link = "INSERT INTO outside_identities (issuer, subject, person_id, linked_at_ms) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (person_id, issuer) DO NOTHING RETURNING 1";
    let parameters = vec![
        issuer.into(),
        subject.into(),
        person.id.as_str().into(),
        now_ms.into(),
    ];
    if transaction.query_one(link, parameters).await?.is_none() {
        transaction.rollback().await?;
        return Ok(None);
    }
    let entry = AuditEntry {
        person_id: Some(&person.id),
        what: "identity_linked",
        target: Some(&person.id),
        address,
        data: json!({ "issuer": issuer }),
        ..AuditEntry::default()
    };
    audit::record(core, entry, now_ms).await?;
    transaction.commit().await?;
    Ok(Some(person))
}
