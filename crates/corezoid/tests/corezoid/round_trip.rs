//! Out and in again: whatever comes back is the same, and runs the same.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use vikno_corezoid::files::{
    ExportError, Exported, Exporting, Known, Source, import, to_archive, to_array, to_object,
};

use crate::runs::{Documents, told};
use crate::support::{documents, go, process, real_files, taken, whole_files};

type Writer = fn(&Exporting<'_>) -> Result<Exported, ExportError>;

const FORMS: [(&str, Writer); 2] = [("array", to_array), ("archive", to_archive)];

fn exporting(processes: &Documents) -> Exporting<'_> {
    Exporting {
        processes,
        folder: "Міністерство",
    }
}

fn back(bytes: &[u8], known: &Known) -> Documents {
    let source = Source { name: "out", bytes };
    documents(&import(&[source], known).unwrap_or_else(|refused| panic!("{refused}")))
}

/// What is exported comes in and goes out as the same bytes; it runs as before.
fn check(processes: &Documents) {
    let before = told(processes);
    for (form, write) in FORMS {
        let out = write(&exporting(processes)).unwrap().bytes;
        let returned = back(&out, &Known::default());
        same_lines(&told(&returned), &before, form);
        let again = write(&exporting(&returned)).unwrap().bytes;
        assert!(again == out, "{form}: {}", first_difference(&out, &again));

        // Where the processes are known, their nodes have their own ids again, and nothing else differs.
        let returned = back(&out, &Known::of(processes, []));
        assert_eq!(node_ids(&returned), node_ids(processes), "{form}");
        same_lines(&told(&returned), &before, form);
    }
}

#[track_caller]
fn same_lines(now: &[String], before: &[String], what: &str) {
    let differing = now.iter().zip(before).find(|(now, before)| now != before);
    assert_eq!((differing, now.len()), (None, before.len()), "{what}");
}

fn first_difference(one: &[u8], other: &[u8]) -> String {
    let at = one
        .iter()
        .zip(other)
        .position(|(one, other)| one != other)
        .unwrap_or(0);
    let from = at.saturating_sub(60);
    let show =
        |bytes: &[u8]| String::from_utf8_lossy(&bytes[from..bytes.len().min(at + 60)]).into_owned();
    format!("{} / {}", show(one), show(other))
}

fn node_ids(documents: &Documents) -> BTreeMap<&str, Vec<&str>> {
    documents
        .iter()
        .map(|(alias, document)| {
            let nodes = document.scheme.nodes.iter();
            (alias.as_str(), nodes.map(|node| node.id.as_str()).collect())
        })
        .collect()
}

#[test]
fn every_real_file_goes_out_and_in_again() {
    for (name, bytes) in whole_files() {
        let processes = documents(&taken(&name, &bytes));
        check(&processes);
        let alone = to_object(&exporting(&processes)).unwrap().bytes;
        let returned = back(&alone, &Known::default());
        same_lines(&told(&returned), &told(&processes), &name);
        assert!(
            to_object(&exporting(&returned)).unwrap().bytes == alone,
            "{name}"
        );
    }
}

#[test]
fn all_real_files_together_go_out_and_in_again() {
    let files = whole_files();
    let sources: Vec<Source<'_>> = files
        .iter()
        .map(|(name, bytes)| Source { name, bytes })
        .collect();
    let import = import(&sources, &Known::default()).unwrap_or_else(|refused| panic!("{refused}"));
    assert_eq!(import.processes.len(), files.len());
    check(&documents(&import));
}

/// Whether all that `old` holds is in `new`, which may hold more.
fn holds(new: &Value, old: &Value) -> bool {
    match (new, old) {
        (Value::Object(new), Value::Object(old)) => old
            .iter()
            .all(|(key, old)| new.get(key).is_some_and(|new| holds(new, old))),
        (Value::Array(new), Value::Array(old)) => {
            new.len() == old.len() && new.iter().zip(old).all(|(new, old)| holds(new, old))
        }
        _ => new == old,
    }
}

#[test]
fn a_genuine_export_comes_out_as_it_came_in() {
    let bytes = &real_files()["sample_process.json"];
    let processes = documents(&taken("sample_process.json", bytes));
    let exporting = Exporting {
        processes: &processes,
        folder: "",
    };
    let out: Value = serde_json::from_slice(&to_array(&exporting).unwrap().bytes).unwrap();
    let genuine: Value = serde_json::from_slice(bytes).unwrap();
    assert!(holds(&out, &genuine));
}

const TITLES: [&str; 3] = ["One", "Two", "Three"];
const NODES: [&str; 5] = ["a", "b", "c", "5f0c1d2e3a4b5c6d7e8f9012", "ще-один"];

fn text() -> impl Strategy<Value = String> {
    proptest::sample::select(vec![
        "{{x}}",
        "{{list[{{n}}]}}",
        "{{x.k}}{{y}}",
        "слово",
        "5",
        "",
        "\"quoted\"",
        "{{root.ref}}",
        "{{env_var[@v]}}",
        "a\\nb",
        "{\"k\": {{n}}}",
    ])
    .prop_map(str::to_owned)
}

fn target() -> impl Strategy<Value = String> {
    let ids: Vec<&str> = NODES.into_iter().chain(["end"]).collect();
    proptest::sample::select(ids).prop_map(str::to_owned)
}

/// A call of a process: by alias, by a bare one, by its number, or worked out.
fn callee() -> impl Strategy<Value = Value> {
    proptest::sample::select(vec![
        json!("@one"),
        json!("two"),
        json!("@three"),
        json!(1_000_001),
        json!("1000001"),
        json!("@{{y}}"),
    ])
}

fn action() -> impl Strategy<Value = Value> {
    prop_oneof![
        (text(), target()).prop_map(|(text, error)| json!({
            "type": "set_param", "extra": {"x": text}, "extra_type": {"x": "string"}, "err_node_id": error})),
        (text(), target()).prop_map(|(text, error)| json!({
            "type": "api", "url": "http://send-text.spin.internal/", "method": "POST", "format": "",
            "extra": {"text": text}, "extra_type": {"text": "string"}, "err_node_id": error})),
        (callee(), text(), any::<bool>()).prop_map(|(to, text, all)| json!({
            "type": "api_copy", "mode": "create", "conv_id": to, "ref": text, "data": {"x": text},
            "data_type": {"x": "string"}, "group": if all { "all" } else { "" }, "err_node_id": "end"})),
        (callee(), text(), target()).prop_map(|(to, text, error)| json!({
            "type": "api_rpc", "conv_id": to, "extra": {"x": text}, "extra_type": {"x": "string"},
            "group": "", "convTitle": "stale", "err_node_id": error})),
        text().prop_map(|text| json!({
            "type": "api_rpc_reply", "mode": "key_value", "res_data": {"y": text},
            "res_data_type": {"y": "string"}, "throw_exception": false})),
        Just(json!({"type": "api_callback"})),
    ]
}

fn node() -> impl Strategy<Value = Value> {
    let condition = (target(), text()).prop_map(|(to, text)| {
        json!({
        "type": "go_if_const", "to_node_id": to,
        "conditions": [{"param": "{{x}}", "const": text, "fun": "eq", "cast": "string"}]})
    });
    let timer = target().prop_map(|to| {
        json!({
        "type": "time", "value": 30, "dimension": "sec", "to_node_id": to})
    });
    (
        action(),
        vec(condition, 0..2),
        target(),
        proptest::option::of(timer),
    )
        .prop_map(|(action, conditions, to, timer)| {
            let steps = std::iter::once(action)
                .chain(conditions)
                .chain([go(&to)])
                .chain(timer);
            steps.collect()
        })
}

/// Three processes that call each other. Only the first has a number of its own.
fn processes() -> impl Strategy<Value = Documents> {
    vec(vec(node(), NODES.len()), TITLES.len()).prop_map(|graphs| {
        let graphs = TITLES.into_iter().zip(graphs).enumerate();
        graphs
            .map(|(at, (title, nodes))| {
                let mut graph = json!({"start": [go("a")], "end": []});
                for (id, node) in NODES.iter().zip(nodes) {
                    graph[id] = node;
                }
                let number = if at == 0 {
                    json!(1_000_001)
                } else {
                    Value::Null
                };
                let process = process(number, title, &graph);
                (
                    title.to_lowercase(),
                    serde_json::from_value(process).unwrap(),
                )
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 20, ..ProptestConfig::default() })]

    #[test]
    fn generated_processes_go_out_and_in_again(processes in processes()) {
        check(&processes);
    }
}
