//! Taking in the processes that lie in the organisations' folders, without undoing what people published here.

use std::fs;
use std::io::ErrorKind;
use vikno_authoring::{Processes, merge_folder};
use vikno_domain::OrgId;
use vikno_organisation::{Organisation, ProcessBundle, ProcessFiles};
use vikno_process::{ProcessDocument, ProcessSet};
use vikno_shell::{Problem, log_info};
use vikno_storage::Database;
use vikno_storage::versions::{self, Folder, Person, Publication};

/// Takes the files in when they are not those that were taken in last; tells whether a version was published.
/// Conversations under way stay on theirs.
pub(crate) async fn newest(database: &Database, org: &OrgId, now_ms: i64) -> Result<bool, Problem> {
    let files = bundle_of(org)?;
    let before = versions::folder(database).await?;
    if before
        .as_ref()
        .is_some_and(|before| before.hash == files.version())
    {
        return Ok(false);
    }
    // A process that cannot run never reaches a citizen.
    runs(files.processes())
        .map_err(|problems| Problem::fault(format!("processes of {org}: {problems}")))?;
    let live = versions::newest_bundle(database).await?;
    let plan = plan(
        &files,
        before.as_ref(),
        live.as_ref().map(|(_, json)| json.as_str()),
    )?;
    if !plan.kept.is_empty() {
        let fields = serde_json::json!({ "org": org, "processes": plan.kept });
        log_info("published_processes_kept", fields);
    }
    let folder = Folder {
        hash: files.version().to_owned(),
        bundle: files.json().to_owned(),
        kept: plan.kept,
    };
    let setup = Person::setup();
    let publication = plan.publish.as_ref().map(|bundle| Publication {
        expected_newest: live.as_ref().map_or(0, |(version, _)| *version),
        hash: bundle.version(),
        bundle: bundle.json(),
        origin: "files",
        restored_from: None,
        by: &setup,
        approved_by: None,
        reason: "",
        drafts: &[],
        now_ms,
    });
    let taken = versions::take_folder(database, &folder, publication.as_ref(), now_ms).await?;
    taken
        .ok_or_else(|| Problem::fault(format!("{org}: somebody else publishes at this moment")))?;
    Ok(publication.is_some())
}

fn bundle_of(org: &OrgId) -> Result<ProcessBundle, Problem> {
    let path = format!("/organisations/{org}/organisation.toml");
    let toml = fs::read_to_string(&path).map_err(|e| Problem::fault(format!("{path}: {e}")))?;
    let organisation = Organisation::parse(&toml).map_err(|problems| fault(&problems))?;
    let shared = files("/organisations/_templates/processes")?;
    let own = files(&format!("/organisations/{org}/processes"))?;
    ProcessBundle::build(&organisation, &shared, &own).map_err(|problems| fault(&problems))
}

/// What of the files goes live, and which processes stay as people published them.
struct Plan {
    publish: Option<ProcessBundle>,
    kept: Vec<String>,
}

fn plan(
    files: &ProcessBundle,
    before: Option<&Folder>,
    live: Option<&str>,
) -> Result<Plan, Problem> {
    let Some(live) = live else {
        return Ok(Plan {
            publish: Some(files.clone()),
            kept: Vec::new(),
        });
    };
    let live: Processes = serde_json::from_str(live).map_err(Problem::fault)?;
    let base: Processes = match before {
        Some(before) => serde_json::from_str(&before.bundle).map_err(Problem::fault)?,
        None => Processes::new(),
    };
    let merged = merge_folder(&base, &live, files.processes());
    if merged.processes == live {
        return Ok(Plan {
            publish: None,
            kept: merged.kept,
        });
    }
    if runs(&merged.processes).is_err() {
        // New and changed parts do not fit together; what is live goes on until an author has brought them together.
        let differs = |alias: &&String| files.processes().get(*alias) != live.get(*alias);
        return Ok(Plan {
            publish: None,
            kept: files.processes().keys().filter(differs).cloned().collect(),
        });
    }
    Ok(Plan {
        publish: Some(ProcessBundle::of(merged.processes)),
        kept: merged.kept,
    })
}

fn runs(processes: &Processes) -> Result<(), String> {
    let documents = processes
        .iter()
        .map(|(alias, process)| {
            let document: ProcessDocument = serde_json::from_value(process.clone())
                .map_err(|error| format!("{alias}: {error}"))?;
            Ok((alias.clone(), document))
        })
        .collect::<Result<_, String>>()?;
    ProcessSet::build(&documents)
        .map(drop)
        .map_err(|problems| problems.to_string())
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// A process that says a text by calling another one.
    fn process(title: &str, callee: Option<&str>) -> Value {
        let call = callee.map(|callee| {
            json!({ "type": "api_rpc", "conv_id": format!("@{callee}"), "extra": {}, "extra_type": {}, "err_node_id": "end" })
        });
        let mut logics: Vec<Value> = call.into_iter().collect();
        logics.push(json!({ "type": "go", "to_node_id": "end" }));
        json!({
            "obj_type": 1, "title": title, "conv_type": "process",
            "scheme": { "nodes": [
                { "id": "start", "obj_type": 1, "condition": { "logics": [{ "type": "go", "to_node_id": "do" }], "semaphors": [] } },
                { "id": "do", "obj_type": 0, "condition": { "logics": logics, "semaphors": [{ "type": "time", "value": 60, "dimension": "sec", "to_node_id": "end" }] } },
                { "id": "end", "obj_type": 2, "condition": { "logics": [], "semaphors": [] } },
            ] },
        })
    }

    fn bundle(processes: &[(&str, Value)]) -> ProcessBundle {
        let processes = processes.iter().cloned();
        ProcessBundle::of(
            processes
                .map(|(alias, process)| (alias.to_owned(), process))
                .collect(),
        )
    }

    fn folder(bundle: &ProcessBundle) -> Folder {
        Folder {
            hash: bundle.version().to_owned(),
            bundle: bundle.json().to_owned(),
            kept: Vec::new(),
        }
    }

    #[test]
    fn the_first_start_publishes_the_files() {
        let files = bundle(&[("a", process("A", None))]);
        let plan = plan(&files, None, None).unwrap();
        assert_eq!(plan.publish, Some(files));
    }

    #[test]
    fn a_release_goes_live_beside_what_people_changed() {
        let before = bundle(&[("a", process("A", None)), ("b", process("B", None))]);
        let live = bundle(&[
            ("a", process("A by people", None)),
            ("b", process("B", None)),
        ]);
        let files = bundle(&[("a", process("A", None)), ("b", process("B 2", None))]);
        let plan = plan(&files, Some(&folder(&before)), Some(live.json())).unwrap();
        let expected = bundle(&[
            ("a", process("A by people", None)),
            ("b", process("B 2", None)),
        ]);
        assert_eq!(plan.publish, Some(expected));
        assert!(plan.kept.is_empty());
    }

    #[test]
    fn what_both_changed_stays_as_people_published_it() {
        let before = bundle(&[("a", process("A", None))]);
        let live = bundle(&[("a", process("A by people", None))]);
        let files = bundle(&[("a", process("A 2", None))]);
        let plan = plan(&files, Some(&folder(&before)), Some(live.json())).unwrap();
        assert_eq!(plan.publish, None);
        assert_eq!(plan.kept, ["a"]);
    }

    #[test]
    fn parts_that_do_not_fit_together_leave_everything_as_it_is() {
        let before = bundle(&[("a", process("A", None)), ("b", process("B", None))]);
        // People made `a` call `b`; the release takes `b` away.
        let live = bundle(&[("a", process("A", Some("b"))), ("b", process("B", None))]);
        let files = bundle(&[("a", process("A", None)), ("c", process("C", None))]);
        assert_eq!(runs(live.processes()), Ok(()));
        assert_eq!(runs(files.processes()), Ok(()));
        let plan = plan(&files, Some(&folder(&before)), Some(live.json())).unwrap();
        assert_eq!(plan.publish, None);
        assert_eq!(plan.kept, ["a", "c"]);
    }
}
