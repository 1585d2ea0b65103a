//! Sessions, uploads and messages of the chat API, on a real database.

#![allow(clippy::unwrap_used)]

use vikno_domain::{Button, ConversationStatus, Language, MediaRef};
use vikno_storage::chat::*;
use vikno_storage::chat_sessions::*;
use vikno_storage::{Database, block_on, migrations};

const NOW: i64 = 1_795_000_000_000;

fn database() -> Database {
    let database = block_on(Database::open(":memory:")).unwrap();
    block_on(migrations::migrate(
        &database,
        migrations::Kind::Organisation,
    ))
    .unwrap();
    database
}

fn a_session(token: &str, chat: &str, identity: Option<&str>) -> Session {
    Session {
        token_sha256: token.into(),
        chat: chat.into(),
        language: Language::parse("uk").unwrap(),
        name: None,
        identity: identity.map(str::to_owned),
        bucket: StoredBucket {
            tokens: 5.0,
            at_ms: NOW,
        },
        expires_at_ms: NOW + 1_000,
    }
}

fn opened(database: &Database, chat: &str) -> String {
    let session = a_session(&format!("token of {chat}"), chat, None);
    block_on(save_session(database, &session, NOW)).unwrap();
    let id = format!("p_{chat}");
    block_on(introduce_citizen(database, &id, &session, None, NOW)).unwrap();
    id
}

fn say(database: &Database, citizen: &str, id: &str, author: &str, media: Option<&str>) {
    let parameters = vec![
        id.into(),
        citizen.into(),
        author.into(),
        media.into(),
        NOW.into(),
    ];
    block_on(database.run(
        "INSERT INTO messages (id, conversation_id, citizen_id, author, text, buttons, media_id, external_id, at_ms)
         VALUES (?1, 'c_1', ?2, ?3, 'words', '[{\"id\":\"menu\",\"label\":\"Menu\"}]', ?4, 'x1', ?5)",
        parameters,
    ))
    .unwrap();
}

fn converse(
    database: &Database,
    citizen: &str,
    id: &str,
    status: &str,
    priority: i64,
    queued_at_ms: i64,
) {
    block_on(database.run(
        "INSERT INTO conversations (id, citizen_id, channel, chat, status, queue, language, priority,
             process_version, world, facts, opened_at_ms, queued_at_ms, last_at_ms)
         VALUES (?1, ?2, 'web', 'x', ?3, 'general', 'uk', ?4, 1, '', '{}', 0, ?5, 0)",
        vec![id.into(), citizen.into(), status.into(), priority.into(), queued_at_ms.into()],
    ))
    .unwrap();
    block_on(database.run(
        "UPDATE citizens SET conversation_id = ?2, conversations = conversations + 1 WHERE id = ?1",
        vec![citizen.into(), id.into()],
    ))
    .unwrap();
}

#[test]
fn a_session_lives_until_it_expires_or_is_ended() {
    let database = database();
    let mut open = a_session("t", "w_1", None);
    block_on(save_session(&database, &open, NOW)).unwrap();
    let found = |now| block_on(session(&database, "t", now)).unwrap();
    assert_eq!(found(NOW), Some(open.clone()));
    assert_eq!(found(NOW + 1_000), None);

    open.bucket = StoredBucket {
        tokens: 4.0,
        at_ms: NOW + 1,
    };
    open.expires_at_ms = NOW + 9_000;
    block_on(touch_session(
        &database,
        "t",
        open.bucket,
        open.expires_at_ms,
    ))
    .unwrap();
    assert_eq!(found(NOW + 1_000), Some(open));

    block_on(sweep_sessions(&database, NOW + 8_999)).unwrap();
    assert!(found(NOW).is_some());
    block_on(end_session(&database, "t")).unwrap();
    assert_eq!(found(NOW), None);
}

#[test]
fn a_vouched_person_has_one_chat_on_every_device() {
    let database = database();
    block_on(save_session(
        &database,
        &a_session("a", "w_1", Some("1234")),
        NOW,
    ))
    .unwrap();
    block_on(save_session(&database, &a_session("b", "w_2", None), NOW)).unwrap();
    let chat = |subject| block_on(chat_of_identity(&database, subject)).unwrap();
    assert_eq!(chat("1234").as_deref(), Some("w_1"));
    assert_eq!(chat("5678"), None);
}

#[test]
fn what_a_portal_vouches_for_is_added_and_never_taken_away() {
    let database = database();
    let citizen = opened(&database, "w_1");
    let vouched = Vouched {
        subject: "1234".into(),
        name: Some("Олена".into()),
        phone: Some("+380501234567".into()),
    };
    let mut session = a_session("t", "w_1", Some("1234"));
    session.name = vouched.name.clone();
    block_on(introduce_citizen(
        &database,
        "p_other",
        &session,
        Some(&vouched),
        NOW,
    ))
    .unwrap();
    session.name = None;
    block_on(introduce_citizen(&database, "p_other", &session, None, NOW)).unwrap();
    let row = block_on(database.query_one(
        "SELECT id, name, phone, phone_verified, identity FROM citizens WHERE chat = 'w_1'",
        vec![],
    ));
    let row = row.unwrap().unwrap();
    assert_eq!(row.text(0).unwrap(), citizen);
    assert_eq!(row.text(1).unwrap(), "Олена");
    assert_eq!(row.text(2).unwrap(), "+380501234567");
    assert_eq!(row.integer(3).unwrap(), 1);
    assert_eq!(row.text(4).unwrap(), "1234");
}

#[test]
fn an_upload_belongs_to_its_chat_alone() {
    let database = database();
    opened(&database, "w_1");
    opened(&database, "w_2");
    let media = MediaRef {
        id: "f_1".into(),
        media_type: "image/png".into(),
        name: "a.png".into(),
        size: 3,
    };
    block_on(save_upload(&database, &media, "w_1", "00", NOW)).unwrap();
    assert_eq!(
        block_on(upload(&database, "w_1", "f_1")).unwrap(),
        Some(media)
    );
    assert_eq!(block_on(upload(&database, "w_2", "f_1")).unwrap(), None);
    assert_eq!(block_on(upload(&database, "w_1", "f_2")).unwrap(), None);
}

#[test]
fn messages_come_in_order_after_a_position_without_notes_and_strangers() {
    let database = database();
    let (me, other) = (opened(&database, "w_1"), opened(&database, "w_2"));
    let media = MediaRef {
        id: "f_1".into(),
        media_type: "image/png".into(),
        name: "a.png".into(),
        size: 3,
    };
    block_on(save_upload(&database, &media, "w_1", "00", NOW)).unwrap();
    say(&database, &me, "m_1", "citizen", Some("f_1"));
    say(&database, &other, "m_2", "citizen", None);
    say(&database, &me, "m_3", "note", None);
    say(&database, &me, "m_4", "robot", None);
    let ids = |after, limit| -> Vec<String> {
        let found = block_on(messages_after(&database, &me, after, limit)).unwrap();
        found.into_iter().map(|message| message.id).collect()
    };
    assert_eq!(ids(0, 10), ["m_1", "m_4"]);
    assert_eq!(ids(1, 10), ["m_4"]);
    assert_eq!(ids(0, 1), ["m_1"]);
    assert_eq!(ids(4, 10), [""; 0]);
    let all = block_on(messages_after(&database, &me, 0, 10)).unwrap();
    assert_eq!(all[0].media.as_ref().unwrap().file, media);
    assert_eq!(all[0].client_id.as_deref(), Some("x1"));
    assert_eq!(all[1].client_id, None);
    assert_eq!(all[1].buttons, [Button::reply("menu", "Menu")]);
    let before = |count| block_on(position_before_last(&database, &me, count)).unwrap();
    assert_eq!((before(1), before(2), before(9)), (3, 0, 0));
    assert_eq!(
        block_on(position_before_last(&database, "p_none", 5)).unwrap(),
        0
    );
}

#[test]
fn a_chat_stands_as_its_conversation_does() {
    let database = database();
    assert_eq!(block_on(standing(&database, "w_1")).unwrap(), None);
    let me = opened(&database, "w_1");
    let status = || block_on(standing(&database, "w_1")).unwrap().unwrap();
    assert_eq!(
        (status().status, status().last),
        (ConversationStatus::Open, None)
    );
    say(&database, &me, "m_1", "robot", None);
    say(&database, &me, "m_2", "citizen", None);
    let last = status().last.unwrap();
    let all = block_on(messages_after(&database, &me, 0, 9)).unwrap();
    assert_eq!((last.seq, last.at_ms), (all[1].seq, NOW));
    converse(&database, &me, "c_1", "waiting", 0, 100);
    let waiting = status().waiting.unwrap();
    assert_eq!(
        (waiting.queue.as_str(), waiting.conversation_id.as_str()),
        ("general", "c_1")
    );
    block_on(database.run("UPDATE citizens SET conversation_id = NULL", vec![])).unwrap();
    assert_eq!(status().status, ConversationStatus::Closed);
    assert_eq!(status().waiting, None);
}

#[test]
fn a_poll_reads_its_session_and_how_the_chat_stands() {
    let database = database();
    let polled = |token, now| block_on(session_and_standing(&database, token, now)).unwrap();
    assert_eq!(polled("t", NOW), None);
    let unopened = a_session("t", "w_2", None);
    block_on(save_session(&database, &unopened, NOW)).unwrap();
    assert_eq!(polled("t", NOW), Some((unopened, None)));
    let me = opened(&database, "w_1");
    say(&database, &me, "m_1", "citizen", None);
    converse(&database, &me, "c_1", "waiting", 0, 100);
    let (session, found) = polled("token of w_1", NOW).unwrap();
    assert_eq!(session.chat, "w_1");
    assert_eq!(found, block_on(standing(&database, "w_1")).unwrap());
    assert!(found.unwrap().waiting.is_some());
    assert_eq!(polled("token of w_1", NOW + 1_000), None, "it has expired");
}

#[test]
fn buckets_are_kept_by_key() {
    let database = database();
    assert_eq!(block_on(bucket(&database, "address:a")).unwrap(), None);
    for tokens in [3.5, 2.5] {
        let kept = StoredBucket { tokens, at_ms: NOW };
        block_on(save_bucket(&database, "address:a", kept)).unwrap();
        assert_eq!(
            block_on(bucket(&database, "address:a")).unwrap(),
            Some(kept)
        );
    }
}
