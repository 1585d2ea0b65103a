//! Second factors of people's own, in `core`: the sealed secret of an app, and recovery codes.

use crate::audit::{self, AuditEntry};
use crate::{Database, StorageError, known_browsers};

/// The app of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Sealed; only the function that checks codes can open it.
    pub secret: String,
    /// Time step of the last code taken.
    pub last_step: i64,
}

/// Keeps a secret that the person has yet to confirm by a code; one that was confirmed stays until it is removed.
/// False when there is one.
pub async fn begin(
    core: &Database,
    person_id: &str,
    secret: &str,
    now_ms: i64,
) -> Result<bool, StorageError> {
    let row = core
        .query_one(
            "INSERT INTO totp (person_id, secret, created_at_ms) VALUES (?1, ?2, ?3)
             ON CONFLICT (person_id) DO UPDATE SET secret = ?2, created_at_ms = ?3, last_step = 0 WHERE confirmed = 0
             RETURNING person_id",
            vec![person_id.into(), secret.into(), now_ms.into()],
        )
        .await?;
    Ok(row.is_some())
}

/// The person's app, confirmed or not.
pub async fn of(
    core: &Database,
    person_id: &str,
    confirmed: bool,
) -> Result<Option<Stored>, StorageError> {
    let row = core
        .query_one(
            "SELECT secret, last_step FROM totp WHERE person_id = ?1 AND confirmed = ?2",
            vec![person_id.into(), confirmed.into()],
        )
        .await?;
    row.map(|row| {
        Ok(Stored {
            secret: row.text(0)?.to_owned(),
            last_step: row.integer(1)?,
        })
    })
    .transpose()
}

/// The person has shown a code of the app: from now on it is asked for. The recovery codes (SHA-256, in hex) replace all others.
pub async fn confirm(
    core: &Database,
    person_id: &str,
    step: i64,
    recovery_sha256: &[String],
    now_ms: i64,
) -> Result<bool, StorageError> {
    let transaction = core.transaction().await?;
    let row = transaction
        .query_one(
            "UPDATE totp SET confirmed = 1, last_step = ?2 WHERE person_id = ?1 AND confirmed = 0 RETURNING person_id",
            vec![person_id.into(), step.into()],
        )
        .await?;
    if row.is_none() {
        transaction.rollback().await?;
        return Ok(false);
    }
    transaction
        .run(
            "DELETE FROM recovery_codes WHERE person_id = ?1",
            vec![person_id.into()],
        )
        .await?;
    transaction
        .run(
            "INSERT INTO recovery_codes (person_id, code_sha256) SELECT ?1, value FROM json_each(?2)",
            vec![
                person_id.into(),
                serde_json::to_string(recovery_sha256)?.into(),
            ],
        )
        .await?;
    known_browsers::forget(core, person_id).await?;
    record(core, person_id, "second_factor_added", now_ms).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Uses the code of a time step; false when that step or a later one was used already.
pub async fn take_step(core: &Database, person_id: &str, step: i64) -> Result<bool, StorageError> {
    let row = core
        .query_one(
            "UPDATE totp SET last_step = ?2 WHERE person_id = ?1 AND confirmed = 1 AND last_step < ?2 RETURNING person_id",
            vec![person_id.into(), step.into()],
        )
        .await?;
    Ok(row.is_some())
}

/// Uses a recovery code; false when there is none such.
pub async fn take_recovery_code(
    core: &Database,
    person_id: &str,
    code_sha256: &str,
    now_ms: i64,
) -> Result<bool, StorageError> {
    let transaction = core.transaction().await?;
    let row = transaction
        .query_one(
            "DELETE FROM recovery_codes WHERE person_id = ?1 AND code_sha256 = ?2 RETURNING person_id",
            vec![person_id.into(), code_sha256.into()],
        )
        .await?;
    if row.is_none() {
        transaction.rollback().await?;
        return Ok(false);
    }
    record(core, person_id, "recovery_code_used", now_ms).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Takes the app and the recovery codes away.
pub async fn remove(core: &Database, person_id: &str, now_ms: i64) -> Result<(), StorageError> {
    let transaction = core.transaction().await?;
    forget(core, person_id).await?;
    known_browsers::forget(core, person_id).await?;
    record(core, person_id, "second_factor_removed", now_ms).await?;
    transaction.commit().await
}

/// Within the caller's transaction.
pub(crate) async fn forget(core: &Database, person_id: &str) -> Result<(), StorageError> {
    for table in ["totp", "recovery_codes"] {
        let delete = format!("DELETE FROM {table} WHERE person_id = ?1");
        core.run(&delete, vec![person_id.into()]).await?;
    }
    Ok(())
}

async fn record(
    core: &Database,
    person_id: &str,
    what: &str,
    now_ms: i64,
) -> Result<(), StorageError> {
    let entry = AuditEntry {
        person_id: Some(person_id),
        what,
        ..AuditEntry::default()
    };
    audit::record(core, entry, now_ms).await
}
