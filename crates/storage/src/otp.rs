//! One-time codes in `core`. Only keyed hashes come here: of the number (`subject`) and of the code.

use crate::{Database, StorageError};

/// Rows that nobody can use any more, removed with each new code: a few, so that the statement stays short.
const PURGED_AT_ONCE: i64 = 20;
/// The longest time that a limit looks back.
const KEPT_MS: i64 = 3_600_000;

/// A code about to be sent.
#[derive(Debug, Clone, Copy)]
pub struct NewCode<'a> {
    /// `t_…`.
    pub id: &'a str,
    /// What it opens.
    pub purpose: &'a str,
    /// Hash of the number.
    pub subject: &'a str,
    /// The organisation, when it is one's own matter.
    pub org: Option<&'a str>,
    /// Hash of the code.
    pub code_hash: &'a str,
    /// Unix milliseconds.
    pub now_ms: i64,
    /// Unix milliseconds.
    pub expires_at_ms: i64,
}

/// What was sent to a number before, for one purpose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sent {
    /// Newest code, Unix milliseconds.
    pub last_at_ms: Option<i64>,
    /// Codes of the last hour.
    pub last_hour: u32,
}

/// A try at a code, counted already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The row.
    pub id: String,
    /// What the code's hash has to be.
    pub code_hash: String,
    /// Tries of this code, this one included.
    pub attempts: u32,
}

/// Writes a new code if `may` allows it after what was sent before; both in one transaction, so that two
/// requests at once cannot both pass the limit.
pub async fn issue<Refused>(
    database: &Database,
    code: NewCode<'_>,
    may: impl FnOnce(Sent) -> Result<(), Refused>,
) -> Result<Result<(), Refused>, StorageError> {
    let transaction = database.transaction().await?;
    let since_ms = code.now_ms - KEPT_MS;
    let row = transaction
        .query_one(
            "SELECT max(created_at_ms), count(*) FROM otp_codes
             WHERE purpose = ?1 AND subject = ?2 AND created_at_ms > ?3",
            vec![code.purpose.into(), code.subject.into(), since_ms.into()],
        )
        .await?
        .ok_or(StorageError::NotFound)?;
    let sent = Sent {
        last_at_ms: row.optional_integer(0)?,
        last_hour: u32::try_from(row.integer(1)?).unwrap_or(u32::MAX),
    };
    if let Err(refused) = may(sent) {
        transaction.rollback().await?;
        return Ok(Err(refused));
    }
    transaction
        .run(
            "DELETE FROM otp_codes WHERE id IN
                 (SELECT id FROM otp_codes WHERE expires_at_ms < ?1 ORDER BY expires_at_ms LIMIT ?2)",
            vec![since_ms.into(), PURGED_AT_ONCE.into()],
        )
        .await?;
    transaction
        .run(
            "INSERT INTO otp_codes (id, purpose, subject, org, code_hash, created_at_ms, expires_at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            vec![
                code.id.into(),
                code.purpose.into(),
                code.subject.into(),
                code.org.into(),
                code.code_hash.into(),
                code.now_ms.into(),
                code.expires_at_ms.into(),
            ],
        )
        .await?;
    transaction.commit().await?;
    Ok(Ok(()))
}

/// Takes back a code that could not be sent.
pub async fn withdraw(database: &Database, id: &str) -> Result<(), StorageError> {
    database
        .run("DELETE FROM otp_codes WHERE id = ?1", vec![id.into()])
        .await
}

/// Counts a try at the newest code of that purpose and number; none if it is used up, expired, or tried
/// `tries_max` times. An older code never comes back.
pub async fn attempt(
    database: &Database,
    purpose: &str,
    subject: &str,
    tries_max: u32,
    now_ms: i64,
) -> Result<Option<Attempt>, StorageError> {
    let row = database
        .query_one(
            "UPDATE otp_codes SET attempts = attempts + 1
             WHERE id = (SELECT id FROM otp_codes WHERE purpose = ?1 AND subject = ?2
                         ORDER BY created_at_ms DESC, id DESC LIMIT 1)
               AND used = 0 AND expires_at_ms > ?3 AND attempts < ?4
             RETURNING id, code_hash, attempts",
            vec![
                purpose.into(),
                subject.into(),
                now_ms.into(),
                tries_max.into(),
            ],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Attempt {
        id: row.text(0)?.to_owned(),
        code_hash: row.text(1)?.to_owned(),
        attempts: u32::try_from(row.integer(2)?).unwrap_or(u32::MAX),
    }))
}

/// Uses a code up; false if somebody was faster.
pub async fn consume(database: &Database, id: &str) -> Result<bool, StorageError> {
    let row = database
        .query_one(
            "UPDATE otp_codes SET used = 1 WHERE id = ?1 AND used = 0 RETURNING id",
            vec![id.into()],
        )
        .await?;
    Ok(row.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block_on;
    use crate::migrations::{Kind, migrate};

    fn database() -> Database {
        let database = block_on(Database::open(":memory:")).unwrap();
        block_on(migrate(&database, Kind::Core)).unwrap();
        database
    }

    fn code(id: &'static str, now_ms: i64) -> NewCode<'static> {
        NewCode {
            id,
            purpose: "staff_login",
            subject: "s",
            org: None,
            code_hash: id,
            now_ms,
            expires_at_ms: now_ms + 600_000,
        }
    }

    fn send(database: &Database, code: NewCode<'_>) {
        let allowed = block_on(issue(database, code, |_| Ok::<(), ()>(()))).unwrap();
        assert_eq!(allowed, Ok(()));
    }

    fn tried(database: &Database, purpose: &str, now_ms: i64) -> Option<Attempt> {
        block_on(attempt(database, purpose, "s", 5, now_ms)).unwrap()
    }

    #[test]
    fn a_limit_sees_what_was_sent_in_the_last_hour_and_writes_nothing_when_it_refuses() {
        let database = database();
        let seen = |now_ms| {
            block_on(issue(&database, code("o_9", now_ms), Err))
                .unwrap()
                .unwrap_err()
        };
        assert_eq!(seen(5_000), Sent::default());
        send(&database, code("o_1", 0));
        send(&database, code("o_2", 1_000));
        let both = Sent {
            last_at_ms: Some(1_000),
            last_hour: 2,
        };
        assert_eq!(seen(5_000), both);
        assert_eq!(seen(5_000), both);
        let later = Sent {
            last_at_ms: Some(1_000),
            last_hour: 1,
        };
        assert_eq!(seen(3_600_500), later);
        assert_eq!(seen(3_601_001), Sent::default());
    }

    #[test]
    fn only_the_newest_code_can_be_tried_five_times_and_used_once() {
        let database = database();
        send(&database, code("o_1", 0));
        send(&database, code("o_2", 1_000));
        for attempts in 1..=5 {
            let expected = Attempt {
                id: "o_2".into(),
                code_hash: "o_2".into(),
                attempts,
            };
            assert_eq!(tried(&database, "staff_login", 2_000), Some(expected));
        }
        assert_eq!(tried(&database, "staff_login", 2_000), None);
        assert!(block_on(consume(&database, "o_2")).unwrap());
        assert!(!block_on(consume(&database, "o_2")).unwrap());
    }

    #[test]
    fn a_used_expired_foreign_or_withdrawn_code_cannot_be_tried() {
        let database = database();
        assert_eq!(tried(&database, "staff_login", 1), None);
        send(&database, code("o_1", 0));
        assert_eq!(tried(&database, "citizen_phone", 1), None);
        assert_eq!(tried(&database, "staff_login", 600_000), None);
        assert!(tried(&database, "staff_login", 599_999).is_some());
        assert!(block_on(consume(&database, "o_1")).unwrap());
        assert_eq!(tried(&database, "staff_login", 1), None);
        send(&database, code("o_2", 1_000));
        block_on(withdraw(&database, "o_2")).unwrap();
        assert_eq!(tried(&database, "staff_login", 2_000), None);
    }
}
