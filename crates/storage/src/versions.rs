//! Published process bundles.

use crate::{Database, StorageError};

/// The newest published version, if any.
pub async fn newest(database: &Database) -> Result<Option<i64>, StorageError> {
    let row = database
        .query_one(
            "SELECT id FROM process_versions ORDER BY id DESC LIMIT 1",
            Vec::new(),
        )
        .await?;
    row.map(|row| row.integer(0)).transpose()
}

/// The bundle of a version: `{alias: process}` as JSON text.
pub async fn bundle(database: &Database, version: i64) -> Result<String, StorageError> {
    let row = database
        .query_one(
            "SELECT bundle FROM process_versions WHERE id = ?1",
            vec![version.into()],
        )
        .await?
        .ok_or(StorageError::NotFound)?;
    Ok(row.text(0)?.to_owned())
}

/// Publishes a bundle unless the newest one is the same; returns whether it was published.
pub async fn publish(
    database: &Database,
    hash: &str,
    bundle: &str,
    now_ms: i64,
    by: &str,
) -> Result<bool, StorageError> {
    let row = database
        .query_one(
            "INSERT INTO process_versions (hash, bundle, published_at_ms, published_by)
             SELECT ?1, ?2, ?3, ?4
             WHERE ?1 IS NOT (SELECT hash FROM process_versions ORDER BY id DESC LIMIT 1)
             RETURNING id",
            vec![hash.into(), bundle.into(), now_ms.into(), by.into()],
        )
        .await?;
    Ok(row.is_some())
}

/// The content hash of the newest version, if any.
pub async fn newest_hash(database: &Database) -> Result<Option<String>, StorageError> {
    let row = database
        .query_one(
            "SELECT hash FROM process_versions ORDER BY id DESC LIMIT 1",
            Vec::new(),
        )
        .await?;
    row.map(|row| row.text(0).map(str::to_owned)).transpose()
}
