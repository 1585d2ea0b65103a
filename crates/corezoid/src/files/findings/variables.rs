//! Environment variables: what came, and what processes use that has no value here.

use std::collections::BTreeSet;

use serde_json::Value;
use vikno_process::NodeDocument;

use super::Look;
use crate::files::container::Variable;
use crate::files::import::Known;
use crate::files::report::{Entry, Kind, Report};

const ADVICE: &str =
    "give it a value under [variables] in organisation.toml; a secret belongs in a step's settings";

pub(super) fn came(report: &mut Report, variables: &[Variable]) {
    for variable in variables {
        let value = if variable.value.is_some() {
            "with a value"
        } else {
            "without a value"
        };
        report.add(Entry {
            kind: Kind::Came,
            file: "_ENV_VARS_.json".to_owned(),
            process: None,
            nodes: Vec::new(),
            what: format!("variable {} {value}", variable.name),
            advice: String::new(),
        });
    }
}

pub(super) fn used_without_value(look: &mut Look<'_>, came: &[Variable], known: &Known) {
    let has_value = |name: &str| {
        let brought = came
            .iter()
            .any(|variable| variable.name == name && variable.value.is_some());
        brought || known.has_variable(name)
    };
    for node in look.nodes() {
        for name in used(node).into_iter().filter(|name| !has_value(name)) {
            let what = format!("uses the variable {name}, which has no value here");
            look.tell(Kind::Doubtful, Some(node), what, ADVICE);
        }
    }
}

/// The names in `{{env_var[@NAME]}}`.
pub(in crate::files) fn used(node: &NodeDocument) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let condition = &node.condition;
    for step in condition.logics.iter().chain(&condition.semaphors) {
        step.fields
            .values()
            .for_each(|value| look(value, &mut found));
    }
    found
}

fn look(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            for rest in text.split("env_var[").skip(1) {
                let name = rest.split([']', '{', '}']).next().unwrap_or_default();
                let closed = rest[name.len()..].starts_with(']');
                let name = name.trim().trim_start_matches('@');
                if closed && !name.is_empty() {
                    found.insert(name.to_owned());
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| look(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| look(field, found)),
        _ => {}
    }
}
