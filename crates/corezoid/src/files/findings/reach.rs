//! Nodes that no path leads to: exports are full of them, and they harm nobody.

use std::collections::{BTreeMap, BTreeSet};

use vikno_process::{NodeDocument, ProcessDocument};

use super::{Look, entry};
use crate::files::report::{Kind, NodeName};

/// The ids of the nodes that a task can come to.
pub(super) fn reachable(document: &ProcessDocument) -> BTreeSet<String> {
    let nodes = &document.scheme.nodes;
    let by_id: BTreeMap<&str, &NodeDocument> =
        nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    let starts = nodes.iter().filter(|node| node.obj_type == 1);
    let mut open: Vec<&str> = starts.map(|node| node.id.as_str()).collect();
    let mut found = BTreeSet::new();
    while let Some(id) = open.pop() {
        if let Some(node) = by_id.get(id)
            && found.insert(id.to_owned())
        {
            open.extend(ways_out(node));
        }
    }
    found
}

fn ways_out(node: &NodeDocument) -> impl Iterator<Item = &str> {
    let steps = node
        .condition
        .logics
        .iter()
        .chain(&node.condition.semaphors);
    steps.flat_map(|step| {
        ["to_node_id", "err_node_id", "esc_node_id"]
            .into_iter()
            .filter_map(|key| step.fields.get(key)?.as_str())
    })
}

pub(super) fn tell(look: &mut Look<'_>) {
    let nodes = look.process.document.scheme.nodes.iter();
    let lost = nodes.filter(|node| !look.reachable.contains(&node.id));
    let lost: Vec<NodeName> = lost.map(NodeName::from).collect();
    if lost.is_empty() || look.reachable.is_empty() {
        return;
    }
    let what = format!(
        "no path leads to {} of its nodes: kept, and never run",
        lost.len()
    );
    let advice = "nothing to do, unless a line of the picture is missing";
    look.report
        .add(entry(Kind::Doubtful, look.process, lost, what, advice));
}
