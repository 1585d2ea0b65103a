//! What a process could do: its nodes and the ways between them, for those who measure how much of it was tried.

use crate::process::{Node, Process};

/// A node and where it may send a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeMap<'p> {
    /// Its id.
    pub id: &'p str,
    /// The name a person reads.
    pub title: &'p str,
    /// Whether a path leads here from the start.
    pub reachable: bool,
    /// The ids of the nodes that its logics, their error branches and its semaphors lead to, each once.
    pub targets: Vec<&'p str>,
}

impl Process {
    /// Every node in the order of the document.
    pub fn map(&self) -> impl Iterator<Item = NodeMap<'_>> {
        self.nodes.iter().map(|node| NodeMap {
            id: &node.id,
            title: &node.title,
            reachable: node.reachable,
            targets: self.targets(node),
        })
    }

    fn targets(&self, node: &Node) -> Vec<&str> {
        let logics = node.logics.iter().filter_map(|logic| logic.target());
        let timers = node.timers.iter().map(|timer| timer.to);
        let counts = node.counts.iter().map(|limit| limit.to);
        let ways = logics.chain(timers).chain(counts);
        let mut targets = Vec::new();
        for target in ways.filter_map(|to| self.nodes.get(to)) {
            if !targets.contains(&target.id.as_str()) {
                targets.push(&target.id);
            }
        }
        targets
    }
}

#[cfg(test)]
mod tests {
    use crate::{Process, parse};

    #[test]
    fn each_way_out_of_a_node_is_told_once() {
        let document = parse(
            br#"{"scheme": {"nodes": [
                {"id": "start", "obj_type": 1, "condition": {"logics": [{"type": "go", "to_node_id": "ask"}]}},
                {"id": "ask", "condition": {
                    "logics": [
                        {"type": "api", "url": "http://x.spin.internal/", "err_node_id": "failed"},
                        {"type": "go_if_const", "to_node_id": "done", "conditions": [{"param": "a", "const": "1", "fun": "eq", "cast": "string"}]},
                        {"type": "go", "to_node_id": "done"}],
                    "semaphors": [{"type": "time", "value": 60, "dimension": "sec", "to_node_id": "failed"}]}},
                {"id": "done", "obj_type": 2},
                {"id": "failed", "obj_type": 2},
                {"id": "stray", "obj_type": 2}]}}"#,
        )
        .unwrap();
        let process = Process::check("p", &document).0.unwrap();
        let map: Vec<_> = process
            .map()
            .map(|node| (node.id, node.reachable, node.targets))
            .collect();
        assert_eq!(
            map,
            [
                ("start", true, vec!["ask"]),
                ("ask", true, vec!["failed", "done"]),
                ("done", true, vec![]),
                ("failed", true, vec![]),
                ("stray", false, vec![]),
            ]
        );
    }
}
