//! Outside answers: checked, read and put into the task's data.

use serde_json::{Map, Value, json};

use super::Runner;
use crate::data::Data;
use crate::error::{ActionError, Family};
use crate::expression::{Assignment, assign};
use crate::logic::{Request, RequestBody};
use crate::outcome::CallResult;
use crate::template::Scope;
use crate::value::Size;
use crate::world::{Task, TaskId, TaskState};
use crate::xml;

impl Runner<'_> {
    pub(super) fn apply_answer(
        &self,
        id: TaskId,
        task: &mut Task,
        request: &Request,
        result: CallResult,
    ) -> Result<(), ActionError> {
        let (status, headers, body) = match result {
            CallResult::Answer {
                status,
                headers,
                body,
            } => (status, headers, body),
            CallResult::Failed {
                tag,
                hardware,
                description,
                http_code,
            } => {
                let error = ActionError::software(Family::Api, &tag, description);
                return Err(ActionError {
                    hardware,
                    http_code,
                    ..error
                });
            }
        };
        if Size::of(&body).bytes > self.limits.answer_bytes_max {
            return Err(ActionError::too_large(Family::Api));
        }
        if request.debug {
            self.write_debug(id, task, request, status, &body)?;
        }
        if !(200..300).contains(&status) {
            return Err(refused(status, &body));
        }
        if let Some(mapping) = &request.response {
            let is_xml = headers.iter().any(|(name, value)| {
                name.eq_ignore_ascii_case("content-type") && value.contains("xml")
            });
            let body = match body {
                Value::String(text) if is_xml => xml::to_json(&text).unwrap_or(Value::String(text)),
                body => body,
            };
            return self.map_answer(id, task, mapping, headers, body);
        }
        let fields = match request.body {
            RequestBody::Conveyor(_) => conveyor_data(body)?,
            _ => fields_of(body)?,
        };
        let fields = Data::named_as_in(fields, &task.data);
        self.merge(&mut task.data, fields)
            .map_err(|error| ActionError::evaluation(Family::Api, &error))
    }

    /// Only what the author asks for.
    fn map_answer(
        &self,
        id: TaskId,
        task: &mut Task,
        mapping: &[Assignment],
        headers: Vec<(String, String)>,
        body: Value,
    ) -> Result<(), ActionError> {
        let headers = headers
            .into_iter()
            .map(|(name, value)| (name, Value::String(value)))
            .collect();
        let overlay = Map::from_iter([
            ("header".to_owned(), Value::Object(headers)),
            ("body".to_owned(), body),
        ]);
        let mut data = task.data.clone();
        let facts = self.facts(id, task);
        let scope = Scope {
            overlay: Some(&overlay),
            ..self.scope(task, &facts)
        };
        assign(mapping, &scope, &mut data)
            .and_then(|()| self.within_limits(&data))
            .map_err(|error| ActionError::evaluation(Family::Api, &error))?;
        task.data = data;
        Ok(())
    }

    /// The figures of a call. How long it took is not among them: a run has no clock.
    fn write_debug(
        &self,
        id: TaskId,
        task: &mut Task,
        request: &Request,
        status: u16,
        body: &Value,
    ) -> Result<(), ActionError> {
        let sent = match task.state {
            TaskState::WaitingCall { call } => self.build_api(call, id, task, request)?.body,
            _ => Value::Null,
        };
        let debug = json!({
            "http_req_body_size": bytes(&sent),
            "http_res_code": status,
            "http_res_body_size": bytes(body),
        });
        let debug = Data::from_iter([("__conveyor_api_debug__", debug)]);
        self.merge(&mut task.data, debug)
            .map_err(|error| ActionError::evaluation(Family::Api, &error))
    }
}

fn bytes(body: &Value) -> usize {
    match body {
        Value::Null => 0,
        Value::String(text) => text.len(),
        json => json.to_string().len(),
    }
}

fn software(tag: &str, description: &str) -> ActionError {
    ActionError::software(Family::Api, tag, description)
}

/// What an answer spreads into the task's root.
fn fields_of(body: Value) -> Result<Map<String, Value>, ActionError> {
    match body {
        Value::Object(fields) => Ok(fields),
        Value::Array(items) => Ok(Map::from_iter([(
            "__conveyor_api_array__".to_owned(),
            Value::Array(items),
        )])),
        Value::Null => Ok(Map::new()),
        Value::String(text) if text.trim().is_empty() => Ok(Map::new()),
        Value::String(text) => {
            let read = match text.trim_start().starts_with('<') {
                true => xml::to_json(&text),
                // Services often say text/plain of their JSON.
                false => serde_json::from_str(&text).ok(),
            };
            match read {
                Some(read @ (Value::Object(_) | Value::Array(_))) => fields_of(read),
                _ => Err(software(
                    "api_no_valid_json",
                    "the answer is no JSON object or array",
                )),
            }
        }
        _ => Err(software(
            "api_no_valid_json",
            "the answer is no JSON object or array",
        )),
    }
}

/// `{"request_proc":"ok","ops":[{"proc":"ok","res_data":{}}]}`.
fn conveyor_data(body: Value) -> Result<Map<String, Value>, ActionError> {
    let body = match body {
        Value::String(text) => serde_json::from_str(&text).unwrap_or(Value::Null),
        body => body,
    };
    let Value::Object(mut frame) = body else {
        return Err(software(
            "api_no_valid_json",
            "the answer is no JSON object",
        ));
    };
    match frame.get("request_proc").and_then(Value::as_str) {
        None => {
            return Err(software(
                "api_no_request_proc",
                "the answer has no `request_proc`",
            ));
        }
        Some("ok") => {}
        Some(other) => {
            return Err(software(
                "api_bad_answer",
                &format!("request_proc is `{other}`"),
            ));
        }
    }
    let Some(Value::Object(mut operation)) = frame
        .remove("ops")
        .and_then(|mut ops| Some(ops.get_mut(0)?.take()))
    else {
        return Err(software("api_no_ops", "the answer has no `ops`"));
    };
    match operation.get("proc").and_then(Value::as_str) {
        Some("ok") => {}
        other => {
            let words = operation
                .get("description")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let error = format!("proc is `{}` {words}", other.unwrap_or_default());
            return Err(software("api_bad_answer", error.trim_end()));
        }
    }
    match operation.remove("res_data") {
        Some(Value::Object(data)) => Ok(data),
        None | Some(Value::Null) => Ok(Map::new()),
        Some(_) => Err(software("api_bad_res_data", "`res_data` is no object")),
    }
}

/// Server trouble may pass, so retry branches see it as hardware; a refusal will not.
fn refused(status: u16, body: &Value) -> ActionError {
    let text = ["detail", "description", "message", "title", "error"]
        .iter()
        .find_map(|field| body.get(field)?.as_str());
    let description = match text {
        Some(text) => format!("HTTP {status}: {text}"),
        None => format!("HTTP {status}"),
    };
    let error = match status {
        408 | 425 | 429 | 500.. => {
            ActionError::hardware(Family::Api, "api_bad_answer", description)
        }
        _ => ActionError::software(Family::Api, "api_bad_answer", description),
    };
    ActionError {
        http_code: Some(status),
        ..error
    }
}
