//! Cross-checks of an organisation's files: texts, processes and settings have to fit together.
//! Whether a process can run is the business of `vikno-process`.

mod texts;

use crate::{Organisation, Problem, ProcessBundle, ProcessFiles, lost_calls, parse, said_texts};
use std::collections::BTreeMap;

/// What all organisations share: the folder `_templates`.
#[derive(Debug, Clone, Default)]
pub struct SharedFiles {
    /// `texts/<language>.ftl` by language.
    pub texts: BTreeMap<String, String>,
    /// `processes/*.json` by file name.
    pub processes: ProcessFiles,
}

/// The files of one organisation's folder.
#[derive(Debug, Clone, Default)]
pub struct OrganisationFiles {
    /// The folder's name.
    pub folder: String,
    /// `organisation.toml`.
    pub settings: String,
    /// `replies.toml`.
    pub replies: String,
    /// `texts/<language>.ftl` by language.
    pub texts: BTreeMap<String, String>,
    /// `processes/*.json` by file name.
    pub processes: ProcessFiles,
}

/// Everything that is wrong with an organisation, by file; empty when it may go live (given that its
/// processes validate).
pub fn check(shared: &SharedFiles, own: &OrganisationFiles) -> Vec<Problem> {
    let file = format!("{}/organisation.toml", own.folder);
    let organisation = match parse::organisation(&file, &own.settings) {
        Ok(organisation) => organisation,
        Err(problems) => return problems,
    };
    let mut problems = Vec::new();
    if organisation.id.as_str() != own.folder {
        let message = format!(
            "the folder is called '{}'; folder and id have to be the same",
            own.folder
        );
        problems.push(Problem::new(&file, "id", message));
    }
    let mut said = texts::said_by_steps();
    match organisation.replies(&own.replies) {
        Ok(replies) => said.extend(texts::said_by_replies(&replies)),
        Err(broken) => problems.extend(broken),
    }
    match ProcessBundle::build(&organisation, &shared.processes, &own.processes) {
        Ok(bundle) => {
            problems.extend(calls(&organisation, &bundle));
            for text in said_texts(&bundle) {
                said.entry(text.id).or_default().extend(text.arguments);
            }
        }
        Err(broken) => problems.extend(broken),
    }
    problems.extend(texts::check(&organisation, shared, own, &said));
    problems.sort();
    problems.dedup();
    problems
}

fn calls(organisation: &Organisation, bundle: &ProcessBundle) -> Vec<Problem> {
    let lost = lost_calls(bundle).into_iter();
    lost.map(|call| {
        let file = format!("{}/processes/{}.json", organisation.id, call.process);
        Problem::new(&file, call.node, call.message)
    })
    .collect()
}
