//! `vikno test`: every test of the project, as CI runs them.

use super::components;
use super::print;
use super::project::Project;
use super::served;
use super::toolchain;
use anyhow::{Context, Result};
use clap::Args;

/// `vikno test`.
#[derive(Args)]
pub struct Test {
    /// Runs only the tests whose name contains this.
    filter: Option<String>,
}

impl Test {
    /// Builds the components, then runs the tests of all packages: unit and property tests, the host's, and the
    /// end-to-end tests over the real components. Ends with an error when one fails.
    pub fn run(self) -> Result<()> {
        let project = Project::find(None)?;
        let manifest = served::manifest(&project, &[])?;
        components::bring_up_to_date(&project, &manifest)?;
        print::line("checking the form of the code (cargo fmt --check)");
        let mut format = toolchain::tool("cargo", &project.root);
        toolchain::run(format.args(["fmt", "--all", "--check"]), "cargo fmt")?;
        // The end-to-end tests start this very program.
        let program = std::env::current_exe().context("this program has no file")?;
        let mut test = toolchain::tool("cargo", &project.root);
        test.args(["test", "--workspace", "--no-fail-fast"])
            .env("VIKNO_BIN", program);
        if let Some(filter) = &self.filter {
            test.arg("--").arg(filter);
        }
        toolchain::run(&mut test, "the test run")
    }
}
