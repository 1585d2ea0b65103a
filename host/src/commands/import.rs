//! `vikno import`: process files of Corezoid into an organisation, or into a folder. Reads and writes files;
//! what they become is decided in `vikno-corezoid`.

use super::one_organisation::OneOrganisation;
use super::print;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use vikno_corezoid::files::{
    Change, Kind, Known, OrganisationFolder, Overwrite, Report, Source, import, into_folder,
    into_organisation,
};

/// What is read at most; the crate has a limit of its own for archives.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// `vikno import`.
#[derive(Args)]
pub struct Import {
    /// A file exported from Corezoid: .json or .zip.
    file: PathBuf,
    /// The organisation.
    #[arg(long)]
    org: String,
    /// Write the processes into this folder instead of the organisation's.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Replace what is there already.
    #[arg(long)]
    force: bool,
}

impl Import {
    /// Prints the report and writes the processes: all of them, or none.
    pub fn run(self) -> Result<()> {
        let organisation = OneOrganisation::read(&self.org)?;
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        let bytes = read(&self.file)?;
        let known = Known::of(
            &organisation.documents()?,
            organisation.settings.env().into_keys(),
        );
        let source = Source {
            name: &name,
            bytes: &bytes,
        };
        let import = import(&[source], &known).context("nothing is imported")?;
        print::line(&import.report);
        let overwrite = if self.force {
            Overwrite::Replace
        } else {
            Overwrite::Refuse
        };
        let (folder, changes) = match &self.out {
            Some(out) => (out.clone(), into_folder(&import, &names(out)?, overwrite)?),
            None => {
                let files = OrganisationFolder {
                    settings: &organisation.own.settings,
                    own: &organisation.own.processes,
                    shared: &organisation.shared.processes,
                };
                let changes = into_organisation(&import, &files, overwrite)?;
                (organisation.folder, changes)
            }
        };
        apply(&folder, &changes)?;
        tell(&folder, &import.report, import.processes.len());
        Ok(())
    }
}

fn read(file: &Path) -> Result<Vec<u8>> {
    let at = || file.display().to_string();
    let size = fs::metadata(file).with_context(at)?.len();
    if size > FILE_BYTES_MAX {
        bail!("{}: {size} bytes; at most {FILE_BYTES_MAX} are read", at());
    }
    fs::read(file).with_context(at)
}

fn names(folder: &Path) -> Result<BTreeSet<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(error) => return Err(error).with_context(|| folder.display().to_string()),
    };
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    names.collect()
}

/// New files are written beside the old ones first, so that a full disk leaves everything as it was; only
/// then do they take their places.
fn apply(folder: &Path, changes: &[Change]) -> Result<()> {
    let mut written: Vec<(PathBuf, PathBuf)> = Vec::new();
    for change in changes {
        if let Change::Write { path, text } = change {
            let path = folder.join(path);
            let new = beside(&path);
            let parent = path.parent().unwrap_or(folder);
            let result = fs::create_dir_all(parent).and_then(|()| fs::write(&new, text));
            written.push((new, path));
            if let Err(error) = result {
                for (new, _) in &written {
                    drop(fs::remove_file(new));
                }
                return Err(error).context("nothing is written");
            }
        }
    }
    for (new, path) in written {
        fs::rename(&new, &path).with_context(|| path.display().to_string())?;
    }
    for change in changes {
        if let Change::Remove { path } = change {
            let path = folder.join(path);
            fs::remove_file(&path).with_context(|| path.display().to_string())?;
        }
    }
    Ok(())
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().map(OsString::from).unwrap_or_default();
    name.push(".new");
    path.with_file_name(name)
}

fn tell(folder: &Path, report: &Report, processes: usize) {
    let (doubtful, broken) = (report.count(Kind::Doubtful), report.count(Kind::CannotRun));
    print::line(format!(
        "processes written to {}: {processes}; doubtful points: {doubtful}; cannot run: {broken}",
        folder.display()
    ));
    if doubtful + broken > 0 {
        print::line("see docs/importing.md, then run: cargo vikno check");
    }
}
