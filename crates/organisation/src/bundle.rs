//! An organisation's processes put together: shared templates, its own whole processes, its own single
//! nodes. The result is the same for the same files, and named by its content.

use crate::{Organisation, Problem};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Files of a `processes` folder by name (`queue.json`, `queue.nodes.json`), with their text.
pub type ProcessFiles = BTreeMap<String, String>;

/// The place of the organisation's project name in titles.
const PROJECT: &str = "{PROJECT}";

/// All processes of an organisation, ready to be published.
#[derive(Debug, Clone, PartialEq)]
pub struct ProcessBundle {
    processes: BTreeMap<String, Value>,
    json: String,
    version: String,
}

impl ProcessBundle {
    /// Takes each process that the organisation lists: its own file if there is one, else the shared
    /// one; then replaces, adds and removes single nodes by `<alias>.nodes.json`.
    pub fn build(
        organisation: &Organisation,
        shared: &ProcessFiles,
        own: &ProcessFiles,
    ) -> Result<Self, Vec<Problem>> {
        let mut problems = stray_files(organisation, own);
        let mut processes = BTreeMap::new();
        for alias in organisation.aliases() {
            match build_one(organisation, alias, shared, own) {
                Ok(process) => {
                    processes.insert(alias.clone(), process);
                }
                Err(problem) => problems.push(problem),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self::of(processes))
    }

    /// The bundle of these processes, as they are.
    pub fn of(processes: BTreeMap<String, Value>) -> Self {
        let json = canonical(&processes);
        let version = hex::encode(Sha256::digest(json.as_bytes()));
        Self {
            processes,
            json,
            version,
        }
    }

    /// The processes by alias.
    pub fn processes(&self) -> &BTreeMap<String, Value> {
        &self.processes
    }

    /// `{alias: process}` with sorted keys.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// SHA-256 of [`ProcessBundle::json`] in hex: the same processes have the same version.
    pub fn version(&self) -> &str {
        &self.version
    }
}

fn stray_files(organisation: &Organisation, own: &ProcessFiles) -> Vec<Problem> {
    let listed: BTreeSet<&str> = organisation.aliases().map(String::as_str).collect();
    let stray = own.keys().filter(|name| {
        let alias = name
            .strip_suffix(".nodes.json")
            .or_else(|| name.strip_suffix(".json"));
        !alias.is_some_and(|alias| listed.contains(alias))
    });
    stray
        .map(|name| {
            let file = own_file(organisation, name);
            Problem::new(
                &file,
                "",
                "belongs to no listed process; name it <alias>.json or <alias>.nodes.json, or list the alias in processes",
            )
        })
        .collect()
}

fn build_one(
    organisation: &Organisation,
    alias: &str,
    shared: &ProcessFiles,
    own: &ProcessFiles,
) -> Result<Value, Problem> {
    let name = format!("{alias}.json");
    let (file, text) = match (own.get(&name), shared.get(&name)) {
        (Some(text), _) => (own_file(organisation, &name), text),
        (None, Some(text)) => (format!("_templates/processes/{name}"), text),
        (None, None) => {
            let file = format!("{}/organisation.toml", organisation.id);
            let message = format!(
                "no process '{alias}'; take it off the list or add processes/{name} to the organisation"
            );
            return Err(Problem::new(&file, "processes", message));
        }
    };
    let mut process = object(&file, text)?;
    let nodes_name = format!("{alias}.nodes.json");
    if let Some(text) = own.get(&nodes_name) {
        override_nodes(&mut process, &own_file(organisation, &nodes_name), text)?;
    }
    for field in ["title", "description"] {
        if let Some(Value::String(text)) = process.get_mut(field) {
            *text = text.replace(PROJECT, &organisation.project);
        }
    }
    Ok(Value::Object(process))
}

fn override_nodes(process: &mut Map<String, Value>, file: &str, text: &str) -> Result<(), Problem> {
    let nodes = process
        .get_mut("scheme")
        .and_then(|scheme| scheme.get_mut("nodes"))
        .and_then(Value::as_array_mut);
    let Some(nodes) = nodes else {
        return Err(Problem::new(
            file,
            "",
            "the process it changes has no scheme.nodes",
        ));
    };
    let Value::Array(changes) = json(file, text)? else {
        return Err(Problem::new(
            file,
            "",
            "is no list; write the changed nodes between [ and ]",
        ));
    };
    for change in changes {
        let Some(id) = change.get("id").and_then(Value::as_str).map(str::to_owned) else {
            return Err(Problem::new(
                file,
                "",
                "a node has no id; give the id of the node it replaces, or a new one",
            ));
        };
        let place = nodes.iter().position(|node| node["id"] == *id);
        let removed = change.get("removed") == Some(&Value::Bool(true));
        match (place, removed) {
            (Some(place), true) => {
                nodes.remove(place);
            }
            (Some(place), false) => nodes[place] = change,
            (None, false) => nodes.push(change),
            (None, true) => {
                let message = "is removed but is not in the process; take the entry out";
                return Err(Problem::new(file, id, message));
            }
        }
    }
    Ok(())
}

fn own_file(organisation: &Organisation, name: &str) -> String {
    format!("{}/processes/{name}", organisation.id)
}

fn json(file: &str, text: &str) -> Result<Value, Problem> {
    serde_json::from_str(text).map_err(|error| {
        let place = format!("line {}", error.line());
        Problem::new(file, place, format!("not valid JSON: {error}"))
    })
}

fn object(file: &str, text: &str) -> Result<Map<String, Value>, Problem> {
    match json(file, text)? {
        Value::Object(object) => Ok(object),
        _ => Err(Problem::new(
            file,
            "",
            "is no process; write one JSON object with a scheme",
        )),
    }
}

/// Compact JSON with sorted keys, whatever order the map type of this build keeps.
fn canonical(processes: &BTreeMap<String, Value>) -> String {
    let sorted: Map<String, Value> = processes
        .iter()
        .map(|(alias, process)| (alias.clone(), sorted(process)))
        .collect();
    Value::Object(sorted).to_string()
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let fields: BTreeMap<&String, &Value> = object.iter().collect();
            let fields = fields
                .into_iter()
                .map(|(name, value)| (name.clone(), sorted(value)));
            Value::Object(fields.collect())
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}
