//! A made-up citizen on one channel: the same few words for all three. Knows no plot.

use super::api::{Answer, Api};
use super::lines;
use anyhow::{Context, Result, bail};
use bytes::Bytes;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use vikno_standins::{Standins, payload};

/// Where citizens write.
pub const CHANNELS: [Channel; 3] = [Channel::Telegram, Channel::Viber, Channel::Web];

/// What everybody sends who sends a picture.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82";
/// How often somebody looks at a messenger; the chat API says itself how often.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Numbers that no other citizen has, of this run or of an earlier one over the same state.
static NUMBERS: LazyLock<AtomicI64> = LazyLock::new(|| {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let since_s = since.map_or(0, |since| since.as_secs());
    AtomicI64::new(i64::try_from(since_s).unwrap_or(0) * 1_000)
});

fn number() -> i64 {
    NUMBERS.fetch_add(1, Ordering::Relaxed)
}

/// Viber's tokens have 64 bits.
fn token() -> u64 {
    4_912_661_846_655_000_000 + number().unsigned_abs()
}

/// A channel.
#[derive(Clone, Copy)]
pub enum Channel {
    /// Its webhook.
    Telegram,
    /// Its webhook.
    Viber,
    /// The chat API.
    Web,
}

impl Channel {
    /// As the operator API calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Telegram => "telegram",
            Self::Viber => "viber",
            Self::Web => "web",
        }
    }
}

/// What the citizens of one organisation share.
pub struct Town {
    /// The application.
    pub api: Api,
    /// What the messengers were sent.
    pub standins: Arc<Standins>,
    /// The organisation.
    pub org: String,
    /// Of its webhook.
    pub telegram_secret: String,
    /// Signs its events.
    pub viber_token: String,
}

/// A message that has reached a citizen.
pub struct Seen {
    /// Its words.
    pub text: String,
    /// The ids of its buttons.
    pub buttons: Vec<String>,
}

impl Seen {
    /// Whether a button begins so.
    pub fn has(&self, button: &str) -> bool {
        self.buttons.iter().any(|id| id.starts_with(button))
    }
}

/// A citizen.
pub struct Citizen {
    town: Arc<Town>,
    channel: Channel,
    /// `uk` or `en`.
    pub language: &'static str,
    number: i64,
    session: String,
    /// Where reading goes on: a cursor of the chat API, or the number of the stand-ins' last call.
    cursor: String,
    last_call: u64,
    look_every: Duration,
}

impl Citizen {
    /// Somebody new.
    pub fn new(town: Arc<Town>, channel: Channel, language: &'static str) -> Self {
        Self {
            town,
            channel,
            language,
            number: number(),
            session: String::new(),
            cursor: String::new(),
            last_call: 0,
            look_every: LOOK_EVERY,
        }
    }

    /// The organisation written to.
    pub fn org(&self) -> &str {
        &self.town.org
    }

    /// Opens the chat.
    pub async fn open(&mut self) -> Result<()> {
        match self.channel {
            Channel::Telegram => self.say("/start").await,
            Channel::Viber => {
                let user = self.viber_user();
                let event = payload::viber_opened(token(), &user, true, self.language);
                self.viber(event).await
            }
            Channel::Web => {
                // An address for documentation: new sessions are limited by address, and whoever tries
                // the demonstration has an allowance of their own.
                let address = format!("203.0.113.{}", self.number.rem_euclid(250) + 1);
                let name = lines::web_name(self.number);
                let body = json!({ "language": self.language, "name": name });
                let path = format!("/{}/chat/sessions", self.town.org);
                let headers = [("x-forwarded-for", address.as_str())];
                let api = &self.town.api;
                let session = api.post_as(&path, &headers, body.to_string()).await?.ok()?;
                self.session = session["token"].as_str().context("no token")?.to_owned();
                Ok(())
            }
        }
    }

    /// Writes.
    pub async fn say(&self, text: &str) -> Result<()> {
        let language = self.language;
        match self.channel {
            Channel::Telegram => {
                self.telegram(payload::telegram_text(
                    number(),
                    self.number,
                    text,
                    language,
                ))
                .await
            }
            Channel::Viber => {
                let user = self.viber_user();
                self.viber(payload::viber_text(token(), &user, text, language))
                    .await
            }
            Channel::Web => self.web(json!({ "text": text })).await,
        }
    }

    /// Presses a button.
    pub async fn click(&self, button: &str) -> Result<()> {
        let language = self.language;
        match self.channel {
            Channel::Telegram => {
                self.telegram(payload::telegram_click(
                    number(),
                    self.number,
                    button,
                    language,
                ))
                .await
            }
            Channel::Viber => {
                let user = self.viber_user();
                self.viber(payload::viber_click(token(), &user, button, language))
                    .await
            }
            Channel::Web => self.web(json!({ "click": button })).await,
        }
    }

    /// Sends a picture.
    pub async fn picture(&self, caption: &str) -> Result<()> {
        let (language, standins) = (self.language, &self.town.standins);
        match self.channel {
            Channel::Telegram => {
                standins.put_file("picture", "image/png", PICTURE);
                let chat = self.number;
                let update =
                    payload::telegram_photo(number(), chat, "picture", Some(caption), language);
                self.telegram(update).await
            }
            Channel::Viber => {
                let url = standins.put_file("picture", "image/png", PICTURE);
                let user = self.viber_user();
                let event = payload::viber_picture(token(), &user, &url, Some(caption), language);
                self.viber(event).await
            }
            Channel::Web => {
                let path = format!("/{}/chat/uploads", self.town.org);
                let authorization = format!("Bearer {}", self.session);
                let headers = [
                    ("authorization", authorization.as_str()),
                    (
                        "content-disposition",
                        "attachment; filename=\"picture.png\"",
                    ),
                    ("content-type", "application/octet-stream"),
                ];
                let picture = Bytes::from_static(PICTURE);
                let answer = self.town.api.send("POST", &path, &headers, picture).await?;
                let media = answer.ok()?["id"].clone();
                self.web(json!({ "media": media })).await?;
                self.say(caption).await
            }
        }
    }

    /// Waits for the next message that fits and forgets those before it.
    pub async fn wait_for(
        &mut self,
        patience: Duration,
        what: &str,
        fits: impl Fn(&Seen) -> bool,
    ) -> Result<Seen> {
        let until = Instant::now() + patience;
        loop {
            if let Some(found) = self.look().await?.into_iter().rev().find(&fits) {
                return Ok(found);
            }
            if Instant::now() >= until {
                bail!("{what} did not come in {} s", patience.as_secs());
            }
            tokio::time::sleep(self.look_every).await;
        }
    }

    /// What has come since the last look.
    async fn look(&mut self) -> Result<Vec<Seen>> {
        let chat = match self.channel {
            Channel::Telegram => self.number.to_string(),
            Channel::Viber => self.viber_user(),
            Channel::Web => return self.look_at_the_web().await,
        };
        let mut sent = self.town.standins.sent_to(&chat);
        sent.retain(|sent| sent.number > self.last_call);
        self.last_call = sent.last().map_or(self.last_call, |sent| sent.number);
        let seen = sent.into_iter().map(|sent| Seen {
            text: sent.text.unwrap_or_default(),
            buttons: sent.buttons.into_iter().map(|button| button.id).collect(),
        });
        Ok(seen.collect())
    }

    async fn look_at_the_web(&mut self) -> Result<Vec<Seen>> {
        let path = format!("/{}/chat/messages?after={}", self.town.org, self.cursor);
        let page = self.town.api.get(&path, &self.session).await?.ok()?;
        if let Some(cursor) = page["cursor"].as_str() {
            self.cursor = cursor.to_owned();
        }
        if let Some(poll_ms) = page["poll_ms"].as_u64() {
            self.look_every = Duration::from_millis(poll_ms);
        }
        let messages = page["messages"].as_array().into_iter().flatten();
        let ours = messages.filter(|message| message["from"] != "citizen");
        Ok(ours.map(seen_on_the_web).collect())
    }

    async fn telegram(&self, update: String) -> Result<()> {
        let path = format!("/{}/telegram", self.town.org);
        let secret = self.town.telegram_secret.as_str();
        let headers = [("x-telegram-bot-api-secret-token", secret)];
        accepted(self.town.api.post_as(&path, &headers, update).await?)
    }

    async fn viber(&self, event: String) -> Result<()> {
        let path = format!("/{}/viber", self.town.org);
        let signature = payload::viber_signature(&self.town.viber_token, event.as_bytes());
        let headers = [("x-viber-content-signature", signature.as_str())];
        accepted(self.town.api.post_as(&path, &headers, event).await?)
    }

    async fn web(&self, mut message: Value) -> Result<()> {
        message["client_id"] = json!(format!("made-up-{}", number()));
        let path = format!("/{}/chat/messages", self.town.org);
        accepted(self.town.api.post(&path, &self.session, &message).await?)
    }

    fn viber_user(&self) -> String {
        format!("made-up-{}==", self.number)
    }
}

fn accepted(answer: Answer) -> Result<()> {
    answer.ok().map(drop)
}

fn seen_on_the_web(message: &Value) -> Seen {
    let buttons = message["buttons"].as_array().into_iter().flatten();
    let ids = buttons.filter_map(|button| button["id"].as_str().map(str::to_owned));
    Seen {
        text: message["text"].as_str().unwrap_or_default().to_owned(),
        buttons: ids.collect(),
    }
}
