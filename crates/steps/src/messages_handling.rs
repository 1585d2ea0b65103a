//! Messages handling: what the robot answers to words and files. While an operator has the dialogue (or the
//! citizen waits for one) it says nothing: the message is stored, the operator reads it.

use crate::ButtonId;
use crate::event::{content, text};
use crate::menu::{after_answer, menu, ways_out};
use crate::reply::{Answer, Intent, Reply};
use crate::score::score_of;
use crate::words::{SmallTalk, Words};
use vikno_domain::{
    Content, ConversationStatus, Effect, IncomingMedia, MediaKind, Step, StepRequest,
};
use vikno_organisation::{Organisation, Topic};

/// Answers a message of the citizen.
pub fn decide(request: &StepRequest, organisation: &Organisation) -> Step {
    // A contact has been answered by the step that identifies.
    if matches!(content(request), Content::Contact { .. }) {
        return Ok(Answer::nothing().done());
    }
    let answer = match request.conversation.status {
        ConversationStatus::Open => in_dialogue(request, organisation),
        ConversationStatus::Voting => while_voting(request, organisation),
        ConversationStatus::Waiting
        | ConversationStatus::WithOperator
        | ConversationStatus::Closed => Answer::nothing(),
    };
    Ok(answer.done())
}

/// What a message is about.
enum Meaning<'a> {
    Operator,
    Topic(&'a Topic),
    SmallTalk(SmallTalk),
    File,
    Unknown,
}

fn in_dialogue(request: &StepRequest, organisation: &Organisation) -> Answer {
    let understood = |answer: Answer| {
        let had_trouble = request.conversation.misunderstood > 0;
        answer.effect_if(had_trouble, Effect::Misunderstood { again: false })
    };
    match meaning(request, organisation) {
        Meaning::Operator => understood(Answer::intent(Intent::Operator)),
        Meaning::Topic(topic) => understood(answer_topic(topic)),
        Meaning::SmallTalk(talk) => understood(small_talk(request, organisation, talk)),
        Meaning::File => understood(Answer::say(
            Reply::robot("media-received").buttons(ways_out()),
        )),
        Meaning::Unknown => not_understood(request, organisation),
    }
}

/// Thanks and farewells are no reason to begin anew; anything else is.
fn while_voting(request: &StepRequest, organisation: &Organisation) -> Answer {
    if text(request).and_then(score_of).is_some() {
        return Answer::intent(Intent::Vote);
    }
    match meaning(request, organisation) {
        Meaning::Operator => Answer::intent(Intent::Operator),
        Meaning::Topic(topic) => answer_topic(topic).effect(Effect::Reopen),
        Meaning::SmallTalk(SmallTalk::Thanks) => Answer::say(Reply::robot("thanks-reply")),
        Meaning::SmallTalk(SmallTalk::Goodbye) => Answer::say(Reply::robot("goodbye-reply")),
        Meaning::SmallTalk(SmallTalk::Greeting) | Meaning::File | Meaning::Unknown => {
            Answer::say(Reply::robot("dialogue-reopened").buttons(ways_out()))
                .effect(Effect::Reopen)
        }
    }
}

fn meaning<'a>(request: &StepRequest, organisation: &'a Organisation) -> Meaning<'a> {
    let words = Words::of(text(request).unwrap_or_default());
    if words.ask_for_operator() {
        return Meaning::Operator;
    }
    if let Some(topic) = topic_of(&words, organisation) {
        return Meaning::Topic(topic);
    }
    if let Some(talk) = words.small_talk() {
        return Meaning::SmallTalk(talk);
    }
    match content(request) {
        Content::Media { media, .. } if media.kind == MediaKind::Sticker => sticker(media),
        Content::Media { .. } | Content::Location { .. } => Meaning::File,
        _ => Meaning::Unknown,
    }
}

/// A sticker is a gesture: its emoji tells which.
fn sticker<'a>(media: &IncomingMedia) -> Meaning<'a> {
    let talk = Words::of(media.label.as_deref().unwrap_or_default()).small_talk();
    Meaning::SmallTalk(talk.unwrap_or(SmallTalk::Greeting))
}

/// The topic whose keywords fit best, of equal ones the first; people write in any language.
fn topic_of<'a>(words: &Words, organisation: &'a Organisation) -> Option<&'a Topic> {
    if words.is_empty() {
        return None;
    }
    let score = |topic: &Topic| {
        topic
            .keywords
            .values()
            .map(|keywords| words.score(keywords))
            .max()
            .unwrap_or(0)
    };
    let scored = organisation
        .topics
        .iter()
        .map(|topic| (score(topic), topic));
    let fitting = scored.filter(|(score, _)| *score > 0);
    fitting
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map(|(_, topic)| topic)
}

/// The answer to a topic, with the topic noted on the conversation.
pub(crate) fn answer_topic(topic: &Topic) -> Answer {
    let reply = Reply::robot(format!("answer-{}", topic.id)).buttons(after_answer());
    Answer::say(reply).effect(Effect::Classify {
        topic: Some(topic.id.clone()),
        priority: Some(topic.priority),
    })
}

fn small_talk(request: &StepRequest, organisation: &Organisation, talk: SmallTalk) -> Answer {
    let reply = match talk {
        SmallTalk::Greeting => {
            let language = organisation.language(Some(&request.conversation.language));
            Reply::robot("greeting-reply").buttons(menu(organisation, language))
        }
        SmallTalk::Thanks => Reply::robot("thanks-reply").buttons([ButtonId::Menu]),
        SmallTalk::Goodbye => {
            Reply::robot("goodbye-reply").buttons([ButtonId::End, ButtonId::Menu])
        }
    };
    Answer::say(reply)
}

/// The second time in a row the operator is offered in plain words.
fn not_understood(request: &StepRequest, organisation: &Organisation) -> Answer {
    let reply = match request.conversation.misunderstood {
        0 => {
            let language = organisation.language(Some(&request.conversation.language));
            Reply::robot("not-understood").buttons(menu(organisation, language))
        }
        _ => Reply::robot("not-understood-again").buttons(ways_out()),
    };
    Answer::say(reply).effect(Effect::Misunderstood { again: true })
}
