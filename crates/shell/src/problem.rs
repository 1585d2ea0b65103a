//! Errors as a caller sees them (RFC 9457), with the cause kept for the log.

use crate::{Request, Response, log_error, reply};
use serde_json::{Map, Value, json};
use std::fmt::Display;
use vikno_storage::StorageError;

/// An answer that says what is wrong, where, and what to do.
#[derive(Debug)]
pub struct Problem {
    status: u16,
    code: &'static str,
    detail: String,
    internal: Option<String>,
    headers: Vec<(&'static str, String)>,
    members: Map<String, Value>,
}

/// What a handler gives back.
pub type Reply = Result<Response, Problem>;

/// A handler's answer to a request; a problem names the request's path.
pub async fn answered(request: Request, handler: impl AsyncFnOnce(Request) -> Reply) -> Response {
    let path = request.uri().path().to_owned();
    handler(request)
        .await
        .unwrap_or_else(|problem| problem.into_response(&path))
}

impl Problem {
    /// A problem with a stable code in snake case and words for the caller.
    pub fn new(status: u16, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            internal: None,
            headers: Vec::new(),
            members: Map::new(),
        }
    }

    /// A fault of ours: the caller learns nothing but that; the log learns the cause.
    pub fn fault(cause: impl Display) -> Self {
        Self::new(
            500,
            "internal_error",
            "This is our fault, it has been logged. Try again later.",
        )
        .internal(cause)
    }

    /// A path that knows other methods, named as in the header `Allow`.
    pub fn wrong_method(allowed: &'static str) -> Self {
        Self::new(405, "method_not_allowed", format!("Use {allowed} here."))
            .header("Allow", allowed)
    }

    /// Keeps a cause for the log.
    pub fn internal(mut self, cause: impl Display) -> Self {
        self.internal = Some(cause.to_string());
        self
    }

    /// Adds a response header such as `Retry-After`.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds a member of its own to the body, such as the list of what is wrong.
    pub fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The answer; writes the cause to the log, once. `instance` is the path of the request.
    pub fn into_response(self, instance: &str) -> Response {
        if let Some(internal) = &self.internal {
            log_error(
                "request_failed",
                json!({ "status": self.status, "code": self.code, "path": instance, "cause": internal }),
            );
        }
        let mut body = json!({
            "type": format!("https://vikno.dev/problems/{}", self.code),
            "title": self.code.replace('_', " "),
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
        });
        if let Value::Object(body) = &mut body {
            body.extend(self.members);
        }
        let mut response = reply::bytes(
            self.status,
            "application/problem+json",
            body.to_string().into(),
        );
        for (name, value) in self.headers {
            if let Ok(value) = value.parse() {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::NotFound => Self::new(404, "not_found", "There is no such thing here."),
            StorageError::Busy => Self::new(
                503,
                "busy",
                "Too many writers at once. Try again in a second.",
            )
            .header("Retry-After", "1")
            .internal(error),
            error => Self::fault(error),
        }
    }
}
