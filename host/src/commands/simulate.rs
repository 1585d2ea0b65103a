//! `vikno simulate`: dialogues with organisations in virtual time, before anybody meets their processes.

mod target;
mod versions;

use super::organisations;
use super::print;
use anyhow::{Context, Result, bail};
use clap::Args;
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;
use target::Target;
use vikno_organisation::Organisation;
use vikno_simulator::{
    Centre, Change, Recorded, ReplayReport, Suite, SuiteReport, as_scenario, changed_processes,
    replay,
};

/// `vikno simulate`.
#[derive(Args)]
pub struct Simulate {
    /// A scenario, a folder of scenarios, an organisation's folder, or the folder of all [default: organisations].
    path: Option<PathBuf>,
    /// Also leads the dialogues with another version (a git revision, or a folder with organisations in it) and lists
    /// where they differ.
    #[arg(long, value_name = "VERSION")]
    against: Option<String>,
    /// Writes the results as JSON.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Only these organisations.
    #[arg(long, value_delimiter = ',')]
    org: Vec<String>,
    /// Leads each dialogue again under every single failure of every call of a step.
    #[arg(long)]
    faults: bool,
    /// Takes an organisation's exported messages through its processes instead; name the organisation with --org.
    #[arg(long, value_name = "EXPORT")]
    replay: Option<PathBuf>,
    /// The conversations exported with them: their channels, languages and names.
    #[arg(long, value_name = "EXPORT", requires = "replay")]
    conversations: Option<PathBuf>,
    /// Prints this one of the exported conversations as a scenario, with people masked.
    #[arg(long, value_name = "CONVERSATION", requires = "replay")]
    dialogue: Option<String>,
}

/// What is written to the report.
#[derive(Serialize)]
struct Report {
    organisations: Vec<OneReport>,
}

#[derive(Serialize)]
struct OneReport {
    #[serde(flatten)]
    suite: SuiteReport,
    elapsed_ms: u128,
    /// Processes that differ from the other version.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_processes: Option<Vec<String>>,
    /// Dialogues that differ from the other version.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<Vec<Change>>,
}

impl Simulate {
    /// Prints what became of the dialogues; ends with an error when one did not come out as it must.
    pub fn run(self) -> Result<()> {
        let target = Target::find(self.path.as_deref(), &self.org)?;
        match &self.replay {
            Some(export) => self.replay(&target, export),
            None => self.scenarios(&target),
        }
    }

    fn scenarios(&self, target: &Target) -> Result<()> {
        let other = self.against.as_deref().map(versions::unpack).transpose()?;
        let settings = settings(&target.all)?;
        let shared = organisations::shared(&target.all)?;
        let mut reports = Vec::new();
        for folder in &target.organisations {
            let start = Instant::now();
            let centre = Centre::build(&shared, &organisations::own(folder)?, &settings)?;
            let suite = target.suite(folder)?;
            let mut report = suite.play(&centre, target.is_whole());
            if self.faults {
                report.faults = Some(suite.faults(&centre));
            }
            let before = other.as_ref().map(|other| other.centre(folder));
            let before = before.transpose()?.flatten();
            let compared = before.map(|before| compare(&suite, &before, &centre));
            let (changed_processes, changes) = compared.unzip();
            reports.push(OneReport {
                suite: report,
                elapsed_ms: start.elapsed().as_millis(),
                changed_processes,
                changes,
            });
        }
        tell(&reports);
        let bad = reports.iter().filter(|report| !report.is_good()).count();
        let of = reports.len();
        self.write(&Report {
            organisations: reports,
        })?;
        match bad {
            0 => Ok(()),
            _ => bail!("{bad} of {of} organisations are not in order"),
        }
    }

    fn replay(&self, target: &Target, export: &Path) -> Result<()> {
        let [folder] = &target.organisations[..] else {
            bail!("an export is one organisation's; name it with --org");
        };
        let read = |path: &Path| {
            fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
        };
        let messages = read(export)?;
        let conversations = self.conversations.as_deref().map(read).transpose()?;
        let recorded = Recorded::read(&messages, conversations.as_deref())?;
        let shared = organisations::shared(&target.all)?;
        let own = organisations::own(folder)?;
        let centre = Centre::build(&shared, &own, &settings(&target.all)?)?;
        if let Some(wanted) = &self.dialogue {
            let found = recorded.iter().find(|one| one.conversation == *wanted);
            let found =
                found.with_context(|| format!("the export has no conversation {wanted}"))?;
            let scenario = as_scenario(&centre, found).map_err(anyhow::Error::msg)?;
            print::line(scenario.trim_end());
            return Ok(());
        }
        let report = replay(&centre, &recorded);
        tell_replay(&report);
        self.write(&report)?;
        match report.different.len() {
            0 => Ok(()),
            different => bail!("{different} of {} dialogues differ", recorded.len()),
        }
    }

    fn write(&self, report: &impl Serialize) -> Result<()> {
        let Some(path) = &self.report else {
            return Ok(());
        };
        let json = serde_json::to_string_pretty(report)?;
        fs::write(path, json).with_context(|| format!("cannot write {}", path.display()))
    }
}

impl OneReport {
    fn is_good(&self) -> bool {
        let same = self.changes.as_ref().is_none_or(Vec::is_empty);
        self.suite.is_good() && same
    }

    fn row(&self) -> Vec<String> {
        let suite = &self.suite;
        let percent = |part: &vikno_simulator::Part| format!("{} %", part.percent());
        let coverage = &suite.coverage;
        vec![
            suite.org.to_string(),
            suite.scenarios.to_string(),
            suite.runs.to_string(),
            suite.passed.to_string(),
            suite.failed.len().to_string(),
            percent(&coverage.nodes),
            percent(&coverage.branches),
            percent(&coverage.buttons),
            percent(&coverage.texts),
            format!("{} ms", self.elapsed_ms),
        ]
    }
}

/// The settings of all organisations, to which a dialogue can be moved.
fn settings(all: &Path) -> Result<Vec<Organisation>> {
    let folders = organisations::folders(all)?;
    let own = folders.iter().map(|folder| organisations::own(folder));
    let own = own.collect::<Result<Vec<_>>>()?;
    // One that does not parse is told by its own simulation.
    let parsed = own.iter().map(|own| Organisation::parse(&own.settings));
    Ok(parsed.filter_map(Result::ok).collect())
}

fn compare(suite: &Suite, before: &Centre, now: &Centre) -> (Vec<String>, Vec<Change>) {
    (changed_processes(before, now), suite.compare(before, now))
}

fn tell(reports: &[OneReport]) {
    for report in reports {
        let told = report.suite.to_string();
        if !told.is_empty() {
            print::line(told.trim_end());
        }
        if let (Some(processes), Some(changes)) = (&report.changed_processes, &report.changes) {
            let org = &report.suite.org;
            let list = processes.join(", ");
            print::line(format!(
                "{org}: {} processes changed ({list}), {} dialogues differ",
                processes.len(),
                changes.len()
            ));
            for change in changes {
                print::line(change.to_string().trim_end());
            }
        }
    }
    let head = [
        "organisation",
        "scenarios",
        "runs",
        "passed",
        "failed",
        "nodes",
        "branches",
        "buttons",
        "texts",
        "time",
    ];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(reports.iter().map(OneReport::row));
    print::table(&rows);
}

fn tell_replay(report: &ReplayReport) {
    for different in &report.different {
        print::line(different.to_string().trim_end());
    }
    for impossible in &report.impossible {
        print::line(format!("{}: {}", impossible.conversation, impossible.why));
    }
    let counts = [
        ("same", report.same),
        ("different", report.different.len()),
        ("impossible", report.impossible.len()),
    ];
    print::named(&counts.map(|(name, count)| (name, count.to_string())));
    let mut kinds: Vec<_> = report.kinds.iter().collect();
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let rows = kinds
        .iter()
        .map(|(kind, count)| vec![(*kind).clone(), count.to_string()]);
    print::table(&rows.collect::<Vec<_>>());
}
