//! Client voted for the dialogue: the rating is taken, the dialogue is closed.

use crate::ButtonId;
use crate::event::{content, text};
use crate::menu::ways_out;
use crate::reply::{Answer, Reply};
use crate::score::score_of;
use vikno_domain::{Content, ConversationStatus, Effect, Step, StepRequest};

/// From this score down we say that we are sorry.
const LOW_SCORE_MAX: u8 = 2;
/// A comment is words of a citizen, not a document.
const COMMENT_CHARS_MAX: usize = 4_096;

/// Takes the vote of a chat API vote, a button, a digit or stars.
pub fn decide(request: &StepRequest) -> Step {
    let vote = match request.conversation.status {
        ConversationStatus::Voting => vote(request),
        // The robot does not talk across an operator.
        ConversationStatus::Waiting | ConversationStatus::WithOperator => {
            return Ok(Answer::nothing().done());
        }
        ConversationStatus::Open | ConversationStatus::Closed => None,
    };
    let Some((score, comment)) = vote else {
        return Ok(Answer::say(Reply::robot("button-unknown").buttons(ways_out())).done());
    };
    let thanks = if score <= LOW_SCORE_MAX {
        "sorry-for-low-vote"
    } else {
        "thanks-for-vote"
    };
    Ok(Answer::say(Reply::robot(thanks))
        .effect(Effect::Rate { score, comment })
        .effect(Effect::Close {
            reason: "vote".to_owned(),
        })
        .done())
}

fn vote(request: &StepRequest) -> Option<(u8, Option<String>)> {
    match content(request) {
        Content::Vote { score, comment } if (1..=5).contains(score) => {
            let comment = comment
                .as_deref()
                .map(str::trim)
                .filter(|comment| !comment.is_empty());
            Some((
                *score,
                comment.map(|comment| comment.chars().take(COMMENT_CHARS_MAX).collect()),
            ))
        }
        Content::Click { button, .. } => match ButtonId::parse(button)? {
            ButtonId::Vote(score) => Some((score, None)),
            _ => None,
        },
        _ => Some((text(request).and_then(score_of)?, None)),
    }
}
