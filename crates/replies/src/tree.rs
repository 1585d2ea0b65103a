//! The tree: replies under replies, and the keywords that lead to each.

use crate::condition::Conditions;
use crate::vocabulary::Vocabulary;
use serde::Deserialize;
use std::collections::BTreeMap;
use vikno_domain::{Language, MediaRef};

/// One thing the robot can answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Unique in the tree. Its button is the text `topic-<id>`.
    pub id: String,
    /// The reply above it; none for a topic.
    pub under: Option<usize>,
    /// The topic it belongs to.
    pub topic: String,
    /// 0 for a topic.
    pub depth: usize,
    /// Urgency where it differs from the topic's.
    pub priority: Option<i64>,
    /// Percent that its score counts.
    pub weight: u32,
    /// When it may be given at all.
    pub only: Conditions,
    /// What is given in its place when it may not; else the reply above it.
    pub otherwise: Option<usize>,
    /// Other answers for special situations; the first that fits.
    pub variants: Vec<Variant>,
    /// Text id of the answer.
    pub text: String,
    /// Ids of the replies offered as buttons.
    pub buttons: Vec<String>,
    /// A picture or document sent before the text.
    pub media: Option<MediaRef>,
    /// By language, the first words that lead to it, as the author wrote them.
    pub(crate) first_words: BTreeMap<Language, String>,
}

/// Another answer for a special situation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// What has to hold.
    pub when: Conditions,
    /// Text id.
    pub text: String,
    /// Ids of replies offered; else those of the reply.
    #[serde(default)]
    pub buttons: Option<Vec<String>>,
}

/// Words that lead to a reply, in order side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Keyword {
    /// As the author wrote it.
    pub(crate) written: String,
    pub(crate) parts: Vec<usize>,
    pub(crate) reply: usize,
    /// Counts only where the topic is known already.
    pub(crate) is_hint: bool,
}

/// An organisation's automatic replies.
#[derive(Debug, Clone, Default)]
pub struct Replies {
    pub(crate) replies: Vec<Reply>,
    pub(crate) keywords: Vec<Keyword>,
    /// Keywords by their first part.
    pub(crate) by_part: Vec<Vec<usize>>,
    pub(crate) vocabulary: Vocabulary,
}

impl Replies {
    /// All replies in the order of the file.
    pub fn all(&self) -> &[Reply] {
        &self.replies
    }

    /// A reply by id.
    pub fn get(&self, id: &str) -> Option<&Reply> {
        self.replies.iter().find(|reply| reply.id == id)
    }

    /// Number of keywords.
    pub fn keywords(&self) -> usize {
        self.keywords.len()
    }

    /// The first word by which a reply is recognised, as the author wrote it.
    pub fn first_word(&self, id: &str) -> Option<&str> {
        let reply = self.replies.iter().position(|reply| reply.id == id)?;
        let first = self
            .keywords
            .iter()
            .find(|keyword| keyword.reply == reply)?;
        Some(&first.written)
    }

    /// What a citizen would write in a language to get a reply: the first words that lead to it, without stars.
    pub fn question(&self, id: &str, language: &Language) -> Option<String> {
        let first = self.get(id)?.first_words.get(language)?;
        Some(first.replace('*', ""))
    }

    /// Ids of the replies directly below, or beside it when there are none.
    pub fn nearby(&self, id: &str) -> Vec<String> {
        let Some(place) = self.replies.iter().position(|reply| reply.id == id) else {
            return Vec::new();
        };
        let under = |above: Option<usize>| -> Vec<String> {
            let found = self.replies.iter().filter(|reply| reply.under == above);
            let others = found.filter(|reply| reply.id != id);
            others.map(|reply| reply.id.clone()).collect()
        };
        let below = under(Some(place));
        match self.replies[place].under {
            Some(above) if below.is_empty() => under(Some(above)),
            _ => below,
        }
    }

    /// Every text that a reply may say; the labels of buttons are `topic-<id>`.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.replies.iter().flat_map(|reply| {
            let variants = reply.variants.iter().map(|variant| variant.text.as_str());
            std::iter::once(reply.text.as_str()).chain(variants)
        })
    }

    /// From the topic down to the reply itself.
    pub(crate) fn line(&self, mut reply: usize) -> Vec<usize> {
        let mut line = vec![reply];
        while let Some(above) = self.replies[reply].under {
            line.push(above);
            reply = above;
        }
        line.reverse();
        line
    }
}
