//! What people changed of an organisation's settings and texts in the running installation. It lies over the files of
//! the deployment: a changed part takes the whole place of the file's.

use crate::{Date, Hours, Organisation, Queue, Topic, Weekday};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use vikno_domain::Language;

/// A part of the settings that is changed as a whole; its name is the field's in `organisation.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// What people call the organisation.
    Name,
    /// When operators work, with the holidays.
    Hours,
    /// How long each wait is.
    Timers,
    /// Where citizens wait.
    Queues,
    /// What they ask about.
    Topics,
    /// Web origins that may use the chat.
    Origins,
    /// Where dialogues may be moved, and what goes along.
    Transfers,
    /// Whether a second person agrees before processes are published.
    ReviewProcesses,
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 8] = [
        Self::Name,
        Self::Hours,
        Self::Timers,
        Self::Queues,
        Self::Topics,
        Self::Origins,
        Self::Transfers,
        Self::ReviewProcesses,
    ];

    /// Its name in `organisation.toml` and in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Hours => "hours",
            Self::Timers => "timers",
            Self::Queues => "queues",
            Self::Topics => "topics",
            Self::Origins => "origins",
            Self::Transfers => "transfers",
            Self::ReviewProcesses => "review_processes",
        }
    }

    /// Reads the name written by [`Part::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.as_str() == text)
    }

    /// What the part is in these settings, complete with what its file leaves to defaults.
    pub fn value(self, organisation: &Organisation) -> Value {
        match self {
            Self::Name => json!(organisation.name),
            Self::Hours => hours(&organisation.hours, &[]),
            Self::Timers => json!(organisation.timers),
            Self::Queues => {
                let common = &organisation.hours.holidays;
                let queues = organisation.queues.iter();
                queues.map(|one| queue(one, common)).collect()
            }
            Self::Topics => organisation.topics.iter().map(topic).collect(),
            Self::Origins => json!(organisation.origins),
            Self::Transfers => json!(organisation.transfers),
            Self::ReviewProcesses => json!(organisation.review_processes),
        }
    }
}

/// Without the holidays that stand elsewhere.
fn hours(hours: &Hours, common: &[Date]) -> Value {
    let week = Weekday::ALL.iter().zip(&hours.week);
    let mut fields: Map<String, Value> = week
        .map(|(day, spans)| (day.as_str().to_owned(), written(spans.iter())))
        .collect();
    fields.insert("around_the_clock".into(), hours.around_the_clock.into());
    let own = hours.holidays.iter().filter(|day| !common.contains(day));
    fields.insert("holidays".into(), written(own));
    Value::Object(fields)
}

fn written<'a, T: ToString + 'a>(values: impl Iterator<Item = &'a T>) -> Value {
    values.map(ToString::to_string).collect()
}

fn queue(queue: &Queue, holidays: &[Date]) -> Value {
    let mut fields = json!({
        "id": queue.id, "default": queue.is_default, "name": queue.name,
        "distributed": queue.is_distributed, "service": queue.service, "skills": queue.skills,
    });
    // The settings' format has no null.
    if let Some(overflow) = &queue.overflow {
        fields["overflow"] = json!(overflow);
    }
    if let Some(own) = &queue.hours {
        fields["hours"] = hours(own, holidays);
    }
    fields
}

fn topic(topic: &Topic) -> Value {
    json!({ "id": topic.id, "queue": topic.queue, "priority": topic.priority })
}

/// All that is changed, as components read it: the value of the organisation's key in the store `settings`
/// (`kv-schemas/changed-settings.schema.json`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangedSettings {
    /// Number of the last change; 0: none yet.
    pub revision: i64,
    /// Parts with the values that stand in place of the files'.
    #[serde(default)]
    pub parts: BTreeMap<Part, Value>,
    /// The list of automatic replies that stands in place of `replies.toml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replies: Option<Value>,
    /// Fluent patterns by language and text id.
    #[serde(default)]
    pub texts: BTreeMap<Language, BTreeMap<String, String>>,
}

/// The name of the changed tree of automatic replies among those of changed parts.
pub const REPLIES: &str = "replies";
/// How the names of changed texts begin among those of changed parts.
pub const TEXT_PREFIX: &str = "texts.";

/// A stored change does not have its form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the change of '{0}' is no text by language")]
pub struct BadChange(String);

impl ChangedSettings {
    /// Puts them together from the values by name: a part's, or a text's (`texts.<id>`, patterns by language). Parts that only
    /// another release knows are left out.
    pub fn of(
        revision: i64,
        values: impl IntoIterator<Item = (String, Value)>,
    ) -> Result<Self, BadChange> {
        let mut changed = Self {
            revision,
            ..Self::default()
        };
        for (name, value) in values {
            if let Some(id) = name.strip_prefix(TEXT_PREFIX) {
                let patterns: BTreeMap<Language, String> =
                    serde_json::from_value(value).map_err(|_| BadChange(name.clone()))?;
                for (language, pattern) in patterns {
                    let texts = changed.texts.entry(language).or_default();
                    texts.insert(id.to_owned(), pattern);
                }
            } else if name == REPLIES {
                changed.replies = Some(value);
            } else if let Some(part) = Part::parse(&name) {
                changed.parts.insert(part, value);
            }
        }
        Ok(changed)
    }

    /// The changed texts of a language as a Fluent file.
    pub fn ftl(&self, language: &Language) -> String {
        let texts = self.texts.get(language).into_iter().flatten();
        texts.map(|(id, pattern)| message(id, pattern)).collect()
    }
}

/// A text as it stands in a Fluent file: each line of the pattern indented, so that none can begin another text.
pub fn message(id: &str, pattern: &str) -> String {
    let lines = pattern.lines().map(|line| format!("    {line}\n"));
    format!("{id} =\n{}", lines.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn part_names_read_back_as_written() {
        for part in Part::ALL {
            assert_eq!(Part::parse(part.as_str()), Some(part));
            assert_eq!(serde_json::to_value(part).unwrap(), part.as_str());
        }
        assert_eq!(Part::parse("processes"), None);
    }

    #[test]
    fn parts_and_texts_are_put_together_from_their_changes() {
        let values = [
            ("name", json!({"uk": "А", "en": "A"})),
            ("texts.menu", json!({"uk": "Меню", "en": "Menu"})),
            ("texts.welcome", json!({"uk": "Вітаємо!"})),
            ("of_a_later_release", json!(1)),
        ];
        let values = values.map(|(name, value)| (name.to_owned(), value));
        let changed = ChangedSettings::of(9, values).unwrap();
        let expected = json!({
            "revision": 9, "parts": {"name": {"uk": "А", "en": "A"}},
            "texts": {"en": {"menu": "Menu"}, "uk": {"menu": "Меню", "welcome": "Вітаємо!"}},
        });
        assert_eq!(serde_json::to_value(changed).unwrap(), expected);
        let bad = ChangedSettings::of(1, [("texts.menu".to_owned(), json!("Меню"))]);
        assert_eq!(bad, Err(BadChange("texts.menu".into())));
    }

    #[test]
    fn changed_texts_are_a_fluent_file_in_which_no_line_begins_another_text() {
        let changed: ChangedSettings = serde_json::from_value(json!({
            "revision": 2, "texts": {"uk": {"welcome": "Вітаємо!\nwelcome-back = ні", "menu": "Меню"}},
        }))
        .unwrap();
        let uk = Language::parse("uk").unwrap();
        assert_eq!(
            changed.ftl(&uk),
            "menu =\n    Меню\nwelcome =\n    Вітаємо!\n    welcome-back = ні\n"
        );
        assert_eq!(changed.ftl(&Language::parse("en").unwrap()), "");
    }
}
