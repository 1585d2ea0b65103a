//! How often each node was entered lately, by all dialogues.

use crate::command;
use serde_json::json;
use vikno_authoring::Traffic;
use vikno_domain::rfc3339;
use vikno_shell::{Reply, Request, json as answer, now_ms, query};
use vikno_storage::Database;
use vikno_storage::instances::{self, RUNS};

/// 20 pages of 1,000 lines: some 10 MB of ways, read a page at a time.
const LINES_MAX: i64 = 20_000;
const DAY_MS: i64 = 86_400_000;

pub(crate) async fn read(request: &Request, database: &Database) -> Reply {
    let query = query(request);
    let days = command::days(query.get("days").map(String::as_str))?;
    let since_ms = now_ms() - days * DAY_MS;
    let mut traffic = Traffic::default();
    let mut before = (i64::MAX, i64::MAX);
    let mut complete = false;
    for _ in 0..LINES_MAX / RUNS {
        let page = instances::runs(database, since_ms, before).await?;
        for run in &page {
            traffic.count(run.conversation.as_deref(), &run.path);
        }
        before = page.last().map_or(before, |last| (last.at_ms, last.id));
        complete = i64::try_from(page.len()).is_ok_and(|lines| lines < RUNS);
        if complete {
            break;
        }
    }
    let from_ms = if complete { since_ms } else { before.0 };
    let body = json!({
        "from": rfc3339(from_ms),
        "days": days,
        "dialogues": traffic.dialogues(),
        "lines": traffic.lines(),
        "complete": complete,
        "processes": traffic.processes(),
    });
    Ok(answer(200, &body))
}
