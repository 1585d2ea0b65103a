//! Components, the manifest and what is written about them say the same.

use crate::tree::{at, files, folders, none, read, toml};
use std::collections::BTreeSet;
use std::fs;

/// A README beside a component tells what a caller and an operator must know, no more.
const README_LINES_MAX: usize = 40;
/// A webhook is instantiated for every message of a channel.
const WEBHOOK_BYTES_MAX: u64 = 500_000;
/// The largest component is the engine with its interpreter, which has time zones and hashes for processes' functions.
const COMPONENT_BYTES_MAX: u64 = 2_480_000;
/// The plain webhooks.
const WEBHOOKS: [&str; 2] = ["telegram", "viber"];
/// The sandbox of code nodes holds a whole JavaScript engine, 4.6 MB by itself, of which a process may use any part. It
/// is instantiated only where a code node runs.
const SANDBOX_BYTES_MAX: u64 = 5_200_000;
/// Holds every step, the interpreter and the texts; instantiated only when an author plays a draft.
const REHEARSAL_BYTES_MAX: u64 = 4_000_000;
/// The sandbox of code nodes.
const SANDBOX: &str = "javascript";

/// Every component: its folder and its name.
fn components() -> Vec<(String, String)> {
    ["functions", "components"]
        .into_iter()
        .flat_map(|parent| {
            folders(parent)
                .into_iter()
                .map(move |name| (format!("{parent}/{name}"), name))
        })
        .collect()
}

/// Where the build puts a component.
fn built(name: &str) -> String {
    let file = name.replace('-', "_");
    format!("target/wasm32-wasip2/release/{file}.wasm")
}

/// The files of the parts that components are composed with.
fn parts(manifest: &toml::Table) -> BTreeSet<String> {
    let components = manifest["component"].as_table().unwrap().values();
    components
        .filter_map(|component| component.get("dependencies")?.as_table())
        .flat_map(toml::Table::values)
        .filter_map(|part| part.get("path")?.as_str())
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_manifest_names_each_component_once_and_no_other() {
    let manifest = toml(&at("spin.toml"));
    let named: BTreeSet<String> = manifest["component"]
        .as_table()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    let parts = parts(&manifest);
    let there: BTreeSet<String> = components().into_iter().map(|(_, name)| name).collect();
    let missing = there
        .difference(&named)
        .filter(|name| !parts.contains(&built(name)))
        .map(|name| format!("{name}: not in spin.toml"));
    let stray = named
        .difference(&there)
        .map(|name| format!("{name}: in spin.toml, but there is no such folder"));
    none(missing.chain(stray).collect());
}

#[test]
fn folder_package_and_file_of_a_component_have_one_name() {
    let manifest = toml(&at("spin.toml"));
    let parts = parts(&manifest);
    let mut offenders = Vec::new();
    for (folder, name) in components() {
        let package = toml(&at(&format!("{folder}/Cargo.toml")));
        if package["package"]["name"].as_str() != Some(name.as_str()) {
            offenders.push(format!(
                "{folder}: the package is called {}",
                package["package"]["name"]
            ));
        }
        let source = manifest["component"]
            .get(&name)
            .and_then(|component| component.get("source"));
        let file = built(&name);
        if source.and_then(toml::Value::as_str) != Some(file.as_str()) && !parts.contains(&file) {
            offenders.push(format!("{name}: source in spin.toml is not {file}"));
        }
    }
    none(offenders);
}

#[test]
fn every_component_has_a_short_readme_under_its_name() {
    let mut offenders = Vec::new();
    for (folder, name) in components() {
        let path = at(&format!("{folder}/README.md"));
        let text = fs::read_to_string(path).unwrap_or_default();
        if text.lines().next() != Some(format!("# {name}").as_str()) {
            offenders.push(format!("{folder}/README.md: begin with `# {name}`"));
        }
        if text.lines().count() > README_LINES_MAX {
            offenders.push(format!(
                "{folder}/README.md: more than {README_LINES_MAX} lines"
            ));
        }
    }
    none(offenders);
}

#[test]
fn a_readme_names_what_the_manifest_grants() {
    let manifest = toml(&at("spin.toml"));
    let mut offenders = Vec::new();
    for (folder, name) in components() {
        let readme = fs::read_to_string(at(&format!("{folder}/README.md"))).unwrap_or_default();
        let Some(component) = manifest["component"].get(&name) else {
            continue;
        };
        let list = |field: &str| {
            component
                .get(field)
                .and_then(toml::Value::as_array)
                .cloned()
        };
        for store in list("key_value_stores").unwrap_or_default() {
            if !readme.contains(&format!("`{}`", store.as_str().unwrap())) {
                offenders.push(format!(
                    "{folder}/README.md: says nothing of the store {store}"
                ));
            }
        }
        for host in list("allowed_outbound_hosts").unwrap_or_default() {
            let host = host.as_str().unwrap();
            let short = host
                .trim_start_matches("http://")
                .trim_end_matches(".spin.internal");
            let short = short.trim_start_matches("{{ ").trim_end_matches(" }}");
            if !readme.contains(short) {
                offenders.push(format!(
                    "{folder}/README.md: says nothing of the host {host}"
                ));
            }
        }
    }
    none(offenders);
}

#[test]
fn components_stay_small() {
    let mut offenders = Vec::new();
    for (_, name) in components() {
        let file = built(&name);
        // Without it there is nothing to measure; `cargo vikno test` builds it first.
        let Ok(found) = fs::metadata(at(&file)) else {
            continue;
        };
        let limit = match name.as_str() {
            webhook if WEBHOOKS.contains(&webhook) => WEBHOOK_BYTES_MAX,
            SANDBOX => SANDBOX_BYTES_MAX,
            "rehearsal" => REHEARSAL_BYTES_MAX,
            _ => COMPONENT_BYTES_MAX,
        };
        if found.len() > limit {
            offenders.push(format!(
                "{name}: {} bytes; it may have {limit}",
                found.len()
            ));
        }
    }
    none(offenders);
}

#[test]
fn migrations_are_numbered_without_gaps() {
    let mut offenders = Vec::new();
    for kind in folders("kv-schemas/migrations") {
        let found = files(&format!("kv-schemas/migrations/{kind}"), ".sql");
        for (index, path) in found.iter().enumerate() {
            let expected = format!("{:04}_", index + 1);
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if !name.starts_with(&expected) {
                offenders.push(format!("{kind}/{name}: expected {expected}…"));
            }
        }
    }
    none(offenders);
}

#[test]
fn every_organisation_says_what_is_its_own() {
    let orgs = folders("organisations")
        .into_iter()
        .filter(|name| !name.starts_with('_'));
    let silent = orgs.filter(|org| {
        let path = at(&format!("organisations/{org}/README.md"));
        !path.is_file() || read(&path).trim().is_empty()
    });
    none(
        silent
            .map(|org| format!("organisations/{org}/README.md is missing"))
            .collect(),
    );
}
