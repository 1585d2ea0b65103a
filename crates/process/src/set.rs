//! The processes of an organisation, by the names they call each other by.

use std::collections::BTreeMap;

use crate::document::ProcessDocument;
use crate::logic::Logic;
use crate::name::Name;
use crate::problem::{Problem, Severity};
use crate::process::Process;

/// Checked processes that may call each other.
#[derive(Debug, Clone, Default)]
pub struct ProcessSet {
    /// In the order of their aliases.
    processes: Vec<Process>,
    by_alias: BTreeMap<Name, usize>,
    by_number: BTreeMap<i64, String>,
    warnings: Vec<Problem>,
    adds_sums: bool,
}

/// Everything that keeps a set from running.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Problems(pub Vec<Problem>);

impl ProcessSet {
    /// Whether any node adds to a sum: only then there are sums to know of.
    pub fn adds_sums(&self) -> bool {
        self.adds_sums
    }

    /// Checks all documents together. All problems are collected; warnings alone do not stop it.
    pub fn build(documents: &BTreeMap<String, ProcessDocument>) -> Result<Self, Problems> {
        let (set, problems) = Self::check(documents);
        if problems
            .iter()
            .any(|problem| problem.severity == Severity::Error)
        {
            return Err(Problems(problems));
        }
        let adds_sums = {
            let nodes = set.iter().flat_map(|process| &process.nodes);
            let mut logics = nodes.flat_map(|node| &node.logics);
            logics.any(|logic| matches!(logic, Logic::ApiSum { .. }))
        };
        Ok(Self {
            warnings: problems,
            adds_sums,
            ..set
        })
    }

    fn check(documents: &BTreeMap<String, ProcessDocument>) -> (Self, Vec<Problem>) {
        let mut set = Self::default();
        let mut problems = Vec::new();
        for (alias, document) in documents {
            let (process, found) = Process::check(alias, document);
            problems.extend(found);
            if let Some(number) = document.obj_id.filter(|number| *number != 0)
                && let Some(other) = set.by_number.insert(number, alias.clone())
            {
                let message =
                    format!("obj_id {number} is also that of {other}; give one of them another");
                problems.push(problem(Severity::Error, alias, None, message));
            }
            if let Some(process) = process {
                set.by_alias
                    .insert(process.alias.clone(), set.processes.len());
                set.processes.push(process);
            }
        }
        for process in &set.processes {
            let alias = process.alias();
            for node in &process.nodes {
                for name in node.callees().filter(|name| !set.is_known(name, documents)) {
                    let severity = if node.reachable {
                        Severity::Error
                    } else {
                        Severity::Warning
                    };
                    let message = format!(
                        "calls `{name}`, which is no process of this organisation; add it or mend the name"
                    );
                    problems.push(problem(severity, alias, Some(&node.id), message));
                }
            }
        }
        (set, problems)
    }

    /// What is doubtful but runs.
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// The process of that alias.
    pub fn get(&self, alias: &str) -> Option<&Process> {
        self.at(self.place_of(alias)?)
    }

    /// All processes in the order of their aliases.
    pub fn iter(&self) -> impl Iterator<Item = &Process> {
        self.processes.iter()
    }

    /// Whether there is such a process, be it a broken one: its own problems are told already.
    fn is_known(&self, name: &str, documents: &BTreeMap<String, ProcessDocument>) -> bool {
        let name = bare(name);
        documents.contains_key(name)
            || name
                .parse()
                .is_ok_and(|number| self.by_number.contains_key(&number))
    }

    /// By what a logic says: `@alias`, an alias, or a number.
    pub(crate) fn find(&self, name: &str) -> Option<&Process> {
        self.at(self.find_place(name)?)
    }

    pub(crate) fn find_place(&self, name: &str) -> Option<usize> {
        let name = bare(name);
        self.place_of(name)
            .or_else(|| self.place_of(self.by_number.get(&name.parse().ok()?)?))
    }

    pub(crate) fn place_of(&self, alias: &str) -> Option<usize> {
        self.by_alias.get(alias).copied()
    }

    pub(crate) fn at(&self, place: usize) -> Option<&Process> {
        self.processes.get(place)
    }
}

/// Every problem of a set of documents, warnings among them.
pub fn validate(documents: &BTreeMap<String, ProcessDocument>) -> Vec<Problem> {
    ProcessSet::check(documents).1
}

fn bare(name: &str) -> &str {
    let name = name.trim();
    name.strip_prefix('@').unwrap_or(name)
}

fn problem(severity: Severity, alias: &str, node: Option<&str>, message: String) -> Problem {
    Problem {
        severity,
        process: alias.to_owned(),
        node: node.map(str::to_owned),
        message,
    }
}
