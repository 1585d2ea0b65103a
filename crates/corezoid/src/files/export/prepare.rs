//! Documents made ready for Corezoid: numbers for all, genuine node ids, calls by number or by alias, and
//! every field that its upload wants.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use vikno_process::{NodeDocument, ParamDocument, ProcessDocument};

use super::Exporting;
use crate::files::alias::Alias;
use crate::files::node_ids::{self, NodeIds};
use crate::files::references::{NewName, Target, rename};

/// How calls between the exported processes name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    Numbers,
    Aliases,
}

/// What is ready to be written.
pub(super) struct Prepared {
    /// By alias, each with a number.
    pub(super) processes: Vec<(String, ProcessDocument)>,
    /// Number and title of the folder.
    pub(super) folder: Option<(i64, String)>,
}

/// The picture of a node without a place.
const COLUMN_X: i64 = 600;
const ROW_Y: i64 = 160;

pub(super) fn prepare(exporting: &Exporting<'_>, naming: Naming) -> Prepared {
    let numbers = numbers(exporting.processes);
    let node_ids = new_node_ids(exporting.processes);
    let folder = (!exporting.folder.is_empty()).then(|| {
        let taken: BTreeSet<i64> = numbers.values().copied().collect();
        (free_number(&taken), exporting.folder.to_owned())
    });
    let processes = exporting.processes.iter().map(|(alias, document)| {
        let mut document = document.clone();
        rename_nodes(&mut document, alias, &node_ids, &numbers);
        rename_calls(&mut document, &numbers, naming);
        document.obj_id = numbers.get(alias).copied();
        if let Some((number, _)) = &folder {
            document
                .other
                .insert("parent_id".to_owned(), (*number).into());
        }
        complete(&mut document);
        (alias.clone(), document)
    });
    Prepared {
        processes: processes.collect(),
        folder,
    }
}

/// The number of each process: its own, or a new one.
fn numbers(processes: &BTreeMap<String, ProcessDocument>) -> BTreeMap<String, i64> {
    let mut taken = BTreeSet::new();
    let mut numbers = BTreeMap::new();
    for (alias, document) in processes {
        let own = document.obj_id.filter(|number| *number > 0);
        if let Some(number) = own.filter(|number| taken.insert(*number)) {
            numbers.insert(alias.clone(), number);
        }
    }
    for alias in processes.keys() {
        if !numbers.contains_key(alias) {
            let number = free_number(&taken);
            taken.insert(number);
            numbers.insert(alias.clone(), number);
        }
    }
    numbers
}

fn free_number(taken: &BTreeSet<i64>) -> i64 {
    let mut number = 1;
    while taken.contains(&number) {
        number += 1;
    }
    number
}

fn new_node_ids(processes: &BTreeMap<String, ProcessDocument>) -> BTreeMap<&str, NodeIds> {
    let of = |alias: &str, document: &ProcessDocument| {
        let ids = document.scheme.nodes.iter().map(|node| &node.id);
        ids.map(|id| (id.clone(), node_ids::genuine(alias, id)))
            .collect()
    };
    processes
        .iter()
        .map(|(alias, document)| (alias.as_str(), of(alias, document)))
        .collect()
}

fn rename_nodes(
    document: &mut ProcessDocument,
    alias: &str,
    node_ids: &BTreeMap<&str, NodeIds>,
    numbers: &BTreeMap<String, i64>,
) {
    node_ids::rename(document, &|name| {
        let name = name.unwrap_or(alias);
        let by_number = || {
            let number = name.parse::<i64>().ok()?;
            let (alias, _) = numbers.iter().find(|(_, own)| **own == number)?;
            node_ids.get(alias.as_str())
        };
        node_ids.get(name).or_else(by_number)
    });
}

fn rename_calls(document: &mut ProcessDocument, numbers: &BTreeMap<String, i64>, naming: Naming) {
    rename(document, &mut |reference| {
        let found = match &reference.target {
            Target::Number(number) => numbers.iter().find(|(_, own)| *own == number),
            Target::Alias(alias) => numbers.get_key_value(alias),
            Target::Computed(_) => None,
        };
        let (alias, number) = found?;
        match naming {
            Naming::Numbers => Some(NewName::Number(*number)),
            Naming::Aliases => Alias::parse(alias).ok().map(NewName::Alias),
        }
    });
}

/// Upload refuses a process that lacks fields which its editor always writes.
fn complete(document: &mut ProcessDocument) {
    if document.conv_type.is_empty() {
        document.conv_type = "process".to_owned();
    }
    if document.status.is_empty() {
        document.status = "active".to_owned();
    }
    document.params.iter_mut().for_each(complete_param);
    document
        .scheme
        .other
        .entry("web_settings")
        .or_insert_with(|| json!([[], []]));
    for (row, node) in document.scheme.nodes.iter_mut().enumerate() {
        complete_node(node, row);
    }
}

fn complete_param(param: &mut ParamDocument) {
    if param.value_type.is_empty() {
        param.value_type = "string".to_owned();
    }
    for field in ["descr", "regex_error_text"] {
        let text = param.other.entry(field).or_insert_with(|| "".into());
        if text.is_null() {
            *text = "".into();
        }
    }
}

fn complete_node(node: &mut NodeDocument, row: usize) {
    // The picture's settings are JSON text there, be they an object here.
    if node.extra.is_object() {
        node.extra = node.extra.to_string().into();
    }
    let row = i64::try_from(row).unwrap_or(i64::MAX / ROW_Y);
    let fields = &mut node.other;
    fields.entry("description").or_insert_with(|| "".into());
    fields.entry("options").or_insert(Value::Null);
    fields.entry("x").or_insert_with(|| COLUMN_X.into());
    fields.entry("y").or_insert_with(|| (row * ROW_Y).into());
}
