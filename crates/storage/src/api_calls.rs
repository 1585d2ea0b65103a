//! Who calls the Corezoid API: which signed calls were taken, how much a caller may still do, and which processes
//! have a direct address.

use crate::chat_sessions::StoredBucket;
use crate::{Database, StorageError, Transaction, chat_sessions};

/// Expired keys that one sweep takes away: more than come in meanwhile at the rate that is allowed.
const SWEEP_ROWS: i64 = 20_000;

/// Notes a signed call; false when it was taken before.
pub async fn take(
    transaction: &Transaction<'_>,
    key: &str,
    expires_at_s: i64,
) -> Result<bool, StorageError> {
    let row = transaction
        .query_one(
            "INSERT INTO api_calls (key, expires_at_s) VALUES (?1, ?2) ON CONFLICT (key) DO NOTHING RETURNING key",
            vec![key.into(), expires_at_s.into()],
        )
        .await?;
    Ok(row.is_some())
}

/// Forgets calls that the clock in their address refuses by now.
pub async fn sweep(database: &Database, now_s: i64) -> Result<(), StorageError> {
    database
        .run(
            "DELETE FROM api_calls WHERE key IN
                 (SELECT key FROM api_calls WHERE expires_at_s < ?1 ORDER BY expires_at_s LIMIT ?2)",
            vec![now_s.into(), SWEEP_ROWS.into()],
        )
        .await
}

/// What a caller may still do.
pub async fn bucket(
    database: &Database,
    login: &str,
) -> Result<Option<StoredBucket>, StorageError> {
    chat_sessions::bucket(database, &bucket_key(login)).await
}

/// Keeps what a caller may still do.
pub async fn save_bucket(
    database: &Database,
    login: &str,
    bucket: StoredBucket,
) -> Result<(), StorageError> {
    chat_sessions::save_bucket(database, &bucket_key(login), bucket).await
}

fn bucket_key(login: &str) -> String {
    format!("corezoid:{login}")
}

/// The generation of a process's direct address; none while it has none.
pub async fn direct_address(
    database: &Database,
    process: &str,
) -> Result<Option<u64>, StorageError> {
    let row = database
        .query_one(
            "SELECT generation FROM direct_addresses WHERE process = ?1 AND is_open = 1",
            vec![process.into()],
        )
        .await?;
    row.map(|row| generation(row.integer(0)?)).transpose()
}

/// Gives a process a direct address, another one than those before; returns its generation.
pub async fn open_address(database: &Database, process: &str) -> Result<u64, StorageError> {
    let row = database
        .query_one(
            "INSERT INTO direct_addresses (process, generation, is_open) VALUES (?1, 1, 1)
             ON CONFLICT (process) DO UPDATE SET generation = generation + 1, is_open = 1 RETURNING generation",
            vec![process.into()],
        )
        .await?;
    generation(row.ok_or(StorageError::NotFound)?.integer(0)?)
}

/// Takes a process's direct address away.
pub async fn close_address(database: &Database, process: &str) -> Result<(), StorageError> {
    database
        .run(
            "UPDATE direct_addresses SET is_open = 0 WHERE process = ?1",
            vec![process.into()],
        )
        .await
}

fn generation(stored: i64) -> Result<u64, StorageError> {
    u64::try_from(stored).map_err(|error| StorageError::Corrupt(error.to_string()))
}
