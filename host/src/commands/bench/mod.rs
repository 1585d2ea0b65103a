//! `vikno bench`: how fast the whole path is, from a channel's webhook to the delivered reply, and how fast a bare
//! server with the same work is, in the same run. Measures an installation of its own, never a running one.

use clap::Args;
use std::path::PathBuf;

/// `vikno bench`.
#[derive(Args)]
pub struct Bench {
    /// How long each load lasts.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(3..=3600))]
    seconds: u64,
    /// Writes the figures to this file as JSON, too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}
