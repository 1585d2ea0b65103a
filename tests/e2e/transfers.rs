//! Moving a conversation: to another queue, to another organisation.

use crate::Shared;
use crate::operator_api::{hire, waiting};
use libtest_mimic::Trial;
use serde_json::json;
use vikno_tests::eventually;
use vikno_tests::installation::Installation;
use vikno_tests::operator::Operator;

pub(crate) fn tests(shared: &Shared) -> Vec<Trial> {
    vec![
        shared.test("transfers::another_queue_takes_over", to_another_queue),
        shared.test(
            "transfers::another_organisation_takes_over_on_the_old_channel",
            to_another_organisation,
        ),
    ]
}

fn to_another_queue(installation: &Installation) {
    let first = hire(installation, "ukc", "queue-first");
    let second = hire(installation, "ukc", "queue-second");
    let (mut citizen, id) = waiting(installation, "ukc", "web", &first);
    first
        .post(&format!("conversations/{id}/take"), &json!({}))
        .expect(200);
    citizen.wait_for("the operator joins", |seen| !seen.text.is_empty());
    let moved = first
        .post(
            &format!("conversations/{id}/transfer"),
            &json!({ "queue": "housing" }),
        )
        .expect(200)
        .json();
    assert_eq!(
        (&moved["status"], &moved["queue"]),
        (&json!("waiting"), &json!("housing")),
        "{moved}"
    );
    assert!(moved["operator"].is_null(), "{moved}");
    citizen.wait_for("that somebody else goes on", |seen| !seen.text.is_empty());
    let listed = second
        .get("conversations?status=waiting&queue=housing")
        .expect(200)
        .json();
    assert!(
        listed["conversations"].to_string().contains(&id),
        "{listed}"
    );
    let elsewhere = second
        .get("conversations?status=waiting&queue=displaced")
        .expect(200)
        .json();
    assert!(
        !elsewhere["conversations"].to_string().contains(&id),
        "{elsewhere}"
    );
    let taken = second
        .post(&format!("conversations/{id}/take"), &json!({}))
        .expect(200)
        .json();
    assert_eq!(taken["status"], "with_operator", "{taken}");
}

fn to_another_organisation(installation: &Installation) {
    let first = hire(installation, "ukc", "move-first");
    let second = hire(installation, "mou", "move-second");
    let (mut citizen, id) = waiting(installation, "ukc", "telegram", &first);
    first
        .post(&format!("conversations/{id}/take"), &json!({}))
        .expect(200);
    let body = json!({ "org": "mou", "reason": "військовий облік" });
    first
        .post(&format!("conversations/{id}/transfer"), &body)
        .expect(200);
    citizen.wait_for("where the dialogue has gone", |seen| {
        seen.text.contains("Міністерств")
    });

    let words = format!("покличте оператора ({})", citizen.chat());
    let there = second.find_waiting(&words);
    second
        .post(&format!("conversations/{there}/take"), &json!({}))
        .expect(200);
    let hello = format!("Вітає МОУ {there}");
    second
        .post(
            &format!("conversations/{there}/messages"),
            &json!({ "client_id": "1", "text": hello }),
        )
        .expect(200);
    citizen.wait_for("the new organisation's answer", |seen| seen.text == hello);
    let tokens: Vec<String> = installation
        .standins
        .sent_to(citizen.chat())
        .into_iter()
        .map(|sent| sent.token)
        .collect();
    assert!(
        tokens.iter().all(|token| token == "telegram-token-of-ukc"),
        "the old channel: {tokens:?}"
    );

    let reply = format!("дякую, і ще одне {there}");
    citizen.say(&reply);
    eventually("the citizen's words arrive there", || {
        second.conversation(&there)["messages"]
            .to_string()
            .contains(&reply)
            .then_some(())
    });
    let away = first.post(
        &format!("conversations/{id}/messages"),
        &json!({ "client_id": "2", "text": "x" }),
    );
    assert_eq!(away.status, 409, "{}", away.text());
    citizen.picture();
    eventually("the citizen's picture arrives there", || {
        let whole = second.conversation(&there);
        let mut media = whole["messages"]
            .as_array()?
            .iter()
            .map(|message| &message["media"]);
        media
            .any(|media| media["type"] == "image/png")
            .then_some(())
    });
    second
        .post(&format!("conversations/{there}/close"), &json!({}))
        .expect(200);
    citizen.wait_for("the question for a rating", |seen| {
        seen.buttons.iter().any(|id| id == "vote:5")
    });
    citizen.vote(4);
    citizen.wait_for("thanks", |seen| !seen.text.is_empty());
    let rating = eventually("the rating is where the dialogue was led", || {
        installation
            .export("mou", "ratings")
            .into_iter()
            .find(|row| row["conversation_id"] == there.as_str())
    });
    assert_eq!(rating["score"], 4, "{rating}");
    eventually("the dialogue is over in both", || {
        let state = |operator: &Operator<'_>, id: &str| operator.conversation(id)["status"].clone();
        (state(&first, &id) == "closed" && state(&second, &there) == "closed").then_some(())
    });
    citizen.say("Доброго дня, я знову тут");
    citizen.wait_for("the first organisation answers again", |seen| {
        !seen.text.is_empty()
    });
}
