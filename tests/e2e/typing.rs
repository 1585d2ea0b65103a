//! Who is writing just now is shown to the other side.

use crate::Shared;
use crate::operator_api::{hire, waiting};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use vikno_tests::citizen::Citizen;
use vikno_tests::eventually;
use vikno_tests::installation::Installation;
use vikno_tests::operator::Operator;

pub(crate) fn tests(shared: &Shared) -> Vec<Trial> {
    vec![
        shared.test("typing::each_side_sees_that_the_other_writes", web),
        shared.test("typing::it_is_seen_where_a_dialogue_was_moved_to", moved),
        shared.test("typing::telegram_shows_that_an_operator_writes", telegram),
    ]
}

fn types(installation: &Installation, citizen: &Citizen<'_>) {
    let path = format!("/{}/chat/typing", citizen.org);
    let session = [("authorization", &*citizen.authorization())];
    let answer = installation.post(&path, &session, &json!({}));
    assert_eq!(answer.status, 204, "{}", answer.text());
}

/// What the console of somebody with this conversation open is told of the citizen.
fn seen_at_desk(installation: &Installation, operator: &Operator<'_>, org: &str, id: &str) -> bool {
    let headers = [("authorization", operator.authorization())];
    let path = format!("/core/operator/desk?org={org}&open={id}&seen=0");
    let told = installation.get(&path, &headers).expect(200).json();
    told["open"]["typing"]
        .as_bool()
        .expect("told of the open one")
}

fn web(installation: &Installation) {
    let operator = hire(installation, "mon", "typing-web");
    let (mut citizen, id) = waiting(installation, "mon", "web", &operator);
    types(installation, &citizen);
    let at_desk = || seen_at_desk(installation, &operator, "mon", &id);
    assert!(!at_desk(), "nobody has the dialogue yet");
    operator
        .post(&format!("conversations/{id}/take"), &json!({}))
        .expect(200);

    types(installation, &citizen);
    assert!(at_desk());
    citizen.say("ось що сталося");
    eventually("what was said ends it", || (!at_desk()).then_some(()));

    let writes = |who: &Operator<'_>| {
        let answer = who.post(&format!("conversations/{id}/typing"), &json!({}));
        assert_eq!(answer.status, 204, "{}", answer.text());
    };
    let shown = |citizen: &Citizen<'_>| citizen.chat_view()["typing"] == Value::Bool(true);
    writes(&hire(installation, "mon", "typing-other"));
    assert!(!shown(&citizen), "somebody who does not have the dialogue");
    writes(&operator);
    assert!(shown(&citizen));
    let answer = json!({ "text": "зараз подивлюся", "client_id": "typing-1" });
    operator
        .post(&format!("conversations/{id}/messages"), &answer)
        .expect(200);
    citizen.wait_for("the answer", |seen| seen.text.contains("зараз подивлюся"));
    assert!(!shown(&citizen), "what was said ends it");
}

fn moved(installation: &Installation) {
    let home = hire(installation, "mon", "typing-home");
    let there = hire(installation, "mou", "typing-there");
    let (citizen, id) = waiting(installation, "mon", "web", &home);
    let act = |who: &Operator<'_>, id: &str, verb: &str, body: Value| {
        who.post(&format!("conversations/{id}/{verb}"), &body)
            .expect(200)
    };
    act(&home, &id, "take", json!({}));
    act(&home, &id, "transfer", json!({ "org": "mou" }));
    let words = format!("покличте оператора ({})", citizen.chat());
    let other = there.find_waiting(&words);
    act(&there, &other, "take", json!({}));
    eventually("the citizen knows that somebody is there", || {
        (citizen.chat_view()["status"] == "with_operator").then_some(())
    });

    types(installation, &citizen);
    assert!(seen_at_desk(installation, &there, "mou", &other));
    let typing = format!("conversations/{other}/typing");
    assert_eq!(there.post(&typing, &json!({})).status, 204);
    assert_eq!(citizen.chat_view()["typing"], true);
    let nobody_s = format!("conversations/{id}/typing");
    assert_eq!(home.post(&nobody_s, &json!({})).status, 204);
}

fn telegram(installation: &Installation) {
    let operator = hire(installation, "mon", "typing-telegram");
    let (citizen, id) = waiting(installation, "mon", "telegram", &operator);
    operator
        .post(&format!("conversations/{id}/take"), &json!({}))
        .expect(200);
    let typing = format!("conversations/{id}/typing");
    operator.post(&typing, &json!({})).expect(204);
    operator.post(&typing, &json!({})).expect(204);
    let actions = || {
        let calls = installation.standins.calls();
        let of_chat = calls.iter().filter(|call| call.chat == citizen.chat());
        of_chat
            .filter(|call| call.method == "sendChatAction")
            .count()
    };
    eventually("Telegram is told", || (actions() > 0).then_some(()));
    assert_eq!(actions(), 1, "told again at once, it is not passed on");
}
