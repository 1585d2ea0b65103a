//! Reads the folder of organisations; the crate itself opens no file.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use vikno_organisation::{Organisation, OrganisationFiles, ProcessBundle, SharedFiles};

pub const ORGANISATIONS: [&str; 10] = [
    "cashback", "diia", "mindov", "minsoc", "mon", "mou", "mzs", "osvita", "ukc", "ukco",
];

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../organisations")
}

pub fn shared() -> SharedFiles {
    let folder = folder().join("_templates");
    SharedFiles {
        texts: texts(&folder.join("texts")),
        processes: read_all(&folder.join("processes")),
    }
}

pub fn own(id: &str) -> OrganisationFiles {
    let folder = folder().join(id);
    OrganisationFiles {
        folder: id.to_owned(),
        settings: fs::read_to_string(folder.join("organisation.toml")).unwrap(),
        replies: fs::read_to_string(folder.join("replies.toml")).unwrap(),
        texts: texts(&folder.join("texts")),
        processes: read_all(&folder.join("processes")),
    }
}

pub fn organisation(id: &str) -> Organisation {
    Organisation::parse(&own(id).settings).unwrap()
}

pub fn replies(id: &str) -> vikno_replies::Replies {
    organisation(id).replies(&own(id).replies).unwrap()
}

pub fn bundle(id: &str) -> ProcessBundle {
    ProcessBundle::build(&organisation(id), &shared().processes, &own(id).processes).unwrap()
}

fn texts(folder: &Path) -> BTreeMap<String, String> {
    let files = read_all(folder).into_iter();
    files
        .map(|(name, text)| (name.strip_suffix(".ftl").unwrap().to_owned(), text))
        .collect()
}

fn read_all(folder: &Path) -> BTreeMap<String, String> {
    if !folder.exists() {
        return BTreeMap::new();
    }
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read_to_string(entry.path()).unwrap())
        })
        .collect()
}
