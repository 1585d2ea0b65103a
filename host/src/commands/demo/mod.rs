//! Made-up citizens and operators who talk to all organisations through the real routes, so that the first minute shows
//! life. Reaches nothing but loopback: the channels are stand-ins, and their secrets are made up at every start.

mod api;
mod citizen;
mod dialogue;
mod lines;
mod operator;

use self::api::Api;
use self::citizen::{CHANNELS, Citizen};
use anyhow::{Context, Result, ensure};
use rand::seq::IndexedRandom;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use vikno::Settings;
use vikno::manifest::Manifest;
use vikno_standins::Standins;

/// The name of the administrator that setting up makes.
const ADMINISTRATOR: &str = "admin";
/// Made-up citizens of one organisation at a time. With the pauses between what they do, ten organisations see one or
/// two events a second.
const CITIZENS: usize = 2;
/// How many of five citizens write Ukrainian.
const UKRAINIAN_OF_FIVE: u8 = 4;
/// How often the stand-ins forget what they were sent, so that they stay small: a few thousand messages.
const FORGET_EVERY: Duration = Duration::from_secs(600);

/// The stand-ins and the secrets of a demonstration.
pub struct Demo {
    standins: Arc<Standins>,
    telegram_secrets: Secrets,
    viber_tokens: Secrets,
    master_key: String,
    administrator_password: String,
}

/// By organisation.
type Secrets = BTreeMap<String, String>;

impl Demo {
    /// Starts the stand-ins and points every channel of the manifest at them. `values` are those without it.
    pub fn prepare(
        manifest: &Manifest,
        settings: &mut Settings,
        values: &BTreeMap<String, String>,
    ) -> Result<Self> {
        claim(&settings.state_dir)?;
        let standins = Standins::start((Ipv4Addr::LOCALHOST, 0).into())
            .context("cannot start the stand-ins for the channels")?;
        let value = |name| settings.variables.get(name).or(values.get(name)).cloned();
        let master_key = value("master_key").unwrap_or_default();
        let administrator_password = value("admin_password").filter(|given| !given.is_empty());
        let administrator_password =
            administrator_password.unwrap_or_else(|| password(&master_key, ADMINISTRATOR));
        let mut demo = Self {
            standins: Arc::new(standins),
            telegram_secrets: Secrets::new(),
            viber_tokens: Secrets::new(),
            master_key,
            administrator_password,
        };
        let mut set = |name: &str, value: String| settings.variables.insert(name.to_owned(), value);
        set("admin_password", demo.administrator_password.clone());
        set("telegram_api_url", demo.standins.telegram_api_url());
        set("viber_api_url", demo.standins.url());
        set("viber_media_url", demo.standins.url());
        set("sms_api_url", demo.standins.sms_api_url());
        set("sms_api_token", made_up());
        for name in manifest.variables.keys() {
            let secret = made_up();
            if let Some(org) = name.strip_suffix("_telegram_secret") {
                demo.telegram_secrets.insert(org.to_owned(), secret.clone());
            } else if let Some(org) = name.strip_suffix("_viber_token") {
                demo.viber_tokens.insert(org.to_owned(), secret.clone());
            } else if !name.ends_with("_telegram_token") {
                continue;
            }
            set(name, secret);
        }
        Ok(demo)
    }

    /// How whoever tries it signs in: by the same password at every start over the same state.
    pub fn administrator(&self) -> [(&'static str, String); 2] {
        [
            ("administrator", ADMINISTRATOR.to_owned()),
            ("password", self.administrator_password.clone()),
        ]
    }

    /// Talks to the organisations until `stop` is cancelled.
    pub async fn run(
        self,
        listening: SocketAddr,
        organisations: Vec<String>,
        stop: CancellationToken,
    ) {
        let mut address = listening;
        if address.ip().is_unspecified() {
            address.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        let everybody = async {
            let api = Api::new(address);
            let mut people = tokio::task::JoinSet::new();
            for org in organisations {
                let citizens = Arc::new(self.citizens(&api, &org));
                for number in 0..CITIZENS {
                    people.spawn(keep_coming(Arc::clone(&citizens), number));
                }
                let password = password(&self.master_key, &org);
                let hired =
                    operator::hire(&api, &org, &self.administrator_password, &password).await;
                match hired {
                    Ok(operator) => drop(people.spawn(operator.work())),
                    Err(error) => tracing::warn!(org, "no made-up operator: {error:#}"),
                }
            }
            loop {
                tokio::time::sleep(FORGET_EVERY).await;
                self.standins.clear();
            }
        };
        stop.run_until_cancelled(everybody).await;
    }

    fn citizens(&self, api: &Api, org: &str) -> citizen::Town {
        let secret = |secrets: &Secrets| secrets.get(org).cloned().unwrap_or_default();
        citizen::Town {
            api: api.clone(),
            standins: Arc::clone(&self.standins),
            org: org.to_owned(),
            telegram_secret: secret(&self.telegram_secrets),
            viber_token: secret(&self.viber_tokens),
        }
    }
}

/// Made-up dialogues go into a state folder of their own. One that was served for real is refused: what waits there to
/// be sent to people would go to the stand-ins.
fn claim(state: &Path) -> Result<()> {
    let mark = state.join("demonstration");
    ensure!(
        mark.exists() || !state.join("sqlite").exists(),
        "{} holds an installation that is no demonstration; name another folder with --state",
        state.display()
    );
    std::fs::create_dir_all(state)
        .and_then(|()| std::fs::write(&mark, "Made-up dialogues live here.\n"))
        .with_context(|| mark.display().to_string())
}

/// One citizen after the other.
async fn keep_coming(town: Arc<citizen::Town>, number: usize) {
    // Nobody begins at the same moment, and the first ones do not wait long.
    let late_ms = rand::random_range(0..4_000) + 15_000 * u64::try_from(number).unwrap_or(0);
    tokio::time::sleep(Duration::from_millis(late_ms)).await;
    loop {
        let channel = *CHANNELS.choose(&mut rand::rng()).unwrap_or(&CHANNELS[0]);
        let language = match rand::random_range(0..5) < UKRAINIAN_OF_FIVE {
            true => "uk",
            false => "en",
        };
        let citizen = Citizen::new(Arc::clone(&town), channel, language);
        if let Err(error) = dialogue::talk(citizen).await {
            tracing::info!(
                org = town.org,
                channel = channel.name(),
                "a made-up citizen has left: {error:#}"
            );
        }
        dialogue::pause().await;
    }
}

fn made_up() -> String {
    hex::encode(rand::random::<[u8; 16]>())
}

fn password(master_key: &str, login: &str) -> String {
    let digest = Sha256::digest(format!("demonstration password of {login}: {master_key}"));
    hex::encode(&digest[..10])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(state: &Path) -> Result<(Demo, Settings)> {
        let manifest = Manifest::load(Path::new("../spin.toml")).unwrap();
        let mut settings = Settings::new(state);
        settings
            .variables
            .insert("ukc_telegram_token".to_owned(), "a real one".to_owned());
        let values = BTreeMap::from([("master_key".to_owned(), "key".to_owned())]);
        let demo = Demo::prepare(&manifest, &mut settings, &values)?;
        Ok((demo, settings))
    }

    #[test]
    fn every_channel_of_every_organisation_gets_a_secret_and_leads_to_a_stand_in() {
        let state = tempfile::tempdir().unwrap();
        let (demo, settings) = prepared(state.path()).unwrap();
        assert_eq!(demo.telegram_secrets.len(), 10);
        assert_eq!(demo.viber_tokens.len(), 10);
        for api in [
            "telegram_api_url",
            "viber_api_url",
            "viber_media_url",
            "sms_api_url",
        ] {
            assert_eq!(settings.variables[api], demo.standins.url());
        }
        assert_ne!(settings.variables["ukc_telegram_token"], "a real one");
    }

    #[test]
    fn the_administrators_password_is_the_same_at_every_start() {
        let state = tempfile::tempdir().unwrap();
        let (first, _) = prepared(state.path()).unwrap();
        let (second, _) = prepared(state.path()).unwrap();
        assert_eq!(first.administrator(), second.administrator());
        assert_ne!(first.administrator_password, password("key", "ukc"));
    }

    #[test]
    fn a_real_installation_is_refused() {
        let state = tempfile::tempdir().unwrap();
        std::fs::create_dir(state.path().join("sqlite")).unwrap();
        let refusal = prepared(state.path()).err().unwrap().to_string();
        assert!(refusal.contains("--state"), "{refusal}");
    }
}
