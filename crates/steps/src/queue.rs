//! Queue: puts a citizen into the right queue and tells their place and how long it may take; told again by
//! the clock only when the place has changed.

use crate::event::{content, flag, parameter};
use crate::reply::{Answer, Reply};
use serde_json::json;
use vikno_domain::{
    Content, ConversationStatus, Effect, OperatorAction, Step, StepError, StepRequest,
};
use vikno_organisation::{Organisation, Queue};

/// Handling time of a queue that has no history yet, in seconds.
const HANDLING_S_DEFAULT: i64 = 180;
/// Shorter or longer means are an accident (a test dialogue, one left open overnight).
const HANDLING_S: std::ops::RangeInclusive<i64> = 30..=3_600;
/// Nobody believes an estimate beyond four hours.
const ESTIMATE_S_MAX: i64 = 4 * 3_600;

/// When operators work, in words for the citizen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opening {
    /// Now.
    Now,
    /// Not now; from this time on, as written for a reader.
    At(String),
    /// Not now, and no opening is in sight.
    Unknown,
}

#[cfg(feature = "hours")]
impl Opening {
    /// By working hours.
    pub fn of(hours: &vikno_organisation::Hours, now_ms: i64) -> Self {
        use vikno_organisation::HoursState;
        match hours.state(now_ms) {
            HoursState::Open { .. } => Self::Now,
            HoursState::Closed {
                opens_at_ms: Some(at_ms),
            } => Self::At(hours.local_text(at_ms)),
            HoursState::Closed { opens_at_ms: None } => Self::Unknown,
        }
    }
}

/// What is known of a queue at this moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QueueLoad {
    /// Citizens before this one.
    pub ahead: u32,
    /// Operators who have a dialogue now.
    pub operators: u32,
    /// Mean time of the last dialogues from taking to closing, in seconds; none without history.
    pub mean_handling_s: Option<i64>,
}

impl QueueLoad {
    /// The citizen's place, from 1.
    pub fn position(&self) -> u32 {
        self.ahead.saturating_add(1)
    }

    /// How long it may take, in seconds.
    pub fn estimate_s(&self) -> i64 {
        let mean_s = self.mean_handling_s.unwrap_or(HANDLING_S_DEFAULT);
        let mean_s = mean_s.clamp(*HANDLING_S.start(), *HANDLING_S.end());
        let operators = i64::from(self.operators.max(1));
        (mean_s * i64::from(self.position()) / operators).min(ESTIMATE_S_MAX)
    }

    /// The same in whole minutes, at least one.
    pub fn minutes(&self) -> i64 {
        (self.estimate_s() + 59) / 60
    }
}

/// The queue that the citizen is to be in: of an operator's move or another organisation's wish, else the one
/// they wait in, else that of their topic, else the default one.
pub fn choose<'a>(
    request: &StepRequest,
    organisation: &'a Organisation,
) -> Result<&'a Queue, StepError> {
    if let Content::Operator {
        action: OperatorAction::TransferQueue { queue, .. },
        ..
    } = content(request)
    {
        let known = organisation.queue(queue);
        return known.ok_or_else(|| {
            StepError::terminal("unknown_queue", format!("There is no queue '{queue}'."))
        });
    }
    let conversation = &request.conversation;
    let waiting = conversation.status == ConversationStatus::Waiting;
    let wished = parameter(request, "queue");
    let present = conversation.queue.as_deref();
    let topic = conversation
        .topic
        .as_deref()
        .and_then(|id| organisation.topic(id));
    let by_topic = topic.map(|topic| topic.queue.as_str());
    let order = if waiting {
        [present, wished, by_topic]
    } else {
        [wished, by_topic, present]
    };
    let known = order
        .into_iter()
        .flatten()
        .find_map(|id| organisation.queue(id));
    Ok(known.unwrap_or(organisation.default_queue()))
}

/// Puts the citizen into `queue` and tells them where they stand.
pub fn decide(request: &StepRequest, queue: &Queue, opening: &Opening, load: &QueueLoad) -> Step {
    let conversation = &request.conversation;
    let position = load.position();
    match conversation.status {
        // They have an operator; a move by that operator has let go of the dialogue before this step.
        ConversationStatus::WithOperator if !moved_by_operator(request) => {
            return Ok(Answer::nothing().done());
        }
        ConversationStatus::Closed => return Ok(Answer::nothing().done()),
        _ => {}
    }
    let tick = flag(request, "tick") && conversation.status == ConversationStatus::Waiting;
    let news = !tick || (*opening == Opening::Now && conversation.told_position != position);
    let answer = if news {
        Answer::say(words(request, queue, opening, load))
    } else {
        Answer::nothing()
    };
    let enqueue = Effect::Enqueue {
        queue: queue.id.clone(),
        position,
    };
    let mut response = answer.effect_if(news, enqueue).done();
    response.data.insert("position".to_owned(), json!(position));
    response
        .data
        .insert("estimate_s".to_owned(), json!(load.estimate_s()));
    Ok(response)
}

fn moved_by_operator(request: &StepRequest) -> bool {
    matches!(
        content(request),
        Content::Operator {
            action: OperatorAction::TransferQueue { .. },
            ..
        }
    )
}

fn words(request: &StepRequest, queue: &Queue, opening: &Opening, load: &QueueLoad) -> Reply {
    let place = match opening {
        Opening::Now => "queue-position",
        Opening::At(_) => "queue-closed",
        Opening::Unknown => "queue-closed-unknown",
    };
    let reply = if moved_by_operator(request) {
        let name = queue.name.get(&request.conversation.language);
        Reply::system("moved-to-queue")
            .arg("queue", name)
            .note(place)
    } else {
        Reply::system(place)
    };
    let reply = reply.arg("position", load.position());
    match opening {
        Opening::Now => reply.arg("minutes", load.minutes()),
        Opening::At(time) => reply.arg("opens", time.as_str()),
        Opening::Unknown => reply,
    }
}
