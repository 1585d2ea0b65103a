//! Installations whose organisations differ from those of the project.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use vikno_tests::installation::{Installation, project};

/// An installation from a folder of its own.
pub(crate) struct Deployment {
    pub(crate) installation: Installation,
    _folder: tempfile::TempDir,
}

impl Deployment {
    /// `change` is given the settings file of each organisation; `more` are further settings (environment).
    pub(crate) fn changed(change: impl Fn(&Path), more: &[(&str, &str)]) -> Self {
        let folder = folder(change);
        let spin = fs::read_to_string(project().join("spin.toml")).expect("the manifest");
        let manifest = folder.path().join("spin.toml");
        fs::write(&manifest, spin).expect("a folder of ours");
        Self {
            installation: Installation::start_from(&manifest, more),
            _folder: folder,
        }
    }
}

/// Components and pages as they are, organisations as a copy.
pub(crate) fn folder(change: impl Fn(&Path)) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let project = fs::canonicalize(project()).expect("the project");
    for shared in ["target", "web"] {
        symlink(project.join(shared), folder.path().join(shared)).expect("a fresh folder");
    }
    let to = folder.path().join("organisations");
    copy(&project.join("organisations"), &to);
    for entry in fs::read_dir(&to).expect("organisations") {
        let settings = entry.expect("a folder").path().join("organisation.toml");
        if settings.is_file() {
            change(&settings);
        }
    }
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder of ours");
    for entry in fs::read_dir(from).expect("a folder") {
        let from = entry.expect("an entry").path();
        let to = to.join(from.file_name().expect("a name"));
        match from.is_dir() {
            true => copy(&from, &to),
            false => drop(fs::copy(&from, &to).expect("a file")),
        }
    }
}
