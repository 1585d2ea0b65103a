//! Process authors: drafts that nobody overwrites, publishing with and without a second person, roll-back, and where
//! live dialogues stand.

use crate::{Shared, alone, operator_api};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use vikno_tests::citizen::Citizen;
use vikno_tests::eventually;
use vikno_tests::http::{Answer, send};
use vikno_tests::installation::Installation;
use vikno_tests::operator::Operator;

pub(crate) fn tests(shared: &Shared) -> Vec<Trial> {
    vec![
        alone(
            "processes::a_change_reaches_new_dialogues_and_an_earlier_version_comes_back",
            life,
        ),
        shared.test(
            "processes::of_two_authors_none_overwrites_the_other",
            conflict,
        ),
        shared.test("processes::what_cannot_run_is_not_published", errors),
        shared.test(
            "processes::a_second_person_agrees_where_the_settings_ask",
            review,
        ),
        shared.test("processes::roles_permit_what_they_permit", roles),
        shared.test("processes::a_draft_is_rehearsed_without_a_trace", rehearsal),
        shared.test(
            "processes::a_dialogue_is_shown_without_its_words_to_those_who_may_not_read_it",
            instance,
        ),
    ]
}

/// Somebody who works on the processes of an organisation.
pub(crate) struct Author<'a> {
    installation: &'a Installation,
    org: &'a str,
    authorization: String,
}

impl<'a> Author<'a> {
    pub(crate) fn hire(
        installation: &'a Installation,
        org: &'a str,
        login: &str,
        role: &str,
    ) -> Self {
        let authorization = Operator::hire(installation, org, login, role)
            .authorization()
            .to_owned();
        Self {
            installation,
            org,
            authorization,
        }
    }

    fn send(&self, method: &str, path: &str, tag: Option<&str>, body: &Value) -> Answer {
        let url = format!("{}/{}/processes/{path}", self.installation.url, self.org);
        let mut headers = vec![
            ("authorization", self.authorization.as_str()),
            ("content-type", "application/json"),
        ];
        headers.extend(tag.map(|tag| ("if-match", tag)));
        let body = if body.is_null() || method == "GET" {
            String::new()
        } else {
            body.to_string()
        };
        send(method, &url, &headers, body.as_bytes())
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        self.send("GET", path, None, &Value::Null)
            .expect(200)
            .json()
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, None, body)
    }

    /// The document to be changed, and the tag of what was read.
    pub(crate) fn draft(&self, process: &str) -> (Value, String) {
        let answer = self
            .send("GET", &format!("drafts/{process}"), None, &Value::Null)
            .expect(200);
        let tag = answer.header("etag").expect("a tag").to_owned();
        (answer.json()["document"].clone(), tag)
    }

    pub(crate) fn save(&self, process: &str, tag: &str, document: &Value) -> Answer {
        let body = json!({ "document": document });
        self.send("PUT", &format!("drafts/{process}"), Some(tag), &body)
    }

    fn discard(&self, process: &str, tag: &str) -> Answer {
        self.send(
            "DELETE",
            &format!("drafts/{process}"),
            Some(tag),
            &Value::Null,
        )
    }

    fn newest(&self) -> i64 {
        self.get("versions/newest")["version"]["id"]
            .as_i64()
            .expect("a number")
    }

    /// Ids of all dialogues.
    fn dialogues(&self) -> BTreeSet<String> {
        let list = self.get("conversations")["conversations"].clone();
        let ids = list.as_array().expect("a list").iter();
        ids.map(|one| one["id"].as_str().expect("an id").to_owned())
            .collect()
    }
}

#[track_caller]
pub(crate) fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.status, status, "{}", answer.text());
    let kind = answer.json()["type"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    assert!(
        kind.ends_with(&format!("/{code}")),
        "{code} expected in {kind}"
    );
}

/// A node of a document, to be changed.
pub(crate) fn node<'a>(document: &'a mut Value, id: &str) -> &'a mut Value {
    let nodes = document["scheme"]["nodes"].as_array_mut().expect("nodes");
    nodes
        .iter_mut()
        .find(|node| node["id"] == id)
        .expect("the node is there")
}

/// A citizen who has been greeted, and the id of the dialogue.
pub(crate) fn greeted<'a>(
    installation: &'a Installation,
    author: &Author<'a>,
) -> (Citizen<'a>, String) {
    let before = author.dialogues();
    let mut citizen = Citizen::new(installation, author.org, "web", "uk");
    citizen.open();
    citizen.wait_for("a greeting", |seen| !seen.buttons.is_empty());
    let id = eventually("the dialogue is listed", || {
        author.dialogues().difference(&before).next().cloned()
    });
    (citizen, id)
}

/// `process:node` of every step of a dialogue's way.
fn way(author: &Author<'_>, id: &str) -> Vec<String> {
    let dialogue = author.get(&format!("conversations/{id}"));
    let lines = dialogue["journal"].as_array().expect("a journal").clone();
    let passages = lines
        .iter()
        .flat_map(|line| line["path"].as_array().cloned().unwrap_or_default());
    passages
        .map(|one| {
            format!(
                "{}:{}",
                one["process"].as_str().unwrap(),
                one["node"].as_str().unwrap()
            )
        })
        .collect()
}

fn version_of(author: &Author<'_>, id: &str) -> i64 {
    author.get(&format!("conversations/{id}"))["version"]
        .as_i64()
        .expect("a version")
}

fn life() {
    let mut installation = Installation::start();
    let (first, changed);
    {
        let author = Author::hire(&installation, "ukc", "life-author", "author");
        first = author.newest();
        let (mut running, old) = greeted(&installation, &author);

        // A new node on the way of every new dialogue.
        let (mut document, tag) = author.draft("project");
        node(&mut document, "start")["condition"]["logics"][0]["to_node_id"] = "new-node".into();
        let new = json!({
            "id": "new-node", "obj_type": 0, "title": "New",
            "condition": { "logics": [{ "type": "go", "to_node_id": "convert" }], "semaphors": [] },
        });
        document["scheme"]["nodes"]
            .as_array_mut()
            .expect("nodes")
            .push(new);
        let saved = author.save("project", &tag, &document).expect(200).json();
        assert_eq!(saved["publishable"], true, "{saved}");
        assert_eq!(
            saved["differences"]["changed"][0]["nodes_added"],
            json!(["new-node"])
        );
        assert_eq!(author.newest(), first, "a draft is not live");

        let published = author
            .post("publish", &json!({ "reason": "Новий вузол на початку" }))
            .expect(201)
            .json();
        changed = published["version"]["id"].as_i64().expect("a number");
        assert_eq!(changed, first + 1);
        assert_eq!(author.get("drafts")["drafts"], json!([]));
        refused(
            &author.post("publish", &json!({ "reason": "ще раз" })),
            409,
            "nothing_changed",
        );

        // The dialogue under way stays on its version, a new one takes the newest.
        running.say("субсидія");
        running.wait_for("an answer", |seen| seen.text.len() > 40);
        assert_eq!(version_of(&author, &old), first);
        assert!(!way(&author, &old).contains(&"project:new-node".to_owned()));
        let (_citizen, new) = greeted(&installation, &author);
        assert_eq!(version_of(&author, &new), changed);
        assert!(
            way(&author, &new).contains(&"project:new-node".to_owned()),
            "{:?}",
            way(&author, &new)
        );
        let listed = author.get("versions")["versions"].clone();
        assert_eq!(
            (
                &listed[0]["live_conversations"],
                &listed[1]["live_conversations"]
            ),
            (&json!(1), &json!(1))
        );
        assert_eq!(listed[0]["reason"], "Новий вузол на початку");

        // What would become of the old dialogue in the newest version.
        let fates = author
            .post("moves/check", &json!({ "map": {} }))
            .expect(200)
            .json();
        assert_eq!(
            (&fates["moves"], &fates["stays"]),
            (&json!(1), &json!(0)),
            "{fates}"
        );
        assert_eq!(fates["conversations"][0]["id"], json!(old));

        // It goes on there when the author says so, and answers as before.
        let wish = |version: i64| json!({ "to_version": version, "reason": "Усі на новій версії" });
        refused(&author.post("moves", &wish(first)), 409, "not_newest");
        let told = author.post("moves", &wish(changed)).expect(202).json();
        assert_eq!(told["moves"], 1, "{told}");
        eventually("the dialogue is in the newest version", || {
            (version_of(&author, &old) == changed).then_some(())
        });
        running.say("Яка адреса?");
        running.wait_for("an answer in the new version", |seen| !seen.text.is_empty());
    }

    // The files of the release do not undo it at the next start.
    installation.kill_and_restart();
    let author = Author::hire(&installation, "ukc", "life-author-2", "author");
    assert_eq!(author.newest(), changed);

    let back = author.post(
        &format!("versions/{first}/restore"),
        &json!({ "reason": "Вузол заважав" }),
    );
    let back = back.expect(201).json();
    assert_eq!(back["version"]["restored_from"], json!(first));
    let (_citizen, id) = greeted(&installation, &author);
    assert_eq!(version_of(&author, &id), changed + 1);
    assert!(!way(&author, &id).contains(&"project:new-node".to_owned()));
    let told: Vec<Value> = installation
        .export("ukc", "journal")
        .into_iter()
        .filter(|line| {
            matches!(
                line["what"].as_str(),
                Some("processes_published" | "processes_restored")
            )
        })
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told.iter()
            .all(|line| line["actor"].as_str().unwrap().starts_with("author:u_")),
        "{told:?}"
    );
}

fn conflict(installation: &Installation) {
    let olena = Author::hire(installation, "diia", "conflict-olena", "author");
    let ivan = Author::hire(installation, "diia", "conflict-ivan", "author");
    let (document, seen) = olena.draft("queue");
    let mut hers = document.clone();
    hers["description"] = "Олена".into();
    let first = olena.save("queue", &seen, &hers).expect(200);
    let first = first.header("etag").expect("a tag").to_owned();
    let mut his = document.clone();
    his["description"] = "Іван".into();
    let late = ivan.save("queue", &seen, &his);
    refused(&late, 412, "edition_changed");
    assert_eq!(late.json()["edition"], json!(first));
    refused(
        &ivan.send("PUT", "drafts/queue", None, &json!({ "document": his })),
        428,
        "edition_required",
    );
    refused(&ivan.discard("queue", &seen), 412, "edition_changed");
    let (read, tag) = ivan.draft("queue");
    assert_eq!((&read["description"], &tag), (&json!("Олена"), &first));
    let second = ivan.save("queue", &tag, &his).expect(200);
    let second = second.header("etag").expect("a tag").to_owned();
    assert_eq!(ivan.discard("queue", &second).status, 204);
    let (read, tag) = ivan.draft("queue");
    assert_eq!(
        (&read, &tag),
        (&document, &seen),
        "what is published shows again"
    );
}

fn errors(installation: &Installation) {
    let author = Author::hire(installation, "cashback", "errors-author", "author");
    let newest = author.newest();
    let (mut document, tag) = author.draft("queue");
    node(&mut document, "start")["condition"]["logics"][0]["to_node_id"] = "nowhere".into();
    let unsaved = author
        .post("check", &json!({ "processes": { "queue": document } }))
        .expect(200)
        .json();
    let at = |body: &Value| {
        let problems = body["problems"].as_array().cloned().unwrap_or_default();
        problems
            .into_iter()
            .find(|one| one["severity"] == "error" && one["node"] == "start")
    };
    assert!(at(&unsaved).is_some(), "{unsaved}");
    let saved = author.save("queue", &tag, &document).expect(200);
    let tag = saved.header("etag").expect("a tag").to_owned();
    assert_eq!(saved.json()["publishable"], false);
    let answer = author.post("publish", &json!({ "reason": "спроба" }));
    refused(&answer, 422, "invalid_processes");
    assert!(at(&answer.json()).is_some(), "{}", answer.text());
    refused(
        &author.post("publish", &json!({ "reason": "" })),
        400,
        "invalid_field",
    );
    assert_eq!(author.newest(), newest);
    assert_eq!(author.discard("queue", &tag).status, 204);
}

fn review(installation: &Installation) {
    let olena = Author::hire(installation, "mou", "review-olena", "author");
    let ivan = Author::hire(installation, "mou", "review-ivan", "author");
    let analyst = Author::hire(installation, "mou", "review-analyst", "analyst");
    let before = olena.newest();
    let (mut document, tag) = olena.draft("queue");
    document["description"] = "Змінений опис".into();
    olena.save("queue", &tag, &document).expect(200);
    let proposed = olena
        .post("publish", &json!({ "reason": "точніший опис" }))
        .expect(202)
        .json();
    let id = proposed["proposal"]["id"].as_i64().expect("a number");
    assert_eq!(olena.newest(), before, "a proposal is not live");
    refused(
        &olena.post("publish", &json!({ "reason": "ще раз" })),
        409,
        "proposal_open",
    );
    let approve = |who: &Author<'_>| {
        who.post(
            &format!("proposals/{id}/approve"),
            &json!({ "reason": "переглянуто" }),
        )
    };
    refused(&approve(&olena), 403, "second_person_needed");
    refused(&approve(&analyst), 403, "forbidden");
    let shown = ivan.get(&format!("proposals/{id}"));
    assert_eq!(
        shown["differences"]["changed"][0]["process"], "queue",
        "{shown}"
    );
    assert_eq!(shown["documents"]["queue"]["description"], "Змінений опис");
    let settled = approve(&ivan).expect(200).json();
    assert_eq!(settled["proposal"]["version"], json!(before + 1));
    refused(&approve(&ivan), 409, "proposal_settled");
    let newest = olena.get("versions/newest")["version"].clone();
    assert_eq!(
        newest["published_by"]["name"], "Operator review-olena",
        "{newest}"
    );
    assert_eq!(
        newest["approved_by"]["name"], "Operator review-ivan",
        "{newest}"
    );
    assert_eq!(olena.get("drafts")["drafts"], json!([]));
    // Going back is urgent: what was live before needs no second person.
    olena
        .post(
            &format!("versions/{before}/restore"),
            &json!({ "reason": "назад" }),
        )
        .expect(201);
    assert_eq!(olena.newest(), before + 2);
}

fn roles(installation: &Installation) {
    let org = "minsoc";
    for (role, reads, edits) in [
        ("author", 200, 400),
        ("administrator", 200, 400),
        ("analyst", 200, 403),
        ("supervisor", 200, 403),
        ("operator", 403, 403),
        ("security", 403, 403),
    ] {
        let person = Author::hire(installation, org, &format!("roles-processes-{role}"), role);
        for path in [
            "versions",
            "versions/newest",
            "drafts",
            "check",
            "proposals",
            "conversations",
            "failures",
            "traffic",
        ] {
            let answer = person.send("GET", path, None, &Value::Null);
            assert_eq!(answer.status, reads, "{role} GET {path}: {}", answer.text());
        }
        let answer = person.post("publish", &json!({ "reason": "" }));
        assert_eq!(answer.status, edits, "{role} publishes: {}", answer.text());
        let elsewhere = Author {
            org: "mzs",
            ..person
        };
        refused(
            &elsewhere.send("GET", "versions", None, &Value::Null),
            403,
            "forbidden",
        );
    }
    let nobody = installation.get(&format!("/{org}/processes/versions"), &[]);
    refused(&nobody, 401, "not_signed_in");
    let author = Author::hire(installation, org, "roles-processes-paths", "author");
    for (method, path, status, code) in [
        ("GET", "versions/999999", 404, "unknown_version"),
        ("GET", "drafts/no-such-process", 404, "unknown_process"),
        ("GET", "drafts/Not_An_Alias", 400, "invalid_alias"),
        ("GET", "conversations/c_none", 404, "unknown_conversation"),
        ("GET", "nothing", 404, "not_found"),
        ("GET", "traffic?days=32", 400, "invalid_field"),
        ("POST", "versions", 405, "method_not_allowed"),
    ] {
        refused(&author.send(method, path, None, &json!({})), status, code);
    }
}

fn instance(installation: &Installation) {
    let author = Author::hire(installation, "osvita", "instance-author", "author");
    let head = Author::hire(installation, "osvita", "instance-head", "supervisor");
    let operator = operator_api::hire(installation, "osvita", "instance-operator");
    let (_citizen, id) = operator_api::waiting(installation, "osvita", "web", &operator);
    let read = |who: &Author<'_>| who.get(&format!("conversations/{id}"));
    let whole = read(&head);
    assert_eq!(whole["masked"], false);
    let task = &whole["tasks"][0];
    assert_eq!(
        (&task["process"], &task["waits_for"]),
        (&json!("project"), &json!("event")),
        "{whole}"
    );
    assert!(task["wakes_at_ms"].is_i64(), "{whole}");
    assert_eq!(task["data"]["conversation_id"], json!(id));
    let masked = read(&author);
    assert_eq!(masked["masked"], true);
    assert_eq!(
        masked["tasks"][0]["data"]["conversation_id"], "•••",
        "{masked}"
    );
    assert_ne!(masked["tasks"][0]["data"]["status"], "•••", "{masked}");
    assert_eq!(masked["tasks"][0]["node"], task["node"]);
    assert_eq!(
        way(&author, &id).first().map(String::as_str),
        Some("project:start")
    );
    forked(&head, &author, &id);
    let traffic = author.get("traffic?days=1");
    assert_eq!(traffic["complete"], true, "{traffic}");
    let started = traffic["processes"]["project"]["start"].as_u64();
    assert!(started.is_some_and(|times| times >= 1), "{traffic}");
    assert!(traffic["dialogues"].as_u64() >= Some(1), "{traffic}");
}

/// A dialogue goes on against the drafts, for those who may read it; what it knew at each node is shown.
fn forked(who: &Author<'_>, masked: &Author<'_>, id: &str) {
    let path = format!("conversations/{id}/fork");
    refused(
        &masked.send("GET", &path, None, &Value::Null),
        403,
        "forbidden",
    );
    let fork = who.get(&path);
    let acts = fork["acts"].as_array().expect("acts");
    assert_eq!(acts[0]["opens"], true, "{fork}");
    let body = json!({ "scenario": fork["scenario"], "channel": fork["channel"], "language": fork["language"] });
    let played = who.post("rehearse", &body).expect(200).json();
    let steps = played["steps"].as_array().expect("steps");
    assert_eq!(steps.len(), acts.len(), "{played}");
    assert!(
        steps.iter().all(|step| step["problem"].is_null()),
        "{played}"
    );
    assert_eq!(
        steps.last().expect("a step")["status"],
        "waiting",
        "{played}"
    );
    let first = &steps[0]["path"][0]["changed"];
    assert_eq!(first["event"]["kind"], "session_started", "{played}");
}

/// A document that is not even saved answers its author; nothing of it is kept.
fn rehearsal(installation: &Installation) {
    let author = Author::hire(installation, "osvita", "rehearsing-author", "author");
    let before = author.dialogues();
    let (mut document, _) = author.draft("messages-handling");
    node(&mut document, "has-media")["condition"]["logics"] = json!([
        { "type": "api_code", "lang": "js", "err_node_id": "tell-caller",
            "src": "data.reply = {literal: 'Разом ' + (2 + 3)};" },
        { "type": "go", "to_node_id": "has-reply" },
    ]);
    let scenario = "title = \"t\"\n[[step]]\nopens = true\n[[step]]\nsays = \"Яка адреса?\"\n";
    let body = |scenario: &str, document: &Value| {
        json!({ "scenario": scenario, "channel": "web", "language": "uk",
            "processes": { "messages-handling": document } })
    };
    let played = author.post("rehearse", &body(scenario, &document));
    let steps = played.expect(200).json()["steps"].clone();
    assert!(
        steps[0]["said"][0]["text"]
            .as_str()
            .is_some_and(|text| !text.is_empty()),
        "{steps}"
    );
    assert_eq!(steps[1]["said"][0]["text"], "Разом 5", "{steps}");
    assert!(steps[1]["path"].as_array().is_some_and(|path| {
        let mut path = path.iter();
        path.any(|one| one["process"] == "messages-handling" && one["node"] == "has-media")
    }));
    assert_eq!(author.get("drafts")["drafts"], json!([]));
    assert_eq!(author.dialogues(), before);

    refused(
        &author.post("rehearse", &body("title = ", &document)),
        422,
        "invalid_scenario",
    );
    node(&mut document, "has-media")["condition"]["logics"] = json!([
        { "type": "api_code", "lang": "js", "err_node_id": "tell-caller",
            "src": "[].indexOf.call({length: 2 ** 53 - 1}, 1)" },
        { "type": "go", "to_node_id": "has-reply" },
    ]);
    refused(
        &author.post("rehearse", &body(scenario, &document)),
        422,
        "rehearsal_cut_off",
    );
}
