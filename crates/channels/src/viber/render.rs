//! A neutral message as calls of Viber's `send_message`. Button labels are escaped, since Viber reads HTML in them.

use super::BUTTON_PREFIX;
use crate::buttons::rows;
use crate::text::{Counted, escape_html, messages, shorten};
use serde::Serialize;
use vikno_domain::{Button, ButtonKind, MediaRef, OutgoingMessage};

/// 7,000 characters; in UTF-16 units a text of that length is at most 21 KB, so that with a keyboard of at most
/// 24 buttons (under 9 KB) the whole JSON stays under Viber's 30 KB.
const TEXT_LIMIT: usize = 7000;
/// The smallest limit that is documented for a picture's text; longer words follow as a message.
const CAPTION_LIMIT: usize = 120;
const BUTTONS_LIMIT: usize = 24;
const LABEL_LIMIT: usize = 60;
const ADDRESS_LIMIT: usize = 2000;
const SENDER_LIMIT: usize = 28;
const FILE_NAME_LIMIT: usize = 256;
/// A picture over 1 MB is not shown on every telephone: it goes as a file.
const PICTURE_LIMIT: u64 = 1_000_000;
const VIDEO_LIMIT: u64 = 26_000_000;

/// What a message needs besides itself.
#[derive(Debug, Clone, Copy)]
pub struct ViberContext<'a> {
    /// Name shown above the message: the organisation's; cut to 28 characters.
    pub sender_name: &'a str,
    /// A public address of the message's file, if there is one. Without it the citizen is told the file's name.
    pub media_url: Option<&'a str>,
}

#[derive(Serialize)]
struct SendMessage<'a> {
    receiver: &'a str,
    min_api_version: u8,
    sender: Sender<'a>,
    #[serde(flatten)]
    content: Content<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    keyboard: Option<&'a Keyboard<'a>>,
}

#[derive(Serialize)]
struct Sender<'a> {
    name: &'a str,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Content<'a> {
    Text {
        text: &'a str,
    },
    Picture {
        text: &'a str,
        media: &'a str,
    },
    Video {
        media: &'a str,
        size: u64,
    },
    File {
        media: &'a str,
        size: u64,
        file_name: String,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Keyboard<'a> {
    #[serde(rename = "Type")]
    kind: &'static str,
    default_height: bool,
    buttons: Vec<KeyboardButton<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct KeyboardButton<'a> {
    columns: u8,
    rows: u8,
    action_type: &'static str,
    action_body: std::borrow::Cow<'a, str>,
    text: String,
    text_size: &'static str,
}

/// The bodies of `POST {viber_api_url}/send_message` that bring a message to a person, in order. The keyboard is on
/// the last one. Buttons without a label or with an address that is too long are left out.
pub fn render(message: &OutgoingMessage, receiver: &str, context: ViberContext<'_>) -> Vec<String> {
    let words = message.text.as_deref().unwrap_or_default();
    let words: String = words
        .chars()
        .filter(|scalar| is_printable(*scalar))
        .collect();
    let note = message
        .media
        .as_ref()
        .filter(|_| context.media_url.is_none())
        .map(|media| format!("📎 {}\n{words}", media.name));
    let words = note.as_deref().unwrap_or(&words);
    let media = message.media.as_ref().zip(context.media_url);

    let mut contents = Vec::new();
    let mut rest = words;
    if let Some((media, url)) = media {
        let content = file(media, url, words);
        if matches!(content, Content::Picture { text, .. } if !text.is_empty()) {
            rest = "";
        }
        contents.push(content);
    }
    let texts = messages(rest, TEXT_LIMIT, Counted::Utf16);
    contents.extend(texts.into_iter().map(|text| Content::Text { text }));

    let keyboard = keyboard(&message.buttons);
    if contents.is_empty() && keyboard.is_some() {
        contents.push(Content::Text { text: "👇" });
    }
    let sender_name = shorten(context.sender_name, SENDER_LIMIT, Counted::Utf16);
    let min_api_version = if asks_for_phone(&message.buttons) {
        3
    } else {
        1
    };
    let last = contents.len().saturating_sub(1);
    let numbered = contents.into_iter().enumerate();
    numbered
        .map(|(index, content)| {
            let body = SendMessage {
                receiver,
                min_api_version,
                sender: Sender { name: &sender_name },
                content,
                keyboard: keyboard.as_ref().filter(|_| index == last),
            };
            // Structs of texts and lists cannot fail to serialise.
            serde_json::to_string(&body).unwrap_or_default()
        })
        .collect()
}

fn is_printable(scalar: char) -> bool {
    !scalar.is_control() || matches!(scalar, '\n' | '\t')
}

fn file<'a>(media: &MediaRef, url: &'a str, words: &'a str) -> Content<'a> {
    match media.media_type.as_str() {
        "image/jpeg" | "image/png" | "image/gif" if media.size <= PICTURE_LIMIT => {
            let words = words.trim();
            let fits = Counted::Utf16.length(words) <= CAPTION_LIMIT;
            Content::Picture {
                text: if fits { words } else { "" },
                media: url,
            }
        }
        "video/mp4" if media.size <= VIDEO_LIMIT => Content::Video {
            media: url,
            size: media.size,
        },
        _ => Content::File {
            media: url,
            size: media.size,
            file_name: shorten_file_name(&media.name),
        },
    }
}

/// Keeps the extension, by which Viber judges the file.
fn shorten_file_name(name: &str) -> String {
    if Counted::Utf16.length(name) <= FILE_NAME_LIMIT {
        return name.to_owned();
    }
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
    let extension: String = extension.chars().take(10).collect();
    let room = FILE_NAME_LIMIT - 1 - Counted::Utf16.length(&extension);
    format!("{}.{extension}", shorten(stem, room, Counted::Utf16))
}

fn asks_for_phone(buttons: &[Button]) -> bool {
    buttons
        .iter()
        .any(|button| button.kind == ButtonKind::Contact)
}

fn keyboard(buttons: &[Button]) -> Option<Keyboard<'_>> {
    let usable = |button: &&Button| {
        let takes = match &button.kind {
            ButtonKind::Url(url) => (1..=ADDRESS_LIMIT).contains(&url.len()),
            ButtonKind::Reply | ButtonKind::Contact => !button.id.is_empty(),
        };
        takes && !button.label.trim().is_empty()
    };
    let rows = rows(buttons.iter().filter(usable).take(BUTTONS_LIMIT));
    let buttons: Vec<_> = rows
        .iter()
        .flat_map(|row| {
            row.iter()
                .map(|button| keyboard_button(button, columns(row.len())))
        })
        .collect();
    (!buttons.is_empty()).then_some(Keyboard {
        kind: "keyboard",
        default_height: false,
        buttons,
    })
}

/// A keyboard has six columns.
fn columns(buttons_in_row: usize) -> u8 {
    match buttons_in_row {
        1 => 6,
        2 => 3,
        3 => 2,
        _ => 1,
    }
}

fn keyboard_button(button: &Button, columns: u8) -> KeyboardButton<'_> {
    let (action_type, action_body) = match &button.kind {
        ButtonKind::Reply => ("reply", format!("{BUTTON_PREFIX}{}", button.id).into()),
        ButtonKind::Contact => (
            "share-phone",
            format!("{BUTTON_PREFIX}{}", button.id).into(),
        ),
        ButtonKind::Url(url) => ("open-url", url.as_str().into()),
    };
    KeyboardButton {
        columns,
        rows: 1,
        action_type,
        action_body,
        text: escape_html(&shorten(&button.label, LABEL_LIMIT, Counted::Chars)),
        text_size: "regular",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use proptest::prelude::*;
    use serde_json::Value;
    use vikno_domain::MessageAuthor;

    const CONTEXT: ViberContext<'_> = ViberContext {
        sender_name: "Урядовий контактний центр",
        media_url: None,
    };
    const LINKED: ViberContext<'_> = ViberContext {
        media_url: Some("https://vikno.example/f/a.png"),
        ..CONTEXT
    };

    fn message(text: &str) -> OutgoingMessage {
        OutgoingMessage::text(MessageAuthor::Robot, text)
    }

    fn with_file(text: &str, media_type: &str, size: u64) -> OutgoingMessage {
        let media = MediaRef {
            id: "m_1".into(),
            media_type: media_type.into(),
            name: "a.png".into(),
            size,
        };
        OutgoingMessage {
            media: Some(media),
            ..message(text)
        }
    }

    fn bodies(message: &OutgoingMessage, context: ViberContext<'_>) -> Vec<Value> {
        let bodies = render(message, "xy5/5y6O81+/kbWHpLhBoA==", context);
        bodies
            .iter()
            .map(|body| serde_json::from_str(body).unwrap())
            .collect()
    }

    #[test]
    fn a_text_has_a_sender() {
        expect![[r#"{"receiver":"xy5/5y6O81+/kbWHpLhBoA==","min_api_version":1,"sender":{"name":"Урядовий контактний центр"},"type":"text","text":"Добрий день <тут>"}"#]]
            .assert_eq(&render(&message("Добрий день <тут>"), "xy5/5y6O81+/kbWHpLhBoA==", CONTEXT)[0]);
    }

    #[test]
    fn buttons_become_a_keyboard_whose_presses_can_be_told_from_words() {
        let mut menu = message("Оберіть тему");
        menu.buttons = vec![
            Button::reply("topic:subsidies", "Субсидії & пільги"),
            Button::reply("operator", "Оператор"),
            Button {
                id: "site".into(),
                label: "Сайт".into(),
                kind: ButtonKind::Url("https://ukc.gov.ua".into()),
            },
        ];
        expect![[r#"{"Buttons":[{"ActionBody":"vk:topic:subsidies","ActionType":"reply","Columns":3,"Rows":1,"Text":"Субсидії &amp; пільги","TextSize":"regular"},{"ActionBody":"vk:operator","ActionType":"reply","Columns":3,"Rows":1,"Text":"Оператор","TextSize":"regular"},{"ActionBody":"https://ukc.gov.ua","ActionType":"open-url","Columns":6,"Rows":1,"Text":"Сайт","TextSize":"regular"}],"DefaultHeight":false,"Type":"keyboard"}"#]]
            .assert_eq(&bodies(&menu, CONTEXT)[0]["keyboard"].to_string());
    }

    #[test]
    fn sharing_a_phone_needs_a_newer_client() {
        let mut ask = message("Поділіться номером");
        ask.buttons = vec![Button {
            id: "share-phone".into(),
            label: "Поділитися".into(),
            kind: ButtonKind::Contact,
        }];
        let body = &bodies(&ask, CONTEXT)[0];
        assert_eq!(body["min_api_version"], 3);
        assert_eq!(body["keyboard"]["Buttons"][0]["ActionType"], "share-phone");
    }

    #[test]
    fn files_go_by_type_and_size() {
        let cases = [
            ("image/png", 1_000_000, "picture"),
            ("image/png", 1_000_001, "file"),
            ("image/webp", 10, "file"),
            ("video/mp4", 26_000_000, "video"),
            ("video/mp4", 26_000_001, "file"),
            ("application/pdf", 10, "file"),
        ];
        for (media_type, size, kind) in cases {
            let body = &bodies(&with_file("", media_type, size), LINKED)[0];
            assert_eq!(body["type"], kind, "{media_type} of {size}");
            assert_eq!(body["media"], "https://vikno.example/f/a.png");
        }
    }

    #[test]
    fn a_short_caption_stays_with_the_picture_and_a_long_one_follows() {
        let short = bodies(&with_file("Ось фото", "image/png", 10), LINKED);
        assert_eq!(short.len(), 1);
        assert_eq!(short[0]["text"], "Ось фото");
        let long = bodies(&with_file(&"слово ".repeat(40), "image/png", 10), LINKED);
        let kinds: Vec<_> = long
            .iter()
            .map(|body| body["type"].as_str().unwrap())
            .collect();
        assert_eq!(kinds, ["picture", "text"]);
        assert_eq!(long[0]["text"], "");
    }

    #[test]
    fn without_a_public_address_the_file_is_named() {
        let bodies = bodies(&with_file("Ось фото", "image/png", 10), CONTEXT);
        assert_eq!(bodies.len(), 1);
        assert_eq!(bodies[0]["text"], "📎 a.png\nОсь фото");
    }

    #[test]
    fn a_long_file_name_keeps_its_extension() {
        let name = shorten_file_name(&format!("{}.pdf", "д".repeat(300)));
        assert!(name.ends_with("….pdf"));
        assert_eq!(name.chars().count(), FILE_NAME_LIMIT);
    }

    #[test]
    fn an_empty_message_makes_no_call() {
        assert!(bodies(&message("\n"), CONTEXT).is_empty());
    }

    proptest! {
        #[test]
        fn every_call_keeps_vibers_limits(
            text in "(\\PC|слово |\u{1}|\"|\\n){0,9000}",
            sender in "\\PC{1,60}",
            labels in proptest::collection::vec("(\\PC|<|&){0,90}", 0..30),
        ) {
            let mut message = message(&text);
            message.buttons = labels.iter().map(|label| Button::reply("i".repeat(64), label)).collect();
            let bodies = render(&message, "r", ViberContext { sender_name: &sender, media_url: None });
            for body in bodies {
                prop_assert!(body.len() <= 30_000, "{} bytes", body.len());
                let body: Value = serde_json::from_str(&body).unwrap();
                prop_assert!(Counted::Utf16.length(body["sender"]["name"].as_str().unwrap()) <= 28);
                prop_assert!((1..=7000).contains(&body["text"].as_str().unwrap().chars().count()));
            }
        }
    }
}
