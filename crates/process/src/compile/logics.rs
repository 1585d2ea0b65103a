//! One function for each type of logic: wire fields in, checked logic out.

use serde_json::Value;

use super::NodeProblems;
use super::fields::Fields;
use crate::condition::{Condition, Function, Operand};
use crate::document::StepDocument;
use crate::expression::Expression;
use crate::logic::{Copy, CopyMode, Logic, Reply, ReplyValues, Request, RequestBody};
use crate::path::Path;
use crate::pattern::Pattern;
use crate::template::Template;
use crate::value::{ValueType, to_text};

pub(super) fn compile(step: &StepDocument, problems: &mut NodeProblems<'_>) -> Logic {
    let mut fields = Fields {
        kind: &step.kind,
        map: &step.fields,
        problems,
    };
    let logic = match step.kind.as_str() {
        "go" => fields.target("to_node_id").map(|to| Logic::Go { to }),
        "go_if_const" => go_if(&mut fields),
        "set_param" => set_param(&mut fields),
        "api" => api(&mut fields),
        "api_callback" => {
            // Only a callback URL reads it, and there is none yet: the task would wait in vain.
            fields.must_be_empty("obj_id_path");
            Some(Logic::ApiCallback)
        }
        "api_copy" => api_copy(&mut fields),
        "api_rpc" => api_rpc(&mut fields),
        "api_rpc_reply" => api_rpc_reply(&mut fields),
        "api_code" | "api_sum" | "api_queue" | "api_get_task" | "db_call" | "git_call"
        | "api_git" | "api_form" => {
            let what = format!("logic {}", step.kind);
            fields.problems.not_yet(&what);
            None
        }
        other => {
            fields
                .problems
                .error(format!("`{other}` is no logic that Corezoid or we know"));
            None
        }
    };
    logic.unwrap_or_else(|| Logic::Broken(format!("its {} is not valid", step.kind)))
}

fn go_if(fields: &mut Fields<'_, '_>) -> Option<Logic> {
    let to = fields.target("to_node_id");
    let written = match fields.map.get("conditions") {
        Some(Value::Array(conditions)) => conditions.clone(),
        // The oldest files hold a single condition in the logic itself.
        _ if fields.map.contains_key("param") => vec![Value::Object(fields.map.clone())],
        _ => Vec::new(),
    };
    if written.is_empty() {
        fields
            .problems
            .warning("go_if_const without conditions is always taken; write `go` or add one");
    }
    let conditions: Option<Vec<_>> = written
        .iter()
        .map(|written| condition(fields, written))
        .collect();
    Some(Logic::GoIf {
        to: to?,
        conditions: conditions?,
    })
}

fn condition(fields: &mut Fields<'_, '_>, written: &Value) -> Option<Condition> {
    let text = |name: &str| {
        written
            .get(name)
            .map(|value| to_text(value).into_owned())
            .unwrap_or_default()
    };
    let param = text("param");
    let left = if param.contains("{{") {
        Some(Operand::Text(Template::parse(&param)))
    } else {
        Path::parse(&param).ok().map(Operand::Parameter)
    };
    if left.is_none() {
        fields.error(&format!("`{param}` is not a parameter name"));
    }
    let constant = text("const");
    let right = Template::parse(&constant);
    if let Some(Operand::Text(template)) = &left {
        fields.refuse_unsupported(template.unsupported());
    }
    let name = text("fun");
    let function = match Function::parse(&name) {
        Some(Function::Matches(_)) => match right.as_literal().map(Pattern::compile) {
            Some(None) => {
                fields.error(&format!("`{constant}` is not a regular expression"));
                None
            }
            Some(pattern) => Some(Function::Matches(pattern)),
            None => Some(Function::Matches(None)),
        },
        Some(function) => {
            fields.refuse_unsupported(right.unsupported());
            Some(function)
        }
        None => {
            fields.error(&format!("`{name}` is no comparison; use eq, not_eq, more, less, more_or_eq, less_or_eq or regexp"));
            None
        }
    };
    let cast = match text("cast").as_str() {
        "" => Some(ValueType::String),
        name => ValueType::parse(name),
    };
    if cast.is_none() {
        fields.error(&format!("`{}` is no type to compare as", text("cast")));
    }
    Some(Condition {
        left: left?,
        function: function?,
        right,
        cast: cast?,
    })
}

fn set_param(fields: &mut Fields<'_, '_>) -> Option<Logic> {
    let values = fields.assignments("extra", "extra_type");
    Some(Logic::SetParam {
        values,
        on_error: fields.on_error()?,
    })
}

fn api(fields: &mut Fields<'_, '_>) -> Option<Logic> {
    for name in ["api_secret_outer", "cert_pem"] {
        fields.must_be_empty(name);
    }
    if fields.flag("debug_info") {
        fields
            .problems
            .warning("api: `debug_info` adds nothing here; a call's figures are in the log");
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
    let body = match fields.text("format").as_str() {
        "" | "default" => {
            if !content_type.starts_with("application/json") {
                fields
                    .problems
                    .not_yet(&format!("parameters as {content_type} in api (use `raw`)"));
            }
            RequestBody::Parameters(fields.assignments("extra", "extra_type"))
        }
        "raw" => {
            let raw = Expression::parse(fields.map.get("raw_body").unwrap_or(&Value::Null));
            fields.refuse_unsupported(raw.unsupported());
            RequestBody::Raw(raw)
        }
        other => {
            let what = format!("format `{other}` in api");
            fields.problems.not_yet(&what);
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
        url,
        headers,
        content_type,
        body,
        send_sys,
        response,
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
        fields.refuse_unsupported(template.unsupported());
        headers.push((name.to_ascii_lowercase(), template));
    }
    headers
}

fn api_copy(fields: &mut Fields<'_, '_>) -> Option<Logic> {
    let mode = match fields.text("mode").as_str() {
        "" | "create" => CopyMode::Create,
        "modify" => CopyMode::Modify,
        other => {
            fields.error(&format!("`{other}` is no mode; use create or modify"));
            return None;
        }
    };
    let reference = fields.template("ref");
    if mode == CopyMode::Modify && reference.as_literal() == Some("") {
        fields.error("`ref` is missing; modify needs the reference of the task");
    }
    let copy = Copy {
        mode,
        process: fields.process_name(),
        reference,
        values: fields.assignments("data", "data_type"),
        send_all: fields.send_all(),
    };
    Some(Logic::ApiCopy {
        copy: Box::new(copy),
        on_error: fields.on_error()?,
    })
}

fn api_rpc(fields: &mut Fields<'_, '_>) -> Option<Logic> {
    Some(Logic::ApiRpc {
        process: fields.process_name(),
        values: fields.assignments("extra", "extra_type"),
        send_all: fields.send_all(),
        on_error: fields.on_error()?,
    })
}

fn api_rpc_reply(fields: &mut Fields<'_, '_>) -> Option<Logic> {
    let values = match fields.text("mode").as_str() {
        "" | "key_value" => ReplyValues::KeyValue(fields.assignments("res_data", "res_data_type")),
        "keys" => ReplyValues::Keys(reply_keys(fields)),
        other => {
            fields.error(&format!("`{other}` is no mode; use key_value or keys"));
            return None;
        }
    };
    let exception = fields
        .flag("throw_exception")
        .then(|| fields.template("exception_reason"));
    Some(Logic::ApiRpcReply {
        reply: Box::new(Reply { values, exception }),
        on_error: fields.on_error()?,
    })
}

fn reply_keys(fields: &mut Fields<'_, '_>) -> Vec<(String, Template)> {
    let Some(Value::Array(names)) = fields.map.get("res_data") else {
        fields.error("`res_data` has to be a list of parameter names");
        return Vec::new();
    };
    let mut keys = Vec::new();
    for name in names {
        let name = to_text(name);
        let bare = name
            .trim()
            .trim_start_matches("{{")
            .trim_end_matches("}}")
            .trim();
        let template = Template::parse(&format!("{{{{{bare}}}}}"));
        fields.refuse_unsupported(template.unsupported());
        if template.is_lone_placeholder() {
            keys.push((bare.to_owned(), template));
        } else {
            fields.error(&format!("`{name}` is not a parameter name"));
        }
    }
    keys
}
