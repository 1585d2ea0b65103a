//! SIGKILL in the middle of a hundred dialogues: what was acknowledged is answered, and answered once.

use crate::alone;
use libtest_mimic::Trial;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;
use vikno_standins::payload;
use vikno_tests::ORGANISATIONS;
use vikno_tests::http::try_send;
use vikno_tests::installation::{Installation, telegram_secret};

const DIALOGUES: i64 = 100;
const MESSAGES_EACH: i64 = 3;

pub(crate) fn tests() -> Vec<Trial> {
    vec![alone(
        "crash::a_kill_in_the_middle_of_a_hundred_dialogues_loses_nothing",
        kill,
    )]
}

fn kill() {
    let mut installation = Installation::start_with(&[
        ("SPIN_VARIABLE_TELEGRAM_MESSAGES_PER_SECOND", "1000"),
        ("SPIN_VARIABLE_TELEGRAM_CHAT_MESSAGES_PER_SECOND", "100"),
    ]);
    let acknowledged: Mutex<BTreeMap<i64, i64>> = Mutex::default();
    let unsure: Mutex<u32> = Mutex::default();
    let url = installation.url.clone();
    std::thread::scope(|scope| {
        for worker in 0..4 {
            let (acknowledged, unsure, url) = (&acknowledged, &unsure, &url);
            scope.spawn(move || {
                for message in 0..MESSAGES_EACH {
                    for chat in (1..=DIALOGUES).filter(|chat| chat % 4 == worker) {
                        let org = ORGANISATIONS[usize::try_from(chat % 10).unwrap_or_default()];
                        let update = payload::telegram_text(
                            chat * 10 + message,
                            50_000 + chat,
                            &format!("абракадабра {message}"),
                            "uk",
                        );
                        let secret = telegram_secret(org);
                        let headers = [("x-telegram-bot-api-secret-token", secret.as_str())];
                        let to = format!("{url}/{org}/telegram");
                        match try_send("POST", &to, &headers, update.as_bytes()) {
                            Ok(answer) if answer.status == 200 => {
                                *acknowledged
                                    .lock()
                                    .expect("no panic")
                                    .entry(chat)
                                    .or_default() += 1;
                            }
                            _ => *unsure.lock().expect("no panic") += 1,
                        }
                    }
                }
            });
        }
        // In the middle: when about a third of the replies are out.
        installation
            .standins
            .wait_until(Duration::from_secs(60), |calls| calls.len() >= 100);
        installation.kill();
    });
    let before = installation.standins.sent().len();
    installation.start_again();
    let acknowledged = acknowledged.into_inner().expect("no panic");
    let total: i64 = acknowledged.values().sum();
    assert!(total > 0 && before > 0, "the kill came in the middle");

    // Every acknowledged message gets at least its reply.
    let complete = installation
        .standins
        .wait_until(Duration::from_secs(60), |calls| {
            let mut replies: BTreeMap<i64, i64> = BTreeMap::new();
            for call in calls.iter().filter(|call| call.is_message()) {
                if let Ok(chat) = call.chat.parse::<i64>() {
                    *replies.entry(chat - 50_000).or_default() += 1;
                }
            }
            acknowledged
                .iter()
                .all(|(chat, messages)| replies.get(chat) >= Some(messages))
        });
    assert!(
        complete,
        "an acknowledged message was not answered: {acknowledged:?}"
    );

    // And no more than one, but for those whose answer was in flight at the kill.
    std::thread::sleep(Duration::from_secs(3));
    let mut repeated = 0;
    let mut texts: BTreeMap<(String, u64), u32> = BTreeMap::new();
    for sent in installation.standins.sent() {
        let key = sent.raw["reply_parameters"]["message_id"]
            .as_u64()
            .unwrap_or(sent.number);
        *texts.entry((sent.chat.clone(), key)).or_default() += 1;
    }
    repeated += texts.values().filter(|count| **count > 1).count();
    let sent = installation.standins.sent();
    println!(
        "kill -9: {total} messages acknowledged, {} without an answer to the sender, {before} replies before, {} after, {repeated} repeated",
        unsure.into_inner().expect("no panic"),
        sent.len() - before,
    );
}
