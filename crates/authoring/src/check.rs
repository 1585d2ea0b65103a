//! Everything that is wrong with a set of processes, gathered, with the node and what to do.

use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use vikno_domain::Language;
use vikno_organisation::{Callee, ProcessBundle, lost_calls, said_texts};
use vikno_process::{ProcessDocument, Severity, validate};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Gravity {
    /// Must not be published.
    Error,
    /// Runs, but not perhaps as its author meant.
    Warning,
}

/// One thing that is wrong, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// Alias of the process.
    pub process: String,
    /// The node; none when it is about the process as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// Whether it keeps the set from being published.
    pub severity: Gravity,
    /// What is wrong and what to do.
    pub message: String,
}

/// Whether anything keeps the set from being published.
pub fn has_errors(findings: &[Finding]) -> bool {
    findings
        .iter()
        .any(|finding| finding.severity == Gravity::Error)
}

/// Checks forms, graphs, calls and texts together. `has_text` tells whether a language has a text.
pub fn check(
    bundle: &ProcessBundle,
    languages: &[Language],
    has_text: impl Fn(&Language, &str) -> bool,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let documents = documents(bundle, &mut findings);
    let unreadable: BTreeSet<String> = bundle
        .processes()
        .keys()
        .filter(|alias| !documents.contains_key(*alias))
        .cloned()
        .collect();
    if unreadable.is_empty() {
        findings.extend(validate(&documents).into_iter().map(from_problem));
    } else {
        // What calls an unreadable process would be told as calling none; its own problem says enough.
        for (alias, document) in &documents {
            let (_, problems) = vikno_process::Process::check(alias, document);
            findings.extend(problems.into_iter().map(from_problem));
        }
    }
    let steps = lost_calls(bundle)
        .into_iter()
        .filter(|call| call.callee == Callee::Step);
    findings.extend(steps.map(|call| error(call.process, Some(call.node), call.message)));
    for said in said_texts(bundle) {
        for language in languages.iter().filter(|one| !has_text(one, &said.id)) {
            let message = format!(
                "says the text `{}`, which there is not in `{language}`; write it in texts/{language}.ftl or say another",
                said.id
            );
            findings.push(error(
                said.process.clone(),
                Some(said.node.clone()),
                message,
            ));
        }
    }
    findings.sort_by(|a, b| (a.severity, a).cmp(&(b.severity, b)));
    findings.dedup();
    findings
}

fn documents(
    bundle: &ProcessBundle,
    findings: &mut Vec<Finding>,
) -> BTreeMap<String, ProcessDocument> {
    let mut documents = BTreeMap::new();
    for (alias, process) in bundle.processes() {
        match serde_json::from_value::<ProcessDocument>(process.clone()) {
            Ok(document) if document.is_process() => {
                documents.insert(alias.clone(), document);
            }
            Ok(document) => {
                let message = format!("obj_type {} is no process; write 1", document.obj_type);
                findings.push(error(alias.clone(), None, message));
            }
            Err(cause) => {
                let message = format!("does not have the form of a process: {cause}");
                findings.push(error(alias.clone(), None, message));
            }
        }
    }
    documents
}

fn error(process: String, node: Option<String>, message: String) -> Finding {
    Finding {
        process,
        node,
        severity: Gravity::Error,
        message,
    }
}

fn from_problem(problem: vikno_process::Problem) -> Finding {
    Finding {
        process: problem.process,
        node: problem.node,
        severity: match problem.severity {
            Severity::Error => Gravity::Error,
            Severity::Warning => Gravity::Warning,
        },
        message: problem.message,
    }
}
