//! Opening, resuming and ending sessions.

use crate::bucket::{ADDRESS, ORGANISATION, VISITOR};
use crate::command::{self, Opening};
use crate::token::{self, SESSION_LIFE_MS};
use serde_json::json;
use std::net::{IpAddr, SocketAddr};
use vikno_domain::{Channel, Content, ConversationStatus, InboundEvent, Language, OrgId, Sender};
use vikno_identity::{PortalKey, verify_portal_token};
use vikno_organisation::Organisation;
use vikno_shell::{
    Exhausted, Limit, Problem, Reply, Request, empty, header, json, new_id, now_ms, random,
};
use vikno_storage::chat_sessions::{self, Session, Vouched};
use vikno_storage::{Database, chat, inbox};

/// Language, name and a portal's token of at most 4 KiB.
const BODY_LIMIT: usize = 8 * 1024;
/// Messages shown to somebody who comes back.
pub const HISTORY: i64 = 50;

/// `POST sessions`: a new session, or with a token the old one.
pub async fn open(request: Request, organisation: &Organisation) -> Reply {
    let address = client_address(&request);
    let token = token::bearer(&request);
    let opening = command::opening(&vikno_shell::body(request, BODY_LIMIT).await?)?;
    let vouched = match &opening.identity {
        Some(identity) => Some(vouched_for(identity, &organisation.id).await?),
        None => None,
    };
    let database = Database::open(organisation.id.as_str()).await?;
    match token {
        Some(token) => resume(&database, organisation, token, opening, vouched).await,
        None => begin(&database, organisation, address, opening, vouched).await,
    }
}

async fn vouched_for(identity: &str, org: &OrgId) -> Result<Vouched, Problem> {
    let setting = format!("{}_portal_secret", org.as_str().replace('-', "_"));
    let refused =
        |detail: String| Problem::new(401, "identity_refused", format!("'identity': {detail}."));
    let secret = vikno_shell::variable(&setting).await;
    let secret = secret.ok_or_else(|| refused("this organisation trusts no portal".to_owned()))?;
    let key =
        PortalKey::parse(&secret).map_err(|error| Problem::fault(format!("{setting}: {error}")))?;
    let person = verify_portal_token(identity, &key, org, now_ms())
        .map_err(|error| refused(error.to_string()))?;
    Ok(Vouched {
        subject: person.subject,
        name: person.name,
        phone: person.phone,
    })
}

async fn begin(
    database: &Database,
    organisation: &Organisation,
    address: Option<IpAddr>,
    opening: Opening,
    vouched: Option<Vouched>,
) -> Reply {
    let now_ms = now_ms();
    let token = token::issue(random());
    let transaction = database.transaction().await?;
    admit(database, address, now_ms).await?;
    let known_chat = match &vouched {
        Some(vouched) => chat_sessions::chat_of_identity(database, &vouched.subject).await?,
        None => None,
    };
    let session = Session {
        token_sha256: token::digest(&token),
        chat: known_chat.unwrap_or_else(|| new_id("w")),
        language: language(organisation, opening.language.as_deref()),
        name: vouched
            .as_ref()
            .and_then(|vouched| vouched.name.clone())
            .or(opening.name),
        identity: vouched.as_ref().map(|vouched| vouched.subject.clone()),
        bucket: VISITOR.full(now_ms),
        expires_at_ms: now_ms + SESSION_LIFE_MS,
    };
    chat_sessions::save_session(database, &session, now_ms).await?;
    chat_sessions::introduce_citizen(database, &new_id("p"), &session, vouched.as_ref(), now_ms)
        .await?;
    let standing = chat::standing(database, &session.chat).await?;
    let under_way = match &standing {
        // Another device of the same person may be in the middle of a dialogue: it is not greeted again.
        Some(standing) => conversing(standing),
        None => false,
    };
    if !under_way {
        let event = event(
            &session,
            format!("session:{}", session.token_sha256),
            None,
            now_ms,
            Content::SessionStarted { context: None },
        );
        inbox::accept(database, &event, now_ms).await?;
    }
    chat_sessions::sweep_sessions(database, now_ms).await?;
    transaction.commit().await?;
    if !under_way {
        vikno_shell::nudge("engine", format!("/{}/run", organisation.id));
    }
    answer(database, 201, &token, &session).await
}

/// Whether a dialogue has begun that has not ended.
fn conversing(standing: &chat::Standing) -> bool {
    match standing.status {
        ConversationStatus::Closed => false,
        ConversationStatus::Open => standing.last.is_some(),
        _ => true,
    }
}

async fn resume(
    database: &Database,
    organisation: &Organisation,
    token: String,
    opening: Opening,
    vouched: Option<Vouched>,
) -> Reply {
    let now_ms = now_ms();
    let transaction = database.transaction().await?;
    let mut session = token::known(database, &token).await?;
    if let (Some(known), Some(vouched)) = (&session.identity, &vouched)
        && *known != vouched.subject
    {
        return Err(Problem::new(
            409,
            "another_person",
            "This session belongs to another person: open a new one without its token.",
        ));
    }
    if opening.language.is_some() {
        session.language = language(organisation, opening.language.as_deref());
    }
    let vouched_name = vouched.as_ref().and_then(|vouched| vouched.name.clone());
    session.name = vouched_name.or(opening.name).or(session.name);
    session.identity = vouched
        .as_ref()
        .map(|vouched| vouched.subject.clone())
        .or(session.identity);
    session.expires_at_ms = now_ms + SESSION_LIFE_MS;
    chat_sessions::save_session(database, &session, now_ms).await?;
    chat_sessions::introduce_citizen(database, &new_id("p"), &session, vouched.as_ref(), now_ms)
        .await?;
    transaction.commit().await?;
    answer(database, 200, &token, &session).await
}

async fn answer(database: &Database, status: u16, token: &str, session: &Session) -> Reply {
    let cursor = match chat::standing(database, &session.chat).await? {
        Some(standing) => {
            chat::position_before_last(database, &standing.citizen_id, HISTORY).await?
        }
        None => 0,
    };
    Ok(json(
        status,
        &json!({
            "token": token,
            "cursor": cursor.to_string(),
            "language": session.language,
            "expires_at": vikno_domain::rfc3339(session.expires_at_ms),
        }),
    ))
}

/// `DELETE sessions`: forgets the token, for shared computers. The history stays with the organisation.
pub async fn end(request: Request, org: &OrgId) -> Reply {
    let database = Database::open(org.as_str()).await?;
    let session = token::session(&request, &database).await?;
    chat_sessions::end_session(&database, &session.token_sha256).await?;
    Ok(empty(204))
}

/// An event of this session's person.
pub fn event(
    session: &Session,
    dedupe_key: String,
    external_id: Option<String>,
    now_ms: i64,
    content: Content,
) -> InboundEvent {
    InboundEvent {
        channel: Channel::Web,
        chat: session.chat.clone(),
        dedupe_key,
        at_ms: now_ms,
        sender: Some(Sender {
            id: session.chat.clone(),
            name: session.name.clone(),
            language: Some(session.language.clone()),
        }),
        external_id,
        content,
    }
}

fn language(organisation: &Organisation, wanted: Option<&str>) -> Language {
    let wanted = wanted.and_then(|tag| Language::parse(tag).ok());
    organisation.language(wanted.as_ref()).clone()
}

/// Counts a new session against the organisation and the client's address.
async fn admit(database: &Database, address: Option<IpAddr>, now_ms: i64) -> Result<(), Problem> {
    count(database, "sessions", ORGANISATION, now_ms).await?;
    // Without an address of its own a client sits behind a proxy on this machine, which speaks for everybody.
    match address.filter(|address| !address.is_loopback()) {
        Some(address) => count(database, &format!("sessions:{address}"), ADDRESS, now_ms).await,
        None => Ok(()),
    }
}

async fn count(database: &Database, key: &str, limit: Limit, now_ms: i64) -> Result<(), Problem> {
    let bucket = chat_sessions::bucket(database, key).await?;
    let left = limit.take(bucket, 1.0, now_ms).map_err(too_many)?;
    Ok(chat_sessions::save_bucket(database, key, left).await?)
}

/// The answer to somebody who does too much.
pub fn too_many(exhausted: Exhausted) -> Problem {
    let seconds = exhausted.retry_after_s;
    Problem::new(
        429,
        "too_many_requests",
        format!("Too many at once: try again in {seconds} s."),
    )
    .header("Retry-After", seconds.to_string())
}

/// Where a request comes from. A proxy on this machine tells its client in the last entry of `X-Forwarded-For`;
/// from anybody else that header is only a claim.
fn client_address(request: &Request) -> Option<IpAddr> {
    address(
        header(request, "spin-client-addr"),
        header(request, "x-forwarded-for"),
    )
}

fn address(peer: Option<&str>, forwarded: Option<&str>) -> Option<IpAddr> {
    let peer = peer?;
    let peer = peer
        .parse::<SocketAddr>()
        .map(|socket| socket.ip())
        .or_else(|_| peer.parse())
        .ok()?;
    let client = forwarded
        .and_then(|list| list.rsplit(',').next())
        .and_then(|last| last.trim().parse().ok());
    Some(client.filter(|_| peer.is_loopback()).unwrap_or(peer))
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn only_a_proxy_on_this_machine_is_believed_about_its_client() {
        for (peer, forwarded, expected) in [
            (Some("203.0.113.9:5000"), None, Some("203.0.113.9")),
            (
                Some("203.0.113.9:5000"),
                Some("198.51.100.1"),
                Some("203.0.113.9"),
            ),
            (
                Some("127.0.0.1:5000"),
                Some("10.0.0.1, 198.51.100.1"),
                Some("198.51.100.1"),
            ),
            (Some("[::1]:5000"), Some("2001:db8::1"), Some("2001:db8::1")),
            (Some("127.0.0.1:5000"), Some("nonsense"), Some("127.0.0.1")),
            (Some("192.0.2.1"), None, Some("192.0.2.1")),
            (Some("unix"), None, None),
            (None, Some("198.51.100.1"), None),
        ] {
            assert_eq!(
                address(peer, forwarded),
                expected.map(|text| text.parse().unwrap()),
                "{peer:?} {forwarded:?}"
            );
        }
    }
}
