//! Where the project is: the folder of the nearest `spin.toml`.

use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

/// The project's folder and manifest.
#[derive(Debug, Clone)]
pub struct Project {
    /// The folder.
    pub root: PathBuf,
    /// Its manifest.
    pub manifest: PathBuf,
}

impl Project {
    /// The project of a manifest, or of the working folder or the nearest one above it that has one.
    pub fn find(manifest: Option<&Path>) -> Result<Self> {
        let here = std::env::current_dir()?;
        let manifest = match manifest {
            Some(given) => here.join(given),
            None => match here
                .ancestors()
                .map(|folder| folder.join("spin.toml"))
                .find(|file| file.is_file())
            {
                Some(found) => found,
                None => bail!(
                    "there is no spin.toml in {} or above it; run this in the project's folder, or name one with --manifest",
                    here.display()
                ),
            },
        };
        let root = manifest.parent().unwrap_or(&here).to_owned();
        Ok(Self { root, manifest })
    }
}
