//! A citizen on one channel: the same words for all three, so that one test speaks to each.

use crate::http::{Answer, send};
use crate::installation::Installation;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};
use vikno_standins::payload;

/// The channels.
pub const CHANNELS: [&str; 3] = ["telegram", "viber", "web"];

/// Numbers that no other citizen of this run has.
static NUMBERS: AtomicI64 = AtomicI64::new(1_000);

fn number() -> i64 {
    NUMBERS.fetch_add(1, Ordering::Relaxed)
}

/// A PNG of one pixel.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82";

/// What a citizen sees.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Words.
    pub text: String,
    /// Ids of the buttons below.
    pub buttons: Vec<String>,
}

/// A citizen.
pub struct Citizen<'a> {
    installation: &'a Installation,
    /// The organisation written to.
    pub org: &'a str,
    channel: &'static str,
    language: &'a str,
    chat: String,
    token: String,
    mark: usize,
}

impl<'a> Citizen<'a> {
    /// Somebody new; nothing is sent yet.
    pub fn new(
        installation: &'a Installation,
        org: &'a str,
        channel: &'static str,
        language: &'a str,
    ) -> Self {
        let number = number();
        let chat = match channel {
            "viber" => format!("viber-user-{number}=="),
            _ => number.to_string(),
        };
        Self {
            installation,
            org,
            channel,
            language,
            chat,
            token: String::new(),
            mark: 0,
        }
    }

    /// The chat id on the channel.
    pub fn chat(&self) -> &str {
        &self.chat
    }

    /// The web session's `Authorization`.
    pub fn authorization(&self) -> String {
        format!("Bearer {}", self.token)
    }

    fn telegram_chat(&self) -> i64 {
        self.chat.parse().expect("Telegram chats are numbers")
    }

    /// Opens the chat.
    pub fn open(&mut self) {
        match self.channel {
            "telegram" => self.say("/start"),
            "viber" => {
                let event = payload::viber_opened(token(), &self.chat, true, self.language);
                self.installation.viber(self.org, &event).expect(200);
            }
            _ => {
                let body =
                    json!({ "language": self.language, "name": format!("Web {}", self.chat) });
                let path = format!("/{}/chat/sessions", self.org);
                let session = self.installation.post(&path, &[], &body).expect(201).json();
                self.token = session["token"].as_str().expect("a token").to_owned();
            }
        }
    }

    /// Writes.
    pub fn say(&mut self, text: &str) {
        match self.channel {
            "telegram" => {
                let update =
                    payload::telegram_text(number(), self.telegram_chat(), text, self.language);
                self.installation.telegram(self.org, &update).expect(200);
            }
            "viber" => {
                let event = payload::viber_text(token(), &self.chat, text, self.language);
                self.installation.viber(self.org, &event).expect(200);
            }
            _ => drop(self.post(&json!({ "text": text })).expect(202)),
        }
    }

    /// Presses a button.
    pub fn click(&mut self, button: &str) {
        match self.channel {
            "telegram" => {
                let update =
                    payload::telegram_click(number(), self.telegram_chat(), button, self.language);
                self.installation.telegram(self.org, &update).expect(200);
            }
            "viber" => {
                let event = payload::viber_click(token(), &self.chat, button, self.language);
                self.installation.viber(self.org, &event).expect(200);
            }
            _ => drop(self.post(&json!({ "click": button })).expect(202)),
        }
    }

    /// Votes: by button in a messenger, by the API in the web chat.
    pub fn vote(&mut self, score: u8) {
        match self.channel {
            "web" => drop(
                self.post(&json!({ "vote": score, "comment": "дякую" }))
                    .expect(202),
            ),
            _ => self.click(&format!("vote:{score}")),
        }
    }

    /// Sends a picture.
    pub fn picture(&mut self) {
        let file = format!("picture-{}", number());
        match self.channel {
            "telegram" => {
                self.installation
                    .standins
                    .put_file(&file, "image/png", PNG.to_vec());
                let chat = self.telegram_chat();
                let update = payload::telegram_photo(
                    number(),
                    chat,
                    &file,
                    Some("ось довідка"),
                    self.language,
                );
                self.installation.telegram(self.org, &update).expect(200);
            }
            "viber" => {
                let url = self
                    .installation
                    .standins
                    .put_file(&file, "image/png", PNG.to_vec());
                let event = payload::viber_picture(
                    token(),
                    &self.chat,
                    &url,
                    Some("ось довідка"),
                    self.language,
                );
                self.installation.viber(self.org, &event).expect(200);
            }
            _ => {
                let id = self.upload("довідка.png", PNG).expect(201).json()["id"].clone();
                drop(self.post(&json!({ "media": id })).expect(202));
            }
        }
    }

    /// Uploads a file (web chat).
    pub fn upload(&self, name: &str, bytes: &[u8]) -> Answer {
        let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let disposition = format!("attachment; filename*=UTF-8''{encoded}");
        let authorization = self.authorization();
        let headers = [
            ("authorization", authorization.as_str()),
            ("content-disposition", disposition.as_str()),
            ("content-type", "application/octet-stream"),
        ];
        send(
            "POST",
            &format!("{}/{}/chat/uploads", self.installation.url, self.org),
            &headers,
            bytes,
        )
    }

    /// Posts to the chat API with a fresh `client_id`.
    pub fn post(&self, body: &Value) -> Answer {
        let mut body = body.clone();
        if body.get("client_id").is_none() {
            body["client_id"] = json!(format!("client-{}", number()));
        }
        let path = format!("/{}/chat/messages", self.org);
        self.installation
            .post(&path, &[("authorization", &self.authorization())], &body)
    }

    /// The chat API's view of the chat from its beginning.
    pub fn chat_view(&self) -> Value {
        let path = format!("/{}/chat/messages", self.org);
        self.installation
            .get(&path, &[("authorization", &self.authorization())])
            .expect(200)
            .json()
    }

    /// Everything that has reached the citizen so far.
    pub fn seen(&self) -> Vec<Seen> {
        if self.channel == "web" {
            let messages = self.chat_view()["messages"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            let ours = messages
                .iter()
                .filter(|message| message["from"] != "citizen");
            return ours
                .map(|message| Seen {
                    text: message["text"].as_str().unwrap_or_default().to_owned(),
                    buttons: message["buttons"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .filter_map(|button| button["id"].as_str().map(str::to_owned))
                        .collect(),
                })
                .collect();
        }
        let sent = self.installation.standins.sent_to(&self.chat);
        let messages = sent.into_iter().filter(|sent| sent.is_message());
        messages
            .map(|sent| Seen {
                text: sent.text.unwrap_or_default(),
                buttons: sent.buttons.into_iter().map(|button| button.id).collect(),
            })
            .collect()
    }

    /// Waits for the next message that fits, and forgets what came before it.
    #[track_caller]
    pub fn wait_for(&mut self, what: &str, fits: impl Fn(&Seen) -> bool) -> Seen {
        let of = format!(
            "{} on {} ({}) in {}: {what}",
            self.chat, self.channel, self.language, self.org
        );
        let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
        loop {
            let seen = self.seen();
            let fresh = seen.get(self.mark..).unwrap_or_default();
            if let Some(index) = fresh.iter().position(&fits) {
                let found = fresh[index].clone();
                self.mark += index + 1;
                return found;
            }
            assert!(
                std::time::Instant::now() < until,
                "{of}; seen since: {fresh:#?}"
            );
            std::thread::sleep(std::time::Duration::from_millis(25));
        }
    }
}

/// A fresh Viber message token: 64 bits, as real ones are.
fn token() -> u64 {
    4_912_661_846_655_000_000 + u64::try_from(number()).expect("numbers are small")
}
