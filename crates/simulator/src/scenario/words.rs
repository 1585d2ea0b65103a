//! Words of a scenario: the same in every language or one for each, one or several, with placeholders that each
//! organisation fills in for itself.

use serde::Deserialize;
use std::collections::BTreeMap;
use vikno_domain::Language;
use vikno_organisation::{Organisation, Topic};
use vikno_replies::Replies;

/// Words, perhaps by language.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(
    untagged,
    expecting = "expected words, a list of words, or words by language"
)]
pub enum Words {
    /// The same in every language.
    Same(OneOrMany),
    /// By language.
    ByLanguage(BTreeMap<Language, OneOrMany>),
}

/// A text or a list of texts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "expected a text or a list of texts")]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl OneOrMany {
    /// All of them.
    pub fn list(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(texts) => texts,
        }
    }
}

impl Words {
    /// The words in that language.
    pub fn list(&self, language: &Language) -> Result<&[String], String> {
        match self {
            Self::Same(words) => Ok(words.list()),
            Self::ByLanguage(by_language) => match by_language.get(language) {
                Some(words) => Ok(words.list()),
                None => Err(format!(
                    "the scenario has no words in language '{language}'"
                )),
            },
        }
    }
}

/// What placeholders stand for in one run of a scenario.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Placeholders<'a> {
    pub(crate) organisation: &'a Organisation,
    pub(crate) replies: &'a Replies,
    pub(crate) other: Option<&'a str>,
    pub(crate) topic: Option<&'a Topic>,
    pub(crate) language: &'a Language,
    pub(crate) conversation: Option<&'a str>,
}

impl Placeholders<'_> {
    /// The text with every `<name>` filled in.
    pub(crate) fn fill(&self, text: &str) -> Result<String, String> {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('<') {
            let Some((name, behind)) = after.split_once('>') else {
                break;
            };
            filled.push_str(before);
            filled.push_str(&self.value(name)?);
            rest = behind;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn value(&self, name: &str) -> Result<String, String> {
        let organisation = self.organisation;
        let missing = |what: &str| format!("<{name}>: {what}");
        let topic = self.topic.or(organisation.topics.first());
        let topic = || topic.ok_or_else(|| missing("the organisation has no topic"));
        match name {
            "topic" => Ok(topic()?.id.clone()),
            "topic.queue" => Ok(topic()?.queue.clone()),
            "topic.priority" => Ok(topic()?.priority.to_string()),
            "topic.keyword" => self
                .replies
                .question(&topic()?.id, self.language)
                .ok_or_else(|| missing("the topic has no keyword in this language")),
            "queue.default" => Ok(organisation.default_queue().id.clone()),
            "queue.other" => organisation
                .queues
                .iter()
                .find(|queue| !queue.is_default)
                .map(|queue| queue.id.clone())
                .ok_or_else(|| missing("the organisation has one queue only")),
            "organisation" => Ok(organisation.id.to_string()),
            "organisation.other" => self
                .other
                .map(str::to_owned)
                .ok_or_else(|| missing("there is no other organisation")),
            "conversation" => self
                .conversation
                .map(str::to_owned)
                .ok_or_else(|| missing("no conversation is under way")),
            _ => Err(missing(
                "is no placeholder; there are <topic>, <topic.queue>, <topic.priority>, <topic.keyword>, <queue.default>, <queue.other>, <organisation>, <organisation.other>, <conversation>",
            )),
        }
    }
}
