//! The folder of organisations on the disk, as text: for the commands that check or simulate what is in it.

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use vikno_organisation::{OrganisationFiles, SharedFiles};
use vikno_simulator::ScenarioFiles;

/// The folder that all organisations share.
pub const SHARED: &str = "_templates";
/// Scenarios in an organisation's folder, and in the shared one.
pub const SCENARIOS: &str = "scenarios";

/// The organisations' folders, in the order of their names.
pub fn folders(all: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(all).with_context(|| all.display().to_string())?;
    let mut folders = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.join("organisation.toml").is_file() {
            folders.push(path);
        }
    }
    if folders.is_empty() {
        bail!(
            "{}: no folder with an organisation.toml in it",
            all.display()
        );
    }
    folders.sort();
    Ok(folders)
}

/// What all share.
pub fn shared(all: &Path) -> Result<SharedFiles> {
    Ok(SharedFiles {
        texts: files(&all.join(SHARED).join("texts"), "ftl", Name::Stem)?,
        processes: files(&all.join(SHARED).join("processes"), "json", Name::Whole)?,
    })
}

/// What an organisation has of its own.
pub fn own(folder: &Path) -> Result<OrganisationFiles> {
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read_to_string(&path).with_context(|| path.display().to_string())
    };
    Ok(OrganisationFiles {
        folder: name(folder)?,
        settings: read("organisation.toml")?,
        replies: read("replies.toml")?,
        texts: files(&folder.join("texts"), "ftl", Name::Stem)?,
        processes: files(&folder.join("processes"), "json", Name::Whole)?,
    })
}

/// The scenarios of an organisation's folder, or of the shared one.
pub fn scenarios(folder: &Path) -> Result<ScenarioFiles> {
    files(&folder.join(SCENARIOS), "toml", Name::Whole)
}

/// The last part of a path.
pub fn name(path: &Path) -> Result<String> {
    let name = path
        .file_name()
        .with_context(|| format!("{} has no name", path.display()))?;
    Ok(name.to_string_lossy().into_owned())
}

/// What a file is known by.
#[derive(Clone, Copy)]
enum Name {
    Stem,
    Whole,
}

/// The files of a folder with this ending; none when the folder is not there.
fn files(folder: &Path, ending: &str, by: Name) -> Result<BTreeMap<String, String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(error).with_context(|| folder.display().to_string()),
    };
    let mut found = BTreeMap::new();
    for entry in entries {
        let path = entry?.path();
        let name = match by {
            Name::Stem => path.file_stem(),
            Name::Whole => path.file_name(),
        };
        if let (Some(name), true) = (name, path.extension().is_some_and(|own| own == ending)) {
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            found.insert(name.to_string_lossy().into_owned(), text);
        }
    }
    Ok(found)
}
