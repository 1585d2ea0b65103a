//! Files in: reading them, telling what is wrong with them, keeping what we do not know.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use vikno_process::{
    ParseError, ProcessDocument, ProcessSet, Severity, parse, parse_all, validate,
};

use crate::support::{documents, go};

fn real_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corezoid");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|file| {
        file.extension()
            .is_some_and(|extension| extension == "json")
    });
    files.sort();
    assert!(files.len() > 10);
    files
}

fn name(file: &Path) -> String {
    file.file_stem().unwrap().to_string_lossy().into_owned()
}

/// Whether all that `old` holds is in `new`, which may hold defaults besides.
fn holds(new: &Value, old: &Value) -> bool {
    match (new, old) {
        (_, Value::Null) => true,
        (Value::Object(new), Value::Object(old)) => old
            .iter()
            .all(|(key, old)| old.is_null() || new.get(key).is_some_and(|new| holds(new, old))),
        (Value::Array(new), Value::Array(old)) => {
            new.len() == old.len() && new.iter().zip(old).all(|(new, old)| holds(new, old))
        }
        _ => new == old,
    }
}

#[test]
fn every_real_file_is_read_and_written_again_without_a_loss() {
    for file in real_files()
        .into_iter()
        .filter(|file| !name(file).starts_with("invalid"))
    {
        let bytes = fs::read(&file).unwrap();
        let process = parse(&bytes).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let written = serde_json::to_value(&process).unwrap();
        let mut original: Value = serde_json::from_slice(&bytes).unwrap();
        if let Value::Array(list) = &mut original {
            original = list.remove(0);
        }
        assert!(holds(&written, &original), "{}", file.display());
        assert_eq!(
            serde_json::from_value::<ProcessDocument>(written).unwrap(),
            process
        );
    }
}

#[test]
fn every_real_file_runs_but_for_the_processes_that_it_calls() {
    for file in real_files()
        .into_iter()
        .filter(|file| !name(file).starts_with("invalid"))
    {
        let process = parse(&fs::read(&file).unwrap()).unwrap();
        let problems = validate(&BTreeMap::from([("main".to_owned(), process)]));
        // Files hold one process of many: what they call is elsewhere.
        let known = |message: &str| message.contains("which is no process of this organisation");
        for problem in problems
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
        {
            assert!(known(&problem.message), "{}: {problem}", file.display());
        }
    }
}

#[test]
fn broken_json_is_told_with_line_and_column() {
    let file = real_files()
        .into_iter()
        .find(|file| name(file).starts_with("invalid"))
        .unwrap();
    let Err(ParseError::Malformed {
        line,
        column,
        reason,
    }) = parse(&fs::read(file).unwrap())
    else {
        panic!("read")
    };
    assert!(
        line > 1 && column > 0 && !reason.contains("line"),
        "{line}:{column} {reason}"
    );

    let wrong_type = b"{\n  \"scheme\": {\n    \"nodes\": 5\n  }\n}";
    let error = parse(wrong_type).unwrap_err().to_string();
    assert!(
        error.starts_with("line 3, column 14: invalid type: integer `5`"),
        "{error}"
    );
}

#[test]
fn an_object_an_array_and_an_api_answer_hold_the_same() {
    let process = json!({"obj_type": 1, "obj_id": "7", "title": "A", "params": null, "scheme": {"nodes": [{"id": 5, "obj_type": 1}]}});
    let folder = json!({"obj_type": 0, "obj_id": 1, "title": "Folder"});
    let read = |value: Value| parse_all(value.to_string().as_bytes()).unwrap();
    let single = read(process.clone());
    assert_eq!(
        (single[0].obj_id, single[0].scheme.nodes[0].id.as_str()),
        (Some(7), "5")
    );
    assert_eq!(read(json!([process]))[0], single[0]);
    let answer = json!({"request_proc": "ok", "ops": [{"obj": "obj_scheme", "proc": "ok", "scheme": [process, folder]}]});
    let both = read(answer.clone());
    assert_eq!((both.len(), &both[0]), (2, &single[0]));
    assert_eq!(parse(answer.to_string().as_bytes()).unwrap(), single[0]);
    assert_eq!(
        parse(json!([process, process]).to_string().as_bytes()),
        Err(ParseError::NotOneProcess(2))
    );
    assert_eq!(parse(b"[]"), Err(ParseError::NotOneProcess(0)));
}

/// One node `n` between start and end with these steps; the only error there is, is about it.
#[track_caller]
fn check_error(steps: Value, expected: &str) {
    let nodes = json!({"start": [go("n")], "n": steps, "end": []});
    let problems = validate(&documents(&[
        ("main", nodes),
        ("other", json!({"start": [go("end")], "end": []})),
    ]));
    let errors: Vec<_> = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .collect();
    assert!(
        errors
            .iter()
            .any(|problem| problem.node.as_deref() == Some("n")
                && problem.message.contains(expected)),
        "{expected:?} not in {errors:?}"
    );
}

#[test]
fn what_cannot_run_is_told_with_its_node() {
    let condition = |param: &str, fun: &str, constant: &str| json!([{"type": "go_if_const", "to_node_id": "end", "conditions": [{"param": param, "fun": fun, "const": constant}]}, go("end")]);
    let with_go = |step: Value| json!([step, go("end")]);
    check_error(
        json!([go("nowhere")]),
        "leads to `nowhere`, which is no node",
    );
    check_error(json!([{"type": "go"}]), "`to_node_id` is missing");
    check_error(json!([]), "a task cannot leave");
    check_error(json!([go("end"), {"type": "api_callback"}]), "never runs");
    check_error(
        json!([{"type": "api_callback"}, {"type": "api_callback"}, go("end")]),
        "waits for one thing only",
    );
    check_error(condition("a", "like", "x"), "`like` is no comparison");
    check_error(
        condition("a..b", "eq", "x"),
        "`a..b` is not a parameter name",
    );
    check_error(
        condition("a", "regexp", "("),
        "`(` is not a regular expression",
    );
    check_error(
        with_go(json!({"type": "set_param", "extra": {"a": "1"}, "extra_type": {"a": "date"}})),
        "`date` is no type",
    );
    check_error(
        with_go(json!({"type": "set_param", "extra": {"[": "1"}})),
        "`[` is not a parameter name",
    );
    check_error(
        with_go(json!({"type": "set_param", "extra": {}, "err_node_id": "lost"})),
        "leads to `lost`",
    );
    check_error(with_go(json!({"type": "api"})), "`url` is missing");
    check_error(
        with_go(json!({"type": "api", "url": "http://a", "method": "BREW"})),
        "`BREW` is no method",
    );
    check_error(
        with_go(json!({"type": "api", "url": "http://a", "extra_headers": {"a b": "c"}})),
        "`a b` is no header name",
    );
    check_error(
        with_go(json!({"type": "api_copy", "conv_id": "@missing"})),
        "calls `@missing`, which is no process",
    );
    check_error(
        with_go(json!({"type": "api_copy", "conv_id": 99})),
        "calls `99`, which is no process",
    );
    check_error(
        with_go(json!({"type": "api_copy", "conv_id": "@other", "mode": "modify"})),
        "`ref` is missing",
    );
    check_error(with_go(json!({"type": "api_rpc"})), "`conv_id` is missing");
    check_error(
        with_go(json!({"type": "api_rpc_reply", "mode": "keys", "res_data": {}})),
        "list of parameter names",
    );
    check_error(
        json!([{"type": "time", "value": "soon", "dimension": "sec", "to_node_id": "end"}]),
        "not a whole number",
    );
    check_error(
        json!([{"type": "time", "value": 5, "dimension": "weeks", "to_node_id": "end"}]),
        "`weeks` is no unit",
    );
    check_error(
        with_go(json!({"type": "teleport"})),
        "`teleport` is no logic",
    );
}

/// As [`check_error`], for what is doubtful but runs.
#[track_caller]
fn check_warning(steps: Value, expected: &str) {
    let nodes = json!({"start": [go("n")], "n": steps, "end": []});
    let other = json!({"start": [go("end")], "end": []});
    let set = ProcessSet::build(&documents(&[("main", nodes), ("other", other)])).unwrap();
    let told: Vec<String> = set.warnings().iter().map(ToString::to_string).collect();
    assert!(
        told.iter().any(|told| told.contains(expected)),
        "{expected:?} not in {told:?}"
    );
}

#[test]
fn what_is_doubtful_is_told_and_runs() {
    let with_go = |step: Value| json!([step, go("end")]);
    for kind in ["db_call", "git_call", "api_git", "api_form"] {
        check_warning(with_go(json!({"type": kind})), "write a step component");
    }
    check_warning(
        with_go(json!({"type": "api_code", "lang": "erl", "src": "main(Data) -> Data."})),
        "write it in JavaScript",
    );
    check_warning(
        with_go(json!({"type": "api_code", "lang": "js", "src": ""})),
        "`src` is empty",
    );
    check_warning(
        with_go(json!({"type": "api_sum", "extra": [{"id": "s", "value": "1"}]})),
        "a sum is kept for its conversation",
    );
    check_warning(
        json!([{"type": "count", "value": 5, "esc_node_id": "end"}, go("end")]),
        "the counted task stays",
    );
    check_warning(
        with_go(json!({"type": "api_get_task", "conv_id": "@other", "node_id": "q"})),
        "an empty queue lets the task go on",
    );
    check_warning(
        with_go(json!({"type": "api", "url": "http://a", "cert_pem": "x"})),
        "`cert_pem` is kept but not sent",
    );
    check_warning(
        with_go(json!({"type": "set_param", "extra": {"a": "$.what(1)"}})),
        "`$.what(` is no function",
    );
    check_warning(
        with_go(json!({"type": "set_param", "extra": {"a": "{{node[1].count}}"}})),
        "a counter",
    );
}

#[test]
fn what_the_newer_logics_need_is_told() {
    let with_go = |step: Value| json!([step, go("end")]);
    for (step, expected) in [
        (
            json!({"type": "api_code", "lang": "php", "src": "x"}),
            "`php` is no language",
        ),
        (json!({"type": "api_sum", "extra": {}}), "a list of sums"),
        (
            json!({"type": "api_sum", "extra": [{"value": "1"}]}),
            "a sum needs an `id`",
        ),
        (
            json!({"type": "api_get_task", "conv_id": "@other"}),
            "`node_id` is missing",
        ),
        (
            json!({"type": "api_get_task", "conv_id": "@nobody", "node_id": "q"}),
            "calls `@nobody`",
        ),
        (
            json!({"type": "api_get_task", "conv_id": "@other", "node_id": "q", "order_by": "up"}),
            "`UP` is no order",
        ),
        (
            json!({"type": "api_callback", "obj_id_path": "a..b"}),
            "`obj_id_path`",
        ),
        (
            json!({"type": "api", "url": "http://a", "format": "soap"}),
            "`soap` is no format",
        ),
        (
            json!({"type": "api", "url": "http://a", "format": "conveyor", "method": "GET"}),
            "needs a method with a body",
        ),
        (
            json!({"type": "api", "url": "http://a", "method": "POST", "content_type": "text/xml"}),
            "use format `raw`",
        ),
        (
            json!({"type": "api", "url": "http://a", "retry": {"attempts": 99}}),
            "`retry` is",
        ),
        (
            json!({"type": "api", "url": "http://a", "retry": {"wait_s": 0}}),
            "`retry` is",
        ),
        (
            json!({"type": "api", "url": "http://a", "retry": 3}),
            "`retry` is",
        ),
        (
            json!({"type": "set_param", "extra": {"a": "$.map(fun(X) -> end, {{b}})"}}),
            "cannot be read",
        ),
        (
            json!({"type": "set_param", "extra": {"a": "$.date(%y).tz('Moon')"}}),
            "`Moon` is no time zone",
        ),
        (
            json!({"type": "api", "url": "http://a", "extra": {"o": {"deep": ["$.filter(X, {{a}})"]}}}),
            "cannot be read",
        ),
    ] {
        check_error(with_go(step), expected);
    }
    check_error(
        json!([{"type": "count", "value": 0, "esc_node_id": "end"}, go("end")]),
        "a whole number of 1 or more",
    );
    check_error(
        json!([{"type": "weight", "value": 1}, go("end")]),
        "`weight` is no",
    );
    check_error(
        json!([{"type": "stub", "logics": []}, go("end")]),
        "a stub needs an api_rpc",
    );
    let rpc = json!({"type": "api_rpc", "conv_id": "@other"});
    check_error(
        json!([rpc, {"type": "stub", "logics": [[{"type": "go", "to_node_id": "end"}]]}, go("end")]),
        "each a list of [go_if_const, api_rpc_reply]",
    );
}

#[test]
fn all_problems_are_told_together() {
    let nodes = json!({"start": [go("a")], "a": [{"type": "set_param", "extra": {"x": "$.map(X, 1)"}, "err_node_id": "q"}, go("b")], "b": [go("zz")]});
    let problems = validate(&documents(&[("one", nodes), ("two", json!({"end": []}))]));
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "error: process one, node a: set_param: the function in `$.map` cannot be read: `fun` is missing before `X`",
            "error: process one, node a: set_param: `err_node_id` leads to `q`, which is no node of this process",
            "error: process one, node b: go: `to_node_id` leads to `zz`, which is no node of this process",
            "error: process two: there is no start node; give one node obj_type 1",
        ]
    );
}

#[test]
fn what_no_task_reaches_is_a_warning_only() {
    let nodes = json!({"start": [go("end")], "end": [], "lost": [{"type": "api_code", "lang": "cobol"}, {"type": "api_rpc", "conv_id": 1}, go("nowhere")]});
    let set = ProcessSet::build(&documents(&[("main", nodes)])).unwrap();
    assert!(set.warnings().len() >= 3);
    assert!(
        set.warnings()
            .iter()
            .all(|problem| problem.severity == Severity::Warning)
    );
}

#[test]
fn double_ids_and_numbers_are_refused() {
    let mut all = documents(&[
        ("a", json!({"start": [go("end")], "end": []})),
        ("b", json!({"start": [go("end")], "end": []})),
    ]);
    for document in all.values_mut() {
        document.obj_id = Some(5);
        let twin = document.scheme.nodes[0].clone();
        document.scheme.nodes.push(twin);
    }
    let told = ProcessSet::build(&all).unwrap_err().to_string();
    for expected in ["another node has the same id", "obj_id 5 is also that of a"] {
        assert!(told.contains(expected), "{told}");
    }
}
