//! Outside calls: the request made from a task's data.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};
use sha1::{Digest as _, Sha1};

use super::Runner;
use crate::data::{Data, Shared};
use crate::error::{ActionError, Family};
use crate::expression::{EvaluationError, Expression, assign, texts};
use crate::logic::{Request, RequestBody};
use crate::outcome::ApiCall;
use crate::template::{Facts as _, Scope};
use crate::value::to_text;
use crate::world::{CallId, Task, TaskId};

/// The longest URL: what common servers take.
const URL_BYTES_MAX: usize = 8_000;

impl Runner<'_> {
    pub(super) fn build_api(
        &self,
        call_id: CallId,
        id: TaskId,
        task: &Task,
        request: &Request,
    ) -> Result<ApiCall, ActionError> {
        let evaluation = |error: EvaluationError| ActionError::evaluation(Family::Api, &error);
        let facts = self.facts_of_call(call_id, id, task);
        let scope = self.scope(task, &facts);
        let mut url = match &request.encoded_url {
            Some(url) => url.clone(),
            None => encode_url(
                &request
                    .url
                    .render(&scope)
                    .map_err(|error| evaluation(error.into()))?,
            ),
        };
        let mut body = match &request.body {
            RequestBody::Parameters(values) => {
                let mut body = Data::default();
                assign(values, &scope, &mut body).map_err(evaluation)?;
                Value::Object(body.into_map())
            }
            RequestBody::Form(values) => {
                let mut parameters = Data::default();
                assign(values, &scope, &mut parameters).map_err(evaluation)?;
                Value::String(form(&parameters.into_map()))
            }
            RequestBody::Conveyor(values) => {
                let mut extra = Data::default();
                assign(values, &scope, &mut extra).map_err(evaluation)?;
                let conv_id = facts.root("conv_id");
                json!({"ops": [{
                    "ref": task.reference.clone().unwrap_or_default(),
                    "type": "data",
                    "obj_id": id.0.to_string(),
                    "conv_id": conv_id,
                    "node_id": task.node,
                    "data": task.data,
                    "extra": extra,
                }]})
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
                "conv_id": facts.root("conv_id"),
                "node_id": task.node,
            });
            fields.insert("sys".to_owned(), sys);
        }
        let secret = request
            .secret
            .render_cow(&scope)
            .map_err(|error| evaluation(error.into()))?;
        let is_conveyor = matches!(request.body, RequestBody::Conveyor(_));
        if is_conveyor || !secret.is_empty() {
            let conv_id = facts.root("conv_id").unwrap_or(Value::Null);
            self.sign(&mut url, &secret, &body, &to_text(&conv_id));
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
        Ok(ApiCall {
            call_id,
            task: id,
            process: task.process.clone(),
            node: task.node.clone(),
            method: request.method.clone(),
            url,
            headers,
            body,
            timeout_ms: self.time_left(task, self.limits.call_timeout_ms),
        })
    }

    /// Corezoid's signature: the SHA-1 of time, secret, the body's exact bytes and the secret again.
    fn sign(&self, url: &mut String, secret: &str, body: &Value, conv_id: &str) {
        let time = self.now_ms.div_euclid(1_000).to_string();
        let body = match body {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            json => json.to_string(),
        };
        let signature = hex::encode(Sha1::digest(format!("{time}{secret}{body}{secret}")));
        let parameters = [
            ("conv_signature", signature.as_str()),
            ("conv_time", &time),
            ("conv_id", conv_id),
        ];
        let parameters = parameters.map(|(name, value)| (name.to_owned(), Value::from(value)));
        append_query(url, &Map::from_iter(parameters));
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
}

fn raw_body(
    raw: &Expression,
    content_type: &str,
    scope: &Scope<'_>,
) -> Result<Value, EvaluationError> {
    let template = match raw {
        Expression::Tree(_) => {
            let value = raw.evaluate(None, scope)?;
            return Ok(value.map_or(Value::Null, Shared::into_value));
        }
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
pub(crate) fn encode_url(url: &str) -> String {
    utf8_percent_encode(url.trim(), NEVER_IN_URL).to_string()
}

/// `a=b&c=d`, as forms are sent.
fn form(parameters: &Map<String, Value>) -> String {
    let mut text = String::new();
    append_query(&mut text, parameters);
    text.get(1..).unwrap_or_default().replace("%20", "+")
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
