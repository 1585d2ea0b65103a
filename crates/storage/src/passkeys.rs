//! Passkeys of people, in `core`.

use crate::audit::{self, AuditEntry};
use crate::people::Actor;
use crate::{Database, Row, StorageError, known_browsers};

/// More devices than anybody has.
pub const PASSKEYS_MAX: i64 = 20;

/// A passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The device's name of it, in base64url.
    pub id: String,
    /// Whose.
    pub person_id: String,
    /// The site's name that it is bound to.
    pub rp_id: String,
    /// What its owner calls it.
    pub name: String,
    /// A COSE key, in base64url.
    pub public_key: String,
    /// How often it has signed, where the device counts.
    pub sign_count: u32,
    /// Whether it is kept somewhere else too.
    pub backed_up: bool,
    /// Unix time.
    pub created_at_ms: i64,
    /// Unix time of the last sign-in.
    pub used_at_ms: Option<i64>,
}

const COLUMNS: &str =
    "id, person_id, rp_id, name, public_key, sign_count, backed_up, created_at_ms, used_at_ms";

fn stored(row: &Row) -> Result<Stored, StorageError> {
    Ok(Stored {
        id: row.text(0)?.to_owned(),
        person_id: row.text(1)?.to_owned(),
        rp_id: row.text(2)?.to_owned(),
        name: row.text(3)?.to_owned(),
        public_key: row.text(4)?.to_owned(),
        sign_count: u32::try_from(row.integer(5)?).unwrap_or(u32::MAX),
        backed_up: row.integer(6)? != 0,
        created_at_ms: row.integer(7)?,
        used_at_ms: row.optional_integer(8)?,
    })
}

/// The person's, oldest first.
pub async fn of(core: &Database, person_id: &str) -> Result<Vec<Stored>, StorageError> {
    let sql =
        format!("SELECT {COLUMNS} FROM passkeys WHERE person_id = ?1 ORDER BY created_at_ms, id");
    let rows = core.query(&sql, vec![person_id.into()]).await?;
    rows.iter().map(stored).collect()
}

/// The one with this id.
pub async fn by_id(core: &Database, id: &str) -> Result<Option<Stored>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM passkeys WHERE id = ?1");
    let row = core.query_one(&sql, vec![id.into()]).await?;
    row.as_ref().map(stored).transpose()
}

/// Keeps a new one, with the audit line; false when it is known already or the person has [`PASSKEYS_MAX`].
pub async fn add(
    core: &Database,
    new: &Stored,
    address: Option<&str>,
    now_ms: i64,
) -> Result<bool, StorageError> {
    let transaction = core.transaction().await?;
    let kept = transaction
        .query_one(
            "INSERT INTO passkeys (id, person_id, rp_id, name, public_key, sign_count, backed_up, created_at_ms)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE (SELECT count(*) FROM passkeys WHERE person_id = ?2) < ?9
             ON CONFLICT (id) DO NOTHING RETURNING 1",
            vec![
                new.id.as_str().into(),
                new.person_id.as_str().into(),
                new.rp_id.as_str().into(),
                new.name.as_str().into(),
                new.public_key.as_str().into(),
                i64::from(new.sign_count).into(),
                new.backed_up.into(),
                new.created_at_ms.into(),
                PASSKEYS_MAX.into(),
            ],
        )
        .await?;
    if kept.is_none() {
        transaction.rollback().await?;
        return Ok(false);
    }
    let actor = Actor {
        id: &new.person_id,
        address,
    };
    changed(core, actor, "passkey_added", now_ms).await?;
    transaction.commit().await?;
    Ok(true)
}

/// What a passkey is after a sign-in.
#[derive(Debug, Clone, Copy)]
pub struct Use<'a> {
    /// Which.
    pub id: &'a str,
    /// SHA-256 of the question answered, in hex: it is good once.
    pub challenge_sha256: &'a str,
    /// When the question would have ended.
    pub expires_at_ms: i64,
    /// As of now.
    pub sign_count: u32,
    /// As of now.
    pub backed_up: bool,
}

/// Somebody has signed in with it; false when the question was answered before or the passkey was taken away.
pub async fn used(core: &Database, used: Use<'_>, now_ms: i64) -> Result<bool, StorageError> {
    let transaction = core.transaction().await?;
    transaction
        .run(
            "DELETE FROM passkey_answers WHERE expires_at_ms < ?1",
            vec![now_ms.into()],
        )
        .await?;
    let first = transaction
        .query_one(
            "INSERT INTO passkey_answers (challenge_sha256, expires_at_ms) VALUES (?1, ?2)
             ON CONFLICT DO NOTHING RETURNING 1",
            vec![used.challenge_sha256.into(), used.expires_at_ms.into()],
        )
        .await?;
    let kept = transaction
        .query_one(
            "UPDATE passkeys SET sign_count = ?2, backed_up = ?3, used_at_ms = ?4 WHERE id = ?1 RETURNING 1",
            vec![
                used.id.into(),
                i64::from(used.sign_count).into(),
                used.backed_up.into(),
                now_ms.into(),
            ],
        )
        .await?;
    if first.is_none() || kept.is_none() {
        transaction.rollback().await?;
        return Ok(false);
    }
    transaction.commit().await?;
    Ok(true)
}

/// Takes one of the actor's own away; false when they have no such one.
pub async fn remove(
    core: &Database,
    id: &str,
    actor: Actor<'_>,
    now_ms: i64,
) -> Result<bool, StorageError> {
    let transaction = core.transaction().await?;
    let sql = "DELETE FROM passkeys WHERE id = ?1 AND person_id = ?2 RETURNING 1";
    let parameters = vec![id.into(), actor.id.into()];
    if transaction.query_one(sql, parameters).await?.is_none() {
        transaction.rollback().await?;
        return Ok(false);
    }
    changed(core, actor, "passkey_removed", now_ms).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Takes all of a person's away; within the caller's transaction.
pub(crate) async fn forget(core: &Database, person_id: &str) -> Result<(), StorageError> {
    let sql = "DELETE FROM passkeys WHERE person_id = ?1";
    core.run(sql, vec![person_id.into()]).await
}

/// The way to sign in has changed: it is shown anew in every browser.
async fn changed(
    core: &Database,
    actor: Actor<'_>,
    what: &str,
    now_ms: i64,
) -> Result<(), StorageError> {
    known_browsers::forget(core, actor.id).await?;
    let entry = AuditEntry {
        person_id: Some(actor.id),
        what,
        address: actor.address,
        ..AuditEntry::default()
    };
    audit::record(core, entry, now_ms).await
}
