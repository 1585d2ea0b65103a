//! What the component is told by variables, and the organisation's name from its settings file.

use std::cell::RefCell;
use std::collections::HashMap;
use vikno_corezoid::api::{Account, Address, AddressKey, AnswerAddress, Secret};
use vikno_delivery::{ChannelLimits, Limits};
use vikno_domain::{MediaRef, OrgId};
use vikno_media::LinkKey;
use vikno_organisation::Organisation;

/// How long a link to a file works that is given to Viber, whose clients fetch it when the message is read.
const LINK_S: i64 = 7 * 24 * 3_600;

pub(crate) struct Settings {
    pub(crate) org: OrgId,
    pub(crate) limits: Limits,
    pub(crate) telegram: Option<TelegramBot>,
    pub(crate) viber: Option<ViberBot>,
    pub(crate) corezoid: Option<Corezoid>,
    public_url: Option<String>,
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
    pub(crate) send_message: String,
    pub(crate) token: String,
}

/// A Corezoid elsewhere in which the organisation has processes.
pub(crate) struct Corezoid {
    pub(crate) base: String,
    pub(crate) account: Account,
    addresses: Option<AddressKey>,
}

impl Settings {
    pub(crate) async fn load(org: &OrgId) -> Self {
        let name = org.as_str().replace('-', "_");
        let telegram = variable(&format!("{name}_telegram_token")).await;
        let viber = variable(&format!("{name}_viber_token")).await;
        let telegram_base = variable("telegram_api_url").await;
        let viber_base = variable("viber_api_url").await;
        let master_key = variable("master_key").await;
        let corezoid = corezoid(org, &name, master_key.as_deref()).await;
        Self {
            org: org.clone(),
            limits: limits().await,
            telegram: telegram.map(|token| TelegramBot {
                base: base(
                    telegram_base
                        .as_deref()
                        .unwrap_or("https://api.telegram.org"),
                ),
                token,
            }),
            viber: viber.map(|token| ViberBot {
                send_message: send_message(
                    viber_base.as_deref().unwrap_or("https://chatapi.viber.com"),
                ),
                token,
            }),
            corezoid,
            public_url: variable("public_url").await.as_deref().map(base),
            link_key: master_key.map(|key| LinkKey::derive(&key)),
        }
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
fn send_message(url: &str) -> String {
    let base = base(url);
    if base.ends_with("/pa") {
        format!("{base}/send_message")
    } else {
        format!("{base}/pa/send_message")
    }
}

thread_local! {
    /// Names do not change while an instance lives.
    static NAMES: RefCell<HashMap<OrgId, String>> = RefCell::default();
}

/// The name that stands above a Viber message: the organisation's, or its id when the settings cannot be read.
pub(crate) fn sender_name(org: &OrgId) -> String {
    if let Some(name) = NAMES.with_borrow(|names| names.get(org).cloned()) {
        return name;
    }
    let toml = std::fs::read_to_string(format!("/organisations/{org}/organisation.toml"));
    let organisation = toml.ok().and_then(|toml| Organisation::parse(&toml).ok());
    let name = organisation
        .map(|organisation| {
            organisation
                .name
                .get(&organisation.default_language)
                .to_owned()
        })
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| org.to_string());
    NAMES.with_borrow_mut(|names| names.insert(org.clone(), name.clone()));
    name
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
            assert_eq!(send_message(given), "https://v.example/pa/send_message");
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
