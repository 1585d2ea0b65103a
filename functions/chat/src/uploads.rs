//! Files on their way into a chat: limited, looked into, stored; a message then names the upload.

use crate::bucket::{UPLOAD_COST, VISITOR};
use crate::sessions::too_many;
use crate::token::{self, SESSION_LIFE_MS};
use sha2::{Digest, Sha256};
use spin_sdk::key_value::Store;
use vikno_domain::{MediaRef, OrgId};
use vikno_media::{FILE_BYTES_MAX, Refused, clean_name, file_name, sniff};
use vikno_shell::{Problem, Reply, Request, header, json, new_id, now_ms};
use vikno_storage::{Database, chat, chat_sessions};

/// `POST uploads`: the file as body, its name in `Content-Disposition`.
pub async fn upload(request: Request, org: &OrgId) -> Reply {
    let database = Database::open(org.as_str()).await?;
    let session = token::session(&request, &database).await?;
    let now_ms = now_ms();
    let left = VISITOR
        .take(Some(session.bucket), UPLOAD_COST, now_ms)
        .map_err(too_many)?;
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
    let sha256 = hex::encode(Sha256::digest(&content));
    let transaction = database.transaction().await?;
    chat_sessions::touch_session(
        &database,
        &session.token_sha256,
        left,
        now_ms + SESSION_LIFE_MS,
    )
    .await?;
    chat::save_upload(&database, &media, &session.chat, &sha256, now_ms).await?;
    transaction.commit().await?;
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
