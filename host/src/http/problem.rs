//! The host's own error answers, as RFC 9457 has them.

use super::Response;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};

/// Why the host answers instead of a component.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Problem {
    NoRoute,
    BadRequest,
    Busy,
    Failed,
    TimedOut,
}

impl Problem {
    fn parts(self) -> (StatusCode, &'static str, &'static str, &'static str) {
        match self {
            Self::NoRoute => (
                StatusCode::NOT_FOUND,
                "no_route",
                "Nothing is here",
                "No route of the application matches this path.",
            ),
            Self::BadRequest => (
                StatusCode::BAD_REQUEST,
                "bad_request",
                "The request is malformed",
                "The Host header is missing or contradicts the request's address.",
            ),
            Self::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                "The service is busy",
                "Too many requests are running. Try again in a second.",
            ),
            Self::Failed => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "component_failed",
                "The service failed",
                "The request could not be answered. The log has the cause under the request id.",
            ),
            Self::TimedOut => (
                StatusCode::GATEWAY_TIMEOUT,
                "component_timed_out",
                "The service took too long",
                "The request was stopped at its time limit. The log has it under the request id.",
            ),
        }
    }
}

/// The answer for a problem; `instance` is the request id.
pub(crate) fn problem(problem: Problem, instance: &str) -> Response {
    let (status, code, title, detail) = problem.parts();
    let body = serde_json::json!({
        "type": format!("https://vikno.dev/problems/{code}"),
        "title": title,
        "status": status.as_u16(),
        "detail": detail,
        "instance": instance,
    });
    let mut response = Response::new(super::body(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}
