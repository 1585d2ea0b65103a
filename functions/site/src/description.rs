//! The API description against the rest of the repository: what `spin.toml` routes to the outside is described, what
//! is described is routed, every reference leads somewhere, every export column is told.

use crate::OPENAPI;
use serde_json::Value;
use vikno_exports::{Dataset, Kind};

fn description() -> Value {
    serde_json::from_str(OPENAPI).unwrap()
}

fn paths() -> Vec<String> {
    let description = description();
    let paths = description["paths"].as_object().unwrap();
    paths.keys().cloned().collect()
}

/// The routes of `spin.toml` that the outside can reach, other than the site's own `/...`.
fn routes() -> Vec<String> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../spin.toml");
    let manifest: toml::Value = toml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let triggers = manifest["trigger"]["http"].as_array().unwrap();
    let public = triggers
        .iter()
        .filter_map(|trigger| trigger["route"].as_str());
    public
        .filter(|route| *route != "/...")
        .map(str::to_owned)
        .collect()
}

/// Whether a described path is served by a route: segment by segment, `/...` takes the rest.
fn serves(route: &str, path: &str) -> bool {
    let (fixed, open) = match route.strip_suffix("/...") {
        Some(fixed) => (fixed, true),
        None => (route, false),
    };
    let (fixed, path): (Vec<_>, Vec<_>) = (fixed.split('/').collect(), path.split('/').collect());
    let long_enough = if open {
        path.len() > fixed.len()
    } else {
        path.len() == fixed.len()
    };
    long_enough
        && fixed.iter().zip(&path).all(|(fixed, given)| {
            fixed == given || (fixed.starts_with(':') && given.starts_with('{'))
        })
}

#[test]
fn every_public_route_is_described() {
    for route in routes() {
        let described = paths().iter().any(|path| serves(&route, path));
        assert!(described, "openapi.yaml describes nothing under {route}");
    }
}

#[test]
fn every_described_path_is_routed() {
    let site = [
        "/organisations.json",
        "/openapi.json",
        "/metrics",
        "/healthz",
        "/widget.js",
        "/{org}/",
        "/{org}/manifest.webmanifest",
        "/{path}",
    ];
    for path in paths() {
        let routed =
            site.contains(&path.as_str()) || routes().iter().any(|route| serves(route, &path));
        assert!(routed, "spin.toml routes {path} nowhere");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(value: &Value, root: &Value) {
        match value {
            Value::Object(fields) => {
                if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                    let pointer = reference.strip_prefix('#').unwrap();
                    assert!(root.pointer(pointer).is_some(), "{reference}");
                }
                fields.values().for_each(|value| walk(value, root));
            }
            Value::Array(items) => items.iter().for_each(|value| walk(value, root)),
            // A comma that was not quoted makes a field without a value.
            Value::Null => panic!("openapi.yaml has a field without a value"),
            _ => {}
        }
    }
    let description = description();
    walk(&description, &description);
}

#[test]
fn every_operation_has_a_name_of_its_own_and_tells_its_errors() {
    let description = description();
    let mut names = Vec::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if method == "parameters" {
                continue;
            }
            names.push(operation["operationId"].as_str().unwrap().to_owned());
            assert!(operation["summary"].is_string(), "{method} {path}");
            let guarded = operation["security"]
                .as_array()
                .is_some_and(|ways| !ways.contains(&serde_json::json!({})));
            let tells = operation["responses"].get("401").is_some();
            assert!(
                !guarded || tells,
                "{method} {path} is guarded and tells of no 401"
            );
        }
    }
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn exports_are_described_column_by_column() {
    let description = description();
    for (dataset, schema) in [
        (Dataset::Conversations, "ExportedConversation"),
        (Dataset::Messages, "ExportedMessage"),
        (Dataset::Journal, "ExportedJournalLine"),
        (Dataset::Ratings, "ExportedRating"),
    ] {
        let fields = description["components"]["schemas"][schema]["properties"]
            .as_object()
            .unwrap();
        assert_eq!(fields.len(), dataset.columns().len(), "{schema}");
        for column in dataset.columns() {
            let field = fields
                .get(column.name)
                .unwrap_or_else(|| panic!("{schema} {}", column.name));
            let instant = field["format"] == "date-time";
            assert_eq!(
                instant,
                column.kind == Kind::Instant,
                "{schema} {}",
                column.name
            );
        }
    }
}
