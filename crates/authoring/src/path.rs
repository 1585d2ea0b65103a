//! The way of a dialogue through its processes, from the compact form in which the journal keeps it.

use serde::Serialize;

/// A node that a task entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// Alias of the process.
    pub process: String,
    /// The node.
    pub node: String,
}

/// The stretches of `project:start>convert command-converter:start`: a process each, and its nodes.
pub(crate) fn stretches(path: &str) -> impl Iterator<Item = (&str, std::str::Split<'_, char>)> {
    let stretches = path
        .split(' ')
        .filter_map(|stretch| stretch.split_once(':'));
    stretches.map(|(process, nodes)| (process, nodes.split('>')))
}

/// Reads a way node by node.
pub fn passages(path: &str) -> Vec<Passage> {
    let passages = stretches(path).flat_map(|(process, nodes)| {
        nodes.map(|node| Passage {
            process: process.to_owned(),
            node: node.to_owned(),
        })
    });
    passages.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_node_by_node() {
        let read = |path| {
            let found = passages(path).into_iter();
            found
                .map(|passage| format!("{}/{}", passage.process, passage.node))
                .collect::<Vec<_>>()
                .join(" ")
        };
        for (path, expected) in [
            ("", ""),
            ("a:b", "a/b"),
            ("a:b>c d:e a:f>g", "a/b a/c d/e a/f a/g"),
            ("no colon here a:b", "a/b"),
        ] {
            assert_eq!(read(path), expected, "{path}");
        }
    }
}
