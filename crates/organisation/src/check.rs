//! Cross-checks of an organisation's files: texts, processes and settings have to fit together.
//! Whether a process can run is the business of `vikno-process`.

mod texts;

pub use texts::{Said, check_text, said};

use crate::{
    ChangedSettings, Organisation, Problem, ProcessBundle, ProcessFiles, lost_calls, parse,
};
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
    let organisation = match parse::organisation(&file, &own.settings, &ChangedSettings::default())
    {
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
    let replies = organisation.replies(&own.replies);
    let bundle = ProcessBundle::build(&organisation, &shared.processes, &own.processes);
    let said = said(replies.as_ref().ok(), bundle.as_ref().ok());
    problems.extend(replies.err().unwrap_or_default());
    match bundle {
        Ok(bundle) => problems.extend(calls(&organisation, &bundle)),
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
