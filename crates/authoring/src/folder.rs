//! A new release brings files of processes. It changes what nobody has changed here, and never silently undoes what was
//! published by people: a process changed on both sides stays as it is published, and is told.

use crate::Processes;
use std::collections::BTreeSet;

/// What to publish after a release.
#[derive(Debug, Clone, PartialEq)]
pub struct FolderMerge {
    /// The processes together.
    pub processes: Processes,
    /// Aliases that the files change too, but that stay as people published them.
    pub kept: Vec<String>,
}

/// `base`: the files as they were taken in last; `published`: what is live; `files`: as they are now.
pub fn merge_folder(base: &Processes, published: &Processes, files: &Processes) -> FolderMerge {
    let aliases: BTreeSet<&String> = base
        .keys()
        .chain(published.keys())
        .chain(files.keys())
        .collect();
    let mut merged = FolderMerge {
        processes: Processes::new(),
        kept: Vec::new(),
    };
    for alias in aliases {
        let (old, ours, theirs) = (base.get(alias), published.get(alias), files.get(alias));
        let chosen = if ours == old { theirs } else { ours };
        if ours != old && theirs != old && ours != theirs {
            merged.kept.push(alias.clone());
        }
        if let Some(process) = chosen {
            merged.processes.insert(alias.clone(), process.clone());
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn set(values: &[(&str, i64)]) -> Processes {
        let values = values.iter();
        values
            .map(|(alias, value)| ((*alias).to_owned(), json!(value)))
            .collect()
    }

    #[test]
    fn a_release_changes_what_nobody_changed_here() {
        for (what, base, published, files, expected, kept) in [
            (
                "nothing",
                &[("a", 1)][..],
                &[("a", 1)][..],
                &[("a", 1)][..],
                &[("a", 1)][..],
                &[][..],
            ),
            (
                "the files",
                &[("a", 1)],
                &[("a", 1)],
                &[("a", 2)],
                &[("a", 2)],
                &[],
            ),
            (
                "people",
                &[("a", 1)],
                &[("a", 3)],
                &[("a", 1)],
                &[("a", 3)],
                &[],
            ),
            (
                "both",
                &[("a", 1)],
                &[("a", 3)],
                &[("a", 2)],
                &[("a", 3)],
                &["a"],
            ),
            (
                "both alike",
                &[("a", 1)],
                &[("a", 2)],
                &[("a", 2)],
                &[("a", 2)],
                &[],
            ),
            (
                "each its own",
                &[("a", 1), ("b", 1)],
                &[("a", 3), ("b", 1)],
                &[("a", 1), ("b", 2)],
                &[("a", 3), ("b", 2)],
                &[],
            ),
            ("new in the files", &[], &[], &[("a", 1)], &[("a", 1)], &[]),
            ("new by people", &[], &[("a", 1)], &[], &[("a", 1)], &[]),
            (
                "gone from the files",
                &[("a", 1)],
                &[("a", 1)],
                &[],
                &[],
                &[],
            ),
            (
                "gone from the files, changed by people",
                &[("a", 1)],
                &[("a", 3)],
                &[],
                &[("a", 3)],
                &["a"],
            ),
        ] {
            let merged = merge_folder(&set(base), &set(published), &set(files));
            assert_eq!(merged.processes, set(expected), "{what}");
            assert_eq!(merged.kept, kept, "{what}");
        }
    }
}
