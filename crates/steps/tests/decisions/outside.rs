//! What outside systems ask of dialogues: parameters in, a wish or a mistake out.

use crate::support::*;
use serde_json::{Value, json};
use vikno_domain::{Channel, Content, ConversationStatus, DialogueAct};
use vikno_domain::{Effect, StepRequest};
use vikno_steps::dialogue::{Target, decide, target};
use vikno_steps::operator_events;

fn wish(params: Value) -> StepRequest {
    with_params(
        request(ConversationStatus::Open, Content::TaskCreated),
        params,
    )
}

/// The wish as JSON without the message's author, or the failure's code and words.
fn asked(params: Value) -> String {
    let address = Some((Channel::Web, "w_1".to_owned()));
    match decide(&wish(params), &organisation(), address) {
        Ok(response) => match response.effects.as_slice() {
            [Effect::Ask { request }] => json!(request.act).to_string(),
            other => panic!("{other:?}"),
        },
        Err(error) => format!("{}: {}", error.code, error.message),
    }
}

#[test]
fn each_operation_becomes_its_wish() {
    for (params, expected) in [
        (
            json!({"do": "say", "text": "Готово\u{7}", "buttons": ""}),
            r#"{"do":"say","message":{"from":"robot","text":"Готово"}}"#,
        ),
        (
            json!({"do": "say", "text": "Так?", "buttons": "[{\"id\":\"yes\",\"label\":\"Так\"}]"}),
            r#"{"do":"say","message":{"buttons":[{"id":"yes","label":"Так"}],"from":"robot","text":"Так?"}}"#,
        ),
        (
            json!({"do": "status", "status": "open"}),
            r#"{"do":"release"}"#,
        ),
        (
            json!({"do": "status", "status": "waiting", "queue": ""}),
            r#"{"do":"enqueue"}"#,
        ),
        (
            json!({"do": "status", "status": "voting"}),
            r#"{"do":"end","rate":true}"#,
        ),
        (
            json!({"do": "status", "status": "closed"}),
            r#"{"do":"end","rate":false}"#,
        ),
        (
            json!({"do": "end", "rate": ""}),
            r#"{"do":"end","rate":true}"#,
        ),
        (
            json!({"do": "end", "rate": "false"}),
            r#"{"do":"end","rate":false}"#,
        ),
        (
            json!({"do": "move", "queue": "benefits", "org": ""}),
            r#"{"do":"enqueue","queue":"benefits"}"#,
        ),
        (
            json!({"do": "move", "org": "mzs", "reason": "віза"}),
            r#"{"do":"move_to_organisation","org":"mzs","reason":"віза"}"#,
        ),
        (
            json!({"do": "update", "phone": "067 123 45 67", "phone_verified": "true", "priority": "4", "name": ""}),
            r#"{"do":"update","phone":"+380671234567","phone_verified":true,"priority":4}"#,
        ),
    ] {
        assert_eq!(asked(params.clone()), expected, "{params}");
    }
}

#[test]
fn each_mistake_names_its_parameter() {
    for (params, expected) in [
        (json!({}), "invalid_parameter: 'do'"),
        (json!({"do": "say"}), "invalid_parameter: 'text' is missing"),
        (
            json!({"do": "say", "text": "x".repeat(4_001)}),
            "invalid_parameter: 'text' is too long",
        ),
        (
            json!({"do": "say", "text": "x", "buttons": "{"}),
            "invalid_parameter: 'buttons'",
        ),
        (
            json!({"do": "say", "text": "x", "buttons": [{"id": "", "label": "x"}]}),
            "invalid_parameter: 'buttons'",
        ),
        (
            json!({"do": "status", "status": "lost"}),
            "invalid_parameter: 'status'",
        ),
        (
            json!({"do": "status", "status": "with_operator"}),
            "needs_operator",
        ),
        (json!({"do": "move"}), "invalid_parameter: 'queue'"),
        (
            json!({"do": "move", "org": "?"}),
            "invalid_parameter: 'org'",
        ),
        (json!({"do": "update"}), "invalid_parameter: 'name'"),
        (
            json!({"do": "update", "phone": "12"}),
            "invalid_parameter: 'phone'",
        ),
        (
            json!({"do": "update", "language": "?"}),
            "invalid_parameter: 'language'",
        ),
        (
            json!({"do": "update", "topic": "none"}),
            "invalid_parameter: 'topic'",
        ),
        (
            json!({"do": "update", "priority": "soon"}),
            "invalid_parameter: 'priority'",
        ),
        (
            json!({"do": "update", "priority": 10}),
            "invalid_parameter: 'priority'",
        ),
    ] {
        let told = asked(params.clone());
        assert!(told.starts_with(expected), "{params}: {told}");
    }
}

#[test]
fn a_dialogue_is_named_by_its_id_or_by_its_chat() {
    let named = |params: Value| format!("{:?}", target(&wish(params)).map_err(|error| error.code));
    let by_id = target(&wish(
        json!({"conversation_id": "c_1", "channel": "web", "chat": "w"}),
    ))
    .map(|target| target == Target::Conversation("c_1"));
    assert_eq!(by_id, Ok(true));
    assert_eq!(
        named(json!({"channel": "telegram", "chat": "42"})),
        r#"Ok(Chat(Telegram, "42"))"#
    );
    for wrong in [
        json!({}),
        json!({"channel": "web"}),
        json!({"channel": "api", "chat": "1"}),
        json!({"channel": "fax", "chat": "1"}),
    ] {
        assert_eq!(named(wrong), r#"Err("invalid_parameter")"#);
    }
    let nowhere = decide(&wish(json!({"do": "end"})), &organisation(), None);
    assert_eq!(
        nowhere.map_err(|error| error.code).err().as_deref(),
        Some("unknown_dialogue")
    );
}

#[test]
fn to_the_citizen_it_is_as_if_an_operator_had_done_it() {
    let organisation = organisation();
    let of = |act: DialogueAct| {
        let content = Content::Asked { task: None, act };
        told(operator_events::decide(
            &request(ConversationStatus::Open, content),
            Some(&organisation),
        ))
    };
    let queue = Some("benefits".to_owned());
    assert_eq!(of(DialogueAct::Enqueue { queue }), ">operator @benefits");
    assert_eq!(of(DialogueAct::End { rate: true }), ">complete");
    assert_eq!(of(DialogueAct::Release), "");
    let org = vikno_domain::OrgId::parse("mzs").unwrap();
    let moved = DialogueAct::MoveToOrganisation {
        org,
        queue: None,
        reason: None,
    };
    assert_eq!(
        of(moved),
        "moved-to-organisation !transfer_organisation(mzs)"
    );
}
