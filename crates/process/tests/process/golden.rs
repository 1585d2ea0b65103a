//! Golden traces: each folder of `tests/golden` holds processes (`*.process.json`, the alias is the name),
//! a `script.json` of events and the trace that must come. `BLESS=1` rewrites the traces.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};
use vikno_process::{CallResult, Ending, Limits, Outcome, ProcessSet, Runner, World, parse};

/// What happens, when (in seconds from the beginning; the same time again if not said).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    at: Option<i64>,
    #[serde(flatten)]
    action: Action,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    Create(Target),
    Modify(Target),
    /// The open call is answered.
    Answer {
        status: u16,
        #[serde(default)]
        body: Value,
    },
    /// The open call fails.
    Fail {
        tag: String,
        hardware: bool,
    },
    /// Nothing but the time.
    Tick {},
}

#[derive(Deserialize)]
struct Target {
    process: String,
    #[serde(rename = "ref", default)]
    reference: String,
    #[serde(default)]
    data: Map<String, Value>,
}

#[derive(Deserialize)]
struct Script {
    #[serde(default)]
    environment: BTreeMap<String, Value>,
    events: Vec<Event>,
}

fn golden_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn load_processes(folder: &Path) -> ProcessSet {
    let mut documents = BTreeMap::new();
    for file in fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
    {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if let Some(alias) = name.strip_suffix(".process.json") {
            let document = parse(&fs::read(&file).unwrap())
                .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            documents.insert(alias.to_owned(), document);
        }
    }
    assert!(
        !documents.is_empty(),
        "{} holds no process",
        folder.display()
    );
    ProcessSet::build(&documents)
        .unwrap_or_else(|problems| panic!("{}:\n{problems}", folder.display()))
}

/// Plays the script, storing and loading the world between events, and tells what happened.
fn play(set: &ProcessSet, script: Script) -> String {
    let mut told = String::new();
    let mut world = World::default().to_json();
    let mut now = 0;
    let mut open = None;
    for event in script.events {
        now = event.at.map_or(now, |seconds| seconds * 1_000);
        let mut runner = Runner::new(
            set,
            World::from_json(&world).unwrap(),
            Limits::default(),
            now,
        )
        .with_environment(&script.environment);
        write!(told, "{}s ", now / 1_000).unwrap();
        match event.action {
            Action::Create(task) => {
                let id = runner
                    .create_task(&task.process, Some(&task.reference), task.data)
                    .unwrap();
                writeln!(
                    told,
                    "create {} {} as {}",
                    task.process, task.reference, id.0
                )
                .unwrap();
            }
            Action::Modify(task) => {
                let id = runner
                    .modify_task(&task.process, &task.reference, task.data)
                    .unwrap();
                writeln!(told, "modify {} {}: {}", task.process, task.reference, id.0).unwrap();
            }
            Action::Answer { status, body } => {
                writeln!(told, "answer {status} {body}").unwrap();
                runner
                    .resume(
                        open.take().expect("an open call"),
                        CallResult::answer(status, body),
                    )
                    .unwrap();
            }
            Action::Fail { tag, hardware } => {
                writeln!(told, "fail {tag}").unwrap();
                let failed = CallResult::Failed {
                    tag,
                    hardware,
                    description: "made to fail".to_owned(),
                    http_code: None,
                };
                runner
                    .resume(open.take().expect("an open call"), failed)
                    .unwrap();
            }
            Action::Tick {} => writeln!(told, "tick").unwrap(),
        }
        let outcome = runner.step();
        for entry in runner.take_trace() {
            writeln!(
                told,
                "    {} {}/{}",
                entry.task.0, entry.process, entry.node
            )
            .unwrap();
        }
        for failure in runner.take_failures() {
            let (task, tag) = (failure.task.0, failure.tag);
            writeln!(told, "  {task} FAILED {tag}: {}", failure.description).unwrap();
        }
        for end in runner.take_finished() {
            let mark = if end.ending == Ending::Error {
                "ended in error"
            } else {
                "ended"
            };
            writeln!(told, "  {} {mark} {}", end.task.0, end.data.to_value()).unwrap();
        }
        match outcome {
            Outcome::Call(call) => {
                writeln!(
                    told,
                    "  call {}: {} {} {}",
                    call.call_id.0, call.method, call.url, call.body
                )
                .unwrap();
                open = Some(call.call_id);
            }
            Outcome::Code(call) => {
                let data = Value::Object(call.data);
                writeln!(told, "  code {}: {:?} {data}", call.call_id.0, call.source).unwrap();
                open = Some(call.call_id);
            }
            Outcome::Idle {
                next_wake_ms: Some(at),
            } => writeln!(told, "  idle until {}s", at / 1_000).unwrap(),
            Outcome::Idle { next_wake_ms: None } => writeln!(told, "  idle").unwrap(),
        }
        world = runner.into_world().to_json();
    }
    told
}

#[test]
fn every_golden_folder_plays_as_it_always_did() {
    let mut folders: Vec<_> = fs::read_dir(golden_folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    assert!(!folders.is_empty());
    for folder in folders {
        let script = fs::read(folder.join("script.json"))
            .unwrap_or_else(|error| panic!("{}/script.json: {error}", folder.display()));
        let script = serde_json::from_slice(&script)
            .unwrap_or_else(|error| panic!("{}/script.json: {error}", folder.display()));
        let told = play(&load_processes(&folder), script);
        let expected_file = folder.join("expected.txt");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&expected_file, &told).unwrap();
        }
        let expected = fs::read_to_string(&expected_file).unwrap_or_default();
        assert!(
            told == expected,
            "{} plays otherwise (BLESS=1 accepts it):\n{told}",
            folder.display()
        );
    }
}

#[test]
fn every_folder_of_test_data_has_a_test() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut folders: Vec<_> = fs::read_dir(tests)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    folders.sort();
    assert_eq!(folders, ["corezoid", "golden", "process"]);
}
