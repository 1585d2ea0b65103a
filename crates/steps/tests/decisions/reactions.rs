//! What a citizen does after an automatic answer: noted, told to the process, answered.

use crate::support::*;
use serde_json::json;
use vikno_domain::ConversationStatus::{Open, Voting, WithOperator};
use vikno_domain::{Content, Reaction, StepRequest};
use vikno_steps::dialog_complete;

/// A citizen whose newest answer is `given`, after `unhelpful` that did not help.
fn after(given: &str, unhelpful: u32, content: Content) -> StepRequest {
    let mut request = request(Open, content);
    request.conversation.topic = Some("subsidies".into());
    request.conversation.replies.given = vec![given.to_owned()];
    request.conversation.replies.given_at_ms = NOW_MS - 30_000;
    request.conversation.replies.unhelpful = unhelpful;
    request
}

#[test]
fn a_subtopic_is_answered_with_its_urgency_its_file_and_what_lies_below() {
    let asked = request(Open, text("як оформити субсидію?"));
    let response = handle_message(&asked).unwrap();
    assert_eq!(response.data["media"]["id"], "m_form");
    assert_eq!(
        told(Ok(response)),
        "answer-subsidies-apply [helped:yes helped:no operator menu] \
         !classify(2,subsidies) !replied(subsidies-apply)"
    );
}

#[test]
fn out_of_hours_another_answer_is_given() {
    let mut asked = request(Open, click("topic:subsidies-apply"));
    asked.now_ms += 12 * 3_600_000;
    let response = handle_click(&asked).unwrap();
    assert_eq!(
        response.data["reply"]["text"],
        "answer-subsidies-apply-closed"
    );
}

#[test]
fn a_question_goes_on_where_the_dialogue_is() {
    let response = handle_message(&after("subsidies", 0, text("а якщо відмовили?"))).unwrap();
    assert_eq!(response.data["reply"]["text"], "answer-subsidies-refused");
    assert_eq!(response.data["reaction"], "message");
    let elsewhere = request(Open, text("а якщо відмовили?"));
    let response = handle_message(&elsewhere).unwrap();
    assert_eq!(response.data["reply"]["text"], "not-understood");
}

#[test]
fn each_thing_a_citizen_does_is_a_reaction() {
    for (content, expected) in [
        (click("helped:yes"), "helped"),
        (click("helped:no"), "not_helped"),
        (click("menu"), "button"),
        (click("topic:displaced"), "button"),
        (click("operator"), "button"),
    ] {
        let response = handle_click(&after("subsidies", 0, content.clone())).unwrap();
        assert_eq!(response.data["reaction"], expected, "{content:?}");
        let first = json!(response.effects[0]);
        assert_eq!(
            first,
            json!({"do": "reacted", "reaction": expected}),
            "{content:?}"
        );
    }
    for (words, expected) in [
        ("не допомогло", "not_helped"),
        ("this did not help", "not_helped"),
        ("впо", "message"),
        ("дякую", "message"),
        ("асдфг", "message"),
        ("оператор", "message"),
    ] {
        let response = handle_message(&after("subsidies", 0, text(words))).unwrap();
        assert_eq!(response.data["reaction"], expected, "{words}");
    }
    let silent = with_params(
        after("subsidies", 0, event(json!({"kind": "timer"}))),
        json!({"reason": "silence"}),
    );
    assert_eq!(
        told(dialog_complete::decide(&silent)),
        "closed-silence !reacted(silence) !close(silence)"
    );
}

#[test]
fn only_the_first_reaction_to_an_answer_counts() {
    let mut known = after("subsidies", 1, click("helped:no"));
    known.conversation.replies.reaction = Some(Reaction::NotHelped);
    let response = handle_click(&known).unwrap();
    assert_eq!(response.data["reaction"], "");
    assert_eq!(response.data["unhelpful"], 1);
}

#[test]
fn the_first_answer_that_does_not_help_is_followed_by_near_ones_the_second_by_an_operator() {
    let near = "not-helped [topic:subsidies-apply topic:subsidies-refused operator menu] \
                !reacted(not_helped)";
    let person = "not-helped-again [operator menu] !reacted(not_helped)";
    for (unhelpful, expected) in [(0, near), (1, person), (5, person)] {
        let pressed = handle_click(&after("subsidies", unhelpful, click("helped:no"))).unwrap();
        assert_eq!(pressed.data["unhelpful"], unhelpful + 1);
        assert_eq!(told(Ok(pressed)), expected, "{unhelpful}");
        let written = handle_message(&after("subsidies", unhelpful, text("не допомогло")));
        assert_eq!(told(written), expected, "{unhelpful}");
    }
    let beside = handle_click(&after("subsidies-apply", 0, click("helped:no")));
    assert_eq!(
        told(beside),
        "not-helped [topic:subsidies-refused operator menu] !reacted(not_helped)"
    );
}

#[test]
fn that_it_did_not_help_is_heard_only_where_there_was_an_answer() {
    let lost = handle_message(&request(Open, text("не допомогло"))).unwrap();
    assert_eq!(lost.data["reply"]["text"], "not-understood");
    for status in [Voting, WithOperator] {
        let mut pressed = after("subsidies", 0, click("helped:no"));
        pressed.conversation.status = status;
        assert_eq!(
            handle_click(&pressed).unwrap().data["intent"],
            "operator",
            "{status:?}"
        );
    }
}
