//! The shapes that the chat API answers with. Pure.

use serde::Serialize;
use vikno_domain::{Button, ButtonKind, ConversationStatus, MediaRef, OrgId, rfc3339};
use vikno_media::LinkKey;
use vikno_storage::chat::{ChatMedia, ChatMessage};

/// How files are linked.
pub struct Links<'a> {
    /// None: this installation signs no links.
    pub key: Option<LinkKey>,
    /// Whose files.
    pub org: &'a OrgId,
    /// Unix milliseconds.
    pub now_ms: i64,
}

/// The answer to a poll.
#[derive(Serialize)]
pub struct Page {
    pub messages: Vec<Told>,
    pub cursor: String,
    pub status: ConversationStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<Place>,
    /// An operator writes.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub typing: bool,
    pub poll_ms: u64,
}

/// A place in a queue.
#[derive(Serialize)]
pub struct Place {
    pub position: u32,
    pub estimate_s: i64,
}

/// A message.
#[derive(Serialize)]
pub struct Told {
    id: String,
    from: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    buttons: Vec<ToldButton>,
    #[serde(skip_serializing_if = "Option::is_none")]
    media: Option<ToldMedia>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
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

/// A stored message as it is told.
pub fn told(message: ChatMessage, links: &Links<'_>) -> Told {
    Told {
        id: message.id,
        from: message.from,
        name: message.author_name,
        text: message.text,
        buttons: message
            .buttons
            .into_iter()
            .filter_map(told_button)
            .collect(),
        media: message.media.map(|media| told_media(media, links)),
        client_id: message.client_id,
        at: rfc3339(message.at_ms),
    }
}

/// A browser cannot share a proven phone number, so it is not asked to.
fn told_button(button: Button) -> Option<ToldButton> {
    let url = match button.kind {
        ButtonKind::Reply => None,
        ButtonKind::Url(url) => Some(url),
        ButtonKind::Contact => return None,
    };
    Some(ToldButton {
        id: button.id,
        label: button.label,
        url,
    })
}

fn told_media(media: ChatMedia, links: &Links<'_>) -> ToldMedia {
    let key = links.key.as_ref().filter(|_| media.state == "stored");
    ToldMedia {
        url: key.map(|key| {
            key.path(
                links.org.as_str(),
                &media.file.id,
                &media.file.name,
                links.now_ms,
            )
        }),
        file: media.file,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn message(buttons: Vec<Button>, state: &str) -> ChatMessage {
        ChatMessage {
            seq: 7,
            id: "m_1".into(),
            from: "robot".into(),
            author_name: None,
            text: Some("Вітаємо".into()),
            buttons,
            media: Some(ChatMedia {
                file: MediaRef {
                    id: "f_1".into(),
                    media_type: "image/png".into(),
                    name: "a.png".into(),
                    size: 5,
                },
                state: state.into(),
            }),
            client_id: None,
            at_ms: 1_795_000_000_000,
        }
    }

    fn shown(message: ChatMessage) -> Value {
        let org = OrgId::parse("ukc").unwrap();
        let links = Links {
            key: Some(LinkKey::derive("secret")),
            org: &org,
            now_ms: 1_795_000_000_000,
        };
        serde_json::to_value(told(message, &links)).unwrap()
    }

    #[test]
    fn a_message_has_the_agreed_shape() {
        let shown = shown(message(vec![Button::reply("menu", "Меню")], "stored"));
        let url = shown["media"]["url"].as_str().unwrap();
        assert!(url.starts_with("/ukc/media/f_1/"), "{url}");
        let mut expected = json!({
            "id": "m_1", "from": "robot", "text": "Вітаємо", "buttons": [{"id": "menu", "label": "Меню"}],
            "media": {"id": "f_1", "type": "image/png", "name": "a.png", "size": 5}, "at": "2026-11-18T11:06:40.000Z",
        });
        expected["media"]["url"] = url.into();
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_file_that_is_not_in_the_store_has_no_link() {
        for state in ["fetching", "refused", "lost"] {
            assert!(
                shown(message(vec![], state))["media"].get("url").is_none(),
                "{state}"
            );
        }
    }

    #[test]
    fn a_browser_is_not_asked_for_a_contact_card() {
        let contact = Button {
            id: "share-phone".into(),
            label: "Phone".into(),
            kind: ButtonKind::Contact,
        };
        let link = Button {
            id: "site".into(),
            label: "Site".into(),
            kind: ButtonKind::Url("https://x.example".into()),
        };
        assert_eq!(
            shown(message(vec![contact, link], "stored"))["buttons"],
            json!([{"id": "site", "label": "Site", "url": "https://x.example"}])
        );
    }
}
