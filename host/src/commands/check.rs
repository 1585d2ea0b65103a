//! `vikno check`: organisations, processes and texts, before anybody meets them.

use super::organisations::{self, SHARED};
use super::print;
use super::project::Project;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use vikno_organisation::{
    Organisation, OrganisationFiles, ProcessBundle, SharedFiles, check as check_files,
};
use vikno_process::{Process, ProcessDocument, Severity, parse_all, validate};
use vikno_simulator::{ScenarioFiles, Suite};

/// `vikno check`.
#[derive(Args)]
pub struct Check {
    /// An organisation's folder, the folder of all, or a file of processes [default: organisations].
    path: Option<PathBuf>,
}

impl Check {
    /// Prints everything that is wrong: file, node, what to do.
    pub fn run(self) -> Result<()> {
        let path = match self.path {
            Some(path) => path,
            None => Project::find(None)?.root.join("organisations"),
        };
        let found = if path.is_file() {
            problems_of_file(&path)?
        } else {
            problems_of_folder(&path)?
        };
        for problem in &found {
            print::line(problem);
        }
        match found.len() {
            0 => print::line(format!("{} is in order", path.display())),
            1 => bail!("1 problem"),
            count => bail!("{count} problems"),
        }
        Ok(())
    }
}

/// What is wrong with the processes of one file, as Corezoid exports it.
fn problems_of_file(path: &Path) -> Result<BTreeSet<String>> {
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    let at = path.display();
    let documents = match parse_all(&bytes) {
        Ok(documents) => documents,
        Err(error) => return Ok(BTreeSet::from([format!("{at}: {error}")])),
    };
    let processes = documents.into_iter().filter(ProcessDocument::is_process);
    // Without the other files of the export it is not known what may be called.
    let problems = processes.flat_map(|document| Process::check(&document.title, &document).1);
    let errors = problems.filter(|problem| problem.severity == Severity::Error);
    Ok(errors.map(|problem| format!("{at}: {problem}")).collect())
}

/// What is wrong with an organisation, or with all in a folder. What they share is told once.
fn problems_of_folder(folder: &Path) -> Result<BTreeSet<String>> {
    let folder = folder
        .canonicalize()
        .with_context(|| format!("{} is not there", folder.display()))?;
    let is_one = folder.join("organisation.toml").is_file();
    let (all, wanted) = match folder.parent() {
        Some(all) if is_one => (all.to_owned(), vec![folder]),
        _ => (folder.clone(), organisations::folders(&folder)?),
    };
    let shared = organisations::shared(&all)?;
    let scenarios = organisations::scenarios(&all.join(SHARED))?;
    let mut found = BTreeSet::new();
    for folder in &wanted {
        found.extend(problems(&shared, folder)?);
        found.extend(scenario_problems(&scenarios, folder)?);
    }
    Ok(found)
}

fn scenario_problems(shared: &ScenarioFiles, folder: &Path) -> Result<Vec<String>> {
    let own = organisations::scenarios(folder)?;
    let suite = Suite::read(shared, &organisations::name(folder)?, &own);
    Ok(suite.problems.iter().map(ToString::to_string).collect())
}

fn problems(shared: &SharedFiles, folder: &Path) -> Result<Vec<String>> {
    let own = organisations::own(folder)?;
    let mut found: Vec<String> = check_files(shared, &own)
        .iter()
        .map(ToString::to_string)
        .collect();
    // Processes are looked at once their files can be put together.
    if let Ok(organisation) = Organisation::parse(&own.settings)
        && let Ok(bundle) = ProcessBundle::build(&organisation, &shared.processes, &own.processes)
    {
        match serde_json::from_str::<BTreeMap<String, ProcessDocument>>(bundle.json()) {
            Ok(documents) => {
                let errors = validate(&documents).into_iter();
                let errors = errors.filter(|problem| problem.severity == Severity::Error);
                found.extend(
                    errors.map(|problem| format!("{}: {problem}", file_of(&problem, &own))),
                );
            }
            Err(error) => found.push(format!(
                "{}: a process is not of Corezoid's form: {error}",
                own.folder
            )),
        }
    }
    Ok(found)
}

/// The file to edit: the organisation's own process or node where it has one, else the shared one.
fn file_of(problem: &vikno_process::Problem, own: &OrganisationFiles) -> String {
    let process = format!("{}.json", problem.process);
    let nodes = format!("{}.nodes.json", problem.process);
    let node = problem.node.as_deref().map(|node| format!("\"{node}\""));
    let is_own_node = |text: &String| node.is_some_and(|node| text.contains(&node));
    if own.processes.get(&nodes).is_some_and(is_own_node) {
        format!("{}/processes/{nodes}", own.folder)
    } else if own.processes.contains_key(&process) {
        format!("{}/processes/{process}", own.folder)
    } else {
        format!("{SHARED}/processes/{process}")
    }
}

#[cfg(test)]
mod tests {
    use super::{problems_of_file, problems_of_folder};
    use std::fs;
    use std::path::{Path, PathBuf};

    fn project() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            let target = to.join(path.file_name().unwrap());
            if path.is_dir() {
                copy(&path, &target);
            } else {
                fs::copy(path, target).unwrap();
            }
        }
    }

    /// The problems of one organisation after one replacement in one of its files.
    fn after(file: &str, old: &str, new: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for name in ["_templates", "ukco"] {
            let from = project().join("organisations").join(name);
            copy(&from, &folder.path().join(name));
        }
        let path = folder.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{file} has no {old}");
        fs::write(&path, text.replacen(old, new, 1)).unwrap();
        let found = problems_of_folder(&folder.path().join("ukco")).unwrap();
        found.into_iter().collect()
    }

    #[test]
    fn the_projects_organisations_are_in_order() {
        let found = problems_of_folder(&project().join("organisations")).unwrap();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), Vec::<String>::new());
    }

    #[test]
    fn each_mistake_is_told_with_its_file_and_place() {
        for (file, old, new, expected) in [
            (
                "ukco/organisation.toml",
                "id = \"ukco\"",
                "id = \"ukc\"",
                "ukco/organisation.toml: id: the folder is called",
            ),
            (
                "ukco/organisation.toml",
                "default_language = \"uk\"",
                "default_language = \"fr\"",
                "ukco/organisation.toml: default_language",
            ),
            (
                "ukco/replies.toml",
                "under = \"appeal\"",
                "under = \"apeal\"",
                "ukco/replies.toml: reply.appeal-data.under: no reply 'apeal'",
            ),
            (
                "ukco/texts/uk.ftl",
                "topic-",
                "topik-",
                "ukco/texts/uk.ftl: topic-",
            ),
            (
                "_templates/processes/project.json",
                "@command-converter",
                "@nobody",
                "_templates/processes/project.json: error: process project, node",
            ),
            (
                "_templates/scenarios/operator.toml",
                "takes = true",
                "grabs = true",
                "_templates/scenarios/operator.toml:",
            ),
            (
                "_templates/processes/queue.json",
                "{",
                "[",
                "_templates/processes/queue.json: line",
            ),
        ] {
            let found = after(file, old, new);
            assert!(
                found.iter().any(|line| line.starts_with(expected)),
                "{file}: {found:#?}"
            );
        }
    }

    #[test]
    fn a_file_of_processes_is_checked_by_itself() {
        let sample = project().join("organisations/_templates/processes/project.json");
        assert!(problems_of_file(&sample).unwrap().is_empty());
        let folder = tempfile::tempdir().unwrap();
        let broken = folder.path().join("broken.json");
        fs::write(&broken, "{\"obj_type\": 1, ").unwrap();
        let found = problems_of_file(&broken).unwrap();
        assert!(
            found.first().unwrap().contains("broken.json: line 1"),
            "{found:?}"
        );
    }
}
