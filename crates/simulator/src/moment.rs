//! Moments of virtual time in plain words: "2 hours", "night", "saturday 10:30", "working hours".

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use vikno_organisation::{Hours, HoursState};

/// A year; more is a typing error.
const WAIT_MS_MAX: i64 = 366 * 24 * 3_600_000;
/// Spans of working time that follow one another without a pause: a week has at most a few.
const SPANS_MAX: usize = 100;
/// When "night" is, and the noon of a "weekend".
const NIGHT: (i8, i8) = (2, 0);
const WEEKEND: (i8, i8) = (12, 0);

/// A moment, seen from another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// So many milliseconds later.
    After(i64),
    /// When the next timer of the conversation fires.
    NextTimer,
    /// When operators work: now, if they do.
    WorkingHours,
    /// When they do not: now, if they do not.
    ClosedHours,
    /// The next time of that clock reading.
    Time(i8, i8),
    /// The next such day of the week at that time.
    Weekday(Weekday, i8, i8),
    /// That day and time.
    At(DateTime),
}

/// What can be written, for whoever wrote something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "is no moment; write \"90 seconds\", \"10 minutes\", \"2 hours\", \"3 days\", \"next timer\", \"working hours\", \"closed hours\", \"night\", \"weekend\", \"22:30\", \"saturday 10:30\" or \"2026-12-25 10:00\""
)]
pub struct NoMoment;

impl Moment {
    /// Reads one of the forms above.
    pub fn parse(words: &str) -> Result<Self, NoMoment> {
        let words = words.trim().to_lowercase();
        match words.as_str() {
            "next timer" => return Ok(Self::NextTimer),
            "working hours" => return Ok(Self::WorkingHours),
            "closed hours" => return Ok(Self::ClosedHours),
            "night" => return Ok(Self::Time(NIGHT.0, NIGHT.1)),
            "weekend" => return Ok(Self::Weekday(Weekday::Saturday, WEEKEND.0, WEEKEND.1)),
            _ => {}
        }
        let parts: Vec<&str> = words.split_whitespace().collect();
        match parts[..] {
            [clock] => {
                let (hour, minute) = reading(clock).ok_or(NoMoment)?;
                Ok(Self::Time(hour, minute))
            }
            [first, second] => two(first, second).ok_or(NoMoment),
            _ => Err(NoMoment),
        }
    }

    /// That moment as Unix milliseconds; none when it never comes (an organisation that never closes).
    pub fn after(self, hours: &Hours, now_ms: i64, timer_ms: Option<i64>) -> Option<i64> {
        match self {
            Self::After(length_ms) => now_ms.checked_add(length_ms),
            Self::NextTimer => timer_ms.map(|timer_ms| timer_ms.max(now_ms)),
            Self::WorkingHours => match hours.state(now_ms) {
                HoursState::Open { .. } => Some(now_ms),
                HoursState::Closed { opens_at_ms } => opens_at_ms,
            },
            Self::ClosedHours => closed(hours, now_ms),
            Self::Time(hour, minute) => next(hours, now_ms, hour, minute, |_| true),
            Self::Weekday(day, hour, minute) => {
                next(hours, now_ms, hour, minute, |date| date.weekday() == day)
            }
            Self::At(moment) => Some(instant_ms(hours, moment)?.max(now_ms)),
        }
    }
}

fn two(first: &str, second: &str) -> Option<Moment> {
    if let Ok(count) = first.parse::<i64>() {
        let length_ms = count.checked_mul(unit_ms(second)?)?;
        return (1..=WAIT_MS_MAX)
            .contains(&length_ms)
            .then_some(Moment::After(length_ms));
    }
    let (hour, minute) = reading(second)?;
    if let Some(day) = weekday(first) {
        return Some(Moment::Weekday(day, hour, minute));
    }
    let date: Date = first.parse().ok()?;
    Some(Moment::At(
        date.to_datetime(Time::new(hour, minute, 0, 0).ok()?),
    ))
}

fn unit_ms(name: &str) -> Option<i64> {
    match name.trim_end_matches('s') {
        "second" => Some(1_000),
        "minute" => Some(60_000),
        "hour" => Some(3_600_000),
        "day" => Some(24 * 3_600_000),
        _ => None,
    }
}

fn weekday(name: &str) -> Option<Weekday> {
    Some(match name {
        "monday" => Weekday::Monday,
        "tuesday" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" => Weekday::Thursday,
        "friday" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

/// `22:30`.
fn reading(text: &str) -> Option<(i8, i8)> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute) = (hour.parse().ok()?, minute.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some((hour, minute))
}

fn closed(hours: &Hours, now_ms: i64) -> Option<i64> {
    let mut at_ms = now_ms;
    for _ in 0..SPANS_MAX {
        match hours.state(at_ms) {
            HoursState::Closed { .. } => return Some(at_ms),
            HoursState::Open { until_ms } => at_ms = until_ms?,
        }
    }
    None
}

fn next(
    hours: &Hours,
    now_ms: i64,
    hour: i8,
    minute: i8,
    fits: impl Fn(Date) -> bool,
) -> Option<i64> {
    let zone = TimeZone::get(&hours.time_zone).ok()?;
    let now = Timestamp::from_millisecond(now_ms).ok()?.to_zoned(zone);
    let time = Time::new(hour, minute, 0, 0).ok()?;
    (0..=8_i64)
        .filter_map(|ahead| now.date().checked_add(ahead.days()).ok())
        .filter(|date| fits(*date))
        .filter_map(|date| instant_ms(hours, date.to_datetime(time)))
        .find(|at_ms| *at_ms > now_ms)
}

fn instant_ms(hours: &Hours, moment: DateTime) -> Option<i64> {
    let zone = TimeZone::get(&hours.time_zone).ok()?;
    let zoned = moment.to_zoned(zone).ok()?;
    Some(zoned.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::Moment;
    use crate::NOON_MS;
    use jiff::civil::Weekday;
    use vikno_organisation::{Hours, Span};

    fn hours() -> Hours {
        let day = vec![Span::parse("09:00-18:00").unwrap()];
        Hours {
            around_the_clock: false,
            week: [
                day.clone(),
                day.clone(),
                day.clone(),
                day.clone(),
                day,
                vec![],
                vec![],
            ],
            holidays: vec![],
            time_zone: "Europe/Kyiv".to_owned(),
        }
    }

    #[test]
    fn moments_are_read_and_found() {
        const HOUR: i64 = 3_600_000;
        // From Monday noon.
        for (words, hours_later) in [
            ("2 hours", 2),
            ("1 day", 24),
            ("working hours", 0),
            ("closed hours", 6),
            ("night", 14),
            ("13:00", 1),
            ("12:00", 24),
            ("weekend", 5 * 24),
            ("Tuesday 09:00", 21),
            ("monday 11:00", 7 * 24 - 1),
            ("2025-11-25 12:00", 24),
            ("next timer", 3),
        ] {
            let moment = Moment::parse(words).unwrap();
            let found = moment.after(&hours(), NOON_MS, Some(NOON_MS + 3 * HOUR));
            assert_eq!(found, Some(NOON_MS + hours_later * HOUR), "{words}");
        }
    }

    #[test]
    fn what_is_no_moment_is_told() {
        for words in [
            "",
            "soon",
            "2",
            "-1 hours",
            "0 hours",
            "2 weeks",
            "25:00",
            "someday 10:00",
            "400 days",
            "2026-13-01 10:00",
            "2 hours ago",
        ] {
            assert!(Moment::parse(words).is_err(), "{words}");
        }
    }

    #[test]
    fn a_centre_that_never_closes_has_no_closed_hours() {
        let hours = Hours {
            around_the_clock: true,
            ..hours()
        };
        assert_eq!(Moment::ClosedHours.after(&hours, NOON_MS, None), None);
        assert_eq!(Moment::NextTimer.after(&hours, NOON_MS, None), None);
        assert_eq!(
            Moment::parse("saturday 10:30"),
            Ok(Moment::Weekday(Weekday::Saturday, 10, 30))
        );
    }
}
