//! What Telegram's answers mean. Its words are prose and change: the code decides, a few words refine.

use crate::DeliveryOutcome;
use serde::Deserialize;
use serde_json::Value;

/// A 429 that does not say how long.
const RETRY_DEFAULT_MS: i64 = 5_000;
/// No bot is made to wait longer than an hour by one answer.
const RETRY_MAX_S: i64 = 3_600;
/// Enough of a reason for the operator's list.
const REASON_LIMIT: usize = 160;

#[derive(Deserialize)]
struct Answer {
    ok: bool,
    #[serde(default)]
    error_code: Option<i64>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    parameters: Option<Parameters>,
    #[serde(default)]
    result: Option<Value>,
}

#[derive(Deserialize)]
struct Parameters {
    #[serde(default)]
    retry_after: Option<Value>,
}

/// Reads an answer to a call that sends a message.
pub fn answer(status: u16, body: &[u8]) -> DeliveryOutcome {
    let Ok(answer) = serde_json::from_slice::<Answer>(body) else {
        return unreadable(status);
    };
    if answer.ok {
        let id = answer
            .result
            .as_ref()
            .and_then(|result| result.get("message_id"));
        return DeliveryOutcome::Sent {
            external_id: id.and_then(Value::as_i64).map(|id| id.to_string()),
        };
    }
    let reason = answer.description.unwrap_or_default();
    match answer.error_code.unwrap_or_else(|| status.into()) {
        429 => {
            let told = answer
                .parameters
                .and_then(|parameters| parameters.retry_after);
            DeliveryOutcome::RetryAfter { ms: wait_ms(told) }
        }
        401 | 404 => DeliveryOutcome::Unauthorised,
        403 => DeliveryOutcome::Blocked,
        400 if reason.contains("chat not found") || reason.contains("user is deactivated") => {
            DeliveryOutcome::Blocked
        }
        code @ (400 | 413) => rejected(code, &reason),
        _ => DeliveryOutcome::Unavailable,
    }
}

/// No JSON of Telegram's: something on the way answered. A 200 like that does not tell whether the message went.
fn unreadable(status: u16) -> DeliveryOutcome {
    match status {
        429 => DeliveryOutcome::RetryAfter {
            ms: RETRY_DEFAULT_MS,
        },
        413 => rejected(413, "too large"),
        _ => DeliveryOutcome::Unavailable,
    }
}

fn wait_ms(told: Option<Value>) -> i64 {
    let seconds = told
        .as_ref()
        .and_then(Value::as_i64)
        .filter(|seconds| *seconds > 0);
    seconds.map_or(RETRY_DEFAULT_MS, |seconds| seconds.min(RETRY_MAX_S) * 1000)
}

fn rejected(code: i64, reason: &str) -> DeliveryOutcome {
    let reason: String = reason.chars().take(REASON_LIMIT).collect();
    DeliveryOutcome::Rejected {
        code: format!("telegram {code}: {reason}"),
    }
}

/// The `file_path` in an answer to `getFile`.
pub fn file_path(status: u16, body: &[u8]) -> Result<String, DeliveryOutcome> {
    match answer(status, body) {
        DeliveryOutcome::Sent { .. } => {
            let answer: Option<Answer> = serde_json::from_slice(body).ok();
            let result = answer.and_then(|answer| answer.result);
            let path = result
                .as_ref()
                .and_then(|result| result.get("file_path")?.as_str());
            path.map(str::to_owned)
                .ok_or_else(|| rejected(200, "no file_path"))
        }
        other => Err(other),
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
    fn answers_by_code_and_words() {
        let error = |code: i64, words: &str| {
            serde_json::json!({"ok": false, "error_code": code, "description": words}).to_string()
        };
        let cases = [
            (
                200,
                r#"{"ok":true,"result":{"message_id":17,"date":1}}"#.to_owned(),
                sent(Some("17")),
            ),
            (200, r#"{"ok":true}"#.to_owned(), sent(None)),
            (
                429,
                error(429, "Too Many Requests"),
                RetryAfter { ms: 5_000 },
            ),
            (
                403,
                error(403, "Forbidden: bot was blocked by the user"),
                Blocked,
            ),
            (403, error(403, "Forbidden: user is deactivated"), Blocked),
            (400, error(400, "Bad Request: chat not found"), Blocked),
            (401, error(401, "Unauthorized"), Unauthorised),
            (404, error(404, "Not Found"), Unauthorised),
            (409, error(409, "Conflict"), Unavailable),
            (500, error(500, "Internal Server Error"), Unavailable),
            (502, "<html>Bad Gateway</html>".to_owned(), Unavailable),
            (200, "<html>captive portal</html>".to_owned(), Unavailable),
            (200, String::new(), Unavailable),
            (200, "[]".to_owned(), Unavailable),
            (429, "slow down".to_owned(), RetryAfter { ms: 5_000 }),
            (
                400,
                error(400, "Bad Request: message is too long"),
                Rejected {
                    code: "telegram 400: Bad Request: message is too long".into(),
                },
            ),
            (
                413,
                "too big".to_owned(),
                Rejected {
                    code: "telegram 413: too large".into(),
                },
            ),
        ];
        for (status, body, outcome) in cases {
            assert_eq!(answer(status, body.as_bytes()), outcome, "{status} {body}");
        }
    }

    #[test]
    fn a_wait_is_bounded_and_positive() {
        for (told, ms) in [
            ("35", 35_000),
            ("86400", 3_600_000),
            ("0", 5_000),
            ("-3", 5_000),
            ("\"x\"", 5_000),
        ] {
            let body =
                format!(r#"{{"ok":false,"error_code":429,"parameters":{{"retry_after":{told}}}}}"#);
            assert_eq!(answer(429, body.as_bytes()), RetryAfter { ms }, "{told}");
        }
    }

    #[test]
    fn the_path_of_a_file_is_read() {
        let found = br#"{"ok":true,"result":{"file_id":"x","file_path":"photos/file_1.jpg"}}"#;
        assert_eq!(file_path(200, found), Ok("photos/file_1.jpg".to_owned()));
        let too_big =
            br#"{"ok":false,"error_code":400,"description":"Bad Request: file is too big"}"#;
        assert!(matches!(file_path(400, too_big), Err(Rejected { .. })));
        assert!(matches!(
            file_path(200, br#"{"ok":true,"result":{}}"#),
            Err(Rejected { .. })
        ));
    }

    #[test]
    fn recorded_answers() {
        let expected = [
            ("kotlin-telegram-bot-error-x", 500, Unavailable),
            ("kotlin-telegram-bot-ok-dict-02", 200, sent(None)),
            ("kotlin-telegram-bot-ok-dict-03", 200, sent(None)),
            ("nadia-error-rate-limit", 429, RetryAfter { ms: 2_000 }),
            ("nadia-ok-nonetype", 200, sent(None)),
            ("rubenlagus-error-404-02", 404, Unauthorised),
            ("rubenlagus-ok-dict-02", 200, sent(None)),
            ("rubenlagus-ok-dict-03", 200, sent(None)),
            ("rubenlagus-ok-dict-05", 200, sent(Some("1365"))),
            ("teloxide-error-111", 400, Unavailable),
            ("teloxide-error-409", 409, Unavailable),
            ("teloxide-ok-dict", 200, sent(None)),
        ];
        for (name, status, outcome) in expected {
            assert_eq!(
                answer(status, &crate::fixture("telegram_responses", name)),
                outcome,
                "{name}"
            );
        }
        for name in [
            "php-telegram-bot-error-400",
            "php-telegram-bot-error-400-02",
            "telegram-bot-dotnet-error-400",
        ] {
            let outcome = answer(400, &crate::fixture("telegram_responses", name));
            assert!(matches!(outcome, Rejected { .. }), "{name}: {outcome:?}");
        }
    }
}
