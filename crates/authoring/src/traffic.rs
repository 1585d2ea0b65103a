//! How often the nodes of each process were entered: counted from the ways that the journal keeps.

use crate::path::stretches;
use std::collections::{BTreeMap, BTreeSet};

/// Counted so far.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    lines: u64,
    dialogues: BTreeSet<String>,
    processes: BTreeMap<String, BTreeMap<String, u64>>,
}

impl Traffic {
    /// Counts a line's way, which may lead through several processes.
    pub fn count(&mut self, dialogue: Option<&str>, path: &str) {
        self.lines += 1;
        if let Some(dialogue) = dialogue.filter(|id| !self.dialogues.contains(*id)) {
            self.dialogues.insert(dialogue.to_owned());
        }
        for (process, nodes) in stretches(path) {
            let counted = self.processes.entry(process.to_owned()).or_default();
            // Nodes come thousands of times: a name is copied the first time only.
            for node in nodes {
                if let Some(times) = counted.get_mut(node) {
                    *times += 1;
                } else {
                    counted.insert(node.to_owned(), 1);
                }
            }
        }
    }

    /// Lines that were counted.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Different dialogues among them.
    pub fn dialogues(&self) -> usize {
        self.dialogues.len()
    }

    /// By process and node.
    pub fn processes(&self) -> &BTreeMap<String, BTreeMap<String, u64>> {
        &self.processes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_counted_by_process_over_all_lines() {
        for (paths, expected) in [
            (&[][..], ""),
            (&[""], ""),
            (&["no colon here"], ""),
            (&["a:b"], "a/b=1"),
            (&["a:b>c d:b a:c>b"], "a/b=2 a/c=2 d/b=1"),
            (&["a:b>b>b"], "a/b=3"),
            (&["a:b>c", "d:e", "a:c"], "a/b=1 a/c=2 d/e=1"),
        ] {
            let mut traffic = Traffic::default();
            for path in paths {
                traffic.count(None, path);
            }
            let told = traffic.processes().iter().flat_map(|(process, nodes)| {
                nodes
                    .iter()
                    .map(move |(node, times)| format!("{process}/{node}={times}"))
            });
            let told: Vec<String> = told.collect();
            assert_eq!(told.join(" "), expected, "{paths:?}");
            assert_eq!(traffic.lines(), paths.len() as u64, "{paths:?}");
        }
    }

    #[test]
    fn a_dialogue_of_many_lines_counts_once() {
        let mut traffic = Traffic::default();
        for dialogue in [Some("c_1"), Some("c_2"), Some("c_1"), None] {
            traffic.count(dialogue, "a:b");
        }
        assert_eq!((traffic.lines(), traffic.dialogues()), (4, 2));
    }
}
