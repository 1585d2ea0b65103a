//! What the tree of automatic replies is told besides the words.

use vikno_domain::StepRequest;
use vikno_replies::{Moment, Situation};

/// What the organisation's clock shows at the time of the request.
#[cfg(feature = "hours")]
pub fn moment(organisation: &vikno_organisation::Organisation, now_ms: i64) -> Moment {
    let local = organisation.hours.local(now_ms);
    Moment {
        weekday: local.weekday,
        minute: local.minute,
        working: local.working,
        holiday: local.holiday,
    }
}

/// Who writes, where, when, and what was answered before.
pub(crate) fn situation(request: &StepRequest, moment: Moment) -> Situation {
    let (conversation, citizen) = (&request.conversation, &request.citizen);
    let facts = &conversation.replies;
    Situation {
        language: conversation.language.clone(),
        channel: conversation.channel,
        identified: citizen.identity.is_some() || citizen.phone_verified,
        phone_known: citizen.phone.is_some(),
        dialogues: citizen.earlier_conversations,
        moment,
        current: facts.given.last().or(conversation.topic.as_ref()).cloned(),
        asked: facts.given.clone(),
        unhelpful: facts.unhelpful,
    }
}
