//! Takes every event of an organisation through its processes: claims chats, runs their events in order, writes
//! each batch in one transaction. Reaches nothing but the organisation's database and the step components.

mod catalogue;
mod run;
mod steps;

use serde_json::json;
use spin_sdk::http_service;
use std::time::Duration;
use vikno_domain::{InboundEvent, OrgId};
use vikno_shell::{Problem, Reply, Request, Response};
use vikno_storage::{Database, inbox, turns};

/// An event that another organisation passes on carries at most 50 messages of a dialogue.
const EVENT_BYTES: usize = 1024 * 1024;
/// How long an operator's call waits for its own event when another runner has the chat.
const OUTCOME_WAIT_MS: i64 = 8_000;
/// Between two looks; a batch of a busy runner takes tens of milliseconds.
const OUTCOME_POLL: Duration = Duration::from_millis(15);

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::answered(request, route).await
}

async fn route(request: Request) -> Reply {
    vikno_shell::method(&request, "POST")?;
    let segments = vikno_shell::path_segments(&request);
    let [org, action] = segments.as_slice() else {
        return Err(unknown());
    };
    let org = OrgId::parse(org).map_err(|_| unknown())?;
    match action.as_str() {
        "run" => run(&org, &request).await,
        "inbox" => accept(&org, request).await,
        _ => Err(unknown()),
    }
}

fn unknown() -> Problem {
    Problem::new(
        404,
        "not_found",
        "The engine knows /{org}/run and /{org}/inbox.",
    )
}

/// Runs until nothing waits. With `?event=<inbox id>` the answer tells what became of that event.
async fn run(org: &OrgId, request: &Request) -> Reply {
    let wanted = vikno_shell::query(request)
        .get("event")
        .and_then(|id| id.parse::<i64>().ok());
    let processed = run::until_idle(org).await?;
    let outcome = match wanted {
        Some(id) => Some(outcome(org, id).await?),
        None => None,
    };
    Ok(vikno_shell::json(
        200,
        &json!({ "processed": processed, "outcome": outcome }),
    ))
}

async fn outcome(org: &OrgId, id: i64) -> Result<serde_json::Value, Problem> {
    let database = Database::open(org.as_str()).await?;
    let give_up_ms = vikno_shell::now_ms() + OUTCOME_WAIT_MS;
    loop {
        if let Some(outcome) = turns::outcome(&database, id).await? {
            return Ok(outcome);
        }
        if vikno_shell::now_ms() > give_up_ms {
            return Err(
                Problem::new(503, "busy", "The dialogue is busy. Try again in a second.")
                    .header("Retry-After", "1"),
            );
        }
        spin_sdk::time::sleep(OUTCOME_POLL).await;
        run::until_idle(org).await?;
    }
}

/// Takes an event from another organisation's delivery.
async fn accept(org: &OrgId, request: Request) -> Reply {
    let event: InboundEvent = vikno_shell::json_body(request, EVENT_BYTES).await?;
    let database = Database::open(org.as_str()).await?;
    let accepted = inbox::accept(&database, &event, vikno_shell::now_ms()).await?;
    if let inbox::Accepted::New {
        is_awaited: false, ..
    } = accepted
    {
        vikno_shell::nudge("engine", format!("/{org}/run"));
    }
    let body = match accepted {
        inbox::Accepted::New { id, .. } => json!({ "id": id, "duplicate": false }),
        inbox::Accepted::Ignored => json!({ "duplicate": false }),
        inbox::Accepted::Duplicate => json!({ "duplicate": true }),
    };
    Ok(vikno_shell::json(200, &body))
}
