//! Takes what was planned into the database, in one transaction with the guard against repeats and the allowance, and
//! waits for what the engine makes of it.

use crate::plan::{Planned, Wish, event, named};
use std::collections::BTreeMap;
use std::time::Duration;
use vikno_corezoid::api::{OpError, ReplayKey};
use vikno_domain::{Content, InboundEvent, OrgId};
use vikno_shell::{Limit, Problem, log_error, new_id, now_ms, random};
use vikno_storage::tasks::NewTask;
use vikno_storage::{Database, Transaction, api_calls, tasks};

/// How long a caller waits for the engine: well below the time after which clients give up.
const PATIENCE_MS: i64 = 8_000;
/// Before the engine is asked again after it could not be reached.
const PAUSE: Duration = Duration::from_millis(200);
/// Of 64 random bits these are dropped: numbers of 52 bits are exact in every client's JSON reader.
const DROPPED_BITS: u32 = 12;

/// Who calls, and what guards the call.
pub(crate) struct Caller<'a> {
    /// Login, or the kind of address; for the journal and the allowance.
    pub(crate) name: &'a str,
    /// Of a signed call: it is taken once.
    pub(crate) replay_key: Option<&'a ReplayKey>,
    /// What it may do.
    pub(crate) limit: Limit,
}

/// What became of an operation, as far as it is known.
#[derive(Debug)]
pub(crate) enum Taken {
    /// A task was made: its number, and the inbox row of its beginning.
    Made(u64, i64),
    /// A task hears something: its number, and the inbox row.
    Told(u64, i64),
    /// It is a matter for later.
    Later,
    /// It was refused.
    Refused(OpError),
}

/// A number for a new task.
pub(crate) fn draw_number() -> u64 {
    (u64::from_be_bytes(random()) >> DROPPED_BITS).max(1)
}

/// Writes tasks and events: all that can be done, or nothing.
pub(crate) async fn take(
    database: &Database,
    caller: &Caller<'_>,
    planned: &[Planned],
) -> Result<Vec<Taken>, Problem> {
    let now_ms = now_ms();
    let transaction = database.transaction().await?;
    if let Some(key) = caller.replay_key
        && !api_calls::take(&transaction, key.as_str(), key.expires_at_s()).await?
    {
        transaction.rollback().await?;
        return Err(repeated());
    }
    if let Err(problem) = pay(database, caller, planned.len(), now_ms).await {
        transaction.rollback().await?;
        return Err(problem);
    }
    let made = make(&transaction, planned, now_ms).await?;
    let (taken, events) = address(database, caller, planned, &made, now_ms).await?;
    let rows = tasks::accept(&transaction, &events, now_ms).await?;
    transaction.commit().await?;
    Ok(with_rows(taken, rows))
}

fn repeated() -> Problem {
    Problem::new(
        409,
        "repeated_call",
        "This very call was taken before. Sign another one: a call is taken once.",
    )
}

async fn pay(
    database: &Database,
    caller: &Caller<'_>,
    operations: usize,
    now_ms: i64,
) -> Result<(), Problem> {
    let bucket = api_calls::bucket(database, caller.name).await?;
    match caller.limit.take(bucket, operations as f64, now_ms) {
        Ok(left) => Ok(api_calls::save_bucket(database, caller.name, left).await?),
        Err(exhausted) => Err(Problem::new(
            429,
            "too_many_requests",
            "Too many requests: limit is reached.",
        )
        .header("Retry-After", exhausted.retry_after_s.to_string())),
    }
}

async fn make(
    transaction: &Transaction<'_>,
    planned: &[Planned],
    now_ms: i64,
) -> Result<std::collections::BTreeSet<u64>, Problem> {
    let wanted = planned.iter().filter_map(|op| match &op.wish {
        Wish::Make(task) => Some(task.clone()),
        _ => None,
    });
    let wanted: Vec<NewTask> = wanted.collect();
    if wanted.is_empty() {
        return Ok(Default::default());
    }
    Ok(tasks::create(transaction, &wanted, now_ms).await?)
}

/// Finds the task of every event. The inbox rows are not known yet: they stand as 0.
async fn address(
    database: &Database,
    caller: &Caller<'_>,
    planned: &[Planned],
    made: &std::collections::BTreeSet<u64>,
    now_ms: i64,
) -> Result<(Vec<Taken>, Vec<InboundEvent>), Problem> {
    let (mut taken, mut events) = (Vec::with_capacity(planned.len()), Vec::new());
    let mut send = |task: u64, content: Content| {
        events.push(event(task, content, caller.name, &new_id("e"), now_ms));
    };
    for op in planned {
        taken.push(match &op.wish {
            Wish::Refuse(error) => Taken::Refused(error.clone()),
            Wish::Later(_) => Taken::Later,
            Wish::Make(task) if made.contains(&task.id) => {
                send(task.id, Content::TaskCreated);
                Taken::Made(task.id, 0)
            }
            Wish::Make(_) => Taken::Refused(OpError::RefTaken),
            Wish::Tell {
                process,
                task,
                content,
            } => {
                let found = match named(task) {
                    Some(named) => tasks::find(database, process, named).await?,
                    None => None,
                };
                match found {
                    Some(id) => {
                        send(id, content.clone());
                        Taken::Told(id, 0)
                    }
                    None => Taken::Refused(OpError::TaskNotFound),
                }
            }
        });
    }
    Ok((taken, events))
}

fn with_rows(taken: Vec<Taken>, rows: Vec<i64>) -> Vec<Taken> {
    let mut rows = rows.into_iter();
    let mut row = || rows.next().unwrap_or_default();
    let with_row = |taken| match taken {
        Taken::Made(task, _) => Taken::Made(task, row()),
        Taken::Told(task, _) => Taken::Told(task, row()),
        other => other,
    };
    taken.into_iter().map(with_row).collect()
}

/// What became of events by their inbox rows; those of which it is not known in time are left out.
pub(crate) async fn settle(
    database: &Database,
    org: &OrgId,
    rows: &[i64],
) -> Result<BTreeMap<i64, serde_json::Value>, Problem> {
    let until_ms = now_ms() + PATIENCE_MS;
    loop {
        let known = tasks::outcomes(database, rows).await?;
        let Some(first) = rows.iter().find(|row| !known.contains_key(row)) else {
            return Ok(known);
        };
        if now_ms() > until_ms {
            return Ok(known);
        }
        let path = format!("/{org}/run?event={first}");
        match vikno_shell::post("engine", &path, Vec::new()).await {
            Ok((200, _)) => {}
            Ok((status, _)) => {
                let fields = serde_json::json!({ "org": org, "status": status });
                log_error("engine_not_ready", fields);
                spin_sdk::time::sleep(PAUSE).await;
            }
            Err(cause) => {
                let fields = serde_json::json!({ "org": org, "cause": cause });
                log_error("engine_not_reached", fields);
                spin_sdk::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Why the engine refused an event, if it did.
pub(crate) fn refusal(outcome: &serde_json::Value) -> Option<OpError> {
    match outcome["status"].as_str() {
        Some("applied" | "ignored") => None,
        Some("refused") => Some(OpError::of_code(
            outcome["code"].as_str().unwrap_or_default(),
            outcome["detail"].as_str().unwrap_or_default(),
        )),
        _ => Some(OpError::Unavailable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_engines_word_becomes_corezoids() {
        let of = |outcome| refusal(&outcome);
        assert_eq!(of(json!({"status": "applied"})), None);
        assert_eq!(
            of(json!({"status": "refused", "code": "wrong_validate_params", "detail": "phone"})),
            Some(OpError::InvalidParams("phone".to_owned()))
        );
        assert_eq!(
            of(json!({"status": "refused", "code": "not_found_task", "detail": ""})),
            Some(OpError::TaskNotFound)
        );
        assert_eq!(of(json!({"status": "failed"})), Some(OpError::Unavailable));
    }
}
