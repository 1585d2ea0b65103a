//! Serves files of the media store to whoever has a signed link. The link is the permission; nothing else is asked.

use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
};
use http::{HeaderName, HeaderValue};
use spin_sdk::http_service;
use spin_sdk::key_value::Store;
use vikno_domain::{MediaRef, OrgId};
use vikno_media::{LinkKey, LinkRefused, attachment, shown_inline};
use vikno_shell::{Problem, Reply, Request, Response, now_ms};
use vikno_storage::{Database, StorageError, media};

/// A browser keeps a file for an hour at most, and never longer than its link is good.
const CACHE_MAX_S: i64 = 3_600;

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::answered(request, serve).await
}

async fn serve(request: Request) -> Reply {
    vikno_shell::method(&request, "GET")?;
    let segments = vikno_shell::path_segments(&request);
    let [org, media, id, expires, signature, name] = segments.as_slice() else {
        return Err(not_found());
    };
    let org = OrgId::parse(org).map_err(|_| not_found())?;
    if media != "media" {
        return Err(not_found());
    }
    let key = vikno_shell::variable("master_key").await.ok_or_else(|| {
        Problem::new(503, "not_configured", "Links to files are not set up here.")
            .internal("master_key is not set")
    })?;
    let now_ms = now_ms();
    let expires_s = LinkKey::derive(&key)
        .check(org.as_str(), id, expires, signature, name, now_ms)
        .map_err(refused)?;
    let database = Database::open(org.as_str()).await?;
    let file = media::stored(&database, id)
        .await
        .map_err(|error| match error {
            StorageError::NotFound => not_found(),
            error => error.into(),
        })?;
    let store = Store::open("media").await.map_err(Problem::fault)?;
    let bytes = store
        .get(format!("{org}/{id}"))
        .await
        .map_err(Problem::fault)?;
    let seconds_left = expires_s - now_ms / 1_000;
    answer(&file, seconds_left, bytes.ok_or_else(not_found)?)
}

fn answer(file: &MediaRef, seconds_left: i64, bytes: Vec<u8>) -> Reply {
    let content_type = match file.media_type.as_str() {
        "text/plain" => "text/plain; charset=utf-8",
        other => other,
    };
    let max_age_s = seconds_left.clamp(0, CACHE_MAX_S);
    let mut response = vikno_shell::bytes(200, "", bytes.into());
    // The type was found by us and not told by the sender; should a browser think otherwise, nothing may run.
    let headers = [
        (CONTENT_TYPE, content_type.to_owned()),
        (
            CONTENT_DISPOSITION,
            attachment(&file.name, shown_inline(&file.media_type)),
        ),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; sandbox".to_owned(),
        ),
        (
            CACHE_CONTROL,
            format!("private, max-age={max_age_s}, immutable"),
        ),
        (REFERRER_POLICY, "no-referrer".to_owned()),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin".to_owned(),
        ),
    ];
    for (name, value) in headers {
        let value = HeaderValue::from_str(&value).map_err(Problem::fault)?;
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

fn not_found() -> Problem {
    Problem::new(404, "file_not_found", "There is no such file.")
}

fn refused(reason: LinkRefused) -> Problem {
    match reason {
        LinkRefused::Forged => Problem::new(
            403,
            "bad_link",
            "This link was changed or is not one of ours. Ask for the file again.",
        ),
        LinkRefused::Expired => Problem::new(
            410,
            "link_expired",
            "This link has expired. Open the dialogue again for a fresh one.",
        ),
    }
}
