//! When: the days looked at, the promise to citizens, the working hours.

use super::reader::{Problems, Section};
use crate::Problem;
use crate::erlang::Target;
use crate::plan::{Period, WorkingHours};
use crate::week::{DAY_H, DAY_MIN, WEEK_H, day_index, parse_day, parse_span, tidy};
use jiff::civil::Date;
use std::ops::Range;
use vikno_organisation::Weekday;

/// Four weeks show every day often enough; more is had by more runs.
const DAYS_MAX: usize = 28;

pub(super) fn period(root: &mut Section, problems: &mut Problems) -> Option<Period> {
    let mut section = match root.section("period", problems) {
        Some(section) => section,
        None => Section::new("period", toml::Table::new()),
    };
    let first_day = match section.optional::<String>("first_day", problems) {
        Some(name) => day(&section.at("first_day"), &name, problems),
        None => Some(Weekday::Monday),
    };
    let days = section.count("days", 1..=DAYS_MAX, problems).unwrap_or(7);
    let warm_up_h = section
        .count("warm_up_hours", 0..=WEEK_H, problems)
        .unwrap_or(0);
    let counted = match section.optional::<String>("counted", problems) {
        Some(text) => counted(&section.at("counted"), &text, problems),
        None => Some(0..DAY_H),
    };
    section.end("first_day, days, warm_up_hours, counted", problems);
    Some(Period {
        first_day: first_day?,
        days,
        warm_up_h,
        counted: counted?,
    })
}

/// Whole hours of a day.
fn counted(place: &str, text: &str, problems: &mut Problems) -> Option<Range<usize>> {
    let whole = parse_span(text)
        .filter(|(start, end)| start % 60 == 0 && end % 60 == 0 && *end <= DAY_MIN)
        .map(|(start, end)| (start / 60) as usize..(end / 60) as usize);
    if whole.is_none() {
        problems.push(Problem::new(
            place,
            format!("'{text}' are no whole hours of a day; write \"09:00-18:00\""),
        ));
    }
    whole
}

pub(super) fn target(root: &mut Section, problems: &mut Problems) -> Option<Target> {
    let mut section = match root.section("target", problems) {
        Some(section) => section,
        None => Section::new("target", toml::Table::new()),
    };
    let seconds = section
        .number("seconds", 0.0..=86_400.0, problems)
        .unwrap_or(60.0);
    let share = section
        .number("share", 0.01..=0.9999, problems)
        .unwrap_or(0.8);
    section.end("seconds, share", problems);
    Some(Target { seconds, share })
}

pub(super) fn hours(root: &mut Section, problems: &mut Problems) -> Option<WorkingHours> {
    let mut section = root.section("hours", problems)?;
    let mut pieces = Vec::new();
    for day in Weekday::ALL {
        let texts: Vec<String> = section.optional(day.as_str(), problems).unwrap_or_default();
        for text in texts {
            pieces.extend(span_of(&section.at(day.as_str()), day, &text, problems));
        }
    }
    let turn_away = match section.optional::<String>("closed", problems).as_deref() {
        None | Some("turn_away") => true,
        Some("wait") => false,
        Some(other) => {
            problems.push(Problem::new(
                section.at("closed"),
                format!(
                    "'{other}' is not known; write turn_away (they are told to come again) or wait"
                ),
            ));
            false
        }
    };
    section.end("the days of the week and closed", problems);
    Some(WorkingHours {
        week: tidy(pieces.into_iter()),
        turn_away,
    })
}

/// A span of a day as minutes of the week.
pub(super) fn span_of(
    place: &str,
    day: Weekday,
    text: &str,
    problems: &mut Problems,
) -> Option<(u32, u32)> {
    let span = parse_span(text);
    if span.is_none() {
        problems.push(Problem::new(
            place,
            format!("'{text}' is no span of time; write \"09:00-18:00\", or \"20:00-08:00\" over midnight"),
        ));
    }
    let midnight = day_index(day) as u32 * DAY_MIN;
    span.map(|(start, end)| (midnight + start, midnight + end))
}

pub(super) fn day(place: &str, name: &str, problems: &mut Problems) -> Option<Weekday> {
    let found = parse_day(name);
    if found.is_none() {
        problems.push(Problem::new(
            place,
            format!("'{name}' is no day; write monday, tuesday, …, sunday"),
        ));
    }
    found
}

pub(super) fn date(section: &mut Section, name: &str, problems: &mut Problems) -> Option<Date> {
    let text: String = section.optional(name, problems)?;
    let date = text.parse::<Date>().ok();
    if date.is_none() {
        problems.push(Problem::new(
            section.at(name),
            format!("'{text}' is no date; write 2026-11-23"),
        ));
    }
    date
}
