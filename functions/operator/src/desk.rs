//! `GET /core/operator/desk`: what changed in all organisations where the person may view conversations, and in the
//! conversation that their console has open. Consoles ask every few seconds, so it is cheap when nothing changed.

use crate::{read, view};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use vikno_access::permitted_among;
use vikno_domain::{Channel, OrgId};
use vikno_identity::{Authorised, Permission};
use vikno_shell::{Problem, Reply, Request, now_ms, query};
use vikno_storage::operator_view::Span;
use vikno_storage::{Database, desk, presence, typing};

/// When something changed just now, more may follow soon.
const POLL_BUSY_MS: u32 = 1_500;
/// Nothing changed.
const POLL_QUIET_MS: u32 = 3_000;
/// People noted by one instance; an installation has some hundreds.
const SEEN_MAX: usize = 10_000;

thread_local! {
    /// When this instance noted people as present.
    static SEEN: RefCell<HashMap<String, i64>> = RefCell::default();
}

pub(crate) async fn changes(request: &Request) -> Reply {
    let core = Database::open("core").await?;
    let served = vikno_shell::served_organisations().await;
    let permits = permitted_among(request, &core, &served, Permission::ViewConversations).await?;
    let query = query(request);
    let given = |name: &str| query.get(name).filter(|value| !value.is_empty());
    let positions = positions(given("after").map(String::as_str))?;
    if let Some(permit) = permits.first() {
        note_presence(&core, permit).await?;
    }
    let answer = Answer::read(&permits, &positions).await?;
    let open = match (given("org"), given("open")) {
        (Some(org), Some(id)) => {
            let seen = given("seen").map(String::as_str);
            Some(open(&core, &permits, org, id, seen).await?)
        }
        _ => None,
    };
    Ok(vikno_shell::json(200, &answer.shown(open)))
}

#[derive(Default)]
struct Answer {
    cursor: Vec<String>,
    is_whole: bool,
    conversations: Vec<view::DeskView>,
}

impl Answer {
    /// A console that begins anew in one organisation begins in all: what it had is forgotten as a whole.
    async fn read(
        permits: &[Authorised],
        positions: &BTreeMap<OrgId, i64>,
    ) -> Result<Self, Problem> {
        let organisations = permits.iter().filter_map(Authorised::org);
        let is_known = organisations.clone().all(|org| positions.contains_key(org));
        if is_known {
            let changes = Self::of(permits, |org| positions.get(org).copied()).await?;
            if !changes.is_whole {
                return Ok(changes);
            }
        }
        Self::of(permits, |_| None).await
    }

    async fn of(
        permits: &[Authorised],
        position: impl Fn(&OrgId) -> Option<i64>,
    ) -> Result<Self, Problem> {
        let mut answer = Self::default();
        for permit in permits {
            let Some(org) = permit.org() else { continue };
            let database = Database::open(org.as_str()).await?;
            let changes = desk::changes(&database, &permit.person().id, position(org)).await?;
            answer.is_whole |= changes.is_whole;
            answer.cursor.push(format!("{org}:{}", changes.seq));
            if changes.rows.is_empty() {
                continue;
            }
            let organisation = vikno_shell::served_organisation(org).await?;
            let rows = changes.rows.into_iter();
            let rows = rows.map(|row| view::desk_row(&organisation, row));
            answer.conversations.extend(rows);
        }
        Ok(answer)
    }

    fn shown(self, open: Option<Value>) -> Value {
        let typing = open.as_ref().is_some_and(|open| open["typing"] == true);
        let busy = typing || !self.conversations.is_empty();
        let mut shown = json!({
            "cursor": self.cursor.join(","),
            "reset": self.is_whole,
            "poll_ms": if busy { POLL_BUSY_MS } else { POLL_QUIET_MS },
            "conversations": self.conversations,
        });
        if let Some(open) = open {
            shown["open"] = open;
        }
        shown
    }
}

/// The conversation that is open in the console: what is new in it, and how the operator's messages fare.
async fn open(
    core: &Database,
    permits: &[Authorised],
    org: &str,
    id: &str,
    seen: Option<&str>,
) -> Result<Value, Problem> {
    let permit = permits.iter().find(|permit| {
        permit
            .org()
            .is_some_and(|permitted| permitted.as_str() == org)
    });
    let named = permit.and_then(|permit| Some((permit, permit.org()?)));
    let (permit, org) = named.ok_or_else(|| {
        let detail = "'org' must be an organisation where you may view conversations.";
        Problem::new(403, "forbidden", detail)
    })?;
    let database = Database::open(org.as_str()).await?;
    let span = match seen {
        None => Span::Before(i64::MAX),
        seen => read::span(seen, None)?,
    };
    let dialogue = read::dialogue(&database, core, org, id, span, permit).await?;
    let deliveries: BTreeMap<_, _> = desk::deliveries(&database, id).await?.into_iter().collect();
    let mut shown = serde_json::to_value(dialogue).map_err(Problem::fault)?;
    shown["org"] = json!(org);
    shown["deliveries"] = json!(deliveries);
    shown["typing"] = json!(typing::is_citizen_writing(&database, id, now_ms()).await?);
    Ok(shown)
}

/// `POST conversations/{id}/typing`: the citizen is told that their operator writes, as far as their channel can show it.
pub(crate) async fn note_typing(org: &OrgId, id: &str, permit: &Authorised) -> Reply {
    let database = Database::open(org.as_str()).await?;
    let operator = &permit.person().id;
    let Some(noted) = typing::by_operator(&database, id, operator, now_ms()).await? else {
        return Ok(vikno_shell::empty(204));
    };
    // The organisation that moved the dialogue here has the citizen's channel.
    let moved = noted.chat.split_once(':');
    let (holder, noted) = match moved.filter(|_| noted.channel == Channel::Organisation) {
        None => (org.as_str(), Some(noted)),
        Some((home, there)) => {
            let database = Database::open(home).await?;
            let noted = typing::by_operator_there(&database, there, org.as_str(), now_ms());
            (home, noted.await?)
        }
    };
    if let Some(noted) = noted.filter(|noted| noted.channel == Channel::Telegram) {
        let path = format!("/{holder}/typing/{}", noted.conversation_id);
        vikno_shell::nudge("delivery", path);
    }
    Ok(vikno_shell::empty(204))
}

/// Somebody is there. Written every 20 seconds at the most, so that two hundred consoles write little.
pub(crate) async fn note_presence(core: &Database, permit: &Authorised) -> Result<(), Problem> {
    let now_ms = now_ms();
    let person = &permit.person().id;
    let noted = SEEN.with_borrow(|seen| seen.get(person).copied());
    if noted.is_some_and(|at_ms| now_ms - at_ms < presence::SEEN_EVERY_MS) {
        return Ok(());
    }
    presence::seen(core, person, now_ms).await?;
    SEEN.with_borrow_mut(|seen| {
        if seen.len() >= SEEN_MAX {
            seen.clear();
        }
        seen.insert(person.clone(), now_ms);
    });
    Ok(())
}

/// The cursor as written by [`Answer`]: `org:seq`, divided by commas.
fn positions(cursor: Option<&str>) -> Result<BTreeMap<OrgId, i64>, Problem> {
    let invalid = || {
        let detail = "'after' must be the cursor of an earlier answer.";
        Problem::new(400, "invalid_cursor", detail)
    };
    let parts = cursor.into_iter().flat_map(|cursor| cursor.split(','));
    parts
        .map(|part| {
            let (org, seq) = part.split_once(':').ok_or_else(invalid)?;
            let org = OrgId::parse(org).map_err(|_| invalid())?;
            Ok((org, seq.parse().map_err(|_| invalid())?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_names_a_position_in_each_organisation() {
        assert!(positions(None).unwrap().is_empty());
        let read = positions(Some("ukc:7,mou:0")).unwrap();
        assert_eq!(read[&OrgId::parse("ukc").unwrap()], 7);
        assert_eq!(read.len(), 2);
        for bad in ["x", "ukc:", "ukc:x", "../core:1", "ukc:1,,"] {
            assert_eq!(positions(Some(bad)).unwrap_err().status(), 400, "{bad}");
        }
    }

    #[test]
    fn more_follows_soon_where_something_changed() {
        let quiet = Answer::default().shown(None);
        assert_eq!(quiet["poll_ms"], POLL_QUIET_MS);
        assert_eq!(quiet["reset"], false);
        assert!(quiet.get("open").is_none());
    }
}
