//! Sending into a chat and reading what is new.

use crate::bucket::VISITOR;
use crate::command::{self, Say};
use crate::poll::poll_ms;
use crate::sessions::{HISTORY, event, too_many};
use crate::shape::{Links, Page, Place, told};
use crate::token::{self, SESSION_LIFE_MS};
use serde_json::json;
use vikno_domain::{Channel, Content, IncomingMedia, MediaKind, OrgId};
use vikno_media::LinkKey;
use vikno_organisation::{HoursState, Organisation};
use vikno_shell::{Problem, Reply, Request, empty, json, now_ms};
use vikno_steps::queue::QueueLoad;
use vikno_storage::Database;
use vikno_storage::chat::{self, ChatMessage, Standing, Waiting};
use vikno_storage::chat_sessions::{self, Session};
use vikno_storage::inbox::{self, Accepted};
use vikno_storage::queue_view::queue_view;
use vikno_storage::typing::{self, Noted};

/// A text of 4,000 characters, each escaped in JSON as two surrogates of six bytes, and the rest.
const BODY_LIMIT: usize = 64 * 1024;
/// Messages in one answer; more follow at once.
const PAGE: i64 = 100;
/// A session is prolonged in the store when this much of its life is gone: once a day.
const PROLONG_MS: i64 = 24 * 3_600_000;

/// `POST messages`: into the inbox, once for each `client_id`.
pub async fn send(request: Request, org: &OrgId) -> Reply {
    let database = Database::open(org.as_str()).await?;
    let token = token::session(&request, &database).await?.token_sha256;
    let command = command::command(&vikno_shell::body(request, BODY_LIMIT).await?)?;
    let now_ms = now_ms();
    let dedupe_key = format!("client:{token}:{}", command.client_id);

    let transaction = database.transaction().await?;
    // Again, now that nobody else writes: another request may have taken from the bucket meanwhile.
    let session = chat_sessions::session(&database, &token, now_ms).await?;
    let session = session.ok_or_else(|| {
        Problem::new(
            401,
            "unknown_session",
            "The session has ended: open a new one.",
        )
    })?;
    let content = match command.say {
        Say::Content(content) => *content,
        Say::Upload(id) => uploaded(&database, &session, &id).await?,
    };
    let event = event(
        &session,
        dedupe_key,
        Some(command.client_id),
        now_ms,
        content,
    );
    let id = match inbox::accept(&database, &event, now_ms).await? {
        Accepted::New { id, is_awaited } => {
            let left = VISITOR
                .take(Some(session.bucket), 1.0, now_ms)
                .map_err(too_many)?;
            chat_sessions::touch_session(&database, &token, left, now_ms + SESSION_LIFE_MS).await?;
            transaction.commit().await?;
            if !is_awaited {
                vikno_shell::nudge("engine", format!("/{org}/run"));
            }
            Some(id)
        }
        Accepted::Ignored | Accepted::Duplicate => {
            transaction.rollback().await?;
            inbox::find(&database, event.channel.as_str(), &event.dedupe_key).await?
        }
    };
    let id = id.ok_or_else(|| Problem::fault("a repeated event is not in the inbox"))?;
    Ok(json(202, &json!({ "id": format!("e_{id}") })))
}

/// `POST typing`: the citizen writes, which an operator who has the dialogue sees for some seconds.
pub async fn typing(request: &Request, org: &OrgId) -> Reply {
    let database = Database::open(org.as_str()).await?;
    let session = token::session(request, &database).await?;
    let noted = typing::by_citizen(&database, Channel::Web, &session.chat, now_ms()).await?;
    // Where it was moved to, they see it.
    if let Some(Noted {
        conversation_id,
        moved_to: Some(there),
        ..
    }) = noted
    {
        let there = Database::open(&there).await?;
        let chat = format!("{org}:{conversation_id}");
        typing::by_citizen(&there, Channel::Organisation, &chat, now_ms()).await?;
    }
    Ok(empty(204))
}

async fn uploaded(database: &Database, session: &Session, id: &str) -> Result<Content, Problem> {
    let stored = chat::upload(database, &session.chat, id).await?;
    let stored = stored.ok_or_else(|| {
        Problem::new(
            400,
            "invalid_field",
            "'media' is no upload of this session.",
        )
    })?;
    Ok(Content::Media {
        media: IncomingMedia {
            kind: media_kind(&stored.media_type),
            remote: None,
            name: Some(stored.name.clone()),
            claimed_type: None,
            claimed_size: None,
            label: None,
            stored: Some(stored),
        },
        caption: None,
        album: None,
    })
}

fn media_kind(media_type: &str) -> MediaKind {
    match media_type.split('/').next() {
        Some("image") => MediaKind::Photo,
        Some("video") => MediaKind::Video,
        Some("audio") => MediaKind::Audio,
        _ => MediaKind::Document,
    }
}

/// `GET messages?after=`: what is new, how the chat stands, and when to ask again.
pub async fn receive(request: Request, organisation: &Organisation) -> Reply {
    let org = &organisation.id;
    let database = Database::open(org.as_str()).await?;
    let (session, standing) = token::session_and_standing(&request, &database).await?;
    let standing = standing.ok_or_else(|| Problem::fault("a session without its person"))?;
    let after = cursor(
        vikno_shell::query(&request)
            .get("after")
            .map(String::as_str),
    )?;
    let now_ms = now_ms();
    prolong(&database, &session, now_ms).await?;
    let after = match after {
        Some(after) => after,
        None => chat::position_before_last(&database, &standing.citizen_id, HISTORY).await?,
    };
    let messages = match standing.last {
        Some(last) if last.seq > after => {
            chat::messages_after(&database, &standing.citizen_id, after, PAGE).await?
        }
        _ => Vec::new(),
    };
    let last_at_ms = messages.last().map(|last| last.at_ms);
    let last_at_ms = last_at_ms.or(standing.last.map(|last| last.at_ms));
    let links = Links {
        key: link_key(&messages).await,
        org,
        now_ms,
    };
    let typing = standing.is_operator_writing(now_ms);
    let quiet_ms = match typing {
        true => 0,
        false => now_ms - last_at_ms.unwrap_or(now_ms),
    };
    let more = i64::try_from(messages.len()).unwrap_or(PAGE) >= PAGE;
    Ok(json(
        200,
        &Page {
            cursor: messages.last().map_or(after, |last| last.seq).to_string(),
            messages: messages
                .into_iter()
                .map(|message| told(message, &links))
                .collect(),
            status: standing.status,
            queue: place(&database, &standing, organisation, now_ms).await?,
            typing,
            poll_ms: poll_ms(standing.status, quiet_ms, more),
        },
    ))
}

fn cursor(after: Option<&str>) -> Result<Option<i64>, Problem> {
    let Some(after) = after.filter(|after| !after.is_empty()) else {
        return Ok(None);
    };
    let position = after.parse().ok().filter(|position| *position >= 0);
    let position = position.ok_or_else(|| {
        Problem::new(
            400,
            "invalid_cursor",
            "'after' must be a cursor of an earlier answer.",
        )
    })?;
    Ok(Some(position))
}

async fn prolong(database: &Database, session: &Session, now_ms: i64) -> Result<(), Problem> {
    let expires_at_ms = now_ms + SESSION_LIFE_MS;
    if expires_at_ms - session.expires_at_ms > PROLONG_MS {
        chat_sessions::touch_session(
            database,
            &session.token_sha256,
            session.bucket,
            expires_at_ms,
        )
        .await?;
    }
    Ok(())
}

/// The same place and estimate that the queue step tells.
async fn place(
    database: &Database,
    standing: &Standing,
    organisation: &Organisation,
    now_ms: i64,
) -> Result<Option<Place>, Problem> {
    let Some(Waiting {
        conversation_id,
        queue,
        priority,
    }) = &standing.waiting
    else {
        return Ok(None);
    };
    let view = queue_view(database, queue, conversation_id, *priority, now_ms).await?;
    let load = QueueLoad {
        ahead: view.ahead,
        operators: view.operators,
        mean_handling_s: view.mean_handling_s,
    };
    Ok(Some(Place {
        position: load.position(),
        estimate_s: until_open_s(organisation.hours.state(now_ms), now_ms) + load.estimate_s(),
    }))
}

/// Outside working hours nobody is taken before the next opening.
fn until_open_s(state: HoursState, now_ms: i64) -> i64 {
    match state {
        HoursState::Closed {
            opens_at_ms: Some(opens_at_ms),
        } => (opens_at_ms - now_ms).max(0) / 1_000,
        HoursState::Closed { opens_at_ms: None } | HoursState::Open { .. } => 0,
    }
}

async fn link_key(messages: &[ChatMessage]) -> Option<LinkKey> {
    if messages.iter().all(|message| message.media.is_none()) {
        return None;
    }
    vikno_shell::variable("master_key")
        .await
        .map(|master_key| LinkKey::derive(&master_key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_working_hours_the_wait_begins_with_the_opening() {
        let opens_at_ms = Some(3_601_000);
        assert_eq!(
            until_open_s(HoursState::Closed { opens_at_ms }, 1_000),
            3_600
        );
        assert_eq!(
            until_open_s(HoursState::Closed { opens_at_ms: None }, 1_000),
            0
        );
        assert_eq!(until_open_s(HoursState::Open { until_ms: None }, 1_000), 0);
    }

    #[test]
    fn a_cursor_is_one_that_was_given_out() {
        assert_eq!(cursor(None).unwrap(), None);
        assert_eq!(cursor(Some("")).unwrap(), None);
        assert_eq!(cursor(Some("17")).unwrap(), Some(17));
        for bad in ["-1", "x", "1.5", "99999999999999999999"] {
            assert_eq!(cursor(Some(bad)).unwrap_err().status(), 400, "{bad}");
        }
    }

    #[test]
    fn files_are_kept_as_what_they_are() {
        for (media_type, kind) in [
            ("image/png", MediaKind::Photo),
            ("video/mp4", MediaKind::Video),
            ("audio/ogg", MediaKind::Audio),
            ("application/pdf", MediaKind::Document),
            ("", MediaKind::Document),
        ] {
            assert_eq!(media_kind(media_type), kind);
        }
    }
}
