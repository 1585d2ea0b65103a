//! Messages handling and the welcome widget.

use crate::support::*;
use serde_json::{Value, json};
use vikno_domain::{Content, ConversationStatus};
use vikno_steps::welcome;

const MENU: &str = "[topic:subsidies topic:displaced operator lang:en]";
const WAYS_OUT: &str = "[operator menu]";
const AFTER_ANSWER: &str = "[helped:yes helped:no operator menu]";
const SUBSIDIES: &str = "answer-subsidies [topic:subsidies-apply topic:subsidies-refused \
    helped:yes helped:no operator menu] !classify(0,subsidies) !replied(subsidies)";

fn answer(status: ConversationStatus, content: Content) -> String {
    told(handle_message(&request(status, content)))
}

fn media(kind: &str, caption: Option<&str>) -> Content {
    event(json!({"kind": "media", "media": {"kind": kind}, "caption": caption}))
}

fn sticker(label: &str) -> Content {
    event(json!({"kind": "media", "media": {"kind": "sticker", "label": label}}))
}

#[test]
fn words_lead_to_topics_operators_and_small_talk() {
    let displaced =
        format!("answer-displaced {AFTER_ANSWER} !classify(5,displaced) !replied(displaced)");
    for (words, expected) in [
        ("Яка буде субсидія?", SUBSIDIES),
        ("HOUSING SUBSIDY", SUBSIDIES),
        (
            "Я переселенка, яка житлова субсидія мені належить",
            SUBSIDIES,
        ),
        ("виплата переселенцям на житлове", &displaced),
        ("I am an IDP", &displaced),
        ("Оператора, будь ласка", ">operator"),
        ("operator please", ">operator"),
        ("/operator", ">operator"),
        ("субсидія, але хочу поговорити з живою людиною", ">operator"),
        ("Добрий день!", &format!("greeting-reply {MENU}")),
        ("дякую", "thanks-reply [menu]"),
        ("bye", "goodbye-reply [end menu]"),
        (
            "асдфг",
            &format!("not-understood {MENU} !misunderstood(true)"),
        ),
        ("", &format!("not-understood {MENU} !misunderstood(true)")),
        ("5", &format!("not-understood {MENU} !misunderstood(true)")),
        (
            "<script>alert(1)</script>",
            &format!("not-understood {MENU} !misunderstood(true)"),
        ),
    ] {
        assert_eq!(
            answer(ConversationStatus::Open, text(words)),
            expected,
            "{words}"
        );
    }
}

#[test]
fn the_second_misunderstanding_offers_an_operator_first() {
    let mut lost = request(ConversationStatus::Open, text("асдфг"));
    lost.conversation.misunderstood = 1;
    assert_eq!(
        told(handle_message(&lost)),
        format!("not-understood-again {WAYS_OUT} !misunderstood(true)")
    );
}

#[test]
fn being_understood_ends_the_count() {
    let mut found = request(ConversationStatus::Open, text("дякую"));
    found.conversation.misunderstood = 2;
    assert_eq!(
        told(handle_message(&found)),
        "thanks-reply [menu] !misunderstood(false)"
    );
}

#[test]
fn files_are_received_and_their_captions_read() {
    for (content, expected) in [
        (media("photo", None), format!("media-received {WAYS_OUT}")),
        (media("voice", None), format!("media-received {WAYS_OUT}")),
        (
            media("document", Some("моя субсидія")),
            SUBSIDIES.to_owned(),
        ),
        (
            media("photo", Some("передайте оператору")),
            ">operator".to_owned(),
        ),
        (
            event(json!({"kind": "location", "latitude": 1.0, "longitude": 2.0})),
            format!("media-received {WAYS_OUT}"),
        ),
        (sticker("👍"), "thanks-reply [menu]".to_owned()),
        (sticker("🐈"), format!("greeting-reply {MENU}")),
        (contact("+380671234567", true), String::new()),
    ] {
        assert_eq!(
            answer(ConversationStatus::Open, content.clone()),
            expected,
            "{content:?}"
        );
    }
}

#[test]
fn the_robot_is_silent_while_people_are_at_it() {
    for status in [
        ConversationStatus::Waiting,
        ConversationStatus::WithOperator,
        ConversationStatus::Closed,
    ] {
        for content in [
            text("субсидія"),
            text("оператор"),
            text("5"),
            text("?"),
            media("photo", None),
        ] {
            assert_eq!(
                answer(status, content.clone()),
                "",
                "{status:?} {content:?}"
            );
        }
    }
}

#[test]
fn a_message_in_place_of_a_vote_reopens_the_dialogue_unless_it_is_a_farewell() {
    for (words, expected) in [
        ("5!", ">vote".to_owned()),
        ("⭐⭐", ">vote".to_owned()),
        ("Дякую!", "thanks-reply".to_owned()),
        ("До побачення", "goodbye-reply".to_owned()),
        ("оператора", ">operator".to_owned()),
        ("ще про субсидію", format!("{SUBSIDIES} !reopen")),
        (
            "а як же інше?",
            format!("dialogue-reopened {WAYS_OUT} !reopen"),
        ),
        ("7", format!("dialogue-reopened {WAYS_OUT} !reopen")),
    ] {
        assert_eq!(
            answer(ConversationStatus::Voting, text(words)),
            expected,
            "{words}"
        );
    }
}

#[test]
fn every_answer_sets_every_key_so_that_nothing_old_lives_on() {
    for status in STATUSES {
        let response = handle_message(&request(status, text("щось"))).unwrap();
        let keys: Vec<&String> = response.data.keys().collect();
        assert_eq!(
            keys,
            ["intent", "queue", "reaction", "reply", "unhelpful"],
            "{status:?}"
        );
        assert!(response.data["reply"]["text"].is_string());
    }
}

fn greet(status: ConversationStatus, change: fn(&mut Value), operators_work: bool) -> String {
    let request = request(status, event(json!({"kind": "session_started"})));
    let mut request = json!(request);
    change(&mut request);
    let request = serde_json::from_value(request).unwrap();
    told(welcome::decide(&request, &organisation(), operators_work))
}

#[test]
fn the_welcome_shows_topics_operator_and_the_other_language() {
    let open = ConversationStatus::Open;
    assert_eq!(greet(open, |_| {}, true), format!("welcome {MENU}"));
    assert_eq!(
        greet(open, |_| {}, false),
        format!("welcome+welcome-closed {MENU}")
    );
    let back = |request: &mut Value| request["citizen"]["earlier_conversations"] = json!(2);
    assert_eq!(greet(open, back, true), format!("welcome-back {MENU}"));
    let english = |request: &mut Value| request["conversation"]["language"] = json!("en");
    assert_eq!(
        greet(open, english, true),
        "welcome [topic:subsidies topic:displaced operator lang:uk]"
    );
    let foreign = |request: &mut Value| request["conversation"]["language"] = json!("und");
    assert_eq!(greet(open, foreign, true), format!("welcome {MENU}"));
}

#[test]
fn somebody_who_starts_anew_instead_of_voting_is_welcome_and_one_with_an_operator_is_left_alone() {
    assert_eq!(
        greet(ConversationStatus::Voting, |_| {}, true),
        format!("welcome {MENU} !reopen")
    );
    for status in [
        ConversationStatus::Waiting,
        ConversationStatus::WithOperator,
        ConversationStatus::Closed,
    ] {
        assert_eq!(greet(status, |_| {}, true), "", "{status:?}");
    }
}
