//! From conversations to rates, shares and times.

use super::rows::{Conversation, read};
use super::{NothingLearned, Question};
use crate::distribution::Distribution;
use crate::week::{DAY_H, WEEK_H};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Conversations of citizens who chose no topic.
const NO_TOPIC: &str = "other";
/// The queue of topics of which nothing was ever queued.
const NO_QUEUE: &str = "general";
/// With fewer handling times than this a topic takes those of all topics.
const TIMES_MIN: usize = 20;
/// A distribution is kept as so many of its quantiles.
const QUANTILES_MAX: usize = 400;

/// What is known about the citizens to come.
pub(crate) struct Learned {
    /// For each hour of the week.
    pub(crate) per_hour: Vec<f64>,
    pub(crate) languages: BTreeMap<String, f64>,
    pub(crate) topics: BTreeMap<String, LearnedTopic>,
    /// None when nobody left.
    pub(crate) patience_s: Option<f64>,
}

/// What is known about a topic.
pub(crate) struct LearnedTopic {
    pub(crate) queue: String,
    pub(crate) priority: u8,
    pub(crate) share: f64,
    pub(crate) automated: f64,
    /// None when nobody was ever helped.
    pub(crate) handling: Option<Distribution>,
}

/// Learns from the text of an export.
pub(crate) fn learn(text: &str, question: &Question) -> Result<Learned, NothingLearned> {
    let all = read(text, question)?;
    let per_hour = per_hour(&all, question);
    let languages = counted(all.iter().filter_map(|c| c.language.clone()));
    let patience_s = patience_s(&all);
    let mut of_version = all;
    if let Some(version) = question.process_version {
        of_version.retain(|conversation| conversation.process_version == Some(version));
        if of_version.is_empty() {
            return Err(NothingLearned::NoSuchVersion(version));
        }
    }
    Ok(Learned {
        per_hour,
        languages,
        patience_s,
        topics: topics(&of_version),
    })
}

/// Conversations of each hour of the week, over how often that hour was looked at.
fn per_hour(all: &[Conversation], question: &Question) -> Vec<f64> {
    let mut counts = vec![0.0; WEEK_H];
    let mut days = all.iter().map(|conversation| conversation.opened.date());
    let (first, last) = days
        .clone()
        .fold((Date::MAX, Date::MIN), |(first, last), date| {
            (first.min(date), last.max(date))
        });
    let first = question.from.unwrap_or(first);
    let last = question.to.unwrap_or(last);
    for (date, conversation) in days.by_ref().zip(all) {
        counts[day(date) * DAY_H + conversation.opened.hour().unsigned_abs() as usize] += 1.0;
    }
    let mut times = [0.0; 7];
    for date in first
        .series(jiff::ToSpan::day(1))
        .take_while(|date| *date <= last)
    {
        times[day(date)] += 1.0;
    }
    for (hour, count) in counts.iter_mut().enumerate() {
        *count /= f64::max(times[hour / DAY_H], 1.0);
    }
    counts
}

fn day(date: Date) -> usize {
    date.weekday().to_monday_zero_offset().unsigned_abs() as usize
}

fn counted(names: impl Iterator<Item = String>) -> BTreeMap<String, f64> {
    let mut counts = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_insert(0.0) += 1.0;
    }
    counts
}

/// The likeliest mean of exponential patience: all waiting together over those who left. Who was taken had at least
/// that much patience, which counts too; who still waits says nothing yet.
fn patience_s(all: &[Conversation]) -> Option<f64> {
    let queued = || {
        all.iter()
            .filter(|c| c.was_queued && (c.was_taken || c.has_ended))
    };
    let waited: f64 = queued()
        .filter_map(|conversation| conversation.waited_s)
        .sum();
    let left = queued()
        .filter(|conversation| !conversation.was_taken)
        .count();
    (left > 0 && waited > 0.0).then(|| waited / left as f64)
}

fn topics(all: &[Conversation]) -> BTreeMap<String, LearnedTopic> {
    let every_time = Distribution::measured(thinned(handled(all.iter())));
    let mut grouped: BTreeMap<&str, Vec<&Conversation>> = BTreeMap::new();
    for conversation in all {
        let topic = conversation.topic.as_deref().unwrap_or(NO_TOPIC);
        grouped.entry(topic).or_default().push(conversation);
    }
    let learned = grouped.into_iter().map(|(id, own)| {
        (
            id.to_owned(),
            topic(&own, own.len() as f64 / all.len() as f64, &every_time),
        )
    });
    learned.collect()
}

fn topic(own: &[&Conversation], share: f64, every_time: &Option<Distribution>) -> LearnedTopic {
    let queued = || own.iter().filter(|conversation| conversation.was_queued);
    // Who has not ended and was not queued may still come to a queue.
    let settled = own.iter().filter(|c| c.was_queued || c.has_ended).count();
    let alone = settled - queued().count();
    let times = handled(own.iter().copied());
    let handling = match times.len() < TIMES_MIN {
        true => every_time.clone(),
        false => Distribution::measured(thinned(times)),
    };
    LearnedTopic {
        queue: most_frequent(queued().filter_map(|c| c.queue.clone()))
            .unwrap_or_else(|| NO_QUEUE.to_owned()),
        priority: most_frequent(queued().map(|c| c.priority)).unwrap_or(0),
        share,
        automated: alone as f64 / settled.max(1) as f64,
        handling,
    }
}

fn handled<'a>(all: impl Iterator<Item = &'a Conversation>) -> Vec<f64> {
    all.filter_map(|conversation| conversation.handled_s)
        .collect()
}

/// Evenly chosen quantiles of many values.
fn thinned(mut values: Vec<f64>) -> Vec<f64> {
    if values.len() <= QUANTILES_MAX {
        return values;
    }
    values.sort_unstable_by(f64::total_cmp);
    let last = values.len() - 1;
    (0..QUANTILES_MAX)
        .map(|index| values[index * last / (QUANTILES_MAX - 1)])
        .collect()
}

fn most_frequent<T: Ord>(all: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for one in all {
        *counts.entry(one).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map(|(one, _)| one)
}
