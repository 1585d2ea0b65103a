//! Viber callbacks by example: what a citizen does and what the centre makes of it.
#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};
use vikno_channels::Refused;
use vikno_channels::viber::{Callback, parse, sign, verify_signature};
use vikno_domain::{Content, MediaKind, RemoteFile};

const NOW_MS: i64 = 1_800_000_000_000;
const USER: &str = "xy5/5y6O81+/kbWHpLhBoA==";

fn read(callback: Value) -> Callback {
    let body = callback.to_string();
    let signature = sign("token", body.as_bytes());
    let verified = verify_signature(Some(&signature), "token", body.as_bytes()).unwrap();
    parse(verified, NOW_MS).unwrap()
}

fn message(message: Value) -> Content {
    let callback = json!({
        "event": "message", "timestamp": 1_700_000_000_123_i64, "message_token": 4_912_661_846_655_238_145_u64,
        "sender": {"id": USER, "name": "Оля", "language": "uk", "country": "UA"}, "message": message,
    });
    read(callback).event.content
}

#[test]
fn the_published_signature_is_accepted() {
    let vector = include_str!("../../../tests/fixtures/signatures/viber-official-vector.json");
    let vector: Value = serde_json::from_str(vector).unwrap();
    let field = |name: &str| vector[name].as_str().unwrap();
    let body = field("raw_body").as_bytes();
    assert_eq!(sign(field("auth_token"), body), field("signature"));
    assert!(verify_signature(Some(field("signature")), field("auth_token"), body).is_ok());
}

#[test]
fn a_call_with_a_bad_signature_is_refused() {
    let good = sign("token", b"{}");
    let check = |given, token, body| verify_signature(given, token, body).map(drop);
    assert_eq!(check(Some(&good), "token", b"{}"), Ok(()));
    assert_eq!(check(Some(&good), "token", b"{ }"), Err(Refused::Wrong));
    assert_eq!(check(Some(&good), "other", b"{}"), Err(Refused::Wrong));
    assert_eq!(
        check(Some(&good[..62]), "token", b"{}"),
        Err(Refused::Wrong)
    );
    assert_eq!(check(Some("no hex"), "token", b"{}"), Err(Refused::Wrong));
    assert_eq!(check(Some(""), "token", b"{}"), Err(Refused::Wrong));
    assert_eq!(check(None, "token", b"{}"), Err(Refused::Missing));
    assert_eq!(
        check(Some(&sign("", b"{}")), "", b"{}"),
        Err(Refused::NotConfigured)
    );
}

#[test]
fn a_text_comes_with_its_person_and_every_digit_of_its_token() {
    let callback = read(json!({
        "event": "message", "timestamp": 1_700_000_000_123_i64, "message_token": 4_912_661_846_655_238_145_u64,
        "sender": {"id": USER, "name": "Оля", "language": "uk"}, "message": {"type": "text", "text": "Добрий день"},
    }));
    let event = callback.event;
    assert!(!callback.welcome);
    assert_eq!(event.dedupe_key, "4912661846655238145:message");
    assert_eq!(event.chat, USER);
    assert_eq!(event.at_ms, 1_700_000_000_123);
    assert_eq!(event.sender.unwrap().language.unwrap().as_str(), "uk");
    assert_eq!(
        event.content,
        Content::Text {
            text: "Добрий день".into()
        }
    );
}

#[test]
fn our_own_prefix_makes_a_text_a_click() {
    let click = |button: &str| Content::Click {
        button: button.into(),
        callback: None,
    };
    let said = |text: &str| message(json!({"type": "text", "text": text}));
    assert_eq!(said("vk:topic:subsidies"), click("topic:subsidies"));
    assert_eq!(
        said("topic:subsidies"),
        Content::Text {
            text: "topic:subsidies".into()
        }
    );
    assert_eq!(said("vk:"), Content::Text { text: "vk:".into() });
    let long = format!("vk:{}", "я".repeat(40));
    assert_eq!(said(&long), Content::Text { text: long.clone() });
}

#[test]
fn files_of_every_sort_are_kept_as_what_they_are() {
    for (name, kind) in [
        ("picture", MediaKind::Photo),
        ("video", MediaKind::Video),
        ("file", MediaKind::Document),
        ("sticker", MediaKind::Sticker),
    ] {
        let content = message(
            json!({"type": name, "media": "https://dl.viber.com/x", "size": "12", "sticker_id": 40_133}),
        );
        let Content::Media { media, .. } = content else {
            panic!("{content:?}")
        };
        assert_eq!(media.kind, kind);
        assert_eq!(
            media.remote,
            Some(RemoteFile::Url("https://dl.viber.com/x".into()))
        );
        assert_eq!(media.claimed_size, Some(12));
        assert_eq!(media.label.unwrap(), "40133");
    }
    let content = message(json!({"type": "picture", "media": "file:///etc/passwd", "text": "ось"}));
    let Content::Media { media, caption, .. } = content else {
        panic!("{content:?}")
    };
    assert_eq!(media.remote, None);
    assert_eq!(caption.unwrap(), "ось");
}

#[test]
fn a_shared_number_proves_nothing() {
    assert_eq!(
        message(
            json!({"type": "contact", "contact": {"name": "Оля", "phone_number": "380671234567"}})
        ),
        Content::Contact {
            phone: "380671234567".into(),
            name: Some("Оля".into()),
            own: false
        },
    );
}

#[test]
fn opening_the_chat_starts_a_session_and_may_want_a_welcome() {
    let opened = |subscribed: Value| {
        read(json!({
            "event": "conversation_started", "timestamp": 1_700_000_000_123_i64, "message_token": 1, "type": "open",
            "context": "abc", "user": {"id": USER, "name": "Оля"}, "subscribed": subscribed,
        }))
    };
    assert!(opened(json!(false)).welcome);
    assert!(!opened(json!(true)).welcome);
    assert_eq!(
        opened(json!(true)).event.content,
        Content::SessionStarted {
            context: Some("abc".into())
        }
    );
}

#[test]
fn subscriptions_and_receipts_are_told_apart() {
    let content = |callback: Value| read(callback).event.content;
    assert_eq!(
        content(json!({"event": "subscribed", "user": {"id": USER}})),
        Content::Unblocked
    );
    assert_eq!(
        content(json!({"event": "unsubscribed", "user_id": USER})),
        Content::Blocked
    );
    assert_eq!(
        content(json!({"event": "failed", "user_id": USER, "desc": "no"})),
        Content::Receipt {
            receipt: "failed".into(),
            detail: Some("no".into())
        },
    );
}

#[test]
fn what_is_no_dialogue_is_ignored_by_name() {
    let what = |callback: Value| match read(callback).event.content {
        Content::Ignored { what } => what,
        other => panic!("{other:?}"),
    };
    for (callback, expected) in [
        (json!({"event": "webhook"}), "webhook"),
        (
            json!({"event": "client_status", "user": {"id": USER}}),
            "client_status",
        ),
        (json!({}), "empty_callback"),
        (
            json!({"event": "message", "message": {"type": "text", "text": "x"}}),
            "message_without_person",
        ),
        (
            json!({"event": "message", "sender": {"id": USER}}),
            "empty_message",
        ),
        (
            json!({"event": "message", "sender": {"id": USER}, "message": {"type": "rich_media"}}),
            "message_rich_media",
        ),
    ] {
        assert_eq!(what(callback.clone()), expected, "{callback}");
    }
}

#[test]
fn a_callback_without_a_token_is_known_again_by_its_bytes() {
    let key = |user: &str| {
        read(json!({"event": "seen", "user_id": user}))
            .event
            .dedupe_key
    };
    assert_eq!(key("a"), key("a"));
    assert_ne!(key("a"), key("b"));
}
