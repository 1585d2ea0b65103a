//! What goes out, in detail.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use expect_test::expect;
use serde_json::{Value, json};
use vikno_corezoid::files::{ExportError, Exporting, to_archive, to_array, to_object};
use zip::ZipArchive;

use crate::runs::Documents;
use crate::support::{go, process, small};

/// Two processes that call each other, one of them named by words only.
fn two() -> Documents {
    let caller = process(
        Value::Null,
        "Питання / відповідь",
        &json!({
            "start": [go("ask")],
            "ask": [
                {"type": "api_rpc", "conv_id": "@answer", "extra": {"q": "{{conv[@answer].ref[r].x}} {{node[ask].count}} {{env_var[@limit]}}"},
                 "extra_type": {"q": "string"}, "err_node_id": "end"},
                go("say"),
                {"type": "time", "value": 60, "dimension": "sec", "to_node_id": "end"}],
            "say": [{"type": "api", "url": "http://send-text.spin.internal/", "extra": {}, "err_node_id": "end"}, go("end")],
            "end": []}),
    );
    let answer = process(
        json!(77),
        "Answer",
        &json!({
            "start": [go("back")],
            "back": [{"type": "api_copy", "conv_id": "ask", "mode": "create", "ref": "", "data": {}},
                     {"type": "api_copy", "conv_id": "@{{y}}", "mode": "create", "ref": "", "data": {}},
                     {"type": "api_copy", "conv_id": "@elsewhere", "mode": "create", "ref": "", "data": {}}, go("end")],
            "end": []}),
    );
    let read = |value: Value| serde_json::from_value(value).unwrap();
    BTreeMap::from([
        ("ask".to_owned(), read(caller)),
        ("answer".to_owned(), read(answer)),
    ])
}

fn exporting(processes: &Documents) -> Exporting<'_> {
    Exporting {
        processes,
        folder: "UKC",
    }
}

#[test]
fn an_array_names_processes_by_number_and_ends_with_the_folder() {
    let processes = two();
    let exported = to_array(&exporting(&processes)).unwrap();
    let objects: Value = serde_json::from_slice(&exported.bytes).unwrap();
    assert_eq!(
        objects[2],
        json!({"obj_type": 0, "obj_id": 2, "parent_id": 0, "title": "UKC", "description": null})
    );
    let (answer, ask) = (&objects[0], &objects[1]);
    assert_eq!((&answer["obj_id"], &ask["obj_id"]), (&json!(77), &json!(1)));
    assert_eq!(
        (&answer["parent_id"], &ask["parent_id"]),
        (&json!(2), &json!(2))
    );
    let node = |process: &Value, title: &str| {
        let nodes = process["scheme"]["nodes"].as_array().unwrap();
        nodes
            .iter()
            .find(|node| node["title"] == title)
            .unwrap()
            .clone()
    };
    let asking = node(ask, "ask");
    let rpc = &asking["condition"]["logics"][0];
    assert_eq!(rpc["conv_id"], 77);
    assert_eq!(
        rpc["extra"]["q"],
        format!(
            "{{{{conv[77].ref[r].x}}}} {{{{node[{}].count}}}} {{{{env_var[@limit]}}}}",
            asking["id"].as_str().unwrap()
        )
    );
    let ids: Vec<&str> = ask["scheme"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["id"].as_str().unwrap())
        .collect();
    assert!(ids.iter().all(|id| id.len() == 24), "{ids:?}");
    assert_eq!(rpc["err_node_id"], node(ask, "end")["id"]);
    let back = node(answer, "back");
    let calls: Vec<&Value> = back["condition"]["logics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|logic| &logic["conv_id"])
        .collect();
    assert_eq!(
        calls[..3],
        [&json!(1), &json!("@{{y}}"), &json!("@elsewhere")]
    );
    for field in ["description", "options", "x", "y", "extra"] {
        assert!(back.get(field).is_some(), "{field}");
    }
    expect![[r#"
        nodes that call steps of this platform (http://….spin.internal/), which Corezoid cannot reach: 1; give them other addresses there
        these environment variables need values there: limit
        these processes are called and not exported: @elsewhere
        some calls work out an alias when they run, and this form has no aliases: export a zip, or make the aliases there"#]]
    .assert_eq(&exported.notes.join("\n"));
}

#[test]
fn an_archive_keeps_aliases() {
    let processes = two();
    let exported = to_archive(&exporting(&processes)).unwrap();
    assert_eq!(exported, to_archive(&exporting(&processes)).unwrap());
    let mut archive = ZipArchive::new(Cursor::new(exported.bytes)).unwrap();
    let mut files = BTreeMap::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        files.insert(
            file.name().to_owned(),
            serde_json::from_str::<Value>(&text).unwrap(),
        );
    }
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    expect![[r#"
        1_Питання___відповідь.conv.json
        2_UKC.folder.json
        77_Answer.conv.json
        _ALIASES_.json
        _ENV_VARS_.json"#]]
    .assert_eq(&names.join("\n"));
    assert_eq!(
        files["_ENV_VARS_.json"],
        json!({"limit": {"description": ""}})
    );
    let aliases = files["_ALIASES_.json"].as_array().unwrap();
    let led: Vec<_> = aliases
        .iter()
        .map(|alias| (&alias["short_name"], &alias["obj_to_id"]))
        .collect();
    assert_eq!(
        led,
        [(&json!("answer"), &json!(77)), (&json!("ask"), &json!(1))]
    );
    assert!(
        exported
            .notes
            .iter()
            .all(|note| !note.contains("export a zip"))
    );
}

#[test]
fn what_upload_wants_is_filled_in() {
    let bare = json!({"title": "Bare", "params": [{"name": "phone"}], "scheme": {"nodes": [
        {"id": "start", "obj_type": 1, "extra": {"icon": ""}, "condition": {"logics": [go("end")]}},
        {"id": "end", "obj_type": 2}]}});
    let processes = BTreeMap::from([("bare".to_owned(), serde_json::from_value(bare).unwrap())]);
    let exported = to_object(&exporting(&processes)).unwrap();
    let object: Value = serde_json::from_slice(&exported.bytes).unwrap();
    assert_eq!(
        object["params"],
        json!([{"name": "phone", "type": "string", "descr": "", "flags": [], "regex": "", "regex_error_text": ""}])
    );
    assert_eq!(
        (&object["conv_type"], &object["status"]),
        (&json!("process"), &json!("active"))
    );
    assert_eq!(object["scheme"]["web_settings"], json!([[], []]));
    assert_eq!(object["scheme"]["nodes"][0]["extra"], "{\"icon\":\"\"}");
    assert_eq!(object["scheme"]["nodes"][1]["y"], 160);
    assert_eq!(object.get("parent_id"), None);
}

#[test]
fn nothing_and_too_many_are_refused() {
    let none = Documents::new();
    for write in [to_array, to_object, to_archive] {
        assert_eq!(write(&exporting(&none)), Err(ExportError::Nothing));
    }
    assert_eq!(to_object(&exporting(&two())), Err(ExportError::NotOne(2)));
}

#[test]
fn double_numbers_are_given_once() {
    let read = |title: &str| serde_json::from_value(small(5, title)).unwrap();
    let processes = BTreeMap::from([("a".to_owned(), read("A")), ("b".to_owned(), read("B"))]);
    let objects: Value =
        serde_json::from_slice(&to_array(&exporting(&processes)).unwrap().bytes).unwrap();
    assert_eq!(
        (&objects[0]["obj_id"], &objects[1]["obj_id"]),
        (&json!(5), &json!(1))
    );
}
