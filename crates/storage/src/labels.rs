//! Labels of dialogues.

use crate::{Database, StorageError};
use serde_json::json;

/// Labels offered again.
const OFFERED: i64 = 30;

/// A label with the form that tells whether two are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// As it is shown.
    pub text: String,
    /// In lower case.
    pub folded: String,
}

/// Puts exactly these labels on a dialogue, with the journal's line; consoles that show it hear of it.
/// `NotFound` when there is no such dialogue.
pub async fn set(
    database: &Database,
    conversation_id: &str,
    labels: &[Label],
    person_id: &str,
    now_ms: i64,
) -> Result<(), StorageError> {
    let given: Vec<(&str, &str)> = labels
        .iter()
        .map(|label| (label.folded.as_str(), label.text.as_str()))
        .collect();
    let given = serde_json::to_string(&given)?;
    let transaction = database.transaction().await?;
    let known = transaction
        .query_one(
            "SELECT 1 FROM conversations WHERE id = ?1",
            vec![conversation_id.into()],
        )
        .await?;
    if known.is_none() {
        transaction.rollback().await?;
        return Err(StorageError::NotFound);
    }
    for sql in [
        "INSERT INTO labels (folded, label, used)
         SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), 1 FROM json_each(?2)
         WHERE json_extract(value, '$[0]') NOT IN (SELECT folded FROM conversation_labels WHERE conversation_id = ?1)
         ON CONFLICT (folded) DO UPDATE SET used = used + 1, label = excluded.label",
        "DELETE FROM conversation_labels WHERE conversation_id = ?1
         AND folded NOT IN (SELECT json_extract(value, '$[0]') FROM json_each(?2))",
        "INSERT INTO conversation_labels (conversation_id, folded, label)
         SELECT ?1, json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?2) WHERE true
         ON CONFLICT (conversation_id, folded) DO UPDATE SET label = excluded.label",
    ] {
        let parameters = vec![conversation_id.into(), given.as_str().into()];
        transaction.run(sql, parameters).await?;
    }
    for sql in [
        "DELETE FROM desk_changes WHERE conversation_id = ?1 AND audience = ''",
        "INSERT INTO desk_changes (conversation_id, audience)
         SELECT id, '' FROM conversations WHERE id = ?1 AND status IN ('waiting', 'with_operator')",
    ] {
        transaction.run(sql, vec![conversation_id.into()]).await?;
    }
    let texts: Vec<&str> = labels.iter().map(|label| label.text.as_str()).collect();
    transaction
        .run(
            "INSERT INTO journal (at_ms, conversation_id, actor, what, data)
             VALUES (?1, ?2, 'operator:' || ?3, 'labels_set', ?4)",
            vec![
                now_ms.into(),
                conversation_id.into(),
                person_id.into(),
                json!({ "labels": texts }).to_string().into(),
            ],
        )
        .await?;
    transaction.commit().await
}

/// The labels used most so far.
pub async fn offered(database: &Database) -> Result<Vec<String>, StorageError> {
    let rows = database
        .query(
            "SELECT label FROM labels ORDER BY used DESC LIMIT ?1",
            vec![OFFERED.into()],
        )
        .await?;
    rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect()
}
