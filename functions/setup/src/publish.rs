//! Publishing the processes that lie in the organisations' folders.

use std::fs;
use std::io::ErrorKind;
use vikno_domain::OrgId;
use vikno_organisation::{Organisation, ProcessBundle, ProcessFiles};
use vikno_process::{ProcessDocument, ProcessSet};
use vikno_shell::Problem;
use vikno_storage::{Database, versions};

/// Publishes the organisation's processes if they differ from the newest version; conversations under way stay on theirs.
pub(crate) async fn newest(database: &Database, org: &OrgId, now_ms: i64) -> Result<bool, Problem> {
    let path = format!("/organisations/{org}/organisation.toml");
    let toml = fs::read_to_string(&path).map_err(|e| Problem::fault(format!("{path}: {e}")))?;
    let organisation = Organisation::parse(&toml).map_err(|problems| fault(&problems))?;
    let shared = files("/organisations/_templates/processes")?;
    let own = files(&format!("/organisations/{org}/processes"))?;
    let bundle =
        ProcessBundle::build(&organisation, &shared, &own).map_err(|problems| fault(&problems))?;
    if versions::newest_hash(database).await?.as_deref() == Some(bundle.version()) {
        return Ok(false);
    }
    // A process that cannot run never reaches a citizen.
    let documents =
        serde_json::from_str::<std::collections::BTreeMap<String, ProcessDocument>>(bundle.json())
            .map_err(|error| Problem::fault(format!("processes of {org}: {error}")))?;
    ProcessSet::build(&documents)
        .map_err(|problems| Problem::fault(format!("processes of {org}: {problems}")))?;
    Ok(versions::publish(database, bundle.version(), bundle.json(), now_ms, "setup").await?)
}

/// The JSON files of a folder by name; a folder that is not there has none.
fn files(folder: &str) -> Result<ProcessFiles, Problem> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(ProcessFiles::new()),
        Err(error) => return Err(Problem::fault(format!("{folder}: {error}"))),
    };
    let mut found = ProcessFiles::new();
    for entry in entries {
        let entry = entry.map_err(|error| Problem::fault(format!("{folder}: {error}")))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".json") {
            let path = format!("{folder}/{name}");
            let text =
                fs::read_to_string(&path).map_err(|e| Problem::fault(format!("{path}: {e}")))?;
            found.insert(name, text);
        }
    }
    Ok(found)
}

fn fault<P: std::fmt::Display>(problems: &[P]) -> Problem {
    let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
    Problem::fault(all.join("; "))
}
