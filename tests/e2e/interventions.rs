//! What fails comes to people, and authors take live dialogues in hand.

use crate::alone;
use crate::processes::{Author, greeted, node, refused};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use vikno_tests::eventually;
use vikno_tests::installation::Installation;

pub(crate) fn tests() -> Vec<Trial> {
    vec![alone(
        "interventions::what_fails_comes_to_people_who_take_a_dialogue_in_hand",
        in_hand,
    )]
}

/// A program that fails is on the list; the author has the dialogue begin again elsewhere, then stops it.
fn in_hand() {
    let installation = Installation::start();
    let author = Author::hire(&installation, "ukc", "hand-author", "author");
    let analyst = Author::hire(&installation, "ukc", "hand-analyst", "analyst");
    let (mut document, tag) = author.draft("messages-handling");
    node(&mut document, "has-media")["condition"]["logics"] = json!([
        { "type": "api_code", "lang": "js", "err_node_id": "tell-caller", "src": "undefined.x" },
        { "type": "go", "to_node_id": "has-reply" },
    ]);
    author
        .save("messages-handling", &tag, &document)
        .expect(200);
    author
        .post("publish", &json!({ "reason": "Програма з помилкою" }))
        .expect(201);

    let (mut citizen, id) = greeted(&installation, &author);
    assert_eq!(author.get("failures")["open"], 0);
    citizen.say("Яка адреса?");
    let failures = eventually("the failure is listed", || {
        Some(author.get("failures")).filter(|list| list["open"] == 1)
    });
    let failure = &failures["failures"][0];
    assert_eq!(failure["what"], "step_failed", "{failure}");
    assert_eq!(failure["data"]["code"], "code_executing_error", "{failure}");
    assert_eq!(failure["conversation"]["id"], json!(id));
    let settle = json!({ "ids": [failure["id"]], "reason": "Програму виправлено" });
    assert_eq!(analyst.post("failures/settle", &settle).status, 403);
    let settled = author.post("failures/settle", &settle).expect(200).json();
    assert_eq!(settled["open"], 0, "{settled}");
    assert_eq!(settled["settled"], json!([failure["id"]]));

    let act = |body: Value| author.post(&format!("conversations/{id}/interventions"), &body);
    let task = author.get(&format!("conversations/{id}"))["tasks"][0]["id"].clone();
    let again =
        json!({ "do": "restart", "task": task, "node": "greet", "reason": "Привітати ще раз" });
    assert_eq!(
        analyst
            .post(&format!("conversations/{id}/interventions"), &again)
            .status,
        403
    );
    for (body, status, code) in [
        (
            json!({ "do": "move_on", "task": 999, "reason": "Спроба" }),
            409,
            "unknown_task",
        ),
        (
            json!({ "do": "restart", "task": task, "node": "nowhere", "reason": "Спроба" }),
            400,
            "unknown_node",
        ),
        (json!({ "do": "stop", "reason": "" }), 400, "invalid_field"),
    ] {
        refused(&act(body), status, code);
    }
    let before = installation.export("ukc", "messages").len();
    act(again).expect(200);
    eventually("a second greeting", || {
        (installation.export("ukc", "messages").len() > before).then_some(())
    });
    let on = json!({ "do": "move_on", "task": task, "reason": "Далі" });
    assert_eq!(act(on).expect(200).json()["status"], "open");

    let stopped = act(json!({ "do": "stop", "reason": "Процес зламано" }))
        .expect(200)
        .json();
    assert_eq!(
        (&stopped["status"], &stopped["tasks"]),
        (&json!("waiting"), &json!([])),
        "{stopped}"
    );
    let told: Vec<Value> = installation
        .export("ukc", "journal")
        .into_iter()
        .filter(|line| line["what"] == "intervened")
        .collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert_eq!(told[2]["data"]["reason"], "Процес зламано", "{told:?}");
}
