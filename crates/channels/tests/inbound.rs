//! Every recorded webhook body, read: what comes out is pinned in `golden/` (rewrite with `BLESS=1`), one line a
//! fixture. And nothing that anybody can send makes a codec panic.
#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use vikno_channels::{telegram, viber};

const RECEIVED_AT_MS: i64 = 1_800_000_000_000;
const VIBER_TOKEN: &str = "44dafb7e0f40021e-61a47a1e6778d187-f2c5a676a07050b3";

fn read_telegram(body: &[u8]) -> Option<telegram::Update> {
    let verified = telegram::verify_secret(Some("secret"), "secret", body).unwrap();
    telegram::parse(verified, RECEIVED_AT_MS).ok()
}

fn read_viber(body: &[u8]) -> Option<viber::Callback> {
    let signature = viber::sign(VIBER_TOKEN, body);
    let verified = viber::verify_signature(Some(&signature), VIBER_TOKEN, body).unwrap();
    viber::parse(verified, RECEIVED_AT_MS).ok()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn check_folder(channel: &str, read: impl Fn(&[u8]) -> Value) {
    let mut files: Vec<PathBuf> = fs::read_dir(root().join("../../tests/fixtures").join(channel))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let lines: Vec<String> = files
        .iter()
        .map(|file| {
            let name = file.file_stem().unwrap().to_str().unwrap();
            format!("{name} {}\n", read(&fs::read(file).unwrap()))
        })
        .collect();
    assert!(!lines.is_empty(), "no fixtures for {channel}");
    let golden = root().join("tests/golden").join(format!("{channel}.txt"));
    if std::env::var_os("BLESS").is_some() {
        fs::write(golden, lines.concat()).unwrap();
        return;
    }
    let golden = fs::read_to_string(golden).unwrap();
    for (line, expected) in lines.iter().zip(golden.split_inclusive('\n')) {
        assert_eq!(line, expected);
    }
    assert_eq!(lines.len(), golden.lines().count());
}

#[test]
fn every_recorded_telegram_update_reads_as_expected() {
    check_folder("telegram", |body| {
        let update = read_telegram(body).unwrap();
        json!(update.event)
    });
}

#[test]
fn every_recorded_viber_callback_reads_as_expected() {
    check_folder("viber", |body| {
        let callback = read_viber(body).unwrap();
        json!({ "event": callback.event, "welcome": callback.welcome })
    });
}

#[test]
fn bodies_of_another_channel_are_ignored_and_never_an_error() {
    for entry in fs::read_dir(root().join("../../tests/fixtures/whatsapp")).unwrap() {
        let body = fs::read(entry.unwrap().path()).unwrap();
        let content = read_telegram(&body).unwrap().event.content;
        assert_eq!(content.kind(), "ignored");
        let content = read_viber(&body).unwrap().event.content;
        assert_eq!(content.kind(), "ignored");
    }
}

/// Any JSON, with the channels' field names often in the right places.
fn arbitrary_json() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        prop::sample::select(vec![
            "update_id",
            "message",
            "edited_message",
            "callback_query",
            "my_chat_member",
            "chat",
            "from",
            "id",
            "type",
            "text",
            "date",
            "photo",
            "contact",
            "phone_number",
            "user_id",
            "location",
            "venue",
            "latitude",
            "sticker",
            "document",
            "data",
            "new_chat_member",
            "status",
            "event",
            "sender",
            "user",
            "message_token",
            "timestamp",
            "media",
            "width",
            "height",
            "subscribed",
            "lat",
            "lon",
        ])
        .prop_map(str::to_owned),
        ".{0,8}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "private",
            "group",
            "/start x",
            "vk:menu",
            "kicked",
            "message",
            "text",
            "picture",
            "contact",
            "conversation_started",
            "location",
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..8)
                .prop_map(|fields| Value::Object(Map::from_iter(fields))),
        ]
    })
}

proptest! {
    #[test]
    fn no_bytes_make_a_codec_panic(body in prop::collection::vec(any::<u8>(), 0..256)) {
        read_telegram(&body);
        read_viber(&body);
    }

    #[test]
    fn every_json_object_becomes_an_event_with_keys(value in arbitrary_json()) {
        let body = value.to_string();
        let update = read_telegram(body.as_bytes());
        let callback = read_viber(body.as_bytes());
        prop_assert_eq!(update.is_some(), value.is_object());
        prop_assert_eq!(callback.is_some(), value.is_object());
        let events = update.map(|update| update.event).into_iter().chain(callback.map(|callback| callback.event));
        for event in events {
            prop_assert!(!event.dedupe_key.is_empty());
            let ignored = event.content.kind() == "ignored";
            prop_assert!(ignored || !event.chat.is_empty(), "a dialogue without a chat: {:?}", event);
            let stored = serde_json::to_string(&event).unwrap();
            prop_assert_eq!(serde_json::from_str::<vikno_domain::InboundEvent>(&stored).unwrap(), event);
        }
    }
}
