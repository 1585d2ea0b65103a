//! Who answers: groups of operators with their skills, and the shifts they work in.

use super::period::{day, span_of};
use super::reader::{Problems, Section};
use crate::Problem;
use crate::plan::{Group, Operator, Topic};
use crate::week::{DAY_H, DAY_MIN, day_index, tidy};
use std::collections::BTreeSet;
use vikno_organisation::Weekday;

/// Operators at once in one entry; the largest centres of the country have some hundreds.
const OPERATORS_MAX: usize = 2_000;
/// A person cannot follow more chats.
const CHATS_AT_ONCE_MAX: usize = 20;

pub(super) fn groups(
    root: &mut Section,
    queues: &[String],
    topics: &[Topic],
    languages: &[(String, f64)],
    problems: &mut Problems,
) -> Vec<Group> {
    let sections = root.list("operators", problems);
    if sections.is_empty() {
        problems.push(Problem::new(
            "operators",
            "is missing; give at least one group as [[operators]] with an id",
        ));
    }
    let mut seen = BTreeSet::new();
    let mut groups = Vec::new();
    for mut section in sections {
        let Some(id) = section.needed::<String>("id", "a short name", problems) else {
            continue;
        };
        section.rename(format!("operators.{id}"));
        if !seen.insert(id.clone()) {
            problems.push(Problem::new(
                section.at("id"),
                "is used twice; ids are unique",
            ));
        }
        groups.push(group(section, id, (queues, topics, languages), problems));
    }
    groups
}

fn group(
    mut section: Section,
    id: String,
    (queues, topics, languages): (&[String], &[Topic], &[(String, f64)]),
    problems: &mut Problems,
) -> Group {
    let topic_ids: Vec<&str> = topics.iter().map(|topic| topic.id.as_str()).collect();
    let queue_ids: Vec<&str> = queues.iter().map(String::as_str).collect();
    let language_ids: Vec<&str> = languages.iter().map(|(name, _)| name.as_str()).collect();
    let own_topics = names(&mut section, "topics", &topic_ids, problems);
    let own_queues = names(&mut section, "queues", &queue_ids, problems);
    let own_languages = names(&mut section, "languages", &language_ids, problems);
    let chats_at_once = section.count("chats_at_once", 1..=CHATS_AT_ONCE_MAX, problems);
    let slowdown = section.number("slowdown", 0.0..=10.0, problems);
    section.end(
        "id, topics, queues, languages, chats_at_once, slowdown",
        problems,
    );
    let has = |list: &Option<Vec<String>>, name: &str| {
        list.as_ref()
            .is_none_or(|list| list.iter().any(|own| own == name))
    };
    let can = |topic: &Topic, language: &str| {
        let queue = queue_ids.get(topic.queue).copied().unwrap_or_default();
        has(&own_topics, &topic.id) && has(&own_queues, queue) && has(&own_languages, language)
    };
    let classes = topics
        .iter()
        .flat_map(|topic| language_ids.iter().map(move |language| (topic, language)))
        .map(|(topic, language)| can(topic, language))
        .collect();
    Group {
        id,
        classes,
        chats_at_once: chats_at_once.unwrap_or(1),
        slowdown: slowdown.unwrap_or(0.0),
    }
}

/// A list of names that must be known; left out, it means all.
fn names(
    section: &mut Section,
    field: &str,
    known: &[&str],
    problems: &mut Problems,
) -> Option<Vec<String>> {
    let list: Vec<String> = section.optional(field, problems)?;
    // Without anything known the mistake is elsewhere and has been told.
    for name in list.iter().filter(|_| !known.is_empty()) {
        if !known.contains(&name.as_str()) {
            problems.push(Problem::new(
                section.at(field),
                format!("'{name}' is not known; known are {}", known.join(", ")),
            ));
        }
    }
    Some(list)
}

pub(super) fn shifts(
    root: &mut Section,
    groups: &[Group],
    problems: &mut Problems,
) -> Vec<Operator> {
    let sections = root.list("shifts", problems);
    if sections.is_empty() {
        problems.push(Problem::new(
            "shifts",
            "is missing; give at least one [[shifts]] with operators, days and hours",
        ));
    }
    let mut operators = Vec::new();
    for section in sections {
        operators.extend(shift(section, groups, problems));
    }
    operators
}

fn shift(mut section: Section, groups: &[Group], problems: &mut Problems) -> Vec<Operator> {
    let name = section.needed::<String>("operators", "the id of a group", problems);
    let group = name.and_then(|name| {
        let found = groups.iter().position(|group| group.id == name);
        if found.is_none() {
            let known: BTreeSet<&str> = groups.iter().map(|group| group.id.as_str()).collect();
            let known: Vec<&str> = known.into_iter().collect();
            problems.push(Problem::new(
                section.at("operators"),
                format!("no group '{name}'; known are {}", known.join(", ")),
            ));
        }
        found
    });
    let place = section.at("days");
    let days: Vec<String> = section
        .needed("days", "the days it is worked on", problems)
        .unwrap_or_default();
    let days: Vec<Weekday> = days
        .iter()
        .filter_map(|name| day(&place, name, problems))
        .collect();
    let weeks = match section.has("by_hour") {
        true => by_hour(&mut section, &days, problems),
        false => by_count(&mut section, &days, problems),
    };
    section.end(
        "operators, days, and count, hours, breaks, or by_hour",
        problems,
    );
    let Some(group) = group else {
        return Vec::new();
    };
    weeks
        .into_iter()
        .map(|pieces| Operator {
            group,
            week: tidy(pieces.into_iter()),
        })
        .collect()
}

/// Pieces of a week in minutes.
type Pieces = Vec<(u32, u32)>;

/// So many people with the same hours and breaks.
fn by_count(section: &mut Section, days: &[Weekday], problems: &mut Problems) -> Vec<Pieces> {
    if !section.has("count") {
        problems.push(Problem::new(
            section.at("count"),
            "is missing; give how many people work it",
        ));
    }
    let count = section
        .count("count", 1..=OPERATORS_MAX, problems)
        .unwrap_or(0);
    let hours = section.needed::<String>("hours", "its time, as \"09:00-18:00\"", problems);
    let breaks: Vec<String> = section.optional("breaks", problems).unwrap_or_default();
    let mut pieces = Vec::new();
    for day in days {
        let Some(text) = &hours else { break };
        let Some(span) = span_of(&section.at("hours"), *day, text, problems) else {
            break;
        };
        let breaks = breaks
            .iter()
            .filter_map(|text| pause(&section.at("breaks"), *day, span, text, problems));
        pieces.extend(without(span, breaks.collect()));
    }
    vec![pieces; count]
}

/// A break; one that begins before the shift does is on the next day.
fn pause(
    place: &str,
    day: Weekday,
    shift: (u32, u32),
    text: &str,
    problems: &mut Problems,
) -> Option<(u32, u32)> {
    let (start, end) = span_of(place, day, text, problems)?;
    let later = if start < shift.0 { DAY_MIN } else { 0 };
    let found = (start + later, end + later);
    if found.1 > shift.1 {
        problems.push(Problem::new(
            place,
            format!("'{text}' does not lie in the shift; move it or the shift's hours"),
        ));
        return None;
    }
    Some(found)
}

fn without(shift: (u32, u32), mut breaks: Pieces) -> Pieces {
    breaks.sort_unstable();
    let mut pieces = Vec::new();
    let mut start = shift.0;
    for (from, to) in breaks {
        pieces.push((start, from));
        start = start.max(to);
    }
    pieces.push((start, shift.1));
    pieces
}

/// As many people in each hour as the list says; the first ones stay longest.
fn by_hour(section: &mut Section, days: &[Weekday], problems: &mut Problems) -> Vec<Pieces> {
    let counts: Vec<usize> = section.optional("by_hour", problems).unwrap_or_default();
    let most = counts.iter().copied().max().unwrap_or(0);
    if counts.len() != DAY_H || most > OPERATORS_MAX {
        problems.push(Problem::new(
            section.at("by_hour"),
            format!("give 24 numbers of people, one for each hour from midnight, each at most {OPERATORS_MAX}"),
        ));
        return Vec::new();
    }
    let hour = |day: &Weekday, hour: usize| {
        let start = day_index(*day) as u32 * DAY_MIN + hour as u32 * 60;
        (start, start + 60)
    };
    (0..most)
        .map(|seat| {
            let works = |(place, count): (usize, &usize)| (seat < *count).then_some(place);
            let hours: Vec<usize> = counts.iter().enumerate().filter_map(works).collect();
            days.iter()
                .flat_map(|day| hours.iter().map(move |place| hour(day, *place)))
                .collect()
        })
        .collect()
}
