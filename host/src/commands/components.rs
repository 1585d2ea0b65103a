//! Brings the components up to date: builds them when a source has changed, tells their sizes.

use super::print;
use super::project::Project;
use super::toolchain;
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use vikno::manifest::Manifest;

/// Where cargo puts components, relative to the project.
const BUILT: &str = "target/wasm32-wasip2/release";
/// What the components that lie there were built from.
const STAMP: &str = "target/wasm32-wasip2/release/vikno-sources.sha256";
/// Everything that components are built from.
const SOURCES: [&str; 9] = [
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "components",
    "crates",
    "functions",
    "kv-schemas",
    "openapi.yaml",
    "wit",
];

/// Builds the components if one is missing or a source is newer, and then prints their sizes.
pub fn bring_up_to_date(project: &Project, manifest: &Manifest) -> Result<()> {
    let built = outputs(manifest);
    let sources = fingerprint(&project.root)?;
    let stamp = project.root.join(STAMP);
    let is_there = |file: &PathBuf| project.root.join(file).is_file();
    if built.iter().all(is_there) && fs::read_to_string(&stamp).is_ok_and(|old| old == sources) {
        return Ok(());
    }
    toolchain::ensure_wasm_target(&project.root)?;
    print::line(format!("building {} components", built.len()));
    toolchain::build_wasm(&project.root, built.iter().filter_map(|file| package(file)))?;
    fs::write(&stamp, sources).with_context(|| stamp.display().to_string())?;
    print_sizes(&project.root, &built)
}

/// The files of the manifest that this project's packages make.
fn outputs(manifest: &Manifest) -> BTreeSet<PathBuf> {
    let components = manifest.components.values();
    components
        .flat_map(|component| {
            let composed = component.dependencies.values().map(|other| &other.path);
            composed.chain([&component.source])
        })
        .filter(|file| file.starts_with(BUILT))
        .cloned()
        .collect()
}

fn package(file: &Path) -> Option<String> {
    Some(file.file_stem()?.to_str()?.replace('_', "-"))
}

fn print_sizes(root: &Path, built: &BTreeSet<PathBuf>) -> Result<()> {
    let mut rows = Vec::new();
    let mut total = 0;
    for file in built {
        let size = fs::metadata(root.join(file))
            .with_context(|| format!("{} was not built", file.display()))?
            .len();
        total += size;
        rows.push(vec![
            package(file).unwrap_or_default(),
            print::kilobytes(size),
        ]);
    }
    rows.push(vec!["all components".to_owned(), print::kilobytes(total)]);
    print::table(&rows);
    Ok(())
}

/// Names, sizes and times of all sources in one hash: cheap, and different after every edit.
fn fingerprint(root: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    let mut places: Vec<PathBuf> = SOURCES.iter().rev().map(|name| root.join(name)).collect();
    while let Some(place) = places.pop() {
        let Ok(found) = fs::metadata(&place) else {
            continue;
        };
        if found.is_dir() {
            let mut inside = fs::read_dir(&place)?
                .map(|entry| Ok(entry?.path()))
                .collect::<Result<Vec<_>>>()?;
            inside.sort();
            // Tests are no part of a component.
            places.extend(inside.into_iter().filter(|path| !path.ends_with("tests")));
        } else {
            let changed = found.modified()?.duration_since(UNIX_EPOCH)?.as_nanos();
            hash.update(place.strip_prefix(root)?.to_string_lossy().as_bytes());
            hash.update(changed.to_le_bytes());
            hash.update(found.len().to_le_bytes());
        }
    }
    Ok(hex::encode(hash.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(name: &str) -> PathBuf {
        let root = std::env::temp_dir().join(format!("vikno-{name}-{}", std::process::id()));
        fs::create_dir_all(root.join("crates/one/src")).unwrap();
        fs::create_dir_all(root.join("crates/one/tests")).unwrap();
        fs::write(root.join("crates/one/src/lib.rs"), "old").unwrap();
        root
    }

    #[test]
    fn an_edited_source_changes_the_fingerprint_and_an_edited_test_does_not() {
        let root = project("fingerprint");
        let before = fingerprint(&root).unwrap();
        fs::write(root.join("crates/one/tests/a.rs"), "test").unwrap();
        assert_eq!(fingerprint(&root).unwrap(), before);
        fs::write(root.join("crates/one/src/lib.rs"), "newer").unwrap();
        assert_ne!(fingerprint(&root).unwrap(), before);
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn a_component_is_built_by_the_package_of_its_name() {
        let file = Path::new("target/wasm32-wasip2/release/send_text.wasm");
        assert_eq!(package(file).as_deref(), Some("send-text"));
    }
}
