//! Widget: welcome message, with the topics, an operator and the other languages as buttons.

use crate::menu::menu;
use crate::reply::{Answer, Reply};
use vikno_domain::{ConversationStatus, Effect, Step, StepRequest};
use vikno_organisation::Organisation;

/// Greets; `operators_work` is whether somebody could take the dialogue now.
pub fn decide(request: &StepRequest, organisation: &Organisation, operators_work: bool) -> Step {
    let conversation = &request.conversation;
    match conversation.status {
        ConversationStatus::Open | ConversationStatus::Voting => {}
        // Somebody who waits or talks with an operator needs no menu.
        ConversationStatus::Waiting
        | ConversationStatus::WithOperator
        | ConversationStatus::Closed => {
            return Ok(Answer::nothing().done());
        }
    }
    let text = match request.citizen.earlier_conversations {
        0 => "welcome",
        _ => "welcome-back",
    };
    let language = organisation.language(Some(&conversation.language));
    let reply = Reply::robot(text).buttons(menu(organisation, language));
    let reply = if operators_work {
        reply
    } else {
        reply.note("welcome-closed")
    };
    let voting = conversation.status == ConversationStatus::Voting;
    Ok(Answer::say(reply).effect_if(voting, Effect::Reopen).done())
}
