//! What the component is told by variables and by people: bots with their tokens, limits, the organisation's name.

use crate::bots::Speaker;
use vikno_corezoid::api::{Account, Address, AddressKey, AnswerAddress, Secret};
use vikno_delivery::{ChannelLimits, Limits};
use vikno_domain::{Channel, MediaRef, OrgId};
use vikno_identity::SealingKey;
use vikno_media::LinkKey;
use vikno_storage::channel_bots::{self, ChannelBot};
use vikno_storage::{Database, StorageError};

/// How long a link to a file works that is given to Viber, whose clients fetch it when the message is read.
const LINK_S: i64 = 7 * 24 * 3_600;

pub(crate) struct Settings {
    pub(crate) org: OrgId,
    pub(crate) limits: Limits,
    pub(crate) telegram: Option<TelegramBot>,
    pub(crate) viber: Option<ViberBot>,
    pub(crate) corezoid: Option<Corezoid>,
    pub(crate) public_url: Option<String>,
    link_key: Option<LinkKey>,
}

pub(crate) struct TelegramBot {
    base: String,
    token: String,
}

impl TelegramBot {
    pub(crate) fn method(&self, method: &str) -> String {
        format!("{}/bot{}/{method}", self.base, self.token)
    }

    /// Address of a file; `None` for a path that would lead elsewhere.
    pub(crate) fn file(&self, path: &str) -> Option<String> {
        let is_plain = |scalar: char| scalar.is_ascii_alphanumeric() || "/._-".contains(scalar);
        let leads_on = !path.starts_with('/') && !path.contains("..") && path.chars().all(is_plain);
        leads_on.then(|| format!("{}/file/bot{}/{path}", self.base, self.token))
    }
}

pub(crate) struct ViberBot {
    base: String,
    pub(crate) token: String,
    /// What stands above a message.
    pub(crate) sender_name: String,
}

impl ViberBot {
    pub(crate) fn method(&self, method: &str) -> String {
        format!("{}/{method}", self.base)
    }
}

/// A Corezoid elsewhere in which the organisation has processes.
pub(crate) struct Corezoid {
    pub(crate) base: String,
    pub(crate) account: Account,
    addresses: Option<AddressKey>,
}

impl Settings {
    pub(crate) async fn load(org: &OrgId, database: &Database) -> Result<Self, StorageError> {
        let name = org.as_str().replace('-', "_");
        let master_key = variable("master_key").await;
        let kept = channel_bots::all(database).await?;
        let token = async |channel: Channel| match kept.iter().find(|(of, _)| *of == channel) {
            Some((_, bot)) => opened(org, channel, bot).await,
            None => variable(&format!("{name}_{channel}_token")).await,
        };
        let (telegram, viber) = (token(Channel::Telegram).await, token(Channel::Viber).await);
        let corezoid = corezoid(org, &name, master_key.as_deref()).await;
        Ok(Self {
            org: org.clone(),
            limits: limits().await,
            telegram: match telegram {
                Some(token) => Some(telegram_bot(token).await),
                None => None,
            },
            viber: match viber {
                Some(token) => Some(viber_bot(org, token).await),
                None => None,
            },
            corezoid,
            public_url: public_url().await,
            link_key: master_key.map(|key| LinkKey::derive(&key)),
        })
    }

    /// Where an outside Corezoid answers a call; `None` while the installation has no public address or no master key.
    pub(crate) fn answer_url(&self, call: &str) -> Option<String> {
        let key = self.corezoid.as_ref()?.addresses.as_ref()?;
        let hash = AnswerAddress { call }.hash(key);
        let public_url = self.public_url.as_ref()?;
        Some(format!(
            "{public_url}/{}/api/1/json/answer/{call}/{hash}",
            self.org
        ))
    }

    /// An address under which a channel can get a file; `None` while the installation has no public address.
    pub(crate) fn media_url(&self, media: &MediaRef, now_ms: i64) -> Option<String> {
        let (public_url, key) = (self.public_url.as_ref()?, self.link_key.as_ref()?);
        // Viber judges a file by the end of its address, so that says the type and nothing else.
        let extension = match media.media_type.as_str() {
            "image/jpeg" => "jpeg",
            _ => media
                .name
                .rsplit_once('.')
                .map_or("bin", |(_, extension)| extension),
        };
        let name = format!("file.{extension}");
        let path = key.path_for(LINK_S, self.org.as_str(), &media.id, &name, now_ms);
        Some(format!("{public_url}{path}"))
    }
}

async fn telegram_bot(token: String) -> TelegramBot {
    let base = variable("telegram_api_url").await;
    TelegramBot {
        base: self::base(base.as_deref().unwrap_or("https://api.telegram.org")),
        token,
    }
}

async fn viber_bot(org: &OrgId, token: String) -> ViberBot {
    let base = variable("viber_api_url").await;
    ViberBot {
        base: viber_base(base.as_deref().unwrap_or("https://chatapi.viber.com")),
        token,
        sender_name: sender_name(org).await,
    }
}

/// Who speaks for a channel with this token.
pub(crate) async fn speaker(org: &OrgId, channel: Channel, token: String) -> Speaker {
    match channel {
        Channel::Viber => Speaker::Viber(viber_bot(org, token).await),
        _ => Speaker::Telegram(telegram_bot(token).await),
    }
}

/// Where this installation is reached from outside.
pub(crate) async fn public_url() -> Option<String> {
    variable("public_url").await.as_deref().map(base)
}

/// What tokens are sealed with; `None` without a master key.
pub(crate) async fn sealing_key() -> Option<SealingKey> {
    SealingKey::derive(&variable("master_key").await?).ok()
}

/// The token of a bot that somebody made known; `None` when the key is missing or another one, so that the channel is closed.
pub(crate) async fn opened(org: &OrgId, channel: Channel, bot: &ChannelBot) -> Option<String> {
    let purpose = channel_bots::purpose(org, channel);
    let opened = sealing_key().await?.open(&purpose, &bot.sealed_token);
    let token = opened.ok().and_then(|bytes| String::from_utf8(bytes).ok());
    if token.is_none() {
        let fields = serde_json::json!({ "org": org, "channel": channel });
        vikno_shell::log_error("channel_token_not_opened", fields);
    }
    token
}

async fn corezoid(org: &OrgId, name: &str, master_key: Option<&str>) -> Option<Corezoid> {
    let login = variable(&format!("{name}_corezoid_call_login")).await?;
    let secret = variable(&format!("{name}_corezoid_call_secret")).await?;
    let base = variable("corezoid_api_url").await;
    Some(Corezoid {
        base: self::base(base.as_deref().unwrap_or("https://api.corezoid.com")),
        account: Account::new(login, Secret::new(secret)),
        addresses: master_key.and_then(|key| AddressKey::derive(key, org.as_str()).ok()),
    })
}

async fn variable(name: &str) -> Option<String> {
    vikno_shell::variable(name).await
}

async fn number(name: &str) -> Option<f64> {
    variable(name).await?.parse().ok()
}

async fn limits() -> Limits {
    Limits {
        telegram: ChannelLimits::TELEGRAM.with(
            number("telegram_messages_per_second").await,
            number("telegram_chat_messages_per_second").await,
        ),
        viber: ChannelLimits::VIBER.with(
            number("viber_messages_per_second").await,
            number("viber_chat_messages_per_second").await,
        ),
        ..Limits::default()
    }
}

fn base(url: &str) -> String {
    url.trim_end_matches('/').to_owned()
}

/// Viber's methods are under `/pa`; the base may be given with it or without.
fn viber_base(url: &str) -> String {
    let base = base(url);
    if base.ends_with("/pa") {
        base
    } else {
        format!("{base}/pa")
    }
}

/// The organisation's name, or its id when the settings cannot be read.
async fn sender_name(org: &OrgId) -> String {
    let organisation = vikno_shell::organisation(org).await.ok();
    organisation
        .map(|organisation| {
            organisation
                .name
                .get(&organisation.default_language)
                .to_owned()
        })
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| org.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_viber_address_may_be_given_with_or_without_its_path() {
        for given in [
            "https://v.example",
            "https://v.example/",
            "https://v.example/pa",
            "https://v.example/pa/",
        ] {
            assert_eq!(viber_base(given), "https://v.example/pa");
        }
    }

    #[test]
    fn a_file_path_cannot_lead_elsewhere() {
        let bot = TelegramBot {
            base: "https://t.example".into(),
            token: "1:a".into(),
        };
        assert_eq!(
            bot.file("photos/file_1.jpg").as_deref(),
            Some("https://t.example/file/bot1:a/photos/file_1.jpg")
        );
        for bad in ["/etc/passwd", "a/../../b", "x?y", "x#y", "x@y", "a\\b"] {
            assert_eq!(bot.file(bad), None, "{bad}");
        }
    }
}
