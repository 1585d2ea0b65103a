//! The tick: puts due timers into the inbox, wakes the engine and delivery where work waits, lets old rows go.
//! It decides nothing; a tick that comes late or twice does the same as one in time.

use futures_util::future::join_all;
use serde_json::json;
use spin_sdk::http_service;
use vikno_shell::{Reply, Request, Response, log_error, now_ms};
use vikno_storage::{Database, StorageError, api_calls, search, tasks, timers};

/// Channels repeat a webhook for a day at the most; a week leaves room for an outage of theirs.
const INBOX_KEPT_MS: i64 = 7 * 24 * 3600 * 1000;
/// What became of a task of an outside system can be asked for a month; Corezoid keeps its own to the month's end.
const TASKS_KEPT_MS: i64 = 30 * 24 * 3600 * 1000;
/// Old rows are looked for once in this many ticks.
const PRUNE_EVERY: i64 = 60;
/// Whether operators who have dialogues are still there is looked at so often, in ticks.
const ABSENT_EVERY: i64 = 10;
/// What was said is found by its words after so many ticks.
const INDEX_EVERY: i64 = 5;

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::answered(request, tick).await
}

async fn tick(request: Request) -> Reply {
    vikno_shell::method(&request, "POST")?;
    let now_ms = now_ms();
    let all = vikno_shell::served_organisations().await;
    let ticks = all
        .iter()
        .map(async |org| (org, organisation(org.as_str(), now_ms).await));
    let results = join_all(ticks).await;
    let mut failed = 0;
    for (org, result) in results {
        if let Err(error) = result {
            failed += 1;
            log_error(
                "tick_failed",
                json!({ "org": org, "cause": error.to_string() }),
            );
        }
    }
    let status = if failed == 0 { 200 } else { 500 };
    Ok(vikno_shell::json(status, &json!({ "failed": failed })))
}

async fn organisation(org: &str, now_ms: i64) -> Result<(), StorageError> {
    let database = Database::open(org).await?;
    timers::fire_due(&database, now_ms).await?;
    if (now_ms / 1000) % INDEX_EVERY == 0 {
        search::index(&database).await?;
    }
    if (now_ms / 1000) % PRUNE_EVERY == 0 {
        timers::prune_inbox(&database, now_ms - INBOX_KEPT_MS).await?;
        tasks::sweep(&database, now_ms - TASKS_KEPT_MS).await?;
        api_calls::sweep(&database, now_ms / 1000).await?;
    }
    let backlog = timers::backlog(&database, now_ms).await?;
    // After the tick's answer, so that a busy organisation does not hold up the timers of the others.
    let looks_for_absent = (now_ms / 1000) % ABSENT_EVERY == 0;
    for (component, action, waits) in [
        ("engine", "run", backlog.events),
        ("delivery", "run", backlog.deliveries),
        ("routing", "run", backlog.citizens),
        ("routing", "absent", backlog.held && looks_for_absent),
    ] {
        if waits {
            vikno_shell::nudge(component, format!("/{org}/{action}"));
        }
    }
    Ok(())
}
