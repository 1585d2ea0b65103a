//! The Corezoid API: signed calls, addresses without a signature, who waits for an answer.

use crate::{Shared, alone};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use vikno_corezoid::api::{Account, Algorithm, Secret};
use vikno_tests::corezoid::{Corezoid, now_s};
use vikno_tests::eventually;
use vikno_tests::http::{Answer, send};
use vikno_tests::installation::Installation;
use vikno_tests::operator::Operator;

/// What the installation of these tests is called outside.
const PUBLIC_URL: &str = "https://chat.example.gov.ua";

pub(crate) fn tests(shared: &Shared) -> Vec<Trial> {
    vec![
        shared.test(
            "corezoid_api::a_task_is_made_shown_listed_and_deleted",
            life,
        ),
        shared.test("corezoid_api::operations_are_answered_one_by_one", answers),
        shared.test("corezoid_api::only_who_signs_comes_in", entrance),
        shared.test("corezoid_api::a_call_is_taken_once", replays),
        shared.test("corezoid_api::what_cannot_be_read_is_told", unreadable),
        shared.test("corezoid_api::too_many_operations_have_to_wait", limits),
        shared.test("corezoid_api::tasks_are_no_dialogues", hidden),
        alone(
            "corezoid_api::a_process_of_ones_own_is_modified_called_back_and_waited_for",
            own,
        ),
        alone("corezoid_api::a_task_outlives_a_power_cut", crash),
    ]
}

pub(crate) fn number() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NUMBERS: AtomicU64 = AtomicU64::new(1);
    NUMBERS.fetch_add(1, Ordering::Relaxed)
}

#[track_caller]
fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json")
    );
    let problem = answer.json();
    let kind = problem["type"].as_str().unwrap_or_default();
    assert!(
        kind.ends_with(&format!("/{code}")),
        "{code} expected in {problem}"
    );
}

fn life(installation: &Installation) {
    let corezoid = Corezoid::new(installation, "mzs");
    let reference = format!("life-{}", number());
    let id = corezoid.create(
        "send-message",
        Some(&reference),
        json!({ "conversation_id": "c_none", "text": "так" }),
    );
    let shown = eventually("it ends", || {
        let op = json!({ "type": "show", "obj": "task", "conv_id": "101", "ref": reference });
        let task = corezoid.op(op);
        (task["status"] == "processed").then_some(task)
    });
    assert_eq!(
        (&shown["obj_id"], &shown["ref"]),
        (&json!(id), &json!(reference)),
        "{shown}"
    );
    assert_eq!(
        (&shown["node_id"], &shown["node_prev_id"]),
        (&json!("refused"), &json!("not-asked")),
        "{shown}"
    );
    assert_eq!(shown["data"]["result"], "refused", "{shown}");
    let now = now_s();
    for time in ["create_time", "change_time"] {
        let told = shown[time].as_i64().expect("a time");
        assert!((now - 60..=now).contains(&told), "{shown}");
    }

    let nodes = corezoid.op(json!({ "type": "list", "obj": "conv", "obj_id": "@send-message" }));
    let list = nodes["list"].as_array().expect("nodes");
    let ended = list
        .iter()
        .find(|node| node["obj_id"] == "refused")
        .expect("a node");
    assert!(ended["count"].as_i64() >= Some(1), "{nodes}");
    let tasks =
        json!({ "type": "list", "obj": "node", "obj_id": "refused", "conv_id": 101, "limit": 500 });
    let tasks = corezoid.op(tasks);
    let list = tasks["list"].as_array().expect("tasks");
    assert!(
        list.iter().any(|task| task["obj_id"] == json!(id)),
        "{tasks}"
    );

    let delete = json!({ "type": "delete", "obj": "task", "conv_id": 101, "node_id": "refused", "obj_id": id });
    assert_eq!(corezoid.op(delete.clone())["proc"], "ok");
    assert_eq!(
        corezoid.show("send-message", &id)["description"],
        "task not found"
    );
    assert_eq!(corezoid.op(delete)["description"], "task not found");
    // The reference is free, and was so since the task had ended.
    corezoid.create("send-message", Some(&reference), json!({}));
}

fn answers(installation: &Installation) {
    let corezoid = Corezoid::new(installation, "mzs");
    let answer = corezoid.ops(json!([
        { "id": "a", "type": "create", "obj": "task", "conv_id": "@update-user", "data": { "conversation_id": "c_none", "name": "Оля" } },
        { "id": "b", "type": "create", "obj": "task", "conv_id": "no-such-process", "data": {} },
        { "id": "c", "type": "show", "obj": "task", "conv_id": "queue", "ref": "none" },
        { "id": "d", "type": "modify", "obj": "task", "conv_id": "queue", "ref": "none", "data": {} },
        { "id": "e", "type": "create", "obj": "task", "data": {} },
        { "id": "f", "type": "dance", "obj": "task" },
        "no operation",
        { "id": "g", "type": "list", "obj": "node", "obj_id": "nowhere", "conv_id": "queue" },
    ]));
    let answer = answer.expect(200).json();
    let told: Vec<String> = answer["ops"]
        .as_array()
        .expect("answers")
        .iter()
        .map(|op| format!("{} {} {}", op["id"], op["proc"], op["description"]))
        .collect();
    let expected = [
        r#""a" "ok" null"#,
        r#""b" "error" "access denied""#,
        r#""c" "error" "task not found""#,
        r#""d" "error" "task not found""#,
        r#""e" "error" "Key 'conv_id' is required""#,
        r#""f" "error" "unknown operation: dance task""#,
        r#""" "error" "Value is not valid: an object is wanted""#,
        r#""g" "error" "node not found""#,
    ];
    assert_eq!(told, expected, "{answer}");

    // Version 1 tells the code of a failure, and everything with 200.
    let body = json!({ "ops": [{ "id": number(), "type": "show", "obj": "task", "conv_id": "queue", "ref": "none" }] }).to_string();
    let path = corezoid.path(1, Algorithm::Sha1, now_s(), body.as_bytes());
    let answer = corezoid.post(&path, body.as_bytes()).expect(200).json();
    assert_eq!(answer["ops"][0]["proc"], "not_found_task", "{answer}");
    let path = corezoid.path(1, Algorithm::Sha1, now_s(), b"{");
    let answer = corezoid.post(&path, b"{").expect(200).json();
    assert_eq!(answer, json!({ "request_proc": "format_error", "ops": [] }));
}

fn entrance(installation: &Installation) {
    let corezoid = Corezoid::new(installation, "mon");
    let body = |what: &str| {
        json!({ "ops": [{ "id": format!("{what}{}", number()), "type": "list", "obj": "conv", "obj_id": "queue" }] }).to_string()
    };
    for algorithm in [
        Algorithm::Sha1,
        Algorithm::Sha224,
        Algorithm::Sha256,
        Algorithm::Sha384,
        Algorithm::Sha512,
    ] {
        let body = body("good");
        let path = corezoid.path(2, algorithm, now_s(), body.as_bytes());
        corezoid.post(&path, body.as_bytes()).expect(200);
    }
    let (own, other) = (body("own"), body("other"));
    let path = corezoid.path(2, Algorithm::Sha1, now_s(), own.as_bytes());
    refused(
        &corezoid.post(&path, other.as_bytes()),
        403,
        "access_denied",
    );
    for stale in [now_s() - 400, now_s() + 400] {
        let path = corezoid.path(2, Algorithm::Sha1, stale, own.as_bytes());
        let answer = corezoid.post(&path, own.as_bytes());
        refused(&answer, 403, "access_denied");
        assert!(answer.text().contains("time"), "{}", answer.text());
    }
    let stranger = Account::new("key-of-mon", Secret::new("guessed"));
    let stranger = Corezoid::with(installation, "mon", stranger);
    refused(&stranger.send(own.as_bytes()), 403, "access_denied");
    let another = Account::new("key-of-mzs", Secret::new("corezoid-secret-of-mzs"));
    let another = Corezoid::with(installation, "mon", another);
    refused(&another.send(own.as_bytes()), 403, "access_denied");
    for tail in ["key-of-mon/now/abc", "key-of-mon/1800000000/abc"] {
        let answer = corezoid.post(&format!("/mon/api/2/json/{tail}"), own.as_bytes());
        refused(&answer, 403, "access_denied");
    }
    // An organisation without a key, one that is not there, an address that is none, another method.
    let closed = Account::new("key-of-cashback", Secret::new(""));
    let closed = Corezoid::with(installation, "cashback", closed);
    refused(&closed.send(own.as_bytes()), 404, "channel_closed");
    refused(
        &corezoid.post("/nobody/api/2/json/a/1/b", b"{}"),
        404,
        "channel_closed",
    );
    refused(
        &corezoid.post("/mon/api/3/json/a/1/b", b"{}"),
        404,
        "not_found",
    );
    refused(
        &corezoid.post("/mon/api/2/xml/a/1/b", b"{}"),
        404,
        "not_found",
    );
    assert_eq!(installation.get(&path, &[]).status, 405);
    // Neither an answer nor the log shows a signature.
    let signature = path.rsplit('/').next().expect("a signature");
    assert!(!installation.log().contains(signature));
}

fn replays(installation: &Installation) {
    let corezoid = Corezoid::new(installation, "minsoc");
    let reference = format!("once-{}", number());
    let body = json!({ "ops": [{ "type": "create", "obj": "task", "conv_id": "send-message", "ref": reference, "data": {} }] }).to_string();
    let path = corezoid.path(2, Algorithm::Sha256, now_s(), body.as_bytes());
    corezoid.post(&path, body.as_bytes()).expect(200);
    refused(&corezoid.post(&path, body.as_bytes()), 409, "repeated_call");
    refused(
        &corezoid.post(
            &path.to_uppercase().replace(
                "/MINSOC/API/2/JSON/KEY-OF-MINSOC",
                "/minsoc/api/2/json/key-of-minsoc",
            ),
            body.as_bytes(),
        ),
        409,
        "repeated_call",
    );
}

fn unreadable(installation: &Installation) {
    let corezoid = Corezoid::new(installation, "mou");
    for (body, why) in [
        ("{\"ops\": [", "line 1"),
        ("[]", "not a JSON object"),
        ("{\"ops\": []}", "an operation in it"),
        ("", "not JSON"),
    ] {
        let answer = corezoid.send(body.as_bytes());
        assert_eq!(answer.status, 400, "{body}: {}", answer.text());
        let told = answer.json();
        assert_eq!(told["request_proc"], "format_error", "{told}");
        let description = told["ops"][0]["description"].as_str().unwrap_or_default();
        assert!(
            description.starts_with("Incorrect body") && description.contains(why),
            "{told}"
        );
    }
    let large = format!(
        "{{\"ops\": [{{\"data\": \"{}\"}}]}}",
        "x".repeat(1024 * 1024)
    );
    refused(&corezoid.send(large.as_bytes()), 413, "body_too_large");
    let big = json!({ "text": "x".repeat(200_000) });
    let answer = corezoid
        .op(json!({ "type": "create", "obj": "task", "conv_id": "send-message", "data": big }));
    assert_eq!(
        answer["description"], "task size overflow limit",
        "{answer}"
    );
}

fn limits(installation: &Installation) {
    let corezoid = Corezoid::new(installation, "ukco");
    let ops: Vec<Value> = (0..1_000)
        .map(|id| json!({ "id": id, "type": "show", "obj": "task", "conv_id": "queue", "ref": "none" }))
        .collect();
    let mut answers = (0..20).map(|_| corezoid.ops(json!(ops)));
    let limited = answers
        .find(|answer| answer.status != 200)
        .expect("a limit");
    refused(&limited, 429, "too_many_requests");
    let wait_s: u64 = limited
        .header("retry-after")
        .expect("a time")
        .parse()
        .expect("seconds");
    assert!((1..=5).contains(&wait_s), "{wait_s}");
}

/// Tasks are in no list, count or export of conversations; what was done is in the journal.
fn hidden(installation: &Installation) {
    let corezoid = Corezoid::new(installation, "mindov");
    let id = corezoid.create(
        "send-message",
        None,
        json!({ "conversation_id": "c_none", "text": "x" }),
    );
    let conversations = installation.export("mindov", "conversations");
    assert!(
        conversations.iter().all(|row| row["channel"] != "api"),
        "{conversations:?}"
    );
    let journal = eventually("it is journaled", || {
        let rows = installation.export("mindov", "journal");
        let own = rows
            .iter()
            .find(|row| row["what"] == "task_created" && row["data"].to_string().contains(&id));
        own.cloned()
    });
    assert_eq!(journal["actor"], "api:key-of-mindov", "{journal}");
}

/// Waits for a callback, answers the caller who waits for it, ends.
fn orders() -> Value {
    let node = |id: &str, obj_type: u8, logics: Value, semaphors: Value| {
        json!({ "id": id, "obj_type": obj_type, "title": id, "description": "", "x": 0, "y": 0, "extra": "{}", "options": null,
                "condition": { "logics": logics, "semaphors": semaphors } })
    };
    let go = |to: &str| json!({ "type": "go", "to_node_id": to });
    let note = json!({ "type": "set_param", "extra": { "own": "{{root.task_id}}", "url": "{{node[wait].public_callback_corezoid}}" },
                       "extra_type": { "own": "string", "url": "string" }, "err_node_id": "failed" });
    let wait = json!({ "type": "api_callback", "is_sync": true, "obj_id_path": "order.task" });
    let timer = json!({ "type": "time", "value": 600, "dimension": "sec", "to_node_id": "failed" });
    let answer = json!({ "type": "api", "version": 2, "format": "", "method": "POST", "url": "{{__callback_url}}", "extra": { "paid": "{{paid}}" },
                         "extra_type": { "paid": "string" }, "max_threads": 5, "customize_response": false, "content_type": "application/json",
                         "extra_headers": {}, "send_sys": false, "debug_info": false, "err_node_id": "done" });
    json!({
        "obj_type": 1, "obj_id": 900, "parent_id": 0, "title": "Orders", "description": "", "status": "active", "conv_type": "process",
        "ref_mask": true,
        "params": [{ "name": "number", "type": "number", "descr": "", "flags": ["required", "input"], "regex": "", "regex_error_text": "" }],
        "scheme": { "nodes": [
            node("start", 1, json!([go("note")]), json!([])),
            node("note", 0, json!([note, go("wait")]), json!([])),
            node("wait", 0, json!([wait, go("answer")]), json!([timer])),
            node("answer", 0, json!([answer, go("done")]), json!([])),
            node("done", 2, json!([]), json!([])),
            node("failed", 2, json!([]), json!([])),
        ], "web_settings": [[], []] },
    })
}

fn publish_orders(installation: &Installation, org: &str) {
    let author = Operator::hire(installation, org, "api-author", "author");
    let url = format!("{}/{org}/processes", installation.url);
    let headers = [
        ("authorization", author.authorization()),
        ("content-type", "application/json"),
        ("if-none-match", "*"),
    ];
    let body = json!({ "document": orders() }).to_string();
    send(
        "PUT",
        &format!("{url}/drafts/orders"),
        &headers,
        body.as_bytes(),
    )
    .expect(200);
    let body = json!({ "reason": "orders of an outside system" }).to_string();
    send(
        "POST",
        &format!("{url}/publish"),
        &headers[..2],
        body.as_bytes(),
    )
    .expect(201);
}

fn own() {
    let installation = Installation::start_with(&[("SPIN_VARIABLE_PUBLIC_URL", PUBLIC_URL)]);
    publish_orders(&installation, "osvita");
    let corezoid = Corezoid::new(&installation, "osvita");
    modified(&corezoid);
    called_back(&corezoid);
    directly(&corezoid);
    waited_for(&corezoid);
}

fn modified(corezoid: &Corezoid<'_>) {
    let create = json!({ "type": "create", "obj": "task", "conv_id": 900, "ref": "A-1", "data": { "number": 1, "kept": { "a": 1 } } });
    let id = corezoid.create("900", Some("A-1"), create["data"].clone());
    assert_eq!(corezoid.op(create)["description"], "not unical reference");
    let missing =
        corezoid.op(json!({ "type": "create", "obj": "task", "conv_id": 900, "data": {} }));
    assert_eq!(
        missing["description"], "wrong validate params: number",
        "{missing}"
    );
    let task = corezoid.show("orders", &id);
    assert_eq!(
        (&task["status"], &task["node_id"]),
        (&json!("processing"), &json!("wait")),
        "{task}"
    );
    assert_eq!(task["data"]["own"], json!(id));
    // Created and modified in one call: in order.
    let both = corezoid.ops(json!([
        { "id": 1, "type": "create", "obj": "task", "conv_id": "orders", "ref": "A-2", "data": { "number": 2 } },
        { "id": 2, "type": "modify", "obj": "task", "conv_id": "orders", "ref": "A-2", "data": { "paid": true } },
        { "id": 3, "type": "show", "obj": "task", "conv_id": "orders", "ref": "A-2" },
    ]));
    let both = both.expect(200).json();
    assert_eq!(
        (&both["ops"][1]["proc"], &both["ops"][2]["node_id"]),
        (&json!("ok"), &json!("done")),
        "{both}"
    );
    let modify = json!({ "type": "modify", "obj": "task", "conv_id": "orders", "ref": "A-1", "data": { "paid": true, "kept": { "b": 2 } } });
    assert_eq!(corezoid.op(modify.clone())["proc"], "ok");
    let task = corezoid.show("orders", &id);
    assert_eq!(
        (&task["node_id"], &task["data"]["kept"]),
        (&json!("done"), &json!({ "b": 2 })),
        "{task}"
    );
    assert_eq!(corezoid.op(modify)["description"], "task not found");
}

fn called_back(corezoid: &Corezoid<'_>) {
    let id = corezoid.create("orders", Some("A-3"), json!({ "number": 3 }));
    let task = corezoid.show("orders", &id);
    let url = task["data"]["url"].as_str().expect("an address");
    let path = url
        .strip_prefix(PUBLIC_URL)
        .expect("as it is called outside");
    let wrong = format!(
        "{}{}",
        &path[..path.len() - 1],
        if path.ends_with('0') { '1' } else { '0' }
    );
    let body = json!({ "order": { "task": id }, "paid": "yes" }).to_string();
    refused(
        &corezoid.post(&wrong, body.as_bytes()),
        403,
        "access_denied",
    );
    let none = corezoid
        .post(path, br#"{"order": {"task": "5"}}"#)
        .expect(200)
        .json();
    assert_eq!(none["ops"][0]["proc"], "not_found_task", "{none}");
    let woken = corezoid.post(path, body.as_bytes()).expect(200).json();
    assert_eq!(woken["ops"][0]["proc"], "ok", "{woken}");
    let task = corezoid.show("orders", &id);
    assert_eq!(
        (&task["node_id"], &task["data"]["paid"]),
        (&json!("done"), &json!("yes")),
        "{task}"
    );
}

fn directly(corezoid: &Corezoid<'_>) {
    let hash = |kind: &str| {
        corezoid.op(json!({ "type": kind, "obj": "callback_hash", "conv_id": "orders" }))
    };
    assert!(
        hash("get")["hash"].is_null(),
        "closed until somebody opens it"
    );
    let opened = hash("create");
    let path = opened["url"]
        .as_str()
        .expect("an address")
        .strip_prefix(PUBLIC_URL)
        .expect("as it is called outside");
    assert_eq!(hash("get")["hash"], opened["hash"]);
    let made = corezoid.post(path, br#"{"number": 7}"#).expect(200).json();
    let id = made["ops"][0]["obj_id"].as_str().expect("a number");
    assert_eq!(corezoid.show("orders", id)["data"]["number"], 7, "{made}");
    for (form, body) in [("nvp", "number=8&note=a+b"), ("xml", "<number>8</number>")] {
        let path = path.replace("/json/", &format!("/{form}/"));
        let made = corezoid.post(&path, body.as_bytes()).expect(200).json();
        let id = made["ops"][0]["obj_id"].as_str().expect("a number");
        let data = &corezoid.show("orders", id)["data"];
        assert_eq!(data["number"], "8", "{form}: {made}");
    }
    assert_eq!(corezoid.post(path, b"{").status, 400);
    refused(
        &corezoid.post(&path.replace("orders", "queue"), b"{}"),
        403,
        "access_denied",
    );
    let renewed = hash("modify");
    assert_ne!(renewed["hash"], opened["hash"]);
    refused(&corezoid.post(path, b"{}"), 403, "access_denied");
    hash("delete");
    let path = renewed["url"]
        .as_str()
        .expect("an address")
        .strip_prefix(PUBLIC_URL)
        .expect("as it is called outside");
    refused(&corezoid.post(path, b"{}"), 403, "access_denied");
}

fn waited_for(corezoid: &Corezoid<'_>) {
    let late = corezoid.sync(1, "orders", json!({ "number": 8 }));
    assert_eq!(
        (&late["proc"], &late["description"]),
        (&json!("error"), &json!("Timeout for create task")),
        "{late}"
    );
    let refused = corezoid.sync(1, "orders", json!({}));
    assert_eq!(
        refused["description"], "wrong validate params: number",
        "{refused}"
    );
    std::thread::scope(|scope| {
        let caller = scope.spawn(|| corezoid.sync(20, "orders", json!({ "number": 4242 })));
        let id = eventually("the task waits", || {
            let list = corezoid.op(json!({ "type": "list", "obj": "node", "obj_id": "wait", "conv_id": "orders", "limit": 500 }));
            let list = list["list"].as_array()?.clone();
            let own = list.iter().find(|task| task["data"]["number"] == 4242)?;
            Some(own["obj_id"].as_str()?.to_owned())
        });
        let modify = json!({ "type": "modify", "obj": "task", "conv_id": "orders", "obj_id": id, "data": { "paid": "now" } });
        assert_eq!(corezoid.op(modify)["proc"], "ok");
        let answer = caller.join().expect("an answer");
        assert_eq!(
            (&answer["proc"], &answer["data"]),
            (&json!("ok"), &json!({ "paid": "now" })),
            "{answer}"
        );
    });
}

fn crash() {
    let mut installation = Installation::start();
    publish_orders(&installation, "osvita");
    let id = Corezoid::new(&installation, "osvita").create(
        "orders",
        Some("K-1"),
        json!({ "number": 1 }),
    );
    installation.kill_and_restart();
    let corezoid = Corezoid::new(&installation, "osvita");
    assert_eq!(corezoid.show("orders", &id)["node_id"], "wait");
    let modify = json!({ "type": "modify", "obj": "task", "conv_id": "orders", "ref": "K-1", "data": { "paid": true } });
    assert_eq!(corezoid.op(modify)["proc"], "ok");
    assert_eq!(corezoid.show("orders", &id)["node_id"], "done");
}
