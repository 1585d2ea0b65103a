//! Processes: calls go to processes and steps that exist; and which texts they say by themselves.

use super::texts::Said;
use crate::{Organisation, Problem, ProcessBundle};
use serde_json::Value;
use std::collections::BTreeSet;

/// The components that a process may call, by the name in `http://NAME.spin.internal/`.
const STEPS: &[&str] = &[
    "clicks-handling",
    "command-converter",
    "dialog-complete",
    "messages-handling",
    "operator-events",
    "operator-session",
    "otp",
    "queue",
    "send-media",
    "send-text",
    "sso-info",
    "vote",
    "welcome",
];

pub(super) fn check(organisation: &Organisation, bundle: &ProcessBundle) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (alias, process) in bundle.processes() {
        let file = format!("{}/processes/{alias}.json", organisation.id);
        for (node, logic) in logics(process) {
            if let Some(callee) = logic["conv_id"]
                .as_str()
                .and_then(|id| id.strip_prefix('@'))
                && !callee.contains("{{")
                && !bundle.processes().contains_key(callee)
            {
                let message = format!(
                    "calls @{callee}, which is not in processes of organisation.toml; list it or call another"
                );
                problems.push(Problem::new(&file, node, message));
            }
            if logic["type"] == "api" && step(logic).is_none() {
                let message = format!(
                    "calls {}, which is no step; steps are http://NAME.spin.internal/ with NAME one of {}",
                    logic["url"],
                    STEPS.join(", ")
                );
                problems.push(Problem::new(&file, node, message));
            }
        }
    }
    problems
}

/// Texts and button labels written into calls of other processes: `{"text":"<id>","buttons":[…]}`.
pub(super) fn texts_said(bundle: &ProcessBundle) -> Said {
    let replies = bundle
        .processes()
        .values()
        .flat_map(logics)
        .filter_map(|(_, logic)| logic["extra"].as_object())
        .flat_map(|extra| extra.values())
        .filter_map(|value| serde_json::from_str::<Value>(value.as_str()?).ok());
    let mut said = Said::new();
    for reply in replies {
        let arguments: BTreeSet<String> = reply["args"]
            .as_object()
            .into_iter()
            .flat_map(|args| args.keys().cloned())
            .collect();
        if let Some(id) = reply["text"].as_str() {
            said.entry(id.to_owned()).or_default().extend(arguments);
        }
        for button in reply["buttons"].as_array().into_iter().flatten() {
            if let Some(id) = button["text"].as_str() {
                said.entry(id.to_owned()).or_default();
            }
        }
    }
    said
}

fn step(logic: &Value) -> Option<&str> {
    let name = logic["url"]
        .as_str()?
        .strip_prefix("http://")?
        .strip_suffix(".spin.internal/")?;
    STEPS.contains(&name).then_some(name)
}

fn logics(process: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let nodes = process["scheme"]["nodes"].as_array().into_iter().flatten();
    nodes.flat_map(|node| {
        let id = node["id"].as_str().unwrap_or_default();
        let logics = node["condition"]["logics"].as_array().into_iter().flatten();
        logics.map(move |logic| (id, logic))
    })
}
