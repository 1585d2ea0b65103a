//! `vikno verify`: goes through the chains of seals over the journals and the audit, beside a running installation or
//! without one. Writes to no database.

mod heads;

use super::master_key;
use super::print;
use super::project::Project;
use super::served;
use anyhow::{Context, Result, anyhow, bail, ensure};
use clap::Args;
use heads::Heads;
use std::path::{Path, PathBuf};
use vikno::{RuntimeConfig, Settings};
use vikno_domain::rfc3339;
use vikno_ledger::{ChainKey, Fault, Head, Verifier};
use vikno_storage::seals::{self, AUDIT, Book, Checked, JOURNAL};
use vikno_storage::{Database, block_on};

/// Rows that stay unsealed for longer are told of.
const SEALED_WITHIN_MS: i64 = 60_000;

/// `vikno verify`.
#[derive(Args)]
pub struct Verify {
    /// The state folder of the installation [default: .vikno in the project; a demonstration's is .vikno/demo].
    #[arg(long)]
    state: Option<PathBuf>,
    /// Only these organisations, and the audit.
    #[arg(long, value_delimiter = ',', value_name = "ORG,ORG")]
    org: Vec<String>,
    /// The ends of the chains as they were known before: compared with, and brought up to date when all is well. Keep it
    /// on another machine: without it a chain that was cut at its end looks whole.
    #[arg(long, value_name = "FILE")]
    head: Option<PathBuf>,
    /// Spin's runtime-config file: where single databases live.
    #[arg(long)]
    runtime_config_file: Option<PathBuf>,
    /// The manifest [default: the nearest spin.toml].
    #[arg(long)]
    manifest: Option<PathBuf>,
}

/// A chain and what was found in it.
struct Outcome {
    chain: String,
    checked: Checked,
    head: Head,
    faults: Vec<Fault>,
}

impl Verify {
    /// Prints the chains and every fault; ends with an error when there is one.
    pub fn run(self) -> Result<()> {
        let project = Project::find(self.manifest.as_deref())?;
        let settings = Settings::new(match &self.state {
            Some(state) => std::path::absolute(state)?,
            None => project.root.join(".vikno"),
        });
        let manifest = served::manifest(&project, &self.org)?;
        let values = served::values(&project, &manifest, &settings.variables)?;
        let given = values.get("master_key").filter(|key| !key.is_empty());
        let master_key = match given {
            Some(key) => key.clone(),
            None => kept_key(&settings.state_dir)?,
        };
        let config = match &self.runtime_config_file {
            Some(file) => RuntimeConfig::load(file).map_err(|all| anyhow!(all.join("\n")))?,
            None => RuntimeConfig::default(),
        };
        let mut heads = match &self.head {
            Some(file) => Heads::read(file)?,
            None => Heads::default(),
        };
        let organisations = values.get("organisations").map_or("", String::as_str);
        let journals = organisations.split(',').map(|org| (org.trim(), JOURNAL));
        let mut outcomes = Vec::new();
        for (label, book) in journals.chain([("core", AUDIT)]) {
            let known = config.sqlite_databases.get(label).cloned();
            let file = known.unwrap_or_else(|| settings.database_file(label));
            outcomes.push(check(&file, label, book, &master_key, &heads)?);
        }
        report(&outcomes, chrono::Utc::now().timestamp_millis())?;
        if let Some(file) = &self.head {
            for outcome in &outcomes {
                heads.set(&outcome.chain, outcome.head);
            }
            heads.write(file)?;
        }
        Ok(())
    }
}

/// The key that the installation made for itself.
fn kept_key(state: &Path) -> Result<String> {
    master_key::find(state)?.with_context(|| {
        format!(
            "there is no master key: set SPIN_VARIABLE_MASTER_KEY as the installation has it, or name its state folder with --state; {} is not there",
            master_key::file(state).display()
        )
    })
}

fn check(file: &Path, label: &str, book: Book, master_key: &str, heads: &Heads) -> Result<Outcome> {
    let at = file.display();
    ensure!(
        file.is_file(),
        "there is no database {at}; name the installation's state folder with --state"
    );
    let chain = book.chain(label);
    let key = ChainKey::derive(master_key, &chain)?;
    let mut verifier = Verifier::new(key, heads.get(&chain));
    let database = Database::open_read_only(file).with_context(|| at.to_string())?;
    let checked = block_on(seals::check(&database, book, &mut verifier)).with_context(|| {
        format!("{at} cannot be checked; was the installation started with this release?")
    })?;
    Ok(Outcome {
        chain,
        checked,
        head: verifier.head(),
        faults: verifier.end(),
    })
}

/// The table, the faults, and the error that they are.
fn report(outcomes: &[Outcome], now_ms: i64) -> Result<()> {
    let sealed = outcomes.iter().filter(|outcome| outcome.head.number > 0);
    let other_key =
        |outcome: &Outcome| matches!(outcome.faults[..], [Fault::OtherKey { number: 1, .. }, ..]);
    if sealed.clone().count() > 0 && sealed.clone().all(other_key) {
        bail!(
            "the seals were made with another master key: give the one that the installation runs with"
        );
    }
    let heading = [
        "chain",
        "rows",
        "seals",
        "sealed up to",
        "unsealed",
        "verdict",
    ];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    rows.extend(outcomes.iter().map(Outcome::row));
    print::table(&rows);
    let faults: usize = outcomes.iter().map(|outcome| outcome.faults.len()).sum();
    for outcome in outcomes {
        for fault in &outcome.faults {
            print::line(format!("{}: {fault}", outcome.chain));
        }
        if let Some(since_ms) = outcome.late(now_ms) {
            let since = rfc3339(since_ms);
            print::line(format!(
                "{}: nothing is sealed since {since}; while the installation runs it seals every few seconds",
                outcome.chain
            ));
        }
    }
    match faults {
        0 => Ok(()),
        1 => bail!("a fault was found"),
        _ => bail!("{faults} faults were found"),
    }
}

impl Outcome {
    /// Since when rows wait for a seal that should be there: no fault, since an installation that stands still seals
    /// nothing, but a reason to look.
    fn late(&self, now_ms: i64) -> Option<i64> {
        let since_ms = self.checked.unsealed_since_ms;
        since_ms.filter(|since_ms| now_ms - since_ms > SEALED_WITHIN_MS)
    }

    fn row(&self) -> Vec<String> {
        let Checked {
            seals,
            sealed,
            unsealed,
            sealed_at_ms,
            unsealed_since_ms,
        } = self.checked;
        let none = || "-".to_owned();
        let verdict = match (self.faults.len(), seals) {
            (0, 0) => "not sealed yet".to_owned(),
            (0, _) => "whole".to_owned(),
            (faults, _) => format!("faults: {faults}"),
        };
        let since = unsealed_since_ms.map_or(String::new(), |at| format!(" since {}", rfc3339(at)));
        vec![
            self.chain.clone(),
            (sealed + unsealed).to_string(),
            seals.to_string(),
            sealed_at_ms.map_or_else(none, rfc3339),
            format!("{unsealed}{since}"),
            verdict,
        ]
    }
}
