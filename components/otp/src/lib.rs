//! One-time codes by text message: for citizens as a process step, for the sign-in of staff by a plain call.
//! Without a master key or a provider's token it sends and accepts nothing. Never logs a code or a number.

mod call;
mod codes;
mod settings;
mod sms;

use codes::Codes;
use serde_json::Value;
use spin_sdk::http_service;
use vikno_domain::{Step, StepError, StepRequest};
use vikno_shell::{Problem, Reply, Request, Response};
use vikno_steps::otp::{Outcome, Wish, answer, wish};

/// As much as any step request; a plain call is far below.
const BODY_LIMIT: usize = 256 * 1024;
/// What a citizen's code opens: the proof of a number.
const CITIZEN_PURPOSE: &str = "citizen_phone";

#[http_service]
async fn handle(request: Request) -> Response {
    let path = request.uri().path().to_owned();
    match route(request).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(&path),
    }
}

/// A body with a `purpose` is a plain call, any other one a step request.
async fn route(request: Request) -> Reply {
    vikno_shell::method(&request, "POST")?;
    let body: Value = vikno_shell::json_body(request, BODY_LIMIT).await?;
    if body.get("purpose").is_some() {
        return call::answer(body).await;
    }
    let request: StepRequest = serde_json::from_value(body)
        .map_err(|error| Problem::new(400, "invalid_body", error.to_string()))?;
    Ok(match step(&request).await {
        Ok(response) => vikno_shell::json(200, &response),
        Err(error) if error.retryable => vikno_shell::json(503, &error),
        Err(error) => vikno_shell::json(422, &error),
    })
}

async fn step(request: &StepRequest) -> Step {
    let outcome = match wish(request) {
        Wish::Unclear => Outcome::Unclear,
        Wish::NoCode => Outcome::NoCode,
        wish => carry_out(request, wish).await?,
    };
    Ok(answer(&outcome))
}

async fn carry_out(request: &StepRequest, wish: Wish) -> Result<Outcome, StepError> {
    let Some(codes) = Codes::open().await.map_err(unavailable)? else {
        return Ok(Outcome::Unavailable);
    };
    let organisation = vikno_shell::organisation(&request.org).await?;
    let org = Some(request.org.as_str());
    match wish {
        Wish::Send(phone) => {
            let texts = vikno_shell::texts(&organisation);
            let language = organisation.language(Some(&request.conversation.language));
            let outcome = codes
                .send(CITIZEN_PURPOSE, &phone, org, &texts, language)
                .await;
            outcome.map_err(unavailable)
        }
        Wish::Verify(phone, code) => {
            let outcome = codes.verify(CITIZEN_PURPOSE, &phone, org, &code).await;
            outcome.map_err(unavailable)
        }
        Wish::NoCode => Ok(Outcome::NoCode),
        Wish::Unclear => Ok(Outcome::Unclear),
    }
}

fn unavailable(error: vikno_storage::StorageError) -> StepError {
    StepError::retryable("storage_unavailable", error.to_string())
}
