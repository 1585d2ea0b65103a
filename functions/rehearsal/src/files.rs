//! The organisation's files but for its processes, which come with the request.

use std::collections::BTreeMap;
use std::fs;
use vikno_organisation::{Organisation, OrganisationFiles, ProcessFiles, SharedFiles};
use vikno_shell::Problem;
use vikno_simulator::ScenarioFiles;

const FOLDER: &str = "/organisations";
pub(crate) const SHARED: &str = "_templates";

/// What all organisations share, and what this one has of its own.
pub(crate) fn read(
    organisation: &Organisation,
) -> Result<(SharedFiles, OrganisationFiles), Problem> {
    let org = organisation.id.as_str();
    let own = |name: &str| {
        let path = format!("{FOLDER}/{org}/{name}");
        fs::read_to_string(&path).map_err(|error| Problem::fault(format!("{path}: {error}")))
    };
    let shared = SharedFiles {
        texts: texts(SHARED, organisation),
        processes: ProcessFiles::new(),
    };
    let own = OrganisationFiles {
        folder: org.to_owned(),
        settings: own("organisation.toml")?,
        replies: own("replies.toml")?,
        texts: texts(org, organisation),
        processes: ProcessFiles::new(),
    };
    Ok((shared, own))
}

fn texts(folder: &str, organisation: &Organisation) -> BTreeMap<String, String> {
    let languages = organisation.languages.iter().map(ToString::to_string);
    languages
        .filter_map(|language| {
            // A language without a file of its own is spoken by the shared texts.
            let path = format!("{FOLDER}/{folder}/texts/{language}.ftl");
            Some((language, fs::read_to_string(path).ok()?))
        })
        .collect()
}

/// The scenarios of a folder; none where it has none.
pub(crate) fn scenarios(folder: &str) -> ScenarioFiles {
    let entries = fs::read_dir(format!("{FOLDER}/{folder}/scenarios"));
    let names = entries.into_iter().flatten().flatten();
    names
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let text = fs::read_to_string(entry.path()).ok()?;
            name.ends_with(".toml").then_some((name, text))
        })
        .collect()
}

/// Every organisation of this installation: where a dialogue may be moved to.
pub(crate) async fn others() -> Vec<Organisation> {
    let mut others = Vec::new();
    for org in vikno_shell::served_organisations().await {
        if let Ok(organisation) = vikno_shell::organisation(&org).await {
            others.push((*organisation).clone());
        }
    }
    others
}
