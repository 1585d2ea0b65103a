//! What is worth telling about an import. Each file looks for one kind of thing.

mod calls;
mod came;
mod doubts;
mod engine;
mod reach;
mod unsupported;
mod variables;

pub(super) use calls::rename_calls;
pub(super) use came::{came, named, nodes_restored, number_given_up};
pub(super) use variables::used as used_variables;

use std::collections::BTreeSet;

use vikno_process::{NodeDocument, StepDocument};

use super::container::Contents;
use super::import::{ImportedProcess, Known};
use super::report::{Entry, Kind, NodeName, Report};

/// Looks at everything that is to be kept.
pub(super) fn look_at(
    report: &mut Report,
    processes: &[ImportedProcess],
    contents: &Contents,
    known: &Known,
) {
    variables::came(report, &contents.variables);
    for process in processes {
        let reachable = reach::reachable(&process.document);
        let mut look = Look {
            report,
            process,
            reachable,
        };
        reach::tell(&mut look);
        doubts::tell(&mut look);
        let told = unsupported::tell(&mut look);
        engine::tell(&mut look, &told);
        variables::used_without_value(&mut look, &contents.variables, known);
    }
}

/// A look at one process.
struct Look<'a> {
    report: &'a mut Report,
    process: &'a ImportedProcess,
    reachable: BTreeSet<String>,
}

impl<'a> Look<'a> {
    fn tell(&mut self, kind: Kind, node: Option<&NodeDocument>, what: String, advice: &str) {
        let nodes = node.map(NodeName::from).into_iter().collect();
        self.report
            .add(entry(kind, self.process, nodes, what, advice));
    }

    /// The nodes that tasks come to.
    fn nodes(&self) -> Vec<&'a NodeDocument> {
        let nodes = self.process.document.scheme.nodes.iter();
        nodes
            .filter(|node| self.reachable.contains(&node.id))
            .collect()
    }

    fn logics(&self) -> Vec<(&'a NodeDocument, &'a StepDocument)> {
        let nodes = self.nodes().into_iter();
        nodes
            .flat_map(|node| node.condition.logics.iter().map(move |logic| (node, logic)))
            .collect()
    }
}

fn entry(
    kind: Kind,
    process: &ImportedProcess,
    nodes: Vec<NodeName>,
    what: String,
    advice: &str,
) -> Entry {
    Entry {
        kind,
        file: process.file.clone(),
        process: Some(process.alias.to_string()),
        nodes,
        what,
        advice: advice.to_owned(),
    }
}
