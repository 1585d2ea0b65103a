//! Component dependencies, composed in before compiling.

use crate::manifest::Dependency;
use anyhow::{Result, bail};
use std::collections::BTreeMap;
use std::path::Path;

/// The component with its dependencies composed in.
pub fn compose(
    wasm: Vec<u8>,
    dependencies: &BTreeMap<String, Dependency>,
    _root: &Path,
) -> Result<Vec<u8>> {
    if !dependencies.is_empty() {
        bail!("dependencies");
    }
    Ok(wasm)
}
