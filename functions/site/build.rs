//! Turns the API description at the root of the repository into the JSON that is served: a mistake in it breaks the
//! build, and no YAML reader has to travel in the component.
#![allow(clippy::expect_used, reason = "a build script stops by panicking")]

use std::{env, fs, path::Path};

fn main() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi.yaml");
    println!("cargo::rerun-if-changed={}", source.display());
    let yaml = fs::read_to_string(&source).expect("openapi.yaml is at the root of the repository");
    let description: serde_json::Value =
        serde_norway::from_str(&yaml).expect("openapi.yaml is YAML");
    let target = Path::new(&env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("openapi.json");
    fs::write(target, description.to_string()).expect("OUT_DIR can be written");
}
