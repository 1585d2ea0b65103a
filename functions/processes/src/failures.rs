//! What failed and waits for people: a list to work off.

use crate::command::{self, BODY_BYTES, Settle};
use serde_json::{Value, json};
use vikno_authoring::{Sight, journal_data};
use vikno_domain::rfc3339;
use vikno_shell::{Problem, Reply, Request, json as answer, json_body, now_ms, query};
use vikno_storage::Database;
use vikno_storage::instances::{self, Failure, PAGE};
use vikno_storage::versions::Person;

/// A larger number is told as this one.
const COUNT_MAX: i64 = 1_000;
/// As many as a page shows, a few times over.
const SETTLED_AT_ONCE_MAX: usize = 500;

pub(crate) async fn list(request: &Request, database: &Database, sight: Sight) -> Reply {
    let query = query(request);
    let before = command::before(query.get("before").map(String::as_str))?;
    let mut found = instances::failures(database, before).await?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = found.len() > page;
    found.truncate(page);
    let cursor = found.last().filter(|_| more);
    let body = json!({
        "failures": found.iter().map(|failure| told(failure, sight)).collect::<Vec<_>>(),
        "open": instances::count_failures(database, COUNT_MAX).await?,
        "cursor": cursor.map(|last| last.line.id.to_string()),
    });
    Ok(answer(200, &body))
}

fn told(failure: &Failure, sight: Sight) -> Value {
    let line = &failure.line;
    let conversation = failure.conversation.as_ref();
    json!({
        "id": line.id,
        "at": rfc3339(line.at_ms),
        "what": line.what,
        "data": journal_data(&line.data, sight),
        "conversation": conversation.map(|(id, status)| json!({ "id": id, "status": status })),
    })
}

pub(crate) async fn settle(request: Request, database: &Database, person: &Person) -> Reply {
    let Settle { reason, ids } = json_body(request, BODY_BYTES).await?;
    let reason = command::reason(&reason)?;
    if ids.is_empty() || ids.len() > SETTLED_AT_ONCE_MAX {
        let detail = format!("'ids' must name 1 to {SETTLED_AT_ONCE_MAX} failures.");
        return Err(Problem::new(400, "invalid_field", detail));
    }
    let settled = instances::settle_failures(database, &ids, person, &reason, now_ms()).await?;
    let open = instances::count_failures(database, COUNT_MAX).await?;
    Ok(answer(200, &json!({ "settled": settled, "open": open })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vikno_storage::instances::Happening;

    #[test]
    fn a_failure_is_told_with_where_it_was_and_how_the_dialogue_stands() {
        let failure = Failure {
            line: Happening {
                id: 7,
                at_ms: 0,
                actor: "process".to_owned(),
                what: "step_failed".to_owned(),
                data: json!({ "step": "queue", "code": "unreachable", "cause": "Оля" }),
            },
            conversation: Some(("c_1".to_owned(), "waiting".to_owned())),
        };
        let shown = told(&failure, Sight::Masked);
        assert_eq!(shown["conversation"]["status"], "waiting");
        assert_eq!(shown["data"]["step"], "queue");
        assert_eq!(shown["data"]["cause"], "•••");
    }
}
