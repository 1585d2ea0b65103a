//! Logics by which tasks act on each other: callbacks, copies, calls, replies, stubs, queues.

use serde_json::Value;

use super::fields::Fields;
use super::{NodeProblems, logics};
use crate::condition::Condition;
use crate::document::{NodeDocument, StepDocument};
use crate::logic::{Callback, Copy, CopyMode, Logic, QueueName, Reply, ReplyValues, StubCase};
use crate::path::Path;
use crate::template::Template;
use crate::value::to_text;

pub(super) fn api_callback(fields: &mut Fields<'_, '_>) -> Option<Logic> {
    let written = fields.text("obj_id_path");
    let task_path = match written.as_str() {
        "" => None,
        path => match Path::parse(path) {
            Ok(path) => Some(path),
            Err(error) => {
                fields.error(&format!("`obj_id_path`: {error}"));
                None
            }
        },
    };
    Some(Logic::ApiCallback(Callback {
        task_path,
        only_here: !fields.map.contains_key("is_sync") || fields.flag("is_sync"),
    }))
}

pub(super) fn api_copy(fields: &mut Fields<'_, '_>) -> Option<Logic> {
    let mode = match fields.text("mode").as_str() {
        "" | "create" => CopyMode::Create,
        "modify" => CopyMode::Modify,
        other => {
            fields.error(&format!("`{other}` is no mode; use create or modify"));
            return None;
        }
    };
    let reference = fields.template("ref");
    let task_id = ["obj_id", "task_id"]
        .into_iter()
        .find(|name| mode == CopyMode::Modify && fields.is_given(name))
        .map(|name| fields.template(name));
    if mode == CopyMode::Modify && reference.as_literal() == Some("") && task_id.is_none() {
        fields.error("`ref` is missing; modify needs the reference or the `obj_id` of the task");
    }
    let copy = Copy {
        mode,
        process: fields.process_name(),
        reference,
        task_id,
        send_origin: fields.flag("send_parent_data"),
        waits: mode == CopyMode::Modify && fields.flag("is_sync"),
        values: fields.assignments("data", "data_type"),
        send_all: fields.send_all(),
    };
    Some(Logic::ApiCopy {
        copy: Box::new(copy),
        on_error: fields.on_error()?,
    })
}

pub(super) fn api_rpc(fields: &mut Fields<'_, '_>) -> Option<Logic> {
    Some(Logic::ApiRpc {
        process: fields.process_name(),
        values: fields.assignments("extra", "extra_type"),
        send_all: fields.send_all(),
        on_error: fields.on_error()?,
    })
}

pub(super) fn api_rpc_reply(fields: &mut Fields<'_, '_>) -> Option<Logic> {
    let reply = reply(fields)?;
    Some(Logic::ApiRpcReply {
        reply: Box::new(reply),
        on_error: fields.on_error()?,
    })
}

fn reply(fields: &mut Fields<'_, '_>) -> Option<Reply> {
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
    Some(Reply { values, exception })
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
        fields.tell(template.findings());
        if template.is_lone_placeholder() {
            keys.push((bare.to_owned(), template));
        } else {
            fields.error(&format!("`{name}` is not a parameter name"));
        }
    }
    keys
}

pub(super) fn api_queue(fields: &mut Fields<'_, '_>) -> Option<Logic> {
    for field in ["capacity", "alert_threshold"] {
        if fields.is_given(field) {
            fields.warning(&format!("`{field}` has no effect"));
        }
    }
    Some(Logic::ApiQueue {
        values: fields.assignments("data", "data_type"),
        on_error: fields.on_error()?,
    })
}

pub(super) fn api_get_task(fields: &mut Fields<'_, '_>) -> Option<Logic> {
    let node_field = if fields.is_given("node_id") {
        "node_id"
    } else {
        "queue_node_id"
    };
    let node = fields.template(node_field);
    if node.as_literal() == Some("") {
        fields.error("`node_id` is missing; name the queue's node");
    }
    let newest = match fields.text("order_by").to_ascii_uppercase().as_str() {
        "" | "ASC" => false,
        "DESC" => true,
        other => {
            fields.error(&format!(
                "`{other}` is no order; use ASC (the first) or DESC (the last)"
            ));
            return None;
        }
    };
    let process = fields.process_name();
    let on_error = fields.on_error()?;
    fields.warning(match on_error {
        Some(_) => "an empty queue takes the error branch (not_found_task); without one the task would go on without data",
        None => "an empty queue lets the task go on without data; with an error branch it would take that (not_found_task)",
    });
    Some(Logic::ApiGetTask {
        queue: Box::new(QueueName {
            process,
            node,
            newest,
        }),
        on_error,
    })
}

/// Puts a stub in the place of the call that it stands for.
pub(super) fn put_stub(
    document: &NodeDocument,
    logics: &mut [Logic],
    problems: &mut NodeProblems<'_>,
) {
    let written = document
        .condition
        .other
        .get("stub")
        .filter(|stub| !stub.is_null());
    let call = logics
        .iter_mut()
        .find(|logic| matches!(logic, Logic::ApiRpc { .. }));
    let (stub, call) = match (document.obj_type, written, call) {
        (4, Some(stub), Some(call)) => (stub, call),
        (4, None, _) => {
            return problems.warning(
                "a call with a stub (obj_type 4) without one: the process itself is called",
            );
        }
        (4, _, None) => return problems.error("a stub needs an api_rpc to stand for"),
        (_, Some(_), _) => {
            return problems
                .warning("its stub is off (obj_type is not 4): the process itself is called");
        }
        _ => return,
    };
    problems.warning("a stub answers in place of the called process; make the node's obj_type 0 before it goes live");
    let cases: Option<Vec<StubCase>> = match stub.get("logics") {
        Some(Value::Array(cases)) => cases.iter().map(|case| stub_case(case, problems)).collect(),
        _ => None,
    };
    match cases {
        Some(cases) => {
            let on_error = call.target();
            *call = Logic::Stub { cases, on_error };
        }
        None => problems
            .error("`stub` has to hold `logics`, each a list of [go_if_const, api_rpc_reply]"),
    }
}

fn stub_case(written: &Value, problems: &mut NodeProblems<'_>) -> Option<StubCase> {
    let steps = match written {
        Value::Array(steps) => steps.clone(),
        step => vec![step.clone()],
    };
    let mut conditions: Vec<Condition> = Vec::new();
    let mut answer = None;
    for step in steps {
        let step: StepDocument = serde_json::from_value(step).ok()?;
        let mut fields = Fields {
            kind: &step.kind,
            map: &step.fields,
            problems: &mut *problems,
        };
        match step.kind.as_str() {
            "go_if_const" => {
                for condition in step.fields.get("conditions")?.as_array()? {
                    conditions.push(logics::condition(&mut fields, condition)?);
                }
            }
            "api_rpc_reply" => answer = Some(reply(&mut fields)?),
            _ => return None,
        }
    }
    Some(StubCase {
        conditions,
        reply: answer?,
    })
}
