//! The command line, one file per command. What a command shares with others is in the files without a command's name.

mod bench;
mod check;
mod components;
mod demo;
mod manifest;
mod master_key;
mod organisations;
mod print;
mod project;
mod served;
mod simulate;
mod test;
mod toolchain;
mod up;

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
    /// Leads the scenarios of organisations in virtual time, or replays an export.
    Simulate(simulate::Simulate),
    /// Measures the whole path, and a bare server beside it.
    Bench(bench::Bench),
    /// Prints the manifest of one organisation deployed alone.
    Manifest(manifest::Manifest),
}

impl Cli {
    /// Does what was asked for.
    pub fn run(self) -> Result<()> {
        match self.command {
            Command::Up(up) => up.run(),
            Command::Test(test) => test.run(),
            Command::Check(check) => check.run(),
            Command::Simulate(simulate) => simulate.run(),
            Command::Bench(bench) => bench.run(),
            Command::Manifest(manifest) => manifest.run(),
        }
    }
}
