//! The vote and the dialog-complete widget.

use crate::support::*;
use serde_json::json;
use vikno_domain::ConversationStatus::{self, Closed, Open, Voting, Waiting, WithOperator};
use vikno_domain::{Content, Effect, OperatorAction};
use vikno_steps::{dialog_complete, vote};

const VOTES: &str = "[vote:5 vote:4 vote:3 vote:2 vote:1]";

fn vote_by(status: ConversationStatus, content: Content) -> String {
    told(vote::decide(&request(status, content)))
}

#[test]
fn a_vote_by_button_digit_stars_or_the_chat_api_rates_and_closes() {
    for content in [
        click("vote:5"),
        text("5"),
        text("⭐⭐⭐⭐⭐"),
        event(json!({"kind": "vote", "score": 5})),
    ] {
        assert_eq!(
            vote_by(Voting, content.clone()),
            "thanks-for-vote !rate(5) !close(vote)",
            "{content:?}"
        );
    }
    assert_eq!(
        vote_by(Voting, text("2")),
        "sorry-for-low-vote !rate(2) !close(vote)"
    );
    assert_eq!(
        vote_by(Voting, text("3")),
        "thanks-for-vote !rate(3) !close(vote)"
    );
}

#[test]
fn a_comment_is_kept_and_bounded() {
    let comment = |words: &str| {
        let content = event(json!({"kind": "vote", "score": 4, "comment": words}));
        let response = vote::decide(&request(Voting, content)).unwrap();
        match response.effects.into_iter().next() {
            Some(Effect::Rate { comment, .. }) => comment,
            other => panic!("no rating but {other:?}"),
        }
    };
    assert_eq!(
        comment(" Швидко і ввічливо "),
        Some("Швидко і ввічливо".to_owned())
    );
    assert_eq!(comment("  "), None);
    assert_eq!(comment(&"ї".repeat(10_000)).unwrap().chars().count(), 4_096);
}

#[test]
fn what_is_no_vote_or_comes_when_none_is_asked_rates_nothing() {
    for content in [
        event(json!({"kind": "vote", "score": 0})),
        event(json!({"kind": "vote", "score": 6})),
        click("vote:9"),
        click("menu"),
        text("добре"),
    ] {
        assert_eq!(
            vote_by(Voting, content.clone()),
            "button-unknown [operator menu]",
            "{content:?}"
        );
    }
    assert_eq!(
        vote_by(Open, click("vote:5")),
        "button-unknown [operator menu]"
    );
    assert_eq!(
        vote_by(Closed, click("vote:5")),
        "button-unknown [operator menu]"
    );
    assert_eq!(vote_by(Waiting, click("vote:5")), "");
    assert_eq!(vote_by(WithOperator, click("vote:5")), "");
}

fn complete(status: ConversationStatus, served: bool, reason: &str, content: Content) -> String {
    let mut request = with_params(request(status, content), json!({ "reason": reason }));
    request.conversation.served = served;
    told(dialog_complete::decide(&request))
}

#[test]
fn an_ended_dialogue_is_rated_and_a_silent_one_closed() {
    let asked = format!("rate-dialogue {VOTES} !ask_vote");
    for (status, served, reason, expected) in [
        (Open, false, "", asked.as_str()),
        (Open, true, "", &asked),
        (Waiting, false, "", &asked),
        (WithOperator, true, "", &asked),
        (Open, true, "silence", &asked),
        (Open, false, "silence", "closed-silence !close(silence)"),
        (Voting, true, "no_vote", "!close(no_vote)"),
        (Voting, true, "", "!close(no_vote)"),
        (Closed, true, "", ""),
        (Closed, false, "silence", ""),
    ] {
        assert_eq!(
            complete(status, served, reason, text("/end")),
            expected,
            "{status:?} {served} {reason}"
        );
    }
}

#[test]
fn a_dialogue_closed_by_the_operator_says_so() {
    let close = operator(OperatorAction::Close { reason: None });
    assert_eq!(
        complete(WithOperator, true, "", close),
        format!("closed-by-operator+rate-dialogue {VOTES} !ask_vote")
    );
}
