//! An import as a whole: all files or none, each process under its alias, calls between them renamed, and a
//! report. It writes nothing.

use std::collections::{BTreeMap, BTreeSet};

use vikno_process::ProcessDocument;

use super::alias::Alias;
use super::container::{self, BrokenFile, Contents, Source, Variable};
use super::findings;
use super::naming::Names;
use super::node_ids::{self, NodeIds};
use super::report::Report;

/// What is here already: an import may call it, and may replace it.
#[derive(Debug, Clone, Default)]
pub struct Known {
    processes: BTreeMap<String, KnownProcess>,
    variables: BTreeSet<String>,
}

#[derive(Debug, Clone)]
struct KnownProcess {
    title: String,
    number: Option<i64>,
    /// Its readable node ids, by the ids under which they are exported.
    node_ids: NodeIds,
}

/// A process that is ready to be kept.
#[derive(Debug, Clone)]
pub struct ImportedProcess {
    /// Its name here.
    pub alias: Alias,
    /// The file it was in.
    pub file: String,
    /// The process.
    pub document: ProcessDocument,
}

/// What an import brings.
#[derive(Debug, Clone)]
pub struct Import {
    /// The processes, in their order in the files.
    pub processes: Vec<ImportedProcess>,
    /// The environment variables that came along.
    pub variables: Vec<Variable>,
    /// What to know about it.
    pub report: Report,
}

/// Nothing is imported, and why: every broken file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .broken.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct ImportRefused {
    /// The files, with place and reason.
    pub broken: Vec<BrokenFile>,
}

impl Known {
    /// The processes here by alias, and the names of the variables that have a value here.
    pub fn of(
        documents: &BTreeMap<String, ProcessDocument>,
        variables: impl IntoIterator<Item = String>,
    ) -> Self {
        let processes = documents.iter().map(|(alias, document)| {
            let nodes = document.scheme.nodes.iter();
            let readable = nodes.filter(|node| !node_ids::is_genuine(&node.id));
            let process = KnownProcess {
                title: document.title.trim().to_owned(),
                number: document.obj_id.filter(|number| *number != 0),
                node_ids: readable
                    .map(|node| (node_ids::genuine(alias, &node.id), node.id.clone()))
                    .collect(),
            };
            (alias.clone(), process)
        });
        Self {
            processes: processes.collect(),
            variables: variables.into_iter().collect(),
        }
    }

    pub(super) fn has(&self, alias: &Alias) -> bool {
        self.processes.contains_key(alias.as_str())
    }

    pub(super) fn has_name(&self, name: &str) -> bool {
        self.processes.contains_key(name)
    }

    pub(super) fn has_variable(&self, name: &str) -> bool {
        self.variables.contains(name)
    }

    /// The process of that title, if there is exactly one.
    pub(super) fn with_title(&self, title: &str) -> Option<Alias> {
        let title = title.trim();
        let mut found = self
            .processes
            .iter()
            .filter(|(_, process)| !title.is_empty() && process.title == title);
        match (found.next(), found.next()) {
            (Some((alias, _)), None) => Alias::parse(alias).ok(),
            _ => None,
        }
    }

    /// Whose number it is here.
    pub(super) fn with_number(&self, number: i64) -> Option<&str> {
        let mut all = self.processes.iter();
        let found = all.find(|(_, process)| process.number == Some(number));
        found.map(|(alias, _)| alias.as_str())
    }

    fn node_ids(&self, alias: &str) -> Option<&NodeIds> {
        self.processes.get(alias).map(|process| &process.node_ids)
    }
}

/// Reads files and makes their processes fit in beside what is known. All or nothing.
pub fn import(sources: &[Source<'_>], known: &Known) -> Result<Import, ImportRefused> {
    let mut contents = container::read(sources);
    refuse_doubles(&mut contents);
    if contents.broken.is_empty() && contents.processes.is_empty() {
        contents
            .broken
            .extend(sources.iter().map(|source| BrokenFile {
                file: source.name.to_owned(),
                place: None,
                reason: "holds no process".to_owned(),
            }));
    }
    if !contents.broken.is_empty() {
        contents.broken.sort();
        return Err(ImportRefused {
            broken: contents.broken,
        });
    }
    let names = Names::assign(&contents.processes, &contents.aliases, known);
    let mut report = Report::default();
    findings::came(&mut report, &contents, &names);
    let processes = fit_in(&contents, &names, known, &mut report);
    findings::look_at(&mut report, &processes, &contents, known);
    Ok(Import {
        processes,
        variables: contents.variables,
        report,
    })
}

/// The same process twice is one; two that differ under one number cannot be told apart by their callers.
fn refuse_doubles(contents: &mut Contents) {
    let mut seen: BTreeMap<i64, usize> = BTreeMap::new();
    let mut kept: Vec<container::FoundProcess> = Vec::new();
    for process in std::mem::take(&mut contents.processes) {
        let number = process.document.obj_id.filter(|number| *number != 0);
        match number.and_then(|number| seen.get(&number)) {
            Some(at) if kept[*at].document == process.document => continue,
            Some(at) => contents.broken.push(BrokenFile {
                file: process.file.clone(),
                place: None,
                reason: format!(
                    "process {} \"{}\" is in {} too, and differs; take one of them out",
                    number.unwrap_or_default(),
                    process.document.title,
                    kept[*at].file
                ),
            }),
            None => {
                number.map(|number| seen.insert(number, kept.len()));
                kept.push(process);
            }
        }
    }
    contents.processes = kept;
}

fn fit_in(
    contents: &Contents,
    names: &Names,
    known: &Known,
    report: &mut Report,
) -> Vec<ImportedProcess> {
    let mut processes = Vec::new();
    for (found, (alias, origin)) in contents.processes.iter().zip(&names.aliases) {
        let mut process = ImportedProcess {
            alias: alias.clone(),
            file: found.file.clone(),
            document: found.document.clone(),
        };
        findings::named(report, &process, found, *origin);
        findings::rename_calls(report, &mut process, names, known);
        give_up_number(report, &mut process, known);
        restore_node_ids(report, &mut process, known);
        processes.push(process);
    }
    processes
}

/// Numbers are unique in an organisation.
fn give_up_number(report: &mut Report, process: &mut ImportedProcess, known: &Known) {
    let number = process.document.obj_id.filter(|number| *number != 0);
    let Some(number) = number else {
        return;
    };
    if let Some(owner) = known.with_number(number)
        && owner != process.alias.as_str()
    {
        process.document.obj_id = None;
        findings::number_given_up(report, process, number, owner);
    }
}

fn restore_node_ids(report: &mut Report, process: &mut ImportedProcess, known: &Known) {
    let alias = process.alias.as_str();
    let own = known.node_ids(alias);
    let nodes = process.document.scheme.nodes.iter();
    let restored = nodes
        .filter(|node| own.is_some_and(|ids| ids.contains_key(&node.id)))
        .count();
    let ids = |name: Option<&str>| known.node_ids(name.unwrap_or(alias));
    let mut document = process.document.clone();
    node_ids::rename(&mut document, &ids);
    process.document = document;
    if restored > 0 {
        findings::nodes_restored(report, process, restored);
    }
}
