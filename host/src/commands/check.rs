//! `vikno check`: organisations, processes and texts, before anybody meets them.

use super::print;
use super::project::Project;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use vikno_organisation::{
    Organisation, OrganisationFiles, ProcessBundle, SharedFiles, check as check_files,
};
use vikno_process::{ProcessDocument, Severity, validate};

/// The folder that all organisations share.
const SHARED: &str = "_templates";

/// `vikno check`.
#[derive(Args)]
pub struct Check {
    /// An organisation's folder, or the folder of all [default: organisations].
    path: Option<PathBuf>,
}

impl Check {
    /// Prints everything that is wrong: file, node, what to do.
    pub fn run(self) -> Result<()> {
        let folder = match self.path {
            Some(path) => path,
            None => Project::find(None)?.root.join("organisations"),
        };
        let (all, wanted) = if folder.join("organisation.toml").is_file() {
            let all = folder
                .parent()
                .context("the folder has no parent")?
                .to_owned();
            (all, vec![folder])
        } else {
            (folder.clone(), organisations(&folder)?)
        };
        let shared = SharedFiles {
            texts: files(&all.join(SHARED).join("texts"), "ftl", Name::Stem)?,
            processes: files(&all.join(SHARED).join("processes"), "json", Name::Whole)?,
        };
        let mut found = 0;
        for folder in &wanted {
            for problem in problems(&shared, folder)? {
                print::line(problem);
                found += 1;
            }
        }
        if found > 0 {
            bail!("{found} problems in {} organisations", wanted.len());
        }
        print::line(format!("{} organisations are in order", wanted.len()));
        Ok(())
    }
}

fn organisations(all: &Path) -> Result<Vec<PathBuf>> {
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

fn problems(shared: &SharedFiles, folder: &Path) -> Result<Vec<String>> {
    let name = folder
        .file_name()
        .context("the folder has no name")?
        .to_string_lossy()
        .into_owned();
    let settings = folder.join("organisation.toml");
    let own = OrganisationFiles {
        folder: name.clone(),
        settings: fs::read_to_string(&settings).with_context(|| settings.display().to_string())?,
        texts: files(&folder.join("texts"), "ftl", Name::Stem)?,
        processes: files(&folder.join("processes"), "json", Name::Whole)?,
    };
    let mut found: Vec<String> = check_files(shared, &own)
        .iter()
        .map(ToString::to_string)
        .collect();
    // Processes are looked at once their files can be put together.
    if let Ok(organisation) = Organisation::parse(&own.settings)
        && let Ok(bundle) = ProcessBundle::build(&organisation, &shared.processes, &own.processes)
    {
        match serde_json::from_str::<BTreeMap<String, ProcessDocument>>(bundle.json()) {
            Ok(documents) => {
                let errors = validate(&documents).into_iter();
                let errors = errors.filter(|problem| problem.severity == Severity::Error);
                found.extend(errors.map(|problem| format!("{name}: {problem}")));
            }
            Err(error) => found.push(format!(
                "{name}: a process is not of Corezoid's form: {error}"
            )),
        }
    }
    Ok(found)
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
