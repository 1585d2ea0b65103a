//! `POST uploads`: a file on its way into an answer: limited, looked into, stored; a message then names it.

use sha2::{Digest, Sha256};
use spin_sdk::key_value::Store;
use vikno_domain::{MediaRef, OrgId};
use vikno_media::{FILE_BYTES_MAX, Refused, clean_name, file_name, sniff};
use vikno_shell::{Problem, Reply, Request, header, json, new_id, now_ms};
use vikno_storage::{Database, operator_view};

pub(crate) async fn upload(request: Request, org: &OrgId) -> Reply {
    let given = header(&request, "content-disposition")
        .and_then(file_name)
        .unwrap_or_default();
    let content = vikno_shell::body(request, FILE_BYTES_MAX).await?;
    let media_type = sniff(&content).map_err(refused)?;
    let media = MediaRef {
        id: new_id("f"),
        media_type: media_type.to_owned(),
        name: clean_name(&given, media_type),
        size: content.len() as u64,
    };
    // The bytes first: a row never names a file that is not there.
    let store = Store::open("media").await.map_err(Problem::fault)?;
    store
        .set(format!("{org}/{}", media.id), &content)
        .await
        .map_err(Problem::fault)?;
    let database = Database::open(org.as_str()).await?;
    let sha256 = hex::encode(Sha256::digest(&content));
    operator_view::save_upload(&database, &media, &sha256, now_ms()).await?;
    Ok(json(201, &media))
}

fn refused(refused: Refused) -> Problem {
    let status = match refused {
        Refused::TooLarge => 413,
        Refused::Empty => 400,
        Refused::Type(_) | Refused::Macros | Refused::Unknown => 415,
    };
    Problem::new(status, "file_refused", format!("Not taken: {refused}."))
}
