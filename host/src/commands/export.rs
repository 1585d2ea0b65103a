//! `vikno export`: an organisation's processes as Corezoid takes them, templates applied.

use super::one_organisation::OneOrganisation;
use super::print;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use vikno_corezoid::files::{Exported, Exporting, to_archive, to_array};

/// `vikno export`.
#[derive(Args)]
pub struct Export {
    /// The organisation.
    #[arg(long)]
    org: String,
    /// Where to write: a zip if the name ends in .zip, else a list [default: standard output].
    #[arg(long)]
    out: Option<PathBuf>,
    /// Aliases of the processes [default: all].
    processes: Vec<String>,
}

impl Export {
    /// Writes the file; what has to be seen to on the other side goes to standard error.
    pub fn run(self) -> Result<()> {
        let organisation = OneOrganisation::read(&self.org)?;
        let mut documents = organisation.documents()?;
        for alias in &self.processes {
            if !documents.contains_key(alias) {
                let known: Vec<&str> = documents.keys().map(String::as_str).collect();
                bail!(
                    "there is no process '{alias}'; there are {}",
                    known.join(", ")
                );
            }
        }
        documents.retain(|alias, _| self.processes.is_empty() || self.processes.contains(alias));
        let exporting = Exporting {
            processes: &documents,
            folder: &organisation.settings.project,
        };
        let is_zip = |out: &Path| {
            out.extension()
                .is_some_and(|extension| extension.eq_ignore_ascii_case("zip"))
        };
        let exported = match &self.out {
            Some(out) if is_zip(out) => to_archive(&exporting)?,
            _ => to_array(&exporting)?,
        };
        write(self.out.as_deref(), &exported, documents.len())
    }
}

fn write(out: Option<&Path>, exported: &Exported, processes: usize) -> Result<()> {
    match out {
        Some(out) => {
            fs::write(out, &exported.bytes).with_context(|| out.display().to_string())?;
            print::line(format!(
                "processes written to {}: {processes}",
                out.display()
            ));
        }
        None => std::io::stdout().write_all(&exported.bytes)?,
    }
    for note in &exported.notes {
        eprintln!("note: {note}");
    }
    Ok(())
}
