//! What the distribution of those who wait has to know. Nothing here gives anybody to anyone.

use crate::operator_view::HERE;
use crate::presence::TAKERS;
use crate::turns::language;
use crate::{Database, Row, StorageError};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use vikno_domain::{Candidate, OperatorRef, Waiting};

/// Conversations that one round looks at: the most urgent ones.
const WAITING_MAX: i64 = 500;
/// Conversations that operators of one organisation have.
const HELD_MAX: i64 = 5_000;
/// Operators at work in one organisation.
const OPERATORS_MAX: i64 = 1_000;

/// Who waits in these queues, most urgent first.
pub async fn waiting(database: &Database, queues: &[&str]) -> Result<Vec<Waiting>, StorageError> {
    if queues.is_empty() {
        return Ok(Vec::new());
    }
    let rows = database
        .query(
            &format!(
                "SELECT id, queue, priority, coalesce(queued_at_ms, last_at_ms), language FROM conversations
                 WHERE status = 'waiting' AND queue IN (SELECT value FROM json_each(?1)) AND {HERE}
                 ORDER BY priority DESC, queued_at_ms, id LIMIT ?2"
            ),
            vec![serde_json::to_string(queues)?.into(), WAITING_MAX.into()],
        )
        .await?;
    rows.iter().map(waiting_row).collect()
}

fn waiting_row(row: &Row) -> Result<Waiting, StorageError> {
    Ok(Waiting {
        id: row.text(0)?.to_owned(),
        queue: row.text(1)?.to_owned(),
        priority: row.integer(2)?,
        since_ms: row.integer(3)?,
        language: language(row, 4)?,
    })
}

/// A conversation that an operator has who is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// `c_…`.
    pub conversation: String,
    /// Whose it is.
    pub operator: String,
}

/// Conversations that operators took before they said that they are finished, or before `seen_from_ms` when nothing came from
/// them since then.
pub async fn left_alone(
    core: &Database,
    database: &Database,
    seen_from_ms: i64,
) -> Result<Vec<Left>, StorageError> {
    let held = database
        .query(
            "SELECT id, operator_id, coalesce(facts ->> '$.taken_at_ms', taken_at_ms, 0) FROM conversations
             WHERE operator_id IS NOT NULL AND status = 'with_operator' LIMIT ?1",
            vec![HELD_MAX.into()],
        )
        .await?;
    if held.is_empty() {
        return Ok(Vec::new());
    }
    let holders = held.iter().map(|row| row.text(1));
    let holders: BTreeSet<&str> = holders.collect::<Result<_, _>>()?;
    let away = core
        .query(
            "SELECT p.value, CASE WHEN s.seen_at_ms < ?2 THEN ?2 ELSE w.began_at_ms END FROM json_each(?1) AS p
             JOIN presence AS s ON s.person_id = p.value
             LEFT JOIN work_times AS w ON w.person_id = p.value AND w.ended_at_ms IS NULL
             WHERE w.status = 'finished' OR s.seen_at_ms < ?2",
            vec![
                serde_json::to_string(&holders)?.into(),
                seen_from_ms.into(),
            ],
        )
        .await?;
    let away: BTreeMap<&str, i64> = away
        .iter()
        .map(|row| Ok((row.text(0)?, row.integer(1)?)))
        .collect::<Result<_, StorageError>>()?;
    let mut left = Vec::new();
    for row in &held {
        let operator = row.text(1)?;
        let taken_at_ms = row.integer(2)?;
        if away
            .get(operator)
            .is_some_and(|gone_at_ms| taken_at_ms < *gone_at_ms)
        {
            left.push(Left {
                conversation: row.text(0)?.to_owned(),
                operator: operator.to_owned(),
            });
        }
    }
    Ok(left)
}

/// Operators of an organisation who are at work and whose consoles have asked since `seen_from_ms`.
pub async fn candidates(
    core: &Database,
    database: &Database,
    org: &str,
    seen_from_ms: i64,
) -> Result<Vec<Candidate>, StorageError> {
    let at_work = core
        .query(
            &format!(
                "SELECT p.id, p.name, p.capacity,
                    (SELECT json_group_array(queue) FROM (
                         SELECT queue FROM served_queues WHERE person_id = p.id AND org = ?1
                         UNION SELECT q.queue FROM group_members AS m JOIN groups AS g ON g.id = m.group_id
                               JOIN group_queues AS q ON q.group_id = m.group_id WHERE m.person_id = p.id AND g.org = ?1)),
                    p.skills, p.languages
                 FROM people AS p JOIN work_times AS w ON w.person_id = p.id AND w.ended_at_ms IS NULL AND w.status = 'at_work'
                 JOIN presence AS s ON s.person_id = p.id AND s.seen_at_ms >= ?2
                 WHERE p.active = 1 AND p.id IN ({TAKERS}) LIMIT ?3"
            ),
            vec![org.into(), seen_from_ms.into(), OPERATORS_MAX.into()],
        )
        .await?;
    let ids = at_work.iter().map(|row| row.text(0));
    let ids: Vec<&str> = ids.collect::<Result<_, _>>()?;
    let loads = loads(database, &ids).await?;
    at_work
        .iter()
        .map(|row| {
            let id = row.text(0)?.to_owned();
            let (load, idle_since_ms) = loads.get(&id).copied().unwrap_or_default();
            Ok(Candidate {
                operator: OperatorRef {
                    id,
                    name: row.text(1)?.to_owned(),
                },
                load: u32::try_from(load).unwrap_or(u32::MAX),
                capacity: u32::try_from(row.integer(2)?).unwrap_or_default(),
                queues: row.json(3)?,
                skills: row.json(4)?,
                languages: row.json(5)?,
                idle_since_ms,
            })
        })
        .collect()
}

/// How many conversations each operator has, and when one of theirs was last active: who has none may have ended one just
/// now. Three steps into an index each, however many an operator has had.
async fn loads(
    database: &Database,
    operators: &[&str],
) -> Result<HashMap<String, (i64, i64)>, StorageError> {
    let last = |status: &str| {
        format!(
            "coalesce((SELECT last_at_ms FROM conversations WHERE operator_id = o.value AND status = '{status}'
             ORDER BY last_at_ms DESC LIMIT 1), 0)"
        )
    };
    let sql = format!(
        "SELECT o.value,
                (SELECT count(*) FROM conversations WHERE operator_id = o.value AND status = 'with_operator'),
                max({}, {}, {})
         FROM json_each(?1) AS o",
        last("with_operator"),
        last("voting"),
        last("closed")
    );
    let ids = serde_json::to_string(operators)?;
    let rows = database.query(&sql, vec![ids.into()]).await?;
    rows.iter()
        .map(|row| Ok((row.text(0)?.to_owned(), (row.integer(1)?, row.integer(2)?))))
        .collect()
}
