//! Losses are found where a process really loses somebody.

use crate::disk::{own, suite, with};
use vikno_simulator::{LossKind, ScenarioFiles, Suite};

fn hello() -> Suite {
    let file = "title = \"t\"\nchannels = [\"web\"]\n[[step]]\nopens = true\n[[step]]\nsays = \"Добрий день\"\n";
    let own = ScenarioFiles::from([("hello.toml".to_owned(), file.to_owned())]);
    Suite::read(&ScenarioFiles::new(), "ukco", &own)
}

/// `ukco` with another way of handling messages.
fn handling(nodes: &str) -> vikno_simulator::Centre {
    let mut files = own("ukco");
    files
        .processes
        .insert("messages-handling.nodes.json".to_owned(), nodes.to_owned());
    with(&files)
}

#[test]
fn a_process_that_swallows_a_failure_is_named() {
    // The caller is told that all is well, and nothing was said.
    let swallowing = r#"[{"id": "tell-caller", "obj_type": 0, "condition": {"logics": [
        {"type": "api_rpc_reply", "mode": "key_value", "res_data": {"status": "open", "intent": ""},
         "res_data_type": {"status": "string", "intent": "string"}, "throw_exception": false},
        {"type": "go", "to_node_id": "done"}], "semaphors": []}}]"#;
    let centre = handling(swallowing);
    let report = hello().faults(&centre);
    let told = report.to_string();
    // The turn's own net puts the citizen into a queue; only what it cannot see is lost.
    assert_eq!(report.losses, [], "{told}");
    assert_eq!(report.dialogues, report.calls * 4);
}

#[test]
fn a_process_that_answers_nobody_after_a_failure_in_a_rating_is_named() {
    let file = "title = \"t\"\nchannels = [\"web\"]\n[[step]]\nsays = \"/end\"\n[[step]]\nsays = \"Ще питання\"\n";
    let scenarios = ScenarioFiles::from([("voting.toml".to_owned(), file.to_owned())]);
    let suite = Suite::read(&ScenarioFiles::new(), "ukco", &scenarios);
    let silent = r#"[{"id": "tell-caller", "obj_type": 0, "condition": {"logics": [
        {"type": "api_rpc_reply", "mode": "key_value", "res_data": {"status": "voting", "intent": ""},
         "res_data_type": {"status": "string", "intent": "string"}, "throw_exception": false},
        {"type": "go", "to_node_id": "done"}], "semaphors": []}}]"#;
    let report = suite.faults(&handling(silent));
    let loss = report.losses.first().expect("it is found");
    assert_eq!(loss.kind, LossKind::Citizen);
    assert_eq!(
        (loss.process.as_str(), loss.node.as_str()),
        ("messages-handling", "ask")
    );
    assert_eq!((loss.step.as_str(), loss.line), ("messages-handling", 5));
    let told = report.to_string();
    let expected = "process messages-handling, node ask loses a citizen in silence when step messages-handling fails (4 ways)";
    assert!(told.starts_with(expected), "{told}");
}

#[test]
fn the_same_scenarios_always_lead_to_the_same_dialogues() {
    let centre = with(&own("mou"));
    let suite = suite("mou");
    assert_eq!(suite.play(&centre, true), suite.play(&centre, true));
}
