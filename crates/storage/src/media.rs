//! What is known of a file of the media store, for whoever serves or sends it.

use crate::{Database, StorageError};
use vikno_domain::MediaRef;

/// A file that is in the store.
pub async fn stored(database: &Database, media_id: &str) -> Result<MediaRef, StorageError> {
    let row = database
        .query_one(
            "SELECT id, type, name, size FROM media WHERE id = ?1 AND state = 'stored'",
            vec![media_id.into()],
        )
        .await?
        .ok_or(StorageError::NotFound)?;
    Ok(MediaRef {
        id: row.text(0)?.to_owned(),
        media_type: row.text(1)?.to_owned(),
        name: row.text(2)?.to_owned(),
        size: u64::try_from(row.integer(3)?).unwrap_or_default(),
    })
}

/// Makes a file known that another organisation has put into our part of the store.
pub async fn adopt(database: &Database, file: &MediaRef, now_ms: i64) -> Result<(), StorageError> {
    database
        .run(
            "INSERT INTO media (id, state, type, name, size, created_at_ms) VALUES (?1, 'stored', ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO NOTHING",
            vec![
                file.id.as_str().into(),
                file.media_type.as_str().into(),
                file.name.as_str().into(),
                i64::try_from(file.size).unwrap_or(i64::MAX).into(),
                now_ms.into(),
            ],
        )
        .await
}
