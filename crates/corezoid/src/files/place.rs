//! Where imported processes go: into an organisation's folder, or into any folder. It says what to write;
//! somebody else writes it, all or nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use toml_edit::{Array, DocumentMut, Item, Value};

use super::import::Import;

/// What happens to files that are there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// Nothing is imported.
    Refuse,
    /// They are replaced.
    Replace,
}

/// The files of an organisation that an import touches.
#[derive(Debug, Clone, Copy)]
pub struct OrganisationFolder<'a> {
    /// `organisation.toml`.
    pub settings: &'a str,
    /// Its own `processes/*.json` by file name.
    pub own: &'a BTreeMap<String, String>,
    /// The shared ones, which its own take the place of.
    pub shared: &'a BTreeMap<String, String>,
}

/// One thing to do, by the path in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Write a file.
    Write {
        /// The path, with `/`.
        path: String,
        /// What is in it.
        text: String,
    },
    /// Remove one: changes of single nodes that are in the imported process already.
    Remove {
        /// The path, with `/`.
        path: String,
    },
}

/// Why nothing is written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Occupied {
    /// These would be replaced.
    #[error("nothing is written, since these are there already (--force replaces them): {}", .0.join(", "))]
    Taken(Vec<String>),
    /// The settings cannot be changed.
    #[error("organisation.toml: {0}")]
    Settings(String),
}

/// Into an organisation: each process as `processes/<alias>.json`, listed in the settings, variables with
/// values beside those that are there.
pub fn into_organisation(
    import: &Import,
    folder: &OrganisationFolder<'_>,
    overwrite: Overwrite,
) -> Result<Vec<Change>, Occupied> {
    let mut settings: DocumentMut = folder
        .settings
        .parse()
        .map_err(|error| Occupied::Settings(format!("is not valid TOML: {error}")))?;
    let listed = listed(&settings)?;
    let mut taken = Vec::new();
    let mut changes = Vec::new();
    for process in &import.processes {
        let alias = process.alias.as_str();
        let (file, nodes) = (format!("{alias}.json"), format!("{alias}.nodes.json"));
        let shared = folder.shared.contains_key(&file) && listed.contains(alias);
        if folder.own.contains_key(&file) || folder.own.contains_key(&nodes) {
            taken.push(format!("processes/{file}"));
        } else if shared {
            taken.push(format!("the shared process {alias}"));
        }
        changes.push(write(&format!("processes/{file}"), &process.document));
        if folder.own.contains_key(&nodes) {
            let path = format!("processes/{nodes}");
            changes.push(Change::Remove { path });
        }
    }
    if overwrite == Overwrite::Refuse && !taken.is_empty() {
        return Err(Occupied::Taken(taken));
    }
    list(&mut settings, import, &listed)?;
    add_variables(&mut settings, import)?;
    let text = settings.to_string();
    if text != folder.settings {
        let path = "organisation.toml".to_owned();
        changes.push(Change::Write { path, text });
    }
    Ok(changes)
}

/// Into a folder: each process as `<alias>.json`. `present` are the names of the files there.
pub fn into_folder(
    import: &Import,
    present: &BTreeSet<String>,
    overwrite: Overwrite,
) -> Result<Vec<Change>, Occupied> {
    let name = |alias: &str| format!("{alias}.json");
    let names = import
        .processes
        .iter()
        .map(|process| name(process.alias.as_str()));
    let taken: Vec<String> = names.filter(|name| present.contains(name)).collect();
    if overwrite == Overwrite::Refuse && !taken.is_empty() {
        return Err(Occupied::Taken(taken));
    }
    let processes = import.processes.iter();
    Ok(processes
        .map(|process| write(&name(process.alias.as_str()), &process.document))
        .collect())
}

fn write(path: &str, document: &vikno_process::ProcessDocument) -> Change {
    Change::Write {
        path: path.to_owned(),
        text: format!("{:#}\n", json!(document)),
    }
}

fn listed(settings: &DocumentMut) -> Result<BTreeSet<String>, Occupied> {
    let list = settings.get("processes").and_then(Item::as_array);
    let list = list.ok_or_else(|| Occupied::Settings("has no list `processes`".to_owned()))?;
    Ok(list
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect())
}

/// New names go to the end of the list, in its own form: one a line, or all in one.
fn list(
    settings: &mut DocumentMut,
    import: &Import,
    listed: &BTreeSet<String>,
) -> Result<(), Occupied> {
    let list = settings.get_mut("processes").and_then(Item::as_array_mut);
    let list = list.ok_or_else(|| Occupied::Settings("has no list `processes`".to_owned()))?;
    let new = import
        .processes
        .iter()
        .map(|process| process.alias.as_str());
    for alias in new.filter(|alias| !listed.contains(*alias)) {
        append(list, alias);
    }
    Ok(())
}

fn append(list: &mut Array, alias: &str) {
    let prefix = list.iter().last().and_then(|last| {
        let prefix = last.decor().prefix()?.as_str()?;
        // Comments before the last name are about that one.
        let indent = prefix.rsplit('\n').next().unwrap_or_default();
        Some(if prefix.contains('\n') {
            format!("\n{indent}")
        } else {
            prefix.to_owned()
        })
    });
    // What stands after the last name stays there; the line goes on after its comma.
    let mut value = Value::from(alias);
    match prefix {
        Some(prefix) if prefix.contains('\n') => {
            value.decor_mut().set_prefix(prefix);
            list.push_formatted(value);
        }
        _ => list.push(alias),
    }
}

/// Variables that came with a value and have none yet.
fn add_variables(settings: &mut DocumentMut, import: &Import) -> Result<(), Occupied> {
    let came = import.variables.iter().filter_map(|variable| {
        let value = toml_value(variable.value.as_ref()?)?;
        Some((&variable.name, value))
    });
    let came: Vec<_> = came.collect();
    if came.is_empty() {
        return Ok(());
    }
    let table = settings
        .entry("variables")
        .or_insert_with(toml_edit::table)
        .as_table_mut()
        .ok_or_else(|| Occupied::Settings("`variables` is no table".to_owned()))?;
    for (name, value) in came {
        if !table.contains_key(name) {
            table.insert(name, toml_edit::value(value));
        }
    }
    Ok(())
}

/// A plain value as it is; a structure as JSON text, which is what placeholders make of it.
fn toml_value(value: &serde_json::Value) -> Option<Value> {
    Some(match value {
        serde_json::Value::Null => return None,
        serde_json::Value::Bool(truth) => Value::from(*truth),
        serde_json::Value::String(text) => Value::from(text.as_str()),
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Value::from(whole),
            (None, Some(fraction)) => Value::from(fraction),
            (None, None) => return None,
        },
        structure => Value::from(structure.to_string()),
    })
}
