//! Reading other people's JSON without losing a message over a detail: absent fields, numbers written as
//! texts, unknown fields. Nesting is limited (128 levels), so no body can overflow the stack.

use serde_json::Value;

/// Why a body is not what the channel sends.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {what}")]
pub struct ParseError {
    /// Line of the fault, from 1.
    pub line: usize,
    /// Column of the fault, from 1.
    pub column: usize,
    /// What is wrong there.
    pub what: String,
}

/// Reads a body that must be a JSON object.
pub(crate) fn object(body: &[u8]) -> Result<Value, ParseError> {
    let parsed = serde_json::from_slice(body).or_else(|error| match with_whole_characters(body) {
        Some(mended) => serde_json::from_slice(&mended),
        None => Err(error),
    });
    match parsed {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(ParseError {
            line: 1,
            column: 1,
            what: "expected a JSON object".to_owned(),
        }),
        Err(error) => Err(ParseError {
            line: error.line(),
            column: error.column(),
            what: without_place(&error.to_string()).to_owned(),
        }),
    }
}

/// serde_json's words, without the place that it adds.
fn without_place(message: &str) -> &str {
    message
        .rsplit_once(" at line ")
        .map_or(message, |(what, _)| what)
}

/// Names cut in the middle of an emoji arrive as half a surrogate pair (`\ud83d` alone): valid by the JSON grammar,
/// refused by serde_json. Such halves become U+FFFD. `None` if there are none.
fn with_whole_characters(body: &[u8]) -> Option<Vec<u8>> {
    let mut mended = Vec::with_capacity(body.len());
    let mut changed = false;
    let mut rest = body;
    while let [first, tail @ ..] = rest {
        let taken = match (escaped_unit(rest), rest.get(6..).and_then(escaped_unit)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                mended.extend_from_slice(b"\\ufffd");
                changed = true;
                rest = &rest[6..];
                continue;
            }
            _ if *first == b'\\' && !tail.is_empty() => 2,
            _ => 1,
        };
        mended.extend_from_slice(&rest[..taken]);
        rest = &rest[taken..];
    }
    changed.then_some(mended)
}

/// The code unit of `\uXXXX` at the start.
fn escaped_unit(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    let digits = std::str::from_utf8(digits).ok()?;
    u16::from_str_radix(digits, 16).ok()
}

/// A field that is present and not null.
pub(crate) fn present<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    value.get(key).filter(|field| !field.is_null())
}

/// A text that is not empty; a number is taken as its digits.
pub(crate) fn text(value: &Value, key: &str) -> Option<String> {
    match value.get(key)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A whole number, also when written as a text.
pub(crate) fn integer(value: &Value, key: &str) -> Option<i64> {
    match value.get(key)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A whole number that is not negative, also when written as a text.
pub(crate) fn natural(value: &Value, key: &str) -> Option<u64> {
    match value.get(key)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A number, also when written as a text.
pub(crate) fn number(value: &Value, key: &str) -> Option<f64> {
    match value.get(key)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text
            .trim()
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

/// Whether a flag is set: `true`, 1 or `"true"`.
pub(crate) fn flag(value: &Value, key: &str) -> bool {
    match value.get(key) {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::Number(number)) => number.as_i64() == Some(1),
        Some(Value::String(text)) => text == "true",
        _ => false,
    }
}

/// First and last name, or whatever of it is there.
pub(crate) fn full_name(person: &Value) -> Option<String> {
    let parts: Vec<String> = ["first_name", "last_name"]
        .iter()
        .filter_map(|key| text(person, key))
        .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// The channel's instant if it is believable, else the instant of arrival: senders' clocks and fields go astray.
/// Believable is from the year 2000 to a day after the arrival, Unix milliseconds.
pub(crate) fn believable_ms(channel_ms: Option<i64>, received_at_ms: i64) -> i64 {
    const YEAR_2000_MS: i64 = 946_684_800_000;
    const DAY_MS: i64 = 86_400_000;
    channel_ms
        .filter(|at_ms| (YEAR_2000_MS..=received_at_ms.saturating_add(DAY_MS)).contains(at_ms))
        .unwrap_or(received_at_ms)
}

/// A name of the channel's as we count and journal it: snake case, at most 48 characters.
pub(crate) fn kind_name(name: &str) -> String {
    name.chars()
        .take(48)
        .map(|c| match c {
            'a'..='z' | '0'..='9' => c,
            'A'..='Z' => c.to_ascii_lowercase(),
            _ => '_',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_fault_is_told_with_its_place() {
        let error = object(b"{\n  \"a\": tru}").unwrap_err();
        assert_eq!((error.line, error.column), (2, 11));
        assert!(!error.what.contains("line"), "{}", error.what);
    }

    #[test]
    fn a_body_that_is_no_object_is_refused() {
        for body in ["[]", "17", "\"text\"", "null", ""] {
            assert!(object(body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn half_an_emoji_does_not_lose_the_message() {
        let read = object(br#"{"name":"\ud83d","text":"\uD83D\uDE00 \\ud83d"}"#).unwrap();
        assert_eq!(read, json!({"name": "\u{fffd}", "text": "😀 \\ud83d"}));
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_overflow() {
        let body = format!("{{\"a\":{}", "[".repeat(1_000_000));
        assert!(object(body.as_bytes()).is_err());
    }

    #[test]
    fn ids_above_2_to_the_53_keep_every_digit() {
        let value = json!({"token": 4_912_661_846_655_238_145_u64, "text": "18446744073709551615"});
        assert_eq!(text(&value, "token").unwrap(), "4912661846655238145");
        assert_eq!(natural(&value, "text"), Some(u64::MAX));
    }

    #[test]
    fn an_unbelievable_clock_is_replaced_by_ours() {
        let now = 1_763_900_000_000;
        assert_eq!(believable_ms(Some(now - 5), now), now - 5);
        for odd in [Some(0), Some(4_977_069_964_384_421_269), Some(-1), None] {
            assert_eq!(believable_ms(odd, now), now);
        }
    }
}
