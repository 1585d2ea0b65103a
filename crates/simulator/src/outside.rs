//! What is outside of the processes: the steps, answered by their own pure decisions, and what a simulation does to
//! them: failures, made-up answers, a queue with people in it.

use crate::codes::Codes;
use crate::{Centre, RunCode};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use vikno_conversation::{StepAnswer, StepCall};
use vikno_domain::{Step, StepError, StepRequest, StepResponse};
use vikno_process::Name;
use vikno_steps::queue::{Opening, QueueLoad};
use vikno_steps::{
    clicks_handling, command_converter, dialog_complete, messages_handling, operator_events,
    operator_session, otp, queue, run_code, send_media, send_text, sso_info, vote, welcome,
};

/// How a call of a step fails.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The step says that the same call may succeed later.
    Retryable,
    /// The step says that the same call will fail again.
    Terminal,
    /// No answer in time.
    Timeout,
    /// The step cannot be reached.
    Unreachable,
}

impl Failure {
    /// Every way.
    pub const ALL: [Self; 4] = [
        Self::Retryable,
        Self::Terminal,
        Self::Timeout,
        Self::Unreachable,
    ];

    /// Its name in scenarios and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Retryable => "retryable",
            Self::Terminal => "terminal",
            Self::Timeout => "timeout",
            Self::Unreachable => "unreachable",
        }
    }

    /// Reads the name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|failure| failure.as_str() == name)
    }

    fn answer(self) -> StepAnswer {
        let words = "a failure made by the simulator";
        match self {
            Self::Retryable => StepAnswer::Failed(StepError::retryable("simulated", words)),
            Self::Terminal => StepAnswer::Failed(StepError::terminal("simulated", words)),
            Self::Timeout => StepAnswer::TimedOut,
            Self::Unreachable => StepAnswer::Unreachable(words.to_owned()),
        }
    }
}

/// A step that is to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failing {
    /// How.
    pub how: Failure,
    /// Only at the next call.
    pub once: bool,
}

/// A call that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Called {
    /// The process that called.
    pub process: Name,
    /// Its node.
    pub node: Name,
    /// The step.
    pub step: String,
    /// Whether it did not answer as it should.
    pub failed: bool,
    /// What it said, if it was one that says something.
    pub said: Option<Spoken>,
}

/// A text on its way to the citizen, by its ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// Text id and, if there is one, the id of the note below it.
    pub keys: Vec<String>,
    /// Text ids of the buttons.
    pub buttons: Vec<String>,
    /// As rendered.
    pub text: Option<String>,
}

/// The outside of one chat.
#[derive(Debug, Clone, Default)]
pub struct Outside {
    /// Steps that fail, by name.
    pub failing: BTreeMap<String, Failing>,
    /// What steps answer besides their decision; for a step that is not known here it is the whole answer.
    pub given: BTreeMap<String, Map<String, Value>>,
    /// Who else is in the queue.
    pub load: QueueLoad,
    /// Fails the call of that number, counted from 0 over the whole dialogue.
    pub fail_call: Option<(usize, Failure)>,
    /// Calls so far.
    pub calls: usize,
    codes: Codes,
}

impl Outside {
    /// Answers a call.
    pub fn answer(&mut self, centre: &Centre, call: &StepCall) -> (StepAnswer, Called) {
        let number = self.calls;
        self.calls += 1;
        let answer = match self.failure(number, &call.component) {
            Some(failure) => failure.answer(),
            None => self.decide(centre, call),
        };
        let said = match &answer {
            StepAnswer::Done(response) => spoken(call, response),
            _ => None,
        };
        let called = Called {
            process: call.process.clone(),
            node: call.node.clone(),
            step: call.component.clone(),
            failed: !matches!(answer, StepAnswer::Done(_)),
            said,
        };
        (answer, called)
    }

    fn failure(&mut self, number: usize, step: &str) -> Option<Failure> {
        if let Some((_, failure)) = self.fail_call.filter(|(wanted, _)| *wanted == number) {
            return Some(failure);
        }
        let failing = *self.failing.get(step)?;
        if failing.once {
            self.failing.remove(step);
        }
        Some(failing.how)
    }

    fn decide(&mut self, centre: &Centre, call: &StepCall) -> StepAnswer {
        let is_given = self.given.contains_key(&call.component);
        let decided = match (self.own_answer(centre, call), is_given) {
            (Some(decided), _) => decided,
            (None, true) => Ok(StepResponse::default()),
            (None, false) => {
                let cause = format!(
                    "the simulator knows no step {}; give its answer in the scenario",
                    call.component
                );
                return StepAnswer::Unreachable(cause);
            }
        };
        match decided {
            Ok(mut response) => {
                for (name, value) in self.given.get(&call.component).into_iter().flatten() {
                    response.data.insert(name.clone(), value.clone());
                }
                StepAnswer::Done(response)
            }
            Err(error) => StepAnswer::Failed(error),
        }
    }

    fn own_answer(&mut self, centre: &Centre, call: &StepCall) -> Option<Step> {
        let request = &call.request;
        match call.component.as_str() {
            "otp" => Some(Ok(otp::answer(&self.codes.carry_out(request)))),
            "queue" => Some(self.queue(centre, request)),
            "run-code" => Some(self.run_code(centre.run_code?, request)),
            step => decision(centre, step, request),
        }
    }

    /// Runs a code node's program; what it draws comes from the number of the call.
    fn run_code(&self, run: RunCode, request: &StepRequest) -> Step {
        let order = run_code::order(request, self.calls as u64)?;
        run_code::answer(run(order))
    }

    fn queue(&self, centre: &Centre, request: &StepRequest) -> Step {
        let organisation = &centre.organisation;
        let queue = queue::choose(request, organisation)?;
        let opening = Opening::of(organisation.hours_of(queue), request.now_ms);
        queue::decide(request, queue, &opening, &self.load)
    }
}

/// The decision of a step that needs nothing but the request and the organisation's files.
fn decision(centre: &Centre, step: &str, request: &StepRequest) -> Option<Step> {
    let organisation = &centre.organisation;
    let moment = || vikno_steps::moment(organisation, request.now_ms);
    Some(match step {
        "send-text" => send_text::decide(request, organisation, &centre.texts),
        "send-media" => send_media::decide(request, organisation, &centre.texts),
        "welcome" => {
            let opening = Opening::of(&organisation.hours, request.now_ms);
            welcome::decide(request, organisation, opening == Opening::Now)
        }
        "command-converter" => command_converter::decide(request, organisation),
        "messages-handling" => {
            messages_handling::decide(request, organisation, &centre.replies, moment())
        }
        "clicks-handling" => {
            clicks_handling::decide(request, organisation, &centre.replies, moment())
        }
        "vote" => vote::decide(request),
        "dialog-complete" => dialog_complete::decide(request),
        "operator-events" => {
            let target = operator_events::transfer_target(request);
            let target = target.and_then(|org| centre.others.get(org));
            operator_events::decide(request, target)
        }
        "operator-session" => operator_session::decide(request, organisation),
        "sso-info" => sso_info::decide(request),
        _ => return None,
    })
}

/// What a call that was answered says to the citizen.
fn spoken(call: &StepCall, response: &StepResponse) -> Option<Spoken> {
    let text = response.effects.iter().find_map(|effect| match effect {
        vikno_domain::Effect::Send { message } => Some(message.text.clone()),
        _ => None,
    })?;
    let params = &call.request.params;
    let reply = params.get("reply").and_then(Value::as_object);
    let id = |object: &Map<String, Value>, name: &str| {
        let id = object.get(name)?.as_str()?;
        (!id.is_empty()).then(|| id.to_owned())
    };
    let mut keys: Vec<String> = Vec::new();
    let mut buttons = Vec::new();
    match reply {
        Some(reply) => {
            keys.extend(id(reply, "text"));
            keys.extend(id(reply, "note"));
            let labels = reply.get("buttons").and_then(Value::as_array);
            let labels = labels.into_iter().flatten().filter_map(Value::as_object);
            buttons.extend(labels.filter_map(|button| id(button, "text")));
        }
        None => {
            keys.extend(id(params, "text"));
            keys.extend(id(params, "caption"));
        }
    }
    Some(Spoken {
        keys,
        buttons,
        text,
    })
}
