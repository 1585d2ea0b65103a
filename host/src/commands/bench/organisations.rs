//! The organisations that are written to: what their citizens ask about, and the secrets of their channels.

use crate::commands::project::Project;
use anyhow::{Context, Result, anyhow, bail};
use std::collections::BTreeMap;
use vikno_organisation::Organisation;
use vikno_replies::Replies;

/// An organisation, as the load sees it.
#[derive(Debug, Clone)]
pub struct Addressee {
    /// Its id.
    pub id: String,
    /// Words that its processes recognise, in Ukrainian.
    pub words: Vec<String>,
}

/// All of the project.
pub fn all(project: &Project) -> Result<Vec<Addressee>> {
    let mut found = Vec::new();
    for folder in std::fs::read_dir(project.root.join("organisations"))? {
        let file = folder?.path().join("organisation.toml");
        if !file.is_file() {
            continue;
        }
        let what = || file.display().to_string();
        let text = std::fs::read_to_string(&file).with_context(what)?;
        let organisation = Organisation::parse(&text)
            .map_err(|problems| anyhow!("{}: {} mistakes", what(), problems.len()))?;
        let tree = std::fs::read_to_string(file.with_file_name("replies.toml"))?;
        let replies = organisation
            .replies(&tree)
            .map_err(|problems| anyhow!("{}: {} mistakes", organisation.id, problems.len()))?;
        found.push(addressee(&organisation, &replies));
    }
    if found.is_empty() {
        bail!("the project has no organisations to write to");
    }
    found.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(found)
}

fn addressee(organisation: &Organisation, replies: &Replies) -> Addressee {
    let words = organisation.topics.iter();
    let words = words.filter_map(|topic| replies.first_word(&topic.id));
    let words = words.map(|word| word.trim_end_matches('*').to_owned());
    Addressee {
        id: organisation.id.to_string(),
        words: words.collect(),
    }
}

/// The secret of an organisation's Telegram webhook.
pub fn telegram_secret(org: &str) -> String {
    format!("telegram-secret-of-{org}")
}

/// The token of an organisation's Viber bot.
pub fn viber_token(org: &str) -> String {
    format!("viber-token-of-{org}")
}

/// The application's variables: channels open, their hosts here, their limits out of the way.
pub fn variables(organisations: &[Addressee], standins: &str) -> BTreeMap<String, String> {
    let mut variables: BTreeMap<String, String> = [
        ("telegram_api_url", standins),
        ("viber_api_url", standins),
        ("viber_media_url", standins),
        ("sms_api_url", standins),
        ("telegram_messages_per_second", "10000"),
        ("telegram_chat_messages_per_second", "1000"),
        ("viber_messages_per_second", "10000"),
        ("viber_chat_messages_per_second", "1000"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    for Addressee { id, .. } in organisations {
        let name = id.replace('-', "_");
        variables.extend([
            (
                format!("{name}_telegram_token"),
                format!("telegram-token-of-{id}"),
            ),
            (format!("{name}_telegram_secret"), telegram_secret(id)),
            (format!("{name}_viber_token"), viber_token(id)),
        ]);
    }
    variables
}
