//! What an administrator changes in the running installation is what citizens meet: hours, texts, queues, bots. Nothing of
//! it is lost at a crash, and nothing is taken that would not run.

use crate::{Shared, alone};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use vikno_standins::Service;
use vikno_tests::citizen::Citizen;
use vikno_tests::eventually;
use vikno_tests::http::{Answer, send};
use vikno_tests::installation::Installation;

const ORG: &str = "osvita";
const PUBLIC: &str = "https://chat.example.gov.ua";

pub(crate) fn tests(shared: &Shared) -> Vec<Trial> {
    vec![
        alone("settings::a_changed_text_is_what_a_citizen_reads", texts),
        alone("settings::changes_survive_a_power_cut", power_cut),
        alone("settings::a_bot_made_known_here_takes_over", telegram),
        alone("settings::viber_asks_the_webhook_before_it_takes_it", viber),
        alone("settings::a_reply_made_here_answers_citizens", new_reply),
        shared.test("settings::what_would_not_run_is_refused", refused),
        shared.test("settings::replies_are_tried_before_a_citizen_does", replies),
    ]
}

pub(crate) struct Settings<'a> {
    installation: &'a Installation,
    org: &'a str,
    authorization: String,
}

impl<'a> Settings<'a> {
    pub(crate) fn of(installation: &'a Installation, org: &'a str) -> Self {
        Self {
            installation,
            org,
            authorization: installation.administrator(),
        }
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        let url = format!("{}/{}/settings{path}", self.installation.url, self.org);
        let headers = [
            ("authorization", self.authorization.as_str()),
            ("content-type", "application/json"),
        ];
        send(method, &url, &headers, body.to_string().as_bytes())
    }

    pub(crate) fn read(&self) -> Value {
        self.call("GET", "/parts", &Value::Null).expect(200).json()
    }

    fn revision(&self) -> Value {
        self.read()["revision"].clone()
    }

    pub(crate) fn put(&self, part: &str, value: Value) -> Answer {
        let body = json!({ "value": value, "revision": self.revision() });
        self.call("PUT", &format!("/{part}"), &body)
    }
}

/// The greeting of a fresh citizen.
fn greeting(installation: &Installation, org: &str) -> String {
    let mut citizen = Citizen::new(installation, org, "web", "uk");
    citizen.open();
    citizen
        .wait_for("a greeting", |seen| !seen.text.is_empty())
        .text
}

fn texts() {
    let installation = Installation::start();
    let settings = Settings::of(&installation, ORG);
    let delivered = greeting(&installation, ORG);
    let change = |values: Value| {
        let body = json!({ "values": values, "revision": settings.revision() });
        settings.call("PUT", "/texts/welcome", &body)
    };
    for (bad, told) in [
        (json!({ "uk": "Вітаємо, { $who }!" }), "$who"),
        (json!({ "uk": "Вітаємо, { $name" }), "not valid Fluent"),
        (json!({ "uk": "  " }), "is empty"),
    ] {
        let answer = change(bad).expect(422).json();
        assert!(
            answer["detail"].as_str().unwrap().contains(told),
            "{answer}"
        );
        assert_eq!(answer["problems"][0]["place"], "texts.welcome.uk");
    }
    let shown = change(json!({ "uk": "Добрий день! Пише { $organisation }." }));
    let shown = shown.expect(200).json();
    let welcome = |shown: &Value| {
        let texts = shown["texts"].as_array().unwrap();
        texts.iter().find(|text| text["id"] == "welcome").unwrap()["values"].clone()
    };
    assert_eq!(welcome(&shown)["uk"]["own"], true);
    assert_eq!(welcome(&shown)["en"]["own"], false);
    eventually("the new greeting", || {
        greeting(&installation, ORG)
            .starts_with("Добрий день! Пише ")
            .then_some(())
    });
    // Another organisation says what it always said.
    assert!(!greeting(&installation, "mon").starts_with("Добрий день! Пише"));

    let path = format!("/texts/welcome?revision={}", settings.revision());
    let shown = settings
        .call("DELETE", &path, &Value::Null)
        .expect(200)
        .json();
    assert_eq!(welcome(&shown)["uk"]["own"], false);
    eventually("the delivered greeting", || {
        (greeting(&installation, ORG) == delivered).then_some(())
    });
}

fn power_cut() {
    let mut installation = Installation::start();
    let name = json!({ "uk": "Освіта поруч", "en": "Education nearby" });
    let before = {
        let settings = Settings::of(&installation, ORG);
        settings.put("name", name.clone()).expect(200).json()
    };
    assert_eq!(before["parts"]["name"]["own"], true);
    // As if the power went between the database and the store that components read.
    installation.kill();
    std::fs::remove_dir_all(installation.state().join("key_value")).expect("the stores lie there");
    installation.start_again();
    let settings = Settings::of(&installation, ORG);
    assert_eq!(settings.read()["parts"]["name"], before["parts"]["name"]);
    let listed = installation
        .get("/organisations.json", &[])
        .expect(200)
        .json();
    let listed = listed["organisations"].as_array().unwrap();
    let shown = listed.iter().find(|one| one["id"] == ORG).unwrap();
    assert_eq!(shown["name"], name);

    // Who changed what from what is told, and in the journal.
    let history = settings
        .call("GET", "/history", &Value::Null)
        .expect(200)
        .json();
    assert_eq!(history["changes"][0]["part"], "name");
    assert_eq!(history["changes"][0]["before"], Value::Null);
    assert_eq!(history["changes"][0]["after"], name);
    let journal = installation.export(ORG, "journal");
    assert!(
        journal
            .iter()
            .any(|line| line["what"] == "settings_changed")
    );
}

fn refused(installation: &Installation) {
    let settings = Settings::of(installation, "minsoc");
    let places = |part: &str, value: Value| -> Vec<String> {
        let answer = settings.put(part, value).expect(422).json();
        let problems = answer["problems"].as_array().unwrap();
        problems
            .iter()
            .map(|one| one["place"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        places("hours", json!({ "monday": ["9-18"] }))[0],
        "hours.monday"
    );
    assert_eq!(
        places("timers", json!({ "close_s": 0 }))[0],
        "timers.close_s"
    );
    assert_eq!(places("origins", json!(["https://*"])), ["origins"]);
    assert!(places("queues", json!([])).contains(&"queues".to_owned()));
    settings.put("processes", json!([])).expect(404);

    // Somebody else was faster.
    let body = json!({ "value": true, "revision": 99 });
    let stale = settings
        .call("PUT", "/review_processes", &body)
        .expect(409)
        .json();
    assert_eq!(stale["title"], "stale");

    // Whoever stands in a queue does not lose it.
    let mut citizen = Citizen::new(installation, "minsoc", "web", "uk");
    citizen.open();
    citizen.wait_for("a greeting", |seen| !seen.buttons.is_empty());
    citizen.click("operator");
    eventually("the citizen waits", || {
        (citizen.chat_view()["status"] == "waiting").then_some(())
    });
    let queues = settings.read()["parts"]["queues"]["value"]
        .as_array()
        .unwrap()
        .clone();
    let topics = settings.read()["parts"]["topics"]["value"]
        .as_array()
        .unwrap()
        .clone();
    let default = queues
        .iter()
        .find(|queue| queue["default"] == true)
        .unwrap();
    let mut others: Vec<Value> = queues
        .iter()
        .filter(|queue| *queue != default)
        .cloned()
        .collect();
    others[0]["default"] = json!(true);
    let moved: Vec<Value> = topics
        .into_iter()
        .map(|mut topic| {
            if topic["queue"] == default["id"] {
                topic["queue"] = others[0]["id"].clone();
            }
            topic
        })
        .collect();
    settings.put("topics", json!(moved)).expect(200);
    let answer = settings.put("queues", json!(others)).expect(409).json();
    assert_eq!(answer["title"], "queue in use");
    let path = format!("/topics?revision={}", settings.revision());
    settings.call("DELETE", &path, &Value::Null).expect(200);
}

fn replies(installation: &Installation) {
    let settings = Settings::of(installation, "mzs");
    let tree = settings
        .call("GET", "/replies", &Value::Null)
        .expect(200)
        .json();
    let tree = tree["replies"].as_array().unwrap();
    assert!(tree.iter().any(|reply| reply["under"].is_null()));
    assert!(tree.iter().all(|reply| reply["label"]["uk"].is_string()));
    let test = |text: &str| {
        let body = json!({ "text": text, "language": "uk" });
        settings
            .call("POST", "/replies/test", &body)
            .expect(200)
            .json()
    };
    let found = test("як замінити паспорт");
    assert!(found["answer"].is_string(), "{found}");
    assert!(found["explanation"]["candidates"][0]["score"].is_u64());
    assert_eq!(test("ыыы")["answer"], Value::Null);
    let body = json!({ "text": "так", "topic": "no-such-topic" });
    settings.call("POST", "/replies/test", &body).expect(400);
}

fn new_reply() {
    let installation = Installation::start();
    let settings = Settings::of(&installation, ORG);
    let tree = || {
        let tree = settings.call("GET", "/replies", &Value::Null);
        tree.expect(200).json()
    };
    let before = tree();
    let queue = before["queues"][0]["id"].clone();
    let change = |answer: &str| {
        json!({
            "revision": settings.revision(), "topic": { "queue": queue, "priority": 1 },
            "reply": { "words": { "uk": ["єнот*"], "en": ["raccoon*"] } },
            "label": { "uk": "Єноти", "en": "Raccoons" }, "answer": { "uk": answer, "en": "Raccoons are fine." },
        })
    };
    let refused = settings.call("PUT", "/replies/raccoons", &change("{ $stranger }"));
    let refused = refused.expect(422).json();
    assert_eq!(refused["problems"][0]["place"], "texts.answer-raccoons.uk");
    assert_eq!(tree(), before, "nothing is half kept");
    let put = |answer: &str| settings.call("PUT", "/replies/raccoons", &change(answer));
    put("Єноти не шкодять.").expect(200);
    put("Єноти дуже корисні.").expect(200);

    // A component goes on for a second with what it has read.
    eventually("a citizen is answered", || {
        let mut citizen = Citizen::new(&installation, ORG, "web", "uk");
        citizen.open();
        citizen.wait_for("a greeting", |seen| !seen.buttons.is_empty());
        citizen.say("що робити з єнотом?");
        let answer = citizen.wait_for("an answer", |seen| !seen.text.is_empty());
        answer.text.contains("Єноти дуже корисні.").then_some(())
    });

    let remove = |id: &str| {
        let path = format!("/replies/{id}?revision={}", settings.revision());
        settings.call("DELETE", &path, &Value::Null)
    };
    remove("raccoons").expect(200);
    assert_eq!(remove("raccoons").status, 404);
    assert_eq!(tree()["replies"], before["replies"]);
    assert_eq!(tree()["own"], true);
    let path = format!("/replies?revision={}", settings.revision());
    settings.call("DELETE", &path, &Value::Null).expect(200);
    assert_eq!(tree()["own"], false);
    let stale = settings.call("DELETE", "/replies?revision=0", &Value::Null);
    assert_eq!(stale.status, 409);
}

fn public() -> Installation {
    let installation = Installation::start_with(&[("SPIN_VARIABLE_PUBLIC_URL", PUBLIC)]);
    installation.standins.reach(PUBLIC, &installation.url);
    installation
}

fn telegram() {
    let installation = public();
    let settings = Settings::of(&installation, ORG);
    let channels = || {
        settings
            .call("GET", "/channels", &Value::Null)
            .expect(200)
            .json()["channels"]
            .clone()
    };
    assert_eq!(channels()[0]["state"], "deployment");
    let token = json!({ "token": "123:new-token" });
    let bot = settings
        .call("PUT", "/channels/telegram", &token)
        .expect(200);
    assert!(
        !bot.text().contains("new-token\""),
        "the token is not shown again"
    );
    let bot = bot.json();
    assert_eq!(bot["state"], "managed");
    assert_eq!(bot["bot"]["username"], "stand_in_bot");
    assert_eq!(bot["webhook"]["url"], format!("{PUBLIC}/{ORG}/telegram"));
    assert_eq!(bot["webhook"]["healthy"], true);
    let calls = installation.standins.calls();
    let set = calls
        .iter()
        .find(|call| call.method == "setWebhook")
        .unwrap();
    let secret = set.raw["secret_token"].as_str().unwrap().to_owned();

    let update = json!({
        "update_id": 7, "message": {"message_id": 1, "date": 1_763_900_000, "chat": {"id": 42, "type": "private"},
        "from": {"id": 42, "first_name": "Оля", "language_code": "uk"}, "text": "Добрий день"},
    });
    let receive = |secret: &str| {
        let header = [("x-telegram-bot-api-secret-token", secret)];
        installation.post(&format!("/{ORG}/telegram"), &header, &update)
    };
    // The deployment's secret is worth nothing any more.
    let is_refused = |secret: &str| (receive(secret).status == 401).then_some(());
    eventually("the deployment's secret is refused", || {
        is_refused(&vikno_tests::installation::telegram_secret(ORG))
    });
    receive(&secret).expect(200);
    eventually("an answer by the new bot", || {
        let sent = installation.standins.sent_to("42");
        let sent = sent.iter().find(|sent| sent.service == Service::Telegram)?;
        (sent.token == "123:new-token").then_some(())
    });
    for file in [format!("{ORG}.db"), format!("{ORG}.db-wal")] {
        let bytes = std::fs::read(installation.state().join("sqlite").join(file));
        let bytes = bytes.expect("the database lies there");
        let bytes = String::from_utf8_lossy(&bytes);
        assert!(!bytes.contains("new-token"), "tokens are sealed");
    }

    settings
        .call("DELETE", "/channels/telegram", &Value::Null)
        .expect(204);
    assert_eq!(channels()[0]["state"], "deployment");
    eventually("the bot's secret is refused", || is_refused(&secret));
    settings
        .call("DELETE", "/channels/telegram", &Value::Null)
        .expect(404);
    let bad = json!({ "token": "1:a/b" });
    settings.call("PUT", "/channels/telegram", &bad).expect(400);
}

fn viber() {
    let installation = public();
    let settings = Settings::of(&installation, ORG);
    let token = json!({ "token": "viber-new-token" });
    // Nobody answers there: Viber does not take the address, and everything is as before.
    installation.standins.reach(PUBLIC, "http://127.0.0.1:1");
    let refused = settings
        .call("PUT", "/channels/viber", &token)
        .expect(422)
        .json();
    assert!(
        refused["detail"].as_str().unwrap().contains("invalidUrl"),
        "{refused}"
    );
    let look = || {
        settings
            .call("POST", "/channels/viber/check", &Value::Null)
            .expect(200)
            .json()
    };
    assert_eq!(look()["state"], "deployment");

    installation.standins.reach(PUBLIC, &installation.url);
    let bot = settings
        .call("PUT", "/channels/viber", &token)
        .expect(200)
        .json();
    assert_eq!(bot["state"], "managed");
    assert_eq!(bot["webhook"]["healthy"], true);
    let body = json!({
        "event": "message", "timestamp": 1_763_900_000_123_i64, "message_token": 4_912_661_846_655_238_145_u64,
        "sender": {"id": "viber-citizen", "name": "Оля", "language": "uk"}, "message": {"type": "text", "text": "Добрий день"},
    })
    .to_string();
    let receive = |token: &str| {
        let signature = vikno_channels::viber::sign(token, body.as_bytes());
        let headers = [("x-viber-content-signature", signature.as_str())];
        let url = format!("{}/{ORG}/viber", installation.url);
        send("POST", &url, &headers, body.as_bytes())
    };
    eventually("the deployment's token is refused", || {
        (receive(&vikno_tests::installation::viber_token(ORG)).status == 401).then_some(())
    });
    receive("viber-new-token").expect(200);
    eventually("an answer by the new bot", || {
        let sent = installation.standins.sent_to("viber-citizen");
        sent.iter()
            .any(|sent| sent.token == "viber-new-token")
            .then_some(())
    });
}
