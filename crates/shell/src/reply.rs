//! Answers with a known length (an answer without one is chunked and costs a round trip).

use bytes::Bytes;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use serde::Serialize;

/// What a component answers: a body in memory.
pub type Response = http::Response<spin_sdk::http::FullBody<Bytes>>;

/// A body of any type. API answers are not to be cached by anyone on the way.
pub fn bytes(status: u16, content_type: &'static str, body: Bytes) -> Response {
    let length = HeaderValue::from(body.len());
    let mut response = Response::new(spin_sdk::http::FullBody::new(body));
    *response.status_mut() =
        http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, length);
    if !content_type.is_empty() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        "x-content-type-options",
        HeaderValue::from_static("nosniff"),
    );
    response
}

/// A JSON body.
pub fn json(status: u16, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(body) => bytes(status, "application/json", body.into()),
        Err(error) => crate::Problem::fault(error).into_response(""),
    }
}

/// No body.
pub fn empty(status: u16) -> Response {
    bytes(status, "", Bytes::new())
}
