//! How instants are written: Unix milliseconds inside, RFC 3339 in UTC outside.

use chrono::{DateTime, SecondsFormat};

/// `2026-11-23T21:04:05.678Z` for Unix milliseconds; out-of-range values are clamped to the year 1970.
pub fn rfc3339(unix_ms: i64) -> String {
    DateTime::from_timestamp_millis(unix_ms)
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Unix milliseconds of an RFC 3339 instant in any offset; none for anything else.
pub fn parse_rfc3339(text: &str) -> Option<i64> {
    let instant = DateTime::parse_from_rfc3339(text).ok()?;
    Some(instant.timestamp_millis())
}

#[cfg(test)]
mod tests {
    #[test]
    fn instants_are_read_in_any_offset() {
        let read = super::parse_rfc3339;
        assert_eq!(read("2025-11-23T12:13:20.123Z"), Some(1_763_900_000_123));
        assert_eq!(
            read("2025-11-23T14:13:20.123+02:00"),
            Some(1_763_900_000_123)
        );
        assert_eq!(read("2025-11-23"), None);
    }

    #[test]
    fn instants_are_written_in_utc_with_milliseconds() {
        assert_eq!(
            super::rfc3339(1_763_900_000_123),
            "2025-11-23T12:13:20.123Z"
        );
        assert_eq!(super::rfc3339(i64::MAX), "1970-01-01T00:00:00.000Z");
    }
}
