//! When operators work: spans of local time by weekday, holidays, or around the clock. The time is passed in.

use std::fmt;

/// Days of the week, Monday first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weekday {
    /// 0
    Monday,
    /// 1
    Tuesday,
    /// 2
    Wednesday,
    /// 3
    Thursday,
    /// 4
    Friday,
    /// 5
    Saturday,
    /// 6
    Sunday,
}

impl Weekday {
    /// All, Monday first.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// The field's name in the settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Monday => "monday",
            Self::Tuesday => "tuesday",
            Self::Wednesday => "wednesday",
            Self::Thursday => "thursday",
            Self::Friday => "friday",
            Self::Saturday => "saturday",
            Self::Sunday => "sunday",
        }
    }
}

/// A piece of a working day in minutes after local midnight; the end is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First minute.
    pub start_min: u16,
    /// Minute after the last, at most 24 × 60.
    pub end_min: u16,
}

impl Span {
    /// Reads `09:00-18:00`; the end may be `24:00`.
    pub fn parse(text: &str) -> Option<Self> {
        let (start, end) = text.split_once('-')?;
        let span = Self {
            start_min: minutes(start)?,
            end_min: minutes(end)?,
        };
        (span.start_min < span.end_min).then_some(span)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, end) = (self.start_min, self.end_min);
        write!(
            f,
            "{:02}:{:02}-{:02}:{:02}",
            start / 60,
            start % 60,
            end / 60,
            end % 60
        )
    }
}

fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (u16, u16) = (digits(hour, 2)?, digits(minute, 2)?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= 24 * 60).then_some(total)
}

/// Exactly `count` digits; `parse` alone would take a sign too.
fn digits<T: std::str::FromStr>(text: &str, count: usize) -> Option<T> {
    let plain = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// E.g. 2026.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31.
    pub day: i8,
}

impl Date {
    /// Reads `2026-12-25`. Whether the month has that day is not looked at: a day that never comes is no holiday.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-');
        let date = Self {
            year: digits(parts.next()?, 4)?,
            month: digits(parts.next()?, 2)?,
            day: digits(parts.next()?, 2)?,
        };
        ((1..=12).contains(&date.month) && (1..=31).contains(&date.day)).then_some(date)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The working hours of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// Always open; spans and holidays do not count then.
    pub around_the_clock: bool,
    /// Spans of each weekday, Monday first, in order and apart.
    pub week: [Vec<Span>; 7],
    /// Days without work.
    pub holidays: Vec<Date>,
    /// IANA name of the time zone.
    pub time_zone: String,
}

#[cfg(feature = "hours")]
pub use state::{HoursState, LocalMoment};

#[cfg(feature = "hours")]
mod state {
    use super::{Date, Hours, Span};
    use jiff::tz::TimeZone;
    use jiff::{Timestamp, ToSpan, civil};

    /// Days looked ahead for the next opening: the longest run of holidays is far below.
    const DAYS_AHEAD_MAX: usize = 40;

    /// Whether operators work at a given time.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum HoursState {
        /// They do.
        Open {
            /// Unix milliseconds of the end of this span; none when around the clock.
            until_ms: Option<i64>,
        },
        /// They do not.
        Closed {
            /// Unix milliseconds of the next opening; none when none is in sight.
            opens_at_ms: Option<i64>,
        },
    }

    /// A point of time as the organisation's clock and calendar show it.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct LocalMoment {
        /// 0 is Monday.
        pub weekday: u8,
        /// Minutes after midnight.
        pub minute: u16,
        /// Operators work.
        pub working: bool,
        /// A day without work.
        pub holiday: bool,
    }

    impl Hours {
        /// What the organisation's clock and calendar show at `now_ms` (Unix milliseconds).
        pub fn local(&self, now_ms: i64) -> LocalMoment {
            let local = Timestamp::from_millisecond(now_ms)
                .unwrap_or_default()
                .to_zoned(TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC));
            let minutes = i32::from(local.hour()) * 60 + i32::from(local.minute());
            LocalMoment {
                weekday: local.weekday().to_monday_zero_offset().unsigned_abs(),
                minute: u16::try_from(minutes).unwrap_or_default(),
                working: matches!(self.state(now_ms), HoursState::Open { .. }),
                holiday: self.holidays.contains(&day_of(local.date())),
            }
        }

        /// Whether operators work at `now_ms` (Unix milliseconds).
        pub fn state(&self, now_ms: i64) -> HoursState {
            if self.around_the_clock {
                return HoursState::Open { until_ms: None };
            }
            let Ok(now) = Timestamp::from_millisecond(now_ms) else {
                return HoursState::Closed { opens_at_ms: None };
            };
            let Ok(zone) = TimeZone::get(&self.time_zone) else {
                return HoursState::Closed { opens_at_ms: None };
            };
            let today = now.to_zoned(zone.clone()).date();
            let mut spans = (0..DAYS_AHEAD_MAX)
                .filter_map(|ahead| today.checked_add((ahead as i64).days()).ok())
                .flat_map(|date| self.spans(date).map(move |span| (date, span)))
                .filter_map(|(date, span)| {
                    let start_ms = instant_ms(&zone, date, span.start_min)?;
                    Some((start_ms, instant_ms(&zone, date, span.end_min)?))
                });
            match spans.find(|(_, end_ms)| now_ms < *end_ms) {
                Some((start_ms, end_ms)) if start_ms <= now_ms => HoursState::Open {
                    until_ms: Some(end_ms),
                },
                next => HoursState::Closed {
                    opens_at_ms: next.map(|(start_ms, _)| start_ms),
                },
            }
        }

        /// `24.11, 09:00` in the organisation's time zone: the same words in every language.
        pub fn local_text(&self, at_ms: i64) -> String {
            let local = Timestamp::from_millisecond(at_ms)
                .unwrap_or_default()
                .to_zoned(TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC));
            let (day, month) = (local.day(), local.month());
            let (hour, minute) = (local.hour(), local.minute());
            format!("{day:02}.{month:02}, {hour:02}:{minute:02}")
        }

        fn spans(&self, date: civil::Date) -> impl Iterator<Item = Span> + '_ {
            let day = day_of(date);
            let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
            let holiday = self.holidays.contains(&day);
            let spans: &[Span] = if holiday { &[] } else { &self.week[weekday] };
            spans.iter().copied()
        }
    }

    fn day_of(date: civil::Date) -> Date {
        Date {
            year: date.year(),
            month: date.month(),
            day: date.day(),
        }
    }

    fn instant_ms(zone: &TimeZone, date: civil::Date, minute: u16) -> Option<i64> {
        let midnight = date.to_datetime(civil::Time::midnight());
        let local = midnight.checked_add(i64::from(minute).minutes()).ok()?;
        let zoned = zone.to_zoned(local).ok()?;
        Some(zoned.timestamp().as_millisecond())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_with_two_digits_and_in_order() {
        assert_eq!(
            Span::parse("09:00-18:30"),
            Some(Span {
                start_min: 540,
                end_min: 1110
            })
        );
        assert!(Span::parse("20:00-24:00").is_some());
        for bad in [
            "9-18",
            "09:00",
            "18:00-09:00",
            "09:00-24:30",
            "09:61-10:00",
            "",
            "+9:00-10:00",
        ] {
            assert_eq!(Span::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn dates_are_read_as_year_month_day() {
        assert_eq!(
            Date::parse("2026-12-25"),
            Some(Date {
                year: 2026,
                month: 12,
                day: 25
            })
        );
        for bad in ["25.12.2026", "2026-13-01", "2026-1-1", "2026-12", ""] {
            assert_eq!(Date::parse(bad), None, "{bad}");
        }
    }
}
