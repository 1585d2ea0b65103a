//! What people do with a dialogue is an event: it goes into the inbox and through the engine, and its outcome comes back.

use crate::{Problem, post};
use serde::Deserialize;
use vikno_domain::{InboundEvent, OrgId};
use vikno_storage::Database;
use vikno_storage::inbox::{self, Accepted};

/// Why the engine did not carry an event out.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Stable, in snake case.
    pub code: String,
    /// For the caller.
    pub detail: String,
}

/// Has the engine carry an event out, also when it was accepted before; `None` when it did.
pub async fn carry_out(
    database: &Database,
    org: &OrgId,
    event: &InboundEvent,
) -> Result<Option<Refusal>, Problem> {
    let id = accept(database, event).await?;
    let path = format!("/{org}/run?event={id}");
    let (status, body) = post("engine", &path, Vec::new()).await.map_err(later)?;
    if status != 200 {
        return Err(later(format!("the engine answered {status}")));
    }
    let ran: Ran = serde_json::from_slice(&body).map_err(Problem::fault)?;
    settled(ran.outcome)
}

/// The inbox row of the event.
async fn accept(database: &Database, event: &InboundEvent) -> Result<i64, Problem> {
    let id = match inbox::accept(database, event, event.at_ms).await? {
        Accepted::New { id, .. } => Some(id),
        Accepted::Ignored | Accepted::Duplicate => {
            inbox::find(database, event.channel.as_str(), &event.dedupe_key).await?
        }
    };
    id.ok_or_else(|| Problem::fault("a person's event is not in the inbox"))
}

#[derive(Deserialize)]
struct Ran {
    outcome: Outcome,
}

/// What became of the event, by the engine.
#[derive(Deserialize)]
struct Outcome {
    status: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    detail: String,
}

fn settled(outcome: Outcome) -> Result<Option<Refusal>, Problem> {
    let Outcome {
        status,
        code,
        detail,
    } = outcome;
    match status.as_str() {
        "applied" | "ignored" => Ok(None),
        "refused" => Ok(Some(Refusal { code, detail })),
        other => Err(Problem::fault(format!("a person's event ended as {other}"))),
    }
}

/// The event is safe in the inbox and will have its turn; only its outcome is not known yet.
fn later(cause: impl std::fmt::Display) -> Problem {
    Problem::new(
        503,
        "outcome_unknown",
        "It was taken in, but not carried out yet. Look again in a second, or repeat it with the same client_id.",
    )
    .header("Retry-After", "1")
    .internal(cause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_engines_word_decides() {
        let of = |outcome| {
            let ran: Ran =
                serde_json::from_value(json!({ "processed": 1, "outcome": outcome })).unwrap();
            settled(ran.outcome).map_err(|problem| (problem.status(), problem.code()))
        };
        assert_eq!(of(json!({ "status": "applied" })), Ok(None));
        let refusal = Refusal {
            code: "not_taken".to_owned(),
            detail: "why".to_owned(),
        };
        assert_eq!(
            of(json!({ "status": "refused", "code": "not_taken", "detail": "why" })),
            Ok(Some(refusal))
        );
        assert_eq!(
            of(json!({ "status": "failed" })),
            Err((500, "internal_error"))
        );
    }
}
