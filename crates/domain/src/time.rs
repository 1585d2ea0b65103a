//! How instants are written: Unix milliseconds inside, RFC 3339 in UTC outside.

use chrono::{DateTime, SecondsFormat};

/// `2026-11-23T21:04:05.678Z` for Unix milliseconds; out-of-range values are clamped to the year 1970.
pub fn rfc3339(unix_ms: i64) -> String {
    DateTime::from_timestamp_millis(unix_ms)
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[cfg(test)]
mod tests {
    #[test]
    fn instants_are_written_in_utc_with_milliseconds() {
        assert_eq!(
            super::rfc3339(1_763_900_000_123),
            "2025-11-23T12:13:20.123Z"
        );
        assert_eq!(super::rfc3339(i64::MAX), "1970-01-01T00:00:00.000Z");
    }
}
