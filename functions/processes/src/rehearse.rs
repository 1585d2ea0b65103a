//! Rehearsals of drafts: what is on the desk is handed to `rehearsal`, which may open no database.

use crate::command::{DOCUMENT_BYTES, Rehearse};
use crate::desk::{self, Desk};
use crate::live;
use serde_json::{Value, json};
use vikno_identity::Authorised;
use vikno_organisation::Organisation;
use vikno_shell::{Problem, Reply, Request, bytes, json_body};
use vikno_storage::{Database, StorageError, instances};

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
    ask("/", play).await
}

/// Which nodes the organisation's scenarios come to, and which of them do not come out.
pub(crate) async fn coverage(
    request: Request,
    organisation: &Organisation,
    database: &Database,
) -> Reply {
    let processes = desk::posted(request, database).await?;
    ask(
        "/coverage",
        json!({ "org": organisation.id, "processes": processes }),
    )
    .await
}

/// A dialogue as a scenario that can be played on against the drafts, with people taken out of it. Its words stay, so it is
/// for those who may read dialogues.
pub(crate) async fn fork(
    organisation: &Organisation,
    database: &Database,
    id: &str,
    _reader: &Authorised,
) -> Reply {
    let (conversation, messages) = match instances::recorded(database, id).await {
        Err(StorageError::NotFound) => return Err(live::unknown()),
        found => found?,
    };
    let desk = Desk::load(database).await?;
    let record = json!({
        "org": organisation.id,
        "processes": desk.with(&desk.drafts)?,
        "conversations": json!([conversation]).to_string(),
        "messages": Value::from(messages).to_string(),
    });
    ask("/fork", record).await
}

async fn ask(path: &str, of: Value) -> Reply {
    let answer = vikno_shell::post("rehearsal", path, of.to_string()).await;
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
