//! Brings the static pages up to date: installs what they are built with (npm, by the lock file) and bundles them.

use super::project::Project;
use super::{builds, print, toolchain};
use anyhow::Result;
use std::path::Path;
use std::process::Stdio;

/// Where the pages' sources are.
const FOLDER: &str = "web";
/// What the bundle was built from.
const BUNDLE: &str = "web/dist/sources.sha256";
/// What the libraries were installed from.
const LIBRARIES: &str = "web/node_modules/lock.sha256";

/// Bundles the pages if a source has changed since.
pub fn bring_up_to_date(project: &Project) -> Result<()> {
    let root = &project.root;
    let sources = builds::fingerprint(root, &[FOLDER])?;
    let stamp = root.join(BUNDLE);
    if builds::is_built_from(&stamp, &sources) {
        return Ok(());
    }
    bring_libraries(root)?;
    print::line("building the pages");
    npm(root, &["run", "--silent", "build"], "building the pages")?;
    builds::stamp(&stamp, &sources)
}

fn bring_libraries(root: &Path) -> Result<()> {
    let lock = builds::fingerprint(root, &["web/package-lock.json"])?;
    let stamp = root.join(LIBRARIES);
    if builds::is_built_from(&stamp, &lock) {
        return Ok(());
    }
    print::line("installing the pages' libraries");
    npm(root, &["ci", "--silent"], "installing the pages' libraries")?;
    builds::stamp(&stamp, &lock)
}

/// Runs the tests of the pages' pure parts.
pub fn test(root: &Path) -> Result<()> {
    npm(root, &["test", "--silent"], "testing the pages")
}

fn npm(root: &Path, arguments: &[&str], what: &str) -> Result<()> {
    let mut npm = toolchain::tool("npm", &root.join(FOLDER));
    toolchain::run(npm.args(arguments).stdin(Stdio::null()), what)
}
