//! Rehearsals: plays an author's scenario against processes that nobody has published, and tells what the citizen would
//! see and the way that led there. It keeps, writes and reaches nothing; programs of code nodes run in `javascript`,
//! composed in.

mod bindings {
    spin_sdk::wit_bindgen::generate!({
        path: "../../wit/code",
        world: "caller",
        runtime_path: "spin_sdk::wit_bindgen::rt",
    });
}
mod files;

use bindings::vikno::code::javascript::{self, CodeError, ExecutingError};
use serde::Deserialize;
use serde_json::json;
use spin_sdk::http_service;
use std::collections::BTreeMap;
use vikno_domain::OrgId;
use vikno_process::ProcessDocument;
use vikno_shell::{Problem, Reply, Request, Response};
use vikno_simulator::{Centre, Recorded, Rehearsal, Suite, fork};
use vikno_steps::run_code::{Failure, Order};

/// All processes of an organisation are well under 1 MB; authors may have large ones.
const BODY_BYTES: usize = 8 * 1024 * 1024;
/// Scenarios told one by one that do not come out.
const FAILED_MAX: usize = 20;

/// What is to be played.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Play {
    org: OrgId,
    /// Every process, by alias.
    processes: BTreeMap<String, ProcessDocument>,
    rehearsal: Rehearsal,
}

/// Processes that the organisation's scenarios are to be played against.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tried {
    org: OrgId,
    /// Every process, by alias.
    processes: BTreeMap<String, ProcessDocument>,
}

/// A recorded dialogue that an author wants to play on from.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    org: OrgId,
    /// Every process, by alias.
    processes: BTreeMap<String, ProcessDocument>,
    /// Its messages, as they are exported in JSON.
    messages: String,
    /// It, as it is exported in JSON.
    conversations: String,
}

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::answered(request, route).await
}

async fn route(request: Request) -> Reply {
    vikno_shell::method(&request, "POST")?;
    match vikno_shell::path_segments(&request).as_slice() {
        [] => play(request).await,
        [action] if action == "fork" => fork_off(request).await,
        [action] if action == "coverage" => coverage(request).await,
        _ => Err(Problem::new(
            404,
            "not_found",
            "Use POST /, POST /fork or POST /coverage.",
        )),
    }
}

async fn centre(
    org: &OrgId,
    processes: &BTreeMap<String, ProcessDocument>,
) -> Result<Centre, Problem> {
    let organisation = vikno_shell::served_organisation(org).await?;
    let (shared, own) = files::read(&organisation)?;
    let others = files::others().await;
    let centre = Centre::with_processes(&shared, &own, processes, &others)
        .map_err(|not_ready| invalid("processes", not_ready.problems))?;
    Ok(centre.running_code(run).remembering_data())
}

async fn fork_off(request: Request) -> Reply {
    let record: Record = vikno_shell::json_body(request, BODY_BYTES).await?;
    let centre = centre(&record.org, &record.processes).await?;
    let unreadable = |cause: String| invalid("dialogue", vec![cause]);
    let recorded = Recorded::read(&record.messages, Some(&record.conversations));
    let recorded = recorded.map_err(|error| unreadable(error.to_string()))?;
    let [recorded] = recorded.as_slice() else {
        return Err(unreadable("nothing was said in it".to_owned()));
    };
    let forked = fork(&centre, recorded).map_err(unreadable)?;
    Ok(vikno_shell::json(200, &forked))
}

/// Plays the organisation's scenarios: which nodes they come to, and which of them do not come out.
async fn coverage(request: Request) -> Reply {
    let tried: Tried = vikno_shell::json_body(request, BODY_BYTES).await?;
    let centre = centre(&tried.org, &tried.processes).await?;
    let org = tried.org.as_str();
    let suite = Suite::read(
        &files::scenarios(files::SHARED),
        org,
        &files::scenarios(org),
    );
    let report = suite.play(&centre, true);
    let failed = report.failed.iter().take(FAILED_MAX).map(|failed| {
        json!({
            "file": failed.file, "title": failed.title, "run": failed.run,
            "expected": failed.mismatch.expected, "came": failed.mismatch.came,
        })
    });
    let told = json!({
        "scenarios": report.scenarios,
        "runs": report.runs,
        "passed": report.passed,
        "failed": failed.collect::<Vec<_>>(),
        "percent": report.coverage.nodes.percent(),
        "processes": report.entered,
    });
    Ok(vikno_shell::json(200, &told))
}

async fn play(request: Request) -> Reply {
    let play: Play = vikno_shell::json_body(request, BODY_BYTES).await?;
    let centre = centre(&play.org, &play.processes).await?;
    let played = play.rehearsal.play(&centre);
    let played = played.map_err(|problems| {
        let told = problems
            .iter()
            .map(|problem| format!("line {}: {}", problem.line, problem.message));
        invalid("scenario", told.collect())
    })?;
    Ok(vikno_shell::json(200, &played))
}

fn invalid(what: &'static str, problems: Vec<String>) -> Problem {
    let code = match what {
        "processes" => "invalid_processes",
        "dialogue" => "cannot_repeat",
        _ => "invalid_scenario",
    };
    Problem::new(
        422,
        code,
        format!("The {what} cannot be played: {}.", problems.join("; ")),
    )
    .member("problems", problems)
}

fn run(order: Order) -> Result<String, Failure> {
    let code = javascript::Code {
        source: order.source,
        data: order.data,
        now_ms: order.now_ms,
        seed: order.seed,
    };
    javascript::run(&code).map_err(|error| match error {
        CodeError::Timeout => Failure::Timeout,
        CodeError::Executing(ExecutingError { message, line }) => {
            Failure::Executing { message, line }
        }
        CodeError::ReturnFormat(message) => Failure::ReturnFormat(message),
    })
}
