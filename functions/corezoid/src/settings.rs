//! The settings of an organisation's API: who may call, how much, and what its addresses are derived from.

use vikno_corezoid::api::{Account, Address, AddressKey, CallbackAddress, DirectAddress, Secret};
use vikno_domain::OrgId;
use vikno_shell::{Limit, Problem, variable};

/// Operations in a second when the setting is no number; Corezoid's default.
const OPERATIONS_PER_SECOND: f64 = 200.0;
/// At once: as many as one call may have.
const BURST: f64 = vikno_corezoid::api::OPS_MAX as f64;

/// The one API key of the organisation; without it the API is closed.
pub(crate) async fn account(org: &OrgId) -> Result<Account, Problem> {
    let login = variable(&name(org, "login")).await;
    let secret = variable(&name(org, "secret")).await;
    match (login, secret) {
        (Some(login), Some(secret)) => Ok(Account::new(login, Secret::new(secret))),
        _ => Err(Problem::new(
            404,
            "channel_closed",
            "No organisation has its Corezoid API open here: set its login and secret to open it.",
        )),
    }
}

/// Names of settings have no dash.
fn name(org: &OrgId, what: &str) -> String {
    format!("{}_corezoid_{what}", org.as_str().replace('-', "_"))
}

/// What one caller may do.
pub(crate) async fn limit() -> Limit {
    let written = variable("corezoid_operations_per_second").await;
    let per_second = written
        .and_then(|text| text.trim().parse::<f64>().ok())
        .filter(|number| number.is_finite() && *number > 0.0)
        .unwrap_or(OPERATIONS_PER_SECOND);
    Limit::new(BURST.max(per_second), per_second)
}

/// The addresses that need no signature.
pub(crate) struct Addresses {
    key: AddressKey,
    /// `https://chat.example.gov.ua/ukc/api`; none when this installation does not know what it is called outside.
    base: Option<String>,
}

impl Addresses {
    /// None without a master key: then there are no such addresses.
    pub(crate) async fn of(org: &OrgId) -> Option<Self> {
        let master_key = variable("master_key").await?;
        let key = AddressKey::derive(&master_key, org.as_str()).ok()?;
        let outside = variable("public_url").await;
        let base = outside.map(|url| format!("{}/{org}/api", url.trim_end_matches('/')));
        Some(Self { key, base })
    }

    pub(crate) fn key(&self) -> &AddressKey {
        &self.key
    }

    /// Hash and whole address (from the host on, when its name is not known) of a process's direct address.
    pub(crate) fn direct(&self, org: &OrgId, address: &DirectAddress<'_>) -> (String, String) {
        let hash = address.hash(&self.key);
        let base = self.base.clone().unwrap_or_else(|| format!("/{org}/api"));
        let url = format!("{base}/2/json/public/{}/{hash}", address.process);
        (hash, url)
    }

    /// A node's callback address; none when nobody outside could use it.
    pub(crate) fn callback(&self, process: &str, node: &str) -> Option<String> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let base = self.base.as_ref().filter(|_| node.bytes().all(plain))?;
        let hash = CallbackAddress { process, node }.hash(&self.key);
        Some(format!("{base}/1/json/callback/{node}/{hash}"))
    }
}
