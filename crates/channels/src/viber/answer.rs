//! What Viber's answers mean. The HTTP status is 200 even on errors: the body's `status` counts.

use crate::DeliveryOutcome;
use serde::Deserialize;
use serde_json::Value;

/// 100 messages an hour go to a person who does not answer; the count starts anew when they do.
const TOO_MANY_MS: i64 = 300_000;
/// A 429 of something on the way.
const RETRY_DEFAULT_MS: i64 = 5_000;

#[derive(Deserialize)]
struct Answer {
    status: i64,
    #[serde(default)]
    message_token: Option<Value>,
}

/// Reads an answer to `send_message`.
pub fn answer(status: u16, body: &[u8]) -> DeliveryOutcome {
    let Ok(answer) = serde_json::from_slice::<Answer>(body) else {
        return match status {
            401 | 403 => DeliveryOutcome::Unauthorised,
            413 => rejected("413"),
            429 => DeliveryOutcome::RetryAfter {
                ms: RETRY_DEFAULT_MS,
            },
            // A 200 without a status does not tell whether the message went.
            _ => DeliveryOutcome::Unavailable,
        };
    };
    match answer.status {
        0 => DeliveryOutcome::Sent {
            external_id: answer.message_token.and_then(token),
        },
        1 => rejected("1 invalidUrl"),
        2 | 7 | 8 | 9 | 10 | 15 | 23 | 24 => DeliveryOutcome::Unauthorised,
        3 => rejected("3 badData"),
        4 => rejected("4 missingData"),
        5 | 6 => DeliveryOutcome::Blocked,
        11 => rejected("11 receiverNoSuitableDevice"),
        12 => DeliveryOutcome::ChatBusy { ms: TOO_MANY_MS },
        13 => rejected("13 apiVersionNotSupported"),
        14 => rejected("14 incompatibleWithVersion"),
        code @ (16..=22) => rejected(&code.to_string()),
        _ => DeliveryOutcome::Unavailable,
    }
}

fn rejected(code: &str) -> DeliveryOutcome {
    DeliveryOutcome::Rejected {
        code: format!("viber {code}"),
    }
}

/// A 64-bit number above 2^53: kept as its digits.
fn token(value: Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use DeliveryOutcome::*;

    fn sent(id: Option<&str>) -> DeliveryOutcome {
        Sent {
            external_id: id.map(str::to_owned),
        }
    }

    #[test]
    fn every_status_has_a_meaning() {
        let rejected = |code: &str| Rejected {
            code: format!("viber {code}"),
        };
        for status in 0..=30 {
            let outcome = answer(200, format!(r#"{{"status":{status}}}"#).as_bytes());
            let expected = match status {
                0 => sent(None),
                5 | 6 => Blocked,
                12 => ChatBusy { ms: 300_000 },
                2 | 7..=10 | 15 | 23 | 24 => Unauthorised,
                1 => rejected("1 invalidUrl"),
                3 => rejected("3 badData"),
                4 => rejected("4 missingData"),
                11 => rejected("11 receiverNoSuitableDevice"),
                13 => rejected("13 apiVersionNotSupported"),
                14 => rejected("14 incompatibleWithVersion"),
                16..=22 => rejected(&status.to_string()),
                _ => Unavailable,
            };
            assert_eq!(outcome, expected, "status {status}");
        }
    }

    #[test]
    fn a_token_above_two_to_the_53_keeps_its_digits() {
        let body = br#"{"status":0,"status_message":"ok","message_token":4912661846655238145}"#;
        assert_eq!(answer(200, body), sent(Some("4912661846655238145")));
    }

    #[test]
    fn answers_that_are_not_vibers() {
        let cases = [
            (200, "", Unavailable),
            (200, "<html>", Unavailable),
            (200, r#"{"status":"ok"}"#, Unavailable),
            (502, "bad gateway", Unavailable),
            (429, "", RetryAfter { ms: 5_000 }),
            (401, "", Unauthorised),
            (
                413,
                "",
                Rejected {
                    code: "viber 413".into(),
                },
            ),
        ];
        for (status, body, outcome) in cases {
            assert_eq!(answer(status, body.as_bytes()), outcome, "{status} {body}");
        }
    }

    #[test]
    fn recorded_answers() {
        let expected = [
            (
                "viber-bot-python-status-1",
                Rejected {
                    code: "viber 1 invalidUrl".into(),
                },
            ),
            ("viber-creators-hub-status-0-02", sent(None)),
            ("viber-creators-hub-status-0-05", sent(None)),
        ];
        for (name, outcome) in expected {
            assert_eq!(
                answer(200, &crate::fixture("viber_responses", name)),
                outcome,
                "{name}"
            );
        }
    }
}
