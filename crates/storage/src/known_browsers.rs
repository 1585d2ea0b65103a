//! Browsers in which a person has given a one-time code, in `core`.

use crate::{Database, StorageError};

/// Whether the person has given a code in the browser that holds this.
pub async fn is_known(
    core: &Database,
    token_sha256: &str,
    person_id: &str,
    now_ms: i64,
) -> Result<bool, StorageError> {
    let sql = "SELECT 1 FROM known_browsers WHERE token_sha256 = ?1 AND person_id = ?2 AND expires_at_ms > ?3";
    let parameters = vec![token_sha256.into(), person_id.into(), now_ms.into()];
    Ok(core.query_one(sql, parameters).await?.is_some())
}

/// The person has given a code in the browser that held `before` and from now on holds something new: what others have given there
/// counts on. Forgets what has ended of the person's.
pub async fn remember(
    core: &Database,
    before_sha256: Option<&str>,
    token_sha256: &str,
    person_id: &str,
    expires_at_ms: i64,
    now_ms: i64,
) -> Result<(), StorageError> {
    let transaction = core.transaction().await?;
    transaction
        .run(
            "DELETE FROM known_browsers WHERE person_id = ?1 AND expires_at_ms <= ?2",
            vec![person_id.into(), now_ms.into()],
        )
        .await?;
    if let Some(before) = before_sha256 {
        let renamed = "UPDATE known_browsers SET token_sha256 = ?2 WHERE token_sha256 = ?1";
        transaction
            .run(renamed, vec![before.into(), token_sha256.into()])
            .await?;
    }
    transaction
        .run(
            "INSERT INTO known_browsers (token_sha256, person_id, expires_at_ms) VALUES (?1, ?2, ?3)
             ON CONFLICT (token_sha256, person_id) DO UPDATE SET expires_at_ms = ?3",
            vec![token_sha256.into(), person_id.into(), expires_at_ms.into()],
        )
        .await?;
    transaction.commit().await
}

/// The person is asked for a code everywhere; within the caller's transaction.
pub(crate) async fn forget(core: &Database, person_id: &str) -> Result<(), StorageError> {
    let sql = "DELETE FROM known_browsers WHERE person_id = ?1";
    core.run(sql, vec![person_id.into()]).await
}
