//! One function for each type of logic: wire fields in, checked logic out.

use serde_json::Value;

use super::fields::Fields;
use super::{NodeProblems, api, tasks};
use crate::condition::{Condition, Function, Operand};
use crate::document::StepDocument;
use crate::error::Family;
use crate::logic::Logic;
use crate::pattern::Pattern;
use crate::template::Template;
use crate::value::{ValueType, to_text};

pub(super) fn compile(step: &StepDocument, problems: &mut NodeProblems<'_>) -> Logic {
    let mut fields = Fields {
        kind: &step.kind,
        map: &step.fields,
        problems,
    };
    let fields = &mut fields;
    let logic = match step.kind.as_str() {
        "go" => fields.target("to_node_id").map(|to| Logic::Go { to }),
        "go_if_const" => go_if(fields),
        "set_param" => set_param(fields),
        "api" => api::api(fields),
        "api_code" => api_code(fields),
        "api_callback" => tasks::api_callback(fields),
        "api_copy" => tasks::api_copy(fields),
        "api_rpc" => tasks::api_rpc(fields),
        "api_rpc_reply" => tasks::api_rpc_reply(fields),
        "api_sum" => api_sum(fields),
        "api_queue" => tasks::api_queue(fields),
        "api_get_task" => tasks::api_get_task(fields),
        "db_call" => elsewhere(
            fields,
            Family::DbCall,
            "databases are not called from a process",
        ),
        "git_call" | "api_git" => elsewhere(
            fields,
            Family::GitCall,
            "code of a repository is not run by a process",
        ),
        "api_form" => elsewhere(fields, Family::Form, "Sender's forms are gone"),
        other => {
            fields
                .problems
                .error(format!("`{other}` is no logic that Corezoid or we know"));
            None
        }
    };
    logic.unwrap_or_else(|| Logic::Broken(format!("its {} is not valid", step.kind)))
}

/// What needs an outside that the engine has not: kept for export, and at run time its error branch.
fn elsewhere(fields: &mut Fields<'_, '_>, family: Family, reason: &str) -> Option<Logic> {
    let description = format!(
        "{reason}; write a step component that does it and call it with `api` (http://NAME.spin.internal/)"
    );
    fields.warning(&format!(
        "{description}; until then its error branch is taken"
    ));
    Some(Logic::Elsewhere {
        family,
        description,
        on_error: fields.on_error()?,
    })
}

fn api_code(fields: &mut Fields<'_, '_>) -> Option<Logic> {
    let source = fields.text("src");
    let language = fields.text("lang");
    let on_error = fields.on_error()?;
    match language.as_str() {
        "" | "js" | "javascript" => {
            if source.trim().is_empty() {
                fields.warning("`src` is empty, so the node does nothing");
            }
            Some(Logic::ApiCode { source, on_error })
        }
        "erl" | "erlang" => {
            let description =
                "code in Erlang is not run; write it in JavaScript (`\"lang\": \"js\"`)";
            fields.warning(&format!(
                "{description}; until then its error branch is taken"
            ));
            Some(Logic::Elsewhere {
                family: Family::Code,
                description: description.to_owned(),
                on_error,
            })
        }
        other => {
            fields.error(&format!("`{other}` is no language; use js"));
            None
        }
    }
}

/// A list of `{id, name, value}`; the id names the sum.
fn api_sum(fields: &mut Fields<'_, '_>) -> Option<Logic> {
    let written = match fields.map.get("extra") {
        Some(Value::Array(written)) => written.clone(),
        None | Some(Value::Null) => Vec::new(),
        Some(_) => {
            fields.error("`extra` has to be a list of sums with `id` and `value`");
            return None;
        }
    };
    if written.is_empty() {
        fields.warning("`extra` is empty, so nothing is added");
    }
    let text = |sum: &Value, field: &str| {
        sum.get(field)
            .map(|value| to_text(value).into_owned())
            .filter(|text| !text.is_empty())
    };
    let mut sums = Vec::new();
    for sum in &written {
        let value = Template::parse(&text(sum, "value").unwrap_or_default());
        fields.tell(value.findings());
        match text(sum, "id").or_else(|| text(sum, "name")) {
            Some(id) => sums.push((id, value)),
            None => fields.error("a sum needs an `id`, by which it is read"),
        }
    }
    for field in ["reset_interval", "alert_threshold"] {
        if fields.is_given(field) {
            fields.warning(&format!("`{field}` has no effect"));
        }
    }
    fields.warning(
        "a sum is kept for its conversation and goes out as an addition; see docs/corezoid.md",
    );
    Some(Logic::ApiSum {
        sums,
        on_error: fields.on_error()?,
    })
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

pub(super) fn condition(fields: &mut Fields<'_, '_>, written: &Value) -> Option<Condition> {
    let text = |name: &str| {
        written
            .get(name)
            .map(|value| to_text(value).into_owned())
            .unwrap_or_default()
    };
    let param = text("param");
    let left = Operand::parse(&param);
    if left.is_none() {
        fields.error(&format!("`{param}` is not a parameter name"));
    }
    let constant = text("const");
    let right = Template::parse(&constant);
    if let Some(Operand::Text(template)) = &left {
        fields.tell(template.findings());
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
            fields.tell(right.findings());
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
