//! `POST /{org}/channels/{channel}`: the bots that people make known. Their tokens are sealed and opened here and nowhere else;
//! the messengers are asked here to send what they have, and how that goes.

use crate::send::VIBER_TOKEN;
use crate::settings::{self, Settings, TelegramBot, ViberBot};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use vikno_channels::bots::{self, Bot, BotRefused, WebhookHealth};
use vikno_channels::viber;
use vikno_domain::{Channel, OperatorRef, OrgId, rfc3339};
use vikno_shell::outbound::{self, Answer, Failed};
use vikno_shell::{Problem, Reply, Request, json, json_body, now_ms, random};
use vikno_storage::channel_bots::{self, ChannelBot};
use vikno_storage::{Database, StorageError, typing};

/// As much as the webhook takes.
const CALLBACK_LIMIT: usize = 1024 * 1024;
/// A token and a name.
const BODY_LIMIT: usize = 16 * 1024;

#[derive(Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
enum Act {
    /// Tells of the bot and its webhook.
    Look,
    /// Makes a bot known and registers its webhook.
    Register { token: String, by: OperatorRef },
    /// Takes the webhook back and forgets the bot.
    Forget { by: OperatorRef },
}

pub(crate) async fn act(request: Request, org: &OrgId, channel: &str) -> Reply {
    let channel = match Channel::parse(channel) {
        Ok(channel @ (Channel::Telegram | Channel::Viber)) => channel,
        _ => return Err(crate::no_such_path()),
    };
    let desk = Desk {
        org,
        channel,
        database: Database::open(org.as_str()).await?,
    };
    match json_body(request, BODY_LIMIT).await? {
        Act::Look => desk.look().await,
        Act::Register { token, by } => desk.register(token, by).await,
        Act::Forget { by } => desk.forget(&by).await,
    }
}

/// Whether a callback was signed by Viber for the bot that was made known: 204, else 401.
pub(crate) async fn verify(request: Request, org: &OrgId, signature: &str) -> Reply {
    let database = Database::open(org.as_str()).await?;
    let body = vikno_shell::body(request, CALLBACK_LIMIT).await?;
    let token = match channel_bots::find(&database, Channel::Viber).await? {
        Some(bot) => settings::opened(org, Channel::Viber, &bot).await,
        None => None,
    };
    match viber::verify_signature(Some(signature), &token.unwrap_or_default(), &body) {
        Ok(_) => Ok(vikno_shell::empty(204)),
        Err(_) => Err(Problem::new(
            401,
            "bad_signature",
            "The signature is not that of the bot.",
        )),
    }
}

/// `POST /{org}/typing/{conversation}`: Telegram shows for five seconds that somebody writes (`sendChatAction`). Nothing is lost when
/// it does not.
pub(crate) async fn show_typing(org: &OrgId, conversation_id: &str) -> Reply {
    let database = Database::open(org.as_str()).await?;
    let chat = typing::telegram_chat(&database, conversation_id, now_ms()).await?;
    let bot = Settings::load(org, &database).await?.telegram;
    if let (Some(chat_id), Some(bot)) = (chat, bot) {
        let body = json!({ "chat_id": chat_id, "action": "typing" });
        if let Err(refused) = ask_telegram(&bot, "sendChatAction", &body).await {
            let fields = json!({ "org": org, "conversation": conversation_id, "cause": refused.to_string() });
            vikno_shell::log_error("typing_not_shown", fields);
        }
    }
    Ok(vikno_shell::empty(204))
}

/// A bot that can be spoken for.
pub(crate) enum Speaker {
    Telegram(TelegramBot),
    Viber(ViberBot),
}

struct Desk<'a> {
    org: &'a OrgId,
    channel: Channel,
    database: Database,
}

impl Desk<'_> {
    async fn look(&self) -> Reply {
        let kept = channel_bots::find(&self.database, self.channel).await?;
        let settings = Settings::load(self.org, &self.database).await?;
        let speaker = match self.channel {
            Channel::Telegram => settings.telegram.map(Speaker::Telegram),
            _ => settings.viber.map(Speaker::Viber),
        };
        let Some(speaker) = speaker else {
            return Ok(json(200, &self.shown(kept.as_ref(), "closed", None, None)));
        };
        let state = if kept.is_some() {
            "managed"
        } else {
            "deployment"
        };
        let ours = settings
            .public_url
            .as_deref()
            .map(|url| self.webhook_url(url));
        let (bot, health) = match speaker.look(ours.as_deref()).await {
            Ok((bot, health)) => (Some(bot), health),
            Err(refused) => (None, failing(&refused)),
        };
        Ok(json(
            200,
            &self.shown(kept.as_ref(), state, bot, Some(health)),
        ))
    }

    fn webhook_url(&self, public_url: &str) -> String {
        format!("{public_url}/{}/{}", self.org, self.channel)
    }

    fn shown(
        &self,
        kept: Option<&ChannelBot>,
        state: &str,
        bot: Option<Bot>,
        webhook: Option<WebhookHealth>,
    ) -> Value {
        let bot = bot.or_else(|| {
            let kept = kept?;
            Some(Bot {
                name: kept.name.clone(),
                username: kept.username.clone(),
            })
        });
        let webhook = webhook.map(|health| {
            json!({
                "url": health.url, "healthy": health.healthy, "pending": health.pending,
                "last_error": health.last_error, "last_error_at": health.last_error_at_ms.map(rfc3339),
            })
        });
        json!({
            "channel": self.channel, "state": state, "bot": bot, "webhook": webhook,
            "changed_at": kept.map(|kept| rfc3339(kept.changed_at_ms)),
            "changed_by": kept.map(|kept| &kept.by),
        })
    }

    /// Viber asks the webhook before it takes it, so the bot is known first; a bot whose webhook is refused is none.
    async fn register(&self, token: String, by: OperatorRef) -> Reply {
        let public_url = settings::public_url().await.ok_or_else(|| {
            let detail =
                "The messenger has to reach this installation: set the variable public_url.";
            Problem::new(409, "no_public_url", detail)
        })?;
        let key = settings::sealing_key().await.ok_or_else(|| {
            let detail = "Without a master key no token is kept: set the variable master_key.";
            Problem::new(409, "no_master_key", detail)
        })?;
        let ours = self.webhook_url(&public_url);
        let speaker = settings::speaker(self.org, self.channel, token.clone()).await;
        let (bot, _) = speaker.look(Some(&ours)).await.map_err(problem)?;
        let secret = hex::encode(random::<32>());
        let kept = ChannelBot {
            name: bot.name,
            username: bot.username,
            sealed_token: key.seal(
                &channel_bots::purpose(self.org, self.channel),
                token.as_bytes(),
                random(),
            ),
            secret_sha256: (self.channel == Channel::Telegram)
                .then(|| hex::encode(Sha256::digest(&secret))),
            changed_at_ms: now_ms(),
            by,
        };
        let before = channel_bots::find(&self.database, self.channel).await?;
        channel_bots::keep(&self.database, self.channel, &kept).await?;
        if let Err(refused) = speaker.register(&ours, &secret).await {
            self.put_back(before.as_ref(), &kept.by).await?;
            return Err(problem(refused));
        }
        self.look().await
    }

    async fn put_back(
        &self,
        before: Option<&ChannelBot>,
        by: &OperatorRef,
    ) -> Result<(), StorageError> {
        match before {
            Some(before) => channel_bots::keep(&self.database, self.channel, before).await,
            None => channel_bots::forget(&self.database, self.channel, by, now_ms())
                .await
                .map(drop),
        }
    }

    /// The messenger is told as far as it can be reached; the token is forgotten in any case.
    async fn forget(&self, by: &OperatorRef) -> Reply {
        let unknown = || {
            let detail = "No bot of this channel was made known here.";
            Problem::new(404, "no_bot", detail)
        };
        let kept = channel_bots::find(&self.database, self.channel)
            .await?
            .ok_or_else(unknown)?;
        let token = settings::opened(self.org, self.channel, &kept).await;
        if let Some(token) = token {
            let speaker = settings::speaker(self.org, self.channel, token).await;
            if let Err(refused) = speaker.unregister().await {
                let fields = json!({ "org": self.org, "channel": self.channel, "cause": refused.to_string() });
                vikno_shell::log_error("webhook_not_taken_back", fields);
            }
        }
        if !channel_bots::forget(&self.database, self.channel, by, now_ms()).await? {
            return Err(unknown());
        }
        Ok(json(200, &self.shown(None, "closed", None, None)))
    }
}

fn failing(refused: &BotRefused) -> WebhookHealth {
    WebhookHealth {
        url: None,
        healthy: false,
        pending: None,
        last_error: Some(refused.to_string()),
        last_error_at_ms: Some(now_ms()),
    }
}

fn problem(refused: BotRefused) -> Problem {
    let detail = format!("Not registered: {refused}.");
    match refused {
        BotRefused::Unreadable => Problem::new(502, "channel_unreachable", detail),
        _ => Problem::new(422, "bot_refused", detail),
    }
}

impl Speaker {
    async fn look(&self, ours: Option<&str>) -> Result<(Bot, WebhookHealth), BotRefused> {
        match self {
            Self::Telegram(bot) => {
                let me = ask_telegram(bot, "getMe", &json!({})).await?;
                let info = ask_telegram(bot, "getWebhookInfo", &json!({})).await?;
                let health = bots::telegram_health(&info, ours, now_ms());
                Ok((bots::telegram_bot(&me), health))
            }
            Self::Viber(bot) => {
                let account = ask_viber(bot, "get_account_info", &json!({})).await?;
                Ok((
                    bots::viber_bot(&account),
                    bots::viber_health(&account, ours),
                ))
            }
        }
    }

    async fn register(&self, url: &str, secret: &str) -> Result<(), BotRefused> {
        match self {
            Self::Telegram(bot) => {
                let body = bots::telegram_webhook(url, secret);
                ask_telegram(bot, "setWebhook", &body).await.map(drop)
            }
            Self::Viber(bot) => {
                let body = bots::viber_webhook(url);
                ask_viber(bot, "set_webhook", &body).await.map(drop)
            }
        }
    }

    async fn unregister(&self) -> Result<(), BotRefused> {
        match self {
            Self::Telegram(bot) => ask_telegram(bot, "deleteWebhook", &json!({}))
                .await
                .map(drop),
            Self::Viber(bot) => ask_viber(bot, "set_webhook", &json!({ "url": "" }))
                .await
                .map(drop),
        }
    }
}

async fn ask_telegram(bot: &TelegramBot, method: &str, body: &Value) -> Result<Value, BotRefused> {
    let url = bot.method(method);
    let answer = outbound::post(&url, "application/json", None, body.to_string()).await;
    bots::telegram_result(&reached(answer)?.body)
}

async fn ask_viber(bot: &ViberBot, method: &str, body: &Value) -> Result<Value, BotRefused> {
    let url = bot.method(method);
    let token = Some((VIBER_TOKEN, bot.token.as_str()));
    let answer = outbound::post(&url, "application/json", token, body.to_string()).await;
    bots::viber_result(&reached(answer)?.body)
}

fn reached(answer: Result<Answer, Failed>) -> Result<Answer, BotRefused> {
    answer.map_err(|_| BotRefused::Unreadable)
}
