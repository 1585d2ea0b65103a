//! The shapes that operators are shown. Pure.

use serde::Serialize;
use vikno_domain::{Button, ButtonKind, ConversationStatus, MediaRef, OrgId, rfc3339};
use vikno_media::LinkKey;
use vikno_organisation::Organisation;
use vikno_routing::{Due, Standing};
use vikno_storage::dead_letters::DeadLetter;
use vikno_storage::desk::DeskRow;
use vikno_storage::operator_view::{Listed, Message, Whole};

#[derive(Serialize)]
pub(crate) struct Named {
    id: String,
    name: String,
}

#[derive(Serialize)]
struct CitizenName {
    name: Option<String>,
}

/// A conversation in a list.
#[derive(Serialize)]
pub(crate) struct ListedView {
    id: String,
    status: String,
    queue: Option<String>,
    topic: Option<String>,
    channel: String,
    language: String,
    priority: i64,
    citizen: CitizenName,
    #[serde(skip_serializing_if = "Option::is_none")]
    operator: Option<Named>,
    opened_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    queued_at: Option<String>,
    last_at: String,
    labels: Vec<String>,
    /// The organisation that has it now.
    #[serde(skip_serializing_if = "Option::is_none")]
    moved_to: Option<String>,
    /// The organisation that moved it here.
    #[serde(skip_serializing_if = "Option::is_none")]
    moved_from: Option<String>,
}

pub(crate) fn listed(listed: Listed) -> ListedView {
    ListedView {
        id: listed.id,
        status: listed.status,
        queue: listed.queue,
        topic: listed.topic,
        channel: listed.channel,
        language: listed.language,
        priority: listed.priority,
        citizen: CitizenName {
            name: listed.citizen_name,
        },
        operator: listed.operator.map(|(id, name)| Named { id, name }),
        opened_at: rfc3339(listed.opened_at_ms),
        queued_at: listed.queued_at_ms.map(rfc3339),
        last_at: rfc3339(listed.last_at_ms),
        labels: listed.labels,
        moved_to: listed.moved_to,
        moved_from: listed.moved_from,
    }
}

/// A conversation in the list of a console, which shows several organisations.
#[derive(Serialize)]
pub(crate) struct DeskView {
    org: OrgId,
    #[serde(flatten)]
    listed: ListedView,
    #[serde(skip_serializing_if = "Option::is_none")]
    taken_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<LastView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked_at: Option<String>,
    /// What is due next.
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<DueView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rating: Option<i64>,
}

#[derive(Serialize)]
pub(crate) struct DueView {
    kind: &'static str,
    warn_at: String,
    at: String,
}

#[derive(Serialize)]
struct LastView {
    from: String,
    text: Option<String>,
    at: String,
}

pub(crate) fn desk_row(organisation: &Organisation, row: DeskRow) -> DeskView {
    rated(organisation, row, None)
}

/// The same with the citizen's rating, once there is one.
pub(crate) fn rated(organisation: &Organisation, row: DeskRow, rating: Option<i64>) -> DeskView {
    DeskView {
        org: organisation.id.clone(),
        due: due_in(organisation, &row),
        listed: listed(row.listed),
        taken_at: row.taken_at_ms.map(rfc3339),
        closed_at: row.closed_at_ms.map(rfc3339),
        last: row.last.map(|last| LastView {
            from: last.author,
            text: last.text,
            at: rfc3339(last.at_ms),
        }),
        asked_at: row.asked_at_ms.map(rfc3339),
        rating,
    }
}

fn due_in(organisation: &Organisation, row: &DeskRow) -> Option<DueView> {
    let queue = row
        .listed
        .queue
        .as_deref()
        .and_then(|id| organisation.queue(id));
    let standing = Standing {
        status: ConversationStatus::parse(&row.listed.status)?,
        queued_at_ms: row.listed.queued_at_ms,
        asked_at_ms: row.asked_at_ms,
        taken_at_ms: row.taken_at_ms,
    };
    let times = queue.unwrap_or(organisation.default_queue()).service;
    let is_here = row.listed.moved_to.is_none();
    vikno_routing::due(times, standing)
        .filter(|_| is_here)
        .map(due)
}

pub(crate) fn due(due: Due) -> DueView {
    DueView {
        kind: due.kind.as_str(),
        warn_at: rfc3339(due.warn_at_ms),
        at: rfc3339(due.at_ms),
    }
}

/// One conversation with its citizen.
#[derive(Serialize)]
pub(crate) struct WholeView {
    id: String,
    status: String,
    queue: Option<String>,
    topic: Option<String>,
    channel: String,
    language: String,
    priority: i64,
    citizen: CitizenView,
    #[serde(skip_serializing_if = "Option::is_none")]
    operator: Option<Named>,
    opened_at: String,
    queued_at: Option<String>,
    taken_at: Option<String>,
    last_at: String,
    closed_at: Option<String>,
    close_reason: Option<String>,
    rating: Option<i64>,
    labels: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    moved_to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    moved_from: Option<String>,
}

#[derive(Serialize)]
struct CitizenView {
    id: String,
    name: Option<String>,
    phone: Option<String>,
    phone_verified: bool,
    identified: bool,
    blocked: bool,
    conversations: i64,
}

pub(crate) fn whole(whole: Whole) -> WholeView {
    let Whole {
        listed, citizen, ..
    } = whole;
    WholeView {
        id: listed.id,
        status: listed.status,
        queue: listed.queue,
        topic: listed.topic,
        channel: listed.channel,
        language: listed.language,
        priority: listed.priority,
        citizen: CitizenView {
            id: citizen.id,
            name: listed.citizen_name,
            phone: citizen.phone,
            phone_verified: citizen.phone_verified,
            identified: citizen.identified,
            blocked: citizen.blocked,
            conversations: citizen.conversations,
        },
        operator: listed.operator.map(|(id, name)| Named { id, name }),
        opened_at: rfc3339(listed.opened_at_ms),
        queued_at: listed.queued_at_ms.map(rfc3339),
        taken_at: whole.taken_at_ms.map(rfc3339),
        last_at: rfc3339(listed.last_at_ms),
        closed_at: whole.closed_at_ms.map(rfc3339),
        close_reason: whole.close_reason,
        rating: whole.score,
        labels: listed.labels,
        moved_to: listed.moved_to,
        moved_from: listed.moved_from,
    }
}

/// How files are linked.
pub(crate) struct Links<'a> {
    pub(crate) key: Option<LinkKey>,
    pub(crate) org: &'a OrgId,
    pub(crate) now_ms: i64,
}

/// A conversation with a page of what was said and noted.
#[derive(Serialize)]
pub(crate) struct Dialogue {
    #[serde(flatten)]
    conversation: WholeView,
    messages: Vec<Told>,
    notes: Vec<Note>,
    /// For `after`: what is new from here on.
    cursor: String,
    /// For `before`: what was earlier; absent when this is the beginning.
    #[serde(skip_serializing_if = "Option::is_none")]
    earlier: Option<String>,
}

#[derive(Serialize)]
struct Told {
    id: String,
    from: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    buttons: Vec<ToldButton>,
    #[serde(skip_serializing_if = "Option::is_none")]
    media: Option<ToldMedia>,
    delivery: String,
    at: String,
}

#[derive(Serialize)]
struct ToldButton {
    id: String,
    label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct ToldMedia {
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(flatten)]
    file: MediaRef,
}

#[derive(Serialize)]
struct Note {
    id: String,
    by: Option<String>,
    text: String,
    at: String,
    /// Of somebody else to the one who has the dialogue.
    whisper: bool,
}

/// A page of messages as read: `full` when there may be more of them, `position` where it was asked to begin.
pub(crate) struct Page {
    pub(crate) messages: Vec<Message>,
    pub(crate) earlier: bool,
    pub(crate) position: i64,
}

pub(crate) fn dialogue(conversation: Whole, page: Page, links: &Links<'_>) -> Dialogue {
    let cursor = page.messages.last().map_or(page.position, |last| last.seq);
    let first = page.messages.first().map(|first| first.seq.to_string());
    let (notes, messages): (Vec<_>, Vec<_>) = page
        .messages
        .into_iter()
        .partition(|message| message.author == "note");
    Dialogue {
        conversation: whole(conversation),
        messages: messages
            .into_iter()
            .map(|message| told(message, links))
            .collect(),
        notes: notes.into_iter().map(note).collect(),
        cursor: cursor.to_string(),
        earlier: first.filter(|_| page.earlier),
    }
}

fn note(message: Message) -> Note {
    Note {
        id: message.id,
        by: message.author_name,
        text: message.text.unwrap_or_default(),
        at: rfc3339(message.at_ms),
        whisper: message.is_whisper,
    }
}

fn told(message: Message, links: &Links<'_>) -> Told {
    Told {
        id: message.id,
        from: message.author,
        name: message.author_name,
        text: message.text,
        buttons: message.buttons.into_iter().map(button).collect(),
        media: message
            .media
            .map(|(file, stored)| media(file, stored, links)),
        delivery: message.delivery,
        at: rfc3339(message.at_ms),
    }
}

fn button(button: Button) -> ToldButton {
    let url = match button.kind {
        ButtonKind::Url(url) => Some(url),
        ButtonKind::Reply | ButtonKind::Contact => None,
    };
    ToldButton {
        id: button.id,
        label: button.label,
        url,
    }
}

/// Only a file that is in the store has a link.
fn media(file: MediaRef, stored: bool, links: &Links<'_>) -> ToldMedia {
    let key = links.key.as_ref().filter(|_| stored);
    ToldMedia {
        url: key.map(|key| key.path(links.org.as_str(), &file.id, &file.name, links.now_ms)),
        file,
    }
}

#[derive(Serialize)]
pub(crate) struct LetterView {
    id: i64,
    kind: String,
    channel: String,
    conversation: Option<String>,
    message: Option<String>,
    attempts: i64,
    reason: Option<String>,
    created_at: String,
}

pub(crate) fn letter(letter: DeadLetter) -> LetterView {
    LetterView {
        id: letter.id,
        kind: letter.kind,
        channel: letter.channel,
        conversation: letter.conversation_id,
        message: letter.message_id,
        attempts: letter.attempts,
        reason: letter.last_error,
        created_at: rfc3339(letter.created_at_ms),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use vikno_storage::operator_view::Citizen;

    const AT_MS: i64 = 1_795_000_000_000;

    fn conversation() -> Whole {
        Whole {
            listed: Listed {
                id: "c_1".into(),
                status: "with_operator".into(),
                queue: Some("general".into()),
                topic: None,
                channel: "telegram".into(),
                language: "uk".into(),
                priority: 0,
                citizen_name: Some("Оля".into()),
                operator: Some(("u_1".into(), "Олена".into())),
                opened_at_ms: AT_MS,
                queued_at_ms: None,
                last_at_ms: AT_MS,
                labels: vec!["пенсія".into()],
                moved_to: None,
                moved_from: None,
            },
            chat: "42".into(),
            taken_at_ms: None,
            closed_at_ms: None,
            close_reason: None,
            score: None,
            citizen: Citizen {
                id: "p_1".into(),
                phone: None,
                phone_verified: false,
                identified: false,
                blocked: false,
                conversations: 1,
            },
        }
    }

    fn message(seq: i64, author: &str) -> Message {
        Message {
            seq,
            id: format!("m_{seq}"),
            author: author.into(),
            author_name: None,
            text: Some("слова".into()),
            buttons: vec![],
            media: None,
            is_whisper: false,
            delivery: "none".into(),
            at_ms: AT_MS,
        }
    }

    fn shown(messages: Vec<Message>, earlier: bool) -> Value {
        let org = OrgId::parse("ukc").unwrap();
        let links = Links {
            key: Some(LinkKey::derive("secret")),
            org: &org,
            now_ms: AT_MS,
        };
        let page = Page {
            messages,
            earlier,
            position: 0,
        };
        serde_json::to_value(dialogue(conversation(), page, &links)).unwrap()
    }

    #[test]
    fn a_listed_conversation_has_the_agreed_shape() {
        let at = "2026-11-18T11:06:40.000Z";
        assert_eq!(
            serde_json::to_value(listed(conversation().listed)).unwrap(),
            json!({
                "id": "c_1", "status": "with_operator", "queue": "general", "topic": null, "channel": "telegram",
                "language": "uk", "priority": 0, "citizen": {"name": "Оля"},
                "operator": {"id": "u_1", "name": "Олена"}, "opened_at": at, "last_at": at, "labels": ["пенсія"],
            })
        );
    }

    #[test]
    fn notes_stand_apart_from_what_the_citizen_sees() {
        let shown = shown(
            vec![
                message(1, "citizen"),
                message(2, "note"),
                message(3, "operator"),
            ],
            false,
        );
        let ids = |name: &str| {
            let rows = shown[name].as_array().unwrap();
            rows.iter().map(|row| row["id"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(ids("messages"), ["m_1", "m_3"]);
        assert_eq!(ids("notes"), ["m_2"]);
        assert_eq!(shown["cursor"], "3");
        assert_eq!(shown["status"], "with_operator");
        assert!(shown.get("earlier").is_none());
    }

    #[test]
    fn what_was_earlier_can_be_asked_for() {
        assert_eq!(shown(vec![message(7, "citizen")], true)["earlier"], "7");
    }

    #[test]
    fn only_a_stored_file_has_a_link() {
        for (stored, linked) in [(true, true), (false, false)] {
            let file = MediaRef {
                id: "f_1".into(),
                media_type: "image/png".into(),
                name: "a.png".into(),
                size: 5,
            };
            let with_file = Message {
                media: Some((file, stored)),
                ..message(1, "citizen")
            };
            let shown = shown(vec![with_file], false);
            let url = shown["messages"][0]["media"]["url"].as_str();
            assert_eq!(
                url.is_some_and(|url| url.starts_with("/ukc/media/f_1/")),
                linked
            );
        }
    }
}
