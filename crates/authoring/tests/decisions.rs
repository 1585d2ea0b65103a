//! Differences, checks, live tasks and moves as tables, over the shared processes of the repository.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests"
)]

use expect_test::expect;
use serde_json::{Value, json};
use std::path::Path;
use vikno_authoring::{
    Fate, Gravity, NodeMap, Processes, Sight, check, difference, fate, has_errors, journal_data,
    tasks,
};
use vikno_domain::Language;
use vikno_organisation::ProcessBundle;
use vikno_process::World;

/// The processes that all organisations share.
fn shared() -> Processes {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../organisations/_templates/processes");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let processes = files.map(|path| {
        let alias = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let process = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        (alias, process)
    });
    processes.collect()
}

fn node<'a>(processes: &'a mut Processes, process: &str, id: &str) -> &'a mut Value {
    let process = processes.get_mut(process).unwrap();
    let nodes = process["scheme"]["nodes"].as_array_mut().unwrap();
    nodes.iter_mut().find(|node| node["id"] == id).unwrap()
}

fn remove_node(processes: &mut Processes, process: &str, id: &str) {
    let nodes = &mut processes.get_mut(process).unwrap()["scheme"]["nodes"];
    nodes
        .as_array_mut()
        .unwrap()
        .retain(|node| node["id"] != id);
}

/// Severity, process, node of everything wrong.
fn wrong(processes: Processes, texts: &[&str]) -> Vec<String> {
    let languages = [Language::parse("uk").unwrap()];
    let findings = check(&ProcessBundle::of(processes), &languages, |_, id| {
        texts.is_empty() || texts.contains(&id)
    });
    let told = findings.iter().map(|finding| {
        let node = finding.node.as_deref().unwrap_or("-");
        format!("{:?} {} {node}", finding.severity, finding.process)
    });
    told.collect()
}

#[test]
fn the_shared_processes_have_no_errors() {
    let languages = [Language::parse("uk").unwrap()];
    let findings = check(&ProcessBundle::of(shared()), &languages, |_, _| true);
    assert!(!has_errors(&findings), "{findings:?}");
}

#[test]
fn each_kind_of_mistake_is_found_at_its_node() {
    type Break = fn(&mut Processes);
    let cases: [(&str, Break, &str); 6] = [
        (
            "a way to nowhere",
            |all| {
                node(all, "project", "start")["condition"]["logics"][0]["to_node_id"] =
                    "nowhere".into()
            },
            "Error project start",
        ),
        (
            "a call of no process",
            |all| {
                node(all, "project", "convert")["condition"]["logics"][0]["conv_id"] =
                    "@nobody".into()
            },
            "Error project convert",
        ),
        (
            "a call of no step",
            |all| {
                let logics = &mut node(all, "queue", "start")["condition"]["logics"];
                let call = json!({ "type": "api", "method": "POST", "url": "http://elsewhere.spin.internal/", "err_node_id": "" });
                logics.as_array_mut().unwrap().insert(0, call);
            },
            "Error queue start",
        ),
        (
            "no process at all",
            |all| drop(all.insert("queue".into(), json!({ "scheme": { "nodes": [{}] } }))),
            "Error queue -",
        ),
        (
            "a folder instead of a process",
            |all| all.get_mut("queue").unwrap()["obj_type"] = 0.into(),
            "Error queue -",
        ),
        (
            "a node that is gone",
            |all| remove_node(all, "project", "by-command"),
            "Error project convert",
        ),
    ];
    for (what, break_it, expected) in cases {
        let mut all = shared();
        break_it(&mut all);
        let found = wrong(all, &[]);
        assert!(found.iter().any(|one| one == expected), "{what}: {found:?}");
    }
}

#[test]
fn a_text_that_a_language_lacks_is_an_error_where_it_is_said() {
    let found = wrong(shared(), &["welcome"]);
    assert!(
        found.contains(&"Error project remind".to_owned()),
        "{found:?}"
    );
    assert!(
        wrong(shared(), &[])
            .iter()
            .all(|one| !one.starts_with("Error"))
    );
}

#[test]
fn errors_come_before_warnings() {
    assert!(Gravity::Error < Gravity::Warning);
}

#[test]
fn a_difference_names_processes_nodes_and_fields() {
    let before = shared();
    let mut after = before.clone();
    after.remove("welcome-message");
    after.insert("new-one".into(), json!({ "scheme": { "nodes": [] } }));
    node(&mut after, "project", "start")["x"] = 5.into();
    node(&mut after, "project", "convert")["title"] = "Otherwise".into();
    node(&mut after, "project", "convert")["condition"]["semaphors"][0]["value"] = 30.into();
    remove_node(&mut after, "project", "by-command");
    after.get_mut("project").unwrap()["description"] = "Other words".into();
    let mut found = difference(&before, &after);
    let fields = std::mem::take(&mut found.changed[0].fields);
    assert_eq!(fields.len(), 1, "{fields:?}");
    assert_eq!(fields[0].field, "description");
    expect![[r#"{"added":["new-one"],"removed":["welcome-message"],"changed":[{"process":"project","fields":[],"nodes_added":[],"nodes_removed":["by-command"],"nodes_changed":[{"node":"convert","fields":[{"field":"condition.semaphors[0].value","before":60,"after":30},{"field":"title","before":"Which command is it?","after":"Otherwise"}]}],"nodes_moved":["start"]}]}"#]]
    .assert_eq(&serde_json::to_string(&found).unwrap());
    assert!(difference(&after, &after).is_empty());
    assert!(!difference(&before, &after).is_empty());
}

#[test]
fn an_icon_that_makes_an_end_an_error_is_no_mere_picture() {
    let process = |icon: &str| {
        let extra = json!({ "icon": icon, "modeForm": "collapse" }).to_string();
        Processes::from([(
            "a".to_owned(),
            json!({ "scheme": { "nodes": [{ "id": "end", "extra": extra }] } }),
        )])
    };
    let found = difference(&process("success"), &process("error"));
    assert_eq!(found.changed[0].nodes_changed[0].fields[0].field, "icon");
}

/// One task of `project` in a node, in a state as it is stored.
fn world(process: &str, node: &str, state: Value, data: Value) -> World {
    let world = json!({
        "v": 1, "n": 2, "c": 2,
        "t": { "1": { "p": process, "n": node, "o": "before", "f": "c_1", "d": data, "s": state, "c": 5, "e": 7, "w": 60_000 } },
    });
    World::from_json(world.to_string().as_bytes()).unwrap()
}

#[test]
fn tasks_are_shown_with_what_they_wait_for() {
    for (state, expected) in [
        (json!("r"), json!({ "waits_for": "turn" })),
        (json!("m"), json!({ "waits_for": "event" })),
        (json!("d"), json!({ "waits_for": "timer" })),
        (
            json!({ "p": { "t": 9 } }),
            json!({ "waits_for": "reply", "of": 9 }),
        ),
        (json!({ "c": { "c": 3 } }), json!({ "waits_for": "step" })),
    ] {
        let shown = tasks(
            &world("project", "wait", state.clone(), json!({})),
            Sight::Whole,
        );
        let shown = serde_json::to_value(&shown[0]).unwrap();
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&shown[name], value, "{state}");
        }
        assert_eq!(
            (&shown["since_ms"], &shown["wakes_at_ms"]),
            (&json!(7), &json!(60_000))
        );
    }
}

#[test]
fn what_a_citizen_said_is_masked_and_where_things_stand_is_not() {
    let data = json!({
        "event": { "kind": "text", "text": "Я Оля" }, "status": "open", "new": true, "name": "Оля",
        "phone": 380_671_234_567_i64, "known": false, "nothing": null, "list": ["Оля"], "channel": ["Оля"],
    });
    let world = world("project", "wait", json!("m"), data.clone());
    let shown = |sight| Value::Object(tasks(&world, sight)[0].data.clone());
    assert_eq!(shown(Sight::Whole), data);
    assert_eq!(
        shown(Sight::Masked),
        json!({
            "event": { "kind": "text", "text": "•••" }, "status": "open", "new": true, "name": "•••",
            "phone": "•••", "known": false, "nothing": null, "list": "•••", "channel": "•••",
        })
    );
    let line = json!({ "from": "open", "to": "waiting", "cause": "Оля не відповіла" });
    assert_eq!(journal_data(&line, Sight::Whole), line);
    assert_eq!(
        journal_data(&line, Sight::Masked),
        json!({ "from": "open", "to": "waiting", "cause": "•••" })
    );
}

/// What keeps a task in a node from moving; empty when it moves.
fn kept(process: &str, at: &str, state: Value, change: fn(&mut Processes), map: Value) -> String {
    let old = shared();
    let mut new = old.clone();
    change(&mut new);
    let map: NodeMap = serde_json::from_value(map).unwrap();
    match fate(&world(process, at, state, json!({})), &old, &new, &map) {
        Fate::Moves => String::new(),
        Fate::Stays(obstacles) => obstacles[0].why.clone(),
    }
}

#[test]
fn a_dialogue_moves_when_its_nodes_still_do_what_they_did() {
    let rename: fn(&mut Processes) =
        |all| node(all, "project", "convert")["id"] = "understand".into();
    let other_text: fn(&mut Processes) = |all| {
        node(all, "project", "convert")["condition"]["logics"][0]["conv_id"] = "@queue".into();
    };
    let more_work: fn(&mut Processes) = |all| {
        let logics = &mut node(all, "project", "convert")["condition"]["logics"];
        let first = logics[0].clone();
        logics.as_array_mut().unwrap().insert(0, first);
    };
    let nothing: fn(&mut Processes) = |_| {};
    let gone: fn(&mut Processes) = |all| drop(all.remove("project"));
    let no_timer: fn(&mut Processes) = |all| remove_node(all, "project", "technical-failure");
    let reply = json!({ "p": { "t": 9 } });
    let map = json!({ "project": { "convert": "understand" } });
    for (what, state, change, map, expected) in [
        ("the same processes", json!("m"), nothing, json!({}), ""),
        (
            "a renamed node with a map",
            json!("m"),
            rename,
            map.clone(),
            "",
        ),
        (
            "a renamed node without a map",
            json!("m"),
            rename,
            json!({}),
            "there is no node `convert`",
        ),
        (
            "a map to nowhere",
            json!("m"),
            nothing,
            json!({ "project": { "convert": "x" } }),
            "there is no node `x`",
        ),
        (
            "another call, while it waits for an event",
            json!("m"),
            other_text,
            json!({}),
            "",
        ),
        (
            "another call, in its midst",
            reply.clone(),
            other_text,
            json!({}),
            "does something else",
        ),
        ("the same call, in its midst", reply, nothing, json!({}), ""),
        (
            "more work in the node",
            json!("m"),
            more_work,
            json!({}),
            "does something else",
        ),
        (
            "no process any more",
            json!("m"),
            gone,
            json!({}),
            "its process is no more",
        ),
        (
            "where its timer leads is gone",
            json!("d"),
            no_timer,
            json!({}),
            "its timer leads to `technical-failure`",
        ),
    ] {
        let why = kept("project", "convert", state, change, map);
        assert!(
            why.contains(expected) && why.is_empty() == expected.is_empty(),
            "{what}: {why}"
        );
    }
}
