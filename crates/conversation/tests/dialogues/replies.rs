//! Automatic answers in whole dialogues: levels, what came of each answer, and what the process makes of it.

use crate::chat::{Talk, open, text};
use serde_json::{Value, json};
use vikno_domain::{Channel, ConversationStatus};

/// `reply_given` and `reply_reaction` of the journal, in order: the reply, or the reply with what came of it.
fn story(chat: &Talk<'_>) -> Vec<String> {
    let entries = chat.decisions.iter().flat_map(|decision| &decision.journal);
    let told = entries.filter_map(|entry| match entry.what.as_str() {
        "reply_given" => Some(entry.data["reply"].as_str()?.to_owned()),
        "reply_reaction" => Some(format!(
            "{} {}",
            entry.data["reply"].as_str()?,
            entry.data["reaction"].as_str()?
        )),
        _ => None,
    });
    told.collect()
}

fn last_reaction(chat: &Talk<'_>) -> Value {
    let mut entries = chat.decisions.iter().flat_map(|decision| &decision.journal);
    let last = entries.rfind(|entry| entry.what == "reply_reaction");
    last.unwrap().data.clone()
}

#[test]
fn a_citizen_goes_down_the_levels_and_each_step_is_in_the_journal() {
    let centre = open("ukc");
    let mut chat = Talk::new(&centre, Channel::Telegram, "uk");
    let topic = chat.text("потрібна субсідія");
    assert!(
        topic
            .buttons()
            .iter()
            .any(|button| button.id == "topic:subsidies-refused")
    );
    let below = chat.click("topic:subsidies-refused");
    assert_eq!(
        below.texts(),
        [text(&centre, "uk", "answer-subsidies-refused")]
    );
    chat.chat.now_ms += 40_000;
    let aside = chat.text("а які документи?");
    assert_eq!(
        aside.texts(),
        [text(&centre, "uk", "answer-subsidies-apply")]
    );
    assert_eq!(last_reaction(&chat)["after_s"], json!(40));
    chat.click("helped:yes");
    assert_eq!(
        story(&chat),
        [
            "subsidies",
            "subsidies button",
            "subsidies-refused",
            "subsidies-refused message",
            "subsidies-apply",
            "subsidies-apply helped",
        ]
    );
    assert_eq!(chat.failures(), Vec::<Value>::new());
}

#[test]
fn after_two_answers_that_did_not_help_an_operator_is_offered() {
    let centre = open("ukc");
    let mut chat = Talk::new(&centre, Channel::Viber, "uk");
    chat.text("пенсія");
    let first = chat.click("helped:no");
    assert_eq!(first.texts(), [text(&centre, "uk", "not-helped")]);
    assert!(
        first
            .buttons()
            .iter()
            .any(|button| button.id == "topic:pensions-apply")
    );
    chat.click("topic:pensions-apply");
    let second = chat.text("не допомогло");
    assert_eq!(second.texts(), [text(&centre, "uk", "not-helped-again")]);
    assert_eq!(second.buttons()[0].id, "operator");
    assert_eq!(last_reaction(&chat)["unhelpful"], json!(2));
    assert_eq!(chat.status(), ConversationStatus::Open);
}

#[test]
fn a_process_branches_on_what_came_of_an_answer() {
    let centre = open("minsoc");
    let mut chat = Talk::new(&centre, Channel::Telegram, "uk");
    chat.text("субсидія");
    chat.click("helped:no");
    assert_eq!(
        chat.status(),
        ConversationStatus::Waiting,
        "{:?}",
        chat.failures()
    );
    assert_eq!(story(&chat), ["subsidies", "subsidies not_helped"]);
}

#[test]
fn silence_after_an_answer_is_a_reaction_too() {
    let centre = open("mon");
    let mut chat = Talk::new(&centre, Channel::Web, "en");
    chat.text("admission");
    chat.wait_for_timer();
    assert_eq!(story(&chat), ["admission"]);
    chat.wait_for_timer();
    assert_eq!(chat.status(), ConversationStatus::Closed);
    assert_eq!(story(&chat), ["admission", "admission silence"]);
}

#[test]
fn an_answer_is_not_judged_twice() {
    let centre = open("ukc");
    let mut chat = Talk::new(&centre, Channel::Telegram, "uk");
    chat.text("пенсія");
    chat.click("helped:no");
    chat.click("helped:no");
    chat.text("добрий день");
    assert_eq!(story(&chat), ["pensions", "pensions not_helped"]);
}
