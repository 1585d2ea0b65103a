//! Programs of code nodes run in simulation as they do in the host.

use crate::disk::{own, with};
use vikno_simulator::{Marks, Mode, Scenario};

/// What came instead of `expected`, when `messages-handling` passes a code node with this program on its way to the
/// reply.
fn instead(source: &str, expected: &str) -> Option<String> {
    let node = serde_json::json!([{ "id": "has-media", "obj_type": 0, "condition": { "logics": [
        { "type": "api_code", "lang": "js", "src": source, "err_node_id": "tell-caller" },
        { "type": "go", "to_node_id": "has-reply" },
    ] } }]);
    let mut files = own("ukco");
    files
        .processes
        .insert("messages-handling.nodes.json".to_owned(), node.to_string());
    let centre = with(&files).running_code(vikno_javascript::run_order);
    let toml = format!(
        "title = \"t\"\nchannels = [\"web\"]\nlanguages = [\"uk\"]\n[[step]]\nopens = true\n[[step]]\nsays = \"Яка адреса?\"\n{expected}\n"
    );
    let scenario = Scenario::parse("code.toml", &toml).unwrap();
    let played = scenario.runs(&centre)[0].play(&centre, Mode::default(), &mut Marks::default());
    played.mismatch.map(|mismatch| mismatch.came)
}

#[test]
fn a_program_works_on_the_tasks_data() {
    let source = "data.reply = { literal: 'Разом ' + [2, 3].reduce((sum, each) => sum + each) };";
    assert_eq!(instead(source, "text = \"Разом 5\""), None);
}

#[test]
fn a_program_that_fails_or_never_ends_is_told_as_a_failed_step() {
    for (source, tag) in [
        ("absent();", "code_executing_error"),
        ("for (;;) {}", "code_timeout"),
        ("data = 1;", "code_return_format_error"),
    ] {
        let came = instead(source, "status = \"open\"").expect("the scenario expects no failure");
        assert!(came.contains(tag), "{source}: {came}");
    }
}
