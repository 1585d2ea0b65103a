//! The main job, for each organisation, channel and language: from the greeting to the rating, and all of it in the
//! journal and in the exports.

use crate::Shared;
use libtest_mimic::Trial;
use serde_json::{Value, json};
use vikno_tests::ORGANISATIONS;
use vikno_tests::citizen::{CHANNELS, Citizen};
use vikno_tests::eventually;
use vikno_tests::installation::Installation;
use vikno_tests::operator::Operator;

pub(crate) fn tests(shared: &Shared) -> Vec<Trial> {
    let mut trials = Vec::new();
    for org in ORGANISATIONS {
        for channel in CHANNELS {
            for language in ["uk", "en"] {
                let shared = shared.clone();
                let name = format!("dialogue::{org}_on_{channel}_in_{language}");
                trials.push(Trial::test(name, move || {
                    full_dialogue(shared.get(), org, channel, language);
                    Ok(())
                }));
            }
        }
    }
    trials
}

fn full_dialogue(installation: &Installation, org: &str, channel: &'static str, language: &str) {
    let operator = Operator::new(installation, org, &installation.administrator());
    let mut citizen = Citizen::new(installation, org, channel, language);

    citizen.open();
    let greeting = citizen.wait_for("a greeting with topics", |seen| {
        seen.buttons
            .iter()
            .any(|button| button.starts_with("topic:"))
    });
    let topic = greeting
        .buttons
        .iter()
        .find(|button| button.starts_with("topic:"));
    citizen.click(topic.expect("it was waited for"));
    let answer = citizen.wait_for("the topic's answer", |seen| seen.text.len() > 40);
    let ukrainian = answer.text.chars().any(|letter| "іїєґ".contains(letter));
    assert_eq!(ukrainian, language == "uk", "{}", answer.text);

    let words = match language {
        "uk" => format!("Покличте оператора, будь ласка ({})", citizen.chat()),
        _ => format!("operator please ({})", citizen.chat()),
    };
    citizen.say(&words);
    let id = operator.find_waiting(&words);
    citizen.wait_for("the place in the queue", |seen| !seen.text.is_empty());

    let taken = operator
        .post(&format!("conversations/{id}/take"), &json!({}))
        .expect(200)
        .json();
    assert_eq!(taken["status"], "with_operator", "{taken}");
    let hello = format!("Вітаю! Чим допомогти? {}", citizen.chat());
    let body = json!({ "client_id": format!("hello-{id}"), "text": hello });
    operator
        .post(&format!("conversations/{id}/messages"), &body)
        .expect(200);
    citizen.wait_for("the operator's answer", |seen| seen.text == hello);

    citizen.picture();
    let picture = eventually("the operator sees the picture", || {
        let messages = operator.conversation(&id)["messages"].as_array()?.clone();
        messages
            .into_iter()
            .find(|message| message["media"]["type"] == "image/png")
    });
    let url = picture["media"]["url"].as_str().expect("a link");
    let file = installation.get(url, &[]).expect(200);
    assert_eq!(file.body, vikno_tests::citizen::PNG, "{org} {channel}");

    operator
        .post(
            &format!("conversations/{id}/close"),
            &json!({ "reason": "solved" }),
        )
        .expect(200);
    citizen.wait_for("the question for a rating", |seen| {
        ["vote:1", "vote:5"]
            .iter()
            .all(|vote| seen.buttons.iter().any(|button| button == vote))
    });
    citizen.vote(5);
    citizen.wait_for("thanks for the rating", |seen| !seen.text.is_empty());

    let rating = eventually("the rating is exported", || {
        find(installation, org, "ratings", "conversation_id", &id)
            .into_iter()
            .next()
    });
    assert_eq!(rating["score"], 5, "{rating}");
    let conversation = find(installation, org, "conversations", "id", &id);
    assert_eq!(conversation[0]["status"], "closed", "{conversation:?}");
    assert_eq!(conversation[0]["channel"], channel);
    let messages = find(installation, org, "messages", "conversation_id", &id);
    let authors: Vec<&str> = messages
        .iter()
        .filter_map(|message| message["from"].as_str())
        .collect();
    let pressed = |row: &Value| row["details"]["button"].as_str() == topic.map(String::as_str);
    assert!(
        messages.iter().any(pressed),
        "{org} {channel}: what the citizen pressed is told in words: {messages:#?}"
    );
    for author in ["citizen", "robot", "operator", "system"] {
        assert!(
            authors.contains(&author),
            "{org} {channel}: no message from {author}: {authors:?}"
        );
    }
    let journal = find(installation, org, "journal", "conversation_id", &id);
    let lines: Vec<&str> = journal
        .iter()
        .filter_map(|line| line["what"].as_str())
        .collect();
    in_order(
        &lines,
        &[
            "conversation_opened",
            "message_received",
            "queue_entered",
            "operator_took",
            "message_sent",
            "operator_closed",
            "dialogue_rated",
            "conversation_closed",
        ],
    );
    assert!(
        !lines.iter().any(|line| line.ends_with("_failed")),
        "{journal:#?}"
    );
}

fn find(
    installation: &Installation,
    org: &str,
    what: &str,
    field: &str,
    value: &str,
) -> Vec<Value> {
    let rows = installation.export(org, what).into_iter();
    rows.filter(|row| row[field] == value).collect()
}

#[track_caller]
fn in_order(lines: &[&str], wanted: &[&str]) {
    let mut rest = lines.iter();
    for what in wanted {
        assert!(
            rest.any(|line| line == what),
            "{what} is missing or out of order in {lines:#?}"
        );
    }
}
