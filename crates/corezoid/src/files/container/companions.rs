//! The files beside processes in an archive: aliases and environment variables.

use serde_json::{Map, Value};

use super::Fault;
use super::json::value;

/// A name for an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::files) struct AliasEntry {
    pub(in crate::files) short_name: String,
    /// The number of the process; nothing when the alias leads to another kind of object.
    pub(in crate::files) process: Option<i64>,
}

/// An environment variable that came along. Secret ones come without a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// As processes name it: `{{env_var[@NAME]}}`.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What the file says it is, if it does.
    pub value: Option<Value>,
}

/// `_ALIASES_.json`: a list of entries.
pub(super) fn aliases(bytes: &[u8]) -> Result<Vec<AliasEntry>, Fault> {
    let Value::Array(entries) = value(bytes)? else {
        return Err(Fault::new("is no list of aliases"));
    };
    let read = |entry: &Value| match entry.as_object() {
        Some(fields) => AliasEntry::read(fields),
        None => Err(Fault::new("an alias is no object")),
    };
    entries.iter().map(read).collect()
}

impl AliasEntry {
    pub(super) fn read(fields: &Map<String, Value>) -> Result<Self, Fault> {
        let name = ["short_name", "title"]
            .into_iter()
            .find_map(|key| fields.get(key)?.as_str())
            .filter(|name| !name.is_empty());
        let Some(name) = name else {
            return Err(Fault::new("an alias has no `short_name`"));
        };
        let kind = fields
            .get("obj_to_type")
            .and_then(Value::as_str)
            .unwrap_or("conv");
        let number = fields.get("obj_to_id").and_then(|value| match value {
            Value::String(text) => text.trim().parse().ok(),
            other => other.as_i64(),
        });
        Ok(Self {
            short_name: name.trim_start_matches('@').to_owned(),
            process: number.filter(|_| kind == "conv"),
        })
    }
}

/// `_ENV_VARS_.json`: `{NAME: {description, value?}}`, or a list of entries with their names.
pub(super) fn variables(bytes: &[u8]) -> Result<Vec<Variable>, Fault> {
    match value(bytes)? {
        Value::Object(entries) => Ok(entries
            .iter()
            .map(|(name, entry)| variable(name, entry))
            .collect()),
        Value::Array(entries) => entries.iter().map(named_variable).collect(),
        _ => Err(Fault::new("is no list of variables")),
    }
}

fn named_variable(entry: &Value) -> Result<Variable, Fault> {
    let names = ["short_name", "name", "title"];
    let name = names.into_iter().find_map(|key| entry.get(key)?.as_str());
    match name {
        Some(name) if !name.is_empty() => Ok(variable(name, entry)),
        _ => Err(Fault::new("a variable has no `short_name`")),
    }
}

fn variable(name: &str, entry: &Value) -> Variable {
    let is_secret = ["env_var_type", "type", "visibility"]
        .into_iter()
        .any(|key| entry[key] == "secret");
    let value = match entry {
        Value::Object(fields) => fields.get("value").cloned(),
        Value::Null | Value::Array(_) => None,
        bare => Some(bare.clone()),
    };
    Variable {
        name: name.to_owned(),
        description: entry["description"].as_str().unwrap_or_default().to_owned(),
        value: value.filter(|value| !is_secret && !value.is_null()),
    }
}
