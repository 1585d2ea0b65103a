//! The published JSON Schemas know what the files hold: a new field has to be described.

use crate::files::{ORGANISATIONS, bundle, organisation, own};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use vikno_organisation::Part;

fn schema(name: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../kv-schemas");
    serde_json::from_str(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap()
}

/// Every field of the document is described, every required one is there, all the way down.
fn fits(place: &str, schema: &Value, root: &Value, document: &Value) {
    let schema = match schema["$ref"].as_str() {
        Some(reference) => root.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    };
    match document {
        Value::Object(fields) => {
            for (name, value) in fields {
                let described = match &schema["properties"][name] {
                    Value::Null => &schema["additionalProperties"],
                    described => described,
                };
                assert_ne!(
                    described,
                    &Value::Bool(false),
                    "{place}.{name} is not described"
                );
                assert!(!described.is_null(), "{place}.{name} is not described");
                if described.is_object() {
                    fits(&format!("{place}.{name}"), described, root, value);
                }
            }
            let required = schema["required"].as_array().into_iter().flatten();
            let missing: Vec<&Value> = required
                .filter(|name| !fields.contains_key(name.as_str().unwrap()))
                .collect();
            assert_eq!(missing, Vec::<&Value>::new(), "{place}");
        }
        Value::Array(items) => {
            for item in items {
                fits(&format!("{place}[]"), &schema["items"], root, item);
            }
        }
        plain => {
            let kind = match plain {
                Value::String(_) => "string",
                Value::Bool(_) => "boolean",
                Value::Number(_) => "integer",
                _ => "null",
            };
            let kinds: BTreeSet<&str> = match &schema["type"] {
                Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
                one => one.as_str().into_iter().collect(),
            };
            assert!(
                kinds.contains(kind),
                "{place} is a {kind}, described as {kinds:?}"
            );
        }
    }
}

#[test]
fn settings_are_described_by_their_schema() {
    let schema = schema("organisation.schema.json");
    for id in ORGANISATIONS {
        let settings: toml::Table = own(id).settings.parse().unwrap();
        fits(
            id,
            &schema,
            &schema,
            &serde_json::to_value(settings).unwrap(),
        );
    }
}

#[test]
fn automatic_replies_are_described_by_their_schema() {
    let schema = schema("replies.schema.json");
    for id in ORGANISATIONS {
        let replies: toml::Table = own(id).replies.parse().unwrap();
        fits(
            id,
            &schema,
            &schema,
            &serde_json::to_value(replies).unwrap(),
        );
    }
}

#[test]
fn process_bundles_are_described_by_their_schema() {
    let schema = schema("process-bundle.schema.json");
    for id in ORGANISATIONS {
        let bundle: Value = serde_json::from_str(bundle(id).json()).unwrap();
        fits(id, &schema, &schema, &bundle);
    }
}

#[test]
fn changed_settings_are_described_by_their_schema() {
    let (changed, whole) = (
        schema("changed-settings.schema.json"),
        schema("organisation.schema.json"),
    );
    let described = changed["properties"]["parts"]["properties"].as_object();
    let names: BTreeSet<&str> = described.unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, Part::ALL.map(Part::as_str).into());
    for (name, part) in described.unwrap() {
        let reference = part["$ref"].as_str().unwrap();
        let pointer = reference.strip_prefix("organisation.schema.json#").unwrap();
        let schema = whole.pointer(pointer).unwrap();
        for id in ORGANISATIONS {
            let value = Part::parse(name).unwrap().value(&organisation(id));
            fits(&format!("{id}.{name}"), schema, &whole, &value);
        }
    }
}
