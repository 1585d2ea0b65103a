//! From a TOML file to a plan. Every mistake is told, not only the first.

mod arrivals;
mod citizens;
mod operators;
mod period;
mod reader;
mod times;

use crate::history::{self, Learned};
use crate::plan::Plan;
use crate::{Problem, week};
use reader::{Problems, Section};
use std::collections::BTreeSet;
use toml::Table;

/// A larger run says nothing that a smaller one does not, and takes the machine's memory.
const CITIZENS_MAX: f64 = 5_000_000.0;

const FIELDS: &str = "name, time_zone, period, target, hours, history, arrivals, languages, patience, topics, operators, shifts";

/// The plan names a history from which nothing could be learned; the problem is noted.
struct HistoryUnknown;

impl Plan {
    /// Reads a plan. `file` hands in the text of another file that the plan names, by its name there, or says in
    /// words why it cannot.
    pub fn parse(
        text: &str,
        file: impl FnOnce(&str) -> Result<String, String>,
    ) -> Result<Self, Vec<Problem>> {
        let table = text
            .parse::<Table>()
            .map_err(|error| vec![not_toml(text, &error)])?;
        let mut root = Section::new("", table);
        let mut problems = Problems::new();
        let plan = match learn(&mut root, file, &mut problems) {
            Ok(learned) => {
                let plan = read(&mut root, learned.as_ref(), &mut problems);
                root.end(FIELDS, &mut problems);
                plan
            }
            // Without the history everything that is left to it would seem to be missing.
            Err(HistoryUnknown) => None,
        };
        match plan {
            Some(plan) if problems.is_empty() => Ok(plan),
            _ => Err(told_once(problems)),
        }
    }
}

/// A mistake in a shift shows on each of its days.
fn told_once(mut problems: Problems) -> Problems {
    let mut seen = BTreeSet::new();
    problems.retain(|problem| seen.insert(problem.clone()));
    problems
}

fn not_toml(text: &str, error: &toml::de::Error) -> Problem {
    let before = error.span().map_or(0, |span| span.start);
    let lines = text.bytes().take(before).filter(|byte| *byte == b'\n');
    Problem::new(
        format!("line {}", lines.count() + 1),
        format!("not valid TOML: {}", error.message()),
    )
}

fn read(root: &mut Section, learned: Option<&Learned>, problems: &mut Problems) -> Option<Plan> {
    let name = root.needed::<String>("name", "a few words for the report", problems);
    let period = period::period(root, problems);
    let target = period::target(root, problems);
    let hours = period::hours(root, problems);
    let arrivals = arrivals::arrivals(root, learned, problems);
    let languages = citizens::languages(root, learned, problems);
    let (queues, topics) = citizens::topics(root, learned, problems);
    let groups = operators::groups(root, &queues, &topics, &languages, problems);
    let operators = operators::shifts(root, &groups, problems);
    let plan = Plan {
        name: name?,
        period: period?,
        target: target?,
        arrivals: arrivals?,
        languages,
        queues,
        topics,
        groups,
        operators,
        hours,
    };
    if problems.is_empty() {
        check_whole(&plan, problems);
    }
    Some(plan)
}

/// What the plan's history says, if it names one.
fn learn(
    root: &mut Section,
    file: impl FnOnce(&str) -> Result<String, String>,
    problems: &mut Problems,
) -> Result<Option<Learned>, HistoryUnknown> {
    let time_zone = root.optional::<String>("time_zone", problems);
    let before = problems.len();
    let Some(mut section) = root.section("history", problems) else {
        return if problems.len() > before {
            Err(HistoryUnknown)
        } else {
            Ok(None)
        };
    };
    let name = section.needed::<String>("file", "an export of conversations as JSON", problems);
    let from = period::date(&mut section, "from", problems);
    let to = period::date(&mut section, "to", problems);
    let process_version = section.optional::<i64>("process_version", problems);
    section.end("file, from, to, process_version", problems);
    let zone = time_zone.and_then(|name| jiff::tz::TimeZone::get(&name).ok());
    if zone.is_none() {
        problems.push(Problem::new(
            "time_zone",
            "a history needs the centre's clock; give an IANA name such as Europe/Kyiv",
        ));
    }
    let (Some(name), Some(zone)) = (name, zone) else {
        return Err(HistoryUnknown);
    };
    let question = history::Question {
        zone,
        from,
        to,
        process_version,
    };
    let told = file(&name)
        .and_then(|text| history::learn(&text, &question).map_err(|error| error.to_string()));
    told.map(Some).map_err(|message| {
        problems.push(Problem::new("history.file", message));
        HistoryUnknown
    })
}

/// What only shows when everything is together.
fn check_whole(plan: &Plan, problems: &mut Problems) {
    let expected = plan.citizens_expected();
    if expected <= 0.0 {
        problems.push(Problem::new(
            "arrivals",
            "nobody comes in the days that are looked at; give those days numbers or choose other days",
        ));
    }
    if expected > CITIZENS_MAX {
        problems.push(Problem::new(
            "period.days",
            format!(
                "{expected:.0} citizens in a run; keep it to {CITIZENS_MAX:.0} with fewer days"
            ),
        ));
    }
    let staffed = |group: usize| {
        plan.operators
            .iter()
            .any(|operator| operator.group == group)
    };
    for (topic_index, topic) in plan.topics.iter().enumerate() {
        if topic.share == 0.0 || topic.automated == 1.0 {
            continue;
        }
        for (language_index, (language, _)) in plan.languages.iter().enumerate() {
            let class = plan.class(topic_index, language_index);
            let mut able = plan.groups.iter().enumerate();
            if !able.any(|(index, group)| group.classes[class] && staffed(index)) {
                problems.push(Problem::new(
                    format!("topics.{}", topic.id),
                    format!("nobody ever takes it in '{language}'; give a group of [[operators]] the topic and the language, and a shift"),
                ));
            }
        }
    }
    let never_open = plan
        .hours
        .as_ref()
        .is_some_and(|hours| hours.week.is_empty());
    if never_open {
        problems.push(Problem::new(
            "hours",
            "no working time at all; give spans to a day, or leave [hours] out for around the clock",
        ));
    }
    debug_assert_eq!(plan.arrivals.per_hour.len(), week::WEEK_H);
}
