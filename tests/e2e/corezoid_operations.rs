//! What outside systems do to dialogues through the Corezoid API: each operation, seen by the citizen.

use crate::Shared;
use crate::corezoid_api::number;
use crate::operator_api::{hire, waiting};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use vikno_tests::citizen::Citizen;
use vikno_tests::corezoid::Corezoid;
use vikno_tests::eventually;
use vikno_tests::installation::Installation;

pub(crate) fn tests(shared: &Shared) -> Vec<Trial> {
    vec![
        shared.test("corezoid_operations::a_message_reaches_the_citizen", says),
        shared.test("corezoid_operations::a_status_is_changed", statuses),
        shared.test("corezoid_operations::a_session_is_ended", ends),
        shared.test("corezoid_operations::a_chat_is_moved", moves),
        shared.test("corezoid_operations::a_user_is_updated", updates),
    ]
}

/// Carries an operation out and waits for the end of its task.
fn carried_out(corezoid: &Corezoid<'_>, process: &str, data: Value) -> Value {
    let id = corezoid.create(process, None, data);
    eventually("the task ends", || {
        let task = corezoid.show(process, &id);
        (task["status"] == "processed").then_some(task)
    })
}

/// A citizen of the web chat in a dialogue with the robot, and the dialogue.
fn talking<'a>(installation: &'a Installation, org: &'a str) -> (Citizen<'a>, String) {
    let operator = hire(installation, org, &format!("api-{org}-{}", number()));
    let mut citizen = Citizen::new(installation, org, "web", "uk");
    citizen.open();
    citizen.wait_for("a greeting", |seen| !seen.buttons.is_empty());
    let id = eventually("the dialogue is listed", || {
        let all = operator.conversations("open");
        let name = format!("Web {}", citizen.chat());
        let found = all.iter().find(|one| one["citizen"]["name"] == name);
        found.map(|one| one["id"].as_str().expect("an id").to_owned())
    });
    (citizen, id)
}

fn says(installation: &Installation) {
    let corezoid = Corezoid::new(installation, "osvita");
    let (mut citizen, id) = talking(installation, "osvita");
    let words = format!("Заяву № {} прийнято", number());
    let buttons = json!([{ "id": "menu", "label": "Меню" }]);
    let task = carried_out(
        &corezoid,
        "@send-message",
        json!({ "conversation_id": id, "text": words, "buttons": buttons }),
    );
    assert_eq!(
        (&task["node_id"], &task["data"]["result"]),
        (&json!("done"), &json!("done")),
        "{task}"
    );
    let seen = citizen.wait_for("the outside system's words", |seen| seen.text == words);
    assert_eq!(seen.buttons, ["menu"]);
    let missing = carried_out(&corezoid, "send-message", json!({ "conversation_id": id }));
    assert_eq!(missing["node_id"], "refused", "{missing}");
    assert!(
        missing["data"]["detail"]
            .as_str()
            .is_some_and(|detail| detail.contains("'text'")),
        "{missing}"
    );
    // The synchronous API tells the end at once.
    let words = format!("І ще одне: {}", number());
    let answer = corezoid.sync(
        20,
        "send-message",
        json!({ "conversation_id": id, "text": words }),
    );
    assert_eq!(
        (&answer["proc"], &answer["data"]["result"]),
        (&json!("ok"), &json!("done")),
        "{answer}"
    );
    citizen.wait_for("the words of the synchronous call", |seen| {
        seen.text == words
    });
}

fn statuses(installation: &Installation) {
    let corezoid = Corezoid::new(installation, "minsoc");
    let (mut citizen, id) = talking(installation, "minsoc");
    let change = |status: &str| {
        carried_out(
            &corezoid,
            "change-status",
            json!({ "conversation_id": id, "status": status }),
        )
    };
    let task = change("waiting");
    assert_eq!(task["data"]["conversation_status"], "waiting", "{task}");
    citizen.wait_for("the place in the queue", |seen| !seen.text.is_empty());
    assert_eq!(citizen.chat_view()["status"], "waiting");
    change("open");
    assert_eq!(citizen.chat_view()["status"], "open");
    citizen.say("Доброго дня");
    citizen.wait_for("the robot answers again", |seen| !seen.text.is_empty());
    let task = change("with_operator");
    assert_eq!(task["node_id"], "refused", "{task}");
    change("closed");
    assert_eq!(citizen.chat_view()["status"], "closed");
    let task = change("waiting");
    assert_eq!(task["data"]["code"], "conversation_closed", "{task}");
}

fn ends(installation: &Installation) {
    let corezoid = Corezoid::new(installation, "mon");
    let (mut citizen, id) = talking(installation, "mon");
    let task = carried_out(&corezoid, "end-session", json!({ "conversation_id": id }));
    assert_eq!(task["data"]["conversation_status"], "voting", "{task}");
    citizen.wait_for("the question for a rating", |seen| {
        seen.buttons.iter().any(|id| id == "vote:5")
    });
    citizen.vote(5);
    citizen.wait_for("thanks", |seen| !seen.text.is_empty());
    let (citizen, id) = talking(installation, "mon");
    let task = carried_out(
        &corezoid,
        "end-session",
        json!({ "conversation_id": id, "rate": false }),
    );
    assert_eq!(task["data"]["conversation_status"], "closed", "{task}");
    assert_eq!(citizen.chat_view()["status"], "closed");
}

fn moves(installation: &Installation) {
    let corezoid = Corezoid::new(installation, "ukc");
    let operator = hire(installation, "ukc", "api-mover");
    let there = hire(installation, "mindov", "api-taker");
    let (mut citizen, id) = waiting(installation, "ukc", "web", &operator);
    let task = carried_out(
        &corezoid,
        "move-chat",
        json!({ "conversation_id": id, "queue": "housing" }),
    );
    assert_eq!(task["data"]["conversation_queue"], "housing", "{task}");
    assert_eq!(operator.conversation(&id)["queue"], "housing");
    let task = carried_out(
        &corezoid,
        "move-chat",
        json!({ "conversation_id": id, "queue": "nowhere" }),
    );
    assert_eq!(task["data"]["code"], "unknown_queue", "{task}");
    let task = carried_out(
        &corezoid,
        "move-chat",
        json!({ "conversation_id": id, "org": "mindov", "reason": "довкілля" }),
    );
    assert_eq!(task["data"]["result"], "done", "{task}");
    citizen.wait_for("where the dialogue has gone", |seen| {
        seen.text.contains("Міністерств")
    });
    there.find_waiting(&format!("покличте оператора ({})", citizen.chat()));
}

fn updates(installation: &Installation) {
    let corezoid = Corezoid::new(installation, "diia");
    let (mut citizen, id) = talking(installation, "diia");
    let operator = hire(installation, "diia", "api-updates");
    let data = json!({ "conversation_id": id, "name": "Олена Пчілка", "phone": "067 123 45 67", "phone_verified": true,
                       "language": "en", "priority": 4 });
    let task = carried_out(&corezoid, "update-user", data);
    assert_eq!(task["data"]["result"], "done", "{task}");
    let whole = operator.conversation(&id);
    assert_eq!(
        (
            &whole["citizen"]["name"],
            &whole["priority"],
            &whole["language"]
        ),
        (&json!("Олена Пчілка"), &json!(4), &json!("en")),
        "{whole}"
    );
    assert!(whole.to_string().contains("+380671234567"), "{whole}");
    citizen.say("hello");
    citizen.wait_for("an answer", |seen| !seen.text.is_empty());
    let task = carried_out(
        &corezoid,
        "update-user",
        json!({ "conversation_id": id, "phone": "12" }),
    );
    assert_eq!(task["node_id"], "refused", "{task}");
}
