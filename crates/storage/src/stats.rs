//! Live figures of an organisation, cheap at any size of its history: each is an index look-up or counts only what is
//! under way.

use crate::{Database, StorageError};

/// How an organisation stands at present.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Live {
    /// Dialogues with the robot.
    pub open: i64,
    /// Dialogues in a queue.
    pub waiting: i64,
    /// Dialogues that an operator has.
    pub with_operator: i64,
    /// Dialogues that end with a vote.
    pub voting: i64,
    /// Messages in both directions since some instant.
    pub messages_since: i64,
    /// Messages ever.
    pub messages_total: i64,
    /// Journal lines ever.
    pub journal_total: i64,
    /// Events that came in and had no turn yet.
    pub inbox_pending: i64,
    /// When the oldest of them came, Unix milliseconds.
    pub inbox_oldest_at_ms: Option<i64>,
    /// Deliveries under way.
    pub outbox_pending: i64,
    /// Deliveries given up.
    pub outbox_dead: i64,
}

/// Reads the figures in one statement. Messages are numbered without gaps, so they are counted by their numbers.
pub async fn live(database: &Database, since_ms: i64) -> Result<Live, StorageError> {
    let row = database
        .query_one(
            "SELECT (SELECT count(*) FROM conversations WHERE status = 'open'),
                    (SELECT count(*) FROM conversations WHERE status = 'waiting'),
                    (SELECT count(*) FROM conversations WHERE status = 'with_operator'),
                    (SELECT count(*) FROM conversations WHERE status = 'voting'),
                    (SELECT seq FROM messages WHERE at_ms >= ?1 ORDER BY at_ms, seq LIMIT 1),
                    (SELECT max(seq) FROM messages),
                    (SELECT max(id) FROM journal),
                    (SELECT count(*) FROM inbox WHERE state = 'pending'),
                    (SELECT received_at_ms FROM inbox WHERE id = (SELECT min(id) FROM inbox WHERE state = 'pending')),
                    (SELECT count(*) FROM outbox WHERE state = 'pending'),
                    (SELECT count(*) FROM outbox WHERE state = 'dead')",
            vec![since_ms.into()],
        )
        .await?
        .ok_or(StorageError::NotFound)?;
    let last = row.optional_integer(5)?.unwrap_or_default();
    let first_since = row.optional_integer(4)?;
    Ok(Live {
        open: row.integer(0)?,
        waiting: row.integer(1)?,
        with_operator: row.integer(2)?,
        voting: row.integer(3)?,
        messages_since: first_since.map_or(0, |first| last - first + 1),
        messages_total: last,
        journal_total: row.optional_integer(6)?.unwrap_or_default(),
        inbox_pending: row.integer(7)?,
        inbox_oldest_at_ms: row.optional_integer(8)?,
        outbox_pending: row.integer(9)?,
        outbox_dead: row.integer(10)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{block_on, migrations};

    #[test]
    fn live_figures_are_those_of_what_is_under_way() {
        let database = block_on(Database::open(":memory:")).unwrap();
        block_on(migrations::migrate(
            &database,
            migrations::Kind::Organisation,
        ))
        .unwrap();
        assert_eq!(block_on(live(&database, 0)).unwrap(), Live::default());
        block_on(database.run(
            "INSERT INTO citizens (id, channel, chat, language, created_at_ms) VALUES ('p_1', 'web', 'w', 'uk', 0)",
            vec![],
        ))
        .unwrap();
        for (id, status) in [
            ("c_1", "open"),
            ("c_2", "waiting"),
            ("c_3", "waiting"),
            ("c_4", "closed"),
            ("c_5", "voting"),
        ] {
            block_on(database.run(
                "INSERT INTO conversations (id, citizen_id, channel, chat, status, language, process_version, world, facts,
                     opened_at_ms, last_at_ms) VALUES (?1, 'p_1', 'web', 'w', ?2, 'uk', 1, '', '{}', 0, 0)",
                vec![id.into(), status.into()],
            ))
            .unwrap();
        }
        for at_ms in [10_i64, 20, 30] {
            block_on(database.run(
                "INSERT INTO messages (id, conversation_id, citizen_id, author, at_ms) VALUES (?1, 'c_1', 'p_1', 'robot', ?2)",
                vec![format!("m_{at_ms}").into(), at_ms.into()],
            ))
            .unwrap();
            block_on(database.run(
                "INSERT INTO inbox (channel, chat, dedupe_key, event, received_at_ms) VALUES ('web', 'w', ?1, '{}', ?2)",
                vec![at_ms.to_string().into(), at_ms.into()],
            ))
            .unwrap();
        }
        let found = block_on(live(&database, 20)).unwrap();
        let expected = Live {
            open: 1,
            waiting: 2,
            voting: 1,
            messages_since: 2,
            messages_total: 3,
            inbox_pending: 3,
            inbox_oldest_at_ms: Some(10),
            ..Live::default()
        };
        assert_eq!(found, expected);
        assert_eq!(block_on(live(&database, 31)).unwrap().messages_since, 0);
    }
}
