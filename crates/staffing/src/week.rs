//! Times of a week in seconds after Monday's midnight, by the clock of the centre.

use vikno_organisation::Weekday;

/// Seconds of an hour.
pub(crate) const HOUR_S: f64 = 3600.0;
/// Hours of a day.
pub(crate) const DAY_H: usize = 24;
/// Hours of a week.
pub(crate) const WEEK_H: usize = 7 * DAY_H;
/// Minutes of a day.
pub(crate) const DAY_MIN: u32 = 24 * 60;
/// Minutes of a week.
pub(crate) const WEEK_MIN: u32 = 7 * DAY_MIN;
/// Seconds of a week.
pub(crate) const WEEK_S: f64 = WEEK_H as f64 * HOUR_S;

/// A piece of the week in minutes; the end is not part of it, and never lies behind the week's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct WeekSpan {
    pub(crate) start_min: u32,
    pub(crate) end_min: u32,
}

impl WeekSpan {
    pub(crate) fn holds(self, week_s: f64) -> bool {
        f64::from(self.start_min) * 60.0 <= week_s && week_s < f64::from(self.end_min) * 60.0
    }
}

/// Puts pieces in order, joins those that touch, and cuts what reaches behind the week's end to go on at its begin.
pub(crate) fn tidy(pieces: impl Iterator<Item = (u32, u32)>) -> Vec<WeekSpan> {
    let mut spans = Vec::new();
    for (start_min, end_min) in pieces.filter(|(start, end)| start < end) {
        let (start_min, end_min) = (
            start_min % WEEK_MIN,
            start_min % WEEK_MIN + end_min - start_min,
        );
        spans.push(WeekSpan {
            start_min,
            end_min: end_min.min(WEEK_MIN),
        });
        if end_min > WEEK_MIN {
            spans.push(WeekSpan {
                start_min: 0,
                end_min: end_min - WEEK_MIN,
            });
        }
    }
    spans.sort_unstable();
    joined(spans)
}

fn joined(spans: Vec<WeekSpan>) -> Vec<WeekSpan> {
    let mut joined: Vec<WeekSpan> = Vec::new();
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start_min <= last.end_min => {
                last.end_min = last.end_min.max(span.end_min);
            }
            _ => joined.push(span),
        }
    }
    joined
}

/// Reads `09:00-18:00` as minutes; `20:00-08:00` ends on the next day.
pub(crate) fn parse_span(text: &str) -> Option<(u32, u32)> {
    let (start, end) = text.split_once('-')?;
    let (start, end) = (parse_time(start.trim())?, parse_time(end.trim())?);
    if start == DAY_MIN || start == end {
        return None;
    }
    Some((start, if end < start { end + DAY_MIN } else { end }))
}

/// Reads `09:00` up to `24:00`.
fn parse_time(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    let plain =
        |digits: &str| digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(hour) || !plain(minute) {
        return None;
    }
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= DAY_MIN).then_some(total)
}

/// The day's place in the week, Monday 0.
pub(crate) fn day_index(day: Weekday) -> usize {
    day as usize
}

/// The day of this name.
pub(crate) fn parse_day(name: &str) -> Option<Weekday> {
    Weekday::ALL.into_iter().find(|day| day.as_str() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_may_go_over_midnight() {
        for (text, expected) in [
            ("09:00-18:00", Some((540, 1080))),
            ("20:00-08:00", Some((1200, 1920))),
            ("00:00-24:00", Some((0, 1440))),
            ("22:00-24:00", Some((1320, 1440))),
            ("24:00-08:00", None),
            ("09:00-09:00", None),
            ("9-18", None),
            ("+9:00-10:00", None),
            ("09:00-25:00", None),
            ("09:60-10:00", None),
        ] {
            assert_eq!(parse_span(text), expected, "{text}");
        }
    }

    #[test]
    fn a_sunday_night_goes_on_at_monday_and_neighbours_are_joined() {
        let sunday = 6 * DAY_MIN;
        let spans = tidy([(sunday + 1200, sunday + 1920), (480, 600), (700, 800)].into_iter());
        let pairs: Vec<_> = spans
            .iter()
            .map(|span| (span.start_min, span.end_min))
            .collect();
        assert_eq!(pairs, [(0, 600), (700, 800), (sunday + 1200, WEEK_MIN)]);
        assert!(spans[1].holds(700.0 * 60.0) && !spans[1].holds(800.0 * 60.0));
    }
}
