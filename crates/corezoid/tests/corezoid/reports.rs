//! What a person is told about an import.

use std::collections::BTreeMap;

use expect_test::expect;
use serde_json::{Value, json};
use vikno_corezoid::files::{Import, Kind, Known, Source, import};

use crate::support::{go, process, real_files, small, taken};

fn folder_of_processes() -> Vec<u8> {
    let router = process(
        json!(164_331),
        "01 - Event router",
        &json!({
            "start": [go("set-names")],
            "set-names": [
                {"type": "set_param", "extra": {"name": "\"Demo Account\"", "text": "one\\ntwo"},
                 "extra_type": {"name": "string", "text": "string"}, "err_node_id": "end"},
                go("copy")],
            "copy": [{"type": "api_copy", "mode": "create", "conv_id": 164_330, "convTitle": "Stale", "ref": "",
                      "data": {}, "data_type": {}, "group": "all", "err_node_id": "end"}, go("copy-again")],
            "copy-again": [{"type": "api_copy", "mode": "create", "conv_id": "164330", "ref": "",
                            "data": {"state": "{{env_var[@stage]}}"}, "data_type": {"state": "string"}, "err_node_id": "end"}, go("lost-call")],
            "lost-call": [{"type": "api_copy", "mode": "create", "conv_id": 999_999, "convTitle": "Billing", "ref": "",
                           "data": {}, "data_type": {}, "err_node_id": "end"}, go("pay")],
            "pay": [{"type": "api", "url": "https://api.pay.example/v1", "method": "POST", "format": "", "extra": {},
                     "extra_headers": {"Authorization": "Bearer s3cret"}, "err_node_id": "end"}, go("wait")],
            "wait": [{"type": "time", "value": 172_800, "dimension": "day", "to_node_id": "query"}],
            "query": [{"type": "db_call", "instance_id": 1, "query": "select 1", "err_node_id": "end"}, go("program")],
            "program": [{"type": "git_call", "lang": "python", "err_node_id": "end"}, go("old-code")],
            "old-code": [{"type": "api_code", "lang": "erl", "src": "-module(x).", "err_node_id": "end"}, go("whom")],
            "whom": [{"type": "api_copy", "mode": "create", "conv_id": "@{{next}}", "ref": "", "data": {}, "data_type": {}, "err_node_id": "end"}, go("end")],
            "orphan-one": [go("end")], "orphan-two": [go("end")],
            "end": []}),
    );
    let mut checks = small(164_330, "02 - Перевірки");
    checks["status"] = "paused".into();
    checks["scheme"]["nodes"][1]["options"] = "{\"direct_url\":true}".into();
    let folder =
        json!({"obj_type": 0, "obj_id": 106_317, "title": "CloudTrail", "description": null});
    let dashboard = json!({"obj_type": 3, "obj_id": 5, "title": "Numbers", "scheme": [1, 2]});
    json!([router, checks, folder, dashboard])
        .to_string()
        .into_bytes()
}

#[test]
fn a_folder_is_told_in_full() {
    let import = taken("106317_folder.json", &folder_of_processes());
    expect![[r#"
        What came
          106317_folder.json
            - folder "CloudTrail": its processes are kept, the folder is not
            - dashboard "Numbers" is left out
              → see what the platform's statistics and exports offer in its place
          01-event-router (106317_folder.json)
            - process "01 - Event router", 14 nodes
          02-perevirky (106317_folder.json)
            - process "02 - Перевірки", 2 nodes

        What was changed
          01-event-router (106317_folder.json)
            - its alias @01-event-router was made of its title
            - calls to process 164330 name it by its alias now: @02-perevirky
              nodes "copy" (copy), "copy again" (copy-again)
          02-perevirky (106317_folder.json)
            - its alias @02-perevirky was made of its title

        What is doubtful: look at it before citizens meet it
          01-event-router (106317_folder.json)
            - which process is called is worked out when the task runs: @{{next}}
              node "whom" (whom)
              → see that the values are aliases of processes here, or numbers of imported ones
            - no path leads to 2 of its nodes: kept, and never run
              nodes "orphan one" (orphan-one), "orphan two" (orphan-two)
              → nothing to do, unless a line of the picture is missing
            - a timer of 172800 with the unit `day`: exports hold 172800 seconds there, people write 172800 day
              node "wait" (wait)
              → write what is meant in seconds, with "dimension": "sec"
            - calls api.pay.example
              node "pay" (pay)
              → processes here reach outside only through a step that is granted that host: have one added, or leave the call out
            - `Authorization` holds what looks like a password or key
              node "pay" (pay)
              → take it out before the file goes into a repository: the step that makes the call holds its secrets
            - `name` is set to a text in quotation marks, which stay in the text
              node "set names" (set-names)
              → old editors wrote texts so: take the marks away if citizens should not see them
            - `text` is set to a text with the two characters \n in it, which is no line break
              node "set names" (set-names)
              → old editors wrote line breaks so: put a real line break there
            - uses the variable stage, which has no value here
              node "copy again" (copy-again)
              → give it a value under [variables] in organisation.toml; a secret belongs in a step's settings
          02-perevirky (106317_folder.json)
            - its status is `paused`: it takes no tasks
              → write "status": "active" when it is to run
            - outside systems may make tasks by its direct address
              node "start" (start)
              → the address is another one here: give it to those who call, or have them sign their calls

        What cannot run here as it is
          01-event-router (106317_folder.json)
            - calls process 999999 ("Billing" when it was exported), which is not in these files
              node "lost call" (lost-call)
              → import that process too, or name another one in the node
            - holds code in Erlang, which is not run here
              node "old code" (old-code)
              → write the code anew in JavaScript
            - runs a program from a Git repository (git_call), which is not built or run here
              node "program" (program)
              → make the program a step (a component of its own) or a service, and call it from an API node
            - asks a database directly (db_call): processes here hold no access to databases
              node "query" (query)
              → have a small service or step make the query, and call it from an API node in this node's place
    "#]].assert_eq(&import.report.to_string());
    let copies = &import.processes[0].document.scheme.nodes;
    let called: Vec<&Value> = copies
        .iter()
        .flat_map(|node| &node.condition.logics)
        .filter_map(|logic| logic.fields.get("conv_id"))
        .collect();
    let renamed = called
        .iter()
        .filter(|name| **name == "@02-perevirky")
        .count();
    assert_eq!(renamed, 2, "{called:?}");
}

fn onto(known: &[(&str, Value)], file: &Value) -> Import {
    let documents: BTreeMap<_, _> = known
        .iter()
        .map(|(alias, value)| {
            (
                (*alias).to_owned(),
                serde_json::from_value(value.clone()).unwrap(),
            )
        })
        .collect();
    let known = Known::of(&documents, ["org".to_owned()]);
    let bytes = file.to_string().into_bytes();
    let source = Source {
        name: "a.json",
        bytes: &bytes,
    };
    import(&[source], &known).unwrap()
}

#[test]
fn the_same_title_takes_the_same_place_and_another_title_never_does() {
    let here = [("queue", small(17, "UKC Project->Queue"))];
    let import = onto(
        &here,
        &json!([
            small(900_017, "UKC Project->Queue"),
            small(5, "Queue"),
            small(17, "Other")
        ]),
    );
    let aliases: Vec<&str> = import
        .processes
        .iter()
        .map(|process| process.alias.as_str())
        .collect();
    assert_eq!(aliases, ["queue", "queue-5", "other"]);
    let numbers: Vec<_> = import
        .processes
        .iter()
        .map(|process| process.document.obj_id)
        .collect();
    assert_eq!(numbers, [Some(900_017), Some(5), None]);
    let report = import.report.to_string();
    for told in [
        "it takes the place of @queue, which has the same title",
        "it has lost its number 17, which is that of @queue here",
    ] {
        assert!(report.contains(told), "{report}");
    }
}

#[test]
fn calls_may_go_to_what_is_here() {
    let caller = |to: Value| {
        process(
            json!(1),
            "Caller",
            &json!({"start": [go("call")], "end": [],
                "call": [{"type": "api_copy", "conv_id": to, "mode": "create", "ref": "", "data": {}}, go("end")]}),
        )
    };
    let here = [("queue", small(17, "Queue"))];
    assert_eq!(
        onto(&here, &caller(json!("@queue")))
            .report
            .count(Kind::CannotRun),
        0
    );
    let by_number = onto(&here, &caller(json!(17)));
    assert_eq!(by_number.report.count(Kind::CannotRun), 0);
    assert!(
        by_number
            .report
            .to_string()
            .contains("calls process 17, which is @queue here")
    );
    let lost = onto(&here, &caller(json!("@nobody")));
    assert!(
        lost.report
            .to_string()
            .contains("calls @nobody, which is neither in these files nor here")
    );
    let number = 170_017;
    let unknown = onto(&here, &caller(json!(number)));
    assert_eq!(unknown.report.count(Kind::CannotRun), 1);
}

#[test]
fn titles_cannot_write_over_the_report() {
    let mut evil = small(1, "A\u{1b}[2J\u{202e}evil");
    evil["scheme"]["nodes"][0]["title"] = "x\r\ny".into();
    let report = taken("a\u{1b}.json", evil.to_string().as_bytes())
        .report
        .to_string();
    assert!(!report.contains(['\u{1b}', '\u{202e}', '\r']), "{report}");
}

#[test]
fn real_files_that_cannot_run_say_so() {
    for (name, expected) in [
        (
            "plugins__corezoid__samples__database-call.json",
            "asks a database directly",
        ),
        (
            "templates__process-as-code.json",
            "runs a program from a Git repository",
        ),
        ("samples__gpt-calculator.json", "calls process 1660229"),
    ] {
        let report = taken(name, &real_files()[name]).report;
        let cannot = report
            .entries()
            .iter()
            .filter(|entry| entry.kind == Kind::CannotRun);
        assert!(
            cannot.clone().any(|entry| entry.what.contains(expected)),
            "{name}:\n{report}"
        );
        assert!(
            cannot.clone().all(|entry| !entry.nodes.is_empty()),
            "{name}:\n{report}"
        );
    }
}
