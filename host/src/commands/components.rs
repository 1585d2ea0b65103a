//! Brings the components up to date: builds them when a source has changed, tells their sizes.

use super::project::Project;
use super::{builds, print, toolchain};
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
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
    let sources = builds::fingerprint(&project.root, &SOURCES)?;
    let stamp = project.root.join(STAMP);
    let is_there = |file: &PathBuf| project.root.join(file).is_file();
    if built.iter().all(is_there) && builds::is_built_from(&stamp, &sources) {
        return Ok(());
    }
    toolchain::ensure_wasm_target(&project.root)?;
    print::line(format!("building {} components", built.len()));
    toolchain::build_wasm(&project.root, built.iter().filter_map(|file| package(file)))?;
    builds::stamp(&stamp, &sources)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_is_built_by_the_package_of_its_name() {
        let file = Path::new("target/wasm32-wasip2/release/send_text.wasm");
        assert_eq!(package(file).as_deref(), Some("send-text"));
    }
}
