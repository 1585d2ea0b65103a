//! Events in operators' chat and the control of operators' sessions.

use crate::support::*;
use serde_json::json;
use vikno_domain::ConversationStatus::{self, Open, WithOperator};
use vikno_domain::{MediaRef, OperatorAction, OrgId};
use vikno_steps::{operator_events, operator_session};

fn act(action: OperatorAction) -> String {
    let organisation = organisation();
    told(operator_events::decide(
        &request(WithOperator, operator(action)),
        Some(&organisation),
    ))
}

#[test]
fn each_action_has_its_answer() {
    let media = MediaRef {
        id: "m_1".into(),
        media_type: "image/png".into(),
        name: "a.png".into(),
        size: 9,
    };
    let message = OperatorAction::Message {
        text: Some("Вітаю".into()),
        media: Some(media),
    };
    let transfer = OperatorAction::TransferOrganisation {
        org: OrgId::parse("mzs").unwrap(),
        queue: Some("visas".into()),
        reason: None,
    };
    for (action, expected) in [
        (OperatorAction::Take, "operator-joined"),
        (
            message,
            r#"!send({"from":"operator","media":{"id":"m_1","name":"a.png","size":9,"type":"image/png"},"text":"Вітаю"})"#,
        ),
        (
            OperatorAction::Note {
                text: "дзвонив двічі".into(),
            },
            "",
        ),
        (
            OperatorAction::Close {
                reason: Some("done".into()),
            },
            ">complete",
        ),
        (
            OperatorAction::TransferQueue {
                queue: "benefits".into(),
                reason: None,
            },
            ">operator @benefits",
        ),
        (
            transfer,
            "moved-to-organisation !transfer_organisation(mzs,visas)",
        ),
    ] {
        assert_eq!(act(action.clone()), expected, "{action:?}");
    }
}

#[test]
fn the_citizen_reads_names_in_their_language() {
    let organisation = organisation();
    let transfer = OperatorAction::TransferOrganisation {
        org: organisation.id.clone(),
        queue: None,
        reason: None,
    };
    let mut request = request(WithOperator, operator(transfer));
    request.conversation.language = language("en");
    let response = operator_events::decide(&request, Some(&organisation)).unwrap();
    assert_eq!(
        response.data["reply"]["args"],
        json!({"name": "Ministry of Social Policy"})
    );
    assert_eq!(response.data["reply"]["from"], "system");
}

#[test]
fn a_transfer_to_nowhere_and_a_citizens_event_are_terminal_errors() {
    let transfer = OperatorAction::TransferOrganisation {
        org: OrgId::parse("nowhere").unwrap(),
        queue: None,
        reason: None,
    };
    let transfer = request(WithOperator, operator(transfer));
    assert_eq!(
        operator_events::transfer_target(&transfer)
            .unwrap()
            .as_str(),
        "nowhere"
    );
    assert_eq!(
        told(operator_events::decide(&transfer, None)),
        "error unknown_organisation"
    );
    let citizens = request(WithOperator, text("вітаю"));
    assert_eq!(
        told(operator_events::decide(&citizens, None)),
        "error not_an_operator_event"
    );
}

#[test]
fn a_dialogue_moved_here_goes_to_the_wished_queue() {
    let moved = event(
        json!({"kind": "transferred_in", "conversation": {"from": {"org": "mzs"},
        "citizen_channel": "viber", "citizen_chat": "v", "language": "uk", "queue": "benefits", "history": []}}),
    );
    assert_eq!(
        told(operator_events::decide(&request(Open, moved), None)),
        ">operator @benefits"
    );
}

/// Seconds ago: the citizen's last message, the operator's last one (0: none), the taking.
fn silence(status: ConversationStatus, citizen_s: i64, operator_s: i64, taken_s: i64) -> String {
    let mut request = request(status, event(json!({"kind": "timer"})));
    let ago = |seconds: i64| NOW_MS - seconds * 1_000;
    request.conversation.citizen_last_at_ms = ago(citizen_s);
    request.conversation.operator_last_at_ms = if operator_s == 0 { 0 } else { ago(operator_s) };
    request.conversation.taken_at_ms = ago(taken_s);
    request.conversation.queue = Some("benefits".into());
    told(operator_session::decide(&request, &organisation()))
}

#[test]
fn a_silent_operator_is_excused_once_and_then_replaced() {
    let returned = "returned-to-queue !enqueue(0,benefits)";
    for (citizen_s, operator_s, taken_s, expected) in [
        (299, 0, 299, ""),
        (300, 0, 400, "operator-busy"),
        (599, 700, 800, "operator-busy"),
        (600, 0, 900, ""),
        (899, 0, 900, ""),
        (900, 0, 901, returned),
        (100_000, 0, 100_000, returned),
        // Answered: nothing to do, however long ago.
        (5_000, 4_000, 6_000, ""),
        // The time in the queue is no silence of the operator.
        (5_000, 0, 100, ""),
        (5_000, 0, 310, "operator-busy"),
        // An earlier operator's answer is not this one's.
        (5_000, 6_000, 310, "operator-busy"),
    ] {
        assert_eq!(
            silence(WithOperator, citizen_s, operator_s, taken_s),
            expected,
            "{citizen_s} {operator_s} {taken_s}"
        );
    }
}

#[test]
fn only_a_dialogue_with_an_operator_is_controlled() {
    for status in STATUSES
        .into_iter()
        .filter(|status| *status != WithOperator)
    {
        assert_eq!(silence(status, 100_000, 0, 100_000), "", "{status:?}");
    }
}
