//! Packs a zip. The same processes give the same bytes: no entry has a time.

use std::collections::BTreeSet;
use std::io::{Cursor, Write};

use serde_json::{Map, Value, json};
use zip::result::ZipResult;
use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, DateTime};

use super::prepare::Prepared;
use super::{folder, text};

/// Characters of a title in a file's name.
const NAME_CHARS_MAX: usize = 60;

pub(super) fn pack(prepared: &Prepared, variables: &BTreeSet<String>) -> ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, content: &Value| -> ZipResult<()> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        zip.start_file(name, options)?;
        zip.write_all(&text(content))?;
        Ok(())
    };
    for (_, document) in &prepared.processes {
        let number = document.obj_id.unwrap_or_default();
        let title = in_a_name(&document.title);
        add(&format!("{number}_{title}.conv.json"), &json!(document))?;
    }
    if let Some((number, title)) = &prepared.folder {
        let name = format!("{number}_{}.folder.json", in_a_name(title));
        add(&name, &folder(*number, title))?;
    }
    add("_ALIASES_.json", &aliases(prepared))?;
    if !variables.is_empty() {
        let described = variables
            .iter()
            .map(|name| (name.clone(), json!({"description": ""})));
        add(
            "_ENV_VARS_.json",
            &Value::Object(described.collect::<Map<_, _>>()),
        )?;
    }
    Ok(zip.finish()?.into_inner())
}

fn aliases(prepared: &Prepared) -> Value {
    let parent = prepared.folder.as_ref().map_or(0, |(number, _)| *number);
    let entries = prepared.processes.iter().enumerate();
    let entries = entries.map(|(at, (alias, document))| {
        json!({
            "obj_type": 9, "obj_id": at + 1, "parent_id": parent, "title": alias, "short_name": alias,
            "description": "", "obj_to_type": "conv", "obj_to_id": document.obj_id,
            "obj_to_title": document.title,
        })
    });
    entries.collect()
}

fn in_a_name(title: &str) -> String {
    let char_of = |char: char| {
        if char.is_alphanumeric() || char == '-' {
            char
        } else {
            '_'
        }
    };
    title.chars().take(NAME_CHARS_MAX).map(char_of).collect()
}
