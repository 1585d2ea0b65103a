//! Events in operators' chat: what the citizen learns of what an operator does. Who may do what is checked
//! before, by the engine.

use crate::event::content;
use crate::reply::{Answer, Intent, Reply};
use vikno_domain::{
    Content, DialogueAct, Effect, MessageAuthor, OperatorAction, OperatorRef, OrgId,
    OutgoingMessage, Relayed, Step, StepError, StepRequest,
};
use vikno_organisation::Organisation;

/// Passes an operator's action on; `target` is the organisation of a transfer, if it is one and exists.
pub fn decide(request: &StepRequest, target: Option<&Organisation>) -> Step {
    match content(request) {
        Content::Operator { operator, action } => of_operator(request, operator, action, target),
        Content::TransferredIn { conversation } => {
            let queue = conversation.queue.clone().unwrap_or_default();
            Ok(Answer::intent(Intent::Operator).queue(queue).done())
        }
        Content::Relayed {
            relayed: Relayed::Returned { queue, .. },
        } => {
            let queue = queue.clone().unwrap_or_default();
            Ok(Answer::intent(Intent::Operator).queue(queue).done())
        }
        Content::Asked { act, .. } => of_task(request, act, target),
        _ => Err(StepError::terminal(
            "not_an_operator_event",
            "The event is no operator's.",
        )),
    }
}

/// The organisation that the event wants to move the conversation to.
pub fn transfer_target(request: &StepRequest) -> Option<&OrgId> {
    match content(request) {
        Content::Operator {
            action: OperatorAction::TransferOrganisation { org, .. },
            ..
        }
        | Content::Asked {
            act: DialogueAct::MoveToOrganisation { org, .. },
            ..
        } => Some(org),
        _ => None,
    }
}

fn of_operator(
    request: &StepRequest,
    operator: &OperatorRef,
    action: &OperatorAction,
    target: Option<&Organisation>,
) -> Step {
    let answer = match action {
        OperatorAction::Take => joined(operator),
        OperatorAction::Assign { to, .. } => joined(to),
        OperatorAction::Message { text, media } => {
            let message = OutgoingMessage {
                from: MessageAuthor::Operator,
                text: text.clone(),
                buttons: Vec::new(),
                media: media.clone(),
            };
            Answer::nothing().effect(Effect::Send { message })
        }
        OperatorAction::Note { .. } => Answer::nothing(),
        OperatorAction::Close { .. } => Answer::intent(Intent::Complete),
        OperatorAction::Reopen { .. } => Answer::say(Reply::system("dialogue-reopened")),
        OperatorAction::Return { .. } => Answer::say(Reply::system("returned-to-queue")),
        OperatorAction::TransferQueue { queue, .. } => {
            Answer::intent(Intent::Operator).queue(queue.as_str())
        }
        OperatorAction::TransferOrganisation { org, queue, reason } => {
            moved(request, org, queue.clone(), reason.clone(), target)?
        }
    };
    Ok(answer.done())
}

fn joined(operator: &OperatorRef) -> Answer {
    Answer::say(Reply::system("operator-joined").arg("name", operator.name.as_str()))
}

/// What a task of an outside system asks: to the citizen it is as if an operator had done it.
fn of_task(request: &StepRequest, act: &DialogueAct, target: Option<&Organisation>) -> Step {
    let answer = match act {
        DialogueAct::End { .. } => Answer::intent(Intent::Complete),
        DialogueAct::Enqueue { queue } => {
            Answer::intent(Intent::Operator).queue(queue.clone().unwrap_or_default())
        }
        DialogueAct::MoveToOrganisation { org, queue, reason } => {
            moved(request, org, queue.clone(), reason.clone(), target)?
        }
        // Nothing is said; the processes only have to wait elsewhere now.
        DialogueAct::Release | DialogueAct::Say { .. } | DialogueAct::Update { .. } => {
            Answer::nothing()
        }
    };
    Ok(answer.done())
}

fn moved(
    request: &StepRequest,
    org: &OrgId,
    queue: Option<String>,
    reason: Option<String>,
    target: Option<&Organisation>,
) -> Result<Answer, StepError> {
    let target = target.ok_or_else(|| {
        StepError::terminal(
            "unknown_organisation",
            format!("There is no organisation '{org}'."),
        )
    })?;
    let name = target.name.get(&request.conversation.language);
    let answer = Answer::say(Reply::system("moved-to-organisation").arg("name", name));
    Ok(answer.effect(Effect::TransferOrganisation {
        org: org.clone(),
        queue,
        reason,
    }))
}
