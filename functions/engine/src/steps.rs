//! Calls of step components.

use vikno_conversation::{StepAnswer, StepCall};
use vikno_domain::{StepError, StepResponse};

/// Posts the request to the step and reads what it answers.
pub(crate) async fn call(step: &StepCall) -> StepAnswer {
    let body = match serde_json::to_vec(&step.request) {
        Ok(body) => body,
        Err(error) => return StepAnswer::Unreachable(error.to_string()),
    };
    match vikno_shell::post(&step.component, "/", body).await {
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
