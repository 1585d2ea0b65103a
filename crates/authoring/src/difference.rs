//! What differs between two sets of processes: processes, nodes, single fields. Where a node stands in the picture is
//! told apart, since it changes nothing for a citizen.

use crate::Processes;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Fields of a node that are its place and look in the picture.
const PICTURE: [&str; 3] = ["x", "y", "extra"];

/// What one set has, the other has not, or has otherwise.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Difference {
    /// Aliases that are new.
    pub added: Vec<String>,
    /// Aliases that are gone.
    pub removed: Vec<String>,
    /// Processes that are in both and differ.
    pub changed: Vec<ProcessDifference>,
}

/// How a process differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProcessDifference {
    /// Its alias.
    pub process: String,
    /// Fields of the process itself.
    pub fields: Vec<FieldChange>,
    /// Nodes that are new.
    pub nodes_added: Vec<String>,
    /// Nodes that are gone.
    pub nodes_removed: Vec<String>,
    /// Nodes that do something else, or are called otherwise.
    pub nodes_changed: Vec<NodeDifference>,
    /// Nodes that only moved in the picture.
    pub nodes_moved: Vec<String>,
}

/// How a node differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NodeDifference {
    /// The node's id.
    pub node: String,
    /// Its fields, such as `condition.logics[0].to_node_id`.
    pub fields: Vec<FieldChange>,
}

/// One field before and after; an absent one is left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldChange {
    /// Its path.
    pub field: String,
    /// What it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

impl Difference {
    /// Whether the two are the same.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// From one set to another.
pub fn difference(before: &Processes, after: &Processes) -> Difference {
    let only = |here: &Processes, there: &Processes| -> Vec<String> {
        here.keys()
            .filter(|alias| !there.contains_key(*alias))
            .cloned()
            .collect()
    };
    let both = before.iter().filter_map(|(alias, old)| {
        let new = after.get(alias).filter(|new| *new != old)?;
        Some(process(alias, old, new))
    });
    Difference {
        added: only(after, before),
        removed: only(before, after),
        changed: both.collect(),
    }
}

fn process(alias: &str, before: &Value, after: &Value) -> ProcessDifference {
    let (old, new) = (nodes(before), nodes(after));
    let mut fields = Vec::new();
    compare(
        "",
        &without_nodes(before),
        &without_nodes(after),
        &mut fields,
    );
    let mut found = ProcessDifference {
        process: alias.to_owned(),
        fields,
        nodes_added: missing(&new, &old),
        nodes_removed: missing(&old, &new),
        nodes_changed: Vec::new(),
        nodes_moved: Vec::new(),
    };
    for (id, old) in old {
        let Some(new) = new.get(&id).filter(|new| **new != old) else {
            continue;
        };
        let mut fields = Vec::new();
        compare(
            "",
            &without_picture(old),
            &without_picture(new),
            &mut fields,
        );
        if fields.is_empty() {
            found.nodes_moved.push(id);
        } else {
            found
                .nodes_changed
                .push(NodeDifference { node: id, fields });
        }
    }
    found
}

fn nodes(process: &Value) -> BTreeMap<String, &Value> {
    let nodes = process["scheme"]["nodes"].as_array().into_iter().flatten();
    nodes
        .map(|node| {
            let id = match &node["id"] {
                Value::String(id) => id.clone(),
                other => other.to_string(),
            };
            (id, node)
        })
        .collect()
}

fn missing(here: &BTreeMap<String, &Value>, there: &BTreeMap<String, &Value>) -> Vec<String> {
    here.keys()
        .filter(|id| !there.contains_key(*id))
        .cloned()
        .collect()
}

fn without_nodes(process: &Value) -> Value {
    let mut process = process.clone();
    if let Some(scheme) = process.get_mut("scheme").and_then(Value::as_object_mut) {
        scheme.remove("nodes");
    }
    process
}

/// The icon stays: it tells an error's end from a success.
fn without_picture(node: &Value) -> Value {
    let Value::Object(node) = node else {
        return node.clone();
    };
    let kept = node
        .iter()
        .filter(|(name, _)| !PICTURE.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()));
    let mut kept: Map<String, Value> = kept.collect();
    let extra = match node.get("extra") {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        other => other.cloned().unwrap_or_default(),
    };
    if let Some(icon) = extra["icon"].as_str().filter(|icon| !icon.is_empty()) {
        kept.insert("icon".to_owned(), icon.into());
    }
    Value::Object(kept)
}

fn compare(path: &str, before: &Value, after: &Value, out: &mut Vec<FieldChange>) {
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for name in names {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                pair(&path, old.get(name), new.get(name), out);
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            for index in 0..old.len().max(new.len()) {
                pair(
                    &format!("{path}[{index}]"),
                    old.get(index),
                    new.get(index),
                    out,
                );
            }
        }
        _ if before == after => {}
        _ => out.push(FieldChange {
            field: path.to_owned(),
            before: Some(before.clone()),
            after: Some(after.clone()),
        }),
    }
}

fn pair(path: &str, before: Option<&Value>, after: Option<&Value>, out: &mut Vec<FieldChange>) {
    match (before, after) {
        (Some(before), Some(after)) => compare(path, before, after, out),
        (before, after) => out.push(FieldChange {
            field: path.to_owned(),
            before: before.cloned(),
            after: after.cloned(),
        }),
    }
}
