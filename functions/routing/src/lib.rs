//! Gives those who wait in distributed queues to operators who are at work and free, and takes back what absent operators
//! left. Whom it gives to whom is decided in `vikno-routing`; that it is done is the engine's decision, since somebody may have taken the conversation meanwhile.

use serde_json::json;
use spin_sdk::http_service;
use vikno_domain::{Content, InboundEvent, OperatorAction, OperatorRef, OrgId};
use vikno_organisation::Organisation;
use vikno_routing::distribute;
use vikno_shell::{Problem, Reply, Request, Response, now_ms};
use vikno_storage::distribution::{self, Left};
use vikno_storage::{Database, operator_view};

/// An operator whose console has not asked for so long is not there.
const AWAY_MS: i64 = 60_000;

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::answered(request, run).await
}

/// `POST /{org}/run` gives out who waits; `POST /{org}/absent` takes back what absent operators left.
async fn run(request: Request) -> Reply {
    vikno_shell::method(&request, "POST")?;
    let segments = vikno_shell::path_segments(&request);
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let unknown = || Problem::new(404, "not_found", "Call /{org}/run or /{org}/absent.");
    let [org, action] = segments[..] else {
        return Err(unknown());
    };
    let org = OrgId::parse(org).map_err(|_| unknown())?;
    let organisation = vikno_shell::served_organisation(&org).await?;
    let round = Round {
        database: Database::open(org.as_str()).await?,
        now_ms: now_ms(),
        organisation: &organisation,
    };
    let done = match action {
        "run" => json!({ "given": round.give_out().await? }),
        "absent" => json!({ "returned": round.take_back().await? }),
        _ => return Err(unknown()),
    };
    Ok(vikno_shell::json(200, &done))
}

/// One round in one organisation.
struct Round<'a> {
    database: Database,
    now_ms: i64,
    organisation: &'a Organisation,
}

impl Round<'_> {
    /// Conversations of operators who are not there any more go back to their queues.
    async fn take_back(&self) -> Result<usize, Problem> {
        let away_ms = self
            .organisation
            .timers
            .operator_away_s
            .saturating_mul(1_000);
        let seen_from_ms = self.now_ms.saturating_sub(away_ms);
        let core = Database::open("core").await?;
        let left = distribution::left_alone(&core, &self.database, seen_from_ms).await?;
        let mut returned = 0;
        for Left {
            conversation,
            operator,
        } in left
        {
            let action = OperatorAction::Return { absent: operator };
            returned += usize::from(self.act(conversation, action).await?);
        }
        Ok(returned)
    }

    /// Those who wait in distributed queues are given to who is free.
    async fn give_out(&self) -> Result<usize, Problem> {
        let queues = self.organisation.queues.iter();
        let queues = queues.filter(|queue| queue.is_distributed);
        let queues: Vec<&str> = queues.map(|queue| queue.id.as_str()).collect();
        let waiting = distribution::waiting(&self.database, &queues).await?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let org = self.organisation.id.as_str();
        let seen_from_ms = self.now_ms - AWAY_MS;
        let core = Database::open("core").await?;
        let candidates = distribution::candidates(&core, &self.database, org, seen_from_ms).await?;
        let mut given = 0;
        for one in distribute(self.organisation, waiting, candidates, self.now_ms) {
            let action = OperatorAction::Assign {
                to: one.to,
                waiting_only: true,
            };
            given += usize::from(self.act(one.conversation, action).await?);
        }
        Ok(given)
    }

    /// False when it is refused: somebody has it already.
    async fn act(&self, conversation: String, action: OperatorAction) -> Result<bool, Problem> {
        let (channel, chat) = operator_view::address(&self.database, &conversation).await?;
        let event = InboundEvent {
            channel,
            chat,
            dedupe_key: format!("routing:{conversation}:{}", self.now_ms),
            at_ms: self.now_ms,
            sender: None,
            external_id: Some(conversation),
            content: Content::Operator {
                operator: OperatorRef {
                    id: "routing".to_owned(),
                    name: "routing".to_owned(),
                },
                action,
            },
        };
        let refusal = vikno_shell::carry_out(&self.database, &self.organisation.id, &event).await?;
        Ok(refusal.is_none())
    }
}
