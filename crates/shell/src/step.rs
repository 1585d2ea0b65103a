//! The whole shell of a step component.

use crate::{Request, Response, json, json_body, method};
use vikno_domain::{Step, StepRequest};

/// A step request carries one event and a few facts; a text of 4,096 characters is under 20 KB. 256 KB is ample.
const BODY_LIMIT: usize = 256 * 1024;

/// Reads the engine's request, lets the step decide, answers: 200 with data and effects, 422 for a terminal
/// failure, 503 for one that may pass.
pub async fn step(request: Request, decide: impl AsyncFnOnce(StepRequest) -> Step) -> Response {
    let path = request.uri().path().to_owned();
    if let Err(problem) = method(&request, "POST") {
        return problem.into_response(&path);
    }
    let request = match json_body::<StepRequest>(request, BODY_LIMIT).await {
        Ok(request) => request,
        Err(problem) => return problem.into_response(&path),
    };
    match decide(request).await {
        Ok(response) => json(200, &response),
        Err(error) if error.retryable => json(503, &error),
        Err(error) => json(422, &error),
    }
}
