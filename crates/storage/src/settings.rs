//! What people changed of an organisation's settings and texts: each change is kept, the last one of a part counts.

use crate::{Database, Row, StorageError, journal};
use serde_json::{Value as Json, json};
use vikno_domain::OperatorRef;

/// Changes on a page of the history.
pub const PAGE: i64 = 50;

/// One part as it stands changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// `hours`, `queues`, `texts.welcome`, …
    pub part: String,
    /// The whole value that stands in place of the file's.
    pub value: Json,
}

/// All parts that stand changed, and the number of the last change (0: none yet).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Standing {
    /// Of the last change.
    pub revision: i64,
    /// By part.
    pub parts: Vec<Changed>,
}

/// Reads all that stands changed. Its size is that of the settings, not of their history.
pub async fn standing(database: &Database) -> Result<Standing, StorageError> {
    let rows = database
        .query(
            "SELECT coalesce((SELECT max(revision) FROM settings_changes), 0), part, value FROM settings_changes
             WHERE revision IN (SELECT max(revision) FROM settings_changes GROUP BY part) ORDER BY part",
            vec![],
        )
        .await?;
    let mut standing = Standing::default();
    for row in &rows {
        standing.revision = row.integer(0)?;
        if let Some(value) = row.optional_text(2)? {
            standing.parts.push(Changed {
                part: row.text(1)?.to_owned(),
                value: serde_json::from_str(value)?,
            });
        }
    }
    Ok(standing)
}

/// A part and its new value; `None` brings back what the deployment delivers.
pub type Change<'a> = (&'a str, Option<&'a Json>);

/// Adds changes, all or none, each with the journal's line, if nobody made another one since `seen`; returns the number of the last.
pub async fn change(
    database: &Database,
    seen: i64,
    changes: &[Change<'_>],
    by: &OperatorRef,
    now_ms: i64,
) -> Result<i64, StorageError> {
    let transaction = database.transaction().await?;
    let mut newest = seen;
    for (part, value) in changes {
        let row = transaction
            .query_one(
                "INSERT INTO settings_changes (part, value, at_ms, person_id, person_name)
                 SELECT ?2, ?3, ?4, ?5, ?6
                 WHERE coalesce((SELECT max(revision) FROM settings_changes), 0) = ?1 RETURNING revision",
                vec![
                    newest.into(),
                    (*part).into(),
                    value.map(ToString::to_string).into(),
                    now_ms.into(),
                    by.id.as_str().into(),
                    by.name.as_str().into(),
                ],
            )
            .await?;
        let Some(row) = row else {
            transaction.rollback().await?;
            return Err(StorageError::Conflict(
                "the settings were changed meanwhile".into(),
            ));
        };
        newest = row.integer(0)?;
        let data = json!({ "part": part, "revision": newest });
        journal::record(database, &by.id, "settings_changed", &data, now_ms).await?;
    }
    transaction.commit().await?;
    Ok(newest)
}

/// A change as the history shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct PastChange {
    /// Its number.
    pub revision: i64,
    /// Of which part.
    pub part: String,
    /// The value before, if it stood changed.
    pub before: Option<Json>,
    /// The value after; none: as delivered.
    pub after: Option<Json>,
    /// Unix milliseconds.
    pub at_ms: i64,
    /// Who made it.
    pub by: OperatorRef,
}

/// Up to [`PAGE`] changes before that number, newest first.
pub async fn history(database: &Database, before: i64) -> Result<Vec<PastChange>, StorageError> {
    let rows = database
        .query(
            "SELECT revision, part, value, at_ms, person_id, person_name,
                (SELECT earlier.value FROM settings_changes AS earlier
                 WHERE earlier.part = settings_changes.part AND earlier.revision < settings_changes.revision
                 ORDER BY earlier.revision DESC LIMIT 1)
             FROM settings_changes WHERE revision < ?1 ORDER BY revision DESC LIMIT ?2",
            vec![before.into(), PAGE.into()],
        )
        .await?;
    rows.iter().map(past).collect()
}

fn past(row: &Row) -> Result<PastChange, StorageError> {
    let value = |index| {
        row.optional_text(index)?
            .map(serde_json::from_str)
            .transpose()
            .map_err(StorageError::from)
    };
    Ok(PastChange {
        revision: row.integer(0)?,
        part: row.text(1)?.to_owned(),
        before: value(6)?,
        after: value(2)?,
        at_ms: row.integer(3)?,
        by: OperatorRef {
            id: row.text(4)?.to_owned(),
            name: row.text(5)?.to_owned(),
        },
    })
}

/// Which of these queues hold dialogues that wait or are with an operator.
pub async fn queues_in_use(database: &Database) -> Result<Vec<String>, StorageError> {
    let rows = database
        .query(
            "SELECT DISTINCT queue FROM conversations
             WHERE status IN ('waiting', 'with_operator') AND queue IS NOT NULL",
            vec![],
        )
        .await?;
    rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block_on;
    use crate::migrations::{Kind, migrate};

    fn organisation() -> Database {
        let database = block_on(Database::open(":memory:")).unwrap();
        block_on(migrate(&database, Kind::Organisation)).unwrap();
        database
    }

    fn olena() -> OperatorRef {
        OperatorRef {
            id: "u_1".into(),
            name: "Олена".into(),
        }
    }

    fn put(
        database: &Database,
        seen: i64,
        part: &str,
        value: Option<Json>,
    ) -> Result<i64, StorageError> {
        let changes = [(part, value.as_ref())];
        block_on(change(database, seen, &changes, &olena(), 1_000))
    }

    #[test]
    fn the_last_change_of_each_part_stands_until_it_is_taken_back() {
        let database = organisation();
        assert_eq!(block_on(standing(&database)).unwrap(), Standing::default());
        assert_eq!(
            put(&database, 0, "name", Some(json!({"uk": "Один"}))).unwrap(),
            1
        );
        assert_eq!(
            put(&database, 1, "timers", Some(json!({"close_s": 60}))).unwrap(),
            2
        );
        assert_eq!(
            put(&database, 2, "name", Some(json!({"uk": "Два"}))).unwrap(),
            3
        );
        let now = block_on(standing(&database)).unwrap();
        assert_eq!(now.revision, 3);
        let parts: Vec<_> = now
            .parts
            .iter()
            .map(|changed| (changed.part.as_str(), &changed.value["uk"]))
            .collect();
        assert_eq!(parts, [("name", &json!("Два")), ("timers", &Json::Null)]);
        put(&database, 3, "name", None).unwrap();
        let now = block_on(standing(&database)).unwrap();
        assert_eq!((now.revision, now.parts.len()), (4, 1));
    }

    #[test]
    fn of_two_who_change_at_once_one_is_told() {
        let database = organisation();
        put(&database, 0, "name", Some(json!(1))).unwrap();
        let late = put(&database, 0, "timers", Some(json!(2)));
        assert!(matches!(late, Err(StorageError::Conflict(_))), "{late:?}");
        assert_eq!(block_on(standing(&database)).unwrap().revision, 1);
    }

    #[test]
    fn changes_that_belong_together_are_kept_together() {
        let database = organisation();
        let both = |seen| {
            let (one, two) = (json!(1), json!(2));
            let changes = [("topics", Some(&one)), ("replies", Some(&two))];
            block_on(change(&database, seen, &changes, &olena(), 1_000))
        };
        assert_eq!(both(0).unwrap(), 2);
        assert!(both(1).is_err(), "seen too early");
        assert_eq!(block_on(standing(&database)).unwrap().parts.len(), 2);
        assert_eq!(block_on(history(&database, i64::MAX)).unwrap().len(), 2);
    }

    #[test]
    fn the_history_tells_who_changed_what_from_what() {
        let database = organisation();
        put(&database, 0, "name", Some(json!(1))).unwrap();
        put(&database, 1, "timers", Some(json!(9))).unwrap();
        put(&database, 2, "name", None).unwrap();
        let past = block_on(history(&database, i64::MAX)).unwrap();
        let seen: Vec<_> = past
            .iter()
            .map(|change| {
                (
                    change.revision,
                    change.part.as_str(),
                    change.before.clone(),
                    change.after.clone(),
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                (3, "name", Some(json!(1)), None),
                (2, "timers", None, Some(json!(9))),
                (1, "name", None, Some(json!(1))),
            ]
        );
        assert_eq!(past[0].by, olena());
        assert_eq!(block_on(history(&database, 2)).unwrap().len(), 1);
    }

    #[test]
    fn a_change_is_in_the_journal_and_cannot_be_unmade() {
        let database = organisation();
        put(&database, 0, "name", Some(json!(1))).unwrap();
        let lines =
            block_on(database.query("SELECT actor, what, data FROM journal", vec![])).unwrap();
        assert_eq!(lines[0].text(0).unwrap(), "person:u_1");
        assert_eq!(lines[0].text(1).unwrap(), "settings_changed");
        for sql in [
            "DELETE FROM settings_changes",
            "UPDATE settings_changes SET value = '2'",
        ] {
            assert!(block_on(database.run(sql, vec![])).is_err(), "{sql}");
        }
    }
}
