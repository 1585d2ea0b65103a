//! The files of the project, without what is built, downloaded or kept by a run.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that are no part of the tree.
const LEFT_OUT: [&str; 5] = ["target", "node_modules", "dist", ".git", ".vikno"];

/// The project's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A file or folder by its path in the project.
pub fn at(path: &str) -> PathBuf {
    root().join(path)
}

/// Its text.
pub fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A file as TOML.
pub fn toml(path: &Path) -> toml::Table {
    let text = read(path);
    text.parse()
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The folders in a folder, by name.
pub fn folders(path: &str) -> Vec<String> {
    let entries = fs::read_dir(at(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| !LEFT_OUT.contains(&name.as_str()))
        .collect();
    names.sort();
    names
}

/// All files below a folder whose name ends so.
pub fn files(path: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![at(path)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if path.is_dir() && !LEFT_OUT.contains(&name.as_str()) {
                folders.push(path);
            } else if path.is_file() && name.ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A path as people write it.
pub fn name(path: &Path) -> String {
    let root = root();
    path.strip_prefix(&root)
        .unwrap_or(path)
        .display()
        .to_string()
}

/// Fails when there are offenders, with all of them.
pub fn none(offenders: Vec<String>) {
    assert!(offenders.is_empty(), "\n{}\n", offenders.join("\n"));
}
