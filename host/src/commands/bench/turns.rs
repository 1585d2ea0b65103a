//! The processes alone: turns a second of the simulator on one core, by its own measure.

use crate::commands::toolchain;
use anyhow::{Context, Result, bail};
use std::path::Path;

/// Builds the measure with all optimisation and runs it.
pub fn per_second(root: &Path) -> Result<f64> {
    let mut cargo = toolchain::tool("cargo", root);
    cargo.args([
        "run",
        "--quiet",
        "--profile",
        "bench",
        "-p",
        "vikno-simulator",
    ]);
    let output = cargo.args(["--example", "turns"]).output()?;
    if !output.status.success() {
        bail!(
            "the measure of turns failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    read(&told).with_context(|| format!("the measure of turns said {told:?}"))
}

/// `31000 turns a second on one core`.
fn read(told: &str) -> Option<f64> {
    told.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn the_number_stands_first() {
        assert_eq!(read("31234 turns a second on one core\n"), Some(31_234.0));
        assert_eq!(read("no number"), None);
    }
}
