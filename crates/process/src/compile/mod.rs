//! From the wire form of a process to the checked one, collecting every problem on the way.

mod api;
mod fields;
mod logics;
mod tasks;
mod timers;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::document::{NodeDocument, ProcessDocument};
use crate::logic::{Logic, NodeIndex};
use crate::name::Name;
use crate::outcome::NodePlace;
use crate::problem::{Problem, Severity};
use crate::process::{Ending, Node, Param, Process};

/// Problems of one node while it is compiled.
pub(crate) struct NodeProblems<'a> {
    index: &'a BTreeMap<String, NodeIndex>,
    found: Vec<(Severity, String)>,
}

impl NodeProblems<'_> {
    fn error(&mut self, message: impl Into<String>) {
        self.found.push((Severity::Error, message.into()));
    }

    fn warning(&mut self, message: impl Into<String>) {
        self.found.push((Severity::Warning, message.into()));
    }
}

pub(crate) fn compile(alias: &str, document: &ProcessDocument) -> (Option<Process>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut tell = |severity, node: Option<&str>, message: String| {
        problems.push(Problem {
            severity,
            process: alias.to_owned(),
            node: node.map(str::to_owned),
            message,
        });
    };
    if !document.is_process() {
        tell(
            Severity::Error,
            None,
            format!("obj_type {} is not a process (1)", document.obj_type),
        );
    }

    let mut index = BTreeMap::new();
    for (at, node) in document.scheme.nodes.iter().enumerate() {
        if index.insert(node.id.clone(), at).is_some() {
            tell(
                Severity::Error,
                Some(&node.id),
                "another node has the same id; give each its own".to_owned(),
            );
        }
    }
    let mut compiled: Vec<_> = document
        .scheme
        .nodes
        .iter()
        .map(|node| compile_node(node, &index))
        .collect();

    let starts: Vec<NodeIndex> = (0..compiled.len())
        .filter(|at| document.scheme.nodes[*at].obj_type == 1)
        .collect();
    let start = starts.first().copied();
    match starts.len() {
        0 => tell(
            Severity::Error,
            None,
            "there is no start node; give one node obj_type 1".to_owned(),
        ),
        1 => {}
        many => tell(
            Severity::Error,
            None,
            format!("there are {many} start nodes; keep obj_type 1 at one of them"),
        ),
    }
    mark_reachable(&mut compiled, start);
    for (node, found) in &compiled {
        if !node.reachable && start.is_some() {
            tell(
                Severity::Warning,
                Some(&node.id),
                "no path leads here from the start".to_owned(),
            );
        }
        for (severity, message) in found {
            // What no task reaches cannot go wrong: exports are full of such left-overs.
            let severity = if node.reachable {
                *severity
            } else {
                Severity::Warning
            };
            tell(severity, Some(&node.id), message.clone());
        }
    }

    let mut params = Vec::new();
    for param in &document.params {
        match Param::parse(param) {
            Ok(param) => params.push(param),
            Err(reason) => tell(
                Severity::Error,
                None,
                format!("parameter `{}`: {reason}", param.name),
            ),
        }
    }
    let name = Name::from(alias);
    let nodes: Vec<Node> = compiled.into_iter().map(|(node, _)| node).collect();
    let place = |node: &Node| NodePlace {
        process: name.clone(),
        node: node.id.clone(),
    };
    let process = start.map(|start| Process {
        places: nodes.iter().map(place).map(Arc::new).collect(),
        alias: name.clone(),
        title: document.title.clone(),
        number: document.obj_id,
        active: document.is_active(),
        params,
        nodes,
        index,
        start,
    });
    (process, problems)
}

type CompiledNode = (Node, Vec<(Severity, String)>);

fn compile_node(document: &NodeDocument, index: &BTreeMap<String, NodeIndex>) -> CompiledNode {
    let mut problems = NodeProblems {
        index,
        found: Vec::new(),
    };
    let condition = &document.condition;
    let ending = (document.obj_type == 2).then(|| match document.icon().as_str() {
        "error" => Ending::Error,
        _ => Ending::Success,
    });
    if !(0..=4).contains(&document.obj_type) {
        problems.error(format!(
            "obj_type {} is no kind of node (0 to 4)",
            document.obj_type
        ));
    }
    let mut logics: Vec<Logic> = condition
        .logics
        .iter()
        .map(|step| logics::compile(step, &mut problems))
        .collect();
    tasks::put_stub(document, &mut logics, &mut problems);
    let (counting, timing): (Vec<_>, Vec<_>) = condition
        .semaphors
        .iter()
        .partition(|step| step.kind == "count");
    let counts: Vec<_> = counting
        .into_iter()
        .filter_map(|step| timers::compile_count(step, &mut problems))
        .collect();
    let timers: Vec<_> = timing
        .into_iter()
        .filter_map(|step| timers::compile(step, &mut problems))
        .collect();
    match ending {
        Some(_) if !logics.is_empty() || !timers.is_empty() || !counts.is_empty() => {
            problems.error(
                "a final node does nothing; move its logics and semaphors to a node before it",
            );
        }
        Some(_) => {}
        None => check_order(&logics, !timers.is_empty(), &mut problems),
    }
    let node = Node {
        id: document.id.as_str().into(),
        title: document.title.clone(),
        reachable: false,
        ending,
        logics,
        timers,
        counts,
    };
    (node, problems.found)
}

fn check_order(logics: &[Logic], has_timer: bool, problems: &mut NodeProblems<'_>) {
    let way_out = logics
        .iter()
        .position(|logic| matches!(logic, Logic::Go { .. }));
    match way_out {
        Some(at) if at + 1 < logics.len() => {
            problems.error("what stands after an unconditional `go` never runs; make it the last")
        }
        None if logics.iter().any(|logic| matches!(logic, Logic::Broken(_))) => {}
        None if !has_timer => {
            problems.error("a task cannot leave: end the logics with `go` or add a time semaphor")
        }
        _ => {}
    }
    let waits = |logic: &&Logic| {
        matches!(
            logic,
            Logic::Api { .. }
                | Logic::ApiCode { .. }
                | Logic::ApiCallback(_)
                | Logic::ApiRpc { .. }
                | Logic::ApiQueue { .. }
        )
    };
    let waiting: Vec<_> = logics.iter().filter(waits).collect();
    if waiting.len() > 1 {
        problems.error(
            "a node waits for one thing only; put each call and callback into a node of its own",
        );
    }
    if !has_timer
        && waiting
            .iter()
            .any(|logic| matches!(logic, Logic::ApiRpc { .. }))
    {
        problems.warning("a call without a time semaphor waits as long as the callee does");
    }
}

fn mark_reachable(compiled: &mut [CompiledNode], start: Option<NodeIndex>) {
    let mut open: Vec<NodeIndex> = start.into_iter().collect();
    while let Some(at) = open.pop() {
        let node = &mut compiled[at].0;
        if std::mem::replace(&mut node.reachable, true) {
            continue;
        }
        open.extend(node.timers.iter().map(|timer| timer.to));
        open.extend(node.counts.iter().map(|limit| limit.to));
        open.extend(node.logics.iter().filter_map(Logic::target));
    }
}
