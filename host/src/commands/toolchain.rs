//! Calls of cargo, rustc and rustup for this project's own toolchain.

use super::print;
use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// What components are compiled to.
pub const WASM_TARGET: &str = "wasm32-wasip2";

/// What `cargo run` tells the program it starts; passed on, it would make cargo rebuild what reads it.
const OF_CARGO_RUN: [&str; 5] = [
    "CARGO_PKG_",
    "CARGO_MANIFEST_",
    "CARGO_BIN_",
    "CARGO_CRATE_",
    "CARGO_PRIMARY_",
];

/// A program of the toolchain, in the project's folder.
pub fn tool(name: &str, root: &Path) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root);
    for (variable, _) in std::env::vars_os() {
        let name = variable.to_string_lossy();
        if OF_CARGO_RUN.iter().any(|prefix| name.starts_with(prefix)) {
            command.env_remove(&variable);
        }
    }
    command
}

/// Runs to the end; what it prints is seen.
pub fn run(command: &mut Command, what: &str) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command
        .status()
        .with_context(|| format!("{program} does not start; is rustup installed?"))?;
    if !status.success() {
        bail!("{what} failed ({program}: {status})");
    }
    Ok(())
}

/// Runs to the end; what it prints is seen, and every line of its standard output is also handed to `watch`.
pub fn run_watched(command: &mut Command, what: &str, mut watch: impl FnMut(&str)) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{program} does not start; is rustup installed?"))?;
    let output = child.stdout.take().map(BufReader::new);
    // What a test prints need not be text.
    for line in output.into_iter().flat_map(|output| output.split(b'\n')) {
        let line = String::from_utf8_lossy(&line?).into_owned();
        print::line(&line);
        watch(&line);
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{what} failed ({program}: {status})");
    }
    Ok(())
}

/// Sees to it that the toolchain can compile components.
pub fn ensure_wasm_target(root: &Path) -> Result<()> {
    let found = tool("rustc", root)
        .args(["--print", "target-libdir", "--target", WASM_TARGET])
        .stderr(Stdio::null())
        .output()
        .context("rustc does not start; is rustup installed?")?;
    let folder = String::from_utf8_lossy(&found.stdout);
    if Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    print::line(format!("installing the target {WASM_TARGET}"));
    run(
        tool("rustup", root).args(["target", "add", WASM_TARGET]),
        "installing the wasm target",
    )
}

/// Builds packages for wasm in the profile that makes them small.
pub fn build_wasm<S: AsRef<OsStr>>(
    root: &Path,
    packages: impl IntoIterator<Item = S>,
) -> Result<()> {
    let mut cargo = tool("cargo", root);
    cargo.args(["build", "--release", "--target", WASM_TARGET]);
    // Where the manifest looks for them, whatever the environment says.
    cargo.arg("--target-dir").arg(root.join("target"));
    for package in packages {
        cargo.arg("-p").arg(package);
    }
    run(&mut cargo, "building the components")
}
