//! Clicks handling.

use crate::support::*;
use vikno_domain::ConversationStatus::{self, Closed, Open, Voting, Waiting, WithOperator};

const MENU: &str = "[topic:subsidies topic:displaced operator lang:en]";
const UNKNOWN: &str = "button-unknown [operator menu]";

fn press(status: ConversationStatus, button: &str) -> String {
    told(handle_click(&request(status, click(button))))
}

#[test]
fn each_button_does_one_thing_in_each_status() {
    let topic = "answer-displaced [helped:yes helped:no operator menu] !classify(5,displaced) \
        !replied(displaced)";
    let topic_again = format!("{topic} !reopen");
    let menu = format!("choose-topic {MENU}");
    let menu_again = format!("{menu} !reopen");
    let english = "language-changed [topic:subsidies topic:displaced operator lang:uk] !speak(en)";
    for (button, table) in [
        (
            "topic:displaced",
            [
                (Open, topic),
                (Waiting, ""),
                (WithOperator, ""),
                (Voting, &topic_again),
            ],
        ),
        (
            "operator",
            [
                (Open, ">operator"),
                (Waiting, ">operator"),
                (WithOperator, ">operator"),
                (Voting, ">operator"),
            ],
        ),
        (
            "helped:no",
            [
                (Open, ">operator"),
                (Waiting, ">operator"),
                (WithOperator, ">operator"),
                (Voting, ">operator"),
            ],
        ),
        (
            "helped:yes",
            [
                (Open, "glad-to-help >complete"),
                (Waiting, ""),
                (WithOperator, ""),
                (Voting, "glad-to-help"),
            ],
        ),
        (
            "menu",
            [
                (Open, &menu),
                (Waiting, ""),
                (WithOperator, ""),
                (Voting, &menu_again),
            ],
        ),
        (
            "vote:4",
            [
                (Open, ">vote"),
                (Waiting, ">vote"),
                (WithOperator, ">vote"),
                (Voting, ">vote"),
            ],
        ),
        (
            "end",
            [
                (Open, ">complete"),
                (Waiting, ">complete"),
                (WithOperator, ">complete"),
                (Voting, ">complete"),
            ],
        ),
        (
            "lang:en",
            [
                (Open, english),
                (Waiting, "language-changed !speak(en)"),
                (WithOperator, "language-changed !speak(en)"),
                (Voting, "language-changed !speak(en)"),
            ],
        ),
    ] {
        for (status, expected) in table {
            assert_eq!(press(status, button), expected, "{button} {status:?}");
        }
    }
}

#[test]
fn made_up_and_outdated_buttons_are_answered_kindly() {
    for button in [
        "",
        "topic:",
        "topic:gone",
        "topic:../../etc/passwd",
        "topic:subsidies'; DROP TABLE messages; --",
        "vote:0",
        "vote:6",
        "vote:-1",
        "vote:1e0",
        "lang:fr",
        "lang:",
        "share-phone",
        "MENU",
        "{{reply}}",
        "🙂",
        &"x".repeat(10_000),
    ] {
        assert_eq!(press(Open, button), UNKNOWN, "{button:?}");
        assert_ne!(press(Closed, button), "error", "{button:?}");
    }
}

#[test]
fn what_is_no_press_is_a_terminal_error() {
    assert_eq!(
        told(handle_click(&request(Open, text("menu")))),
        "error not_a_click"
    );
}
