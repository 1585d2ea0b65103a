//! A bot's side of its channel: what is asked to register a webhook, and what the answers tell of the bot and of the webhook's
//! health. Telegram's getMe, setWebhook, getWebhookInfo, deleteWebhook; Viber's get_account_info, set_webhook.

use serde::Serialize;
use serde_json::{Value, json};

/// A failed delivery that is older than this is history: the channel got through since, or had nothing to say.
const ERROR_COUNTS_MS: i64 = 10 * 60 * 1_000;

/// What a bot calls itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bot {
    /// For people.
    pub name: String,
    /// Its public name in the channel, where there is one.
    pub username: Option<String>,
}

/// How a webhook does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookHealth {
    /// Where the channel sends what it has.
    pub url: Option<String>,
    /// It is ours, and nothing failed lately.
    pub healthy: bool,
    /// What waits to be delivered, where the channel tells.
    pub pending: Option<i64>,
    /// The channel's words about the last failure.
    pub last_error: Option<String>,
    /// Unix milliseconds.
    pub last_error_at_ms: Option<i64>,
}

/// The channel did not do what it was asked to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BotRefused {
    /// It knows no such bot.
    #[error("the messenger does not know this token")]
    UnknownToken,
    /// In the channel's words.
    #[error("the messenger refused: {0}")]
    Refused(String),
    /// Its answer has no known form.
    #[error("the messenger's answer is not understood")]
    Unreadable,
}

/// The body of Telegram's setWebhook. What waits is kept; of the kinds of updates those that a dialogue needs.
pub fn telegram_webhook(url: &str, secret: &str) -> Value {
    json!({
        "url": url, "secret_token": secret,
        "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
    })
}

/// The `result` of an answer of Telegram.
pub fn telegram_result(answer: &[u8]) -> Result<Value, BotRefused> {
    let answer: Value = serde_json::from_slice(answer).map_err(|_| BotRefused::Unreadable)?;
    if answer["ok"] == true {
        return Ok(answer["result"].clone());
    }
    // 404 is the answer to a token that has not the form of one.
    if matches!(answer["error_code"].as_i64(), Some(401 | 404)) {
        return Err(BotRefused::UnknownToken);
    }
    match answer["description"].as_str() {
        Some(description) => Err(BotRefused::Refused(description.to_owned())),
        None => Err(BotRefused::Unreadable),
    }
}

/// The bot in the result of getMe.
pub fn telegram_bot(me: &Value) -> Bot {
    Bot {
        name: me["first_name"].as_str().unwrap_or("bot").to_owned(),
        username: me["username"].as_str().map(str::to_owned),
    }
}

/// The result of getWebhookInfo; `ours` is the address that it should be.
pub fn telegram_health(info: &Value, ours: Option<&str>, now_ms: i64) -> WebhookHealth {
    let url = info["url"].as_str().filter(|url| !url.is_empty());
    let last_error_at_ms = info["last_error_date"]
        .as_i64()
        .map(|s| s.saturating_mul(1_000));
    let failed_lately = last_error_at_ms.is_some_and(|at_ms| now_ms - at_ms < ERROR_COUNTS_MS);
    WebhookHealth {
        url: url.map(str::to_owned),
        healthy: url.is_some() && url == ours && !failed_lately,
        pending: info["pending_update_count"].as_i64(),
        last_error: info["last_error_message"].as_str().map(str::to_owned),
        last_error_at_ms,
    }
}

/// The body of Viber's set_webhook.
pub fn viber_webhook(url: &str) -> Value {
    json!({
        "url": url, "send_name": true, "send_photo": false,
        "event_types": ["delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started"],
    })
}

/// An answer of Viber whose status is 0.
pub fn viber_result(answer: &[u8]) -> Result<Value, BotRefused> {
    let answer: Value = serde_json::from_slice(answer).map_err(|_| BotRefused::Unreadable)?;
    match (answer["status"].as_i64(), answer["status_message"].as_str()) {
        (Some(0), _) => Ok(answer),
        (Some(2), _) => Err(BotRefused::UnknownToken),
        (Some(_), Some(message)) => Err(BotRefused::Refused(message.to_owned())),
        _ => Err(BotRefused::Unreadable),
    }
}

/// The bot in an answer of get_account_info.
pub fn viber_bot(account: &Value) -> Bot {
    Bot {
        name: account["name"].as_str().unwrap_or("bot").to_owned(),
        username: account["uri"].as_str().map(str::to_owned),
    }
}

/// The webhook in an answer of get_account_info. Viber tells of no failures.
pub fn viber_health(account: &Value, ours: Option<&str>) -> WebhookHealth {
    let url = account["webhook"].as_str().filter(|url| !url.is_empty());
    WebhookHealth {
        url: url.map(str::to_owned),
        healthy: url.is_some() && url == ours,
        pending: None,
        last_error: None,
        last_error_at_ms: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "https://chat.gov.ua/ukc/telegram";
    const NOW_MS: i64 = 1_763_900_000_000;

    #[test]
    fn a_telegram_webhook_is_healthy_when_it_is_ours_and_nothing_failed_lately() {
        let lately_s = NOW_MS / 1_000 - 60;
        let long_ago_s = NOW_MS / 1_000 - 3_600;
        for (info, healthy) in [
            (json!({"url": OURS, "pending_update_count": 0}), true),
            (
                json!({"url": OURS, "last_error_date": long_ago_s, "last_error_message": "502"}),
                true,
            ),
            (
                json!({"url": OURS, "last_error_date": lately_s, "last_error_message": "502"}),
                false,
            ),
            (json!({"url": "https://elsewhere.example/hook"}), false),
            (json!({"url": ""}), false),
        ] {
            assert_eq!(
                telegram_health(&info, Some(OURS), NOW_MS).healthy,
                healthy,
                "{info}"
            );
        }
        let told = json!({"url": OURS, "pending_update_count": 7, "last_error_date": lately_s, "last_error_message": "502"});
        assert_eq!(
            telegram_health(&told, Some(OURS), NOW_MS),
            WebhookHealth {
                url: Some(OURS.into()),
                healthy: false,
                pending: Some(7),
                last_error: Some("502".into()),
                last_error_at_ms: Some(NOW_MS - 60_000),
            }
        );
    }

    #[test]
    fn refusals_tell_a_wrong_token_from_everything_else() {
        let telegram = |body: &str| telegram_result(body.as_bytes());
        assert_eq!(
            telegram(r#"{"ok":true,"result":{"id":1}}"#),
            Ok(json!({"id": 1}))
        );
        assert_eq!(
            telegram(r#"{"ok":false,"error_code":401,"description":"Unauthorized"}"#),
            Err(BotRefused::UnknownToken)
        );
        assert_eq!(
            telegram(r#"{"ok":false,"error_code":400,"description":"Bad Request: bad webhook"}"#),
            Err(BotRefused::Refused("Bad Request: bad webhook".into()))
        );
        assert_eq!(telegram("<html>"), Err(BotRefused::Unreadable));
        let viber = |body: &str| viber_result(body.as_bytes());
        assert!(viber(r#"{"status":0,"name":"Bot"}"#).is_ok());
        assert_eq!(
            viber(r#"{"status":2,"status_message":"invalidAuthToken"}"#),
            Err(BotRefused::UnknownToken)
        );
        assert_eq!(
            viber(r#"{"status":1,"status_message":"invalidUrl"}"#),
            Err(BotRefused::Refused("invalidUrl".into()))
        );
        assert_eq!(viber("{}"), Err(BotRefused::Unreadable));
    }

    #[test]
    fn a_bot_is_shown_as_it_calls_itself() {
        let me = json!({"id": 1, "is_bot": true, "first_name": "УКЦ", "username": "ukc_bot"});
        assert_eq!(
            telegram_bot(&me),
            Bot {
                name: "УКЦ".into(),
                username: Some("ukc_bot".into())
            }
        );
        let account = json!({"name": "УКЦ", "uri": "ukc", "webhook": OURS});
        assert_eq!(viber_bot(&account).username.as_deref(), Some("ukc"));
        assert!(viber_health(&account, Some(OURS)).healthy);
        assert!(!viber_health(&account, None).healthy);
    }
}
