//! Processes in the form in which Corezoid takes them: an array, a single object, or a zip with aliases and
//! variables.

mod archive;
mod notes;
mod prepare;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use vikno_process::ProcessDocument;

use prepare::{Naming, Prepared, prepare};

/// What goes out.
#[derive(Debug, Clone, Copy)]
pub struct Exporting<'a> {
    /// The processes by alias.
    pub processes: &'a BTreeMap<String, ProcessDocument>,
    /// The title of the folder they lie in; empty for none.
    pub folder: &'a str,
}

/// A file that Corezoid reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// What to write.
    pub bytes: Vec<u8>,
    /// What has to be seen to on the other side.
    pub notes: Vec<String>,
}

/// Why nothing can be exported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// No process.
    #[error("there is no process to export")]
    Nothing,
    /// A single object was wanted.
    #[error("a single object is one process, and these are {0}; export a list or a zip")]
    NotOne(usize),
    /// The archive cannot be made.
    #[error("the archive cannot be made: {0}")]
    Archive(String),
}

/// An array of processes, the folder last. Aliases do not travel in it: calls name processes by number.
pub fn to_array(exporting: &Exporting<'_>) -> Result<Exported, ExportError> {
    let prepared = ready(exporting, Naming::Numbers)?;
    let folder = prepared
        .folder
        .as_ref()
        .map(|(number, title)| folder(*number, title));
    let processes = prepared
        .processes
        .iter()
        .map(|(_, document)| json!(document));
    let objects: Vec<Value> = processes.chain(folder).collect();
    Ok(Exported {
        bytes: text(&Value::Array(objects)),
        notes: notes::told(exporting, Naming::Numbers),
    })
}

/// The only process, as a single object.
pub fn to_object(exporting: &Exporting<'_>) -> Result<Exported, ExportError> {
    let alone = Exporting {
        folder: "",
        ..*exporting
    };
    match ready(&alone, Naming::Numbers)?.processes.as_slice() {
        [(_, document)] => Ok(Exported {
            bytes: text(&json!(document)),
            notes: notes::told(&alone, Naming::Numbers),
        }),
        many => Err(ExportError::NotOne(many.len())),
    }
}

/// A zip: one file for each process, the folder, the aliases, the names of the variables.
pub fn to_archive(exporting: &Exporting<'_>) -> Result<Exported, ExportError> {
    let prepared = ready(exporting, Naming::Aliases)?;
    let variables = notes::variables(exporting);
    let bytes = archive::pack(&prepared, &variables);
    Ok(Exported {
        bytes: bytes.map_err(|error| ExportError::Archive(error.to_string()))?,
        notes: notes::told(exporting, Naming::Aliases),
    })
}

fn ready(exporting: &Exporting<'_>, naming: Naming) -> Result<Prepared, ExportError> {
    match exporting.processes.is_empty() {
        true => Err(ExportError::Nothing),
        false => Ok(prepare(exporting, naming)),
    }
}

fn folder(number: i64, title: &str) -> Value {
    json!({"obj_type": 0, "obj_id": number, "parent_id": 0, "title": title, "description": null})
}

fn text(value: &Value) -> Vec<u8> {
    let mut text = format!("{value:#}");
    text.push('\n');
    text.into_bytes()
}
