//! An organisation's files as commands read them: settings, its own processes, the shared ones.

use super::project::Project;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use vikno_organisation::{Organisation, ProcessBundle, ProcessFiles};
use vikno_process::ProcessDocument;

/// The folder that all organisations share.
const SHARED: &str = "_templates";

/// One organisation's files.
pub struct OrganisationFiles {
    /// Its folder.
    pub folder: PathBuf,
    /// `organisation.toml` as it stands.
    pub settings_text: String,
    /// The same, read.
    pub settings: Organisation,
    /// Its own processes by file name.
    pub own: ProcessFiles,
    /// The shared ones.
    pub shared: ProcessFiles,
}

impl OrganisationFiles {
    /// Reads the organisation of that id.
    pub fn read(org: &str) -> Result<Self> {
        let all = Project::find(None)?.root.join("organisations");
        let folder = all.join(org);
        let file = folder.join("organisation.toml");
        let settings_text = fs::read_to_string(&file).with_context(|| {
            format!(
                "there is no organisation '{org}': {} cannot be read",
                file.display()
            )
        })?;
        let settings = Organisation::parse(&settings_text).map_err(|problems| {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            anyhow::anyhow!(
                "the settings have to be in order first:\n{}",
                lines.join("\n")
            )
        })?;
        Ok(Self {
            own: processes(&folder.join("processes"))?,
            shared: processes(&all.join(SHARED).join("processes"))?,
            folder,
            settings_text,
            settings,
        })
    }

    /// Its processes with templates and single nodes applied.
    pub fn documents(&self) -> Result<BTreeMap<String, ProcessDocument>> {
        let bundle = match ProcessBundle::build(&self.settings, &self.shared, &self.own) {
            Ok(bundle) => bundle,
            Err(problems) => {
                let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
                bail!(
                    "the processes have to be in order first:\n{}",
                    lines.join("\n")
                )
            }
        };
        serde_json::from_str(bundle.json()).context("a process is not of Corezoid's form")
    }
}

fn processes(folder: &Path) -> Result<ProcessFiles> {
    let mut found = ProcessFiles::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
            && let Some(name) = path.file_name().and_then(|name| name.to_str())
        {
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            found.insert(name.to_owned(), text);
        }
    }
    Ok(found)
}
