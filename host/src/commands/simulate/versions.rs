//! Another version of the organisations: a folder, or a git revision unpacked into one that lives as long as needed.

use super::settings;
use crate::commands::organisations::{self, SHARED};
use crate::commands::project::Project;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;
use vikno_simulator::Centre;

/// The folder of organisations in the project and in its history.
const ORGANISATIONS: &str = "organisations";

/// Another version.
pub struct Version {
    all: PathBuf,
    /// Removed with the version.
    _unpacked: Option<TempDir>,
}

/// A folder with organisations in it, or a revision of the project.
pub fn unpack(version: &str) -> Result<Version> {
    let folder = Path::new(version);
    for all in [folder.join(ORGANISATIONS), folder.to_owned()] {
        if all.join(SHARED).is_dir() {
            return Ok(Version {
                all,
                _unpacked: None,
            });
        }
    }
    if folder.is_dir() {
        bail!("{version}: there are no organisations in this folder");
    }
    revision(version)
}

/// Unpacks a revision by an index of its own, so that neither the project's files nor its index are touched.
fn revision(revision: &str) -> Result<Version> {
    let root = Project::find(None)?.root;
    let unpacked = tempfile::tempdir()?;
    let index = unpacked.path().join("index");
    let git = |arguments: &[&str]| -> Result<String> {
        let mut git = Command::new("git");
        git.current_dir(&root)
            .env("GIT_INDEX_FILE", &index)
            .args(arguments);
        let output = git.output().context("git cannot be run")?;
        if !output.status.success() {
            let cause = String::from_utf8_lossy(&output.stderr);
            bail!(
                "{revision} is no folder and no git revision with organisations: {}",
                cause.trim()
            );
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let commit = format!("{revision}^{{commit}}");
    let commit = git(&[
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        &commit,
    ])?;
    // The project may lie in a folder of a larger repository.
    let prefix = git(&["rev-parse", "--show-prefix"])?;
    git(&["read-tree", &commit])?;
    let target = format!("--prefix={}/", unpacked.path().display());
    let wanted = format!("{prefix}{ORGANISATIONS}");
    let listed = git(&["ls-files", "--full-name", "--", ORGANISATIONS])?;
    if listed.is_empty() {
        bail!("{revision} has no folder {wanted}");
    }
    git(&["checkout-index", "--all", "--force", &target])?;
    Ok(Version {
        all: unpacked.path().join(wanted),
        _unpacked: Some(unpacked),
    })
}

impl Version {
    /// The same organisation in this version; none when it did not exist.
    pub fn centre(&self, folder: &Path) -> Result<Option<Centre>> {
        let folder = self.all.join(organisations::name(folder)?);
        if !folder.join("organisation.toml").is_file() {
            return Ok(None);
        }
        let shared = organisations::shared(&self.all)?;
        let own = organisations::own(&folder)?;
        Ok(Some(Centre::build(&shared, &own, &settings(&self.all)?)?))
    }
}
