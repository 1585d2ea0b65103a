//! `vikno test`: every test of the project, as CI runs them.

use super::project::Project;
use super::{builds, pages, print, served, toolchain};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::path::Path;
use std::time::Instant;

/// The host's package. It is tested by itself: together with the others its dependencies would get other features,
/// and wasmtime would be compiled a second time.
const HOST: &str = "vikno";

/// Lines of failing tests that are repeated at the end.
const FAILURE_LINES_MAX: usize = 120;

/// `vikno test`.
#[derive(Args)]
pub struct Test {
    /// Runs only the tests whose name contains this.
    filter: Option<String>,
}

impl Test {
    /// Builds the components and pages, then looks at form and lints, then runs the tests of all packages: unit and property
    /// tests, the host's, and the end-to-end tests over the real components. Ends with an error when one fails.
    pub fn run(self) -> Result<()> {
        let project = Project::find(None)?;
        let root = &project.root;
        let manifest = served::manifest(&project, &[])?;
        builds::bring_up_to_date(&project, &manifest)?;
        // The end-to-end tests start this very program.
        let program = std::env::current_exe().context("this program has no file")?;
        let mut steps = vec![
            (
                "libraries, components, end to end",
                self.test(&["--workspace", "--exclude", HOST]),
            ),
            ("host", self.test(&["-p", HOST])),
        ];
        if self.filter.is_none() {
            steps.insert(0, ("form of the code", vec!["fmt", "--all", "--check"]));
        }
        let mut failed = Vec::new();
        let mut rows = Vec::new();
        let mut failures = Failures::default();
        if self.filter.is_none() {
            let start = Instant::now();
            let tested = pages::test(root);
            rows.push(row("pages", tested.is_ok(), start));
            if let Err(error) = tested {
                print::line(format!("{error:#}"));
                failed.push("pages");
            }
        }
        for (name, arguments) in steps {
            let start = Instant::now();
            let passed = cargo(root, &program, name, &arguments, &mut failures);
            rows.push(row(name, passed, start));
            if !passed {
                failed.push(name);
            }
        }
        failures.print();
        print::table(&rows);
        if !failed.is_empty() {
            bail!("failed: {}", failed.join("; "));
        }
        Ok(())
    }

    fn test<'a>(&'a self, packages: &[&'a str]) -> Vec<&'a str> {
        let filter = self.filter.iter().flat_map(|filter| ["--", filter]);
        let arguments = ["test", "--no-fail-fast"].into_iter();
        arguments
            .chain(packages.iter().copied())
            .chain(filter)
            .collect()
    }
}

fn row(name: &str, passed: bool, start: Instant) -> Vec<String> {
    let outcome = if passed { "passed" } else { "failed" };
    let seconds = start.elapsed().as_secs();
    vec![name.to_owned(), outcome.to_owned(), format!("{seconds} s")]
}

/// Runs cargo and tells whether it ended well.
fn cargo(
    root: &Path,
    program: &Path,
    name: &str,
    arguments: &[&str],
    failures: &mut Failures,
) -> bool {
    print::line(format!("{name}: cargo {}", arguments.join(" ")));
    let mut cargo = toolchain::tool("cargo", root);
    cargo.args(arguments).env("VIKNO_BIN", program);
    match toolchain::run_watched(&mut cargo, name, |line| failures.see(line)) {
        Ok(()) => true,
        Err(error) => {
            print::line(format!("{error:#}"));
            false
        }
    }
}

/// What failing tests said, to be repeated at the end: thousands of lines lie between.
#[derive(Default)]
struct Failures {
    lines: Vec<String>,
    is_said: bool,
}

impl Failures {
    /// Takes a line of a test program. Each ends with its failures' output, then a list of them under the same heading.
    fn see(&mut self, line: &str) {
        match line {
            "failures:" => self.is_said = !self.is_said,
            _ if line.starts_with("test result:") => self.is_said = false,
            _ if self.is_said && !line.is_empty() && self.lines.len() < FAILURE_LINES_MAX => {
                self.lines.push(line.to_owned());
            }
            _ => {}
        }
    }

    fn print(&self) {
        if !self.lines.is_empty() {
            print::line("what failed:");
        }
        for line in &self.lines {
            print::line(format!("  {line}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Failures;

    #[test]
    fn what_failing_tests_said_is_kept_and_nothing_else() {
        let output = "\
running 2 tests
test one ... ok
test two ... FAILED

failures:

---- two stdout ----
expected 1, found 2

failures:
    two

test result: FAILED. 1 passed; 1 failed

running 1 test
test three ... ok
test result: ok. 1 passed; 0 failed";
        let mut failures = Failures::default();
        output.lines().for_each(|line| failures.see(line));
        assert_eq!(
            failures.lines,
            ["---- two stdout ----", "expected 1, found 2"]
        );
    }
}
