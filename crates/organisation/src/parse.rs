//! From the text of `organisation.toml` to [`Organisation`]: each field is read and checked on its own,
//! so that one run tells everything that is wrong.

mod reader;

use crate::hours::{Date, Hours, Weekday};
use crate::{
    ChangedSettings, LocalName, Organisation, OutsideCorezoid, Overflow, Problem, Queue,
    ServiceTimes, Simulation, Timers, Topic, Transfers,
};
use reader::Reader;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use toml::Table;
use vikno_domain::{Language, OrgId};

/// More buttons than this are a wall of text on a phone.
const TOPICS_MAX: usize = 30;
/// A month; what is meant to be longer is not a wait of a dialogue.
const TIMER_S_MAX: i64 = 30 * 24 * 3_600;
/// A console that missed two of its signs is not there.
const OPERATOR_AWAY_S_MIN: i64 = 60;
/// Longer than that no citizen waits without a word.
const OUTSIDE_WAIT_S_MAX: i64 = 120;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawQueue {
    id: String,
    #[serde(default)]
    default: bool,
    name: LocalName,
    #[serde(default)]
    distributed: bool,
    #[serde(default)]
    overflow: Option<Overflow>,
    #[serde(default)]
    service: ServiceTimes,
    #[serde(default)]
    skills: Vec<String>,
    #[serde(default)]
    hours: Option<Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTopic {
    id: String,
    queue: String,
    #[serde(default)]
    priority: i64,
}

/// Reads and checks the settings with what people changed in them; `file` is how problems name it.
pub(crate) fn organisation(
    file: &str,
    text: &str,
    changed: &ChangedSettings,
) -> Result<Organisation, Vec<Problem>> {
    let table = match text.parse::<Table>() {
        Ok(table) => table,
        Err(error) => {
            let line = error.span().map_or(1, |span| {
                text.bytes()
                    .take(span.start)
                    .filter(|b| *b == b'\n')
                    .count()
                    + 1
            });
            return Err(vec![Problem::new(
                file,
                format!("line {line}"),
                format!("not valid TOML: {}", error.message()),
            )]);
        }
    };
    let mut reader = Reader {
        file,
        table,
        problems: Vec::new(),
    };
    reader.no_unknown_fields();
    for (part, value) in &changed.parts {
        reader.replace(part.as_str(), value);
    }
    let organisation = read(&mut reader);
    match organisation {
        Some(organisation) if reader.problems.is_empty() => Ok(Organisation {
            changed_replies: changed.replies.clone(),
            revision: changed.revision,
            ..organisation
        }),
        _ => Err(reader.problems),
    }
}

/// As the file and its changed parts are.
fn read(reader: &mut Reader<'_>) -> Option<Organisation> {
    let id = reader.field::<OrgId>("id");
    let project = reader.field::<String>("project");
    let languages = reader.field::<Vec<Language>>("languages");
    let default_language = reader.field::<Language>("default_language");
    let spoken = languages.clone().unwrap_or_default();
    let name = reader.field::<LocalName>("name");
    if let Some(name) = &name {
        reader.check_name("name", name, &spoken);
    }
    if let Some(default) = default_language
        .as_ref()
        .filter(|default| !spoken.contains(default))
    {
        reader.problem(
            "default_language",
            format!("'{default}' is not in languages; add it there or choose one of them"),
        );
    }
    let origins = reader.optional::<Vec<String>>("origins");
    reader.check_origins(&origins);
    let processes = reader.field::<Vec<String>>("processes");
    let operations = reader.optional::<Vec<String>>("operations");
    let variables = read_variables(reader);
    let review_processes = reader.optional::<bool>("review_processes");
    let hours = read_working_hours(reader);
    let timers = reader.optional::<Timers>("timers");
    for (timer, seconds) in timers.named() {
        if !(1..=TIMER_S_MAX).contains(&seconds) {
            reader.problem(
                &format!("timers.{timer}"),
                format!("{seconds} is out of range; give 1 to {TIMER_S_MAX} seconds"),
            );
        }
    }
    if timers.operator_away_s < OPERATOR_AWAY_S_MIN {
        reader.problem(
            "timers.operator_away_s",
            format!(
                "{} is too short: consoles tell of themselves every 20 seconds; give {OPERATOR_AWAY_S_MIN} or more",
                timers.operator_away_s
            ),
        );
    }
    let simulation = reader.optional::<Simulation>("simulation");
    if simulation.coverage_min_percent > 100 {
        reader.problem(
            "simulation.coverage_min_percent",
            "is over 100; give a percentage of the processes' nodes",
        );
    }
    let corezoid = read_corezoid(reader);
    let transfers = reader.optional::<Transfers>("transfers");
    if id
        .iter()
        .any(|id| transfers.to.iter().flatten().any(|to| to == id))
    {
        reader.problem(
            "transfers.to",
            "names this organisation itself; name others",
        );
    }
    let queues = read_queues(reader, &spoken, hours.as_ref());
    let topics = read_topics(reader, &queues);
    Some(Organisation {
        id: id?,
        project: project?,
        name: name?,
        languages: languages?,
        default_language: default_language?,
        origins,
        processes: processes?,
        operations,
        variables,
        review_processes,
        hours: hours?,
        timers,
        queues,
        topics,
        transfers,
        simulation,
        corezoid,
        changed_replies: None,
        revision: 0,
    })
}

fn read_corezoid(reader: &mut Reader<'_>) -> OutsideCorezoid {
    let corezoid = reader.optional::<OutsideCorezoid>("corezoid");
    if !(1..=OUTSIDE_WAIT_S_MAX).contains(&corezoid.wait_s) {
        let message = format!("is out of range; a citizen waits 1 to {OUTSIDE_WAIT_S_MAX} seconds");
        reader.problem("corezoid.wait_s", message);
    }
    for (event, process) in corezoid.named() {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'@');
        if process.is_empty() || !process.bytes().all(plain) {
            let message = "names no process; give the number of one there, or its alias";
            reader.problem(&format!("corezoid.{event}"), message);
        }
    }
    corezoid
}

/// A variable must not hide what every organisation's processes rely on.
fn read_variables(reader: &mut Reader<'_>) -> BTreeMap<String, serde_json::Value> {
    let variables = reader.optional::<BTreeMap<String, serde_json::Value>>("variables");
    let timers = Timers::default().named();
    let given = timers.iter().map(|(name, _)| *name);
    for name in given.chain(["org", "project"]) {
        if variables.contains_key(name) {
            reader.problem(
                &format!("variables.{name}"),
                "has a value from the settings already; choose another name",
            );
        }
    }
    variables
}

fn read_queues(reader: &mut Reader<'_>, spoken: &[Language], common: Option<&Hours>) -> Vec<Queue> {
    let raw = reader.list::<RawQueue>("queues");
    let mut seen = BTreeSet::new();
    for queue in &raw {
        let place = format!("queues.{}", queue.id);
        reader.check_id(&place, &queue.id, &mut seen);
        reader.check_name(&format!("{place}.name"), &queue.name, spoken);
        check_service(reader, &place, queue, &raw);
        reader.check_skills(&place, &queue.skills);
    }
    let defaults = raw.iter().filter(|queue| queue.default).count();
    if defaults != 1 && !raw.is_empty() {
        reader.problem(
            "queues",
            format!("{defaults} queues are marked default; mark exactly one with default = true"),
        );
    }
    raw.into_iter()
        .map(|queue| Queue {
            hours: queue.hours.zip(common).and_then(|(hours, common)| {
                queue_hours(reader, &format!("queues.{}.hours", queue.id), hours, common)
            }),
            id: queue.id,
            is_default: queue.default,
            name: queue.name,
            is_distributed: queue.distributed,
            overflow: queue.overflow,
            service: queue.service,
            skills: queue.skills,
        })
        .collect()
}

fn check_service(reader: &mut Reader<'_>, place: &str, queue: &RawQueue, all: &[RawQueue]) {
    let times = queue
        .service
        .named()
        .map(|(name, seconds)| (format!("service.{name}"), seconds));
    let overflow = queue.overflow.iter();
    let after = overflow
        .clone()
        .map(|overflow| ("overflow.after_s".to_owned(), overflow.after_s));
    for (name, seconds) in times.into_iter().chain(after) {
        if !(1..=TIMER_S_MAX).contains(&seconds) {
            reader.problem(
                &format!("{place}.{name}"),
                format!("{seconds} is out of range; give 1 to {TIMER_S_MAX} seconds"),
            );
        }
    }
    for overflow in overflow {
        let is_other = |other: &RawQueue| other.id == overflow.queue && other.id != queue.id;
        if !all.iter().any(is_other) {
            reader.problem(
                &format!("{place}.overflow.queue"),
                format!(
                    "no other queue '{}'; name one of [[queues]]",
                    overflow.queue
                ),
            );
        }
    }
}

fn read_topics(reader: &mut Reader<'_>, queues: &[Queue]) -> Vec<Topic> {
    let raw = reader.list::<RawTopic>("topics");
    if raw.len() > TOPICS_MAX {
        reader.problem(
            "topics",
            format!("{} topics; keep it to {TOPICS_MAX}", raw.len()),
        );
    }
    let mut seen = BTreeSet::new();
    for topic in &raw {
        let place = format!("topics.{}", topic.id);
        reader.check_id(&place, &topic.id, &mut seen);
        if !queues.iter().any(|queue| queue.id == topic.queue) {
            reader.problem(
                &format!("{place}.queue"),
                format!(
                    "no queue '{}'; name one of [[queues]] or add it",
                    topic.queue
                ),
            );
        }
        if !(0..=9).contains(&topic.priority) {
            reader.problem(
                &format!("{place}.priority"),
                format!(
                    "{} is out of range; give 0 (normal) to 9 (most urgent)",
                    topic.priority
                ),
            );
        }
    }
    raw.into_iter()
        .map(|topic| Topic {
            id: topic.id,
            queue: topic.queue,
            priority: topic.priority,
        })
        .collect()
}

fn read_working_hours(reader: &mut Reader<'_>) -> Option<Hours> {
    let time_zone = reader.field::<String>("time_zone")?;
    let hours = reader.field::<Table>("hours")?;
    let hours = read_hours(reader, "hours", hours, &time_zone)?;
    // Looking a name up brings the time zone database: only where settings are checked, not in every reader.
    #[cfg(feature = "check")]
    if jiff::tz::TimeZone::get(&time_zone).is_err() {
        reader.problem(
            "time_zone",
            format!("no time zone '{time_zone}'; write an IANA name such as Europe/Kyiv"),
        );
        return None;
    }
    Some(hours)
}

/// A queue's own hours: on days without work for the whole organisation it is not served either.
fn queue_hours(
    reader: &mut Reader<'_>,
    place: &str,
    hours: Table,
    common: &Hours,
) -> Option<Hours> {
    let mut hours = read_hours(reader, place, hours, &common.time_zone)?;
    for holiday in &common.holidays {
        if !hours.holidays.contains(holiday) {
            hours.holidays.push(*holiday);
        }
    }
    hours.holidays.sort();
    Some(hours)
}

fn read_hours(
    reader: &mut Reader<'_>,
    place: &str,
    mut hours: Table,
    time_zone: &str,
) -> Option<Hours> {
    let mut field = |name: &str| hours.remove(name);
    let around_the_clock = match field("around_the_clock") {
        None => false,
        Some(value) => reader.convert(&format!("{place}.around_the_clock"), value)?,
    };
    let holidays_place = format!("{place}.holidays");
    let holidays = match field("holidays") {
        None => Vec::new(),
        Some(value) => reader.convert::<Vec<String>>(&holidays_place, value)?,
    };
    let holidays = holidays
        .iter()
        .filter_map(|text| {
            let date = Date::parse(text);
            if date.is_none() {
                reader.problem(
                    &holidays_place,
                    format!("'{text}' is no date; write 2026-12-25"),
                );
            }
            date
        })
        .collect();
    let week = Weekday::ALL.map(|day| {
        let place = format!("{place}.{}", day.as_str());
        let texts = hours
            .remove(day.as_str())
            .and_then(|value| reader.convert::<Vec<String>>(&place, value));
        reader.spans(&place, &texts.unwrap_or_default())
    });
    for unknown in hours.keys() {
        reader.problem(
            &format!("{place}.{unknown}"),
            "unknown field; known are the days of the week, around_the_clock and holidays",
        );
    }
    if !around_the_clock && week.iter().all(Vec::is_empty) {
        reader.problem(
            place,
            "no working time at all; give spans to a day or set around_the_clock = true",
        );
    }
    Some(Hours {
        around_the_clock,
        week,
        holidays,
        time_zone: time_zone.to_owned(),
    })
}
