//! Calls between processes: numbers become aliases; calls that lead nowhere are told.

use super::entry;
use crate::files::import::{ImportedProcess, Known};
use crate::files::naming::Names;
use crate::files::references::{NewName, Reference, Target, rename};
use crate::files::report::{Entry, Kind, NodeName, Report};

const MISSING: &str = "import that process too, or name another one in the node";

/// Renames what a process calls and tells what was renamed and what is missing.
pub(in crate::files) fn rename_calls(
    report: &mut Report,
    process: &mut ImportedProcess,
    names: &Names,
    known: &Known,
) {
    let mut document = process.document.clone();
    let mut entries: Vec<Entry> = Vec::new();
    rename(&mut document, &mut |reference| {
        let (new, told) = judge(reference, names, known);
        if let Some((kind, what, advice)) = told {
            let node: NodeName = reference.node.clone();
            entries.push(entry(kind, process, vec![node], what, advice));
        }
        new
    });
    process.document = document;
    entries.into_iter().for_each(|entry| report.add(entry));
}

type Told = Option<(Kind, String, &'static str)>;

fn judge(reference: &Reference<'_>, names: &Names, known: &Known) -> (Option<NewName>, Told) {
    match &reference.target {
        Target::Number(number) => match (names.by_number(*number), known.with_number(*number)) {
            (Some(alias), _) => {
                let what = format!("calls to process {number} name it by its alias now: @{alias}");
                (
                    Some(NewName::Alias(alias.clone())),
                    Some((Kind::Changed, what, "")),
                )
            }
            (None, Some(alias)) => {
                let what = format!("calls process {number}, which is @{alias} here");
                let advice = "numbers differ between installations: see whether that one is meant";
                (None, Some((Kind::Doubtful, what, advice)))
            }
            (None, None) => {
                let title = match reference.title {
                    "" => String::new(),
                    title => format!(" (\"{title}\" when it was exported)"),
                };
                let what = format!("calls process {number}{title}, which is not in these files");
                (None, Some((Kind::CannotRun, what, MISSING)))
            }
        },
        Target::Alias(name) => match names.by_name(name) {
            Some(alias) if alias.as_str() == name => (None, None),
            Some(alias) => {
                let what = format!("calls to @{name} name it @{alias} now");
                (
                    Some(NewName::Alias(alias.clone())),
                    Some((Kind::Changed, what, "")),
                )
            }
            None if known.has_name(name) => (None, None),
            None => {
                let what = format!("calls @{name}, which is neither in these files nor here");
                (None, Some((Kind::CannotRun, what, MISSING)))
            }
        },
        Target::Computed(text) => {
            let what = format!("which process is called is worked out when the task runs: {text}");
            let advice =
                "see that the values are aliases of processes here, or numbers of imported ones";
            (None, Some((Kind::Doubtful, what, advice)))
        }
    }
}
