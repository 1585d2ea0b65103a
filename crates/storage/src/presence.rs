//! What people do now: at work, on a break, finished; and when their consoles asked last. In `core`.

use crate::audit::{self, AuditEntry};
use crate::{Database, Row, StorageError};

/// A console that asks is noted at most so often.
pub const SEEN_EVERY_MS: i64 = 20_000;

/// What a person does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// `at_work`, `break` or `finished`.
    pub status: String,
    /// Unix milliseconds.
    pub since_ms: i64,
}

/// What a person does now; none who never said.
pub async fn now(core: &Database, person_id: &str) -> Result<Option<Work>, StorageError> {
    let row = core
        .query_one(
            "SELECT status, began_at_ms FROM work_times WHERE person_id = ?1 AND ended_at_ms IS NULL",
            vec![person_id.into()],
        )
        .await?;
    row.map(|row| {
        Ok(Work {
            status: row.text(0)?.to_owned(),
            since_ms: row.integer(1)?,
        })
    })
    .transpose()
}

/// From now on the person does this, with the audit line. Saying the same again changes nothing.
pub async fn set(
    core: &Database,
    person_id: &str,
    status: &str,
    now_ms: i64,
) -> Result<(), StorageError> {
    let transaction = core.transaction().await?;
    if now(core, person_id)
        .await?
        .is_some_and(|work| work.status == status)
    {
        return transaction.rollback().await;
    }
    transaction
        .run(
            "UPDATE work_times SET ended_at_ms = ?2 WHERE person_id = ?1 AND ended_at_ms IS NULL",
            vec![person_id.into(), now_ms.into()],
        )
        .await?;
    transaction
        .run(
            "INSERT INTO work_times (person_id, began_at_ms, status) VALUES (?1, ?2, ?3)
             ON CONFLICT (person_id, began_at_ms) DO UPDATE SET status = ?3, ended_at_ms = NULL",
            vec![person_id.into(), now_ms.into(), status.into()],
        )
        .await?;
    let entry = AuditEntry {
        person_id: Some(person_id),
        what: "work_status_set",
        data: serde_json::json!({ "status": status }),
        ..AuditEntry::default()
    };
    audit::record(core, entry, now_ms).await?;
    transaction.commit().await
}

/// Milliseconds at work and on breaks within a span of time.
pub async fn times(
    core: &Database,
    person_id: &str,
    from_ms: i64,
    to_ms: i64,
) -> Result<(i64, i64), StorageError> {
    let row = core
        .query_one(
            "SELECT coalesce(sum(ms) FILTER (WHERE status = 'at_work'), 0), coalesce(sum(ms) FILTER (WHERE status = 'break'), 0)
             FROM (SELECT status, min(coalesce(ended_at_ms, ?3), ?3) - max(began_at_ms, ?2) AS ms FROM work_times
                   WHERE person_id = ?1 AND began_at_ms < ?3 AND coalesce(ended_at_ms, ?3) > ?2)",
            vec![person_id.into(), from_ms.into(), to_ms.into()],
        )
        .await?
        .ok_or(StorageError::NotFound)?;
    Ok((row.integer(0)?, row.integer(1)?))
}

/// A person's console has asked.
pub async fn seen(core: &Database, person_id: &str, now_ms: i64) -> Result<(), StorageError> {
    core.run(
        "INSERT INTO presence (person_id, seen_at_ms) VALUES (?1, ?2)
         ON CONFLICT (person_id) DO UPDATE SET seen_at_ms = ?2 WHERE seen_at_ms < ?2 - ?3",
        vec![person_id.into(), now_ms.into(), SEEN_EVERY_MS.into()],
    )
    .await
}

/// A person of a shift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnShift {
    /// `u_…`.
    pub id: String,
    /// Name.
    pub name: String,
    /// What they do, if they ever said.
    pub work: Option<Work>,
    /// When their console asked last, Unix milliseconds.
    pub seen_at_ms: Option<i64>,
}

/// Ids of those whose roles, their own or a group's, let them take conversations in the organisation ?1.
pub(crate) const TAKERS: &str = "WITH takers (role) AS (
        SELECT roles.id FROM roles, json_each(roles.permissions) AS given WHERE given.value IN ('*', 'handle_conversations'))
    SELECT person_id FROM held_roles WHERE org IN (?1, '*') AND role IN (SELECT role FROM takers)
    UNION SELECT m.person_id FROM groups AS g JOIN group_roles AS r ON r.group_id = g.id JOIN group_members AS m ON m.group_id = g.id
    WHERE g.org IN (?1, '*') AND r.role IN (SELECT role FROM takers)";

/// Those who may take conversations in an organisation; at most 500.
pub async fn on_shift(core: &Database, org: &str) -> Result<Vec<OnShift>, StorageError> {
    let rows = core
        .query(
            &format!(
                "SELECT p.id, p.name, w.status, w.began_at_ms, s.seen_at_ms
                 FROM people AS p LEFT JOIN work_times AS w ON w.person_id = p.id AND w.ended_at_ms IS NULL
                 LEFT JOIN presence AS s ON s.person_id = p.id
                 WHERE p.active = 1 AND p.id IN ({TAKERS})
                 ORDER BY p.name, p.id LIMIT 500"
            ),
            vec![org.into()],
        )
        .await?;
    rows.iter().map(on_shift_row).collect()
}

fn on_shift_row(row: &Row) -> Result<OnShift, StorageError> {
    let since_ms = row.optional_integer(3)?.unwrap_or_default();
    Ok(OnShift {
        id: row.text(0)?.to_owned(),
        name: row.text(1)?.to_owned(),
        work: row
            .optional_string(2)?
            .map(|status| Work { status, since_ms }),
        seen_at_ms: row.optional_integer(4)?,
    })
}
