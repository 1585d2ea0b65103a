//! Outside calls: the request from a task's data, the answer back into it.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::Runner;
use crate::error::{ActionError, Family};
use crate::expression::{EvaluationError, Expression, assign, texts};
use crate::logic::{Logic, NodeIndex, Request, RequestBody};
use crate::outcome::{ApiCall, CallResult};
use crate::template::Scope;
use crate::world::{CallId, Task, TaskId, TaskState};

/// The longest URL: what common servers take.
const URL_BYTES_MAX: usize = 8_000;

impl Runner<'_> {
    /// Builds the call and keeps it to be given out.
    pub(super) fn start_call(
        &mut self,
        id: TaskId,
        task: &Task,
        request: &Request,
    ) -> Result<CallId, ActionError> {
        if self.calls_made >= self.limits.calls_per_run_max {
            return Err(ActionError::software(
                Family::Api,
                "run_limit",
                "too many outside calls at one moment",
            ));
        }
        let call_id = CallId(self.world.next_call);
        let call = self.build_call(call_id, id, task, request)?;
        self.calls_made += 1;
        self.world.next_call = self.world.next_call.saturating_add(1);
        self.open = Some(call);
        Ok(call_id)
    }

    /// The call that waits longest for its result. One from a loaded world is built again.
    pub(super) fn open_call(&mut self) -> Option<ApiCall> {
        loop {
            let waiting = self
                .world
                .tasks
                .iter()
                .filter_map(|(id, task)| match task.state {
                    TaskState::WaitingCall { call } => Some((call, *id)),
                    _ => None,
                });
            let (call_id, id) = waiting.min()?;
            if let Some(call) = self.open.as_ref().filter(|call| call.call_id == call_id) {
                return Some(call.clone());
            }
            let task = self.world.tasks.remove(&id)?;
            let rebuilt = match self.current_request(&task) {
                Some((request, on_error)) => self
                    .build_call(call_id, id, &task, request)
                    .map_err(|error| (error, on_error)),
                None => Err((
                    ActionError::software(Family::Api, "process_changed", "the node calls no more"),
                    None,
                )),
            };
            match rebuilt {
                Ok(call) => {
                    self.world.tasks.insert(id, task);
                    self.open = Some(call.clone());
                    return Some(call);
                }
                Err((error, on_error)) => self.call_failed(id, task, on_error, error),
            }
        }
    }

    pub(super) fn finish_call(&mut self, id: TaskId, mut task: Task, result: CallResult) {
        let Some((request, on_error)) = self.current_request(&task) else {
            let error =
                ActionError::software(Family::Api, "process_changed", "the node calls no more");
            return self.call_failed(id, task, None, error);
        };
        match self.apply_result(id, &mut task, request, result) {
            Ok(()) => {
                Self::stop_waiting(&mut task);
                task.logic += 1;
                self.run_next(id, task);
            }
            Err(error) => self.call_failed(id, task, on_error, error),
        }
    }

    fn call_failed(
        &mut self,
        id: TaskId,
        mut task: Task,
        on_error: Option<NodeIndex>,
        error: ActionError,
    ) {
        Self::stop_waiting(&mut task);
        if let Some(task) = self.take_error_branch(id, task, on_error, error) {
            self.run_next(id, task);
        }
    }

    fn apply_result(
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
        if !(200..300).contains(&status) {
            return Err(refused(status, &body));
        }
        if let Some(mapping) = &request.response {
            let headers = headers
                .into_iter()
                .map(|(name, value)| (name, Value::String(value)))
                .collect();
            let overlay = Map::from_iter([
                ("header".to_owned(), Value::Object(headers)),
                ("body".to_owned(), body),
            ]);
            let root = |field: &str| self.root_value(id, task, field);
            let scope = Scope {
                overlay: Some(&overlay),
                ..self.scope(task, &root)
            };
            let mut data = task.data.clone();
            assign(mapping, &scope, &mut data)
                .and_then(|()| self.within_limits(&data))
                .map_err(|error| ActionError::evaluation(Family::Api, &error))?;
            task.data = data;
            return Ok(());
        }
        let fields = match body {
            Value::Object(fields) => fields,
            Value::Array(items) => {
                Map::from_iter([("__conveyor_api_array__".to_owned(), Value::Array(items))])
            }
            Value::Null => Map::new(),
            Value::String(text) if text.trim().is_empty() => Map::new(),
            _ => {
                return Err(ActionError::software(
                    Family::Api,
                    "api_no_valid_json",
                    "the answer is no JSON object or array",
                ));
            }
        };
        self.merge(&mut task.data, fields)
            .map_err(|error| ActionError::evaluation(Family::Api, &error))
    }

    fn build_call(
        &self,
        call_id: CallId,
        id: TaskId,
        task: &Task,
        request: &Request,
    ) -> Result<ApiCall, ActionError> {
        let evaluation = |error: EvaluationError| ActionError::evaluation(Family::Api, &error);
        let root = |field: &str| self.root_value(id, task, field);
        let scope = self.scope(task, &root);
        let mut url = encode_url(
            &request
                .url
                .render(&scope)
                .map_err(|error| evaluation(error.into()))?,
        );
        let mut body = match &request.body {
            RequestBody::Parameters(values) => {
                let mut body = Map::new();
                assign(values, &scope, &mut body).map_err(evaluation)?;
                Value::Object(body)
            }
            RequestBody::Raw(raw) => {
                raw_body(raw, &request.content_type, &scope).map_err(evaluation)?
            }
        };
        if matches!(request.method.as_str(), "GET" | "HEAD") {
            if let Value::Object(parameters) = &body {
                append_query(&mut url, parameters);
            }
            body = Value::Null;
        }
        if request.send_sys
            && let Value::Object(fields) = &mut body
        {
            let sys = json!({
                "ref": task.reference.clone().unwrap_or_default(),
                "obj_id": id.0.to_string(),
                "conv_id": self.root_value(id, task, "conv_id"),
                "node_id": task.node,
            });
            fields.insert("sys".to_owned(), sys);
        }
        if url.len() > URL_BYTES_MAX || !(url.starts_with("http://") || url.starts_with("https://"))
        {
            return Err(ActionError::software(
                Family::Api,
                "api_wrong_convert_param",
                "its `url` is no web address",
            ));
        }
        let headers = self.call_headers(request, &scope, !body.is_null())?;
        let timer_ms = task.wake_at.map(|at| at.saturating_sub(self.now_ms));
        Ok(ApiCall {
            call_id,
            task: id,
            process: task.process.clone(),
            node: task.node.clone(),
            method: request.method.clone(),
            url,
            headers,
            body,
            timeout_ms: timer_ms
                .unwrap_or(self.limits.call_timeout_ms)
                .clamp(1, self.limits.call_timeout_ms),
        })
    }

    fn call_headers(
        &self,
        request: &Request,
        scope: &Scope<'_>,
        with_body: bool,
    ) -> Result<Vec<(String, String)>, ActionError> {
        let mut headers: Vec<(String, String)> = Vec::new();
        for (name, value) in &request.headers {
            let value = value
                .render(scope)
                .map_err(|error| ActionError::evaluation(Family::Api, &error.into()))?;
            if value.chars().any(char::is_control) {
                let error = format!("header `{name}` holds a control character");
                return Err(ActionError::software(
                    Family::Api,
                    "api_wrong_convert_param",
                    error,
                ));
            }
            if !value.is_empty() && !headers.iter().any(|(known, _)| known == name) {
                headers.push((name.clone(), value));
            }
        }
        if with_body && !headers.iter().any(|(name, _)| name == "content-type") {
            headers.push(("content-type".to_owned(), request.content_type.clone()));
        }
        Ok(headers)
    }

    fn current_request(&self, task: &Task) -> Option<(&'_ Request, Option<NodeIndex>)> {
        let set = self.set;
        match set
            .get(&task.process)?
            .node(&task.node)?
            .logics
            .get(task.logic)?
        {
            Logic::Api { request, on_error } => Some((request, *on_error)),
            _ => None,
        }
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

fn raw_body(
    raw: &Expression,
    content_type: &str,
    scope: &Scope<'_>,
) -> Result<Value, EvaluationError> {
    let template = match raw {
        Expression::Tree(_) => return Ok(raw.evaluate(None, scope)?.unwrap_or(Value::Null)),
        Expression::Text(template) => template,
    };
    if !content_type.contains("json") {
        return Ok(Value::String(template.render(scope)?));
    }
    let text = match template.lone_value(scope)? {
        Some(value) if !value.is_string() => return Ok(value.into_owned()),
        Some(value) => value.as_str().unwrap_or_default().to_owned(),
        None => template.render_json(scope)?,
    };
    Ok(serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// Percent-encodes what no URL may hold, so that a parameter's blank or Cyrillic letter does not break it.
fn encode_url(url: &str) -> String {
    utf8_percent_encode(url.trim(), NEVER_IN_URL).to_string()
}

fn append_query(url: &mut String, parameters: &Map<String, Value>) {
    for (key, value) in texts(parameters) {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.extend(utf8_percent_encode(&key, NEVER_IN_QUERY_VALUE));
        url.push('=');
        url.extend(utf8_percent_encode(&value, NEVER_IN_QUERY_VALUE));
    }
}

const NEVER_IN_URL: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

const NEVER_IN_QUERY_VALUE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
