//! Reads the project's organisations.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use vikno_organisation::{Organisation, OrganisationFiles, SharedFiles};
use vikno_simulator::{Centre, ScenarioFiles, Suite};

pub const ORGANISATIONS: [&str; 10] = [
    "ukc", "mindov", "minsoc", "mzs", "mon", "mou", "osvita", "ukco", "diia", "cashback",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../organisations")
}

/// The files of a folder with this ending, by name or by stem.
fn files(folder: &Path, ending: &str, by_stem: bool) -> BTreeMap<String, String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return BTreeMap::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    let wanted = paths.filter(|path| path.extension().is_some_and(|own| own == ending));
    wanted
        .map(|path| {
            let name = if by_stem {
                path.file_stem()
            } else {
                path.file_name()
            };
            let name = name.unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect()
}

pub fn shared() -> SharedFiles {
    let folder = folder().join("_templates");
    SharedFiles {
        texts: files(&folder.join("texts"), "ftl", true),
        processes: files(&folder.join("processes"), "json", false),
    }
}

pub fn own(org: &str) -> OrganisationFiles {
    let folder = folder().join(org);
    OrganisationFiles {
        folder: org.to_owned(),
        settings: fs::read_to_string(folder.join("organisation.toml")).unwrap(),
        replies: fs::read_to_string(folder.join("replies.toml")).unwrap(),
        texts: files(&folder.join("texts"), "ftl", true),
        processes: files(&folder.join("processes"), "json", false),
    }
}

pub fn centre(org: &str) -> Centre {
    with(&own(org))
}

/// An organisation of files that a test has changed.
pub fn with(own: &OrganisationFiles) -> Centre {
    let others =
        ["ukc", "mindov"].map(|org| Organisation::parse(&self::own(org).settings).unwrap());
    Centre::build(&shared(), own, &others).unwrap()
}

fn scenarios(org: &str) -> ScenarioFiles {
    files(&folder().join(org).join("scenarios"), "toml", false)
}

pub fn suite(org: &str) -> Suite {
    Suite::read(&scenarios("_templates"), org, &scenarios(org))
}
