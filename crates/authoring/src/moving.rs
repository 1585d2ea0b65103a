//! Whether a dialogue under way could go on in other processes, given which node stands for which. It moves nothing:
//! it tells each dialogue's fate before anybody decides.

use crate::Processes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use vikno_process::{Task, TaskState, World};

/// New node by old node, by process; a node that is not named keeps its id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct NodeMap(pub BTreeMap<String, BTreeMap<String, String>>);

impl NodeMap {
    fn target<'a>(&'a self, process: &str, node: &'a str) -> &'a str {
        let named = self.0.get(process).and_then(|nodes| nodes.get(node));
        named.map_or(node, String::as_str)
    }
}

/// What would become of a dialogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// All its tasks can go on.
    Moves,
    /// Something keeps it where it is.
    Stays(Vec<Obstacle>),
}

/// Why a task cannot move.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Obstacle {
    /// Alias of its process.
    pub process: String,
    /// The node where it waits.
    pub node: String,
    /// What is wrong and what to do.
    pub why: String,
}

/// Decides for one dialogue.
pub fn fate(world: &World, old: &Processes, new: &Processes, map: &NodeMap) -> Fate {
    let obstacles: Vec<Obstacle> = world
        .tasks()
        .filter_map(|(_, task)| {
            let why = obstacle(task, old, new, map)?;
            Some(Obstacle {
                process: task.process.to_string(),
                node: task.node.to_string(),
                why,
            })
        })
        .collect();
    if obstacles.is_empty() {
        Fate::Moves
    } else {
        Fate::Stays(obstacles)
    }
}

fn obstacle(task: &Task, old: &Processes, new: &Processes, map: &NodeMap) -> Option<String> {
    let (alias, id) = (task.process.as_str(), task.node.as_str());
    let Some(after) = new.get(alias) else {
        return Some("its process is no more; let the dialogue end in its own version".to_owned());
    };
    let target = map.target(alias, id);
    let Some(next) = node(after, target) else {
        return Some(format!(
            "there is no node `{target}`; name the node that stands for `{id}` in the map"
        ));
    };
    let before = old.get(alias).and_then(|process| node(process, id))?;
    if !same_work(task, before, next, alias, map) {
        return Some(format!(
            "`{target}` does something else than `{id}`, in the midst of which the task waits; let it come out first"
        ));
    }
    let lost = timers(before).find(|timer| node(after, map.target(alias, timer)).is_none());
    lost.map(|timer| {
        format!("its timer leads to `{timer}`, which is no more; name the node that stands for it in the map")
    })
}

/// A task in the midst of a call goes on behind it, so all the node's work has to be the same; one that waits for an
/// event or a timer needs the same kinds of work in the same order.
fn same_work(task: &Task, before: &Value, next: &Value, alias: &str, map: &NodeMap) -> bool {
    let (old, new) = (logics(before), logics(next));
    match task.state {
        TaskState::WaitingCall { .. } | TaskState::WaitingRpc { .. } => {
            let mapped: Vec<Value> = old.iter().map(|logic| mapped(logic, alias, map)).collect();
            mapped == new
        }
        _ => old.iter().map(kind).eq(new.iter().map(kind)),
    }
}

fn mapped(logic: &Value, alias: &str, map: &NodeMap) -> Value {
    let mut logic = logic.clone();
    for field in ["to_node_id", "err_node_id"] {
        if let Some(target) = logic[field].as_str().map(|id| map.target(alias, id)) {
            logic[field] = target.into();
        }
    }
    logic
}

fn kind(logic: &Value) -> &str {
    logic["type"].as_str().unwrap_or_default()
}

fn node<'a>(process: &'a Value, id: &str) -> Option<&'a Value> {
    let nodes = process["scheme"]["nodes"].as_array()?;
    nodes.iter().find(|node| node["id"] == id)
}

fn logics(node: &Value) -> Vec<Value> {
    let logics = node["condition"]["logics"].as_array();
    logics.cloned().unwrap_or_default()
}

fn timers(node: &Value) -> impl Iterator<Item = &str> {
    let semaphors = node["condition"]["semaphors"].as_array();
    semaphors
        .into_iter()
        .flatten()
        .filter(|semaphor| semaphor["type"] == "time")
        .filter_map(|semaphor| semaphor["to_node_id"].as_str())
}
