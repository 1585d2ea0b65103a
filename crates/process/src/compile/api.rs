//! The logic `api`: an outside call.

use serde_json::Value;

use super::fields::Fields;
use crate::expression::Expression;
use crate::limits::{RETRY_ATTEMPTS_MAX, RETRY_WAIT_MS_MAX};
use crate::logic::{Logic, Request, RequestBody, Retry};
use crate::runner::encode_url;
use crate::template::Template;
use crate::value::to_text;

pub(super) fn api(fields: &mut Fields<'_, '_>) -> Option<Logic> {
    if fields.is_given("cert_pem") {
        fields.warning("`cert_pem` is kept but not sent: a service that asks for a client's certificate refuses the call");
    }
    let url = fields.template("url");
    if url.as_literal() == Some("") {
        fields.error("`url` is missing");
    }
    let method = match fields.text("method").to_ascii_uppercase() {
        method if method.is_empty() => "POST".to_owned(),
        method => method,
    };
    if !matches!(
        method.as_str(),
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD"
    ) {
        fields.error(&format!(
            "`{method}` is no method; use GET, POST, PUT, PATCH, DELETE or HEAD"
        ));
    }
    let content_type = match fields.text("content_type") {
        kind if kind.is_empty() => "application/json".to_owned(),
        kind => kind,
    };
    let has_body = !matches!(method.as_str(), "GET" | "HEAD");
    let body = match fields.text("format").as_str() {
        "" | "default" => {
            let parameters = fields.assignments("extra", "extra_type");
            if !has_body || content_type.contains("json") {
                RequestBody::Parameters(parameters)
            } else if content_type.starts_with("application/x-www-form-urlencoded") {
                RequestBody::Form(parameters)
            } else {
                fields.error(&format!(
                    "parameters cannot be written as {content_type}; use format `raw`"
                ));
                return None;
            }
        }
        "conveyor" => {
            if !has_body {
                fields.error("format `conveyor` needs a method with a body; use POST");
            }
            RequestBody::Conveyor(fields.assignments("extra", "extra_type"))
        }
        "raw" => {
            let raw = Expression::parse(fields.map.get("raw_body").unwrap_or(&Value::Null));
            fields.tell(raw.findings());
            RequestBody::Raw(raw)
        }
        other => {
            fields.error(&format!(
                "`{other}` is no format; use raw, conveyor or none"
            ));
            return None;
        }
    };
    let headers = headers(fields);
    let response = fields
        .flag("customize_response")
        .then(|| fields.assignments("response", "response_type"));
    let send_sys = fields.flag("send_sys");
    if send_sys && matches!(method.as_str(), "GET" | "HEAD") {
        fields.problems.warning(format!(
            "api: `send_sys` adds nothing to {method}, which has no body"
        ));
    }
    let request = Request {
        method,
        encoded_url: url.as_literal().map(encode_url),
        url,
        headers,
        content_type,
        body,
        send_sys,
        secret: fields.template("api_secret_outer"),
        debug: fields.flag("debug_info"),
        response,
        retry: retry(fields),
    };
    Some(Logic::Api {
        request: Box::new(request),
        on_error: fields.on_error()?,
    })
}

fn headers(fields: &mut Fields<'_, '_>) -> Vec<(String, Template)> {
    let Some(Value::Object(written)) = fields.map.get("extra_headers") else {
        return Vec::new();
    };
    let mut headers = Vec::new();
    for (name, value) in written {
        let is_token =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(is_token) {
            fields.error(&format!("`{name}` is no header name"));
            continue;
        }
        let template = Template::parse(&to_text(value));
        fields.tell(template.findings());
        headers.push((name.to_ascii_lowercase(), template));
    }
    headers
}

/// `"retry": {"attempts": 3, "wait_s": 5, "jitter": true}`.
fn retry(fields: &mut Fields<'_, '_>) -> Option<Retry> {
    let written = fields.map.get("retry").filter(|retry| !retry.is_null())?;
    let attempts = written.get("attempts").map_or(Some(3), Value::as_u64);
    let wait_s = written.get("wait_s").map_or(Some(5), Value::as_i64);
    let jitter = written.get("jitter").map_or(Some(true), Value::as_bool);
    let wait_ms = wait_s
        .and_then(|wait| wait.checked_mul(1_000))
        .filter(|wait| (1_000..=RETRY_WAIT_MS_MAX).contains(wait));
    let attempts = attempts
        .and_then(|attempts| u32::try_from(attempts).ok())
        .filter(|attempts| (1..=RETRY_ATTEMPTS_MAX).contains(attempts));
    let (Some(attempts), Some(wait_ms), Some(jitter), true) =
        (attempts, wait_ms, jitter, written.is_object())
    else {
        fields.error(&format!(
            "`retry` is {{\"attempts\": 1 to {RETRY_ATTEMPTS_MAX}, \"wait_s\": 1 to {}, \"jitter\": true or false}}",
            RETRY_WAIT_MS_MAX / 1_000
        ));
        return None;
    };
    Some(Retry {
        attempts,
        wait_ms,
        jitter,
    })
}
