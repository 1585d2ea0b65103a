//! Calls of steps, as a dialogue's turn and a task's turn have them in common.

use crate::StepCall;
use crate::code;
use crate::effects::Book;
use serde_json::{Map, Value};
use std::sync::Arc;
use vikno_domain::{Content, InboundEvent, StepRequest};
use vikno_process::{ApiCall, CallResult, CodeCall};

/// The step component that an address names: `http://NAME.spin.internal/`. Code runs by the code logic alone, since
/// an answer of its component is read in another way.
pub(crate) fn step_named_by(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("http://")?;
    let component = rest
        .strip_suffix('/')
        .unwrap_or(rest)
        .strip_suffix(".spin.internal")?;
    let named = !component.is_empty()
        && component
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    (named && component != code::RUN_CODE).then_some(component)
}

pub(crate) fn failed(
    tag: &str,
    hardware: bool,
    description: String,
    http_code: Option<u16>,
) -> CallResult {
    CallResult::Failed {
        tag: tag.to_owned(),
        hardware,
        description,
        http_code,
    }
}

/// The URL comes back when it is that of no step.
pub(crate) fn step_call(
    book: &Book<'_>,
    event: &Arc<InboundEvent>,
    call: ApiCall,
) -> Result<StepCall, String> {
    let Some(component) = step_named_by(&call.url).map(str::to_owned) else {
        return Err(call.url);
    };
    let params = match call.body {
        Value::Object(params) => params,
        _ => Map::new(),
    };
    let Some(request) = request(book, event, params) else {
        return Err(call.url);
    };
    Ok(StepCall {
        call_id: call.call_id,
        component,
        process: call.process,
        node: call.node,
        request,
        timeout_ms: call.timeout_ms,
    })
}

pub(crate) fn step_of_code(
    book: &Book<'_>,
    event: &Arc<InboundEvent>,
    call: CodeCall,
) -> Option<StepCall> {
    Some(StepCall {
        call_id: call.call_id,
        component: code::RUN_CODE.to_owned(),
        process: call.process.clone(),
        node: call.node.clone(),
        timeout_ms: call.timeout_ms,
        request: request(book, event, code::params(call))?,
    })
}

fn request(
    book: &Book<'_>,
    event: &Arc<InboundEvent>,
    params: Map<String, Value>,
) -> Option<StepRequest> {
    let conversation = book.conversation.as_ref().or(book.closed.as_ref())?;
    Some(StepRequest {
        org: book.settings.org.clone(),
        now_ms: book.now_ms,
        conversation: conversation.view(),
        citizen: book.citizen.view(),
        event: unwrapped(event),
        params,
    })
}

/// The citizen's own event, when a peer organisation passed it on.
fn unwrapped(event: &Arc<InboundEvent>) -> Arc<InboundEvent> {
    match &event.content {
        Content::Relayed {
            relayed: vikno_domain::Relayed::FromCitizen { event },
        } => Arc::new(InboundEvent::clone(event)),
        _ => Arc::clone(event),
    }
}
