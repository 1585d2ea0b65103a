//! What callers send: bodies and addresses, read and refused with the reason. Pure.

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use vikno_domain::{Channel, Language};
use vikno_organisation::{self as settings, Part};
use vikno_shell::Problem;

/// `PUT {part}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartChange {
    /// In the form of `organisation.toml`.
    pub(crate) value: Value,
    /// Of the settings that the caller has seen.
    pub(crate) revision: i64,
}

/// `PUT texts/{id}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TextChange {
    /// Fluent patterns by language; a language that is left out stays as delivered.
    pub(crate) values: BTreeMap<Language, String>,
    /// Of the settings that the caller has seen.
    pub(crate) revision: i64,
}

/// `POST replies/test`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplyTest {
    /// What a citizen would write.
    pub(crate) text: String,
    /// Of the dialogue; else the organisation's default.
    pub(crate) language: Option<Language>,
    /// Where they write; else the web chat.
    pub(crate) channel: Option<Channel>,
    /// Topic or reply that the dialogue is about.
    pub(crate) topic: Option<String>,
    /// RFC 3339; else now.
    pub(crate) at: Option<String>,
}

/// `PUT replies/{id}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplyChange {
    /// In the form of `[[reply]]`, without its id.
    pub(crate) reply: serde_json::Map<String, Value>,
    /// Where it is a topic: whom it leads to.
    #[serde(default)]
    pub(crate) topic: Option<TopicOfReply>,
    /// Fluent patterns of its button by language; a language that is left out stays.
    #[serde(default)]
    pub(crate) label: BTreeMap<Language, String>,
    /// Fluent patterns of what is answered.
    #[serde(default)]
    pub(crate) answer: BTreeMap<Language, String>,
    /// Of the settings that the caller has seen.
    pub(crate) revision: i64,
}

/// What a topic has besides its reply.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TopicOfReply {
    pub(crate) queue: String,
    #[serde(default)]
    pub(crate) priority: i64,
}

/// `PUT channels/{channel}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChannelBot {
    /// As the messenger gave it out.
    pub(crate) token: String,
}

pub(crate) fn part(name: &str) -> Result<Part, Problem> {
    Part::parse(name).ok_or_else(|| {
        let names: Vec<&str> = Part::ALL.iter().map(|part| part.as_str()).collect();
        let detail = format!(
            "The settings have no part '{name}' that is changed here; there are {}.",
            names.join(", ")
        );
        Problem::new(404, "unknown_part", detail)
    })
}

/// A channel that has a bot.
pub(crate) fn channel(name: &str) -> Result<Channel, Problem> {
    match Channel::parse(name) {
        Ok(channel @ (Channel::Telegram | Channel::Viber)) => Ok(channel),
        _ => Err(Problem::new(
            404,
            "unknown_channel",
            "Bots are those of telegram and viber.",
        )),
    }
}

/// `?revision=` of a request to take a change back.
pub(crate) fn revision(query: &BTreeMap<String, String>) -> Result<i64, Problem> {
    let given = query.get("revision").and_then(|text| text.parse().ok());
    given.ok_or_else(|| {
        let detail = "Give 'revision', the number of the settings that you have seen.";
        Problem::new(400, "invalid_field", detail)
    })
}

/// What does not fit, each with its place.
pub(crate) fn unfit(problems: &[settings::Problem]) -> Problem {
    let listed: Vec<Value> = problems
        .iter()
        .map(|problem| serde_json::json!({ "place": problem.place, "message": problem.message }))
        .collect();
    let first = problems.first().map(|first| {
        let place = Some(&first.place).filter(|place| !place.is_empty());
        place.map_or_else(
            || first.message.clone(),
            |place| format!("{place}: {}", first.message),
        )
    });
    let detail = format!("Not changed. {}.", first.unwrap_or_default());
    Problem::new(422, "settings_do_not_fit", detail).member("problems", listed)
}

pub(crate) fn stale() -> Problem {
    Problem::new(
        409,
        "stale",
        "Somebody changed the settings meanwhile. Read them again and make your change in what stands now.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_channels_are_named_as_they_are() {
        assert_eq!(part("hours").unwrap(), Part::Hours);
        for unknown in ["processes", "corezoid", "", "HOURS"] {
            assert_eq!(part(unknown).unwrap_err().status(), 404, "{unknown}");
        }
        assert_eq!(channel("viber").unwrap(), Channel::Viber);
        for unknown in ["web", "organisation", "whatsapp"] {
            assert_eq!(channel(unknown).unwrap_err().status(), 404, "{unknown}");
        }
    }

    #[test]
    fn taking_back_needs_the_revision_that_was_seen() {
        let query = |text: &str| BTreeMap::from([("revision".to_owned(), text.to_owned())]);
        assert_eq!(revision(&query("7")).unwrap(), 7);
        assert_eq!(revision(&query("seven")).unwrap_err().status(), 400);
        assert_eq!(revision(&BTreeMap::new()).unwrap_err().status(), 400);
    }
}
