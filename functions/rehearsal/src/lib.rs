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
use spin_sdk::http_service;
use std::collections::BTreeMap;
use vikno_domain::OrgId;
use vikno_process::ProcessDocument;
use vikno_shell::{Problem, Reply, Request, Response};
use vikno_simulator::{Centre, Rehearsal};
use vikno_steps::run_code::{Failure, Order};

/// All processes of an organisation are well under 1 MB; authors may have large ones.
const BODY_BYTES: usize = 8 * 1024 * 1024;

/// What is to be played.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Play {
    org: OrgId,
    /// Every process, by alias.
    processes: BTreeMap<String, ProcessDocument>,
    rehearsal: Rehearsal,
}

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::answered(request, route).await
}

async fn route(request: Request) -> Reply {
    vikno_shell::method(&request, "POST")?;
    let play: Play = vikno_shell::json_body(request, BODY_BYTES).await?;
    let organisation = vikno_shell::served_organisation(&play.org).await?;
    let (shared, own) = files::read(&organisation)?;
    let others = files::others().await;
    let centre = Centre::with_processes(&shared, &own, &play.processes, &others)
        .map_err(|not_ready| invalid("processes", not_ready.problems))?;
    let played = play.rehearsal.play(&centre.running_code(run));
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
