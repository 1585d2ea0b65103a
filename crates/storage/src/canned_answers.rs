//! Answers that an organisation's operators have ready.

use crate::{Database, Row, StorageError, journal};
use serde_json::json;

/// Far more than anybody finds by typing; a bound all the same.
const ANSWERS_MAX: i64 = 2_000;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CannedAnswer {
    /// `r_…`.
    pub id: String,
    /// What is typed after the slash.
    pub shortcut: String,
    /// Language of the text.
    pub language: String,
    /// What the list shows.
    pub title: String,
    /// What is said; `{name}`, `{operator}`, `{organisation}` and `{queue}` are filled in by the console.
    pub text: String,
}

/// All of them, by shortcut.
pub async fn list(database: &Database) -> Result<Vec<CannedAnswer>, StorageError> {
    let rows = database
        .query(
            "SELECT id, shortcut, language, title, text FROM canned_answers ORDER BY shortcut, language LIMIT ?1",
            vec![ANSWERS_MAX.into()],
        )
        .await?;
    rows.iter().map(answer).collect()
}

fn answer(row: &Row) -> Result<CannedAnswer, StorageError> {
    Ok(CannedAnswer {
        id: row.text(0)?.to_owned(),
        shortcut: row.text(1)?.to_owned(),
        language: row.text(2)?.to_owned(),
        title: row.text(3)?.to_owned(),
        text: row.text(4)?.to_owned(),
    })
}

/// Keeps one, new or changed, with the journal's line; `Conflict` when another has the shortcut in that language.
pub async fn keep(
    database: &Database,
    answer: &CannedAnswer,
    person_id: &str,
    now_ms: i64,
) -> Result<(), StorageError> {
    let transaction = database.transaction().await?;
    transaction
        .run(
            "INSERT INTO canned_answers (id, shortcut, language, title, text, changed_at_ms, changed_by)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (id) DO UPDATE SET shortcut = ?2, language = ?3, title = ?4, text = ?5, changed_at_ms = ?6, changed_by = ?7",
            vec![
                answer.id.as_str().into(),
                answer.shortcut.as_str().into(),
                answer.language.as_str().into(),
                answer.title.as_str().into(),
                answer.text.as_str().into(),
                now_ms.into(),
                person_id.into(),
            ],
        )
        .await?;
    let data = json!({ "answer": answer.id });
    journal::record(database, person_id, "canned_answer_kept", &data, now_ms).await?;
    transaction.commit().await
}

/// Takes one away; false when there is none such.
pub async fn remove(
    database: &Database,
    id: &str,
    person_id: &str,
    now_ms: i64,
) -> Result<bool, StorageError> {
    let transaction = database.transaction().await?;
    let row = transaction
        .query_one(
            "DELETE FROM canned_answers WHERE id = ?1 RETURNING id",
            vec![id.into()],
        )
        .await?;
    if row.is_none() {
        transaction.rollback().await?;
        return Ok(false);
    }
    let data = json!({ "answer": id });
    journal::record(database, person_id, "canned_answer_removed", &data, now_ms).await?;
    transaction.commit().await?;
    Ok(true)
}
