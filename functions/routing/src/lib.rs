//! Gives those who wait in distributed queues to operators who are at work and free. Whom it gives to whom is decided
//! in `vikno-routing`; that it is done is the engine's decision, since somebody may have taken the conversation meanwhile.

use serde_json::json;
use spin_sdk::http_service;
use vikno_domain::{Content, InboundEvent, OperatorAction, OperatorRef, OrgId};
use vikno_routing::{Given, distribute};
use vikno_shell::{Problem, Reply, Request, Response, now_ms};
use vikno_storage::{Database, distribution, operator_view};

/// An operator whose console has not asked for so long is not there.
const AWAY_MS: i64 = 60_000;

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::answered(request, run).await
}

/// `POST /{org}/run`: one round.
async fn run(request: Request) -> Reply {
    vikno_shell::method(&request, "POST")?;
    let segments = vikno_shell::path_segments(&request);
    let org = segments.first().and_then(|id| OrgId::parse(id).ok());
    let org = org.ok_or_else(|| Problem::new(404, "unknown_organisation", "Call /{org}/run."))?;
    let organisation = vikno_shell::served_organisation(&org).await?;
    let now_ms = now_ms();
    let queues = organisation
        .queues
        .iter()
        .filter(|queue| queue.is_distributed);
    let queues: Vec<&str> = queues.map(|queue| queue.id.as_str()).collect();
    let database = Database::open(org.as_str()).await?;
    let waiting = distribution::waiting(&database, &queues).await?;
    if waiting.is_empty() {
        return Ok(vikno_shell::json(200, &json!({ "given": 0 })));
    }
    let core = Database::open("core").await?;
    let candidates =
        distribution::candidates(&core, &database, org.as_str(), now_ms - AWAY_MS).await?;
    let mut given = 0;
    for one in distribute(&organisation, waiting, candidates, now_ms) {
        given += usize::from(give(&database, &org, one, now_ms).await?);
    }
    Ok(vikno_shell::json(200, &json!({ "given": given })))
}

/// False when somebody has it already.
async fn give(
    database: &Database,
    org: &OrgId,
    given: Given,
    now_ms: i64,
) -> Result<bool, Problem> {
    let (channel, chat) = operator_view::address(database, &given.conversation).await?;
    let event = InboundEvent {
        channel,
        chat,
        dedupe_key: format!("routing:{}:{now_ms}", given.conversation),
        at_ms: now_ms,
        sender: None,
        external_id: Some(given.conversation),
        content: Content::Operator {
            operator: OperatorRef {
                id: "routing".to_owned(),
                name: "routing".to_owned(),
            },
            action: OperatorAction::Assign {
                to: given.to,
                waiting_only: true,
            },
        },
    };
    Ok(vikno_shell::carry_out(database, org, &event)
        .await?
        .is_none())
}
