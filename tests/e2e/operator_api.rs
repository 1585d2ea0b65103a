//! The operator API: who may do what, and who holds a conversation.

use crate::Shared;
use libtest_mimic::Trial;
use serde_json::{Value, json};
use vikno_tests::citizen::{Citizen, PNG};
use vikno_tests::eventually;
use vikno_tests::http::{Answer, send};
use vikno_tests::installation::Installation;
use vikno_tests::operator::Operator;

pub(crate) fn tests(shared: &Shared) -> Vec<Trial> {
    vec![
        shared.test(
            "operator_api::roles_count_in_their_organisation_only",
            roles,
        ),
        shared.test(
            "operator_api::tokens_that_are_not_ours_open_nothing",
            forged_tokens,
        ),
        shared.test("operator_api::of_two_who_take_at_once_one_gets_it", race),
        shared.test("operator_api::each_state_permits_what_it_permits", states),
        shared.test("operator_api::mistakes_name_their_field", mistakes),
        shared.test("operator_api::a_repeated_answer_is_said_once", repeats),
        shared.test("operator_api::notes_stay_inside", notes),
        shared.test("operator_api::a_file_reaches_the_citizen", files),
        shared.test("operator_api::lists_are_filtered_and_paged", lists),
    ]
}

/// Somebody who asked for an operator, and the id of the conversation.
pub(crate) fn waiting<'a>(
    installation: &'a Installation,
    org: &'a str,
    channel: &'static str,
    operator: &Operator<'_>,
) -> (Citizen<'a>, String) {
    let mut citizen = Citizen::new(installation, org, channel, "uk");
    citizen.open();
    citizen.wait_for("a greeting", |seen| !seen.buttons.is_empty());
    let words = format!("покличте оператора ({})", citizen.chat());
    citizen.say(&words);
    let id = operator.find_waiting(&words);
    citizen.wait_for("the place in the queue", |seen| !seen.text.is_empty());
    (citizen, id)
}

pub(crate) fn hire<'a>(installation: &'a Installation, org: &'a str, login: &str) -> Operator<'a> {
    Operator::hire(installation, org, login, "operator")
}

#[track_caller]
fn refused(answer: &Answer, status: u16, code: &str, what: &str) {
    assert_eq!(answer.status, status, "{what}: {}", answer.text());
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json"),
        "{what}"
    );
    let problem = answer.json();
    let kind = problem["type"].as_str().unwrap_or_default();
    assert!(
        kind.ends_with(&format!("/{code}")),
        "{what}: {code} expected in {problem}"
    );
}

fn roles(installation: &Installation) {
    let own = hire(installation, "mzs", "roles-operator");
    let (_citizen, id) = waiting(installation, "mzs", "web", &own);
    let take = format!("/mzs/operator/conversations/{id}/take");
    let read = format!("/mzs/operator/conversations/{id}");
    let stranger = installation.post(&take, &[], &json!({}));
    refused(&stranger, 401, "not_signed_in", "nobody");
    for (role, org, reads, acts) in [
        ("analyst", "mzs", 403, 403),
        ("author", "mzs", 403, 403),
        ("security", "mzs", 403, 403),
        ("operator", "mou", 403, 403),
        ("administrator", "mou", 403, 403),
        ("supervisor", "mzs", 200, 200),
    ] {
        let who = format!("{role} of {org}");
        let person = Operator::hire(installation, org, &format!("roles-{role}-{org}"), role);
        let headers = [("authorization", person.authorization())];
        assert_eq!(
            installation
                .get("/mzs/operator/conversations", &headers)
                .status,
            reads,
            "{who} lists"
        );
        assert_eq!(
            installation.get(&read, &headers).status,
            reads,
            "{who} reads"
        );
        assert_eq!(
            installation.post(&take, &headers, &json!({})).status,
            acts,
            "{who} takes"
        );
        // Only administrators of everything administer people.
        assert_eq!(
            installation.get("/core/admin/people", &headers).status,
            403,
            "{who} administers"
        );
    }
    let nowhere = [("authorization", own.authorization())];
    refused(
        &installation.get("/nobody/operator/conversations", &nowhere),
        404,
        "unknown_organisation",
        "nowhere",
    );
    refused(
        &own.get("conversations/c_unknown"),
        404,
        "unknown_conversation",
        "no such conversation",
    );
    refused(
        &own.post("conversations/c_unknown/take", &json!({})),
        404,
        "unknown_conversation",
        "no such",
    );
    refused(
        &own.post(&format!("conversations/{id}/delete"), &json!({})),
        404,
        "not_found",
        "no such verb",
    );
    refused(
        &own.get(&format!("conversations/{id}/take")),
        405,
        "method_not_allowed",
        "GET",
    );
}

fn forged_tokens(installation: &Installation) {
    let own = hire(installation, "minsoc", "forged-tokens");
    let token = own.authorization().trim_start_matches("Bearer ").to_owned();
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts[..] else {
        panic!("a JWT has three parts: {token}");
    };
    let mut flipped: Vec<char> = signature.chars().collect();
    flipped[3] = if flipped[3] == 'A' { 'B' } else { 'A' };
    let flipped: String = flipped.into_iter().collect();
    // {"alg":"none"} and {"alg":"HS256"} in base64.
    for (what, forged) in [
        ("signature changed", format!("{header}.{claims}.{flipped}")),
        ("no signature", format!("{header}.{claims}.")),
        ("alg none", format!("eyJhbGciOiJub25lIn0.{claims}.")),
        (
            "alg HS256",
            format!("eyJhbGciOiJIUzI1NiJ9.{claims}.{signature}"),
        ),
        ("no JWT", "x".to_owned()),
        ("empty", String::new()),
    ] {
        let authorization = format!("Bearer {forged}");
        let answer = installation.get(
            "/minsoc/operator/conversations",
            &[("authorization", &authorization)],
        );
        assert_eq!(answer.status, 401, "{what}: {}", answer.text());
    }
    own.get("conversations").expect(200);
}

fn race(installation: &Installation) {
    let first = hire(installation, "diia", "race-first");
    let second = hire(installation, "diia", "race-second");
    for _ in 0..5 {
        let (_citizen, id) = waiting(installation, "diia", "web", &first);
        let path = format!("conversations/{id}/take");
        let answers = std::thread::scope(|scope| {
            let takers =
                [&first, &second].map(|operator| scope.spawn(|| operator.post(&path, &json!({}))));
            takers.map(|taker| taker.join().expect("it answers"))
        });
        let mut statuses = [answers[0].status, answers[1].status];
        statuses.sort_unstable();
        assert_eq!(
            statuses,
            [200, 409],
            "{} {}",
            answers[0].text(),
            answers[1].text()
        );
        let winner = answers
            .iter()
            .find(|answer| answer.status == 200)
            .expect("one")
            .json();
        assert_eq!(winner["status"], "with_operator", "{winner}");
        assert_eq!(
            first.conversation(&id)["operator"]["id"],
            winner["operator"]["id"]
        );
    }
}

fn states(installation: &Installation) {
    let holder = hire(installation, "mindov", "states-holder");
    let other = hire(installation, "mindov", "states-other");
    let (mut citizen, id) = waiting(installation, "mindov", "web", &holder);
    let path = |verb: &str| format!("conversations/{id}/{verb}");
    let words = json!({ "client_id": "1", "text": "Вітаю" });

    refused(
        &holder.post(&path("messages"), &words),
        409,
        "not_taken",
        "before it is taken",
    );
    refused(
        &holder.post(&path("close"), &json!({})),
        409,
        "not_taken",
        "before it is taken",
    );
    holder.post(&path("take"), &json!({})).expect(200);
    holder.post(&path("take"), &json!({})).expect(200);
    for (verb, body) in [
        ("take", json!({})),
        ("messages", words.clone()),
        ("close", json!({})),
        ("transfer", json!({ "queue": "general" })),
    ] {
        refused(
            &other.post(&path(verb), &body),
            409,
            "held_by_another",
            verb,
        );
    }
    refused(
        &holder.post(&path("transfer"), &json!({ "queue": "nowhere" })),
        400,
        "unknown_queue",
        "queue",
    );
    refused(
        &holder.post(&path("transfer"), &json!({ "org": "mindov" })),
        400,
        "same_organisation",
        "to where it is",
    );
    refused(
        &holder.post(&path("transfer"), &json!({ "org": "nobody" })),
        400,
        "unknown_target_organisation",
        "to nobody",
    );
    let closed = holder
        .post(&path("close"), &json!({ "reason": "вирішено" }))
        .expect(200)
        .json();
    assert_eq!(closed["status"], "voting", "{closed}");
    refused(
        &holder.post(
            &path("messages"),
            &json!({ "client_id": "after-the-end", "text": "ще одне" }),
        ),
        409,
        "conversation_closed",
        "after the end",
    );
    citizen.wait_for("the question for a rating", |seen| {
        seen.buttons.iter().any(|id| id == "vote:1")
    });
    citizen.vote(1);
    eventually("it is closed", || {
        (holder.conversation(&id)["status"] == "closed").then_some(())
    });
    let ended = holder.conversation(&id);
    assert_eq!(ended["rating"], 1, "{ended}");
    for verb in ["take", "close"] {
        refused(
            &holder.post(&path(verb), &json!({})),
            409,
            "conversation_closed",
            verb,
        );
    }
}

fn mistakes(installation: &Installation) {
    let operator = hire(installation, "osvita", "mistakes");
    let (_citizen, id) = waiting(installation, "osvita", "web", &operator);
    operator
        .post(&format!("conversations/{id}/take"), &json!({}))
        .expect(200);
    for (verb, body, field) in [
        ("messages", json!({ "client_id": "1" }), "text"),
        ("messages", json!({ "client_id": "1", "text": " " }), "text"),
        (
            "messages",
            json!({ "client_id": "1", "text": "x".repeat(4_001) }),
            "text",
        ),
        ("messages", json!({ "client_id": "1", "text": 5 }), "text"),
        (
            "messages",
            json!({ "client_id": "a b", "text": "x" }),
            "client_id",
        ),
        (
            "messages",
            json!({ "client_id": "1", "media": "f_of_nobody" }),
            "media",
        ),
        ("notes", json!({}), "text"),
        ("transfer", json!({}), "queue"),
        ("transfer", json!({ "org": "../core" }), "org"),
        ("close", json!({ "reason": "x".repeat(501) }), "reason"),
    ] {
        let answer = operator.post(&format!("conversations/{id}/{verb}"), &body);
        assert_eq!(answer.status, 400, "{verb} {body}: {}", answer.text());
        assert!(
            answer.json()["detail"]
                .as_str()
                .is_some_and(|detail| detail.contains(field)),
            "{}",
            answer.text()
        );
    }
    let url = format!(
        "{}/osvita/operator/conversations/{id}/messages",
        installation.url
    );
    let headers = [("authorization", operator.authorization())];
    assert_eq!(send("POST", &url, &headers, b"{").status, 400);
    assert_eq!(
        send("POST", &url, &headers, &vec![b' '; 100 * 1024]).status,
        413
    );
    for query in ["status=lost", "after=x", "status=waiting&after=1.2"] {
        let answer = operator.get(&format!("conversations?{query}"));
        assert_eq!(answer.status, 400, "{query}: {}", answer.text());
    }
}

fn repeats(installation: &Installation) {
    let operator = hire(installation, "ukco", "repeats");
    let (mut citizen, id) = waiting(installation, "ukco", "telegram", &operator);
    operator
        .post(&format!("conversations/{id}/take"), &json!({}))
        .expect(200);
    let words = format!("Відповідь раз {}", citizen.chat());
    let body = json!({ "client_id": "the-same", "text": words });
    for _ in 0..3 {
        let state = operator
            .post(&format!("conversations/{id}/messages"), &body)
            .expect(200)
            .json();
        assert_eq!(state["status"], "with_operator", "{state}");
    }
    operator
        .post(
            &format!("conversations/{id}/messages"),
            &json!({ "client_id": "2", "text": "далі" }),
        )
        .expect(200);
    citizen.wait_for("the next answer", |seen| seen.text == "далі");
    let copies = citizen
        .seen()
        .into_iter()
        .filter(|seen| seen.text == words)
        .count();
    assert_eq!(copies, 1);
}

fn notes(installation: &Installation) {
    let operator = hire(installation, "mon", "notes");
    let (mut citizen, id) = waiting(installation, "mon", "web", &operator);
    operator
        .post(&format!("conversations/{id}/take"), &json!({}))
        .expect(200);
    let secret = format!("внутрішнє: {id}");
    operator
        .post(
            &format!("conversations/{id}/notes"),
            &json!({ "text": secret }),
        )
        .expect(200);
    operator
        .post(
            &format!("conversations/{id}/messages"),
            &json!({ "client_id": "1", "text": "вголос" }),
        )
        .expect(200);
    citizen.wait_for("the answer", |seen| seen.text == "вголос");
    assert!(
        !citizen.chat_view().to_string().contains(&secret),
        "{}",
        citizen.chat_view()
    );
    let whole = operator.conversation(&id);
    assert_eq!(whole["notes"][0]["text"], secret.as_str(), "{whole}");
    assert!(!whole["messages"].to_string().contains(&secret), "{whole}");
}

fn files(installation: &Installation) {
    let operator = hire(installation, "ukc", "files");
    let (citizen, id) = waiting(installation, "ukc", "telegram", &operator);
    operator
        .post(&format!("conversations/{id}/take"), &json!({}))
        .expect(200);
    let url = format!("{}/ukc/operator/uploads", installation.url);
    let headers = [
        ("authorization", operator.authorization()),
        ("content-disposition", "attachment; filename=\"plan.png\""),
    ];
    let upload = send("POST", &url, &headers, PNG).expect(201).json();
    assert_eq!(upload["type"], "image/png", "{upload}");
    let refused = send("POST", &url, &headers, b"MZ\x90\x00\x03");
    assert!(matches!(refused.status, 400 | 415), "{}", refused.text());
    let body = json!({ "client_id": "1", "text": "ось план", "media": upload["id"] });
    operator
        .post(&format!("conversations/{id}/messages"), &body)
        .expect(200);
    let file = eventually("the picture reaches Telegram", || {
        installation
            .standins
            .sent_to(citizen.chat())
            .into_iter()
            .find_map(|sent| sent.file)
    });
    assert_eq!(
        (file.name.as_str(), file.size),
        ("plan.png", PNG.len() as u64)
    );
}

fn lists(installation: &Installation) {
    let operator = hire(installation, "cashback", "lists");
    let (_citizen, mine) = waiting(installation, "cashback", "web", &operator);
    operator
        .post(&format!("conversations/{mine}/take"), &json!({}))
        .expect(200);
    let (_other, theirs) = waiting(installation, "cashback", "viber", &operator);
    let ids = |query: &str| -> Vec<String> {
        let page = operator
            .get(&format!("conversations?{query}"))
            .expect(200)
            .json();
        let rows = page["conversations"]
            .as_array()
            .cloned()
            .expect("conversations");
        rows.iter()
            .filter_map(|row| row["id"].as_str().map(str::to_owned))
            .collect()
    };
    assert_eq!(ids("mine=1"), [mine.as_str()]);
    assert_eq!(ids("mine=1&status=with_operator"), [mine.as_str()]);
    assert!(ids("mine=1&status=waiting").is_empty());
    let both = ids("status=waiting,with_operator");
    assert!(both.contains(&mine) && both.contains(&theirs), "{both:?}");
    assert!(ids("status=waiting").contains(&theirs));
    let page = operator
        .get("conversations?status=waiting")
        .expect(200)
        .json();
    let row = page["conversations"]
        .as_array()
        .and_then(|rows| rows.iter().find(|row| row["id"] == theirs.as_str()));
    let row = row.expect("the one that waits");
    for name in [
        "id",
        "status",
        "queue",
        "channel",
        "language",
        "opened_at",
        "last_at",
    ] {
        assert!(row[name].is_string(), "{name} in {row}");
    }
    assert!(
        row["priority"].is_i64() && row["citizen"]["name"].is_string(),
        "{row}"
    );
    assert!(row["topic"].is_null() && row["operator"].is_null(), "{row}");
    let queues = operator.get("queues").expect(200).json();
    let total = |name: &str| -> i64 {
        let queues = queues["queues"].as_array().cloned().unwrap_or_default();
        queues
            .iter()
            .filter_map(|queue: &Value| queue[name].as_i64())
            .sum()
    };
    assert!(
        total("waiting") >= 1 && total("with_operator") >= 1,
        "{queues}"
    );
}
