//! Messages handling: what the robot answers to words and files. While an operator has the dialogue (or the
//! citizen waits for one) it says nothing: the message is stored, the operator reads it.

use crate::ButtonId;
use crate::automatic;
use crate::event::{content, text};
use crate::menu::{menu, ways_out};
use crate::reply::{Answer, Intent, Reply};
use crate::score::score_of;
use crate::situation::situation;
use crate::words::{SmallTalk, Words};
use vikno_domain::{
    Content, ConversationStatus, Effect, IncomingMedia, MediaKind, Reaction, Step, StepRequest,
};
use vikno_organisation::Organisation;
use vikno_replies::{Chosen, Moment, Replies};

/// Answers a message of the citizen. `moment` is now on the organisation's clock.
pub fn decide(
    request: &StepRequest,
    organisation: &Organisation,
    replies: &Replies,
    moment: Moment,
) -> Step {
    // A contact has been answered by the step that identifies.
    if matches!(content(request), Content::Contact { .. }) {
        return Ok(Answer::nothing().done());
    }
    let meaning = || meaning(request, replies, moment);
    let answer = match request.conversation.status {
        ConversationStatus::Open => in_dialogue(request, organisation, replies, meaning()),
        ConversationStatus::Voting => while_voting(request, organisation, meaning),
        ConversationStatus::Waiting
        | ConversationStatus::WithOperator
        | ConversationStatus::Closed => Answer::nothing(),
    };
    Ok(answer.done())
}

/// What a message is about.
enum Meaning {
    Operator,
    DidNotHelp,
    Reply(Chosen),
    SmallTalk(SmallTalk),
    File,
    Unknown,
}

fn in_dialogue(
    request: &StepRequest,
    organisation: &Organisation,
    replies: &Replies,
    meaning: Meaning,
) -> Answer {
    let reaction = match meaning {
        Meaning::DidNotHelp => Reaction::NotHelped,
        _ => Reaction::Message,
    };
    let had_trouble =
        request.conversation.misunderstood > 0 && !matches!(meaning, Meaning::Unknown);
    let answer = match meaning {
        Meaning::Operator => Answer::intent(Intent::Operator),
        Meaning::DidNotHelp => automatic::did_not_help(request, replies),
        Meaning::Reply(chosen) => automatic::say(chosen, organisation),
        Meaning::SmallTalk(talk) => small_talk(request, organisation, talk),
        Meaning::File => Answer::say(Reply::robot("media-received").buttons(ways_out())),
        Meaning::Unknown => not_understood(request, organisation),
    };
    answer
        .effect_if(had_trouble, Effect::Misunderstood { again: false })
        .after(request, reaction)
}

/// Thanks and farewells are no reason to begin anew; anything else is.
fn while_voting(
    request: &StepRequest,
    organisation: &Organisation,
    meaning: impl Fn() -> Meaning,
) -> Answer {
    if text(request).and_then(score_of).is_some() {
        return Answer::intent(Intent::Vote);
    }
    match meaning() {
        Meaning::Operator | Meaning::DidNotHelp => Answer::intent(Intent::Operator),
        Meaning::Reply(chosen) => automatic::say(chosen, organisation).effect(Effect::Reopen),
        Meaning::SmallTalk(SmallTalk::Thanks) => Answer::say(Reply::robot("thanks-reply")),
        Meaning::SmallTalk(SmallTalk::Goodbye) => Answer::say(Reply::robot("goodbye-reply")),
        Meaning::SmallTalk(SmallTalk::Greeting) | Meaning::File | Meaning::Unknown => {
            Answer::say(Reply::robot("dialogue-reopened").buttons(ways_out()))
                .effect(Effect::Reopen)
        }
    }
}

fn meaning(request: &StepRequest, replies: &Replies, moment: Moment) -> Meaning {
    let written = text(request).unwrap_or_default();
    let words = Words::of(written);
    if words.ask_for_operator() {
        return Meaning::Operator;
    }
    let answered = !request.conversation.replies.given.is_empty();
    if answered && words.say_it_did_not_help() {
        return Meaning::DidNotHelp;
    }
    if let Some(chosen) = replies.choose(written, &situation(request, moment)) {
        return Meaning::Reply(chosen);
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
fn sticker(media: &IncomingMedia) -> Meaning {
    let talk = Words::of(media.label.as_deref().unwrap_or_default()).small_talk();
    Meaning::SmallTalk(talk.unwrap_or(SmallTalk::Greeting))
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
