//! What processes reach for: other processes and steps, which have to exist, and the texts they say by themselves.

use crate::ProcessBundle;
use serde_json::Value;
use std::collections::BTreeSet;

/// The components that a process may call, by the name in `http://NAME.spin.internal/`.
const STEPS: &[&str] = &[
    "clicks-handling",
    "command-converter",
    "dialog-complete",
    "dialogue",
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

/// Where a process answers a caller who waits: the engine takes it.
const SYNC_ANSWER: &str = "{{__callback_url}}";

/// A call that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostCall {
    /// Alias of the process.
    pub process: String,
    /// The node that calls.
    pub node: String,
    /// What it means to call.
    pub callee: Callee,
    /// What is wrong and what to do.
    pub message: String,
}

/// What a call means to reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Callee {
    /// Another process of the organisation.
    Process,
    /// A step component.
    Step,
}

/// A text or a button's label that is written into a call: `{"text":"<id>","buttons":[…]}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidText {
    /// Alias of the process.
    pub process: String,
    /// The node that says it.
    pub node: String,
    /// The text's id.
    pub id: String,
    /// The arguments it is given.
    pub arguments: BTreeSet<String>,
}

/// Calls of processes and steps that are not there.
pub fn lost_calls(bundle: &ProcessBundle) -> Vec<LostCall> {
    let mut lost = Vec::new();
    for (process, node, logic) in logics(bundle) {
        let mut lose = |callee: Callee, message: String| {
            lost.push(LostCall {
                process: process.to_owned(),
                node: node.to_owned(),
                callee,
                message,
            });
        };
        if let Some(callee) = logic["conv_id"]
            .as_str()
            .and_then(|id| id.strip_prefix('@'))
            && !callee.contains("{{")
            && !bundle.processes().contains_key(callee)
        {
            lose(
                Callee::Process,
                format!(
                    "calls @{callee}, which is not in processes of organisation.toml; list it or call another"
                ),
            );
        }
        if logic["type"] == "api" && logic["url"] != SYNC_ANSWER && step(logic).is_none() {
            lose(
                Callee::Step,
                format!(
                    "calls {}, which is no step; steps are http://NAME.spin.internal/ with NAME one of {}",
                    logic["url"],
                    STEPS.join(", ")
                ),
            );
        }
    }
    lost
}

/// Every text that a node says by itself.
pub fn said_texts(bundle: &ProcessBundle) -> Vec<SaidText> {
    let mut said = Vec::new();
    for (process, node, logic) in logics(bundle) {
        let values = logic["extra"]
            .as_object()
            .into_iter()
            .flat_map(|extra| extra.values());
        let replies =
            values.filter_map(|value| serde_json::from_str::<Value>(value.as_str()?).ok());
        for reply in replies {
            let mut say = |id: &Value, arguments: BTreeSet<String>| {
                if let Some(id) = id.as_str() {
                    said.push(SaidText {
                        process: process.to_owned(),
                        node: node.to_owned(),
                        id: id.to_owned(),
                        arguments,
                    });
                }
            };
            let arguments = reply["args"]
                .as_object()
                .into_iter()
                .flat_map(|args| args.keys().cloned())
                .collect();
            say(&reply["text"], arguments);
            for button in reply["buttons"].as_array().into_iter().flatten() {
                say(&button["text"], BTreeSet::new());
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

fn logics(bundle: &ProcessBundle) -> impl Iterator<Item = (&str, &str, &Value)> {
    bundle.processes().iter().flat_map(|(alias, process)| {
        let nodes = process["scheme"]["nodes"].as_array().into_iter().flatten();
        nodes.flat_map(move |node| {
            let id = node["id"].as_str().unwrap_or_default();
            let logics = node["condition"]["logics"].as_array().into_iter().flatten();
            logics.map(move |logic| (alias.as_str(), id, logic))
        })
    })
}
