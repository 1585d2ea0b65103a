//! SIGKILL in the middle of a hundred dialogues: what was acknowledged is answered, in order, and answered once; only
//! what was on its way to a citizen at that moment may arrive twice.

use crate::alone;
use libtest_mimic::Trial;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::Duration;
use vikno_standins::{Sent, payload};
use vikno_tests::http::try_send;
use vikno_tests::installation::{Installation, telegram_secret};
use vikno_tests::{ORGANISATIONS, eventually};

const DIALOGUES: i64 = 100;
const FIRST_CHAT: i64 = 50_000;
/// The kill comes when so many of all replies are out.
const REPLIES_BEFORE_KILL: usize = 100;

pub(crate) fn tests() -> Vec<Trial> {
    vec![alone(
        "crash::a_kill_in_the_middle_of_a_hundred_dialogues_loses_nothing",
        kill,
    )]
}

/// What each citizen presses one after the other, and what each is answered: texts that differ from each other.
struct Script(BTreeMap<&'static str, Vec<(String, String)>>);

impl Script {
    /// Learns the answers of each organisation from a dialogue that nobody disturbs.
    fn learn(installation: &Installation) -> Self {
        let mut script = BTreeMap::new();
        for (chat, org) in (40_000..).zip(ORGANISATIONS) {
            let press = |update: i64, button: &str| {
                let body = payload::telegram_click(update, chat, button, "uk");
                installation.telegram(org, &body).expect(200);
            };
            let greeting = payload::telegram_text(chat * 10, chat, "/start", "uk");
            installation.telegram(org, &greeting).expect(200);
            // Some greet in more than one message.
            let greeted = eventually("a greeting", || {
                let sent = installation.standins.sent_to(&chat.to_string());
                (!sent.is_empty() && left(installation, org) == 0).then_some(sent)
            });
            let offers = |sent: &&Sent| {
                sent.buttons
                    .iter()
                    .any(|button| button.id.starts_with("topic:"))
            };
            let greeting = greeted
                .iter()
                .find(offers)
                .expect("a greeting offers topics");
            let topics = greeting.buttons.iter().map(|button| button.id.clone());
            let topics: Vec<String> = topics
                .filter(|id| id.starts_with("topic:"))
                .take(3)
                .collect();
            assert_eq!(topics.len(), 3, "{org} has topics");
            let mut steps = Vec::new();
            for (index, topic) in topics.into_iter().enumerate() {
                press(chat * 10 + 1 + i64::try_from(index).expect("few"), &topic);
                let answer = eventually("an answer", || {
                    reply(installation, chat, greeted.len() + index)
                });
                steps.push((topic, answer.text.expect("words")));
            }
            let texts: BTreeSet<_> = steps.iter().map(|(_, text)| text).collect();
            assert_eq!(texts.len(), steps.len(), "the answers of {org} differ");
            script.insert(org, steps);
        }
        Self(script)
    }

    fn of(&self, chat: i64) -> (&'static str, &[(String, String)]) {
        let org = ORGANISATIONS[usize::try_from(chat).expect("positive") % ORGANISATIONS.len()];
        (org, &self.0[org])
    }
}

fn reply(installation: &Installation, chat: i64, index: usize) -> Option<Sent> {
    installation
        .standins
        .sent_to(&chat.to_string())
        .into_iter()
        .nth(index)
}

/// What an organisation has still to do.
fn left(installation: &Installation, org: &str) -> i64 {
    let pending = "SELECT (SELECT count(*) FROM inbox WHERE state = 'pending')
                        + (SELECT count(*) FROM outbox WHERE state = 'pending')";
    installation
        .database(org)
        .query_row(pending, [], |row| row.get(0))
        .expect("a count")
}

/// Sends what a citizen presses; whether it was acknowledged.
fn press(url: &str, chat: i64, step: usize, script: &Script) -> bool {
    let (org, steps) = script.of(chat);
    let update_id = chat * 10 + i64::try_from(step).expect("few");
    let update = payload::telegram_click(update_id, chat, &steps[step].0, "uk");
    let secret = telegram_secret(org);
    let headers = [("x-telegram-bot-api-secret-token", secret.as_str())];
    let answer = try_send(
        "POST",
        &format!("{url}/{org}/telegram"),
        &headers,
        update.as_bytes(),
    );
    answer.is_ok_and(|answer| answer.status == 200)
}

fn kill() {
    let mut installation = Installation::start_with(&[
        ("SPIN_VARIABLE_TELEGRAM_MESSAGES_PER_SECOND", "1000"),
        ("SPIN_VARIABLE_TELEGRAM_CHAT_MESSAGES_PER_SECOND", "100"),
    ]);
    let script = Script::learn(&installation);
    installation.standins.clear();
    let chats = FIRST_CHAT..FIRST_CHAT + DIALOGUES;
    let refused: Mutex<Vec<(i64, usize)>> = Mutex::default();
    let url = installation.url.clone();
    std::thread::scope(|scope| {
        for worker in 0..4 {
            let (refused, url, script, chats) = (&refused, &url, &script, chats.clone());
            scope.spawn(move || {
                for step in 0..3 {
                    for chat in chats.clone().filter(|chat| chat % 4 == worker) {
                        if !press(url, chat, step, script) {
                            refused.lock().expect("no panic").push((chat, step));
                        }
                    }
                }
            });
        }
        let enough = |calls: &[Sent]| calls.len() >= REPLIES_BEFORE_KILL;
        assert!(
            installation
                .standins
                .wait_until(Duration::from_secs(60), enough),
            "replies go out"
        );
        installation.kill();
    });
    let mut refused = refused.into_inner().expect("no panic");
    let acknowledged = 3 * usize::try_from(DIALOGUES).expect("positive") - refused.len();
    let before = installation.standins.sent();
    assert!(
        !refused.is_empty() || before.len() < acknowledged,
        "the kill came in the middle"
    );
    installation.start_again();

    // What was acknowledged before the kill is answered without anybody asking again.
    let of_chat = |calls: &[Sent], chat: i64, text: &str| {
        let chat = chat.to_string();
        let same = calls
            .iter()
            .filter(|call| call.is_message() && call.chat == chat);
        same.filter(|call| call.text.as_deref() == Some(text))
            .count()
    };
    let lost = |calls: &[Sent], refused: &[(i64, usize)]| -> Vec<(i64, usize)> {
        let all = chats
            .clone()
            .flat_map(|chat| (0..3).map(move |step| (chat, step)));
        let unanswered =
            |(chat, step): &(i64, usize)| of_chat(calls, *chat, &script.of(*chat).1[*step].1) == 0;
        all.filter(|press| !refused.contains(press))
            .filter(unanswered)
            .collect()
    };
    let answered = |refused: &[(i64, usize)]| {
        installation
            .standins
            .wait_until(Duration::from_secs(60), |calls| {
                lost(calls, refused).is_empty()
            })
    };
    assert!(
        answered(&refused),
        "of {acknowledged} acknowledged messages these were not answered: {:?}",
        lost(&installation.standins.calls(), &refused)
    );

    // Telegram repeats what was not acknowledged; some of it had been written before the kill.
    let repeated_webhooks = refused.len();
    refused.sort_unstable();
    for (chat, step) in refused.drain(..) {
        assert!(
            press(&installation.url, chat, step, &script),
            "it runs again"
        );
    }
    assert!(answered(&[]), "what was repeated is answered");
    eventually("nothing is left to do", || {
        ORGANISATIONS
            .into_iter()
            .all(|org| left(&installation, org) == 0)
            .then_some(())
    });

    let sent = installation.standins.sent();
    let mut in_flight = 0;
    for chat in chats.clone() {
        let (org, steps) = script.of(chat);
        let counts: Vec<usize> = steps
            .iter()
            .map(|(_, text)| of_chat(&sent, chat, text))
            .collect();
        let before: Vec<usize> = steps
            .iter()
            .map(|(_, text)| of_chat(&before, chat, text))
            .collect();
        let twice = counts.iter().filter(|count| **count > 1).count();
        assert!(
            counts.iter().all(|count| (1..=2).contains(count)),
            "{chat} of {org}: {counts:?}"
        );
        assert!(
            twice <= 1,
            "{chat} of {org} got more than one reply twice: {counts:?}"
        );
        for (count, before) in counts.iter().zip(&before) {
            assert!(
                *count == 1 || *before == 1,
                "{chat} of {org}: a repeat that no kill explains"
            );
        }
        in_flight += twice;
        let total = sent
            .iter()
            .filter(|call| call.chat == chat.to_string())
            .count();
        assert_eq!(
            total,
            counts.iter().sum::<usize>(),
            "{chat} of {org} got nothing else"
        );
    }
    println!(
        "kill -9: {acknowledged} messages acknowledged before it, {repeated_webhooks} repeated by the channel; \
         {} replies before, {} after, of which {in_flight} were in flight at the kill and came twice",
        before.len(),
        sent.len() - before.len(),
    );
}
