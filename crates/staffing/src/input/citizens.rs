//! Who comes and with what: languages, patience, topics. What the file leaves out is taken from the history.

use super::reader::{Problems, Section};
use super::times::distribution;
use crate::Problem;
use crate::distribution::Distribution;
use crate::history::{Learned, LearnedTopic};
use crate::plan::Topic;
use std::collections::{BTreeMap, BTreeSet};

/// Waiting lists are kept by topic and language: more of them slow everything down.
const TOPICS_MAX: usize = 64;
const LANGUAGES_MAX: usize = 16;
/// When neither file nor history say.
const LANGUAGE: &str = "uk";

/// Names with cumulative shares.
pub(super) fn languages(
    root: &mut Section,
    learned: Option<&Learned>,
    problems: &mut Problems,
) -> Vec<(String, f64)> {
    let known = learned.map(|learned| learned.languages.clone());
    let given: Option<BTreeMap<String, f64>> = root.optional("languages", problems);
    let weights = given
        .or(known)
        .unwrap_or_else(|| BTreeMap::from([(LANGUAGE.to_owned(), 1.0)]));
    let total: f64 = weights.values().sum();
    let sound = weights
        .values()
        .all(|weight| *weight >= 0.0 && weight.is_finite())
        && total > 0.0;
    if !sound || weights.len() > LANGUAGES_MAX {
        problems.push(Problem::new(
            "languages",
            format!("give 1 to {LANGUAGES_MAX} languages with their shares, as uk = 0.9; together above 0"),
        ));
        return vec![(LANGUAGE.to_owned(), 1.0)];
    }
    let shares = cumulative(weights.values().map(|weight| weight / total));
    weights.into_keys().zip(shares).collect()
}

/// Sums up to each; the last is exactly 1.
fn cumulative(shares: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut sum = 0.0;
    let mut sums: Vec<f64> = shares
        .map(|share| {
            sum += share;
            sum
        })
        .collect();
    if let Some(last) = sums.last_mut() {
        *last = 1.0;
    }
    sums
}

/// The queues, and the topics that lead to them.
pub(super) fn topics(
    root: &mut Section,
    learned: Option<&Learned>,
    problems: &mut Problems,
) -> (Vec<String>, Vec<Topic>) {
    let patience = distribution(root, "patience", problems)
        .or_else(|| learned?.patience_s.map(Distribution::exponential));
    let mut drafts = Vec::new();
    let mut seen = BTreeSet::new();
    let nothing = BTreeMap::new();
    let known = learned.map_or(&nothing, |learned| &learned.topics);
    for mut section in root.list("topics", problems) {
        let Some(id) = section.needed::<String>("id", "a short name", problems) else {
            continue;
        };
        section.rename(format!("topics.{id}"));
        if !seen.insert(id.clone()) {
            problems.push(Problem::new(
                section.at("id"),
                "is used twice; ids are unique",
            ));
        }
        let known = known.get(&id);
        drafts.extend(topic(section, id, known, patience.as_ref(), problems));
    }
    for (id, topic) in known.iter().filter(|(id, _)| !seen.contains(*id)) {
        let section = Section::new(format!("topics.{id}"), toml::Table::new());
        drafts.extend(self::topic(
            section,
            id.clone(),
            Some(topic),
            patience.as_ref(),
            problems,
        ));
    }
    if drafts.is_empty() && !seen.is_empty() {
        // What is wrong with each of them has been told.
        return (Vec::new(), Vec::new());
    }
    numbered(drafts, problems)
}

/// A topic, with the name of its queue.
fn topic(
    mut section: Section,
    id: String,
    known: Option<&LearnedTopic>,
    patience: Option<&Distribution>,
    problems: &mut Problems,
) -> Option<(String, Topic)> {
    let needs = |section: &Section, name: &str, what: &str, problems: &mut Problems| {
        if known.is_none() && !section.has(name) {
            problems.push(Problem::new(
                section.at(name),
                format!("is missing; give {what}"),
            ));
        }
    };
    needs(&section, "queue", "the queue it leads to", problems);
    needs(&section, "share", "its share of all citizens", problems);
    let queue = section.optional::<String>("queue", problems);
    let share = section.number("share", 0.0..=1e9, problems);
    let automated = section.number("automated", 0.0..=1.0, problems);
    let priority = section.count("priority", 0..=9, problems);
    let own = distribution(&mut section, "patience", problems);
    let known_handling = known.and_then(|known| known.handling.clone());
    if known_handling.is_none() && !section.has("handling") {
        problems.push(Problem::new(
            section.at("handling"),
            "is not known; give how long an operator needs, as { mean_s = 300 }",
        ));
    }
    let handling = distribution(&mut section, "handling", problems).or(known_handling);
    section.end(
        "id, queue, share, automated, priority, handling, patience",
        problems,
    );
    let topic = Topic {
        id,
        queue: 0,
        priority: priority.map_or(known.map_or(0, |known| known.priority), |level| level as u8),
        up_to: 0.0,
        share: share.or(known.map(|known| known.share))?,
        automated: automated
            .or(known.map(|known| known.automated))
            .unwrap_or(0.0),
        handling: handling?,
        patience: own.or_else(|| patience.cloned()),
    };
    Some((queue.or(known.map(|known| known.queue.clone()))?, topic))
}

/// Gives queues numbers and makes shares cumulative.
fn numbered(drafts: Vec<(String, Topic)>, problems: &mut Problems) -> (Vec<String>, Vec<Topic>) {
    let total: f64 = drafts.iter().map(|(_, topic)| topic.share).sum();
    if total <= 0.0 || drafts.len() > TOPICS_MAX {
        problems.push(Problem::new(
            "topics",
            format!("give 1 to {TOPICS_MAX} [[topics]] with shares that are together above 0"),
        ));
        return (Vec::new(), Vec::new());
    }
    let sums = cumulative(drafts.iter().map(|(_, topic)| topic.share / total));
    let mut queues: Vec<String> = Vec::new();
    let mut topics = Vec::new();
    for ((name, topic), up_to) in drafts.into_iter().zip(sums) {
        let place = queues.iter().position(|queue| *queue == name);
        let queue = place.unwrap_or_else(|| {
            queues.push(name);
            queues.len() - 1
        });
        topics.push(Topic {
            queue,
            up_to,
            share: topic.share / total,
            ..topic
        });
    }
    (queues, topics)
}
