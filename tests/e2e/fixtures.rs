//! Every recorded payload through the webhooks, and every way of knocking wrongly.

use crate::Shared;
use libtest_mimic::Trial;
use serde_json::{Value, json};
use std::fs;
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

/// Inbox rows of an organisation, by the database of the installation.
fn inbox_rows(installation: &Installation, org: &str) -> i64 {
    let administrator = installation.administrator();
    let metrics = installation
        .get("/metrics", &[("authorization", &administrator)])
        .expect(200);
    let wanted = format!("vikno_inbox_events_total{{org=\"{org}\"}} ");
    let text = metrics.text();
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(&wanted).map(str::to_owned));
    line.unwrap_or_else(|| panic!("{wanted} is not in {text}"))
        .parse()
        .expect("a count")
}

fn telegram(installation: &Installation) {
    // Several recordings share an update id, as in their sources; here each gets its own.
    let before = inbox_rows(installation, "osvita");
    let payloads = payloads("telegram");
    for (index, (name, payload)) in payloads.iter().enumerate() {
        let mut payload = payload.clone();
        payload["update_id"] = json!(7_000_000 + index);
        let body = payload.to_string();
        for attempt in ["first", "repeated"] {
            let answer = installation.telegram("osvita", &body);
            assert_eq!(answer.status, 200, "{name}, {attempt}: {}", answer.text());
        }
    }
    let after = inbox_rows(installation, "osvita");
    assert!(
        after - before >= payloads.len() as i64,
        "{before} {after} of {}",
        payloads.len()
    );
}

fn viber(installation: &Installation) {
    let before = inbox_rows(installation, "mon");
    let payloads = payloads("viber");
    for (index, (name, payload)) in payloads.iter().enumerate() {
        let mut payload = payload.clone();
        if payload.get("message_token").is_some() {
            payload["message_token"] = json!(5_000_000_000_000_000_000_u64 + index as u64);
        }
        let body = payload.to_string();
        for attempt in ["first", "repeated"] {
            let answer = installation.viber("mon", &body);
            assert_eq!(answer.status, 200, "{name}, {attempt}: {}", answer.text());
        }
    }
    assert!(inbox_rows(installation, "mon") > before);
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
