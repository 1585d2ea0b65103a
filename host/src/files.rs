//! `files` of the manifest: what a component may read, and where it finds it.

use crate::manifest::Mount;
use anyhow::{Context, Result, bail};
use std::path::{Component as Part, Path, PathBuf};

/// A folder a component may read.
#[derive(Clone, Debug)]
pub struct Folder {
    /// Where it is.
    pub source: PathBuf,
    /// Where the component sees it.
    pub destination: String,
}

/// Prepares a component's files. Folders are read in place; single files and patterns are copied to `staging`,
/// which the component sees as its root.
pub fn prepare(
    mounts: &[Mount],
    exclude: &[String],
    root: &Path,
    staging: &Path,
) -> Result<Vec<Folder>> {
    if staging.exists() {
        std::fs::remove_dir_all(staging)?;
    }
    let excluded = exclude
        .iter()
        .map(|pattern| glob::Pattern::new(pattern).context("exclude_files"))
        .collect::<Result<Vec<_>>>()?;
    let is_excluded = |path: &Path| excluded.iter().any(|pattern| pattern.matches_path(path));

    let mut folders = Vec::new();
    let mut staged = false;
    for mount in mounts {
        match mount {
            Mount::Placed {
                source,
                destination,
            } => {
                let from = root.join(source);
                if from.is_dir() && excluded.is_empty() {
                    folders.push(Folder {
                        source: from,
                        destination: destination.clone(),
                    });
                } else if from.is_dir() {
                    for file in files_below(&from)? {
                        let inside = file.strip_prefix(&from)?;
                        if !is_excluded(file.strip_prefix(root)?) {
                            let to = Path::new(destination.trim_start_matches('/')).join(inside);
                            stage(&file, staging, &to)?;
                        }
                    }
                    staged = true;
                } else if from.is_file() {
                    stage(
                        &from,
                        staging,
                        Path::new(destination.trim_start_matches('/')),
                    )?;
                    staged = true;
                } else {
                    bail!("files: {} is not there", from.display());
                }
            }
            Mount::Pattern(pattern) => {
                for file in matching(root, pattern)? {
                    let inside = file.strip_prefix(root)?;
                    if !is_excluded(inside) {
                        stage(&file, staging, inside)?;
                    }
                }
                staged = true;
            }
        }
    }
    if staged && staging.exists() {
        folders.push(Folder {
            source: staging.to_owned(),
            destination: "/".to_owned(),
        });
    }
    Ok(folders)
}

fn matching(root: &Path, pattern: &str) -> Result<Vec<PathBuf>> {
    let leaves = Path::new(pattern)
        .components()
        .any(|part| !matches!(part, Part::Normal(_) | Part::CurDir));
    if leaves {
        bail!("files: {pattern:?} must stay below the manifest's folder");
    }
    let root = glob::Pattern::escape(&root.to_string_lossy());
    let mut found = Vec::new();
    for path in glob::glob(&format!("{root}/{pattern}")).context("files")? {
        let path = path?;
        if path.is_file() {
            found.push(path);
        }
    }
    Ok(found)
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    Ok(found)
}

fn stage(file: &Path, staging: &Path, inside: &Path) -> Result<()> {
    let to = staging.join(inside);
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::copy(file, &to).with_context(|| format!("files: {}", file.display()))?;
    Ok(())
}
