//! Rehearsals of drafts: what is on the desk is handed to `rehearsal`, which may open no database.

use crate::command::{DOCUMENT_BYTES, Rehearse};
use crate::desk::Desk;
use serde_json::json;
use vikno_organisation::Organisation;
use vikno_shell::{Problem, Reply, Request, bytes, json_body};
use vikno_storage::Database;

pub(crate) async fn rehearse(
    request: Request,
    organisation: &Organisation,
    database: &Database,
) -> Reply {
    let given: Rehearse = json_body(request, DOCUMENT_BYTES).await?;
    let desk = Desk::load(database).await?;
    let play = json!({
        "org": organisation.id,
        "processes": desk.with_unsaved(given.processes)?,
        "rehearsal": {
            "scenario": given.scenario, "channel": given.channel, "language": given.language,
        },
    });
    let answer = vikno_shell::post("rehearsal", "/", play.to_string()).await;
    match answer.map_err(Problem::fault)? {
        (200, played) => Ok(bytes(200, "application/json", played)),
        (status @ (400 | 422), problem) => Ok(bytes(status, "application/problem+json", problem)),
        (status, _) => Err(Problem::new(
            422,
            "rehearsal_cut_off",
            "The processes took more time or memory than a rehearsal may. Look for a loop without a wait, or a program of a code node that never ends.",
        )
        .internal(format!("rehearsal answered {status}"))),
    }
}
