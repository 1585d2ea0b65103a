//! Whole dialogues with the ten organisations as they lie in `organisations/`, without a host: led by the simulator's driver.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests"
)]

mod asked;
mod chat;
mod code;
mod outside;
mod replies;
mod settings;
mod sums;
mod tasks;

use chat::{Talk, open, open_with, text};
use serde_json::Value;
use vikno_conversation::Outcome;
use vikno_domain::{Channel, Content, ConversationStatus, OperatorAction, OperatorRef, Relayed};
use vikno_simulator::Centre;

const ORGANISATIONS: [&str; 10] = [
    "ukc", "mindov", "minsoc", "mzs", "mon", "mou", "osvita", "ukco", "diia", "cashback",
];

#[test]
fn every_organisation_leads_a_dialogue_from_greeting_to_rating_on_every_channel_in_both_languages()
{
    let mut largest = 0;
    for org in ORGANISATIONS {
        let centre = open(org);
        for channel in [Channel::Telegram, Channel::Viber, Channel::Web] {
            for language in ["uk", "en"] {
                let of = format!("{org} {channel} {language}");
                let kept = full_dialogue(&centre, channel, language, &of);
                assert!(kept < KEPT_BYTES_MAX, "{of}: {kept} bytes are kept");
                largest = largest.max(kept);
            }
        }
    }
    println!("journal and state of the largest finished dialogue: {largest} bytes");
}

/// What may be kept of a finished dialogue beside what was said.
const KEPT_BYTES_MAX: usize = 20 * 1024;

/// Returns the bytes that are kept of it.
fn full_dialogue(centre: &Centre, channel: Channel, language: &str, of: &str) -> usize {
    let mut chat = Talk::new(centre, channel, language);

    let greeted = chat.event(Content::SessionStarted { context: None });
    assert!(
        !greeted.said.is_empty(),
        "{of}: no greeting; {:?}",
        chat.failures()
    );
    let first = &centre.organisation.topics[0].id;
    let topic = format!("topic:{first}");
    assert!(
        greeted.buttons().iter().any(|button| button.id == topic),
        "{of}: {:?}",
        greeted.said
    );

    let answered = chat.click(&topic);
    let answer = text(centre, language, &format!("answer-{first}"));
    assert!(
        answered.texts().iter().any(|said| said.contains(&answer)),
        "{of}: {:?}",
        answered.said
    );

    let words = if language == "uk" {
        "Покличте оператора, будь ласка"
    } else {
        "operator please"
    };
    let queued = chat.text(words);
    assert_eq!(
        chat.status(),
        ConversationStatus::Waiting,
        "{of}: {:?}",
        chat.failures()
    );
    assert!(
        !queued.said.is_empty(),
        "{of}: the place in the queue is told"
    );

    let took = chat.operator("Ірина", OperatorAction::Take);
    assert_eq!(took.outcome, Outcome::Applied);
    assert_eq!(chat.status(), ConversationStatus::WithOperator, "{of}");

    let action = OperatorAction::Message {
        text: Some("Добрий день!".to_owned()),
        media: None,
    };
    let replied = chat.operator("Ірина", action);
    assert_eq!(replied.texts(), ["Добрий день!"], "{of}");

    assert!(
        chat.text("Дякую, надсилаю довідку").said.is_empty(),
        "{of}: the robot keeps still"
    );

    let closed = chat.operator("Ірина", OperatorAction::Close { reason: None });
    assert_eq!(
        chat.status(),
        ConversationStatus::Voting,
        "{of}: {:?}",
        chat.failures()
    );
    assert!(
        closed.buttons().iter().any(|button| button.id == "vote:5"),
        "{of}: {:?}",
        closed.said
    );

    let voted = chat.click("vote:5");
    assert_eq!(
        chat.status(),
        ConversationStatus::Closed,
        "{of}: {:?}",
        chat.failures()
    );
    assert!(!voted.said.is_empty(), "{of}: the rating is acknowledged");
    let ratings: Vec<u8> = chat
        .decisions
        .iter()
        .flat_map(|decision| &decision.ratings)
        .map(|r| r.score)
        .collect();
    assert_eq!(ratings, [5], "{of}");
    assert_eq!(chat.failures(), Vec::<Value>::new(), "{of}");
    chat.kept_bytes()
}

#[test]
fn a_silent_citizen_is_reminded_once_and_then_let_go() {
    let centre = open("ukc");
    let mut chat = Talk::new(&centre, Channel::Web, "uk");
    chat.event(Content::SessionStarted { context: None });
    let reminded = chat.wait_for_timer();
    assert_eq!(reminded.texts(), [text(&centre, "uk", "still-there")]);
    let ended = chat.wait_for_timer();
    assert_eq!(
        chat.status(),
        ConversationStatus::Closed,
        "{:?}",
        chat.journal()
    );
    assert!(
        ended
            .texts()
            .contains(&text(&centre, "uk", "closed-silence").as_str())
    );
    assert_eq!(chat.chat.wake_at_ms(), None);
}

#[test]
fn only_the_holder_answers_and_nobody_takes_what_somebody_has() {
    let centre = open("ukc");
    let mut chat = Talk::new(&centre, Channel::Telegram, "uk");
    chat.text("оператор");
    chat.operator("Ірина", OperatorAction::Take);
    let message = OperatorAction::Message {
        text: Some("я!".to_owned()),
        media: None,
    };
    for action in [
        OperatorAction::Take,
        message,
        OperatorAction::Close { reason: None },
    ] {
        let refused = chat.operator("Петро", action);
        assert!(matches!(
            refused.outcome,
            Outcome::Refused {
                code: "held_by_another",
                ..
            }
        ));
        assert!(refused.said.is_empty());
    }
    assert_eq!(
        chat.operator("Ірина", OperatorAction::Take).outcome,
        Outcome::Applied
    );
}

#[test]
fn a_dialogue_is_given_to_somebody_whoever_has_it_and_by_the_distribution_only_while_it_waits() {
    let centre = open("ukc");
    let mut chat = Talk::new(&centre, Channel::Telegram, "uk");
    let to = |name: &str, waiting_only| OperatorAction::Assign {
        to: OperatorRef {
            id: format!("u_{name}"),
            name: name.to_owned(),
        },
        waiting_only,
    };
    chat.text("оператор");
    let given = chat.operator("routing", to("Ірина", true));
    assert_eq!(given.outcome, Outcome::Applied);
    assert_eq!(chat.status(), ConversationStatus::WithOperator);
    assert!(
        given.texts().iter().any(|said| said.contains("Ірина")),
        "{:?}",
        given.texts()
    );
    let late = chat.operator("routing", to("Петро", true));
    assert!(matches!(
        late.outcome,
        Outcome::Refused {
            code: "held_by_another",
            ..
        }
    ));
    assert_eq!(
        chat.operator("Голова", to("Петро", false)).outcome,
        Outcome::Applied
    );
    let message = |text: &str| OperatorAction::Message {
        text: Some(text.to_owned()),
        media: None,
    };
    assert!(matches!(
        chat.operator("Ірина", message("я")).outcome,
        Outcome::Refused {
            code: "held_by_another",
            ..
        }
    ));
    let answered = chat.operator("Петро", message("Слухаю"));
    assert_eq!(answered.texts(), ["Слухаю"]);
}

#[test]
fn a_citizen_whom_no_process_answers_comes_to_a_person() {
    let centre = open("ukc");
    let mut chat = Talk::new(&centre, Channel::Telegram, "uk");
    chat.down(&["messages-handling", "send-text"]);
    chat.text("Як оформити субсидію?");
    assert_eq!(
        chat.status(),
        ConversationStatus::Waiting,
        "{:?}",
        chat.journal()
    );
    let notes = chat
        .decisions
        .iter()
        .flat_map(|d| &d.messages)
        .filter(|m| m.author == "note");
    assert!(notes.count() > 0, "consultants are told");
}

#[test]
fn a_hostile_button_is_answered_and_does_nothing() {
    let centre = open("cashback");
    let mut chat = Talk::new(&centre, Channel::Viber, "uk");
    chat.event(Content::SessionStarted { context: None });
    for button in [
        "vote:5",
        "topic:../../etc",
        "'; DROP TABLE citizens; --",
        "🙂🙂🙂",
        "",
    ] {
        let answered = chat.click(button);
        assert!(!answered.said.is_empty(), "{button:?}");
        assert_eq!(chat.status(), ConversationStatus::Open, "{button:?}");
    }
    assert!(
        chat.decisions
            .iter()
            .all(|decision| decision.ratings.is_empty())
    );
}

fn refusal(turned: &chat::Turned) -> &'static str {
    match turned.outcome {
        Outcome::Refused { code, .. } => code,
        _ => "none",
    }
}

#[test]
fn a_wrong_end_is_taken_back_as_long_as_the_citizen_has_not_rated() {
    let centre = open("ukc");
    let mut chat = Talk::new(&centre, Channel::Telegram, "uk");
    let close = || OperatorAction::Close { reason: None };
    let reopen = |any| OperatorAction::Reopen { any };
    chat.text("оператор");
    chat.operator("Ірина", OperatorAction::Take);
    assert_eq!(
        refusal(&chat.operator("Ірина", reopen(false))),
        "not_reopened"
    );
    chat.operator("Ірина", close());
    assert_eq!(chat.status(), ConversationStatus::Voting);
    let foreign = chat.operator("Петро", reopen(false));
    assert_eq!(refusal(&foreign), "held_by_another");

    let told = chat.operator("Ірина", reopen(false));
    assert_eq!(chat.status(), ConversationStatus::WithOperator);
    assert_eq!(told.texts(), [text(&centre, "uk", "dialogue-reopened")]);
    // The buttons of the rating are still on the citizen's screen.
    chat.click("vote:1");
    assert_eq!(chat.status(), ConversationStatus::WithOperator);
    chat.text("я ще тут");
    let answer = OperatorAction::Message {
        text: Some("Слухаю вас.".to_owned()),
        media: None,
    };
    assert_eq!(chat.operator("Ірина", answer).texts(), ["Слухаю вас."]);

    chat.operator("Ірина", close());
    // A head of the shift takes back what somebody else has ended; the dialogue stays theirs.
    chat.operator("Петро", reopen(true));
    assert_eq!(chat.status(), ConversationStatus::WithOperator);
    assert_eq!(chat.operator("Ірина", close()).outcome, Outcome::Applied);
    chat.click("vote:5");
    assert_eq!(chat.status(), ConversationStatus::Closed);
    let late = chat.operator("Ірина", reopen(true));
    assert!(matches!(
        refusal(&late),
        "not_reopened" | "conversation_closed"
    ));
}

#[test]
fn a_note_into_somebody_elses_dialogue_is_a_whisper_and_a_move_tells_why() {
    let centre = open("ukc");
    let mut chat = Talk::new(&centre, Channel::Telegram, "uk");
    chat.text("оператор");
    chat.operator("Ірина", OperatorAction::Take);
    let mut note = |name: &str| {
        let text = format!("нотатка від {name}");
        let told = chat.operator(name, OperatorAction::Note { text });
        assert!(told.said.is_empty(), "the citizen hears nothing");
    };
    note("Ірина");
    note("Петро");
    let reason = Some("потрібен юрист".to_owned());
    let queue = centre.organisation.default_queue().id.clone();
    chat.operator("Ірина", OperatorAction::TransferQueue { queue, reason });
    let notes: Vec<(Option<String>, bool)> = chat
        .decisions
        .iter()
        .flat_map(|decision| &decision.messages)
        .filter(|message| message.author == "note")
        .map(|message| (message.text.clone(), message.details.is_some()))
        .collect();
    assert_eq!(
        notes,
        [
            (Some("нотатка від Ірина".to_owned()), false),
            (Some("нотатка від Петро".to_owned()), true),
            (Some("потрібен юрист".to_owned()), false),
        ]
    );
}

#[test]
fn a_closed_dialogue_is_followed_by_a_new_one() {
    let centre = open("ukc");
    let mut chat = Talk::new(&centre, Channel::Telegram, "uk");
    chat.text("добрий день");
    let first = chat.chat.conversation_id();
    chat.wait_for_timer();
    chat.wait_for_timer();
    assert_eq!(chat.status(), ConversationStatus::Closed);
    chat.text("це знову я");
    assert_eq!(chat.status(), ConversationStatus::Open);
    assert_ne!(chat.chat.conversation_id(), first);
}

#[test]
fn a_moved_dialogue_goes_on_through_the_organisation_that_holds_the_channel() {
    let centre = open("ukc");
    let mut chat = Talk::new(&centre, Channel::Telegram, "uk");
    chat.text("оператор");
    chat.operator("Ірина", OperatorAction::Take);
    let target = vikno_domain::OrgId::parse("mindov").unwrap();
    chat.operator(
        "Ірина",
        OperatorAction::TransferOrganisation {
            org: target,
            queue: None,
            reason: None,
        },
    );
    assert_eq!(
        chat.status(),
        ConversationStatus::Waiting,
        "{:?}",
        chat.journal()
    );
    chat.text("Хто тут?");
    let relayed: Vec<String> = chat
        .decisions
        .iter()
        .flat_map(|decision| &decision.outbox)
        .filter(|row| row.kind == vikno_conversation::OutboxKind::Relay)
        .map(|row| {
            row.payload["event"]["content"]["kind"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(relayed, ["transferred_in", "relayed"]);
}

fn moved<'a>(centre: &'a Centre, words: &str) -> Talk<'a> {
    let mut chat = Talk::new(centre, Channel::Telegram, "uk");
    chat.text(words);
    chat.operator("Ірина", OperatorAction::Take);
    let mindov = vikno_domain::OrgId::parse("mindov").unwrap();
    let turned = chat.operator(
        "Ірина",
        OperatorAction::TransferOrganisation {
            org: mindov,
            queue: None,
            reason: Some("довкілля".to_owned()),
        },
    );
    assert_eq!(turned.outcome, Outcome::Applied);
    chat
}

/// What the other organisation was told, in order.
fn relayed(chat: &Talk<'_>) -> Vec<Value> {
    let rows = chat.decisions.iter().flat_map(|decision| &decision.outbox);
    let rows = rows.filter(|row| row.kind == vikno_conversation::OutboxKind::Relay);
    rows.map(|row| row.payload["event"]["content"].clone())
        .collect()
}

#[test]
fn a_dialogue_comes_back_from_the_other_organisation_and_waits_for_ours() {
    let centre = open("ukc");
    let mut chat = moved(&centre, "оператор");
    let since_ms = queued_at_ms(&chat);
    let back = |queue: Option<&str>| Content::Relayed {
        relayed: Relayed::Returned {
            queue: queue.map(str::to_owned),
            reason: Some("не до нас".to_owned()),
        },
    };
    let told = chat.event(back(Some("housing")));
    assert_eq!(chat.status(), ConversationStatus::Waiting);
    assert_eq!(told.said.len(), 1, "the place in the queue");
    let conversation = chat.chat.state().conversation.as_ref().unwrap();
    assert_eq!(conversation.queue.as_deref(), Some("housing"));
    assert_eq!(
        queued_at_ms(&chat),
        since_ms,
        "whoever was sent about keeps their turn"
    );
    let notes: Vec<_> = chat
        .decisions
        .iter()
        .flat_map(|decision| &decision.messages)
        .filter(|message| message.author == "note")
        .filter_map(|message| message.text.as_deref())
        .collect();
    assert!(notes.contains(&"не до нас"), "{notes:?}");
    // Our operators go on with it, and what the citizen writes stays here.
    assert_eq!(
        chat.operator("Петро", OperatorAction::Take).outcome,
        Outcome::Applied
    );
    let before = relayed(&chat).len();
    chat.text("Я тут");
    assert_eq!(relayed(&chat).len(), before);
    // Twice is once.
    assert_eq!(chat.event(back(None)).outcome, Outcome::Ignored);
    assert_eq!(chat.status(), ConversationStatus::WithOperator);
}

#[test]
fn who_received_a_dialogue_gives_it_back_and_to_nobody_else() {
    let centre = open("ukc");
    let mut chat = Talk::new(&centre, Channel::Organisation, "uk");
    chat.event(Content::TransferredIn {
        conversation: vikno_domain::TransferredConversation {
            from: vikno_domain::Peer {
                org: vikno_domain::OrgId::parse("mindov").unwrap(),
                conversation: Some("c_there".to_owned()),
            },
            citizen_channel: Channel::Telegram,
            citizen_chat: "42".to_owned(),
            citizen_name: None,
            language: vikno_domain::Language::parse("uk").unwrap(),
            queue: None,
            reason: None,
            history: Vec::new(),
        },
    });
    chat.operator("Ірина", OperatorAction::Take);
    let give = |org: &str| OperatorAction::TransferOrganisation {
        org: vikno_domain::OrgId::parse(org).unwrap(),
        queue: Some("water".to_owned()),
        reason: Some("ваше".to_owned()),
    };
    assert_eq!(
        refusal(&chat.operator("Ірина", give("mou"))),
        "already_moved"
    );
    assert_eq!(
        chat.operator("Ірина", give("mindov")).outcome,
        Outcome::Applied
    );
    assert_eq!(chat.status(), ConversationStatus::Closed);
    let told = relayed(&chat);
    let kinds: Vec<_> = told
        .iter()
        .map(|content| content["relayed"]["what"].clone())
        .collect();
    // The citizen is told first; the end here is not told: there the dialogue goes on.
    let last: Vec<_> = kinds.iter().rev().take(2).rev().collect();
    assert_eq!(last, ["to_citizen", "returned"], "{told:#?}");
    let returned = &told.last().unwrap()["relayed"];
    assert_eq!(
        (&returned["queue"], &returned["reason"]),
        (&"water".into(), &"ваше".into())
    );
}

#[test]
fn a_name_that_an_organisation_does_not_share_stays_here() {
    let told = |more: &str| {
        let centre = open_with("ukc", more);
        let mut chat = moved(&centre, "оператор");
        chat.text("Я тут");
        let told = relayed(&chat);
        assert_eq!(told.len(), 2, "{told:#?}");
        (
            !told[0]["conversation"]["citizen_name"].is_null(),
            !told[1]["relayed"]["event"]["sender"]["name"].is_null(),
        )
    };
    assert_eq!(told(""), (true, true));
    assert_eq!(told("[transfers]\nshares = ['history']"), (false, false));
}

#[test]
fn a_dialogue_goes_only_where_the_organisation_allows() {
    let centre = open_with("ukc", "[transfers]\nto = ['mou']");
    let mut chat = Talk::new(&centre, Channel::Telegram, "uk");
    chat.text("оператор");
    chat.operator("Ірина", OperatorAction::Take);
    let turned = chat.operator(
        "Ірина",
        OperatorAction::TransferOrganisation {
            org: vikno_domain::OrgId::parse("mindov").unwrap(),
            queue: None,
            reason: None,
        },
    );
    assert_eq!(refusal(&turned), "unknown_organisation");
}

#[test]
fn what_an_absent_operator_left_goes_back_to_its_queue_before_later_ones() {
    let centre = open("ukc");
    let mut chat = Talk::new(&centre, Channel::Telegram, "uk");
    chat.text("оператор");
    let since_ms = queued_at_ms(&chat);
    chat.operator("Ірина", OperatorAction::Take);
    let absent = |name: &str| OperatorAction::Return {
        absent: format!("u_{name}"),
    };
    let other = chat.operator("routing", absent("Петро"));
    assert_eq!(refusal(&other), "held_by_another");
    let told = chat.operator("routing", absent("Ірина"));
    assert_eq!(told.texts(), [text(&centre, "uk", "returned-to-queue")]);
    assert_eq!(chat.status(), ConversationStatus::Waiting);
    assert_eq!(queued_at_ms(&chat), since_ms);
    assert!(chat.journal().contains(&"operator_away"));
    let again = chat.operator("routing", absent("Ірина"));
    assert_eq!(refusal(&again), "held_by_another");
    assert_eq!(
        chat.operator("Петро", OperatorAction::Take).outcome,
        Outcome::Applied
    );
}

fn queued_at_ms(chat: &Talk<'_>) -> Option<i64> {
    chat.chat.state().conversation.as_ref()?.queued_at_ms
}
