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
    expect![[r#""#]].assert_eq(&import.report.to_string());
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
