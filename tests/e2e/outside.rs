//! An organisation asks processes of an outside Corezoid first; its own take over where that is away or silent.

use crate::alone;
use crate::deployment::Deployment;
use libtest_mimic::Trial;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use vikno_standins::{Fault, FaultKind, Sent, Service, corezoid_secret};
use vikno_tests::citizen::Citizen;
use vikno_tests::eventually;
use vikno_tests::http::{Answer, send};
use vikno_tests::installation::Installation;

const ORG: &str = "ukco";
const LOGIN: &str = "outside-login";
/// As the installation believes to be called; tests call it where it really is.
const PUBLIC: &str = "https://vikno.example";
/// Seconds that a citizen waits.
const WAIT_S: u64 = 4;

pub(crate) fn tests() -> Vec<Trial> {
    vec![alone(
        "outside::a_corezoid_elsewhere_answers_or_the_own_processes_do",
        answers_or_not,
    )]
}

fn answers_or_not() {
    let change = |file: &Path| {
        if file.ends_with(format!("{ORG}/organisation.toml")) {
            let settings = fs::read_to_string(file).expect("settings");
            let corezoid =
                format!("{settings}\n[corezoid]\nwait_s = {WAIT_S}\nmessage = \"1234\"\n");
            fs::write(file, corezoid).expect("a folder of ours");
        }
    };
    let secret = corezoid_secret(LOGIN);
    let login = format!("SPIN_VARIABLE_{}_COREZOID_CALL_LOGIN", ORG.to_uppercase());
    let signs_with = format!("SPIN_VARIABLE_{}_COREZOID_CALL_SECRET", ORG.to_uppercase());
    let more = [
        (login.as_str(), LOGIN),
        (signs_with.as_str(), secret.as_str()),
        ("SPIN_VARIABLE_PUBLIC_URL", PUBLIC),
    ];
    let deployment = Deployment::changed(change, &more);
    let installation = &deployment.installation;
    answered_once(installation);
    answered_in_order(installation);
    silent(installation);
    away_and_back(installation);
    misbehaving(installation);
}

/// A citizen who has been greeted by the own processes: for the opening of a chat no process is named.
fn greeted(installation: &Installation) -> Citizen<'_> {
    let mut citizen = Citizen::new(installation, ORG, "web", "uk");
    citizen.open();
    citizen.wait_for("a greeting", |seen| !seen.buttons.is_empty());
    citizen
}

/// Tasks with these words that Corezoid has made, in their order.
fn made(installation: &Installation, words: &[&str]) -> Vec<Sent> {
    let calls = installation.standins.calls().into_iter();
    let ours = calls.filter(|call| {
        call.service == Service::Corezoid
            && call.accepted
            && call
                .text
                .as_deref()
                .is_some_and(|text| words.contains(&text))
    });
    ours.collect()
}

fn wait_made(installation: &Installation, words: &[&str]) -> Vec<Sent> {
    eventually(&format!("tasks of {words:?}"), || {
        Some(made(installation, words)).filter(|made| made.len() == words.len())
    })
}

/// Corezoid's answer to a task.
fn answer(installation: &Installation, task: &Sent, body: &Value) -> Answer {
    let url = task.raw["data"]["__callback_url"]
        .as_str()
        .expect("an address");
    let url = url.replace(PUBLIC, &installation.url);
    let headers = [("content-type", "application/json")];
    send("POST", &url, &headers, body.to_string().as_bytes())
}

fn journal(installation: &Installation, what: &str) -> Vec<Value> {
    let lines = installation.export(ORG, "journal").into_iter();
    lines.filter(|line| line["what"] == what).collect()
}

fn answered_once(installation: &Installation) {
    let mut citizen = greeted(installation);
    citizen.say("Яка адреса?");
    let task = wait_made(installation, &["Яка адреса?"]).remove(0);
    assert_eq!(task.raw["conv_id"], 1234);
    assert_eq!(task.raw["data"]["event"], "message");
    assert_eq!(task.raw["data"]["language"], "uk");
    let told = json!({ "text": "Хрещатик, 1", "buttons": [{ "id": "menu", "label": "Меню" }] });
    for _ in 0..3 {
        let taken = answer(installation, &task, &told).expect(200).json();
        assert_eq!(taken["ops"][0]["proc"], "ok", "{taken}");
    }
    let seen = citizen.wait_for("Corezoid's answer", |seen| seen.text == "Хрещатик, 1");
    assert_eq!(seen.buttons, ["menu"]);
    let said = citizen.seen();
    let said = said.iter().filter(|seen| seen.text == "Хрещатик, 1");
    assert_eq!(said.count(), 1, "a repeated callback says nothing again");

    let url = task.raw["data"]["__callback_url"]
        .as_str()
        .expect("an address");
    let forged = url.replace(PUBLIC, &installation.url);
    let forged = format!("{}{}", &forged[..forged.len() - 40], "0".repeat(40));
    assert_eq!(send("POST", &forged, &[], b"{\"text\":\"x\"}").status, 403);
}

fn answered_in_order(installation: &Installation) {
    let mut citizen = greeted(installation);
    citizen.say("Перше");
    citizen.say("Друге");
    let tasks = wait_made(installation, &["Перше", "Друге"]);
    assert_eq!(
        tasks[0].text.as_deref(),
        Some("Перше"),
        "tasks are made in order"
    );
    answer(installation, &tasks[1], &json!({ "text": "На друге" })).expect(200);
    answer(installation, &tasks[0], &json!({ "text": "На перше" })).expect(200);
    citizen.wait_for("the first answer", |seen| {
        assert_ne!(seen.text, "На друге", "it overtook the first");
        seen.text == "На перше"
    });
    citizen.wait_for("the second answer", |seen| seen.text == "На друге");
}

fn silent(installation: &Installation) {
    let mut citizen = greeted(installation);
    let words = "Покличте оператора";
    citizen.say(words);
    let task = wait_made(installation, &[words]).remove(0);
    citizen.wait_for("the own processes", |seen| !seen.text.is_empty());
    assert_eq!(citizen.chat_view()["status"], "waiting");
    answer(installation, &task, &json!({ "text": "Запізно" })).expect(200);
    eventually("the journal tells of the late answer", || {
        (journal(installation, "outside_answer_late").len() == 1).then_some(())
    });
    assert!(citizen.seen().iter().all(|seen| seen.text != "Запізно"));
}

/// While it is away nobody waits; what happened meanwhile is told there afterwards, in order, each once.
fn away_and_back(installation: &Installation) {
    let mut citizen = greeted(installation);
    let away = Fault {
        service: Some(Service::Corezoid),
        times: 1_000,
        ..Fault::next(FaultKind::HangUp)
    };
    installation.standins.fault(away);
    let words = ["Скільки коштує?", "А де довідка?", "Дякую вам"];
    for text in words {
        citizen.say(text);
        citizen.wait_for("an answer of the own processes", |seen| {
            !seen.text.is_empty()
        });
    }
    assert_eq!(made(installation, &words), []);
    installation.standins.clear_faults();
    let made = wait_made(installation, &words);
    let texts: Vec<&str> = made
        .iter()
        .filter_map(|task| task.text.as_deref())
        .collect();
    assert_eq!(texts, words);
    let given_up = journal(installation, "outside_given_up");
    let away = given_up.iter().filter(|line| line["data"]["why"] == "away");
    assert_eq!(
        away.count(),
        1,
        "after the first nobody waits: {given_up:?}"
    );
    let silent = given_up
        .iter()
        .filter(|line| line["data"]["why"] == "silent");
    assert_eq!(silent.count(), 1, "of another dialogue: {given_up:?}");
}

fn misbehaving(installation: &Installation) {
    for (text, kind) in [
        ("Забагато", FaultKind::TooMany { retry_after_s: 1 }),
        ("Пів відповіді", FaultKind::Malformed),
        ("Відповідь загублено", FaultKind::AnswerLost),
        ("Повільно", FaultKind::Slow { delay_ms: 1_500 }),
    ] {
        let mut citizen = greeted(installation);
        installation.standins.fault(Fault {
            service: Some(Service::Corezoid),
            ..Fault::next(kind)
        });
        citizen.say(text);
        let task = wait_made(installation, &[text]).remove(0);
        citizen.wait_for("somebody answers", |seen| {
            !seen.text.is_empty() || !seen.buttons.is_empty()
        });
        answer(installation, &task, &json!({ "text": "Ще раз" })).expect(200);
    }
    // An answer that was lost is no second task.
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    assert_eq!(made(installation, &["Відповідь загублено"]).len(), 1);
}
