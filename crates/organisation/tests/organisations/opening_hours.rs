//! Working hours in the organisation's own time zone: summer time, holidays, around the clock.

use crate::files::organisation;
use vikno_organisation::{HoursState, Organisation};

const HOUR_MS: i64 = 3_600_000;
/// Monday 2026-11-23 00:00 in Kyiv (UTC+2).
const MONDAY_MS: i64 = 1_795_384_800_000;

fn with_hours(hours: &str) -> Organisation {
    let settings = crate::files::own("mon").settings;
    let (before, rest) = settings.split_once("[hours]").unwrap();
    let (_, after) = rest.split_once("# Seconds").unwrap();
    Organisation::parse(&format!("{before}[hours]\n{hours}\n# Seconds{after}")).unwrap()
}

#[test]
fn a_working_day_opens_at_nine_and_closes_at_six() {
    let hours = organisation("mon").hours;
    let state = |hour: i64| hours.state(MONDAY_MS + hour * HOUR_MS);
    let open = HoursState::Open {
        until_ms: Some(MONDAY_MS + 18 * HOUR_MS),
    };
    let tomorrow = HoursState::Closed {
        opens_at_ms: Some(MONDAY_MS + 33 * HOUR_MS),
    };
    assert_eq!(
        state(8),
        HoursState::Closed {
            opens_at_ms: Some(MONDAY_MS + 9 * HOUR_MS)
        }
    );
    assert_eq!(state(9), open);
    assert_eq!(state(17), open);
    assert_eq!(state(18), tomorrow);
    assert_eq!(hours.local_text(MONDAY_MS + 33 * HOUR_MS), "24.11, 09:00");
}

#[test]
fn after_friday_comes_monday() {
    let hours = organisation("mon").hours;
    let friday_evening = MONDAY_MS + (4 * 24 + 20) * HOUR_MS;
    assert_eq!(
        hours.state(friday_evening),
        HoursState::Closed {
            opens_at_ms: Some(MONDAY_MS + (7 * 24 + 9) * HOUR_MS)
        }
    );
}

#[test]
fn opening_follows_summer_time() {
    let hours = organisation("mon").hours;
    // Friday 2026-03-27 20:00 Kyiv, UTC+2; on Sunday the clocks go forward.
    let friday_ms = 1_774_634_400_000;
    let monday_nine_ms = friday_ms + (4 + 24 * 2 + 9 - 1) * HOUR_MS;
    assert_eq!(
        hours.state(friday_ms),
        HoursState::Closed {
            opens_at_ms: Some(monday_nine_ms)
        }
    );
    assert_eq!(hours.local_text(monday_nine_ms), "30.03, 09:00");
}

#[test]
fn a_holiday_is_closed_and_a_lunch_break_splits_the_day() {
    let hours = with_hours(
        "monday = [\"09:00-13:00\", \"14:00-18:00\"]\ntuesday = [\"09:00-18:00\"]\nholidays = [\"2026-11-24\"]",
    )
    .hours;
    assert_eq!(
        hours.state(MONDAY_MS + 13 * HOUR_MS),
        HoursState::Closed {
            opens_at_ms: Some(MONDAY_MS + 14 * HOUR_MS)
        }
    );
    let next_monday = MONDAY_MS + 7 * 24 * HOUR_MS;
    assert_eq!(
        hours.state(MONDAY_MS + (24 + 10) * HOUR_MS),
        HoursState::Closed {
            opens_at_ms: Some(next_monday + 9 * HOUR_MS)
        }
    );
}

#[test]
fn around_the_clock_never_closes() {
    let hours = organisation("ukco").hours;
    for hour in [0, 12, 24 * 6 + 3] {
        assert_eq!(
            hours.state(MONDAY_MS + hour * HOUR_MS),
            HoursState::Open { until_ms: None }
        );
    }
}

#[test]
fn clock_and_calendar_are_the_organisations_own() {
    let hours = with_hours("monday = [\"09:00-18:00\"]\nholidays = [\"2026-11-24\"]").hours;
    let at = |hour: i64| {
        let local = hours.local(MONDAY_MS + hour * HOUR_MS + HOUR_MS / 2);
        (local.weekday, local.minute, local.working, local.holiday)
    };
    assert_eq!(at(12), (0, 750, true, false));
    assert_eq!(at(20), (0, 1_230, false, false));
    assert_eq!(at(24 + 12), (1, 750, false, true));
}
