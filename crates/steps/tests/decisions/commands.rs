//! Command converter.

use crate::support::*;
use serde_json::json;
use vikno_domain::{Content, ConversationStatus, Effect, OperatorAction};
use vikno_steps::command_converter::decide;

fn command(status: ConversationStatus, content: Content) -> String {
    let response = decide(&request(status, content), &organisation()).unwrap();
    let name = response.data["command"].as_str().unwrap();
    let argument = response.data["argument"].as_str().unwrap();
    let effects = response.effects.iter().map(|effect| match effect {
        Effect::Speak { language } => format!(" speak {language}"),
        other => panic!("the converter only changes the language, not {other:?}"),
    });
    let effects: String = effects.collect();
    format!("{name} {argument}{effects}").trim().to_owned()
}

#[test]
fn slash_commands_are_commands_in_any_case_and_with_a_bot_name() {
    for (words, expected) in [
        ("/start", "start"),
        ("/START", "start"),
        ("/start@vikno_bot", "start"),
        ("/menu", "start"),
        ("  /help ", "start"),
        ("/end", "end"),
        ("/stop now", "end"),
        ("/operator", "message operator"),
        ("/lang en", "start  speak en"),
        ("/lang EN-us", "start  speak en"),
        ("/lang fr", "start"),
        ("/lang", "start"),
        ("/lang ; DROP TABLE", "start"),
        ("/unknown", "message"),
        ("start", "message"),
        ("", "message"),
        ("Добрий день, /start", "message"),
    ] {
        assert_eq!(
            command(ConversationStatus::Open, text(words)),
            expected,
            "{words:?}"
        );
    }
}

#[test]
fn a_digit_is_a_vote_only_while_voting() {
    for (status, words, expected) in [
        (ConversationStatus::Voting, "5", "vote"),
        (ConversationStatus::Voting, "⭐⭐⭐", "vote"),
        (ConversationStatus::Voting, "5 хвилин чекаю", "message"),
        (ConversationStatus::Voting, "6", "message"),
        (ConversationStatus::Open, "5", "message"),
        (ConversationStatus::WithOperator, "5", "message"),
    ] {
        assert_eq!(command(status, text(words)), expected, "{status:?} {words}");
    }
}

#[test]
fn every_event_has_a_command_in_every_status() {
    let message = json!({"channel": "telegram", "chat": "1", "dedupe_key": "d", "at_ms": 1,
        "content": {"kind": "click", "button": "menu"}});
    let history = json!({"from": {"org": "mzs"}, "citizen_channel": "viber", "citizen_chat": "v", "language": "uk",
        "history": []});
    let table = [
        (
            event(json!({"kind": "session_started", "context": "ad-1"})),
            "start ad-1",
        ),
        (event(json!({"kind": "session_started"})), "start"),
        (
            event(json!({"kind": "edited", "text": "/start"})),
            "message",
        ),
        (click("topic:subsidies"), "click topic:subsidies"),
        (event(json!({"kind": "vote", "score": 9})), "vote"),
        (
            event(json!({"kind": "media", "media": {"kind": "photo"}})),
            "message",
        ),
        (contact("+380671234567", true), "contact"),
        (
            event(json!({"kind": "location", "latitude": 50.4, "longitude": 30.5})),
            "message",
        ),
        (event(json!({"kind": "blocked"})), "ignored"),
        (event(json!({"kind": "unblocked"})), "ignored"),
        (
            event(json!({"kind": "receipt", "receipt": "seen"})),
            "ignored",
        ),
        (event(json!({"kind": "ignored", "what": "poll"})), "ignored"),
        (event(json!({"kind": "timer"})), "ignored"),
        (operator(OperatorAction::Take), "operator"),
        (
            event(json!({"kind": "transferred_in", "conversation": history})),
            "operator",
        ),
        (
            event(
                json!({"kind": "relayed", "relayed": {"what": "from_citizen", "event": message}}),
            ),
            "click menu",
        ),
        (
            event(json!({"kind": "relayed", "relayed": {"what": "status", "status": "closed"}})),
            "ignored",
        ),
    ];
    for (content, expected) in table {
        for status in STATUSES {
            assert_eq!(
                command(status, content.clone()),
                expected,
                "{content:?} {status:?}"
            );
        }
    }
}
