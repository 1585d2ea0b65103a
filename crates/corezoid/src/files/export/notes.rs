//! What the other side has to see to after an export.

use std::collections::BTreeSet;

use serde_json::Value;
use vikno_process::NodeDocument;

use super::Exporting;
use super::prepare::Naming;
use crate::files::findings::used_variables;
use crate::files::references::{Target, rename};

/// The environment variables that the processes use.
pub(super) fn variables(exporting: &Exporting<'_>) -> BTreeSet<String> {
    nodes(exporting).flat_map(used_variables).collect()
}

pub(super) fn told(exporting: &Exporting<'_>, naming: Naming) -> Vec<String> {
    let mut notes = Vec::new();
    let steps = nodes(exporting).filter(|node| calls_a_step(node)).count();
    if steps > 0 {
        notes.push(format!("nodes that call steps of this platform (http://….spin.internal/), which Corezoid cannot reach: {steps}; give them other addresses there"));
    }
    let variables = variables(exporting);
    if !variables.is_empty() {
        let names: Vec<&str> = variables.iter().map(String::as_str).collect();
        notes.push(format!(
            "these environment variables need values there: {}",
            names.join(", ")
        ));
    }
    let (missing, computed) = calls(exporting);
    if !missing.is_empty() {
        let names: Vec<String> = missing.into_iter().collect();
        notes.push(format!(
            "these processes are called and not exported: {}",
            names.join(", ")
        ));
    }
    if computed && naming == Naming::Numbers {
        notes.push("some calls work out an alias when they run, and this form has no aliases: export a zip, or make the aliases there".to_owned());
    }
    notes
}

fn nodes<'a>(exporting: &Exporting<'a>) -> impl Iterator<Item = &'a NodeDocument> {
    let processes: &'a _ = exporting.processes;
    processes
        .values()
        .flat_map(|document| &document.scheme.nodes)
}

fn calls_a_step(node: &NodeDocument) -> bool {
    let urls = node
        .condition
        .logics
        .iter()
        .filter_map(|logic| logic.fields.get("url"));
    urls.filter_map(Value::as_str)
        .any(|url| url.contains(".spin.internal"))
}

/// What is called and not exported; and whether some call works out whom it calls.
fn calls(exporting: &Exporting<'_>) -> (BTreeSet<String>, bool) {
    let (mut missing, mut computed) = (BTreeSet::new(), false);
    let has_number = |number: i64| {
        exporting
            .processes
            .values()
            .any(|document| document.obj_id == Some(number))
    };
    for document in exporting.processes.values() {
        rename(&mut document.clone(), &mut |reference| {
            match &reference.target {
                Target::Computed(_) => computed = true,
                Target::Alias(alias) if !exporting.processes.contains_key(alias) => {
                    missing.insert(format!("@{alias}"));
                }
                Target::Number(number) if !has_number(*number) => {
                    missing.insert(number.to_string());
                }
                Target::Alias(_) | Target::Number(_) => {}
            }
            None
        });
    }
    (missing, computed)
}
