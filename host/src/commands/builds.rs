//! What is built before anything runs: components and pages, each when one of its sources has changed.

use super::project::Project;
use super::{components, pages};
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use vikno::manifest::Manifest;

/// Folders that nothing is built from: tests are no part of a component, the others are made by builds.
const LEFT_OUT: [&str; 3] = ["tests", "node_modules", "dist"];

/// Builds what is missing or older than its sources.
pub fn bring_up_to_date(project: &Project, manifest: &Manifest) -> Result<()> {
    components::bring_up_to_date(project, manifest)?;
    pages::bring_up_to_date(project)
}

/// Whether `stamp` tells that what lies beside it was built from exactly these sources.
pub fn is_built_from(stamp: &Path, sources: &str) -> bool {
    fs::read_to_string(stamp).is_ok_and(|old| old == sources)
}

/// Writes what something was built from beside it.
pub fn stamp(stamp: &Path, sources: &str) -> Result<()> {
    fs::write(stamp, sources).with_context(|| stamp.display().to_string())
}

/// Names, sizes and times of all sources in one hash: cheap, and different after every edit.
pub fn fingerprint(root: &Path, sources: &[&str]) -> Result<String> {
    let mut hash = Sha256::new();
    let mut places: Vec<PathBuf> = sources.iter().rev().map(|name| root.join(name)).collect();
    while let Some(place) = places.pop() {
        let Ok(found) = fs::metadata(&place) else {
            continue;
        };
        if found.is_dir() {
            let mut inside = fs::read_dir(&place)?
                .map(|entry| Ok(entry?.path()))
                .collect::<Result<Vec<_>>>()?;
            inside.sort();
            let is_source = |path: &PathBuf| !LEFT_OUT.iter().any(|name| path.ends_with(name));
            places.extend(inside.into_iter().filter(is_source));
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
        let before = fingerprint(&root, &["crates"]).unwrap();
        fs::write(root.join("crates/one/tests/a.rs"), "test").unwrap();
        assert_eq!(fingerprint(&root, &["crates"]).unwrap(), before);
        fs::write(root.join("crates/one/src/lib.rs"), "newer").unwrap();
        assert_ne!(fingerprint(&root, &["crates"]).unwrap(), before);
        fs::remove_dir_all(root).unwrap();
    }
}
