//! Control operator session: run by the clock while an operator has the dialogue. A citizen who waits for an
//! answer too long is told so; after three times that long the dialogue goes back to its queue.

use crate::reply::{Answer, Reply};
use vikno_domain::{ConversationStatus, ConversationView, Effect, Step, StepRequest};
use vikno_organisation::Organisation;

/// So many periods of silence give the dialogue back to its queue.
const PERIODS_UNTIL_RETURN: i64 = 3;

/// Looks at how long the citizen has waited for the operator's answer.
pub fn decide(request: &StepRequest, organisation: &Organisation) -> Step {
    let conversation = &request.conversation;
    if conversation.status != ConversationStatus::WithOperator {
        return Ok(Answer::nothing().done());
    }
    let period_ms = organisation
        .timers
        .operator_silence_s
        .saturating_mul(1_000)
        .max(1);
    let answer = match silent_ms(conversation, request.now_ms) / period_ms {
        0 => Answer::nothing(),
        1 => Answer::say(Reply::system("operator-busy")),
        periods if periods < PERIODS_UNTIL_RETURN => Answer::nothing(),
        _ => {
            let queue = conversation
                .queue
                .as_deref()
                .and_then(|queue| organisation.queue(queue));
            let queue = queue.unwrap_or(organisation.default_queue()).id.clone();
            // Position 0: not told; the queue step tells it at its next look.
            Answer::say(Reply::system("returned-to-queue"))
                .effect(Effect::Enqueue { queue, position: 0 })
        }
    };
    Ok(answer.done())
}

/// How long a message of the citizen has stood without an answer of the operator who has the dialogue now.
fn silent_ms(conversation: &ConversationView, now_ms: i64) -> i64 {
    if conversation.operator_last_at_ms >= conversation.citizen_last_at_ms {
        return 0;
    }
    let since_ms = conversation
        .citizen_last_at_ms
        .max(conversation.taken_at_ms);
    now_ms.saturating_sub(since_ms).max(0)
}
