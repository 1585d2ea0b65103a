//! The command line, one file per command. What a command shares with others is in the files without a command's name.

mod bench;
mod builds;
mod check;
mod components;
mod demo;
mod explain;
mod export;
mod import;
mod manifest;
mod master_key;
mod new_organisation;
mod one_organisation;
mod organisations;
mod pages;
mod print;
mod project;
mod served;
mod simulate;
mod test;
mod toolchain;
mod up;
mod verify;
mod what_if;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Vikno: contact centres and public bodies in one window.
#[derive(Parser)]
#[command(name = "vikno", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Builds what is not built, runs the application, prints what to open.
    Up(up::Up),
    /// Every test of the project.
    Test(test::Test),
    /// Validates organisations, processes and texts.
    Check(check::Check),
    /// Tells why a text gets the automatic reply it gets.
    Explain(explain::Explain),
    /// Leads the scenarios of organisations in virtual time, or replays an export.
    Simulate(simulate::Simulate),
    /// Measures the whole path, and a bare server beside it.
    Bench(bench::Bench),
    /// Takes process files of Corezoid into an organisation.
    Import(import::Import),
    /// Writes an organisation's processes as Corezoid takes them.
    Export(export::Export),
    /// Makes another organisation like one that is there: its folder, and its place in the manifest.
    NewOrganisation(new_organisation::NewOrganisation),
    /// Prints the manifest of one organisation deployed alone.
    Manifest(manifest::Manifest),
    /// Simulates generated citizens against queues, operators and shifts.
    WhatIf(what_if::WhatIf),
    /// Checks that no line of a journal was changed or removed.
    Verify(verify::Verify),
}

impl Cli {
    /// Does what was asked for.
    pub fn run(self) -> Result<()> {
        match self.command {
            Command::Up(up) => up.run(),
            Command::Test(test) => test.run(),
            Command::Check(check) => check.run(),
            Command::Explain(explain) => explain.run(),
            Command::Simulate(simulate) => simulate.run(),
            Command::Bench(bench) => bench.run(),
            Command::Import(import) => import.run(),
            Command::Export(export) => export.run(),
            Command::NewOrganisation(new) => new.run(),
            Command::Manifest(manifest) => manifest.run(),
            Command::WhatIf(what_if) => what_if.run(),
            Command::Verify(verify) => verify.run(),
        }
    }
}
