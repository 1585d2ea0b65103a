//! The stand-ins behave like the services that they stand in for, as far as the platform can tell.
#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};
use vikno_standins::{Fault, FaultKind, Service, Standins, payload};

fn standins() -> Standins {
    Standins::start("127.0.0.1:0".parse().unwrap()).unwrap()
}

/// A connection that is kept alive between calls.
struct Client(TcpStream);

impl Client {
    fn of(standins: &Standins) -> Self {
        let stream = TcpStream::connect(standins.address()).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(stream)
    }

    /// One call; `None` when the connection ends without an answer.
    fn call(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Option<(u16, Vec<u8>)> {
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n",
            body.len()
        );
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        self.0
            .write_all(&[request.as_bytes(), body].concat())
            .unwrap();
        let mut answer = Vec::new();
        loop {
            let mut part = [0; 4096];
            let read = self.0.read(&mut part).unwrap_or(0);
            if read == 0 {
                return None;
            }
            answer.extend_from_slice(&part[..read]);
            let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") else {
                continue;
            };
            let head = String::from_utf8(answer[..end].to_vec()).unwrap();
            let length = head.lines().find_map(|line| {
                line.to_lowercase()
                    .strip_prefix("content-length: ")
                    .map(str::to_owned)
            });
            let whole = end + 4 + length.unwrap().parse::<usize>().unwrap();
            if answer.len() >= whole {
                return Some((
                    head[9..12].parse().unwrap(),
                    answer[end + 4..whole].to_vec(),
                ));
            }
        }
    }

    fn json(&mut self, path: &str, headers: &[(&str, &str)], body: &Value) -> (u16, Value) {
        let headers = [&[("content-type", "application/json")], headers].concat();
        let (status, answer) = self
            .call("POST", path, &headers, body.to_string().as_bytes())
            .unwrap();
        (status, serde_json::from_slice(&answer).unwrap())
    }

    fn telegram(&mut self, body: &Value) -> (u16, Value) {
        self.json("/bot1:abc/sendMessage", &[], body)
    }

    fn viber(&mut self, body: &Value) -> (u16, Value) {
        self.json("/pa/send_message", &[("x-viber-auth-token", "t")], body)
    }
}

fn viber_text(text: &str) -> Value {
    json!({"receiver": "u==", "type": "text", "text": text, "sender": {"name": "UKC"}})
}

#[test]
fn a_telegram_message_is_recorded_as_its_reader_sees_it() {
    let standins = standins();
    let (status, answer) = Client::of(&standins).telegram(&json!({
        "chat_id": 42, "text": "<b>5 &lt; 6</b>", "parse_mode": "HTML",
        "reply_markup": {"inline_keyboard": [[{"text": "Меню", "callback_data": "menu"}]]},
    }));
    assert_eq!(
        (status, &answer["ok"], &answer["result"]["chat"]["id"]),
        (200, &json!(true), &json!(42))
    );
    let sent = standins.sent_to("42");
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].text.as_deref(), Some("5 < 6"));
    assert_eq!(sent[0].button("menu").unwrap().label, "Меню");
    assert_eq!(sent[0].token, "1:abc");
}

#[test]
fn an_upload_is_recorded_with_its_file() {
    let standins = standins();
    let body = "--b\r\ncontent-disposition: form-data; name=\"chat_id\"\r\n\r\n42\r\n\
        --b\r\ncontent-disposition: form-data; name=\"caption\"\r\n\r\nось\r\n\
        --b\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\ncontent-type: image/png\r\n\r\n12345\r\n--b--\r\n";
    let headers = [("content-type", "multipart/form-data; boundary=b")];
    let (status, _) = Client::of(&standins)
        .call("POST", "/bot1:abc/sendPhoto", &headers, body.as_bytes())
        .unwrap();
    assert_eq!(status, 200);
    let sent = standins.sent_to("42").remove(0);
    assert_eq!(sent.text.as_deref(), Some("ось"));
    let file = sent.file.unwrap();
    assert_eq!(
        (file.name.as_str(), file.media_type.as_str(), file.size),
        ("a.png", "image/png", 5)
    );
}

#[test]
fn what_telegram_refuses_is_refused() {
    let standins = standins();
    let mut client = Client::of(&standins);
    let button = |id: String| json!({"inline_keyboard": [[{"text": "x", "callback_data": id}]]});
    for bad in [
        json!({"text": "x"}),
        json!({"chat_id": 42}),
        json!({"chat_id": 42, "text": "я".repeat(4097)}),
        json!({"chat_id": 42, "text": "x", "reply_markup": button("я".repeat(33))}),
    ] {
        let (status, answer) = client.telegram(&bad);
        assert_eq!((status, &answer["ok"]), (400, &json!(false)), "{bad}");
    }
    assert_eq!(client.json("/bot1:abc/sendMesage", &[], &json!({})).0, 404);
    assert_eq!(standins.sent(), []);
    assert_eq!(standins.calls().len(), 4);
}

#[test]
fn a_viber_message_is_recorded_and_bad_ones_get_their_status() {
    let standins = standins();
    let mut client = Client::of(&standins);
    let mut message = viber_text("Вітаємо");
    message["keyboard"] = json!({"Type": "keyboard", "Buttons": [{"Columns": 3, "ActionType": "reply", "ActionBody": "vk:menu", "Text": "Меню"}]});
    let (status, answer) = client.viber(&message);
    assert_eq!((status, &answer["status"]), (200, &json!(0)));
    assert!(answer["message_token"].as_u64().unwrap() > 1 << 53);
    assert_eq!(
        standins.sent_to("u==")[0].button("menu").unwrap().label,
        "Меню"
    );

    for (bad, expected) in [
        (
            json!({"type": "text", "text": "x", "sender": {"name": "UKC"}}),
            4,
        ),
        (json!({"receiver": "u==", "type": "text", "text": "x"}), 4),
        (viber_text(&"я".repeat(7001)), 3),
        (viber_text(&"я".repeat(20_000)), 3),
        (
            json!({"receiver": "u==", "type": "picture", "text": "", "sender": {"name": "UKC"}}),
            4,
        ),
    ] {
        let (status, answer) = client.viber(&bad);
        assert_eq!(
            (status, &answer["status"]),
            (200, &json!(expected)),
            "{bad}"
        );
    }
    let (_, answer) = client.json("/pa/send_message", &[], &viber_text("x"));
    assert_eq!(answer["status"], 2);
    assert_eq!(standins.sent().len(), 1);
}

#[test]
fn an_sms_is_recorded_by_its_number() {
    let standins = standins();
    let mut client = Client::of(&standins);
    let message =
        json!({"recipients": ["380671234567"], "sms": {"sender": "Vikno", "text": "Код 123456"}});
    let (_, answer) = client.json(
        "/message/send.json",
        &[("authorization", "Bearer t")],
        &message,
    );
    assert_eq!(answer["response_code"], 800);
    assert_eq!(
        standins.sent_to("380671234567")[0].text.as_deref(),
        Some("Код 123456")
    );
    let (_, answer) = client.json("/message/send.json", &[], &message);
    assert_eq!(answer["response_code"], 301);
}

#[test]
fn faults_meet_the_calls_that_they_are_meant_for_and_no_others() {
    let standins = standins();
    let mut client = Client::of(&standins);
    let message = json!({"chat_id": 42, "text": "x"});
    standins.fault(Fault::for_chat(
        "42",
        2,
        FaultKind::TooMany { retry_after_s: 35 },
    ));
    assert_eq!(client.telegram(&json!({"chat_id": 43, "text": "x"})).0, 200);
    for _ in 0..2 {
        let (status, answer) = client.telegram(&message);
        assert_eq!(
            (status, &answer["parameters"]["retry_after"]),
            (429, &json!(35))
        );
    }
    assert_eq!(client.telegram(&message).0, 200);

    standins.fault(Fault::next(FaultKind::Blocked));
    assert_eq!(client.telegram(&message).0, 403);
    standins.fault(Fault::next(FaultKind::Blocked));
    assert_eq!(client.viber(&viber_text("x")).1["status"], 6);
    standins.fault(Fault {
        service: Some(Service::Viber),
        ..Fault::next(FaultKind::ViberStatus { status: 12 })
    });
    assert_eq!(client.telegram(&message).0, 200);
    assert_eq!(client.viber(&viber_text("x")).1["status"], 12);
    standins.fault(Fault::next(FaultKind::Unavailable));
    assert_eq!(
        client
            .call("POST", "/bot1:abc/sendMessage", &[], b"{}")
            .unwrap()
            .0,
        500
    );
    standins.fault(Fault::next(FaultKind::Malformed));
    let (status, answer) = client
        .call("POST", "/bot1:abc/sendMessage", &[], b"{}")
        .unwrap();
    assert_eq!(status, 200);
    assert!(serde_json::from_slice::<Value>(&answer).is_err());
    assert_eq!(standins.sent_to("42").len(), 2);
}

#[test]
fn a_lost_answer_is_told_from_a_lost_request() {
    let standins = standins();
    let body = json!({"chat_id": 42, "text": "x"}).to_string();
    let send = || Client::of(&standins).call("POST", "/bot1:abc/sendMessage", &[], body.as_bytes());
    standins.fault(Fault::next(FaultKind::HangUp));
    assert_eq!(send(), None);
    assert_eq!(standins.sent().len(), 0);
    standins.fault(Fault::next(FaultKind::AnswerLost));
    assert_eq!(send(), None);
    assert_eq!(standins.sent().len(), 1);
    assert_eq!(standins.calls().len(), 2);
}

#[test]
fn a_bot_above_its_limit_is_told_to_wait() {
    let standins = standins();
    standins.limit_bots(3);
    let mut client = Client::of(&standins);
    let statuses: Vec<u16> = (0..5)
        .map(|chat| client.telegram(&json!({"chat_id": chat, "text": "x"})).0)
        .collect();
    assert_eq!(statuses, [200, 200, 200, 429, 429]);
}

#[test]
fn files_are_fetched_as_each_channel_offers_them() {
    let standins = standins();
    let url = standins.put_file("scan", "image/png", b"PNG".to_vec());
    let mut client = Client::of(&standins);
    let path = url.strip_prefix(&standins.url()).unwrap();
    assert_eq!(
        client.call("GET", path, &[], b"").unwrap(),
        (200, b"PNG".to_vec())
    );
    let (_, answer) = client.json("/bot1:abc/getFile", &[], &json!({"file_id": "scan"}));
    let path = format!(
        "/file/bot1:abc/{}",
        answer["result"]["file_path"].as_str().unwrap()
    );
    assert_eq!(
        client.call("GET", &path, &[], b"").unwrap(),
        (200, b"PNG".to_vec())
    );
    assert_eq!(
        client
            .json("/bot1:abc/getFile", &[], &json!({"file_id": "lost"}))
            .0,
        400
    );
}

#[test]
fn another_process_can_ask_and_tell() {
    let standins = standins();
    let mut client = Client::of(&standins);
    client.json("/_faults", &[], &json!({"fault": "blocked", "chat": "42"}));
    assert_eq!(client.telegram(&json!({"chat_id": 42, "text": "x"})).0, 403);
    assert_eq!(client.telegram(&json!({"chat_id": 42, "text": "y"})).0, 200);
    let (_, recorded) = client.call("GET", "/_recorded?after=1", &[], b"").unwrap();
    let recorded: Value = serde_json::from_slice(&recorded).unwrap();
    let calls = recorded["calls"].as_array().unwrap();
    assert_eq!(
        (calls.len(), &calls[0]["text"], &calls[0]["accepted"]),
        (1, &json!("y"), &json!(true))
    );
    client.call("DELETE", "/_recorded", &[], b"").unwrap();
    assert_eq!(standins.calls(), []);
}

#[test]
fn waiting_ends_when_the_message_is_there_or_the_time_is_over() {
    let standins = standins();
    assert!(!standins.wait_until(Duration::from_millis(1), |calls| !calls.is_empty()));
    std::thread::scope(|scope| {
        scope.spawn(|| Client::of(&standins).telegram(&json!({"chat_id": 42, "text": "x"})));
        assert!(standins.wait_until(Duration::from_secs(10), |calls| !calls.is_empty()));
    });
}

#[test]
fn it_is_no_bottleneck() {
    let standins = standins();
    let started = Instant::now();
    std::thread::scope(|scope| {
        for chat in 0..4 {
            let mut client = Client::of(&standins);
            scope.spawn(move || {
                (0..1000).for_each(|_| {
                    assert_eq!(
                        client.telegram(&json!({"chat_id": chat, "text": "x"})).0,
                        200
                    )
                })
            });
        }
    });
    let per_second = 4000.0 / started.elapsed().as_secs_f64();
    assert_eq!(standins.sent().len(), 4000);
    assert!(per_second > 2000.0, "{per_second:.0} calls per second");
}

#[test]
fn made_up_citizens_write_as_the_codecs_expect() {
    use vikno_channels::{telegram, viber};
    let now_ms = 4_000_000_000_000;
    let of_telegram = |body: String| {
        let verified = telegram::verify_secret(Some("s"), "s", body.as_bytes()).unwrap();
        telegram::parse(verified, now_ms).unwrap().event
    };
    let of_viber = |body: String| {
        let signature = payload::viber_signature("t", body.as_bytes());
        let verified = viber::verify_signature(Some(&signature), "t", body.as_bytes()).unwrap();
        viber::parse(verified, now_ms).unwrap().event
    };
    for (event, kind) in [
        (
            of_telegram(payload::telegram_text(1, 42, "/start", "uk")),
            "session_started",
        ),
        (
            of_telegram(payload::telegram_text(1, 42, "Добрий день", "uk")),
            "text",
        ),
        (
            of_telegram(payload::telegram_click(1, 42, "menu", "en")),
            "click",
        ),
        (
            of_telegram(payload::telegram_photo(1, 42, "scan", Some("ось"), "uk")),
            "media",
        ),
        (
            of_telegram(payload::telegram_contact(1, 42, "+380671234567", "uk")),
            "contact",
        ),
        (
            of_telegram(payload::telegram_membership(1, 42, "kicked")),
            "blocked",
        ),
    ] {
        assert_eq!(
            (
                event.content.kind(),
                event.chat.as_str(),
                event.dedupe_key.as_str()
            ),
            (kind, "42", "update:1")
        );
    }
    for (event, kind) in [
        (
            of_viber(payload::viber_text(1, "u==", "Добрий день", "uk")),
            "text",
        ),
        (
            of_viber(payload::viber_click(1, "u==", "menu", "uk")),
            "click",
        ),
        (
            of_viber(payload::viber_picture(
                1,
                "u==",
                "https://dl/x.png",
                None,
                "uk",
            )),
            "media",
        ),
        (
            of_viber(payload::viber_opened(1, "u==", true, "uk")),
            "session_started",
        ),
        (of_viber(payload::viber_event(1, "u==", "seen")), "receipt"),
    ] {
        assert_eq!((event.content.kind(), event.chat.as_str()), (kind, "u=="));
    }
}
