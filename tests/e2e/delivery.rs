//! Delivery against services that refuse, hurry, lose answers or fail: what reaches the citizen, and in which order.
//!
//! One installation for these tests, an organisation for each: what holds a bot up would hold up other tests too.

use crate::Shared;
use libtest_mimic::Trial;
use serde_json::{Value, json};
use vikno_standins::{Fault, FaultKind, Sent, payload};
use vikno_tests::citizen::{Citizen, PNG};
use vikno_tests::eventually;
use vikno_tests::http::send;
use vikno_tests::installation::Installation;
use vikno_tests::operator::Operator;

pub(crate) fn tests() -> Vec<Trial> {
    let own = Shared::default();
    vec![
        own.test(
            "delivery::a_429_holds_the_whole_bot_as_long_as_told",
            hurried,
        ),
        own.test(
            "delivery::who_blocked_the_bot_gets_nothing_until_back",
            blocked,
        ),
        own.test(
            "delivery::viber_statuses_mean_what_they_mean",
            viber_statuses,
        ),
        own.test(
            "delivery::a_refused_bot_waits_and_loses_nothing",
            refused_bot,
        ),
        own.test("delivery::a_lost_answer_repeats_one_message", lost_answer),
        own.test("delivery::failures_keep_the_order_of_a_chat", order),
        own.test("delivery::passing_failures_bring_each_reply_once", failures),
        own.test("delivery::a_long_text_comes_in_whole_sentences", long_text),
        own.test("delivery::a_part_that_arrived_is_not_sent_again", parts),
        own.test("delivery::markup_stays_words", markup),
        own.test(
            "delivery::dead_letters_are_seen_and_tried_again",
            dead_letters,
        ),
        own.test(
            "delivery::a_crowd_above_the_services_limit_is_answered_once",
            crowd,
        ),
    ]
}

/// A citizen who has been greeted.
fn greeted<'a>(installation: &'a Installation, org: &'a str, channel: &'static str) -> Citizen<'a> {
    let mut citizen = Citizen::new(installation, org, channel, "uk");
    citizen.open();
    citizen.wait_for("a greeting", |seen| !seen.buttons.is_empty());
    citizen
}

/// A citizen with whom an administrator speaks; the dialogue's id.
fn taken<'a>(
    installation: &'a Installation,
    org: &'a str,
    channel: &'static str,
) -> (Citizen<'a>, Operator<'a>, String) {
    let operator = Operator::new(installation, org, &installation.administrator());
    let mut citizen = greeted(installation, org, channel);
    let words = format!("оператора, будь ласка ({})", citizen.chat());
    citizen.say(&words);
    let id = operator.find_waiting(&words);
    let path = format!("conversations/{id}/take");
    operator.post(&path, &json!({})).expect(200);
    citizen.wait_for("the operator's name", |seen| {
        seen.text.starts_with("До розмови приєднався")
    });
    (citizen, operator, id)
}

fn answer(operator: &Operator<'_>, id: &str, body: &Value) {
    let path = format!("conversations/{id}/messages");
    operator.post(&path, body).expect(200);
}

fn fault(installation: &Installation, citizen: &Citizen<'_>, times: u32, kind: FaultKind) {
    let fault = Fault::for_chat(citizen.chat(), times, kind);
    installation.standins.fault(fault);
}

/// All sendings to a chat so far, refused ones too.
fn attempts(installation: &Installation, citizen: &Citizen<'_>) -> Vec<Sent> {
    let calls = installation.standins.calls();
    calls
        .into_iter()
        .filter(|call| call.chat == citizen.chat() && call.method.starts_with("send"))
        .collect()
}

/// The first attempt that was not accepted.
fn refused(installation: &Installation, citizen: &Citizen<'_>) -> Sent {
    eventually("the service refuses", || {
        let attempts = attempts(installation, citizen);
        attempts.into_iter().find(|call| !call.accepted)
    })
}

/// What happened to the dialogue of a citizen, by the journal.
fn journal(installation: &Installation, citizen: &Citizen<'_>, what: &str) -> Vec<Value> {
    let database = installation.database(citizen.org);
    let mut lines = database
        .prepare(
            "SELECT journal.data FROM journal JOIN conversations ON conversations.id = journal.conversation_id
             WHERE conversations.chat = ?1 AND journal.what = ?2 ORDER BY journal.id",
        )
        .expect("a statement");
    let lines = lines
        .query_map([citizen.chat(), what], |row| row.get::<_, String>(0))
        .expect("lines");
    lines
        .map(|line| serde_json::from_str(&line.expect("a line")).expect("JSON"))
        .collect()
}

/// The dead letters that a dialogue of this chat has.
fn letters(installation: &Installation, citizen: &Citizen<'_>) -> Vec<Value> {
    let operator = Operator::new(installation, citizen.org, &installation.administrator());
    let all = operator.get("dead-letters").expect(200).json();
    let own: Vec<String> = installation
        .export(citizen.org, "conversations")
        .iter()
        .filter(|row| row["citizen_id"] == citizen_id(installation, citizen).as_str())
        .filter_map(|row| row["id"].as_str().map(str::to_owned))
        .collect();
    let all = all["dead_letters"].as_array().cloned().expect("a list");
    all.into_iter()
        .filter(|letter| {
            let conversation = letter["conversation"].as_str();
            conversation.is_some_and(|id| own.iter().any(|own| own == id))
        })
        .collect()
}

fn citizen_id(installation: &Installation, citizen: &Citizen<'_>) -> String {
    installation
        .database(citizen.org)
        .query_row(
            "SELECT id FROM citizens WHERE chat = ?1",
            [citizen.chat()],
            |row| row.get(0),
        )
        .expect("a known citizen")
}

fn hurried(installation: &Installation) {
    const HELD_MS: i64 = 2_000;
    let mut hurried = greeted(installation, "ukc", "telegram");
    let mut other = greeted(installation, "ukc", "telegram");
    let kind = FaultKind::TooMany { retry_after_s: 2 };
    fault(installation, &hurried, 1, kind);
    hurried.say("абракадабра");
    let refused = refused(installation, &hurried);
    assert_eq!(refused.status, 429);
    other.say("абракадабра");
    hurried.wait_for("the reply", |seen| !seen.text.is_empty());
    other.wait_for("the reply", |seen| !seen.text.is_empty());
    for citizen in [&hurried, &other] {
        let sent = installation.standins.sent_to(citizen.chat());
        let replies: Vec<&Sent> = sent
            .iter()
            .filter(|sent| sent.number > refused.number)
            .collect();
        assert_eq!(replies.len(), 1, "{replies:#?}");
        // Both times are cut to milliseconds.
        let waited_ms = replies[0].at_ms - refused.at_ms;
        assert!(waited_ms >= HELD_MS - 1, "{waited_ms} ms");
    }
    let failed = journal(installation, &hurried, "delivery_failed");
    assert!(failed.is_empty(), "haste is no failure: {failed:?}");
}

fn blocked(installation: &Installation) {
    for channel in ["telegram", "viber"] {
        let mut citizen = greeted(installation, "mindov", channel);
        fault(installation, &citizen, 1, FaultKind::Blocked);
        citizen.say("абракадабра");
        eventually("the citizen counts as gone", || {
            (!journal(installation, &citizen, "citizen_unreachable").is_empty()).then_some(())
        });
        let letter = eventually("what was for them is a dead letter", || {
            letters(installation, &citizen).pop()
        });
        assert_eq!(letter["reason"], "unreachable", "{channel}: {letter}");
        assert_eq!(attempts(installation, &citizen).len(), 2, "{channel}");
        // Back again: what is written now is answered.
        if channel == "telegram" {
            let chat = citizen.chat().parse().expect("a number");
            let update = payload::telegram_membership(900_000_001, chat, "member");
            installation.telegram("mindov", &update).expect(200);
        }
        citizen.say("я повернувся");
        citizen.wait_for("a reply", |seen| !seen.text.is_empty());
        assert_eq!(letters(installation, &citizen).len(), 1, "{channel}");
    }
}

fn viber_statuses(installation: &Installation) {
    // Status, what the journal tells of it, why; it is tried again later or never, but others are served at once.
    for (status, what, reason) in [
        (1, "dead_letter", "viber 1"),
        (3, "dead_letter", "viber 3"),
        (4, "dead_letter", "viber 4"),
        (5, "citizen_unreachable", ""),
        (6, "citizen_unreachable", ""),
        (11, "dead_letter", "viber 11"),
        (12, "delivery_failed", "chat_busy"),
        (13, "dead_letter", "viber 13"),
        (99, "delivery_failed", "unavailable"),
    ] {
        let mut citizen = greeted(installation, "mzs", "viber");
        let kind = FaultKind::ViberStatus { status };
        fault(installation, &citizen, 1, kind);
        citizen.say("абракадабра");
        let line = eventually(&format!("status {status} is journaled as {what}"), || {
            journal(installation, &citizen, what).pop()
        });
        let told = line["reason"].as_str().unwrap_or_default();
        assert!(told.starts_with(reason), "status {status}: {line}");
        greeted(installation, "mzs", "viber");
        if status == 99 {
            citizen.wait_for("the reply after all", |seen| !seen.text.is_empty());
        } else {
            assert_eq!(attempts(installation, &citizen).len(), 2, "status {status}");
        }
    }
}

fn refused_bot(installation: &Installation) {
    for (org, channel) in [("mon", "telegram"), ("mon", "viber")] {
        let mut citizen = greeted(installation, org, channel);
        let mut other = greeted(installation, org, channel);
        fault(installation, &citizen, 1, FaultKind::Unauthorised);
        citizen.say("абракадабра");
        refused(installation, &citizen);
        other.say("абракадабра");
        let database = installation.database(org);
        let row = |chat: &str| {
            database.query_row(
                "SELECT attempts, coalesce(last_error, ''), next_at_ms - created_at_ms FROM outbox
                 WHERE chat = ?1 AND state = 'pending'",
                [chat],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
        };
        let (failed, error, waits_ms): (i64, String, i64) = eventually("the message waits", || {
            row(citizen.chat())
                .ok()
                .filter(|row: &(_, String, _)| !row.1.is_empty())
        });
        assert_eq!((failed, error.as_str()), (0, "bot_refused"), "{channel}");
        assert!(waits_ms >= 60_000, "{channel}: {waits_ms} ms");
        eventually("the other message waits too", || {
            row(other.chat()).ok().map(|_: (i64, String, i64)| ())
        });
        assert_eq!(attempts(installation, &other).len(), 1, "{channel}");
        // The token is right again: an operator need not wait for the minute, nor do we. The clock may have a runner
        // just at work; what it holds of the refusal is forgotten between its runs, together with the waiting.
        let moved = eventually("nobody is at work", || {
            let both = database.unchecked_transaction().expect("a transaction");
            let resumed = both
                .execute(
                    "UPDATE runners SET state = '{}' WHERE name = 'delivery' AND until_ms = 0",
                    [],
                )
                .expect("the runner's state");
            let moved = both
                .execute(
                    "UPDATE outbox SET next_at_ms = 0 WHERE state = 'pending' AND channel = ?1",
                    [channel],
                )
                .expect("the waiting messages");
            (resumed == 1).then(|| {
                both.commit().expect("committed");
                moved
            })
        });
        assert!(moved >= 2, "{channel}: {moved}");
        for citizen in [&mut citizen, &mut other] {
            citizen.wait_for("the reply", |seen| !seen.text.is_empty());
            assert_eq!(letters(installation, citizen), Vec::<Value>::new());
        }
    }
}

fn lost_answer(installation: &Installation) {
    for channel in ["telegram", "viber"] {
        let mut citizen = greeted(installation, "minsoc", channel);
        fault(installation, &citizen, 1, FaultKind::AnswerLost);
        citizen.say("абракадабра");
        let reply = citizen.wait_for("the reply", |seen| !seen.text.is_empty());
        let again = citizen.wait_for("the reply again", |seen| !seen.text.is_empty());
        assert_eq!(again, reply, "{channel}");
        citizen.click("menu");
        citizen.wait_for("the menu", |seen| seen.buttons.len() > 2);
        let sent = installation.standins.sent_to(citizen.chat());
        assert_eq!(sent.len(), 4, "{channel}: a greeting, two copies, the menu");
        let rows = installation.export("minsoc", "messages");
        let id = citizen_id(installation, &citizen);
        let copies = rows
            .iter()
            .filter(|row| row["citizen_id"] == id.as_str() && row["text"] == reply.text.as_str());
        assert_eq!(copies.count(), 1, "{channel}: one message for us");
    }
}

fn order(installation: &Installation) {
    for channel in ["telegram", "viber"] {
        let mut citizen = Citizen::new(installation, "mou", channel, "uk");
        citizen.open();
        let greeting = citizen.wait_for("a greeting", |seen| seen.buttons.len() > 3);
        fault(installation, &citizen, 2, FaultKind::Unavailable);
        let topics: Vec<&String> = greeting
            .buttons
            .iter()
            .filter(|button| button.starts_with("topic:"))
            .take(3)
            .collect();
        for topic in &topics {
            citizen.click(topic);
        }
        let replies = eventually("the replies arrive", || {
            let seen = citizen.seen();
            (seen.len() > topics.len()).then_some(seen)
        });
        let told: Vec<String> = replies.into_iter().skip(1).map(|seen| seen.text).collect();
        let id = citizen_id(installation, &citizen);
        let written: Vec<String> = installation
            .export("mou", "messages")
            .into_iter()
            .filter(|row| row["citizen_id"] == id.as_str() && row["from"] == "robot")
            .skip(1)
            .filter_map(|row| row["text"].as_str().map(str::to_owned))
            .collect();
        assert_eq!(told, written, "{channel}");
        let failed = journal(installation, &citizen, "delivery_failed");
        let attempts: Vec<&Value> = failed.iter().map(|line| &line["attempts"]).collect();
        assert_eq!(attempts, [1, 2], "{channel}: {failed:?}");
    }
}

fn failures(installation: &Installation) {
    let kinds = [
        (1, FaultKind::Unavailable),
        (2, FaultKind::Malformed),
        (2, FaultKind::HangUp),
        (1, FaultKind::Slow { delay_ms: 1_500 }),
    ];
    let mut citizens = Vec::new();
    for channel in ["telegram", "viber"] {
        for (times, kind) in kinds {
            let citizen = greeted(installation, "osvita", channel);
            fault(installation, &citizen, times, kind);
            citizens.push((citizen, times, kind));
        }
    }
    for (citizen, _, _) in &mut citizens {
        citizen.say("абракадабра");
    }
    for (citizen, times, kind) in &mut citizens {
        citizen.wait_for("the reply", |seen| !seen.text.is_empty());
        // A further message goes behind everything that was still to come.
        citizen.click("menu");
        citizen.wait_for("the menu", |seen| seen.buttons.len() > 2);
        let accepted = installation.standins.sent_to(citizen.chat()).len();
        let all = attempts(installation, citizen).len();
        let slow = matches!(kind, FaultKind::Slow { .. });
        let refused = if slow { 0 } else { *times as usize };
        assert_eq!((accepted, all - accepted), (3, refused), "{kind:?}");
    }
}

fn long_text(installation: &Installation) {
    const TELEGRAM_MAX: usize = 4096;
    let (mut citizen, operator, id) = taken(installation, "ukco", "telegram");
    // 4,000 characters as an operator may write; every smile counts as two for Telegram.
    let sentence = "Надішліть, будь ласка, копію довідки 😀😀😀😀😀.";
    let count = 4_000 / (sentence.chars().count() + 1);
    let text = vec![sentence; count].join(" ");
    let units = |text: &str| text.encode_utf16().count();
    assert!(units(&text) > TELEGRAM_MAX);
    answer(
        &operator,
        &id,
        &json!({ "client_id": "long", "text": text }),
    );
    let first = citizen.wait_for("the first part", |seen| seen.text.starts_with("Надішліть"));
    let second = citizen.wait_for("the second part", |seen| seen.text.starts_with("Надішліть"));
    assert_eq!(format!("{} {}", first.text, second.text), text);
    assert!(first.text.ends_with('.') && units(&first.text) <= TELEGRAM_MAX);
    // Viber takes the same in one piece.
    let (mut citizen, operator, id) = taken(installation, "ukco", "viber");
    answer(
        &operator,
        &id,
        &json!({ "client_id": "long", "text": text }),
    );
    citizen.wait_for("the whole text", |seen| seen.text == text);
}

fn parts(installation: &Installation) {
    let (mut citizen, operator, id) = taken(installation, "cashback", "telegram");
    let headers = [
        ("authorization", operator.authorization()),
        ("content-type", "application/octet-stream"),
        ("content-disposition", "attachment; filename=\"form.png\""),
    ];
    let url = format!("{}/cashback/operator/uploads", installation.url);
    let media = send("POST", &url, &headers, PNG).expect(201).json()["id"].clone();
    installation.standins.fault(Fault {
        method: Some("sendMessage".to_owned()),
        ..Fault::for_chat(citizen.chat(), 2, FaultKind::Unavailable)
    });
    // More than a caption takes: the picture with its beginning, then the rest.
    let text = "Заповніть цю форму і поверніть її нам. ".repeat(60);
    let text = text.trim();
    let body = json!({ "client_id": "form", "text": text, "media": media });
    answer(&operator, &id, &body);
    let caption = citizen.wait_for("the picture", |seen| seen.text.starts_with("Заповніть"));
    let rest = citizen.wait_for("the rest", |seen| seen.text.starts_with("Заповніть"));
    assert_eq!(format!("{} {}", caption.text, rest.text), text);
    let body = json!({ "client_id": "after", "text": "Це все." });
    answer(&operator, &id, &body);
    citizen.wait_for("what was written after it", |seen| seen.text == "Це все.");
    let attempts = attempts(installation, &citizen);
    let photos = attempts.iter().filter(|call| call.method == "sendPhoto");
    assert_eq!(
        photos.count(),
        1,
        "the picture that arrived is not repeated"
    );
    let rests = attempts
        .iter()
        .filter(|call| call.method == "sendMessage" && call.text.as_deref() == Some(&rest.text));
    assert_eq!(rests.count(), 3, "two failures, one success");
}

fn markup(installation: &Installation) {
    let words = "<b>Не жирно</b> &amp; \"лапки\" <script>alert(1)</script> *зірки* _риски_ [назва](https://evil.example) `код`";
    for channel in ["telegram", "viber", "web"] {
        let (mut citizen, operator, id) = taken(installation, "diia", channel);
        answer(
            &operator,
            &id,
            &json!({ "client_id": "markup", "text": words }),
        );
        citizen.wait_for("the words as they were written", |seen| seen.text == words);
    }
}

fn dead_letters(installation: &Installation) {
    let org = "diia";
    let mut citizen = greeted(installation, org, "telegram");
    let dead_before = installation.metric("vikno_outbox_dead", org);
    fault(installation, &citizen, 1, FaultKind::Rejected);
    citizen.say("абракадабра");
    let letter = eventually("a dead letter", || letters(installation, &citizen).pop());
    let reason = letter["reason"].as_str().unwrap_or_default();
    assert!(reason.starts_with("telegram 400"), "{letter}");
    assert_eq!(letter["channel"], "telegram");
    assert_eq!(letter["kind"], "send");
    assert_eq!(letter["attempts"], 1);
    eventually("it is counted", || {
        (installation.metric("vikno_outbox_dead", org) == dead_before + 1).then_some(())
    });
    let delivery = |wanted: &str| {
        let rows = installation.export(org, "messages");
        let row = rows.into_iter().find(|row| row["id"] == letter["message"]);
        assert_eq!(row.expect("the message")["delivery"], wanted);
    };
    delivery("failed");

    let retry = format!("dead-letters/{}/retry", letter["id"]);
    // Who sees it, who may have it tried again.
    for (role, sees, retries) in [("operator", 403, 403), ("security", 200, 403)] {
        let person = Operator::hire(installation, org, &format!("letters-{role}"), role);
        assert_eq!(person.get("dead-letters").status, sees, "{role}");
        assert_eq!(person.post(&retry, &json!({})).status, retries, "{role}");
    }
    let supervisor = Operator::hire(installation, org, "letters-supervisor", "supervisor");
    supervisor.post(&retry, &json!({})).expect(200);
    citizen.wait_for("the reply after all", |seen| !seen.text.is_empty());
    eventually("it is told as sent", || {
        let rows = installation.export(org, "messages");
        let row = rows.into_iter().find(|row| row["id"] == letter["message"]);
        (row?["delivery"] == "sent").then_some(())
    });
    assert_eq!(letters(installation, &citizen), Vec::<Value>::new());
    supervisor.post(&retry, &json!({})).expect(404);
    let retried = journal(installation, &citizen, "delivery_retried");
    assert_eq!(retried.len(), 1);
}

/// Twice as many as a bot may answer in a second write at once, and the service counts every second: each of them is
/// answered, by whatever number of attempts, and none twice.
fn crowd(installation: &Installation) {
    const PER_SECOND: usize = 30;
    let mut citizens: Vec<Citizen<'_>> = (0..2 * PER_SECOND)
        .map(|_| Citizen::new(installation, "cashback", "telegram", "uk"))
        .collect();
    installation.standins.limit_bots(PER_SECOND);
    for citizen in &mut citizens {
        citizen.open();
    }
    for citizen in &mut citizens {
        citizen.wait_for("a greeting", |seen| !seen.buttons.is_empty());
    }
    installation.standins.limit_bots(0);
    let mut refused = 0;
    for citizen in &citizens {
        let attempts = attempts(installation, citizen);
        let (accepted, others): (Vec<_>, Vec<_>) = attempts.iter().partition(|call| call.accepted);
        let mut texts: Vec<_> = accepted.iter().map(|call| &call.text).collect();
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), accepted.len(), "nothing comes twice");
        assert!(others.iter().all(|call| call.status == 429), "{others:?}");
        refused += others.len();
    }
    // A 429 holds the bot at once, so that it never hammers at a closed door.
    assert!(
        refused <= PER_SECOND,
        "{refused} calls above the service's limit"
    );
    println!("a crowd was answered once each, {refused} calls were above the service's limit");
}
