//! Signed calls, versions 1 and 2.

use crate::answers::{Looking, of_taken};
use crate::catalogue::Catalogue;
use crate::plan::{Planned, Wish, plan};
use crate::settings::{self, Addresses};
use crate::taking::{self, Caller, Taken, draw_number, settle};
use crate::{BODY_LIMIT, denied, frame, sync, unreadable};
use serde::Deserialize;
use serde::de::IgnoredAny;
use vikno_corezoid::api::{Answer, OpAnswer, Request as Call, SignedCall, Version};
use vikno_domain::OrgId;
use vikno_shell::{Problem, Reply, Request, now_ms};
use vikno_storage::Database;

/// `/{org}/api/{version}/json/{login}/{time}/{signature}`.
pub(crate) struct Address<'a> {
    pub(crate) version: Version,
    pub(crate) login: &'a str,
    pub(crate) time: &'a str,
    pub(crate) signature: &'a str,
}

pub(crate) async fn take(request: Request, org: &OrgId, address: Address<'_>) -> Reply {
    let account = settings::account(org).await?;
    let body = vikno_shell::body(request, BODY_LIMIT).await?;
    let verified = SignedCall::parse(address.login, address.time, address.signature)
        .and_then(|call| call.verify(&account, &body, now_ms() / 1_000))
        .map_err(|refused| denied(refused.public_text(), refused))?;
    let caller = Caller {
        name: account.login(),
        replay_key: Some(verified.replay_key()),
        limit: settings::limit().await,
    };
    if asks_to_wait(&body) {
        return sync::take(org, &caller, verified.body(), address.version).await;
    }
    let ops = match Call::parse(verified.body()) {
        Ok(call) => call.ops,
        Err(error) => return Ok(unreadable(error, address.version)),
    };
    let database = Database::open(org.as_str()).await?;
    let catalogue = Catalogue::newest(&database, org).await?;
    let addresses = Addresses::of(org).await;
    let planned = plan(ops, &catalogue, addresses.as_ref(), draw_number);
    let taken = taking::take(&database, &caller, &planned).await?;
    let looking = Looking {
        org,
        database: &database,
        catalogue: &catalogue,
        addresses: addresses.as_ref(),
    };
    let answers = answers(&looking, planned, &taken).await?;
    Ok(frame(&Answer::of(answers), address.version))
}

/// A body with a `timeout` is a synchronous call: no other one has such a field.
fn asks_to_wait(body: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Peek {
        timeout: Option<IgnoredAny>,
    }
    serde_json::from_slice::<Peek>(body).is_ok_and(|peek| peek.timeout.is_some())
}

/// What is looked at is looked at when everything else of the call is done.
async fn answers(
    looking: &Looking<'_>,
    planned: Vec<Planned>,
    taken: &[Taken],
) -> Result<Vec<OpAnswer>, Problem> {
    let rows: Vec<i64> = taken
        .iter()
        .filter_map(|taken| match taken {
            Taken::Made(_, row) | Taken::Told(_, row) => Some(*row),
            Taken::Later | Taken::Refused(_) => None,
        })
        .collect();
    let outcomes = settle(looking.database, looking.org, &rows).await?;
    let mut answers = Vec::with_capacity(planned.len());
    for (Planned { echo, wish }, taken) in planned.into_iter().zip(taken) {
        answers.push(match wish {
            Wish::Later(action) => looking.answer(echo, &action).await?,
            _ => of_taken(echo, taken, &outcomes),
        });
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::asks_to_wait;

    #[test]
    fn a_timeout_makes_a_call_synchronous() {
        assert!(asks_to_wait(br#"{"timeout": 30, "ops": []}"#));
        assert!(asks_to_wait(br#"{"timeout": "x", "ops": []}"#));
        for other in ["{\"ops\": []}", "[]", "{", ""] {
            assert!(!asks_to_wait(other.as_bytes()), "{other}");
        }
    }
}
