//! What time does: reminders, closing after silence, also after downtime; and one organisation deployed alone.

use crate::alone;
use crate::deployment::{Deployment, folder};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};
use vikno_tests::citizen::{CHANNELS, Citizen};
use vikno_tests::eventually;
use vikno_tests::installation::{Installation, binary, project};
use vikno_tests::operator::Operator;

pub(crate) fn tests() -> Vec<Trial> {
    let short = Arc::new(OnceLock::new());
    let with = |name: &str, run: fn(&Installation)| {
        let short: Arc<OnceLock<Deployment>> = Arc::clone(&short);
        Trial::test(name, move || {
            run(&short.get_or_init(hurried).installation);
            Ok(())
        })
    };
    vec![
        with("timers::silence_is_reminded_once_and_ended_once", silence),
        with(
            "timers::who_writes_after_the_reminder_is_not_cut_off",
            awake,
        ),
        with(
            "timers::a_silent_operator_is_excused_then_relieved",
            operator,
        ),
        with("timers::without_a_rating_the_dialogue_ends", no_vote),
        with(
            "timers::outside_working_hours_the_queue_tells_so",
            closed_hours,
        ),
        alone(
            "timers::what_fell_due_during_a_downtime_comes_once",
            downtime,
        ),
        alone("timers::one_organisation_runs_alone", one_organisation),
        alone(
            "timers::an_unknown_organisation_has_no_manifest",
            no_organisation,
        ),
    ]
}

/// The organisation without working hours in the hurried deployment.
const CLOSED: &str = "mou";
/// Seconds.
const TIMERS: [(&str, u32); 5] = [
    ("reminder_s", 2),
    ("close_s", 3),
    ("queue_update_s", 2),
    ("operator_silence_s", 3),
    ("vote_s", 3),
];

/// All organisations, with timers of seconds.
fn hurried() -> Deployment {
    let change = |file: &Path| {
        let mut settings = fs::read_to_string(file).expect("settings");
        for (name, seconds) in TIMERS {
            settings = with_line(&settings, name, &format!("{name} = {seconds}"));
        }
        if file.ends_with(format!("{CLOSED}/organisation.toml")) {
            let all: Vec<&str> = settings.lines().filter(|line| !is_hours(line)).collect();
            settings = all.join("\n").replace(
                "[hours]",
                &format!("[hours]\n{} = [\"09:00-10:00\"]", another_day()),
            );
        }
        fs::write(file, settings).expect("a folder of ours");
    };
    Deployment::changed(change, &[])
}

fn with_line(text: &str, name: &str, line: &str) -> String {
    let is_it = |own: &str| own.split('=').next().is_some_and(|own| own.trim() == name);
    assert_eq!(text.lines().filter(|own| is_it(own)).count(), 1, "{name}");
    let lines = text.lines().map(|own| if is_it(own) { line } else { own });
    lines.collect::<Vec<_>>().join("\n")
}

fn is_hours(line: &str) -> bool {
    let name = line.split('=').next().unwrap_or_default().trim();
    DAYS.contains(&name) || name == "around_the_clock"
}

/// The first of January 1970 was a Thursday.
const DAYS: [&str; 7] = [
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "monday",
    "tuesday",
    "wednesday",
];

/// A day of the week that is not today, wherever on Earth.
fn another_day() -> &'static str {
    const DAY_MS: i64 = 24 * 3600 * 1000;
    let day = (now_ms() / DAY_MS + 3) % 7;
    DAYS[usize::try_from(day).expect("0 to 6")]
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let since = since.expect("after 1970");
    i64::try_from(since.as_millis()).expect("before the year 292278994")
}

/// A shared text of one line, in Ukrainian.
fn text(id: &str) -> String {
    let file = project().join("organisations/_templates/texts/uk.ftl");
    let texts = fs::read_to_string(file).expect("the shared texts");
    let start = format!("{id} = ");
    let line = texts.lines().find_map(|line| line.strip_prefix(&start));
    line.unwrap_or_else(|| panic!("no text {id}")).to_owned()
}

fn greeted<'a>(installation: &'a Installation, org: &'a str, channel: &'static str) -> Citizen<'a> {
    let mut citizen = Citizen::new(installation, org, channel, "uk");
    citizen.open();
    citizen.wait_for("a greeting", |seen| !seen.buttons.is_empty());
    citizen
}

fn told(citizen: &Citizen<'_>, text: &str) -> usize {
    let seen = citizen.seen();
    seen.iter().filter(|seen| seen.text == text).count()
}

/// The dialogue of the citizen who wrote this, by the export.
fn dialogue(installation: &Installation, org: &str, words: &str) -> Value {
    let messages = installation.export(org, "messages");
    let message = messages.iter().find(|message| message["text"] == words);
    let id = message.expect("it was written")["conversation_id"].clone();
    let mut conversations = installation.export(org, "conversations").into_iter();
    let found = conversations.find(|conversation| conversation["id"] == id);
    found.expect("messages have a dialogue")
}

fn silence(installation: &Installation) {
    let (reminder, farewell) = (text("still-there"), text("closed-silence"));
    let mut citizens: Vec<Citizen<'_>> = CHANNELS
        .into_iter()
        .map(|channel| greeted(installation, "cashback", channel))
        .collect();
    for citizen in &mut citizens {
        citizen.wait_for("the reminder", |seen| seen.text == reminder);
    }
    for citizen in &mut citizens {
        citizen.wait_for("the farewell", |seen| seen.text == farewell);
    }
    // Another one goes through all of it meanwhile: whatever came twice would have come by then.
    let mut later = greeted(installation, "cashback", "web");
    later.wait_for("the farewell", |seen| seen.text == farewell);
    for citizen in citizens.iter().chain([&later]) {
        assert_eq!(told(citizen, &reminder), 1, "{:#?}", citizen.seen());
        assert_eq!(told(citizen, &farewell), 1, "{:#?}", citizen.seen());
    }
    let conversations = installation.export("cashback", "conversations");
    assert_eq!(conversations.len(), 4);
    for conversation in conversations {
        assert_eq!(conversation["status"], "closed");
        assert_eq!(conversation["close_reason"], "silence");
    }
}

fn awake(installation: &Installation) {
    let (reminder, farewell) = (text("still-there"), text("closed-silence"));
    let mut citizen = greeted(installation, "osvita", "telegram");
    citizen.wait_for("the reminder", |seen| seen.text == reminder);
    citizen.say("я ще тут");
    citizen.wait_for("a reply", |seen| {
        seen.text != reminder && seen.text != farewell
    });
    citizen.wait_for("another reminder", |seen| seen.text == reminder);
    assert_eq!(told(&citizen, &farewell), 0, "{:#?}", citizen.seen());
    citizen.wait_for("the farewell", |seen| seen.text == farewell);
    // Who writes afterwards begins a new dialogue.
    citizen.say("а тепер знову");
    citizen.wait_for("a reply", |seen| !seen.text.is_empty());
    let first = dialogue(installation, "osvita", "я ще тут");
    let second = dialogue(installation, "osvita", "а тепер знову");
    assert_eq!(first["status"], "closed");
    assert_ne!(first["id"], second["id"]);
}

/// A citizen whom an operator has taken; the dialogue's id.
fn taken<'a>(
    installation: &'a Installation,
    org: &'a str,
    operator: &Operator<'_>,
) -> (Citizen<'a>, String) {
    let mut citizen = greeted(installation, org, "web");
    let words = format!("оператора, будь ласка ({})", citizen.chat());
    citizen.say(&words);
    let id = operator.find_waiting(&words);
    operator
        .post(&format!("conversations/{id}/take"), &json!({}))
        .expect(200);
    citizen.wait_for("the operator's name", |seen| {
        seen.text.starts_with("До розмови приєднався")
    });
    (citizen, id)
}

fn operator(installation: &Installation) {
    let operator = Operator::new(installation, "ukc", &installation.administrator());
    let (mut citizen, id) = taken(installation, "ukc", &operator);
    let (mut answered, other) = taken(installation, "ukc", &operator);
    for citizen in [&mut citizen, &mut answered] {
        citizen.say("ви ще там?");
    }
    let body = json!({ "client_id": "here", "text": "Так, шукаю відповідь." });
    operator
        .post(&format!("conversations/{other}/messages"), &body)
        .expect(200);
    answered.wait_for("the answer", |seen| seen.text == "Так, шукаю відповідь.");
    citizen.wait_for("the excuse", |seen| seen.text == text("operator-busy"));
    citizen.wait_for("the relief", |seen| seen.text == text("returned-to-queue"));
    let conversation = operator.conversation(&id);
    assert_eq!(conversation["status"], "waiting", "{conversation}");
    assert_eq!(told(&citizen, &text("operator-busy")), 1);
    // The operator who answers is left alone.
    assert_eq!(told(&answered, &text("operator-busy")), 0);
    assert_eq!(operator.conversation(&other)["status"], "with_operator");
    // Anybody may take it now.
    operator
        .post(&format!("conversations/{id}/take"), &json!({}))
        .expect(200);
}

fn no_vote(installation: &Installation) {
    let operator = Operator::new(installation, "mon", &installation.administrator());
    let (mut citizen, id) = taken(installation, "mon", &operator);
    operator
        .post(&format!("conversations/{id}/close"), &json!({}))
        .expect(200);
    citizen.wait_for("the question for a rating", |seen| {
        seen.buttons.iter().any(|id| id == "vote:5")
    });
    let seen = citizen.seen().len();
    let conversation = eventually("the dialogue ends", || {
        let rows = installation.export("mon", "conversations");
        rows.into_iter()
            .find(|row| row["id"] == id.as_str() && row["status"] == "closed")
    });
    assert_eq!(conversation["close_reason"], "no_vote");
    assert_eq!(conversation["score"], Value::Null);
    assert_eq!(citizen.seen().len(), seen, "it ends without a word");
}

fn closed_hours(installation: &Installation) {
    let mut citizen = greeted(installation, CLOSED, "web");
    let words = format!("оператора, будь ласка ({})", citizen.chat());
    citizen.say(&words);
    citizen.wait_for("the working hours", |seen| {
        seen.text.contains("консультанти не працюють")
    });
    // The enquiry is kept: an operator who is there nevertheless may take it.
    let operator = Operator::new(installation, CLOSED, &installation.administrator());
    let id = operator.find_waiting(&words);
    operator
        .post(&format!("conversations/{id}/take"), &json!({}))
        .expect(200);
    let list = installation
        .get("/organisations.json", &[])
        .expect(200)
        .json();
    let list = list["organisations"].as_array().expect("a list");
    let closed: Vec<&Value> = list.iter().filter(|org| org["id"] == CLOSED).collect();
    assert_eq!(closed[0]["open_now"], false, "{closed:?}");
}

/// Waits until a timer of the organisation is due, while nothing runs that could see it.
fn fall_due(installation: &Installation, org: &str) {
    let database = installation.database(org);
    eventually("a timer falls due", || {
        let wake_at_ms = database.query_row(
            "SELECT min(wake_at_ms) FROM conversations WHERE wake_at_ms IS NOT NULL",
            [],
            |row| row.get::<_, i64>(0),
        );
        (now_ms() > wake_at_ms.expect("a timer is set")).then_some(())
    });
}

/// Waits until nothing is under way, so that a kill interrupts nothing.
fn all_quiet(installation: &Installation, org: &str) {
    let database = installation.database(org);
    eventually("nothing is under way", || {
        let count = database.query_row("SELECT count(*) FROM outbox", [], |row| {
            row.get::<_, i64>(0)
        });
        (count.expect("a count") == 0).then_some(())
    });
}

fn downtime() {
    let mut deployment = hurried();
    let (reminder, farewell) = (text("still-there"), text("closed-silence"));
    let org = "diia";
    let chat = greeted(&deployment.installation, org, "telegram")
        .chat()
        .to_owned();
    let told = |installation: &Installation, text: &str| {
        let sent = installation.standins.sent_to(&chat);
        sent.iter()
            .filter(|sent| sent.text.as_deref() == Some(text))
            .count()
    };
    all_quiet(&deployment.installation, org);
    deployment.installation.kill();
    assert_eq!(told(&deployment.installation, &reminder), 0);
    fall_due(&deployment.installation, org);
    deployment.installation.start_again();
    eventually("the reminder", || {
        (told(&deployment.installation, &reminder) > 0).then_some(())
    });
    all_quiet(&deployment.installation, org);
    deployment.installation.kill();
    assert_eq!(told(&deployment.installation, &farewell), 0);
    fall_due(&deployment.installation, org);
    deployment.installation.start_again();
    eventually("the farewell", || {
        (told(&deployment.installation, &farewell) > 0).then_some(())
    });
    // Another one goes through all of it: whatever came twice would have come by then.
    let mut later = greeted(&deployment.installation, org, "telegram");
    later.wait_for("the farewell", |seen| seen.text == farewell);
    assert_eq!(told(&deployment.installation, &reminder), 1);
    assert_eq!(told(&deployment.installation, &farewell), 1);
}

fn manifest_of(org: &str) -> std::process::Output {
    let mut command = Command::new(binary());
    command
        .current_dir(project())
        .args(["manifest", "--org", org]);
    command.output().expect("the vikno binary is built")
}

fn one_organisation() {
    let printed = manifest_of("ukc");
    assert!(printed.status.success(), "{printed:?}");
    let manifest = String::from_utf8(printed.stdout).expect("a text");
    for other in vikno_tests::ORGANISATIONS
        .into_iter()
        .filter(|org| *org != "ukc")
    {
        // "ukco" is not "ukc", "mon" not a part of "months": whole labels and names of variables.
        assert!(!manifest.contains(&format!("\"{other}\"")), "{other}");
        assert!(!manifest.contains(&format!("{other}_")), "{other}");
    }
    // Its own folder and what all share: nothing else is there.
    let folder = folder(|_| {});
    for entry in fs::read_dir(folder.path().join("organisations")).expect("organisations") {
        let path: PathBuf = entry.expect("an entry").path();
        if path.is_dir()
            && !["ukc", "_templates"]
                .iter()
                .any(|kept| path.ends_with(kept))
        {
            fs::remove_dir_all(&path).expect("a folder of ours");
        }
    }
    let file = folder.path().join("spin.toml");
    fs::write(&file, manifest).expect("a folder of ours");
    let metrics = ("SPIN_VARIABLE_METRICS_TOKEN", "a token for figures");
    let installation = Installation::start_from(&file, &[metrics]);

    for channel in CHANNELS {
        let mut citizen = greeted(&installation, "ukc", channel);
        citizen.click("topic:subsidies");
        citizen.wait_for("the topic's answer", |seen| seen.text.len() > 40);
    }
    let administrator = installation.administrator();
    let headers = [("authorization", administrator.as_str())];
    let session = installation.post("/mindov/chat/sessions", &[], &json!({ "language": "uk" }));
    for answer in [
        session,
        installation.telegram("mindov", "{}"),
        installation.viber("mindov", "{}"),
        installation.get("/mindov/operator/conversations", &headers),
        installation.get("/mindov/export/messages", &headers),
    ] {
        assert_eq!(answer.status, 404, "{}", answer.text());
    }
    let list = installation
        .get("/organisations.json", &[])
        .expect(200)
        .json();
    let list = list["organisations"].as_array().expect("a list");
    assert_eq!(list.len(), 1, "{list:?}");
    let mut databases: Vec<String> = fs::read_dir(installation.state().join("sqlite"))
        .expect("databases")
        .map(|entry| {
            entry
                .expect("a file")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| name.ends_with(".db"))
        .collect();
    databases.sort();
    assert_eq!(databases, ["core.db", "ukc.db"]);
    // Its figures are for who has the token.
    installation.get("/metrics", &[]).expect(401);
    installation
        .get("/metrics", &[("authorization", "Bearer another")])
        .expect(401);
    let token = format!("Bearer {}", metrics.1);
    let figures = installation
        .get("/metrics", &[("authorization", &token)])
        .expect(200)
        .text();
    assert!(
        figures.contains("{org=\"ukc\"}") && !figures.contains("mindov"),
        "{figures}"
    );
}

fn no_organisation() {
    let printed = manifest_of("nobody");
    assert!(
        !printed.status.success() && printed.stdout.is_empty(),
        "{printed:?}"
    );
    let told = String::from_utf8_lossy(&printed.stderr);
    assert!(
        told.contains("'nobody'") && told.contains("mindov"),
        "{told}"
    );
}
