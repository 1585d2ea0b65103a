//! The command `vikno-ldap`: reads its arguments and secrets, prints what the library plans, and has it done.

use anyhow::{Context, Result, bail};
use clap::{Args, Parser, Subcommand};
use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use vikno_ldap::vikno::{Credentials, Vikno};
use vikno_ldap::{Config, Plan, Secret, directory};

/// Changes wait for `apply`.
const WAITING: u8 = 2;
/// Nothing is done without a person's word.
const BRAKED: u8 = 3;

/// Brings people of an LDAP directory or Active Directory into Vikno.
#[derive(Parser)]
#[command(
    version,
    after_help = "Secrets are read from VIKNO_LDAP_PASSWORD, VIKNO_LOGIN and VIKNO_PASSWORD."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Prints what would change and changes nothing. Ends with 0 when nothing would, with 2 when something would.
    Plan(Options),
    /// Changes it. Ends with 1 when Vikno refused a change, with 3 when too many people would be switched off.
    Apply {
        #[command(flatten)]
        options: Options,
        /// Switches off people even if they are more than `vikno.brake_percent`, or everybody.
        #[arg(long)]
        force: bool,
    },
}

#[derive(Args)]
struct Options {
    /// The configuration.
    #[arg(long)]
    config: PathBuf,
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        // Clap would end with 2, which says here that changes wait.
        Err(error) => {
            let asked = !error.use_stderr();
            drop(error.print());
            return if asked {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            };
        }
    };
    let ended = match &cli.command {
        Command::Plan(options) => plan(options),
        Command::Apply { options, force } => apply(options, *force),
    };
    ended.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn plan(options: &Options) -> Result<ExitCode> {
    let (vikno, plan) = planned(options)?;
    vikno.sign_out();
    for change in &plan.changes {
        say(change)?;
    }
    remark(&plan)?;
    if let Some(brake) = plan.brake {
        say(format_args!("not to be applied without --force: {brake}"))?;
        return Ok(BRAKED.into());
    }
    say(counted(plan.changes.len(), "would be made"))?;
    Ok(if plan.changes.is_empty() { 0 } else { WAITING }.into())
}

fn apply(options: &Options, force: bool) -> Result<ExitCode> {
    let (mut vikno, plan) = planned(options)?;
    if let Some(brake) = plan.brake.filter(|_| !force) {
        vikno.sign_out();
        say(format_args!(
            "nothing is changed: {brake}; see `plan`, then use --force if that is right"
        ))?;
        return Ok(BRAKED.into());
    }
    let mut refused = 0;
    for change in &plan.changes {
        match vikno.make(change) {
            Ok(()) => say(change)?,
            Err(error) if error.is_refusal() => {
                refused += 1;
                say(format_args!("REFUSED {change}: {error}"))?;
            }
            Err(error) => return Err(error).with_context(|| format!("at '{change}'")),
        }
    }
    vikno.sign_out();
    remark(&plan)?;
    say(counted(plan.changes.len() - refused, "made"))?;
    if refused > 0 {
        bail!("Vikno refused {refused} of {} changes", plan.changes.len());
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads both sides and compares them.
fn planned(options: &Options) -> Result<(Vikno, Plan)> {
    let file = &options.config;
    let text =
        fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let config = Config::parse(&text).with_context(|| file.display().to_string())?;
    let bind_password = secret("VIKNO_LDAP_PASSWORD")?;
    let credentials = Credentials {
        login: variable("VIKNO_LOGIN")?,
        password: secret("VIKNO_PASSWORD")?,
    };
    let found = directory::read(&config, &bind_password)?;
    let mut vikno = Vikno::sign_in(&config.vikno, credentials).context("signing in to Vikno")?;
    let here = vikno.here().context("reading people from Vikno")?;
    let missing = here.missing(&config.rules);
    if !missing.is_empty() {
        vikno.sign_out();
        bail!(
            "the rules do not fit this Vikno:\n  {}",
            missing.join("\n  ")
        );
    }
    let mut plan = vikno_ldap::plan(&found.people, &here, &config.rules);
    plan.remarks.splice(0..0, found.remarks);
    Ok((vikno, plan))
}

fn variable(name: &str) -> Result<String> {
    let value = env::var(name).ok().filter(|value| !value.is_empty());
    value.with_context(|| format!("the environment variable {name} is not set"))
}

fn secret(name: &str) -> Result<Secret> {
    Secret::new(variable(name)?)
        .with_context(|| format!("the environment variable {name} is empty"))
}

fn remark(plan: &Plan) -> Result<()> {
    plan.remarks
        .iter()
        .try_for_each(|remark| say(format_args!("note: {remark}")))
}

fn counted(changes: usize, what: &str) -> String {
    match changes {
        0 => "nothing to change".to_owned(),
        1 => format!("1 change {what}"),
        more => format!("{more} changes {what}"),
    }
}

fn say(line: impl std::fmt::Display) -> Result<()> {
    writeln!(io::stdout().lock(), "{line}").context("standard output is closed")
}
