//! The chat API as web chat, mobile applications and portals use it: shapes, repeats, limits, refusals.

use crate::Shared;
use libtest_mimic::Trial;
use serde_json::{Value, json};
use vikno_tests::citizen::{Citizen, PNG};
use vikno_tests::eventually;
use vikno_tests::http::{Answer, send};
use vikno_tests::installation::Installation;
use vikno_tests::operator::Operator;

pub(crate) fn tests(shared: &Shared) -> Vec<Trial> {
    vec![
        shared.test("chat_api::shapes_are_those_of_the_contract", shapes),
        shared.test("chat_api::the_same_client_id_is_one_message", repeats),
        shared.test("chat_api::who_comes_back_sees_the_history", resumes),
        shared.test("chat_api::a_cursor_brings_only_what_is_new", cursors),
        shared.test("chat_api::without_a_valid_token_nothing_is_told", strangers),
        shared.test("chat_api::mistakes_name_their_field", mistakes),
        shared.test("chat_api::files_are_known_by_content", uploads),
        shared.test("chat_api::only_listed_origins_are_let_in", origins),
        shared.test("chat_api::a_flood_is_slowed_down", flood),
        shared.test("chat_api::who_waits_is_told_the_place", waiting),
        shared.test(
            "chat_api::a_button_that_was_never_offered_does_nothing",
            hostile_click,
        ),
        shared.test("chat_api::markup_stays_words", markup),
    ]
}

/// A visitor of an organisation who has been greeted.
fn visitor<'a>(installation: &'a Installation, org: &'a str) -> Citizen<'a> {
    let mut citizen = Citizen::new(installation, org, "web", "uk");
    citizen.open();
    citizen.wait_for("a greeting", |seen| !seen.buttons.is_empty());
    citizen
}

#[track_caller]
fn problem(answer: &Answer, status: u16, what: &str) -> String {
    assert_eq!(answer.status, status, "{what}: {}", answer.text());
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json"),
        "{what}"
    );
    let problem = answer.json();
    assert_eq!(problem["status"], status, "{what}: {problem}");
    for field in ["type", "title", "detail", "instance"] {
        assert!(
            problem[field].is_string(),
            "{what}: {field} is missing in {problem}"
        );
    }
    problem["detail"].as_str().unwrap_or_default().to_owned()
}

#[track_caller]
fn is_string(value: &Value, names: &[&str]) {
    for name in names {
        assert!(
            value[name].as_str().is_some_and(|text| !text.is_empty()),
            "{name} in {value}"
        );
    }
}

fn shapes(installation: &Installation) {
    let body = json!({ "language": "uk", "name": "Леся" });
    let session = installation
        .post("/mzs/chat/sessions", &[], &body)
        .expect(201)
        .json();
    is_string(&session, &["token", "cursor"]);
    assert_eq!(session["language"], "uk");

    let mut citizen = visitor(installation, "mzs");
    let sent = citizen
        .post(&json!({ "text": "Як замінити паспорт?" }))
        .expect(202)
        .json();
    is_string(&sent, &["id"]);
    citizen.wait_for("a reply", |seen| !seen.text.is_empty());
    let view = citizen.chat_view();
    is_string(&view, &["cursor"]);
    assert_eq!(view["status"], "open");
    assert!(
        view["poll_ms"]
            .as_u64()
            .is_some_and(|ms| (100..=15_000).contains(&ms)),
        "{view}"
    );
    assert!(view.get("queue").is_none(), "{view}");
    for message in view["messages"].as_array().expect("messages") {
        is_string(message, &["id", "from", "at"]);
        assert!(message["buttons"].is_array(), "{message}");
        for button in message["buttons"].as_array().into_iter().flatten() {
            is_string(button, &["id", "label"]);
        }
    }
    let english = json!({ "language": "en" });
    let english = installation
        .post("/mzs/chat/sessions", &[], &english)
        .expect(201)
        .json();
    assert_eq!(english["language"], "en");
    let unknown = json!({ "language": "xx" });
    let unknown = installation
        .post("/mzs/chat/sessions", &[], &unknown)
        .expect(201)
        .json();
    assert_eq!(
        unknown["language"], "uk",
        "a language that is not spoken here"
    );
}

fn repeats(installation: &Installation) {
    let mut citizen = visitor(installation, "mon");
    let words = format!("той самий запит {}", citizen.chat());
    let body = json!({ "client_id": "once", "text": words });
    let first = citizen.post(&body).expect(202).json();
    let again: Vec<Value> = (0..3)
        .map(|_| citizen.post(&body).expect(202).json())
        .collect();
    assert!(
        again.iter().all(|answer| *answer == first),
        "{first} {again:?}"
    );
    citizen.wait_for("a reply", |seen| !seen.text.is_empty());
    // A message behind it has been answered, so a second copy would have come by now.
    citizen.say("дякую");
    citizen.wait_for("a reply to the thanks", |seen| !seen.text.is_empty());
    let view = citizen.chat_view();
    let copies = view["messages"].as_array().expect("messages").iter();
    assert_eq!(
        copies
            .filter(|message| message["text"] == words.as_str())
            .count(),
        1,
        "{view}"
    );
}

fn resumes(installation: &Installation) {
    let mut citizen = visitor(installation, "ukc");
    let words = format!("моє перше запитання {}", citizen.chat());
    citizen.say(&words);
    citizen.wait_for("a reply", |seen| !seen.text.is_empty());
    let authorization = citizen.authorization();
    let headers = [("authorization", authorization.as_str())];
    let resumed = installation
        .post("/ukc/chat/sessions", &headers, &json!({}))
        .expect(200)
        .json();
    assert_eq!(
        format!("Bearer {}", resumed["token"].as_str().expect("a token")),
        authorization
    );
    let path = format!(
        "/ukc/chat/messages?after={}",
        resumed["cursor"].as_str().expect("a cursor")
    );
    let history = installation.get(&path, &headers).expect(200).json();
    let texts: Vec<_> = history["messages"]
        .as_array()
        .expect("messages")
        .iter()
        .map(|m| &m["text"])
        .collect();
    assert!(texts.contains(&&json!(words)), "{history}");
    // Somebody who comes back in the middle of a dialogue is not greeted again; only the greeting offers languages.
    let greetings = history["messages"].as_array().expect("messages").iter();
    let greetings = greetings.filter(|message| message["buttons"].to_string().contains("lang:"));
    assert_eq!(greetings.count(), 1, "{history}");
}

fn cursors(installation: &Installation) {
    let mut citizen = visitor(installation, "mou");
    let authorization = citizen.authorization();
    let read = |after: &str| {
        let path = format!("/mou/chat/messages?after={after}");
        installation.get(&path, &[("authorization", &authorization)])
    };
    let before = citizen.chat_view();
    let cursor = before["cursor"].as_str().expect("a cursor");
    let nothing = read(cursor).expect(200).json();
    assert_eq!(nothing["messages"], json!([]), "{nothing}");
    assert_eq!(nothing["cursor"], cursor);
    citizen.say("щось нове");
    let fresh = eventually("something new", || {
        let page = read(cursor).expect(200).json();
        (page["messages"]
            .as_array()
            .is_some_and(|messages| messages.len() >= 2))
        .then_some(page)
    });
    assert_eq!(fresh["messages"][0]["text"], "щось нове", "{fresh}");
    assert_eq!(fresh["messages"][0]["from"], "citizen");
    assert_eq!(fresh["messages"][1]["from"], "robot");
    for bad in ["x", "-1", "1.5", "99999999999999999999"] {
        problem(&read(bad), 400, bad);
    }
}

fn strangers(installation: &Installation) {
    let citizen = visitor(installation, "minsoc");
    let own = citizen.authorization();
    let body = json!({ "client_id": "1", "text": "x" });
    for authorization in [
        "",
        "Bearer",
        "Bearer nobody",
        "Basic YTpi",
        &format!("{own}x"),
    ] {
        let headers = [("authorization", authorization)];
        problem(
            &installation.get("/minsoc/chat/messages", &headers),
            401,
            authorization,
        );
        problem(
            &installation.post("/minsoc/chat/messages", &headers, &body),
            401,
            authorization,
        );
        let upload = format!("{}/minsoc/chat/uploads", installation.url);
        problem(&send("POST", &upload, &headers, PNG), 401, authorization);
    }
    // A token of one organisation opens nothing at another.
    let headers = [("authorization", own.as_str())];
    problem(
        &installation.get("/mzs/chat/messages", &headers),
        401,
        "another organisation",
    );
    problem(
        &installation.get("/nobody/chat/messages", &headers),
        404,
        "no organisation",
    );
    problem(
        &installation.get("/minsoc/chat/nothing", &headers),
        404,
        "no such resource",
    );
    problem(
        &send(
            "PUT",
            &format!("{}/minsoc/chat/messages", installation.url),
            &headers,
            b"{}",
        ),
        405,
        "PUT",
    );
    let left = send(
        "DELETE",
        &format!("{}/minsoc/chat/sessions", installation.url),
        &headers,
        b"",
    );
    assert_eq!(left.status, 204, "{}", left.text());
    problem(
        &installation.get("/minsoc/chat/messages", &headers),
        401,
        "after leaving",
    );
}

fn mistakes(installation: &Installation) {
    let citizen = visitor(installation, "osvita");
    let authorization = citizen.authorization();
    let headers = [("authorization", authorization.as_str())];
    let path = "/osvita/chat/messages";
    for (body, field) in [
        (json!({ "text": "x" }), "client_id"),
        (json!({ "client_id": "", "text": "x" }), "client_id"),
        (json!({ "client_id": "1" }), "text"),
        (json!({ "client_id": "1", "text": "" }), "text"),
        (json!({ "client_id": "1", "text": 5 }), "text"),
        (
            json!({ "client_id": "1", "text": "ї".repeat(4_001) }),
            "text",
        ),
        (json!({ "client_id": "1", "text": "x", "vote": 5 }), "vote"),
        (json!({ "client_id": "1", "vote": 0 }), "vote"),
        (json!({ "client_id": "1", "vote": 6 }), "vote"),
        (json!({ "client_id": "1", "vote": 4.5 }), "vote"),
        (
            json!({ "client_id": "1", "vote": 5, "comment": "x".repeat(1_001) }),
            "comment",
        ),
        (
            json!({ "client_id": "1", "click": "x".repeat(65) }),
            "click",
        ),
        (
            json!({ "client_id": "1", "media": "f_of_somebody_else" }),
            "media",
        ),
        (json!([]), "object"),
    ] {
        let detail = problem(
            &installation.post(path, &headers, &body),
            400,
            &body.to_string(),
        );
        assert!(detail.contains(field), "{body}: {detail}");
    }
    let url = format!("{}{path}", installation.url);
    problem(
        &send("POST", &url, &headers, b"{\"client_id\""),
        400,
        "broken JSON",
    );
    problem(
        &send("POST", &url, &headers, &vec![b' '; 100 * 1024]),
        413,
        "too large",
    );
    problem(
        &installation.post("/osvita/chat/sessions", &[], &json!({ "language": 5 })),
        400,
        "language",
    );
    let identity = json!({ "identity": "x.y.z" });
    problem(
        &installation.post("/osvita/chat/sessions", &[], &identity),
        401,
        "no portal is trusted here",
    );
}

fn uploads(installation: &Installation) {
    let citizen = visitor(installation, "diia");
    let picture = citizen.upload("довідка.png", PNG).expect(201).json();
    is_string(&picture, &["id"]);
    assert_eq!(picture["type"], "image/png");
    assert_eq!(picture["size"], PNG.len());
    // The name lies; the content tells.
    let disguised = citizen.upload("report.pdf", PNG).expect(201).json();
    assert_eq!(disguised["type"], "image/png", "{disguised}");
    let mut program = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00".to_vec();
    program.resize(2_048, 0);
    program[0x3c] = 0x80;
    program[0x80..0x84].copy_from_slice(b"PE\0\0");
    let refused: [(&str, &[u8], u16); 4] = [
        ("photo.png", &program, 415),
        ("page.txt", b"<html><script>alert(1)</script></html>", 415),
        (
            "run.sh",
            b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00",
            415,
        ),
        ("empty.png", b"", 400),
    ];
    for (name, content, status) in refused {
        // Uploads are counted; this visitor's six are spread over several.
        let citizen = visitor(installation, "diia");
        problem(&citizen.upload(name, content), status, name);
    }
    let large = vec![b'a'; 20 * 1024 * 1024 + 1];
    problem(&citizen.upload("large.txt", &large), 413, "over 20 MiB");
    let other = visitor(installation, "diia");
    let theirs = other.post(&json!({ "media": picture["id"] }));
    problem(&theirs, 400, "an upload of another session");
    citizen.post(&json!({ "media": picture["id"] })).expect(202);
    let shown = eventually("the picture is in the chat", || {
        let view = citizen.chat_view();
        let messages = view["messages"].as_array()?.iter();
        messages
            .map(|message| message["media"].clone())
            .find(|media| media["url"].is_string())
    });
    assert_eq!(shown["name"], "довідка.png", "{shown}");
    let url = shown["url"].as_str().expect("a link");
    let file = installation.get(url, &[]).expect(200);
    assert_eq!(file.body, PNG);
    assert_eq!(file.header("content-type"), Some("image/png"));
    assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
    let forged = url.replacen("/diia/", "/ukc/", 1);
    problem(
        &installation.get(&forged, &[]),
        403,
        "a link of another organisation",
    );
}

fn origins(installation: &Installation) {
    let url = format!("{}/ukc/chat/sessions", installation.url);
    let preflight = |origin: &str| {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "POST"),
            (
                "access-control-request-headers",
                "authorization,content-type",
            ),
        ];
        send("OPTIONS", &url, &headers, b"")
    };
    let allowed = preflight("https://ukc.gov.ua");
    assert_eq!(allowed.status, 204, "{}", allowed.text());
    assert_eq!(
        allowed.header("access-control-allow-origin"),
        Some("https://ukc.gov.ua")
    );
    assert!(
        allowed
            .header("access-control-allow-headers")
            .is_some_and(|names| names.contains("authorization"))
    );
    assert!(
        allowed
            .header("vary")
            .is_some_and(|names| names.contains("Origin"))
    );
    assert_eq!(allowed.header("access-control-allow-credentials"), None);
    for foreign in [
        "https://evil.example",
        "https://ukc.gov.ua.evil.example",
        "http://ukc.gov.ua",
        "null",
    ] {
        let refused = preflight(foreign);
        problem(&refused, 403, foreign);
        assert_eq!(
            refused.header("access-control-allow-origin"),
            None,
            "{foreign}"
        );
    }
    // What one organisation lists does not count at another.
    let elsewhere = format!("{}/mon/chat/sessions", installation.url);
    let refused = send(
        "POST",
        &elsewhere,
        &[("origin", "https://ukc.gov.ua")],
        b"{}",
    );
    problem(&refused, 403, "another organisation's origin");
    let taken = send("POST", &url, &[("origin", "https://ukc.gov.ua")], b"{}");
    assert_eq!(taken.status, 201, "{}", taken.text());
    assert_eq!(
        taken.header("access-control-allow-origin"),
        Some("https://ukc.gov.ua")
    );
}

fn flood(installation: &Installation) {
    let citizen = visitor(installation, "cashback");
    let refused = (0..120)
        .map(|_| citizen.post(&json!({ "text": "ще" })))
        .find(|answer| answer.status != 202);
    let refused = refused.expect("a limit");
    problem(&refused, 429, "a flood");
    let wait: u64 = refused
        .header("retry-after")
        .expect("Retry-After")
        .parse()
        .expect("seconds");
    assert!((1..=60).contains(&wait), "{wait}");
    // Another visitor is not held responsible.
    visitor(installation, "cashback")
        .post(&json!({ "text": "а я перший раз" }))
        .expect(202);
}

fn waiting(installation: &Installation) {
    let org = "ukc";
    let operator = Operator::new(installation, org, &installation.administrator());
    let mut citizen = visitor(installation, org);
    let quick = citizen.chat_view()["poll_ms"].as_u64().expect("poll_ms");
    let words = format!("з'єднайте з оператором ({})", citizen.chat());
    citizen.say(&words);
    citizen.wait_for("the place in the queue", |seen| {
        seen.text.chars().any(|c| c.is_ascii_digit())
    });
    let view = citizen.chat_view();
    assert_eq!(view["status"], "waiting", "{view}");
    assert!(
        view["queue"]["position"]
            .as_u64()
            .is_some_and(|position| position >= 1),
        "{view}"
    );
    assert!(view["queue"]["estimate_s"].as_u64().is_some(), "{view}");
    let patient = view["poll_ms"].as_u64().expect("poll_ms");
    assert!(
        patient > quick,
        "who waits for an operator asks less often: {patient} {quick}"
    );
    let id = operator.find_waiting(&words);
    operator
        .post(&format!("conversations/{id}/take"), &json!({}))
        .expect(200);
    citizen.wait_for("the operator joins", |seen| !seen.text.is_empty());
    let view = citizen.chat_view();
    assert_eq!(view["status"], "with_operator", "{view}");
    assert!(view.get("queue").is_none(), "{view}");
    operator
        .post(&format!("conversations/{id}/close"), &json!({}))
        .expect(200);
    citizen.wait_for("the question for a rating", |seen| {
        seen.buttons.iter().any(|id| id == "vote:5")
    });
    assert_eq!(citizen.chat_view()["status"], "voting");
    citizen
        .post(&json!({ "vote": 2, "comment": "=HYPERLINK(\"http://evil.example\")" }))
        .expect(202);
    citizen.wait_for("thanks", |seen| !seen.text.is_empty());
    assert_eq!(citizen.chat_view()["status"], "closed");
}

fn hostile_click(installation: &Installation) {
    let mut citizen = visitor(installation, "ukco");
    for button in [
        "topic:../../etc/passwd",
        "vote:5",
        "take",
        "{{env_var[@master_key]}}",
        "topic:нема",
    ] {
        citizen.click(button);
        citizen.wait_for("a calm answer", |seen| !seen.text.is_empty());
        assert_eq!(citizen.chat_view()["status"], "open", "{button}");
    }
    let view = citizen.chat_view();
    assert!(!view.to_string().contains("test master key"), "{view}");
    assert!(
        !view.to_string().contains("{{"),
        "an offered template was not filled in: {view}"
    );
}

fn markup(installation: &Installation) {
    let mut citizen = visitor(installation, "mindov");
    let words = "<img src=x onerror=alert(1)> & {{conversation_id}} $.x ' OR 1=1 --";
    citizen.say(words);
    citizen.wait_for("a reply", |seen| !seen.text.is_empty());
    let view = citizen.chat_view();
    let own = view["messages"]
        .as_array()
        .expect("messages")
        .iter()
        .find(|m| m["from"] == "citizen");
    assert_eq!(own.expect("own message")["text"], words);
}
