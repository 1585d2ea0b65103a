//! Which way imports go, and what pure crates keep away from.

use crate::tree::{at, files, folders, name, none, read, toml};
use std::path::Path;

/// The only libraries that may reach the outside, by Spin.
const SHELLS: [&str; 3] = ["access", "shell", "storage"];

/// What a pure crate gets handed in instead.
const IMPURE: [&str; 12] = [
    "std::fs::",
    "use std::fs",
    "use std::env",
    "std::env::var",
    "std::process",
    "std::thread",
    "TcpStream",
    "SystemTime::now",
    "Instant::now",
    "Utc::now",
    "rand::random",
    "Zoned::now",
];

/// Libraries that no pure crate depends on.
const IMPURE_LIBRARIES: [&str; 8] = [
    "spin-sdk",
    "tokio",
    "rusqlite",
    "rand",
    "getrandom",
    "reqwest",
    "ureq",
    "hyper",
];

fn manifests() -> Vec<std::path::PathBuf> {
    files(".", "Cargo.toml")
        .into_iter()
        .filter(|path| toml(path).contains_key("package"))
        .collect()
}

fn dependencies(manifest: &Path, kind: &str) -> Vec<String> {
    let manifest = toml(manifest);
    let table = manifest.get(kind).and_then(toml::Value::as_table);
    table
        .into_iter()
        .flat_map(|table| table.keys().cloned())
        .collect()
}

#[test]
fn pure_crates_depend_on_nothing_that_reaches_outside() {
    let mut offenders = Vec::new();
    for crate_name in folders("crates")
        .iter()
        .filter(|name| !SHELLS.contains(&name.as_str()))
    {
        let manifest = at(&format!("crates/{crate_name}/Cargo.toml"));
        for library in dependencies(&manifest, "dependencies") {
            if IMPURE_LIBRARIES.contains(&library.as_str())
                || SHELLS.map(|s| format!("vikno-{s}")).contains(&library)
            {
                offenders.push(format!("crates/{crate_name} depends on {library}"));
            }
        }
    }
    none(offenders);
}

#[test]
fn pure_crates_read_no_file_no_clock_and_no_chance() {
    let mut offenders = Vec::new();
    for crate_name in folders("crates")
        .iter()
        .filter(|name| !SHELLS.contains(&name.as_str()))
    {
        for path in files(&format!("crates/{crate_name}/src"), ".rs") {
            let text = read(&path);
            // Tests at the end of a file may read their data.
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for (number, line) in code.lines().enumerate() {
                if !line.trim_start().starts_with("//")
                    && let Some(found) = IMPURE.iter().find(|word| line.contains(**word))
                {
                    offenders.push(format!(
                        "{}:{}: {found}: have it handed in",
                        name(&path),
                        number + 1
                    ));
                }
            }
        }
    }
    none(offenders);
}

#[test]
fn only_shells_name_spin() {
    let mut offenders = Vec::new();
    for manifest in manifests() {
        let place = name(&manifest);
        let may = [
            "functions/",
            "components/",
            "host/tests/",
            "crates/shell/",
            "crates/storage/",
        ];
        if dependencies(&manifest, "dependencies").contains(&"spin-sdk".to_owned())
            && !may.iter().any(|folder| place.starts_with(folder))
        {
            offenders.push(format!("{place} depends on spin-sdk"));
        }
    }
    none(offenders);
}

#[test]
fn libraries_know_nothing_of_those_who_use_them() {
    let users: Vec<String> = folders("functions")
        .into_iter()
        .chain(folders("components"))
        .collect();
    let mut offenders = Vec::new();
    for crate_name in folders("crates") {
        let manifest = at(&format!("crates/{crate_name}/Cargo.toml"));
        for library in dependencies(&manifest, "dependencies") {
            if users.contains(&library)
                || ["vikno", "vikno-standins", "vikno-tests"].contains(&library.as_str())
            {
                offenders.push(format!("crates/{crate_name} depends on {library}"));
            }
        }
    }
    let domain = dependencies(&at("crates/domain/Cargo.toml"), "dependencies");
    offenders.extend(
        domain
            .iter()
            .filter(|library| library.starts_with("vikno"))
            .map(|library| format!("crates/domain depends on {library}")),
    );
    none(offenders);
}

#[test]
fn every_package_takes_version_licence_and_lints_from_the_workspace() {
    let mut offenders = Vec::new();
    for path in manifests() {
        let manifest = toml(&path);
        for field in ["version", "edition", "rust-version", "license", "publish"] {
            let inherited = manifest["package"]
                .get(field)
                .and_then(|value| value.get("workspace"));
            if inherited.and_then(toml::Value::as_bool) != Some(true) {
                offenders.push(format!("{}: write {field}.workspace = true", name(&path)));
            }
        }
        let lints = manifest
            .get("lints")
            .and_then(|lints| lints.get("workspace"));
        if lints.and_then(toml::Value::as_bool) != Some(true) {
            offenders.push(format!("{}: write [lints] workspace = true", name(&path)));
        }
    }
    none(offenders);
}
