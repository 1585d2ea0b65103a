//! What authors do with live dialogues: an event that the engine carries out, and how the dialogue stands then.

use crate::command::{self, BODY_BYTES, Intervene};
use crate::live;
use serde_json::json;
use vikno_authoring::Sight;
use vikno_domain::{Content, InboundEvent, Intervention, OperatorRef, OrgId};
use vikno_shell::{Problem, Reply, Request, json_body, new_id, now_ms};
use vikno_storage::versions::Person;
use vikno_storage::{Database, StorageError, operator_view};

pub(crate) async fn intervene(
    request: Request,
    org: &OrgId,
    database: &Database,
    id: &str,
    person: &Person,
    sight: Sight,
) -> Reply {
    let Intervene { reason, act } = json_body(request, BODY_BYTES).await?;
    let reason = command::reason(&reason)?;
    let (channel, chat) = match operator_view::address(database, id).await {
        Err(StorageError::NotFound) => return Err(live::unknown()),
        found => found?,
    };
    let content = content(person, reason, &act.into());
    let event = InboundEvent {
        channel,
        chat,
        dedupe_key: format!("author:{}", new_id("a")),
        at_ms: now_ms(),
        sender: None,
        external_id: Some(id.to_owned()),
        content,
    };
    if let Some(refusal) = vikno_shell::carry_out(database, org, &event).await? {
        return Err(refused(&refusal.code, refusal.detail));
    }
    live::dialogue(database, id, 0, sight).await
}

pub(crate) fn content(person: &Person, reason: String, act: &Intervention) -> Content {
    let author = OperatorRef {
        id: person.id.clone(),
        name: person.name.clone(),
    };
    Content::Intervention {
        author,
        reason,
        act: json!(act),
    }
}

fn refused(code: &str, detail: String) -> Problem {
    let (status, code) = match code {
        "unknown_node" => (400, "unknown_node"),
        "unknown_task" => (409, "unknown_task"),
        "nowhere_to_go" => (409, "nowhere_to_go"),
        "in_a_call" => (409, "in_a_call"),
        "conversation_closed" => (409, "conversation_closed"),
        "conversation_moved" => (409, "conversation_moved"),
        _ => (409, "refused"),
    };
    Problem::new(status, code, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Act;
    use serde_json::Value;

    #[test]
    fn each_act_is_read_and_mistakes_are_refused() {
        let read = |body: Value| serde_json::from_value::<Intervene>(body).map(|given| given.act);
        let stop = json!({ "do": "stop", "reason": "broken" });
        assert_eq!(read(stop).unwrap(), Act::Stop);
        let on = json!({ "do": "move_on", "task": 3, "reason": "broken" });
        assert_eq!(read(on).unwrap(), Act::MoveOn { task: 3 });
        let again = json!({ "do": "restart", "task": 3, "node": "start", "reason": "broken" });
        let restart = Act::Restart {
            task: 3,
            node: "start".to_owned(),
        };
        assert_eq!(read(again).unwrap(), restart);
        for bad in [
            json!({ "do": "stop" }),
            json!({ "do": "move_on", "reason": "broken" }),
            json!({ "do": "restart", "task": 3, "reason": "broken" }),
            json!({ "do": "delete", "reason": "broken" }),
        ] {
            assert!(read(bad.clone()).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_names_nothing_is_the_callers_mistake() {
        let status = |code| refused(code, String::new()).status();
        assert_eq!(status("unknown_node"), 400);
        assert_eq!(status("unknown_task"), 409);
        assert_eq!(status("something new"), 409);
    }
}
