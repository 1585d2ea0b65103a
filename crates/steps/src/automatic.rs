//! Automatic answers: how a reply of the tree is said, and what follows when it did not help.

use crate::ButtonId;
use crate::menu::{after_answer, ways_out};
use crate::reply::{Answer, Intent, Reply, unhelpful_with};
use vikno_domain::{Effect, Reaction, StepRequest};
use vikno_organisation::Organisation;
use vikno_replies::{Chosen, Replies};

/// The answer with the replies below it as buttons; its topic and urgency are noted on the conversation.
pub(crate) fn say(chosen: Chosen, organisation: &Organisation) -> Answer {
    let topic = organisation.topic(&chosen.topic);
    let below = chosen.buttons.into_iter().map(ButtonId::Topic);
    let reply = Reply::robot(chosen.text).buttons(below.chain(after_answer()));
    Answer::say(reply)
        .media(chosen.media)
        .effect(Effect::Classify {
            priority: chosen.priority.or(topic.map(|topic| topic.priority)),
            topic: Some(chosen.topic),
        })
        .effect(Effect::Replied {
            reply: chosen.reply,
        })
}

/// The answer did not help: what is near it is offered once, then an operator in plain words. Without an answer
/// of this dialogue nobody knows what is meant, so a person is asked at once.
pub(crate) fn did_not_help(request: &StepRequest, replies: &Replies) -> Answer {
    let Some(last) = request.conversation.replies.given.last() else {
        return Answer::intent(Intent::Operator);
    };
    let reply = match unhelpful_with(request, Reaction::NotHelped) {
        0 | 1 => {
            let nearby = replies.nearby(last).into_iter().map(ButtonId::Topic);
            Reply::robot("not-helped").buttons(nearby.chain(ways_out()))
        }
        _ => Reply::robot("not-helped-again").buttons(ways_out()),
    };
    Answer::say(reply)
}
