//! Calls of step components. What the dialogues of a batch want of the same step goes in one call: a call costs more
//! than most decisions.

use bytes::Bytes;
use futures::channel::oneshot;
use futures::future::join_all;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::task::Poll;
use vikno_conversation::{StepAnswer, StepCall};
use vikno_domain::{StepError, StepReply, StepResponse};

/// Requests in one call.
const TOGETHER_MAX: usize = 32;
/// Bytes in one call, below what a step reads.
const TOGETHER_BYTES: usize = 200 * 1024;

thread_local! {
    /// Steps that refused a list: they take one request a call.
    static ALONE: RefCell<HashSet<String>> = RefCell::default();
}

/// The calls of one batch.
#[derive(Default)]
pub(crate) struct Steps {
    gathered: RefCell<HashMap<String, Vec<Waiting>>>,
}

/// A dialogue that waits for a step.
struct Waiting {
    request: Bytes,
    answer: oneshot::Sender<StepAnswer>,
}

impl Waiting {
    fn hears(self, answer: StepAnswer) {
        // Nobody waits any more where the batch was given up.
        let _ = self.answer.send(answer);
    }
}

impl Steps {
    /// Asks the step, together with the other dialogues of the batch that are at the same step now.
    pub(crate) async fn call(&self, step: &StepCall) -> StepAnswer {
        let component = step.component.as_str();
        let request = match serde_json::to_vec(&step.request) {
            Ok(request) => Bytes::from(request),
            Err(error) => return StepAnswer::Unreachable(error.to_string()),
        };
        if ALONE.with_borrow(|alone| alone.contains(component)) {
            return call_alone(component, request).await;
        }
        let (answer, answered) = oneshot::channel();
        let is_first = {
            let mut gathered = self.gathered.borrow_mut();
            let group = gathered.entry(component.to_owned()).or_default();
            group.push(Waiting { request, answer });
            group.len() == 1
        };
        if is_first {
            others_turn().await;
            let group = self.gathered.borrow_mut().remove(component);
            let calls = calls(group.unwrap_or_default());
            join_all(calls.into_iter().map(|call| ask(component, call))).await;
        }
        answered
            .await
            .unwrap_or_else(|_| StepAnswer::Unreachable("the call was given up".to_owned()))
    }
}

/// Lets the batch's other dialogues go on to their own calls.
async fn others_turn() {
    let mut had = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut had, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// What goes into one call each.
fn calls(group: Vec<Waiting>) -> Vec<Vec<Waiting>> {
    let mut calls: Vec<Vec<Waiting>> = Vec::new();
    let mut bytes = 0;
    for waiting in group {
        bytes += waiting.request.len();
        match calls.last_mut() {
            Some(call) if call.len() < TOGETHER_MAX && bytes <= TOGETHER_BYTES => {
                call.push(waiting);
            }
            _ => {
                bytes = waiting.request.len();
                calls.push(vec![waiting]);
            }
        }
    }
    calls
}

async fn ask(component: &str, call: Vec<Waiting>) {
    if call.len() > 1
        && let Some(answers) = call_together(component, &call).await
    {
        for (waiting, answer) in call.into_iter().zip(answers) {
            waiting.hears(answer);
        }
        return;
    }
    // Where a list failed, one of them may have ended the step: now each has its own fate.
    join_all(call.into_iter().map(async |waiting| {
        let answer = call_alone(component, waiting.request.clone()).await;
        waiting.hears(answer);
    }))
    .await;
}

/// `None` when the step did not answer the list.
async fn call_together(component: &str, call: &[Waiting]) -> Option<Vec<StepAnswer>> {
    let mut body = vec![b'['];
    for waiting in call {
        if body.len() > 1 {
            body.push(b',');
        }
        body.extend_from_slice(&waiting.request);
    }
    body.push(b']');
    let (status, answer) = vikno_shell::post(component, "/", body).await.ok()?;
    if status == 400 {
        ALONE.with_borrow_mut(|alone| alone.insert(component.to_owned()));
    }
    if status != 200 {
        return None;
    }
    let replies: Vec<StepReply> = serde_json::from_slice(&answer).ok()?;
    let answers = replies.into_iter().map(|reply| match reply {
        StepReply::Done(response) => StepAnswer::Done(response),
        StepReply::Failed(error) => StepAnswer::Failed(error),
    });
    Some(answers.collect()).filter(|answers: &Vec<_>| answers.len() == call.len())
}

async fn call_alone(component: &str, request: Bytes) -> StepAnswer {
    match vikno_shell::post(component, "/", request).await {
        Ok((200, answer)) => match serde_json::from_slice::<StepResponse>(&answer) {
            Ok(response) => StepAnswer::Done(response),
            Err(error) => StepAnswer::Unreachable(format!("answer of no known form: {error}")),
        },
        Ok((504, _)) => StepAnswer::TimedOut,
        Ok((status, answer)) => match serde_json::from_slice::<StepError>(&answer) {
            Ok(error) => StepAnswer::Failed(error),
            Err(_) => StepAnswer::Unreachable(format!("answered {status}")),
        },
        Err(cause) => StepAnswer::Unreachable(cause),
    }
}
