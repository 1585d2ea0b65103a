//! The sandbox of code nodes in the real host: what is counted, what only time and memory end, and that one run's end
//! is no other's.

use crate::alone;
use crate::processes::{Author, node};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::symlink;
use vikno_tests::citizen::Citizen;
use vikno_tests::http::Answer;
use vikno_tests::installation::{Installation, project};

pub(crate) fn tests() -> Vec<Trial> {
    vec![alone("code::runs_are_bounded_and_apart", bounded_and_apart)]
}

/// 2026-11-24T10:00:00Z.
const NOW_MS: i64 = 1_795_514_400_000;

fn bounded_and_apart() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let installation = reachable(folder.path());
    works(&installation);
    fails_in_its_own_words(&installation);
    is_cut_off(&installation);
    harms_no_other(&installation);
    has_its_say_in_a_dialogue(&installation);
}

/// The installation as it is, but for a route by which tests reach what only the engine calls.
fn reachable(folder: &std::path::Path) -> Installation {
    let project = fs::canonicalize(project()).expect("the project");
    for shared in ["target", "web", "organisations"] {
        symlink(project.join(shared), folder.join(shared)).expect("a fresh folder");
    }
    let private = "route = { private = true }\ncomponent = \"run-code\"";
    let spin = fs::read_to_string(project.join("spin.toml")).expect("the manifest");
    assert_eq!(
        spin.matches(private).count(),
        1,
        "run-code has one private route"
    );
    let spin = spin.replace(private, "route = \"/run-code\"\ncomponent = \"run-code\"");
    let manifest = folder.join("spin.toml");
    fs::write(&manifest, spin).expect("a folder of ours");
    Installation::start_from(&manifest, &[])
}

/// A published process with a code node: what its program makes of the task's data reaches the citizen.
fn has_its_say_in_a_dialogue(installation: &Installation) {
    let author = Author::hire(installation, "ukco", "author-of-code", "author");
    let (mut document, tag) = author.draft("messages-handling");
    node(&mut document, "has-media")["condition"]["logics"] = json!([
        {"type": "api_code", "lang": "js", "err_node_id": "tell-caller",
            "src": "data.reply = {literal: 'Разом ' + [2, 3].reduce((sum, each) => sum + each)};"},
        {"type": "go", "to_node_id": "has-reply"},
    ]);
    let saved = author.save("messages-handling", &tag, &document);
    assert_eq!(saved.expect(200).json()["publishable"], true);
    let reason = json!({ "reason": "Сума" });
    author.post("publish", &reason).expect(201);
    let mut citizen = Citizen::new(installation, "ukco", "web", "uk");
    citizen.open();
    citizen.wait_for("a greeting", |seen| !seen.buttons.is_empty());
    citizen.say("Яка адреса?");
    citizen.wait_for("what the program said", |seen| {
        seen.text.contains("Разом 5")
    });
}

fn run(installation: &Installation, source: &str) -> Answer {
    let request = json!({
        "org": "ukc",
        "now_ms": NOW_MS,
        "conversation": {"id": "c_1", "status": "open", "language": "uk", "channel": "web",
            "opened_at_ms": NOW_MS, "citizen_last_at_ms": NOW_MS},
        "citizen": {"id": "p_1", "chat": "1"},
        "event": {"channel": "web", "chat": "1", "dedupe_key": "client:1", "at_ms": NOW_MS,
            "content": {"kind": "text", "text": "…"}},
        "params": {"source": source, "data": {"a": 1, "b": 2}},
    });
    installation.post("/run-code", &[], &request)
}

fn works(installation: &Installation) {
    let source = "data.sum = data.a + data.b; data.now = Date.now(); data.drawn = Math.random();";
    let answer = run(installation, source).expect(200).json();
    let data = &answer["data"]["data"];
    assert_eq!((&data["sum"], &data["now"]), (&json!(3), &json!(NOW_MS)));
    let again = run(installation, source).expect(200).json();
    assert_ne!(again["data"]["data"]["drawn"], data["drawn"]);
}

fn fails_in_its_own_words(installation: &Installation) {
    for (source, status, code) in [
        ("for (;;) {}", 503, "code_timeout"),
        ("undefined.x", 422, "code_executing_error"),
        ("data = 1", 422, "code_return_format_error"),
    ] {
        let answer = run(installation, source).expect(status).json();
        assert_eq!(answer["code"], code, "{source}: {answer}");
    }
}

/// Each is within the limits that are counted.
const HARMFUL: [(&str, u16); 4] = [
    // A loop in one of the engine's own functions: ended by time.
    ("[].indexOf.call({length: 2 ** 53 - 1}, 1)", 504),
    // Memory.
    ("let s = \"x\"; for (;;) s += s;", 500),
    (
        // The engine tells of a buffer that it did not get.
        "const all = []; for (;;) all.push(new Uint8Array(1 << 20));",
        422,
    ),
    // Stack.
    ("const o = {toJSON: () => ({o})}; JSON.stringify(o);", 500),
];

fn is_cut_off(installation: &Installation) {
    for (source, status) in HARMFUL {
        run(installation, source).expect(status);
        works(installation);
    }
}

fn harms_no_other(installation: &Installation) {
    std::thread::scope(|scope| {
        for (source, status) in HARMFUL {
            scope.spawn(move || run(installation, source).expect(status));
        }
        for _ in 0..8 {
            scope.spawn(|| works(installation));
        }
    });
    assert_eq!(
        run(installation, "").expect(200).json()["effects"],
        Value::from(Vec::<Value>::new())
    );
}
