//! Sessions: what a sign-in begins, how a browser goes on with it, and where a person is signed in.
//!
//! The refresh token is in a cookie that no script reads and that is sent to `/core/auth/` of this site only; it is
//! good once. Access tokens are for scripts, short, and end with their session.

use crate::cookies::Cookie;
use crate::sha256_hex;
use crate::signer::Signer;
use serde_json::json;
use vikno_access::{client_address, signed_in};
use vikno_domain::rfc3339;
use vikno_shell::{Problem, Reply, Request, Response, empty, header, json, new_id, now_ms, random};
use vikno_storage::Database;
use vikno_storage::people::{self, Person};
use vikno_storage::staff_sessions::{self, NewSession, Refreshed};

/// It lives as long as a session may last at most; the server ends it earlier when it is not used.
const REFRESH: Cookie = Cookie {
    name: "vikno_refresh",
    path: "/core/auth/",
    same_site: "Strict",
    life_s: 7 * 24 * 3_600,
};
/// A browser's name of itself, cut off here.
const AGENT_CHARS_MAX: usize = 200;

/// Where a sign-in comes from.
pub(crate) struct Origin {
    pub(crate) address: Option<String>,
    agent: Option<String>,
    /// The cookie travels encrypted only, wherever people do.
    pub(crate) secure: bool,
}

impl Origin {
    pub(crate) fn of(request: &Request) -> Self {
        let agent = header(request, "user-agent");
        let url = header(request, "spin-full-url").unwrap_or_default();
        Self {
            address: client_address(request),
            agent: agent.map(|agent| agent.chars().take(AGENT_CHARS_MAX).collect()),
            secure: url.starts_with("https:")
                || header(request, "x-forwarded-proto") == Some("https"),
        }
    }
}

/// Begins a session and answers with its first tokens.
pub(crate) async fn begin(
    core: &Database,
    signer: &Signer,
    person: &Person,
    origin: &Origin,
    now_ms: i64,
) -> Reply {
    let (id, refresh) = kept(core, person, origin, now_ms).await?;
    let response = signer.answer(core, person, &id, now_ms).await?;
    REFRESH.give(response, &refresh, origin)
}

/// Begins a session with nothing but its cookie, which goes along with this answer: the page goes on by `POST refresh`.
pub(crate) async fn begin_with(
    response: Response,
    core: &Database,
    person: &Person,
    origin: &Origin,
    now_ms: i64,
) -> Reply {
    let (_, refresh) = kept(core, person, origin, now_ms).await?;
    REFRESH.give(response, &refresh, origin)
}

/// Id and refresh token of a new session.
async fn kept(
    core: &Database,
    person: &Person,
    origin: &Origin,
    now_ms: i64,
) -> Result<(String, String), Problem> {
    let id = new_id("s");
    let refresh = hex::encode(random::<32>());
    let new = NewSession {
        id: &id,
        person_id: &person.id,
        token_sha256: &sha256_hex("refresh", &refresh),
        address: origin.address.as_deref(),
        agent: origin.agent.as_deref(),
    };
    staff_sessions::begin(core, new, now_ms).await?;
    Ok((id, refresh))
}

/// `POST refresh`: a new access token for a browser that is signed in; nothing for one that never was.
pub(crate) async fn refresh(request: Request) -> Reply {
    // Another site's form cannot send this header; the cookie is not sent for it either.
    if header(&request, "x-vikno").is_none() {
        let detail = "Send the header 'X-Vikno' with any value: it proves that our own page asks.";
        return Err(Problem::new(400, "missing_header", detail));
    }
    let origin = Origin::of(&request);
    let Some(brought) = REFRESH.held(&request) else {
        return Ok(empty(204));
    };
    let now_ms = now_ms();
    let signer = Signer::load(now_ms).await?;
    let core = Database::open("core").await?;
    let new = hex::encode(random::<32>());
    let hash = |token: &str| sha256_hex("refresh", token);
    match staff_sessions::refresh(&core, &hash(&brought), &hash(&new), now_ms).await? {
        Refreshed::Done {
            session_id,
            person_id,
        } => {
            let person = people::by_id(&core, &person_id).await?;
            let person = person
                .filter(|person| person.active)
                .ok_or_else(|| over(false))?;
            let response = signer.answer(&core, &person, &session_id, now_ms).await?;
            REFRESH.give(response, &new, &origin)
        }
        Refreshed::Reused => Err(over(true)),
        Refreshed::Unknown => Err(over(false)),
    }
}

fn over(reused: bool) -> Problem {
    if reused {
        let detail = "This session was ended: its token had been used before, so somebody else may have it. Sign in again.";
        Problem::new(401, "session_reused", detail)
    } else {
        let detail = "No session goes on in this browser. Sign in.";
        Problem::new(401, "session_over", detail)
    }
}

/// `GET sessions`: where the person is signed in.
pub(crate) async fn list(request: Request) -> Reply {
    let core = Database::open("core").await?;
    let claims = signed_in(&request, &core).await?.claims;
    let sessions = staff_sessions::list(&core, &claims.sub, now_ms()).await?;
    let shown: Vec<_> = sessions
        .into_iter()
        .map(|session| {
            json!({
                "id": session.id,
                "created_at": rfc3339(session.created_at_ms),
                "used_at": rfc3339(session.used_at_ms),
                "address": session.address,
                "agent": session.agent,
                "current": session.id == claims.sid,
            })
        })
        .collect();
    Ok(json(200, &json!({ "sessions": shown })))
}

/// `DELETE sessions/{id}`: ends one of the person's own.
pub(crate) async fn end(request: Request, id: &str) -> Reply {
    let core = Database::open("core").await?;
    let claims = signed_in(&request, &core).await?.claims;
    let address = client_address(&request);
    let ended = staff_sessions::end(&core, &claims.sub, id, address.as_deref(), now_ms()).await?;
    if ended {
        Ok(empty(204))
    } else {
        let detail = "You have no such session; it may have ended already.";
        Err(Problem::new(404, "unknown_session", detail))
    }
}

/// `POST logout`: ends the session that the token belongs to; without a token that stands, that of the browser.
pub(crate) async fn sign_out(request: Request) -> Reply {
    let core = Database::open("core").await?;
    let origin = Origin::of(&request);
    let address = origin.address.as_deref();
    let now_ms = now_ms();
    match (signed_in(&request, &core).await, REFRESH.held(&request)) {
        (Ok(bearer), _) => {
            let claims = bearer.claims;
            staff_sessions::end(&core, &claims.sub, &claims.sid, address, now_ms).await?;
        }
        (Err(_), Some(token)) => {
            let token = sha256_hex("refresh", &token);
            staff_sessions::end_by_token(&core, &token, address, now_ms).await?;
        }
        (Err(problem), None) => return Err(problem),
    }
    REFRESH.take(empty(204), &origin)
}
