//! Connections and routes.

use crate::state::State;
use crate::{FaultKind, Sent, control, corezoid, file, sms, telegram, viber};
use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// Telegram takes uploads of 50 MB; a little more for the form around them.
const BODY_LIMIT: usize = 51 * 1024 * 1024;

/// The connection is closed instead of an answer.
#[derive(Debug, thiserror::Error)]
#[error("hung up as told")]
pub(crate) struct HangUp;

/// What goes back.
pub(crate) struct Answer {
    pub status: u16,
    pub content_type: String,
    pub body: Bytes,
    pub retry_after_s: Option<u32>,
}

impl Answer {
    pub fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            content_type: "application/json".to_owned(),
            body: body.to_string().into(),
            retry_after_s: None,
        }
    }
}

pub(crate) fn problem(status: u16, what: &str) -> Answer {
    Answer::json(status, &json!({ "error": what }))
}

/// A request that has been read.
pub(crate) struct Call {
    pub method: Method,
    pub headers: http::HeaderMap,
    pub query: String,
    pub body: Bytes,
}

impl Call {
    /// A header's text; empty if it is missing.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    }
}

/// Serves until the owner is gone.
pub(crate) async fn serve(
    listener: TcpListener,
    state: Arc<State>,
    mut stopped: oneshot::Receiver<()>,
) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut stopped => return,
        };
        // Out of descriptors, most likely: connections that end make room.
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        // Small answers must not wait for a full segment; without it they are only slower.
        drop(stream.set_nodelay(true));
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            let service = service_fn(|request| respond(Arc::clone(&state), request));
            let connection = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service);
            // Ends with an error when a fault hung up or the client has gone away.
            drop(connection.await);
        });
    }
}

async fn respond(
    state: Arc<State>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, HangUp> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, BODY_LIMIT).collect().await;
    let answer = match body {
        Err(_) => problem(413, "too large or cut off"),
        Ok(body) => {
            let call = Call {
                method: parts.method,
                headers: parts.headers,
                query: parts.uri.query().unwrap_or_default().to_owned(),
                body: body.to_bytes(),
            };
            route(&state, parts.uri.path(), call).await?
        }
    };
    let mut response = Response::builder()
        .status(answer.status)
        .header("content-type", answer.content_type);
    if let Some(seconds) = answer.retry_after_s {
        response = response.header("retry-after", seconds);
    }
    // A media type that a test has made up may be no header text.
    response.body(Full::new(answer.body)).map_err(|_| HangUp)
}

async fn route(state: &State, path: &str, call: Call) -> Result<Answer, HangUp> {
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let answer = match segments.as_slice() {
        ["_recorded"] => control::recorded(state, &call),
        ["_faults"] => control::faults(state, &call),
        ["_files", id] => control::put_file(state, id, call),
        ["pa", method] => viber::call(state, method, call).await?,
        ["message", "send.json"] => sms::call(state, call).await?,
        ["api", "2", "json", login, time, signature] => {
            corezoid::call(state, [login, time, signature], call).await?
        }
        ["range", prefix] => breached(prefix),
        ["dl", id, ..] => file::get(state, id),
        ["file", _bot, _folder, id] => file::get(state, id),
        [bot, method] if bot.starts_with("bot") => {
            telegram::call(state, &bot[3..], method, call).await?
        }
        _ => problem(404, "no such route"),
    };
    Ok(answer)
}

/// A list of passwords known from break-ins, which knows one: `correct horse battery staple`.
fn breached(prefix: &str) -> Answer {
    let known = match prefix {
        "ABF7A" => {
            "0000000000000000000000000000000000A:2\r\nAD6438836DBE526AA231ABDE2D0EEF74D42:384\r\n"
        }
        _ => "0000000000000000000000000000000000A:2\r\n",
    };
    Answer {
        status: 200,
        content_type: "text/plain".to_owned(),
        retry_after_s: None,
        body: known.into(),
    }
}

/// Remembers a call and answers it: as the service would, or as the first fault that meets it wants.
/// `check` is what the service itself finds wrong with it; `accept` its answer to the call of this number.
pub(crate) async fn settle(
    state: &State,
    mut sent: Sent,
    check: Result<(), FaultKind>,
    accept: impl FnOnce(u64, &Sent) -> Answer,
    refuse: impl FnOnce(FaultKind) -> (i64, Answer),
) -> Result<Answer, HangUp> {
    let fault = state.fault_for(&sent).or(check.err());
    if let Some(FaultKind::Slow { delay_ms }) = fault {
        tokio::time::sleep(Duration::from_millis(delay_ms)).await;
    }
    sent.accepted = matches!(
        fault,
        None | Some(FaultKind::Slow { .. } | FaultKind::AnswerLost)
    );
    match fault {
        None | Some(FaultKind::Slow { .. } | FaultKind::AnswerLost) => {
            let answered = sent.clone_without_raw();
            let number = state.record(sent);
            match fault {
                Some(FaultKind::AnswerLost) => Err(HangUp),
                _ => Ok(accept(number, &answered)),
            }
        }
        Some(FaultKind::HangUp) => {
            sent.status = 0;
            state.record(sent);
            Err(HangUp)
        }
        Some(kind) => {
            let (status, answer) = refusal(kind).unwrap_or_else(|| refuse(kind));
            sent.status = status;
            state.record(sent);
            Ok(answer)
        }
    }
}

/// Faults that look the same everywhere.
fn refusal(kind: FaultKind) -> Option<(i64, Answer)> {
    let (status, content_type, body) = match kind {
        FaultKind::Unavailable => (500, "text/html", "<html><h1>500</h1></html>"),
        FaultKind::Malformed => (200, "application/json", "{\"ok\":tr"),
        _ => return None,
    };
    let answer = Answer {
        status,
        content_type: content_type.to_owned(),
        body: Bytes::from_static(body.as_bytes()),
        retry_after_s: None,
    };
    Some((i64::from(status), answer))
}
