//! Every recorded payload through the webhooks, and every way of knocking wrongly.

use crate::Shared;
use libtest_mimic::Trial;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use vikno_channels::{telegram, viber};
use vikno_domain::{Content, InboundEvent};
use vikno_tests::eventually;
use vikno_tests::http::send;
use vikno_tests::installation::{Installation, project};

pub(crate) fn tests(shared: &Shared) -> Vec<Trial> {
    vec![
        shared.test("fixtures::telegram_payloads_are_taken_once", telegram),
        shared.test("fixtures::viber_payloads_are_taken_once", viber),
        shared.test("fixtures::bad_knocks_get_their_4xx", bad_knocks),
    ]
}

fn payloads(channel: &str) -> Vec<(String, Value)> {
    let folder = project().join("tests/fixtures").join(channel);
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("fixtures")
        .map(|entry| entry.expect("entry").path())
        .collect();
    files.sort();
    let read = files.into_iter().map(|path| {
        let name = path
            .file_name()
            .expect("a file")
            .to_string_lossy()
            .into_owned();
        (
            name,
            serde_json::from_slice(&fs::read(path).expect("file")).expect("fixtures are JSON"),
        )
    });
    read.collect()
}

/// What the codec reads from a payload: said or done in a dialogue, or something else.
fn is_said(content: &Content) -> bool {
    matches!(
        content,
        Content::Text { .. }
            | Content::Media { .. }
            | Content::Contact { .. }
            | Content::Location { .. }
    )
}

fn telegram(installation: &Installation) {
    let mut events = Vec::new();
    for (index, (name, mut payload)) in payloads("telegram").into_iter().enumerate() {
        // Several recordings share an update id, as in their sources; here each gets its own.
        payload["update_id"] = json!(7_000_000 + index);
        let body = payload.to_string();
        for attempt in ["first", "repeated"] {
            let answer = installation.telegram("osvita", &body);
            assert_eq!(answer.status, 200, "{name}, {attempt}: {}", answer.text());
        }
        let verified =
            telegram::verify_secret(Some("x"), "x", body.as_bytes()).expect("our own secret");
        events.push((
            name,
            telegram::parse(verified, 0).expect("it was taken").event,
        ));
    }
    taken_once(installation, "osvita", &events);
}

fn viber(installation: &Installation) {
    let mut events = Vec::new();
    for (index, (name, mut payload)) in payloads("viber").into_iter().enumerate() {
        if payload.get("message_token").is_some() {
            payload["message_token"] = json!(5_000_000_000_000_000_000_u64 + index as u64);
        }
        let body = payload.to_string();
        for attempt in ["first", "repeated"] {
            let answer = installation.viber("mon", &body);
            assert_eq!(answer.status, 200, "{name}, {attempt}: {}", answer.text());
        }
        let signature = viber::sign("x", body.as_bytes());
        let verified =
            viber::verify_signature(Some(&signature), "x", body.as_bytes()).expect("our own key");
        events.push((name, viber::parse(verified, 0).expect("it was taken").event));
    }
    taken_once(installation, "mon", &events);
}

/// Each event is in the inbox once and had its turn; what was said is in the export of messages, also that of strangers.
fn taken_once(installation: &Installation, org: &str, events: &[(String, InboundEvent)]) {
    let database = installation.database(org);
    let state_of = |event: &InboundEvent| -> Vec<String> {
        let sql = "SELECT state FROM inbox WHERE channel = ?1 AND dedupe_key = ?2";
        let mut found = database.prepare_cached(sql).expect("the table is there");
        let rows = found.query_map((event.channel.as_str(), &event.dedupe_key), |row| {
            row.get(0)
        });
        rows.expect("rows")
            .map(|state| state.expect("text"))
            .collect()
    };
    eventually("every recorded event had its turn", || {
        let waiting = events
            .iter()
            .any(|(_, event)| state_of(event) == ["pending"]);
        (!waiting).then_some(())
    });
    let mut said: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, event) in events {
        let ignored = matches!(event.content, Content::Ignored { .. });
        let expected = if ignored { "ignored" } else { "done" };
        assert_eq!(state_of(event), [expected], "{name}: {:?}", event.content);
        if is_said(&event.content) {
            said.entry(&event.chat).or_default().push(name);
        }
    }
    assert!(!said.is_empty(), "some recordings are dialogue");
    let exported = installation.export(org, "messages");
    for (chat, names) in said {
        let citizen: String = database
            .query_row("SELECT id FROM citizens WHERE chat = ?1", [chat], |row| {
                row.get(0)
            })
            .unwrap_or_else(|error| panic!("{chat}, who wrote {names:?}, is not known: {error}"));
        let of_them = exported
            .iter()
            .filter(|row| row["citizen_id"] == citizen.as_str() && row["from"] == "citizen");
        assert!(
            of_them.count() >= names.len(),
            "of {names:?} some are missing in the export"
        );
    }
    for (name, event) in events {
        if let Content::Text { text } = &event.content {
            assert!(
                exported.iter().any(|row| row["text"] == text.as_str()),
                "{name}: {text}"
            );
        }
    }
}

fn bad_knocks(installation: &Installation) {
    let url = &installation.url;
    let good = vikno_standins::payload::telegram_text(1, 1, "вітаю", "uk");
    let secret = vikno_tests::installation::telegram_secret("ukc");
    let secret = [("x-telegram-bot-api-secret-token", secret.as_str())];
    let telegram = format!("{url}/ukc/telegram");
    let viber = format!("{url}/ukc/viber");
    let large = vec![b' '; 2 * 1024 * 1024];
    let cases: [(&str, u16, Knock); 9] = [
        ("no secret", 401, (&telegram, &[], good.as_bytes())),
        (
            "another secret",
            401,
            (
                &telegram,
                &[("x-telegram-bot-api-secret-token", "x")],
                good.as_bytes(),
            ),
        ),
        (
            "broken JSON",
            400,
            (&telegram, &secret, b"{\"update_id\": "),
        ),
        ("no object", 400, (&telegram, &secret, b"[]")),
        ("too large", 413, (&telegram, &secret, &large)),
        (
            "no such organisation",
            404,
            (&format!("{url}/nobody/telegram"), &secret, good.as_bytes()),
        ),
        (
            "no such name",
            404,
            (
                &format!("{url}/UKC%2e%2e/telegram"),
                &secret,
                good.as_bytes(),
            ),
        ),
        ("no signature", 401, (&viber, &[], b"{}")),
        (
            "another signature",
            401,
            (&viber, &[("x-viber-content-signature", "00")], b"{}"),
        ),
    ];
    for (what, status, (url, headers, body)) in cases {
        let answer = send("POST", url, headers, body);
        assert_eq!(answer.status, status, "{what}: {}", answer.text());
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json"),
            "{what}"
        );
        let problem = answer.json();
        for field in ["type", "title", "status", "detail", "instance"] {
            assert!(
                !problem[field].is_null(),
                "{what}: {field} is missing in {problem}"
            );
        }
    }
}

type Knock<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [u8]);
