//! Who waits is given to who is there, what somebody left goes back, and a moved dialogue finds its way home.

use crate::alone;
use crate::operator_api::hire;
use crate::settings::Settings;
use libtest_mimic::Trial;
use serde_json::{Value, json};
use vikno_tests::citizen::Citizen;
use vikno_tests::eventually;
use vikno_tests::http::send;
use vikno_tests::installation::Installation;
use vikno_tests::operator::Operator;

const ORG: &str = "mon";

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        alone(
            "routing::citizens_are_given_to_who_is_there_and_taken_back_from_who_is_not",
            distribution,
        ),
        alone(
            "routing::a_moved_dialogue_comes_back_and_only_what_is_shared_goes_along",
            return_home,
        ),
    ]
}

/// Their id.
fn id(installation: &Installation, operator: &Operator<'_>) -> String {
    let headers = [("authorization", operator.authorization())];
    let me = installation.get("/core/auth/me", &headers).expect(200);
    me.json()["id"].as_str().expect("an id").to_owned()
}

fn speaks(installation: &Installation, operator: &Operator<'_>, languages: Value) {
    let url = format!(
        "{}/core/admin/people/{}",
        installation.url,
        id(installation, operator)
    );
    let administrator = installation.administrator();
    let headers = [
        ("authorization", administrator.as_str()),
        ("content-type", "application/json"),
    ];
    let body = json!({ "languages": languages, "skills": ["law"] }).to_string();
    let changed = send("PATCH", &url, &headers, body.as_bytes()).expect(200);
    assert_eq!(changed.json()["skills"], json!(["law"]));
}

fn works(installation: &Installation, operator: &Operator<'_>, status: &str) {
    let headers = [("authorization", operator.authorization())];
    let body = json!({ "status": status });
    installation
        .post("/core/operator/status", &headers, &body)
        .expect(200);
    installation
        .get("/core/operator/desk", &headers)
        .expect(200);
}

/// Somebody who asked for an operator.
fn asks<'a>(installation: &'a Installation, language: &'static str) -> Citizen<'a> {
    let mut citizen = Citizen::new(installation, ORG, "web", language);
    citizen.open();
    citizen.wait_for("a greeting", |seen| !seen.buttons.is_empty());
    citizen.click("operator");
    citizen
}

/// The dialogues that an operator has, and that wait.
fn held(operator: &Operator<'_>, holder: &str) -> usize {
    let all = operator.conversations("with_operator");
    all.iter()
        .filter(|one| one["operator"]["id"] == holder)
        .count()
}

fn distribution() {
    let installation = Installation::start();
    let settings = Settings::of(&installation, ORG);
    let mut queues = settings.read()["parts"]["queues"]["value"].clone();
    for queue in queues.as_array_mut().expect("queues") {
        queue["distributed"] = json!(true);
        queue["skills"] = json!(["law"]);
    }
    settings.put("queues", queues).expect(200);
    let first = hire(&installation, ORG, "given-uk");
    let second = hire(&installation, ORG, "given-en");
    let (first_id, second_id) = (id(&installation, &first), id(&installation, &second));
    speaks(&installation, &first, json!(["uk"]));
    speaks(&installation, &second, json!(["en"]));
    works(&installation, &first, "at_work");
    works(&installation, &second, "at_work");

    let mut here = asks(&installation, "uk");
    here.wait_for("somebody joins", |seen| {
        seen.text.contains("Operator given-uk")
    });
    let mut english = asks(&installation, "en");
    english.wait_for("somebody joins who speaks English", |seen| {
        seen.text.contains("Operator given-en")
    });
    assert_eq!((held(&first, &first_id), held(&first, &second_id)), (1, 1));

    // The first one's console falls silent; the second one now answers in every language.
    speaks(&installation, &second, json!([]));
    let ten_minutes_ago = |label: &str, sql: &str| {
        assert_eq!(
            installation.database(label).execute(sql, [&first_id]),
            Ok(1)
        );
    };
    ten_minutes_ago(
        ORG,
        "UPDATE conversations SET facts = json_set(facts, '$.taken_at_ms', (facts ->> '$.taken_at_ms') - 600000) WHERE operator_id = ?1",
    );
    ten_minutes_ago(
        "core",
        "UPDATE presence SET seen_at_ms = seen_at_ms - 600000 WHERE person_id = ?1",
    );
    here.wait_for("that the consultant is gone", |seen| {
        seen.text.contains("знову в черзі")
    });
    here.wait_for("the other one joins", |seen| {
        seen.text.contains("Operator given-en")
    });
    assert_eq!((held(&first, &first_id), held(&first, &second_id)), (0, 2));

    works(&installation, &second, "finished");
    here.wait_for("that this one is gone, too", |seen| {
        seen.text.contains("знову в черзі")
    });
    eventually("both wait", || {
        (first.conversations("waiting").len() == 2).then_some(())
    });
}

fn return_home() {
    let installation = Installation::start();
    let settings = Settings::of(&installation, ORG);
    settings
        .put("transfers", json!({ "to": ["mou"], "shares": [] }))
        .expect(200);
    let first = hire(&installation, ORG, "home");
    let second = hire(&installation, "mou", "away");
    let mut citizen = Citizen::new(&installation, ORG, "telegram", "uk");
    citizen.open();
    citizen.wait_for("a greeting", |seen| !seen.buttons.is_empty());
    let secret = format!(
        "мій паспорт АА000000, покличте оператора ({})",
        citizen.chat()
    );
    citizen.say(&secret);
    let id = first.find_waiting(&secret);
    let act = |operator: &Operator<'_>, id: &str, verb: &str, body: Value| {
        operator.post(&format!("conversations/{id}/{verb}"), &body)
    };
    act(&first, &id, "take", json!({})).expect(200);
    let refused = act(
        &first,
        &id,
        "transfer",
        json!({ "org": "mzs", "reason": "x" }),
    );
    assert_eq!(refused.status, 400, "{}", refused.text());
    act(
        &first,
        &id,
        "transfer",
        json!({ "org": "mou", "reason": "це до МОУ" }),
    )
    .expect(200);
    let there = eventually("it arrives there", || {
        let waiting = second.conversations("waiting");
        Some(waiting.first()?["id"].as_str()?.to_owned())
    });
    let whole = second.conversation(&there);
    let said = whole.to_string();
    assert!(
        said.contains("це до МОУ") && !said.contains("паспорт"),
        "{said}"
    );
    assert!(whole["citizen"]["name"].is_null(), "{whole}");
    // Nobody here takes for waiting what another organisation has.
    assert_eq!(first.conversations("waiting"), Vec::<Value>::new());
    assert_eq!(first.conversation(&id)["moved_to"], "mou");

    act(&second, &there, "take", json!({})).expect(200);
    let words = json!({ "client_id": "1", "text": "Це таки до вас." });
    act(&second, &there, "messages", words).expect(200);
    let third = act(
        &second,
        &there,
        "transfer",
        json!({ "org": "mzs", "reason": "x" }),
    );
    assert_eq!(third.status, 409, "{}", third.text());
    let back = json!({ "org": ORG, "reason": "не наше питання" });
    act(&second, &there, "transfer", back).expect(200);
    citizen.wait_for("where the dialogue has gone", |seen| {
        seen.text.contains("Міністерство освіти")
    });
    citizen.wait_for("the place in the queue at home", |seen| {
        seen.text.contains("в черзі")
    });
    assert_eq!(second.conversation(&there)["status"], "closed");
    let home = eventually("it waits at home", || {
        let whole = first.conversation(&id);
        (whole["status"] == "waiting").then_some(whole)
    });
    let said = home.to_string();
    assert!(
        said.contains("не наше питання") && said.contains("Це таки до вас."),
        "what was said there is known here: {said}"
    );
    act(&first, &id, "take", json!({})).expect(200);
    let answer = format!("Відповідаємо ми {id}");
    act(
        &first,
        &id,
        "messages",
        json!({ "client_id": "2", "text": answer }),
    )
    .expect(200);
    citizen.wait_for("the answer from home", |seen| seen.text == answer);
    citizen.say("дякую");
    eventually("the citizen's words stay at home", || {
        let said = first.conversation(&id)["messages"].to_string();
        said.contains("дякую").then_some(())
    });
    assert!(
        !second.conversation(&there)["messages"]
            .to_string()
            .contains("дякую")
    );
}
