//! Webhook bodies as the channels send them, of made-up citizens. A Telegram chat's id is its person's.

use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

/// The signature header of a Viber callback.
pub fn viber_signature(token: &str, body: &[u8]) -> String {
    vikno_channels::viber::sign(token, body)
}

/// Somebody writes a text (`/start` too).
pub fn telegram_text(update_id: i64, chat: i64, text: &str, language: &str) -> String {
    telegram_message(update_id, chat, language, json!({ "text": text }))
}

/// Somebody presses a button of ours.
pub fn telegram_click(update_id: i64, chat: i64, button: &str, language: &str) -> String {
    let query = json!({
        "id": (4_382_711_093_000_000_000 + update_id).to_string(),
        "from": telegram_person(chat, language),
        "message": {
            "message_id": update_id,
            "from": {"id": 1, "is_bot": true, "first_name": "Stand-in"},
            "chat": telegram_chat(chat),
            "date": now_s(),
            "text": "…",
        },
        "chat_instance": "-3671884309182340192",
        "data": button,
    });
    json!({ "update_id": update_id, "callback_query": query }).to_string()
}

/// Somebody sends a picture; its largest size has this `file_id`.
pub fn telegram_photo(
    update_id: i64,
    chat: i64,
    file_id: &str,
    caption: Option<&str>,
    language: &str,
) -> String {
    let size = |id: String, width: u32, bytes: u32| json!({"file_id": id, "file_unique_id": id, "width": width, "height": width, "file_size": bytes});
    let mut fields = json!({"photo": [
        size(format!("{file_id}-small"), 90, 1_200),
        size(file_id.to_owned(), 1280, 48_000),
    ]});
    if let Some(caption) = caption {
        fields["caption"] = json!(caption);
    }
    telegram_message(update_id, chat, language, fields)
}

/// Somebody shares the own number.
pub fn telegram_contact(update_id: i64, chat: i64, phone: &str, language: &str) -> String {
    let card = json!({"phone_number": phone, "first_name": name(chat), "user_id": chat});
    telegram_message(update_id, chat, language, json!({ "contact": card }))
}

/// Somebody blocks the bot (`kicked`) or comes back (`member`).
pub fn telegram_membership(update_id: i64, chat: i64, status: &str) -> String {
    let bot = json!({"id": 1, "is_bot": true, "first_name": "Stand-in"});
    let change = json!({
        "chat": telegram_chat(chat),
        "from": telegram_person(chat, "uk"),
        "date": now_s(),
        "old_chat_member": {"user": bot, "status": "member"},
        "new_chat_member": {"user": bot, "status": status, "until_date": 0},
    });
    json!({ "update_id": update_id, "my_chat_member": change }).to_string()
}

fn telegram_message(update_id: i64, chat: i64, language: &str, fields: Value) -> String {
    let mut message = json!({
        "message_id": update_id,
        "from": telegram_person(chat, language),
        "chat": telegram_chat(chat),
        "date": now_s(),
    });
    if let (Some(message), Value::Object(fields)) = (message.as_object_mut(), fields) {
        message.extend(fields);
    }
    json!({ "update_id": update_id, "message": message }).to_string()
}

fn telegram_person(chat: i64, language: &str) -> Value {
    json!({"id": chat, "is_bot": false, "first_name": name(chat), "language_code": language})
}

fn telegram_chat(chat: i64) -> Value {
    json!({"id": chat, "first_name": name(chat), "type": "private"})
}

/// Somebody writes a text.
pub fn viber_text(message_token: u64, user: &str, text: &str, language: &str) -> String {
    let message = json!({"type": "text", "text": text});
    viber_message(message_token, user, language, &message)
}

/// Somebody presses a button of ours.
pub fn viber_click(message_token: u64, user: &str, button: &str, language: &str) -> String {
    let body = format!("{}{button}", vikno_channels::viber::BUTTON_PREFIX);
    viber_text(message_token, user, &body, language)
}

/// Somebody sends a picture that can be fetched at this address.
pub fn viber_picture(
    message_token: u64,
    user: &str,
    url: &str,
    caption: Option<&str>,
    language: &str,
) -> String {
    let message = json!({"type": "picture", "media": url, "text": caption.unwrap_or_default()});
    viber_message(message_token, user, language, &message)
}

/// Somebody opens the chat.
pub fn viber_opened(message_token: u64, user: &str, subscribed: bool, language: &str) -> String {
    json!({
        "event": "conversation_started",
        "timestamp": now_ms(),
        "message_token": message_token,
        "type": "open",
        "user": viber_person(user, language),
        "subscribed": subscribed,
    })
    .to_string()
}

/// An event that names a person only: `unsubscribed`, `delivered`, `seen`, `failed`.
pub fn viber_event(message_token: u64, user: &str, event: &str) -> String {
    json!({"event": event, "timestamp": now_ms(), "message_token": message_token, "user_id": user})
        .to_string()
}

fn viber_message(message_token: u64, user: &str, language: &str, message: &Value) -> String {
    json!({
        "event": "message",
        "timestamp": now_ms(),
        "message_token": message_token,
        "sender": viber_person(user, language),
        "message": message,
        "silent": false,
    })
    .to_string()
}

fn viber_person(user: &str, language: &str) -> Value {
    json!({"id": user, "name": "Олена", "language": language, "country": "UA", "api_version": 10})
}

/// A made-up first name, always the same for a chat.
fn name(chat: i64) -> &'static str {
    const NAMES: [&str; 8] = [
        "Олена",
        "Тарас",
        "Ірина",
        "Богдан",
        "Оксана",
        "Андрій",
        "Соломія",
        "Markus",
    ];
    NAMES[chat.unsigned_abs() as usize % NAMES.len()]
}

fn now_ms() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn now_s() -> i64 {
    now_ms() / 1000
}
