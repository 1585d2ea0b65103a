//! A neutral message as calls of the Telegram Bot API. Texts go without `parse_mode`: what looks like markup is
//! shown as written, so nothing of a citizen's or an operator's words can become markup.

use crate::buttons::rows;
use crate::text::{Counted, messages, shorten, split};
use serde::Serialize;
use vikno_domain::{Button, ButtonKind, MediaRef, OutgoingMessage};

/// `sendMessage`: 4,096 characters; counted in UTF-16 units, which are never fewer.
const TEXT_LIMIT: usize = 4096;
/// Captions: 1,024 characters, counted the same way.
const CAPTION_LIMIT: usize = 1024;
/// `callback_data`: 64 bytes.
const CALLBACK_LIMIT: usize = 64;
/// Longer labels are not readable on a telephone.
const LABEL_LIMIT: usize = 64;
/// Telegram takes 100 buttons below a message.
const BUTTONS_LIMIT: usize = 100;
/// `sendPhoto`: 10 MB; larger pictures go as documents.
const PHOTO_LIMIT: u64 = 10_000_000;

/// One call: `POST {telegram_api_url}/bot{token}/{method}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TelegramRequest {
    /// Method of the Bot API.
    pub method: &'static str,
    /// What it is called with.
    pub body: TelegramBody,
}

/// The body of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TelegramBody {
    /// `application/json`.
    Json(String),
    /// `multipart/form-data`: the fields, then the file.
    Multipart {
        /// Fields before the file.
        fields: Vec<(&'static str, String)>,
        /// Name of the file's field.
        file_field: &'static str,
        /// The file; its bytes are in the media store.
        media: MediaRef,
    },
}

impl TelegramRequest {
    /// The same file as a plain document: for a picture, film or sound that Telegram does not take as such.
    pub fn as_document(&self) -> Option<Self> {
        match &self.body {
            TelegramBody::Multipart { fields, media, .. } if self.method != "sendDocument" => {
                Some(Self {
                    method: "sendDocument",
                    body: TelegramBody::Multipart {
                        fields: fields.clone(),
                        file_field: "document",
                        media: media.clone(),
                    },
                })
            }
            _ => None,
        }
    }
}

#[derive(Serialize)]
struct SendMessage<'a> {
    chat_id: ChatId<'a>,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_markup: Option<&'a Markup<'a>>,
}

/// Telegram's ids are numbers; a channel's public name (`@…`) is a text.
#[derive(Serialize)]
#[serde(untagged)]
enum ChatId<'a> {
    Number(i64),
    Name(&'a str),
}

#[derive(Serialize)]
#[serde(untagged)]
enum Markup<'a> {
    Inline {
        inline_keyboard: Vec<Vec<InlineButton<'a>>>,
    },
    Contact {
        keyboard: Vec<Vec<ContactButton>>,
        resize_keyboard: bool,
        one_time_keyboard: bool,
    },
}

#[derive(Serialize)]
struct InlineButton<'a> {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_data: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct ContactButton {
    text: String,
    request_contact: bool,
}

/// The calls that bring a message to a chat, in order. Buttons are on the last one; a button that shares the phone
/// number needs a keyboard of another kind and, beside others, a call of its own.
///
/// Buttons that Telegram would refuse the whole message for (no label, an id over 64 bytes) are left out.
pub fn render(message: &OutgoingMessage, chat: &str) -> Vec<TelegramRequest> {
    let inline = inline_keyboard(&message.buttons);
    let contact = contact_keyboard(&message.buttons);
    let (main, extra) = match (inline, contact) {
        (Some(inline), contact) => (Some(inline), contact),
        (None, contact) => (contact, None),
    };
    let text = message.text.as_deref().unwrap_or_default();
    let mut requests = match &message.media {
        Some(media) => with_media(media, text, chat, main.as_ref()),
        None => texts(text, chat, main.as_ref()),
    };
    if requests.is_empty() && main.is_some() {
        requests.push(send_message(chat, "👇", main.as_ref()));
    }
    if let (Some(Markup::Contact { keyboard, .. }), true) = (&extra, !requests.is_empty()) {
        let label = keyboard
            .iter()
            .flatten()
            .map(|button| button.text.as_str())
            .next();
        requests.push(send_message(chat, label.unwrap_or("👇"), extra.as_ref()));
    }
    requests
}

fn texts(text: &str, chat: &str, markup: Option<&Markup<'_>>) -> Vec<TelegramRequest> {
    let parts = messages(text, TEXT_LIMIT, Counted::Utf16);
    let last = parts.len().saturating_sub(1);
    let markup_of = |index| markup.filter(|_| index == last);
    let numbered = parts.into_iter().enumerate();
    numbered
        .map(|(index, part)| send_message(chat, part, markup_of(index)))
        .collect()
}

fn send_message(chat: &str, text: &str, markup: Option<&Markup<'_>>) -> TelegramRequest {
    let body = SendMessage {
        chat_id: chat.parse().map_or(ChatId::Name(chat), ChatId::Number),
        text,
        reply_markup: markup,
    };
    TelegramRequest {
        method: "sendMessage",
        body: TelegramBody::Json(json(&body)),
    }
}

/// The file with as much of the text as a caption takes; the rest of the text follows.
fn with_media(
    media: &MediaRef,
    text: &str,
    chat: &str,
    markup: Option<&Markup<'_>>,
) -> Vec<TelegramRequest> {
    let caption = split(text, CAPTION_LIMIT, Counted::Utf16)
        .first()
        .copied()
        .unwrap_or_default();
    let rest = &text[caption.len()..];
    let rest = texts(rest, chat, markup);
    let mut fields = vec![("chat_id", chat.to_owned())];
    if !caption.trim().is_empty() {
        fields.push(("caption", caption.trim().to_owned()));
    }
    if let Some(markup) = markup.filter(|_| rest.is_empty()) {
        fields.push(("reply_markup", json(markup)));
    }
    let (method, file_field) = method_for(media);
    let body = TelegramBody::Multipart {
        fields,
        file_field,
        media: media.clone(),
    };
    std::iter::once(TelegramRequest { method, body })
        .chain(rest)
        .collect()
}

fn method_for(media: &MediaRef) -> (&'static str, &'static str) {
    match media.media_type.as_str() {
        "image/jpeg" | "image/png" | "image/webp" if media.size <= PHOTO_LIMIT => {
            ("sendPhoto", "photo")
        }
        "image/gif" => ("sendAnimation", "animation"),
        "video/mp4" => ("sendVideo", "video"),
        "audio/mpeg" | "audio/mp4" | "audio/m4a" => ("sendAudio", "audio"),
        "audio/ogg" | "audio/opus" => ("sendVoice", "voice"),
        _ => ("sendDocument", "document"),
    }
}

fn inline_keyboard(buttons: &[Button]) -> Option<Markup<'_>> {
    let usable = |button: &&Button| {
        let takes = match &button.kind {
            ButtonKind::Reply => (1..=CALLBACK_LIMIT).contains(&button.id.len()),
            ButtonKind::Url(url) => !url.is_empty(),
            ButtonKind::Contact => false,
        };
        takes && !button.label.trim().is_empty()
    };
    let rows = rows(buttons.iter().filter(usable).take(BUTTONS_LIMIT));
    let inline_keyboard: Vec<_> = rows
        .iter()
        .map(|row| row.iter().map(|button| inline_button(button)).collect())
        .collect();
    (!inline_keyboard.is_empty()).then_some(Markup::Inline { inline_keyboard })
}

fn inline_button(button: &Button) -> InlineButton<'_> {
    let (callback_data, url) = match &button.kind {
        ButtonKind::Url(url) => (None, Some(url.as_str())),
        _ => (Some(button.id.as_str()), None),
    };
    InlineButton {
        text: label(button),
        callback_data,
        url,
    }
}

fn contact_keyboard(buttons: &[Button]) -> Option<Markup<'_>> {
    let asks = buttons
        .iter()
        .find(|button| button.kind == ButtonKind::Contact)?;
    Some(Markup::Contact {
        keyboard: vec![vec![ContactButton {
            text: label(asks),
            request_contact: true,
        }]],
        resize_keyboard: true,
        one_time_keyboard: true,
    })
}

fn label(button: &Button) -> String {
    shorten(&button.label, LABEL_LIMIT, Counted::Chars)
}

fn json(body: &impl Serialize) -> String {
    // Structs of texts and lists cannot fail to serialise.
    serde_json::to_string(body).unwrap_or_default()
}

/// A `multipart/form-data` body. The boundary is made of random letters and digits by the caller.
pub fn multipart(
    boundary: &str,
    fields: &[(&'static str, String)],
    file_field: &str,
    media: &MediaRef,
    bytes: &[u8],
) -> Vec<u8> {
    let mut body = Vec::with_capacity(bytes.len() + 1024);
    for (name, value) in fields {
        let head =
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(value.as_bytes());
        body.extend_from_slice(b"\r\n");
    }
    let file_name = quoted(&media.name);
    let media_type = quoted(&media.media_type);
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{file_field}\"; \
         filename=\"{file_name}\"\r\nContent-Type: {media_type}\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    body
}

/// A file name as it may stand in a header: nothing that ends the quotation or the line.
fn quoted(name: &str) -> String {
    name.chars()
        .filter(|scalar| !scalar.is_control() && !matches!(scalar, '"' | '\\'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use proptest::prelude::*;
    use serde_json::Value;
    use vikno_domain::MessageAuthor;

    fn message(text: &str) -> OutgoingMessage {
        OutgoingMessage::text(MessageAuthor::Robot, text)
    }

    fn picture(size: u64) -> MediaRef {
        MediaRef {
            id: "m_1".into(),
            media_type: "image/png".into(),
            name: "знімок.png".into(),
            size,
        }
    }

    fn body(request: &TelegramRequest) -> Value {
        match &request.body {
            TelegramBody::Json(json) => serde_json::from_str(json).unwrap(),
            TelegramBody::Multipart { fields, .. } => fields
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect(),
        }
    }

    #[test]
    fn markup_in_a_text_is_sent_as_words() {
        let requests = render(&message("<b>Увага</b> & *зірки*"), "42");
        expect![[r#"[TelegramRequest { method: "sendMessage", body: Json("{\"chat_id\":42,\"text\":\"<b>Увага</b> & *зірки*\"}") }]"#]]
            .assert_eq(&format!("{requests:?}"));
    }

    #[test]
    fn buttons_become_an_inline_keyboard() {
        let mut menu = message("Оберіть тему");
        menu.buttons = vec![
            Button::reply("topic:subsidies", "Субсидії"),
            Button::reply("operator", "Оператор"),
            Button {
                id: "site".into(),
                label: "Сайт".into(),
                kind: ButtonKind::Url("https://ukc.gov.ua".into()),
            },
        ];
        expect![[r#"{"chat_id":42,"reply_markup":{"inline_keyboard":[[{"callback_data":"topic:subsidies","text":"Субсидії"},{"callback_data":"operator","text":"Оператор"}],[{"text":"Сайт","url":"https://ukc.gov.ua"}]]},"text":"Оберіть тему"}"#]]
            .assert_eq(&body(&render(&menu, "42")[0]).to_string());
    }

    #[test]
    fn a_contact_button_alone_is_a_reply_keyboard() {
        let mut ask = message("Поділіться номером");
        ask.buttons = vec![Button {
            id: "share-phone".into(),
            label: "Поділитися".into(),
            kind: ButtonKind::Contact,
        }];
        let requests = render(&ask, "42");
        assert_eq!(requests.len(), 1);
        expect![[r#"{"keyboard":[[{"request_contact":true,"text":"Поділитися"}]],"one_time_keyboard":true,"resize_keyboard":true}"#]]
            .assert_eq(&body(&requests[0])["reply_markup"].to_string());
    }

    #[test]
    fn a_contact_button_beside_others_gets_a_call_of_its_own() {
        let mut ask = message("Поділіться номером");
        ask.buttons = vec![
            Button::reply("menu", "Меню"),
            Button {
                id: "share-phone".into(),
                label: "Поділитися".into(),
                kind: ButtonKind::Contact,
            },
        ];
        let requests = render(&ask, "42");
        assert_eq!(requests.len(), 2);
        assert!(body(&requests[0])["reply_markup"]["inline_keyboard"].is_array());
        assert_eq!(body(&requests[1])["text"], "Поділитися");
        assert!(body(&requests[1])["reply_markup"]["keyboard"].is_array());
    }

    #[test]
    fn a_long_text_has_its_buttons_on_the_last_part() {
        let mut long = message(&"Довге речення про субсидії. ".repeat(400));
        long.buttons = vec![Button::reply("menu", "Меню")];
        let requests = render(&long, "42");
        assert_eq!(requests.len(), 3);
        let marked: Vec<bool> = requests
            .iter()
            .map(|request| !body(request)["reply_markup"].is_null())
            .collect();
        assert_eq!(marked, [false, false, true]);
        assert!(
            body(&requests[0])["text"]
                .as_str()
                .unwrap()
                .ends_with("субсидії.")
        );
    }

    #[test]
    fn a_file_carries_a_short_text_as_caption() {
        let mut answer = message("Ось ваш документ");
        answer.media = Some(picture(1000));
        answer.buttons = vec![Button::reply("menu", "Меню")];
        let requests = render(&answer, "42");
        assert_eq!(requests.len(), 1);
        assert_eq!(requests[0].method, "sendPhoto");
        expect![[r#"{"caption":"Ось ваш документ","chat_id":"42","reply_markup":"{\"inline_keyboard\":[[{\"text\":\"Меню\",\"callback_data\":\"menu\"}]]}"}"#]]
            .assert_eq(&body(&requests[0]).to_string());
    }

    #[test]
    fn what_does_not_fit_a_caption_follows_with_the_buttons() {
        let mut answer = message(&"Речення пояснення. ".repeat(100));
        answer.media = Some(picture(1000));
        answer.buttons = vec![Button::reply("menu", "Меню")];
        let requests = render(&answer, "42");
        let methods: Vec<_> = requests.iter().map(|request| request.method).collect();
        assert_eq!(methods, ["sendPhoto", "sendMessage"]);
        assert!(body(&requests[0])["reply_markup"].is_null());
        assert!(body(&requests[1])["reply_markup"].is_object());
    }

    #[test]
    fn files_go_by_the_method_of_their_type() {
        let cases = [
            ("image/jpeg", 10_000_000, "sendPhoto"),
            ("image/jpeg", 10_000_001, "sendDocument"),
            ("image/gif", 10, "sendAnimation"),
            ("video/mp4", 10, "sendVideo"),
            ("audio/ogg", 10, "sendVoice"),
            ("audio/opus", 10, "sendVoice"),
            ("audio/mpeg", 10, "sendAudio"),
            ("application/pdf", 10, "sendDocument"),
        ];
        for (media_type, size, method) in cases {
            let media = MediaRef {
                media_type: media_type.into(),
                ..picture(size)
            };
            assert_eq!(method_for(&media).0, method, "{media_type} of {size}");
        }
    }

    #[test]
    fn a_refused_picture_can_go_as_a_document() {
        let mut answer = message("");
        answer.media = Some(picture(1000));
        let document = render(&answer, "42")[0].as_document().unwrap();
        assert_eq!(document.method, "sendDocument");
        assert_eq!(document.as_document(), None);
        assert_eq!(render(&message("текст"), "42")[0].as_document(), None);
    }

    #[test]
    fn buttons_that_telegram_would_refuse_are_left_out() {
        let mut menu = message("Меню");
        menu.buttons = vec![
            Button::reply("я".repeat(33), "66 байтів"),
            Button::reply("ok", " "),
            Button::reply("", "без імені"),
        ];
        assert!(body(&render(&menu, "42")[0])["reply_markup"].is_null());
    }

    #[test]
    fn an_empty_message_makes_no_call() {
        assert!(render(&message(" \n"), "42").is_empty());
    }

    #[test]
    fn a_file_name_cannot_break_out_of_its_header() {
        let media = MediaRef {
            name: "a\"\r\nX: y.png".into(),
            ..picture(3)
        };
        let body = multipart(
            "BOUNDARY",
            &[("chat_id", "42".into())],
            "photo",
            &media,
            b"PNG",
        );
        expect![[r#"
            --BOUNDARY
            Content-Disposition: form-data; name="chat_id"

            42
            --BOUNDARY
            Content-Disposition: form-data; name="photo"; filename="aX: y.png"
            Content-Type: image/png

            PNG
            --BOUNDARY--
        "#]]
        .assert_eq(&String::from_utf8(body).unwrap().replace("\r\n", "\n"));
    }

    proptest! {
        #[test]
        fn every_call_keeps_telegrams_limits(
            text in "(\\PC|слово |\n){0,3000}",
            with_file: bool,
            labels in proptest::collection::vec("\\PC{0,80}", 0..8),
        ) {
            let mut message = message(&text);
            message.media = with_file.then(|| picture(10));
            message.buttons = labels.iter().map(|label| Button::reply("id", label)).collect();
            for request in render(&message, "42") {
                let body = body(&request);
                if let Some(text) = body["text"].as_str() {
                    prop_assert!((1..=4096).contains(&Counted::Utf16.length(text)));
                }
                let caption = body["caption"].as_str().unwrap_or_default();
                prop_assert!(Counted::Utf16.length(caption) <= 1024);
            }
        }
    }
}
