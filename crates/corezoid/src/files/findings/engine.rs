//! What the interpreter itself says about a process: it has the last word on what runs.

use vikno_process::{Process, Severity};

use super::unsupported::Told;
use super::{Look, doubts};
use crate::files::report::Kind;

pub(super) fn tell(look: &mut Look<'_>, told: &Told) {
    let (_, problems) = Process::check(look.process.alias.as_str(), &look.process.document);
    let nodes = &look.process.document.scheme.nodes;
    for problem in problems {
        let node = problem
            .node
            .as_ref()
            .and_then(|id| nodes.iter().find(|node| node.id == *id));
        // What no task comes to is told as one thing, by what the file says and not by what can run.
        let is_lost = |id: &String| !look.reachable.is_empty() && !look.reachable.contains(id);
        if node.is_some_and(|node| is_lost(&node.id)) || problem.message.contains("no path leads") {
            continue;
        }
        let is_told = |(id, kind): &(String, String)| {
            node.is_some_and(|node| node.id == *id) && problem.message.contains(kind.as_str())
        };
        let is_timer =
            problem.message.starts_with("time: ") && node.is_some_and(doubts::has_doubtful_timer);
        if told.iter().any(is_told) || is_timer && problem.severity == Severity::Warning {
            continue;
        }
        let (kind, advice) = match problem.severity {
            Severity::Warning => (Kind::Doubtful, ""),
            Severity::Error if problem.message.contains("not supported yet") => (
                Kind::CannotRun,
                "change the node, or leave the process out of the list until it is supported",
            ),
            Severity::Error => (Kind::CannotRun, ""),
        };
        look.tell(kind, node, problem.message.clone(), advice);
    }
}
