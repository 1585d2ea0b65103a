//! Telegram updates by example: what a citizen does and what the centre makes of it.
#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};
use vikno_channels::Refused;
use vikno_channels::telegram::{Update, parse, verify_secret};
use vikno_domain::{Content, MediaKind, RemoteFile};

const NOW_MS: i64 = 1_800_000_000_000;

fn read(update: Value) -> Update {
    let body = update.to_string();
    parse(
        verify_secret(Some("s"), "s", body.as_bytes()).unwrap(),
        NOW_MS,
    )
    .unwrap()
}

/// The content of a private message with these fields.
fn message(fields: Value) -> Content {
    let mut message = json!({
        "message_id": 5, "date": 1_700_000_000,
        "chat": {"id": 42, "type": "private"},
        "from": {"id": 42, "is_bot": false, "first_name": "Оля", "language_code": "uk"},
    });
    message
        .as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    read(json!({"update_id": 1, "message": message}))
        .event
        .content
}

#[test]
fn a_call_without_the_right_secret_is_refused() {
    let check = |given, secret| verify_secret(given, secret, b"{}").map(drop);
    assert_eq!(check(Some("right"), "right"), Ok(()));
    assert_eq!(check(Some("wrong"), "right"), Err(Refused::Wrong));
    assert_eq!(check(Some("righ"), "right"), Err(Refused::Wrong));
    assert_eq!(check(None, "right"), Err(Refused::Missing));
    assert_eq!(check(Some(""), ""), Err(Refused::NotConfigured));
    assert_eq!(check(None, ""), Err(Refused::NotConfigured));
}

#[test]
fn a_text_comes_with_its_chat_its_person_and_its_instant() {
    let update = read(json!({"update_id": 77, "message": {
        "message_id": 5, "date": 1_700_000_000, "text": "Добрий день",
        "chat": {"id": 9_007_199_254_740_993_i64, "type": "private"},
        "from": {"id": 9_007_199_254_740_993_i64, "first_name": "Оля", "last_name": "Шевченко", "language_code": "uk-UA"},
    }}));
    assert_eq!(update.update_id, Some(77));
    let event = update.event;
    assert_eq!(event.dedupe_key, "update:77");
    assert_eq!(event.chat, "9007199254740993");
    assert_eq!(event.external_id.unwrap(), "5");
    assert_eq!(event.at_ms, 1_700_000_000_000);
    let sender = event.sender.unwrap();
    assert_eq!(sender.name.unwrap(), "Оля Шевченко");
    assert_eq!(sender.language.unwrap().as_str(), "uk");
    assert_eq!(
        event.content,
        Content::Text {
            text: "Добрий день".into()
        }
    );
}

#[test]
fn numbers_written_as_texts_and_a_missing_sender_lose_nothing() {
    let update = read(json!({"update_id": "78", "message": {
        "message_id": "6", "date": "1700000000", "text": "так", "chat": {"id": "42", "first_name": "Оля"},
    }}));
    assert_eq!(update.event.dedupe_key, "update:78");
    assert_eq!(update.event.chat, "42");
    assert_eq!(update.event.sender.unwrap().name.unwrap(), "Оля");
    assert_eq!(
        update.event.content,
        Content::Text {
            text: "так".into()
        }
    );
}

#[test]
fn start_opens_a_session_with_its_payload() {
    let started = |text: &str| message(json!({ "text": text }));
    let with = |context: Option<&str>| Content::SessionStarted {
        context: context.map(str::to_owned),
    };
    assert_eq!(started("/start"), with(None));
    assert_eq!(started("/start a_B-9"), with(Some("a_B-9")));
    assert_eq!(started("/start@UkcBot x"), with(Some("x")));
    assert_eq!(started("/start два слова"), with(None));
    assert_eq!(started("/start ../../etc"), with(None));
    assert_eq!(
        started("/started"),
        Content::Text {
            text: "/started".into()
        }
    );
}

#[test]
fn only_the_own_contact_counts_as_own() {
    let own = |card: Value| match message(json!({ "contact": card })) {
        Content::Contact { own, .. } => own,
        other => panic!("{other:?}"),
    };
    assert!(own(json!({"phone_number": "380671234567", "user_id": 42})));
    assert!(own(
        json!({"phone_number": "+380671234567", "user_id": "42"})
    ));
    assert!(!own(json!({"phone_number": "380671234567", "user_id": 43})));
    assert!(!own(json!({"phone_number": "380671234567"})));
}

#[test]
fn the_largest_size_of_a_photo_is_taken_with_caption_and_album() {
    let content = message(json!({
        "photo": [
            {"file_id": "small", "width": 90, "height": 60, "file_size": 900},
            {"file_id": "large", "width": 1280, "height": 853, "file_size": 90_000},
            {"file_id": "middle", "width": 320, "height": 213},
        ],
        "caption": "Квитанція", "media_group_id": "g1",
    }));
    let Content::Media {
        media,
        caption,
        album,
    } = content
    else {
        panic!("{content:?}")
    };
    assert_eq!(media.kind, MediaKind::Photo);
    assert_eq!(media.remote, Some(RemoteFile::TelegramFile("large".into())));
    assert_eq!(media.claimed_size, Some(90_000));
    assert_eq!(caption.unwrap(), "Квитанція");
    assert_eq!(album.unwrap(), "g1");
}

#[test]
fn files_of_every_sort_are_kept_as_what_they_are() {
    for (field, kind) in [
        ("document", MediaKind::Document),
        ("voice", MediaKind::Voice),
        ("audio", MediaKind::Audio),
        ("video", MediaKind::Video),
        ("video_note", MediaKind::Video),
        ("sticker", MediaKind::Sticker),
        ("animation", MediaKind::Animation),
    ] {
        let content = message(json!({ field: {"file_id": "f"}, "document": {"file_id": "f"} }));
        let Content::Media { media, .. } = content else {
            panic!("{content:?}")
        };
        // An animation comes with a copy of itself as a document, which must not win; alone it is one.
        let expected = if field == "animation" {
            kind
        } else {
            MediaKind::Document
        };
        assert_eq!(media.kind, expected, "{field}");
        let content = message(json!({ field: {"file_id": "f"} }));
        let Content::Media { media, .. } = content else {
            panic!("{content:?}")
        };
        assert_eq!(media.kind, kind);
    }
}

#[test]
fn a_place_keeps_its_name() {
    let point = json!({"latitude": 50.45, "longitude": 30.52});
    assert_eq!(
        message(
            json!({"location": point, "venue": {"location": point, "title": "ЦНАП", "address": "Хрещатик, 1"}})
        ),
        Content::Location {
            latitude: 50.45,
            longitude: 30.52,
            title: Some("ЦНАП, Хрещатик, 1".into())
        },
    );
    assert_eq!(
        message(json!({ "location": point })),
        Content::Location {
            latitude: 50.45,
            longitude: 30.52,
            title: None
        },
    );
}

#[test]
fn a_button_is_a_click_that_wants_acknowledging() {
    let update = read(json!({"update_id": 3, "callback_query": {
        "id": "99", "from": {"id": 42, "first_name": "Оля"}, "data": "topic:subsidies",
        "message": {"message_id": 7, "date": 0, "chat": {"id": 42, "type": "private"}},
    }}));
    assert_eq!(update.callback.as_deref(), Some("99"));
    assert_eq!(update.event.chat, "42");
    assert_eq!(update.event.at_ms, NOW_MS);
    assert_eq!(
        update.event.content,
        Content::Click {
            button: "topic:subsidies".into(),
            callback: Some("99".into())
        },
    );
}

#[test]
fn a_button_of_a_lost_message_still_counts_in_the_private_chat() {
    let update = read(
        json!({"update_id": 3, "callback_query": {"id": "99", "from": {"id": 42}, "data": "menu"}}),
    );
    assert_eq!(update.event.chat, "42");
    assert_eq!(update.event.content.kind(), "click");
}

#[test]
fn an_edit_names_the_message_that_it_changes() {
    let update = read(json!({"update_id": 4, "edited_message": {
        "message_id": 5, "date": 1_700_000_000, "edit_date": 1_700_000_060, "text": "виправлено",
        "chat": {"id": 42, "type": "private"}, "from": {"id": 42},
    }}));
    assert_eq!(update.event.external_id.unwrap(), "5");
    assert_eq!(update.event.at_ms, 1_700_000_060_000);
    assert_eq!(
        update.event.content,
        Content::Edited {
            text: "виправлено".into()
        }
    );
}

#[test]
fn blocking_and_coming_back_are_noticed_in_private_chats_only() {
    let change = |kind: &str, status: &str| {
        read(json!({"update_id": 5, "my_chat_member": {
            "chat": {"id": 42, "type": kind}, "from": {"id": 42}, "date": 1_700_000_000,
            "new_chat_member": {"status": status},
        }}))
        .event
        .content
    };
    assert_eq!(change("private", "kicked"), Content::Blocked);
    assert_eq!(change("private", "member"), Content::Unblocked);
    assert_eq!(change("supergroup", "kicked").kind(), "ignored");
    assert_eq!(change("private", "restricted").kind(), "ignored");
}

#[test]
fn what_is_no_dialogue_is_ignored_by_name() {
    let what = |update: Value| match read(update).event.content {
        Content::Ignored { what } => what,
        other => panic!("{other:?}"),
    };
    let private = json!({"id": 42, "type": "private"});
    for (update, expected) in [
        (
            json!({"update_id": 1, "message": {"chat": {"id": -5, "type": "group"}, "text": "усім"}}),
            "group_message",
        ),
        (
            json!({"update_id": 1, "channel_post": {"chat": {"id": -5, "type": "channel"}, "text": "x"}}),
            "channel_post",
        ),
        (
            json!({"update_id": 1, "business_message": {"chat": private, "text": "x"}}),
            "business_message",
        ),
        (json!({"update_id": 1, "poll": {"id": "1"}}), "poll"),
        (
            json!({"update_id": 1, "Some New-Kind": 17}),
            "some_new_kind",
        ),
        (json!({"update_id": 1}), "empty_update"),
        (
            json!({"update_id": 1, "message": {"text": "x"}}),
            "message_without_chat",
        ),
        (
            json!({"update_id": 1, "message": {"chat": private, "web_app_data": {"data": "x"}}}),
            "web_app_data",
        ),
        (
            json!({"update_id": 1, "message": {"chat": private, "dice": {"value": 1}}}),
            "dice",
        ),
        (
            json!({"update_id": 1, "message": {"chat": private}}),
            "empty_message",
        ),
        (
            json!({"update_id": 1, "edited_message": {"chat": private, "location": {"latitude": 1, "longitude": 2}}}),
            "edited_location",
        ),
        (
            json!({"update_id": 1, "callback_query": {"id": "1", "from": {"id": 42}, "game_short_name": "g"}}),
            "button_without_data",
        ),
        (
            json!({"update_id": 1, "callback_query": {"id": "1", "data": "x"}}),
            "button_without_chat",
        ),
    ] {
        assert_eq!(what(update.clone()), expected, "{update}");
    }
}

#[test]
fn an_update_without_a_number_is_known_again_by_its_bytes() {
    let key = |text: &str| {
        read(json!({"message": {"chat": {"id": 42}, "text": text}}))
            .event
            .dedupe_key
    };
    assert_eq!(key("a"), key("a"));
    assert_ne!(key("a"), key("b"));
}
