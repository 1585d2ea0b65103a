//! Files, archives and short forms for tests.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use serde_json::{Value, json};
use vikno_corezoid::files::{Import, ImportRefused, Known, Source, import};
use vikno_process::ProcessDocument;
use zip::write::{SimpleFileOptions, ZipWriter};

pub fn own_file(name: &str) -> Vec<u8> {
    read(
        &Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/files")
            .join(name),
    )
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every real file by name, the one that is broken at its source too.
pub fn real_files() -> BTreeMap<String, Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../process/tests/corezoid");
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let files: BTreeMap<String, Vec<u8>> = entries
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                read(&path),
            )
        })
        .collect();
    assert!(files.len() > 10);
    files
}

pub fn whole_files() -> BTreeMap<String, Vec<u8>> {
    let mut files = real_files();
    files.retain(|name, _| !name.starts_with("invalid"));
    files
}

pub fn take(name: &str, bytes: &[u8]) -> Result<Import, ImportRefused> {
    import(&[Source { name, bytes }], &Known::default())
}

pub fn taken(name: &str, bytes: &[u8]) -> Import {
    take(name, bytes).unwrap_or_else(|refused| panic!("{name}: {refused}"))
}

pub fn documents(import: &Import) -> BTreeMap<String, ProcessDocument> {
    let processes = import.processes.iter();
    processes
        .map(|process| (process.alias.to_string(), process.document.clone()))
        .collect()
}

pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A process of `{id: [steps]}`: `start` is the start, what begins with `end` is final.
pub fn process(obj_id: Value, title: &str, nodes: &Value) -> Value {
    let nodes = nodes.as_object().unwrap().iter().map(|(id, steps)| {
        let obj_type = match id.as_str() {
            "start" => 1,
            id if id.starts_with("end") => 2,
            _ => 0,
        };
        let is_semaphor = |step: &&Value| matches!(step["type"].as_str(), Some("time" | "count"));
        let steps = steps.as_array().unwrap();
        let semaphors: Vec<&Value> = steps.iter().filter(is_semaphor).collect();
        let logics: Vec<&Value> = steps.iter().filter(|step| !is_semaphor(step)).collect();
        json!({"id": id, "obj_type": obj_type, "title": title_of(id), "extra": "{\"icon\":\"\"}",
               "condition": {"logics": logics, "semaphors": semaphors}})
    });
    json!({"obj_type": 1, "obj_id": obj_id, "title": title, "status": "active",
           "conv_type": "process", "scheme": {"nodes": nodes.collect::<Vec<_>>()}})
}

fn title_of(id: &str) -> String {
    id.replace('-', " ")
}

pub fn go(to: &str) -> Value {
    json!({"type": "go", "to_node_id": to})
}

/// The least process.
pub fn small(obj_id: i64, title: &str) -> Value {
    process(
        obj_id.into(),
        title,
        &json!({"start": [go("end")], "end": []}),
    )
}
