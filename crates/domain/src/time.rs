//! How instants are written: Unix milliseconds inside, RFC 3339 in UTC outside.

use chrono::{DateTime, SecondsFormat};

/// `2026-11-23T21:04:05.678Z` for Unix milliseconds; out-of-range values are clamped to the year 1970.
pub fn rfc3339(unix_ms: i64) -> String {
    DateTime::from_timestamp_millis(unix_ms)
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Unix milliseconds of RFC 3339. A plus sign that came unescaped through a query has become a space: taken as meant.
pub fn instant_ms(text: &str) -> Option<i64> {
    let text = match text.rsplit_once(' ') {
        Some((time, offset)) if time.contains('T') => format!("{time}+{offset}"),
        _ => text.to_owned(),
    };
    DateTime::parse_from_rfc3339(&text)
        .ok()
        .map(|instant| instant.timestamp_millis())
}

#[cfg(test)]
mod tests {
    #[test]
    fn instants_are_read_as_they_are_written_and_from_queries() {
        for (text, expected) in [
            ("2025-11-23T12:13:20.123Z", Some(1_763_900_000_123)),
            ("2025-11-23T14:13:20.123 02:00", Some(1_763_900_000_123)),
            ("2025-11-23", None),
            ("yesterday", None),
        ] {
            assert_eq!(super::instant_ms(text), expected, "{text}");
        }
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
