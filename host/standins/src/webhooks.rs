//! Bots and their webhooks as the messengers keep them. Viber asks an address before it takes it.

use crate::state::State;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use vikno_channels::viber;

/// Telegram's methods about a bot; `None` for every other one.
pub(crate) fn telegram(state: &State, token: &str, method: &str, raw: &Value) -> Option<Value> {
    Some(match method {
        "getMe" => json!({
            "id": 1, "is_bot": true, "first_name": "Stand-in", "username": "stand_in_bot",
        }),
        "setWebhook" => {
            state.set_webhook(token, raw["url"].as_str().unwrap_or_default());
            json!(true)
        }
        "deleteWebhook" => {
            state.set_webhook(token, "");
            json!(true)
        }
        "getWebhookInfo" => json!({ "url": state.webhook(token), "pending_update_count": 0 }),
        _ => return None,
    })
}

/// Viber's methods about a bot; `None` for every other one.
pub(crate) async fn viber(state: &State, token: &str, method: &str, raw: &Value) -> Option<Value> {
    let ok = json!({ "status": 0, "status_message": "ok" });
    Some(match method {
        "get_account_info" => json!({
            "status": 0, "status_message": "ok", "name": "Stand-in", "uri": "standin",
            "webhook": state.webhook(token),
        }),
        "set_webhook" => {
            let url = raw["url"].as_str().unwrap_or_default();
            if url.is_empty() || asked(state, token, url).await == Some(200) {
                state.set_webhook(token, url);
                ok
            } else {
                json!({ "status": 1, "status_message": "invalidUrl" })
            }
        }
        _ => return None,
    })
}

/// The status with which the address answers the event `webhook`, signed with the bot's token.
async fn asked(state: &State, token: &str, url: &str) -> Option<u16> {
    let body = json!({
        "event": "webhook", "timestamp": 1_763_900_000_123_i64, "message_token": 5_741_311_803_571_721_000_u64,
    })
    .to_string();
    let url = state.reached(url);
    let (host, path) = url.strip_prefix("http://")?.split_once('/')?;
    let mut stream = TcpStream::connect(host).await.ok()?;
    let signature = viber::sign(token, body.as_bytes());
    let request = format!(
        "POST /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-type: application/json\r\n\
         x-viber-content-signature: {signature}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    let answer = String::from_utf8_lossy(&answer);
    answer.split(' ').nth(1)?.parse().ok()
}
