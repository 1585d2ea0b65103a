//! Widget: dialog complete. A dialogue ends: the citizen is asked for a rating, or it is closed at once.

use crate::event::{content, parameter};
use crate::menu::votes;
use crate::reply::{Answer, Reply};
use vikno_domain::{
    Content, ConversationStatus, Effect, OperatorAction, Reaction, Step, StepRequest,
};

/// Ends the dialogue; parameter `reason`: `silence`, `no_vote`, or none for an end that somebody wished.
pub fn decide(request: &StepRequest) -> Step {
    let reason = parameter(request, "reason").unwrap_or_default();
    let conversation = &request.conversation;
    let answer = match (conversation.status, reason) {
        (ConversationStatus::Closed, _) => Answer::nothing(),
        // Asked already: there is no second question.
        (ConversationStatus::Voting, _) | (_, "no_vote") => close("no_vote", Answer::nothing()),
        (_, "silence") if !conversation.served => {
            close("silence", Answer::say(Reply::robot("closed-silence")))
        }
        _ if closed_by_operator(request) => {
            ask(Reply::system("closed-by-operator").note("rate-dialogue"))
        }
        _ => ask(Reply::robot("rate-dialogue")),
    };
    let answer = match reason {
        "silence" => answer.after(request, Reaction::Silence),
        _ => answer,
    };
    Ok(answer.done())
}

fn ask(reply: Reply) -> Answer {
    Answer::say(reply.buttons(votes())).effect(Effect::AskVote)
}

fn close(reason: &str, answer: Answer) -> Answer {
    answer.effect(Effect::Close {
        reason: reason.to_owned(),
    })
}

fn closed_by_operator(request: &StepRequest) -> bool {
    matches!(
        content(request),
        Content::Operator {
            action: OperatorAction::Close { .. },
            ..
        }
    )
}
