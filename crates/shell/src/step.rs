//! The whole shell of a step component.

use crate::request::from_json;
use crate::{Problem, Request, Response, answered, body, json, method};
use bytes::Bytes;
use vikno_domain::{Step, StepReply, StepRequest};

/// A step request carries one event and a few facts; a text of 4,096 characters is under 20 KB. 256 KB is ample, also
/// for the lists that the engine makes of requests.
const BODY_LIMIT: usize = 256 * 1024;

/// Reads the engine's request, lets the step decide, answers: 200 with data and effects, 422 for a terminal
/// failure, 503 for one that may pass. A list of requests is answered with a list of [`StepReply`].
pub async fn step(request: Request, decide: impl AsyncFn(StepRequest) -> Step) -> Response {
    answered(request, async |request| {
        let body = posted(request).await?;
        if !is_list(&body) {
            return Ok(answer(decide(from_json(&body)?).await));
        }
        let requests: Vec<StepRequest> = from_json(&body)?;
        let mut replies = Vec::with_capacity(requests.len());
        for request in requests {
            replies.push(StepReply::from(decide(request).await));
        }
        Ok(json(200, &replies))
    })
    .await
}

/// The same for a step that takes one request a call, since what one does may hold up or end the others.
pub async fn lone_step(
    request: Request,
    decide: impl AsyncFnOnce(StepRequest) -> Step,
) -> Response {
    answered(request, async |request| {
        let body = posted(request).await?;
        Ok(answer(decide(from_json(&body)?).await))
    })
    .await
}

async fn posted(request: Request) -> Result<Bytes, Problem> {
    method(&request, "POST")?;
    body(request, BODY_LIMIT).await
}

fn is_list(body: &[u8]) -> bool {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    first == Some(&b'[')
}

fn answer(step: Step) -> Response {
    match step {
        Ok(response) => json(200, &response),
        Err(error) if error.retryable => json(503, &error),
        Err(error) => json(422, &error),
    }
}
