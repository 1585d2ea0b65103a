//! What outside systems ask of dialogues, and what the tasks that asked are told.

use crate::chat::{Talk, open};
use serde_json::{Value, json};
use vikno_conversation::Outcome;
use vikno_domain::{
    Channel, Content, ConversationStatus, DialogueAct, Language, MessageAuthor, OrgId,
    OutgoingMessage,
};

fn asked(act: DialogueAct) -> Content {
    Content::Asked {
        task: Some("77".to_owned()),
        act,
    }
}

/// What the task is told, which is the last event for another chat.
fn answer(talk: &Talk<'_>) -> Value {
    let events = talk.decisions.iter().flat_map(|decision| &decision.inbox);
    let event = events.last().expect("an answer");
    assert_eq!(
        (event.channel, event.chat.as_str()),
        (Channel::Api, "77"),
        "{event:?}"
    );
    match &event.content {
        Content::TaskModified { data } => Value::Object(data.clone()),
        other => panic!("{other:?}"),
    }
}

fn say(text: &str) -> DialogueAct {
    DialogueAct::Say {
        message: OutgoingMessage::text(MessageAuthor::Robot, text),
    }
}

/// Events of a dialogue name no conversation here: whatever is under way is meant.
fn talk<'a>(centre: &'a vikno_simulator::Centre) -> Talk<'a> {
    let mut talk = Talk::new(centre, Channel::Web, "uk");
    talk.event(Content::SessionStarted { context: None });
    talk
}

#[test]
fn words_reach_the_citizen_and_the_task_is_told() {
    let centre = open("ukc");
    let mut talk = talk(&centre);
    let turned = talk.event(asked(say("Вашу заяву прийнято")));
    assert_eq!(turned.outcome, Outcome::Applied);
    assert_eq!(turned.texts(), ["Вашу заяву прийнято"]);
    let told = answer(&talk);
    assert_eq!(
        (&told["result"], &told["conversation_status"]),
        (&json!("done"), &json!("open"))
    );
}

#[test]
fn a_dialogue_goes_into_a_queue_back_to_the_robot_and_to_its_end() {
    let centre = open("ukc");
    let mut talk = talk(&centre);
    let queue = Some("housing".to_owned());
    let queued = talk.event(asked(DialogueAct::Enqueue { queue }));
    assert_eq!(
        talk.status(),
        ConversationStatus::Waiting,
        "{:?}",
        talk.failures()
    );
    assert!(!queued.said.is_empty(), "the place is told");
    assert_eq!(answer(&talk)["conversation_queue"], "housing");

    let released = talk.event(asked(DialogueAct::Release));
    assert_eq!(talk.status(), ConversationStatus::Open);
    assert!(released.said.is_empty(), "nothing is said");
    // The robot answers again.
    assert!(!talk.text("Доброго дня").said.is_empty());

    let ended = talk.event(asked(DialogueAct::End { rate: true }));
    assert_eq!(talk.status(), ConversationStatus::Voting);
    let buttons = ended.buttons();
    assert!(
        buttons.iter().any(|button| button.id == "vote:5"),
        "{buttons:?}"
    );
    assert_eq!(answer(&talk)["result"], "done");

    talk.event(asked(DialogueAct::End { rate: false }));
    assert_eq!(answer(&talk)["conversation_status"], "closed");
    let refused = talk.event(asked(say("ще одне")));
    assert!(matches!(
        refused.outcome,
        Outcome::Refused {
            code: "conversation_closed",
            ..
        }
    ));
    assert_eq!(answer(&talk)["code"], "conversation_closed");
}

#[test]
fn a_dialogue_moves_to_another_organisation_once() {
    let centre = open("ukc");
    let mut talk = talk(&centre);
    let act = || DialogueAct::MoveToOrganisation {
        org: OrgId::parse("mindov").unwrap(),
        queue: None,
        reason: Some("довкілля".to_owned()),
    };
    let moved = talk.event(asked(act()));
    assert_eq!(moved.texts().len(), 1, "{:?}", moved.texts());
    assert_eq!(answer(&talk)["result"], "done");
    let relayed = talk.decisions.iter().flat_map(|decision| &decision.outbox);
    assert!(
        relayed.clone().any(|row| row.payload["org"] == "mindov"),
        "{:?}",
        relayed.collect::<Vec<_>>()
    );
    talk.event(asked(act()));
    assert_eq!(answer(&talk)["code"], "conversation_moved");
}

#[test]
fn what_is_known_of_the_citizen_is_updated() {
    let centre = open("ukc");
    let mut talk = talk(&centre);
    let act = |language: &str| DialogueAct::Update {
        name: Some("Олена".to_owned()),
        phone: Some("+380671234567".to_owned()),
        phone_verified: true,
        language: Some(Language::parse(language).unwrap()),
        topic: None,
        priority: Some(5),
    };
    talk.event(asked(act("en")));
    assert_eq!(answer(&talk)["result"], "done");
    let journal = talk.journal();
    for what in [
        "citizen_identified",
        "language_chosen",
        "conversation_classified",
    ] {
        assert!(journal.contains(&what), "{what}: {journal:?}");
    }
    talk.event(asked(act("de")));
    assert_eq!(answer(&talk)["code"], "unknown_language");
}

#[test]
fn targets_that_are_not_there_are_refused() {
    let centre = open("ukc");
    let mut talk = talk(&centre);
    let to = |org: &str| DialogueAct::MoveToOrganisation {
        org: OrgId::parse(org).unwrap(),
        queue: None,
        reason: None,
    };
    let queue = Some("nowhere".to_owned());
    for (act, code) in [
        (DialogueAct::Enqueue { queue }, "unknown_queue"),
        (to("ukc"), "same_organisation"),
        (to("atlantis"), "unknown_organisation"),
    ] {
        talk.event(asked(act));
        assert_eq!(answer(&talk)["code"], code);
        assert_eq!(talk.status(), ConversationStatus::Open);
    }
}
