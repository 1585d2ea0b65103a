//! What came, under which names, and what came along and is left out.

use super::entry;
use crate::files::container::{Contents, FoundOther, FoundProcess, OtherKind};
use crate::files::import::ImportedProcess;
use crate::files::naming::{Names, Origin};
use crate::files::report::{Entry, Kind, Report};

/// What came besides processes.
pub(in crate::files) fn came(report: &mut Report, contents: &Contents, names: &Names) {
    for other in &contents.others {
        let (what, advice) = told(other);
        report.add(about_file(Kind::Came, &other.file, what, advice));
    }
    for alias in &contents.aliases {
        let leads = alias.process.and_then(|number| names.by_number(number));
        if leads.is_none() {
            let what = format!(
                "the alias @{} leads to nothing in these files",
                alias.short_name
            );
            let advice = "if a process calls it, import the process it leads to as well";
            report.add(about_file(Kind::Doubtful, "_ALIASES_.json", what, advice));
        }
    }
}

fn told(other: &FoundOther) -> (String, &'static str) {
    let title = &other.title;
    match other.kind {
        OtherKind::Folder => (
            format!("folder \"{title}\": its processes are kept, the folder is not"),
            "",
        ),
        OtherKind::Dashboard => (
            format!("dashboard \"{title}\" is left out"),
            "see what the platform's statistics and exports offer in its place",
        ),
        OtherKind::Instance => (
            format!("access data of an outside system ({title}) are left out and were not opened"),
            "keep this file out of the project: it holds passwords",
        ),
        OtherKind::Surroundings => (
            format!("project, stage or version \"{title}\" is left out"),
            "",
        ),
        OtherKind::Unknown(obj_type) => (
            format!("\"{title}\" is left out: objects of obj_type {obj_type} are not known here"),
            "",
        ),
        OtherKind::Foreign => (
            format!("the file {title} is left out: it is no process file"),
            "",
        ),
    }
}

fn about_file(kind: Kind, file: &str, what: String, advice: &str) -> Entry {
    Entry {
        kind,
        file: file.to_owned(),
        process: None,
        nodes: Vec::new(),
        what,
        advice: advice.to_owned(),
    }
}

/// A process came; where its name is from.
pub(in crate::files) fn named(
    report: &mut Report,
    process: &ImportedProcess,
    found: &FoundProcess,
    origin: Origin,
) {
    let document = &process.document;
    let kind = match document.conv_type.as_str() {
        "state" => "state diagram",
        _ => "process",
    };
    let (title, nodes) = (&document.title, document.scheme.nodes.len());
    let what = format!("{kind} \"{title}\", {nodes} nodes");
    report.add(entry(Kind::Came, process, Vec::new(), what, ""));

    let alias = &process.alias;
    let mut changed =
        |what: String| report.add(entry(Kind::Changed, process, Vec::new(), what, ""));
    match origin {
        Origin::File | Origin::SameTitle => {}
        Origin::Title => changed(format!("its alias @{alias} was made of its title")),
        Origin::Number => changed(format!("it has no title: its alias is @{alias}")),
    }
    if let Some(id) = &found.put_aside {
        changed(format!("its id {id} is no number; it is kept as `uuid`"));
    }
    if origin == Origin::SameTitle {
        let what = format!("it takes the place of @{alias}, which has the same title");
        let advice = "if it is another one, change its title and import again";
        report.add(entry(Kind::Doubtful, process, Vec::new(), what, advice));
    }
}

/// The number belongs to another process here.
pub(in crate::files) fn number_given_up(
    report: &mut Report,
    process: &ImportedProcess,
    number: i64,
    owner: &str,
) {
    let what = format!("it has lost its number {number}, which is that of @{owner} here");
    let advice = "outside systems that call it by the number have to call it by its alias";
    report.add(entry(Kind::Changed, process, Vec::new(), what, advice));
}

/// Nodes have their readable ids again.
pub(in crate::files) fn nodes_restored(
    report: &mut Report,
    process: &ImportedProcess,
    count: usize,
) {
    let what = format!("{count} nodes have the ids again that they had here before the export");
    report.add(entry(Kind::Changed, process, Vec::new(), what, ""));
}
