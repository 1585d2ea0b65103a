//! A checked process: nodes by index, targets resolved, texts parsed. Made only from a document that
//! has no errors; it runs nothing itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::compile;
use crate::document::{ParamDocument, ProcessDocument};
use crate::logic::{CountLimit, Logic, NodeIndex, Timer};
use crate::name::Name;
use crate::outcome::NodePlace;
use crate::pattern::Pattern;
use crate::problem::{Problem, Severity};
use crate::value::ValueType;

/// A process that can run.
#[derive(Debug, Clone)]
pub struct Process {
    pub(crate) alias: Name,
    pub(crate) title: String,
    pub(crate) number: Option<i64>,
    pub(crate) active: bool,
    pub(crate) params: Vec<Param>,
    pub(crate) nodes: Vec<Node>,
    /// What a trace says of each node.
    pub(crate) places: Vec<Arc<NodePlace>>,
    pub(crate) index: BTreeMap<String, NodeIndex>,
    pub(crate) start: NodeIndex,
}

/// One node.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) id: Name,
    pub(crate) title: String,
    /// Whether a path leads here from the start; exports often hold nodes without one.
    pub(crate) reachable: bool,
    pub(crate) ending: Option<Ending>,
    pub(crate) logics: Vec<Logic>,
    pub(crate) timers: Vec<Timer>,
    pub(crate) counts: Vec<CountLimit>,
}

/// How a task that reaches a final node ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// As it should.
    Success,
    /// At a final node that its author marked as an error.
    Error,
}

/// A declared parameter that a new task is checked against.
#[derive(Debug, Clone)]
pub(crate) struct Param {
    pub(crate) name: crate::path::Path,
    pub(crate) label: String,
    pub(crate) required: bool,
    pub(crate) value_type: Option<ValueType>,
    pub(crate) pattern: Option<Pattern>,
}

impl Process {
    /// Checks a document. The problems come back in either case; without a process at least one of them
    /// is an error.
    pub fn check(alias: &str, document: &ProcessDocument) -> (Option<Self>, Vec<Problem>) {
        let (process, problems) = compile::compile(alias, document);
        let broken = problems
            .iter()
            .any(|problem| problem.severity == Severity::Error);
        (process.filter(|_| !broken), problems)
    }

    /// The name by which other processes call it.
    pub fn alias(&self) -> &str {
        &self.alias
    }

    /// The name a person reads.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The ids of its nodes.
    pub fn node_ids(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().map(|node| node.id.as_str())
    }

    pub(crate) fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.get(self.place_of(id)?)
    }

    pub(crate) fn place_of(&self, id: &str) -> Option<NodeIndex> {
        self.index.get(id).copied()
    }
}

impl Node {
    /// The names of the processes that it calls, where they are known before it runs.
    pub(crate) fn callees(&self) -> impl Iterator<Item = &str> {
        self.logics.iter().filter_map(|logic| match logic {
            Logic::ApiCopy { copy, .. } => copy.process.0.as_literal(),
            Logic::ApiRpc { process, .. } => process.0.as_literal(),
            Logic::ApiGetTask { queue, .. } => queue.process.0.as_literal(),
            _ => None,
        })
    }
}

impl Param {
    pub(crate) fn parse(document: &ParamDocument) -> Result<Self, String> {
        let name = crate::path::Path::parse(&document.name).map_err(|error| error.to_string())?;
        let flagged = |name: &str| document.flags.iter().any(|flag| flag == name);
        let pattern = match document.regex.as_str() {
            "" => None,
            expression => {
                Some(Pattern::compile(expression).ok_or("its regular expression is not valid")?)
            }
        };
        Ok(Self {
            name,
            label: document.name.clone(),
            // What a process gives in the end need not be there in the beginning.
            required: flagged("required") && (flagged("input") || !flagged("output")),
            value_type: ValueType::parse(&document.value_type),
            pattern,
        })
    }
}
