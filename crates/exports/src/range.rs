//! The time range of an export: `from` and `to`, each an instant or a day.

use chrono::NaiveDate;
use vikno_domain::instant_ms;

/// From (inclusive) to (exclusive), Unix milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// First instant in it.
    pub from_ms: i64,
    /// First instant after it.
    pub to_ms: i64,
}

/// Why a range is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRange {
    /// Neither an instant nor a day.
    #[error(
        "'{0}' must be a day such as 2026-11-23 or an instant such as 2026-11-23T09:00:00+02:00 (write + as %2B)"
    )]
    Form(&'static str),
    /// It ends before it begins.
    #[error("'from' must be before 'to'")]
    Order,
}

impl Range {
    /// Reads both ends. A missing `from` means from the beginning, a missing `to` means until now. A day as `from`
    /// begins with it, a day as `to` includes it; `day_start_ms` says when a day begins at the organisation.
    pub fn parse(
        from: Option<&str>,
        to: Option<&str>,
        now_ms: i64,
        day_start_ms: impl Fn(NaiveDate) -> Option<i64>,
    ) -> Result<Self, InvalidRange> {
        let given = |text: Option<&str>| {
            text.map(str::trim)
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        let from_ms = match given(from) {
            None => 0,
            Some(text) => match day(&text) {
                Some(day) => day_start_ms(day).ok_or(InvalidRange::Form("from"))?,
                None => instant_ms(&text).ok_or(InvalidRange::Form("from"))?,
            },
        };
        let to_ms = match given(to) {
            // Rows of this very millisecond belong to it.
            None => now_ms.saturating_add(1),
            Some(text) => match day(&text) {
                Some(day) => day
                    .succ_opt()
                    .and_then(day_start_ms)
                    .ok_or(InvalidRange::Form("to"))?,
                None => instant_ms(&text).ok_or(InvalidRange::Form("to"))?,
            },
        };
        if from_ms >= to_ms {
            return Err(InvalidRange::Order);
        }
        Ok(Self { from_ms, to_ms })
    }
}

fn day(text: &str) -> Option<NaiveDate> {
    // Exactly this form: chrono itself would take single digits too.
    (text.len() == 10).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_795_000_000_000;

    fn utc(day: NaiveDate) -> Option<i64> {
        Some(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis())
    }

    fn parse(from: &str, to: &str) -> Result<(i64, i64), InvalidRange> {
        Range::parse(Some(from), Some(to), NOW_MS, utc).map(|range| (range.from_ms, range.to_ms))
    }

    #[test]
    fn days_are_whole_and_instants_exact() {
        const DAY_MS: i64 = 86_400_000;
        let start = 1_795_046_400_000; // 2026-11-19T00:00:00Z
        for (from, to, expected) in [
            ("2026-11-19", "2026-11-19", (start, start + DAY_MS)),
            (
                "2026-11-19T00:00:00Z",
                "2026-11-19T00:00:01Z",
                (start, start + 1_000),
            ),
            (
                "2026-11-19T02:00:00+02:00",
                "2026-11-20",
                (start, start + 2 * DAY_MS),
            ),
            (
                "2026-11-19T02:00:00 02:00",
                "2026-11-20",
                (start, start + 2 * DAY_MS),
            ),
            (
                "2026-11-19T00:00:00.250Z",
                "2026-11-20",
                (start + 250, start + 2 * DAY_MS),
            ),
        ] {
            assert_eq!(parse(from, to), Ok(expected), "{from} {to}");
        }
    }

    #[test]
    fn without_bounds_it_is_everything_until_now() {
        let everything = Range {
            from_ms: 0,
            to_ms: NOW_MS + 1,
        };
        assert_eq!(Range::parse(None, None, NOW_MS, utc), Ok(everything));
        assert_eq!(
            Range::parse(Some(""), Some(" "), NOW_MS, utc),
            Ok(everything)
        );
    }

    #[test]
    fn everything_else_is_refused_by_name() {
        for bad in [
            "yesterday",
            "2026-13-01",
            "2026-1-1",
            "2026-11-19 10:00",
            "1795046400",
            "2026-11-19T00:00:00",
        ] {
            assert_eq!(parse(bad, ""), Err(InvalidRange::Form("from")), "{bad}");
            assert_eq!(parse("", bad), Err(InvalidRange::Form("to")), "{bad}");
        }
        assert_eq!(parse("2026-11-20", "2026-11-18"), Err(InvalidRange::Order));
    }
}
