//! One organisation with its settings read and its processes put together, for the commands that bring processes in
//! and out.

use super::organisations;
use super::project::Project;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::path::PathBuf;
use vikno_organisation::{Organisation, OrganisationFiles, Problem, ProcessBundle, SharedFiles};
use vikno_process::ProcessDocument;

/// One organisation.
pub struct OneOrganisation {
    /// Its folder.
    pub folder: PathBuf,
    /// What is in it.
    pub own: OrganisationFiles,
    /// What all share.
    pub shared: SharedFiles,
    /// Its settings.
    pub settings: Organisation,
}

impl OneOrganisation {
    /// Reads the organisation of that id.
    pub fn read(org: &str) -> Result<Self> {
        let all = Project::find(None)?.root.join("organisations");
        let folder = all.join(org);
        let own = organisations::own(&folder)
            .with_context(|| format!("there is no organisation '{org}', or not all of it"))?;
        let settings = in_order("settings", Organisation::parse(&own.settings))?;
        Ok(Self {
            shared: organisations::shared(&all)?,
            folder,
            own,
            settings,
        })
    }

    /// Its processes with templates and single nodes applied.
    pub fn documents(&self) -> Result<BTreeMap<String, ProcessDocument>> {
        let (shared, own) = (&self.shared.processes, &self.own.processes);
        let bundle = ProcessBundle::build(&self.settings, shared, own);
        let bundle = in_order("processes", bundle)?;
        serde_json::from_str(bundle.json()).context("a process is not of Corezoid's form")
    }
}

fn in_order<T>(what: &str, read: Result<T, Vec<Problem>>) -> Result<T> {
    match read {
        Ok(value) => Ok(value),
        Err(problems) => {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            bail!(
                "the {what} have to be in order first:\n{}",
                lines.join("\n")
            )
        }
    }
}
