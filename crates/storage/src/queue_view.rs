//! What is known of a queue at a moment. The cost follows the length of the queue, bounded, never the history.

use crate::operator_view::HERE;
use crate::{Database, StorageError};

/// Places beyond are told as this one: nobody needs to know whether 1,000 or 1,200 are before them.
const AHEAD_MAX: i64 = 1_000;
/// Dialogues whose handling time counts.
const HANDLED_SAMPLE: i64 = 50;
/// An installation has far fewer operators at work; a bound all the same.
const HELD_MAX: i64 = 1_000;

/// A queue as one citizen meets it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QueueView {
    /// Citizens who will be taken before.
    pub ahead: u32,
    /// Operators who have a dialogue now, in any queue.
    pub operators: u32,
    /// Mean time from taking to closing of the queue's last dialogues, in seconds; none without history.
    pub mean_handling_s: Option<i64>,
}

/// Looks at `queue` for a conversation of that priority. One that waits there already keeps its place; any
/// other is looked at as if it came at `now_ms`.
pub async fn queue_view(
    database: &Database,
    queue: &str,
    conversation_id: &str,
    priority: i64,
    now_ms: i64,
) -> Result<QueueView, StorageError> {
    let row = database
        .query_one(
            &format!(
                "WITH place AS (
                 SELECT coalesce((SELECT queued_at_ms FROM conversations
                                  WHERE id = ?2 AND status = 'waiting' AND queue = ?1), ?4) AS since_ms)
             SELECT
                 (SELECT count(*) FROM (
                      SELECT 1 FROM conversations INDEXED BY conversations_queue, place
                      WHERE status = 'waiting' AND queue = ?1 AND id <> ?2 AND {HERE}
                        AND (priority > ?3 OR (priority = ?3 AND queued_at_ms <= since_ms))
                      LIMIT ?5)),
                 (SELECT count(DISTINCT operator_id) FROM (
                      SELECT operator_id FROM conversations
                      WHERE status = 'with_operator' AND operator_id IS NOT NULL LIMIT ?6)),
                 (SELECT cast(avg(closed_at_ms - taken_at_ms) / 1000 AS INTEGER) FROM (
                      SELECT closed_at_ms, taken_at_ms FROM conversations INDEXED BY conversations_handled
                      WHERE queue = ?1 AND taken_at_ms IS NOT NULL AND closed_at_ms IS NOT NULL
                      ORDER BY closed_at_ms DESC LIMIT ?7))"
            ),
            vec![
                queue.into(),
                conversation_id.into(),
                priority.into(),
                now_ms.into(),
                AHEAD_MAX.into(),
                HELD_MAX.into(),
                HANDLED_SAMPLE.into(),
            ],
        )
        .await?
        .ok_or(StorageError::NotFound)?;
    Ok(QueueView {
        ahead: count(row.integer(0)?)?,
        operators: count(row.integer(1)?)?,
        mean_handling_s: row.optional_integer(2)?,
    })
}

fn count(number: i64) -> Result<u32, StorageError> {
    u32::try_from(number).map_err(|error| StorageError::Corrupt(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block_on;
    use crate::migrations::{Kind, migrate};

    fn database() -> Database {
        let database = block_on(Database::open(":memory:")).unwrap();
        block_on(migrate(&database, Kind::Organisation)).unwrap();
        let citizen = "INSERT INTO citizens (id, channel, chat, language, created_at_ms)
                       VALUES ('p_1', 'web', 'w', 'uk', 0)";
        block_on(database.run(citizen, Vec::new())).unwrap();
        database
    }

    /// A conversation with these columns set: status, queue, priority, operator, queued, taken, closed.
    fn add(database: &Database, id: &str, columns: &str) {
        let sql = format!(
            "INSERT INTO conversations (status, queue, priority, operator_id, queued_at_ms, taken_at_ms, closed_at_ms,
                 id, citizen_id, channel, chat, language, process_version, world, facts, opened_at_ms, last_at_ms)
             VALUES ({columns}, '{id}', 'p_1', 'web', 'w', 'uk', 1, '', '{{}}', 0, 0)"
        );
        block_on(database.run(&sql, Vec::new())).unwrap();
    }

    fn waiting(database: &Database, id: &str, queue: &str, priority: i64, queued_at_ms: i64) {
        add(
            database,
            id,
            &format!("'waiting', '{queue}', {priority}, NULL, {queued_at_ms}, NULL, NULL"),
        );
    }

    fn ahead(database: &Database, id: &str, priority: i64) -> u32 {
        block_on(queue_view(database, "general", id, priority, 1_000))
            .unwrap()
            .ahead
    }

    #[test]
    fn an_empty_queue_has_nobody_ahead_and_no_history() {
        let view = block_on(queue_view(&database(), "general", "c_1", 0, 1_000)).unwrap();
        assert_eq!(view, QueueView::default());
    }

    #[test]
    fn the_more_urgent_and_the_earlier_are_ahead() {
        let database = database();
        waiting(&database, "c_1", "general", 0, 100);
        waiting(&database, "c_2", "general", 0, 200);
        waiting(&database, "c_3", "general", 5, 300);
        waiting(&database, "c_4", "benefits", 0, 50);
        assert_eq!(ahead(&database, "c_3", 5), 0);
        assert_eq!(ahead(&database, "c_1", 0), 1);
        assert_eq!(ahead(&database, "c_2", 0), 2);
        // Newcomers.
        assert_eq!(ahead(&database, "c_9", 0), 3);
        assert_eq!(ahead(&database, "c_9", 1), 1);
        assert_eq!(ahead(&database, "c_9", 9), 0);
        // One that waits elsewhere is a newcomer here.
        assert_eq!(ahead(&database, "c_4", 0), 3);
    }

    #[test]
    fn operators_at_work_and_the_last_fifty_dialogues_count() {
        let database = database();
        for (id, operator) in [("c_1", "o_1"), ("c_2", "o_1"), ("c_3", "o_2")] {
            add(
                &database,
                id,
                &format!("'with_operator', 'general', 0, '{operator}', 1, 2, NULL"),
            );
        }
        // An old slow one, then fifty of two minutes.
        add(
            &database,
            "h_0",
            "'closed', 'general', 0, 'o_1', 1, 1000, 9001000",
        );
        for number in 1..=50_i64 {
            let taken_at_ms = 10_000_000 + number * 1_000_000;
            let closed_at_ms = taken_at_ms + 120_000;
            add(
                &database,
                &format!("h_{number}"),
                &format!("'closed', 'general', 0, 'o_1', 1, {taken_at_ms}, {closed_at_ms}"),
            );
        }
        let view = block_on(queue_view(&database, "general", "c_9", 0, 1_000)).unwrap();
        assert_eq!(
            view,
            QueueView {
                ahead: 0,
                operators: 2,
                mean_handling_s: Some(120)
            }
        );
        let other = block_on(queue_view(&database, "benefits", "c_9", 0, 1_000)).unwrap();
        assert_eq!(other.mean_handling_s, None);
    }
}
