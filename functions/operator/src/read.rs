//! `GET conversations/{id}?after=&before=`: one conversation with a page of its messages and notes. The journal is told
//! who read it before they are answered.

use crate::unknown_conversation;
use crate::view::{self, Links, Page};
use vikno_domain::OrgId;
use vikno_identity::Authorised;
use vikno_media::LinkKey;
use vikno_shell::{Problem, Reply, Request, now_ms, query};
use vikno_storage::operator_view::{self, MESSAGES, Message, Span, Whole};
use vikno_storage::{Database, StorageError, journal, sign_in};

pub(crate) async fn conversation(
    request: &Request,
    core: &Database,
    org: &OrgId,
    id: &str,
    permit: &Authorised,
) -> Reply {
    let query = query(request);
    let given = |name: &str| query.get(name).map(String::as_str);
    let span = span(given("after"), given("before"))?;
    let database = Database::open(org.as_str()).await?;
    let shown = dialogue(&database, core, org, id, span, permit).await?;
    Ok(vikno_shell::json(200, &shown))
}

/// The conversation with the messages of a span; that the person has read it is in the journal first.
pub(crate) async fn dialogue(
    database: &Database,
    core: &Database,
    org: &OrgId,
    id: &str,
    span: Span,
    permit: &Authorised,
) -> Result<view::Dialogue, Problem> {
    let conversation = whole(database, id).await?;
    let now_ms = now_ms();
    journal::note_conversation_read(database, id, &permit.person().id, now_ms).await?;
    let messages = operator_view::messages(database, id, span).await?;
    let links = Links {
        key: link_key(core, &messages).await?,
        org,
        now_ms,
    };
    let page = page(span, messages);
    Ok(view::dialogue(conversation, page, &links))
}

/// The conversation, or that there is none.
pub(crate) async fn whole(database: &Database, id: &str) -> Result<Whole, Problem> {
    match operator_view::whole(database, id).await {
        Err(StorageError::NotFound) => Err(unknown_conversation()),
        found => Ok(found?),
    }
}

pub(crate) fn span(after: Option<&str>, before: Option<&str>) -> Result<Span, Problem> {
    let position = |cursor: &str| {
        let detail =
            "'after' and 'before' must be cursors of an earlier answer, and only one of them.";
        cursor
            .parse()
            .map_err(|_| Problem::new(400, "invalid_cursor", detail))
    };
    let after = after.filter(|cursor| !cursor.is_empty());
    let before = before.filter(|cursor| !cursor.is_empty());
    match (after, before) {
        (None, None) => Ok(Span::Before(i64::MAX)),
        (Some(after), None) => Ok(Span::After(position(after)?)),
        (None, Some(before)) => Ok(Span::Before(position(before)?)),
        (Some(_), Some(_)) => position("").map(Span::After),
    }
}

fn page(span: Span, messages: Vec<Message>) -> Page {
    let full = i64::try_from(messages.len()).is_ok_and(|count| count >= MESSAGES);
    let (earlier, position) = match span {
        Span::Before(_) => (full, 0),
        Span::After(position) => (false, position),
    };
    Page {
        messages,
        earlier,
        position,
    }
}

/// The key that signs links, read only where there is a file to link.
async fn link_key(core: &Database, messages: &[Message]) -> Result<Option<LinkKey>, StorageError> {
    if messages.iter().all(|message| message.media.is_none()) {
        return Ok(None);
    }
    let key = sign_in::link_key(core).await?;
    Ok(key.as_deref().and_then(LinkKey::parse))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_cursor_the_last_messages_are_read() {
        assert_eq!(span(None, Some("")).unwrap(), Span::Before(i64::MAX));
        assert_eq!(span(Some("7"), None).unwrap(), Span::After(7));
        assert_eq!(span(None, Some("7")).unwrap(), Span::Before(7));
        for (after, before) in [(Some("x"), None), (None, Some("x")), (Some("1"), Some("2"))] {
            assert_eq!(span(after, before).unwrap_err().status(), 400);
        }
    }
}
