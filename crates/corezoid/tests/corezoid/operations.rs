//! What calls ask for and what they are answered.

use expect_test::{Expect, expect};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use vikno_corezoid::api::{
    Account, Action, AddressChange, Algorithm, Answer, BodyError, Form, OPS_MAX, OpAnswer, OpError,
    Page, ProcessName, Request, Secret, SignedCall, SyncAnswer, SyncRequest, TaskName,
    VerifiedBody, Version, signature,
};

/// Shows a body as one that came in by a signature.
fn with_verified<T>(body: &[u8], read: impl FnOnce(VerifiedBody<'_>) -> T) -> T {
    let account = Account::new("1", Secret::new("s"));
    let sent = signature(Algorithm::Sha1, "1800000000", &account, body);
    let call = SignedCall::parse("1", "1800000000", &sent).unwrap();
    read(call.verify(&account, body, 1_800_000_000).unwrap().body())
}

fn request(body: &Value) -> Result<Request, BodyError> {
    with_verified(body.to_string().as_bytes(), Request::parse)
}

fn action(op: Value) -> Result<Action, OpError> {
    let mut ops = request(&json!({ "ops": [op] })).unwrap().ops;
    assert_eq!(ops.len(), 1);
    ops.remove(0).action
}

fn object(value: Value) -> Map<String, Value> {
    serde_json::from_value(value).unwrap()
}

#[test]
fn tasks_are_created_in_every_spelling() {
    let data = object(json!({"a": 1}));
    let create = |process: ProcessName, reference: Option<&str>| Action::Create {
        process,
        reference: reference.map(str::to_owned),
        data: data.clone(),
    };
    let number = || ProcessName::Number(25);
    let alias = || ProcessName::Alias("queue".to_owned());
    for (fields, expected) in [
        (
            json!({"conv_id": 25, "ref": "r"}),
            create(number(), Some("r")),
        ),
        (
            json!({"conv_id": "25", "ref": 7}),
            create(number(), Some("7")),
        ),
        (
            json!({"conv_id": "@queue", "ref": null}),
            create(alias(), None),
        ),
        (
            json!({"obj_alias": "queue", "ref": ""}),
            create(alias(), None),
        ),
        (
            json!({"obj_alias": "queue", "conv_id": null}),
            create(alias(), None),
        ),
        (
            json!({"conv_id": "25", "action": "user", "company_id": "i1"}),
            create(number(), None),
        ),
    ] {
        let mut op = json!({"type": "create", "obj": "task", "data": {"a": 1}});
        op.as_object_mut().unwrap().extend(object(fields.clone()));
        assert_eq!(action(op), Ok(expected), "{fields}");
    }
    let empty = action(json!({"type": "create", "obj": "task", "conv_id": 25, "data": []}));
    assert!(matches!(empty, Ok(Action::Create { data, .. }) if data.is_empty()));
}

#[test]
fn the_other_operations_are_read() {
    let process = ProcessName::Number(25);
    let id = || TaskName::Id("5f0c".to_owned());
    for (op, expected) in [
        (
            json!({"type": "modify", "obj": "task", "conv_id": 25, "ref": "r", "data": {}}),
            Action::Modify {
                process: process.clone(),
                task: TaskName::Reference("r".to_owned()),
                data: Map::new(),
            },
        ),
        (
            json!({"type": "show", "obj": "task", "conv_id": 25, "obj_id": "5f0c"}),
            Action::Show {
                process: process.clone(),
                task: id(),
            },
        ),
        (
            json!({"type": "delete", "obj": "task", "conv_id": 25, "node_id": "n", "obj_id": "5f0c"}),
            Action::Delete {
                process: process.clone(),
                task: id(),
                node: Some("n".to_owned()),
            },
        ),
        (
            json!({"type": "list", "obj": "node", "conv_id": 25, "obj_id": "n", "limit": "9000", "offset": 10}),
            Action::ListTasks {
                process: process.clone(),
                node: "n".to_owned(),
                page: Page {
                    limit: 500,
                    offset: 10,
                },
            },
        ),
        (
            json!({"type": "list", "obj": "task", "conv_id": 25, "node_id": "n"}),
            Action::ListTasks {
                process: process.clone(),
                node: "n".to_owned(),
                page: Page {
                    limit: 50,
                    offset: 0,
                },
            },
        ),
        (
            json!({"type": "list", "obj": "conv", "obj_id": 25}),
            Action::ListNodes {
                process: process.clone(),
            },
        ),
    ] {
        assert_eq!(action(op.clone()), Ok(expected), "{op}");
    }
}

#[test]
fn a_direct_address_is_opened_read_and_closed() {
    for (kind, change) in [
        ("create", AddressChange::Open),
        ("modify", AddressChange::Open),
        ("get", AddressChange::Read),
        ("show", AddressChange::Read),
        ("delete", AddressChange::Close),
    ] {
        let op = json!({"type": kind, "obj": "callback_hash", "conv_id": "@queue"});
        let process = ProcessName::Alias("queue".to_owned());
        assert_eq!(action(op), Ok(Action::Address { process, change }));
    }
    let nameless = json!({"type": "get", "obj": "callback_hash"});
    assert_eq!(action(nameless), Err(OpError::Missing { key: "conv_id" }));
}

#[test]
fn codes_read_back_as_the_errors_that_they_came_from() {
    for error in [
        OpError::RefTaken,
        OpError::NotActive,
        OpError::AccessDenied,
        OpError::TaskNotFound,
        OpError::NotWaiting,
        OpError::InAnotherNode,
        OpError::InvalidParams("phone".to_owned()),
        OpError::TooLarge,
        OpError::Unavailable,
    ] {
        assert_eq!(OpError::of_code(error.code(), "phone"), error);
    }
}

#[test]
fn a_bad_operation_spoils_only_itself() {
    let body = json!({"ops": [
        {"id": "a", "type": "create", "obj": "task", "conv_id": 25, "ref": "r1", "data": {}},
        {"id": 2, "type": "create", "obj": "task", "conv_id": 25, "ref": "r2"},
        {"type": "create", "obj": "task", "data": {}},
        {"type": "create", "obj": "task", "conv_id": "Queue!", "data": {}},
        {"type": "create", "obj": "task", "conv_id": 25, "data": "text"},
        {"type": "create", "obj": "task", "conv_id": 25, "ref": "x".repeat(256), "data": {}},
        {"type": "modify", "obj": "task", "conv_id": 25, "data": {}},
        {"type": "delete", "obj": "conv", "conv_id": 25},
        "create",
    ]});
    let answered = |version| {
        let ops = request(&body)
            .unwrap()
            .ops
            .into_iter()
            .map(|op| match op.action {
                Ok(_) => OpAnswer::created(op.echo, "65f0c1d2e3a4b5c6d7e8f901"),
                Err(error) => OpAnswer::failed(op.echo, error),
            });
        lines(&Answer::of(ops).to_json(version))
    };
    expect![[r#"
        {"id":"a","obj":"task","obj_id":"65f0c1d2e3a4b5c6d7e8f901","proc":"ok","ref":"r1"}
        {"description":"Key 'data' is required","id":2,"key":"data","obj":"task","proc":"error","ref":"r2"}
        {"description":"Key 'conv_id' is required","id":"","key":"conv_id","obj":"task","proc":"error"}
        {"description":"Value is not valid: a number or an alias is wanted","id":"","key":"conv_id","obj":"task","proc":"error","value":"Queue!"}
        {"description":"Value is not valid: an object is wanted","id":"","key":"data","obj":"task","proc":"error","value":"text"}
        {"description":"Value is not valid: 1 to 255 bytes is wanted","id":"","key":"ref","obj":"task","proc":"error","ref":"xxxx…","value":"xxxx…"}
        {"description":"Key 'ref' is required","id":"","key":"ref","obj":"task","proc":"error"}
        {"description":"unknown operation: delete conv","id":"","obj":"conv","proc":"error"}
        {"description":"Value is not valid: an object is wanted","id":"","key":"ops","obj":"","proc":"error","value":"create"}
    "#]].assert_eq(&answered(Version::Two));
    let old: Vec<Value> = answered(Version::One)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let codes: Vec<&str> = old.iter().map(|op| op["proc"].as_str().unwrap()).collect();
    assert_eq!(codes[..3], ["ok", "wrong_params", "wrong_params"]);
    assert_eq!(codes[7], "unknown_operation");
}

/// One line an operation, sorted keys, long runs of x shortened.
fn lines(answer: &str) -> String {
    let answer: Value = serde_json::from_str(answer).unwrap();
    assert_eq!(answer["request_proc"], "ok");
    let ops = answer["ops"].as_array().unwrap().iter().map(|op| {
        let sorted: std::collections::BTreeMap<String, Value> =
            serde_json::from_value(op.clone()).unwrap();
        let line = serde_json::to_string(&sorted).unwrap() + "\n";
        line.replace(&"x".repeat(256), "xxxx…")
            .replace(&"x".repeat(100), "xxxx…")
    });
    ops.collect()
}

#[test]
fn failures_have_corezoids_texts_and_codes() {
    let cases = [
        (OpError::RefTaken, "not_unical_ref", "not unical reference"),
        (
            OpError::NotActive,
            "conveyor_is_not_active",
            "conveyor is not active",
        ),
        (OpError::AccessDenied, "access_denied", "access denied"),
        (OpError::TaskNotFound, "not_found_task", "task not found"),
        (
            OpError::NotWaiting,
            "no_api_callback_in_node_with_task",
            "no api callback in node with task",
        ),
        (
            OpError::InAnotherNode,
            "task_not_in_current_sync_callback_node",
            "task_not_in_current_sync_callback_node",
        ),
        (OpError::NodeNotFound, "obj_id_not_found", "node not found"),
        (
            OpError::InvalidParams("phone".to_owned()),
            "wrong_validate_params",
            "wrong validate params: phone",
        ),
        (
            OpError::TooLarge,
            "task_size_overflow_limit",
            "task size overflow limit",
        ),
        (
            OpError::RateLimited,
            "too_many_requests",
            "Too many requests: limit is reached",
        ),
        (OpError::Timeout, "timeout", "Timeout for create task"),
        (
            OpError::Unavailable,
            "crash_api",
            "temporarily unavailable, try again",
        ),
    ];
    for (error, code, text) in cases {
        assert_eq!((error.code(), error.to_string().as_str()), (code, text));
    }
}

#[track_caller]
fn check_whole_body(body: &[u8], reason: &str) {
    let error = with_verified(body, Request::parse).unwrap_err();
    assert_eq!(error.to_string(), reason);
    assert_eq!(
        (error.status(Version::One), error.status(Version::Two)),
        (200, 400)
    );
    let old: Value = serde_json::from_str(&error.to_json(Version::One)).unwrap();
    assert_eq!(old, json!({"request_proc": "format_error", "ops": []}));
    let new: Value = serde_json::from_str(&error.to_json(Version::Two)).unwrap();
    let description = format!("Incorrect body: {reason}");
    assert_eq!(
        new["ops"],
        json!([{"proc": "error", "description": description}])
    );
}

#[test]
fn a_body_that_is_no_request_fails_as_a_whole() {
    check_whole_body(b"", "not JSON: line 1, column 0");
    check_whole_body(b"{\n \"ops\": [,]}", "not JSON: line 2, column 10");
    check_whole_body(b"\xff\xfe", "not JSON: line 1, column 1");
    check_whole_body(b"[]", "not a JSON object");
    check_whole_body(b"{}", "there is no list `ops` with an operation in it");
    check_whole_body(
        b"{\"ops\":{}}",
        "there is no list `ops` with an operation in it",
    );
    check_whole_body(
        b"{\"ops\":[]}",
        "there is no list `ops` with an operation in it",
    );
    let many = json!({ "ops": vec![json!({}); OPS_MAX + 1] }).to_string();
    check_whole_body(many.as_bytes(), "1001 operations; a call may have 1000");
}

#[test]
fn a_direct_address_takes_bare_data() {
    let read = |body: &str| with_verified(body.as_bytes(), |body| Form::Json.data(body));
    assert_eq!(
        read(r#"{"phone": "1547"}"#),
        Ok(object(json!({"phone": "1547"})))
    );
    assert_eq!(read(" \n"), Ok(Map::new()));
    assert_eq!(read("[1]"), Err(BodyError::NotAnObject));
    assert!(matches!(read("{"), Err(BodyError::NotJson { line: 1, .. })));
}

#[test]
fn an_address_takes_pairs_as_web_forms_send_them() {
    let read = |body: &str| with_verified(body.as_bytes(), |body| Form::Nvp.data(body)).unwrap();
    for (body, data) in [
        ("", json!({})),
        ("phone=1547", json!({"phone": "1547"})),
        ("a=1&b=&c&a=2\n", json!({"a": "2", "b": "", "c": ""})),
        (
            "name=%D0%9E%D0%BB%D1%8F+K%26K&x=a=b",
            json!({"name": "Оля K&K", "x": "a=b"}),
        ),
        ("%zz=%", json!({"%zz": "%"})),
    ] {
        assert_eq!(Value::Object(read(body)), data, "{body}");
    }
}

#[test]
fn an_address_takes_one_xml_element() {
    let read = |body: &str| with_verified(body.as_bytes(), |body| Form::Xml.data(body));
    for (body, data) in [
        ("<phone>1547</phone>", json!({"phone": "1547"})),
        (
            "<?xml version=\"1.0\"?>\n<!-- x --><order id=\"7\"><line>a &amp; b</line><line n='2'>c</line><empty/></order>",
            json!({"order": {"@id": "7", "line": ["a & b", {"@n": "2", "#value": "c"}], "empty": ""}}),
        ),
        ("<a><![CDATA[1 < 2]]></a>", json!({"a": "1 < 2"})),
        (" ", json!({})),
    ] {
        assert_eq!(read(body).map(Value::Object), Ok(data), "{body}");
    }
    let deep = format!("{}{}", "<a>".repeat(40), "</a>".repeat(40));
    for bad in [
        "{}",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "<a/>words",
        "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
        "<a>&x;</a>",
        deep.as_str(),
    ] {
        assert!(matches!(read(bad), Err(BodyError::NotXml { .. })), "{bad}");
    }
}

fn sync(body: Value) -> Result<Result<SyncRequest, SyncAnswer>, BodyError> {
    with_verified(body.to_string().as_bytes(), SyncRequest::parse)
}

fn sync_of(timeout: Value) -> Value {
    json!({"timeout": timeout, "ops": [
        {"id": "7", "type": "create", "obj": "task", "conv_id": "@tariff", "data": {"a": 1}}]})
}

#[test]
fn a_synchronous_caller_waits_one_to_sixty_seconds() {
    for (timeout, expected) in [
        (json!(1), 1),
        (json!(30), 30),
        (json!(60), 60),
        (json!("15"), 15),
        (Value::Null, 60),
    ] {
        assert_eq!(sync(sync_of(timeout)).unwrap().unwrap().timeout_s, expected);
    }
    for timeout in [
        json!(0),
        json!(61),
        json!(-5),
        json!(1.5),
        json!("soon"),
        json!([]),
    ] {
        assert_eq!(sync(sync_of(timeout)), Err(BodyError::BadTimeout));
    }
    let two = json!({"ops": [sync_of(1.into())["ops"][0], sync_of(1.into())["ops"][0]]});
    assert_eq!(sync(two), Err(BodyError::NotOneTask));
    let show = json!({"ops": [{"type": "show", "obj": "task", "conv_id": 1, "ref": "r"}]});
    assert_eq!(sync(show), Err(BodyError::NotOneTask));
}

#[track_caller]
fn check_sync(answer: &SyncAnswer, expected: Expect) {
    expected.assert_eq(&lines(&answer.to_json()));
}

#[test]
fn a_synchronous_call_gets_data_or_a_reason() {
    let request = sync(sync_of(5.into())).unwrap().unwrap();
    assert_eq!(request.process, ProcessName::Alias("tariff".to_owned()));
    let data = request.data_with_callback("https://chat.example/cb/1");
    assert_eq!(
        Value::from(data),
        json!({"a": 1, "__callback_url": "https://chat.example/cb/1"})
    );
    check_sync(
        &SyncAnswer::done(request.echo.clone(), json!({"sum": 12})),
        expect![[r#"
            {"data":{"sum":12},"id":"7","proc":"ok"}
        "#]],
    );
    check_sync(
        &SyncAnswer::failed(request.echo, OpError::Timeout),
        expect![[r#"
            {"description":"Timeout for create task","id":"7","proc":"error"}
        "#]],
    );
    let refused = sync(json!({"ops": [{"type": "create", "obj": "task", "conv_id": 5}]}));
    check_sync(
        &refused.unwrap().unwrap_err(),
        expect![[r#"
            {"description":"Key 'data' is required","proc":"error"}
        "#]],
    );
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        proptest::sample::select(vec![
            "create", "modify", "list", "task", "conv", "@a", "25", ""
        ])
        .prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    let key = proptest::sample::select(vec![
        "ops",
        "type",
        "obj",
        "conv_id",
        "obj_id",
        "obj_alias",
        "ref",
        "data",
        "node_id",
        "id",
        "limit",
        "timeout",
    ]);
    leaf.prop_recursive(4, 40, 8, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(key.clone(), inner, 0..8).prop_map(|fields| {
                fields
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value))
                    .collect()
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        with_verified(&bytes, |body| drop(Request::parse(body)));
        with_verified(&bytes, |body| drop(SyncRequest::parse(body)));
        for form in [Form::Json, Form::Nvp, Form::Xml] {
            with_verified(&bytes, |body| drop(form.data(body)));
        }
    }

    #[test]
    fn every_operation_gets_one_answer_that_says_what_became_of_it(ops in proptest::collection::vec(json_value(), 1..6)) {
        let request = request(&json!({"ops": ops})).unwrap();
        let answers = request.ops.into_iter().map(|op| match op.action {
            Ok(_) => OpAnswer::done(op.echo, Map::new()),
            Err(error) => OpAnswer::failed(op.echo, error),
        });
        let answer: Value = serde_json::from_str(&Answer::of(answers).to_json(Version::Two)).unwrap();
        let answered = answer["ops"].as_array().unwrap();
        prop_assert_eq!(answered.len(), ops.len());
        for answer in answered {
            prop_assert!(answer["proc"] == "ok" || answer["description"].is_string());
        }
        let _ = sync(json!({"ops": ops}));
    }
}
