//! Calling a Corezoid elsewhere, and services that are called by a node.

use serde_json::{Map, Value, json};
use vikno_corezoid::api::{
    Account, Algorithm, AnswerError, CalledOp, ConveyorError, ConveyorTask, OutgoingOp,
    ProcessName, Request, Secret, SignedCall, TaskName, Version, conveyor_call, prepare,
    read_answers, read_conveyor,
};

fn object(value: Value) -> Map<String, Value> {
    serde_json::from_value(value).unwrap()
}

fn operations() -> [OutgoingOp; 2] {
    [
        OutgoingOp::Create {
            process: ProcessName::Number(25),
            reference: Some("r1".to_owned()),
            data: object(json!({"a": 1})),
        },
        OutgoingOp::Modify {
            process: ProcessName::Alias("queue".to_owned()),
            task: TaskName::Id("5f0c".to_owned()),
            data: Map::new(),
        },
    ]
}

#[test]
fn what_we_send_is_what_we_would_believe() {
    let account = Account::new("74 55", Secret::new("s3cret"));
    let call = prepare(
        &account,
        "https://corezoid.example/",
        Version::Two,
        Algorithm::Sha1,
        1_800_000_000,
        &operations(),
    );
    let segments: Vec<&str> = call.url.split('/').collect();
    assert_eq!(
        segments[..7],
        [
            "https:",
            "",
            "corezoid.example",
            "api",
            "2",
            "json",
            "74%2055"
        ]
    );
    let received = SignedCall::parse("74 55", segments[7], segments[8]).unwrap();
    let verified = received
        .verify(&account, call.body.as_bytes(), 1_800_000_000)
        .unwrap();
    let request = Request::parse(verified.body()).unwrap();
    assert!(
        request.ops.iter().all(|op| op.action.is_ok()),
        "{request:?}"
    );
    let body: Value = serde_json::from_str(&call.body).unwrap();
    assert_eq!(
        body["ops"][1],
        json!({"id": "1", "type": "modify", "obj": "task", "obj_alias": "queue", "obj_id": "5f0c", "data": {}})
    );
}

fn answers(answer: &Value) -> Result<Vec<CalledOp>, AnswerError> {
    read_answers(answer.to_string().as_bytes(), &operations())
}

#[test]
fn answers_in_another_order_find_their_operations() {
    let done = json!({"id": "0", "obj": "task", "proc": "ok", "ref": "r1", "obj_id": "77"});
    let failed = json!({"id": 1, "proc": "obj_id_not_found"});
    let Ok(results) = answers(&json!({"request_proc": "ok", "ops": [failed, done]})) else {
        panic!("refused")
    };
    assert!(matches!(&results[0], CalledOp::Done(fields) if fields["obj_id"] == "77"));
    let expected = CalledOp::Failed {
        code: "obj_id_not_found".to_owned(),
        description: "obj_id_not_found".to_owned(),
    };
    assert_eq!(results[1], expected);
    // Without ids the reference tells; what nobody speaks of is not known.
    let by_reference = json!({"proc": "error", "description": "not unical reference", "ref": "r1"});
    let results = answers(&json!({"request_proc": "ok", "ops": [by_reference]})).unwrap();
    assert!(matches!(&results[0], CalledOp::Failed { code, .. } if code == "error"));
    assert_eq!(results[1], CalledOp::Unknown);
}

#[test]
fn an_answer_without_its_frame_has_a_tag_for_the_error_branch() {
    for (answer, tag) in [
        ("<html>", "api_no_valid_json"),
        ("{}", "api_no_request_proc"),
        (
            r#"{"request_proc":"format_error","ops":[]}"#,
            "api_bad_answer",
        ),
        (r#"{"request_proc":"ok"}"#, "api_no_ops"),
        (r#"{"request_proc":"ok","ops":[]}"#, "api_no_ops"),
    ] {
        let error = read_answers(answer.as_bytes(), &operations()).unwrap_err();
        assert_eq!(error.tag(), tag, "{answer}");
    }
}

#[test]
fn a_node_of_the_format_conveyor_signs_its_call_and_reads_its_answer() {
    let data = object(json!({"phone": "1547"}));
    let task = ConveyorTask {
        reference: "r",
        task_id: "5",
        process: "25",
        node: "n",
        data: &data,
        extra: &Map::new(),
    };
    let call = conveyor_call(
        "https://a.example/x?y=1",
        &Secret::new("s"),
        1_800_000_000,
        &task,
    );
    let (address, query) = call.url.split_once("&conv_signature=").unwrap();
    assert_eq!(address, "https://a.example/x?y=1");
    assert!(
        query.ends_with("&conv_time=1800000000&conv_id=25"),
        "{query}"
    );
    let sent = query.split('&').next().unwrap();
    let believed = SignedCall::parse("x", "1800000000", sent).unwrap();
    let account = Account::new("x", Secret::new("s"));
    believed
        .verify(&account, call.body.as_bytes(), 1_800_000_000)
        .unwrap();

    let answer = |op: Value| {
        read_conveyor(
            json!({"request_proc": "ok", "ops": [op]})
                .to_string()
                .as_bytes(),
        )
    };
    assert_eq!(
        answer(json!({"proc": "ok", "res_data": {"a": 1}})),
        Ok(object(json!({"a": 1})))
    );
    assert_eq!(answer(json!({"proc": "ok"})), Ok(Map::new()));
    for (op, tag) in [
        (json!({"proc": "fail"}), "api_bad_answer"),
        (json!({}), "api_bad_answer"),
        (json!({"proc": "ok", "res_data": 5}), "api_bad_res_data"),
    ] {
        assert_eq!(answer(op).unwrap_err().tag(), tag);
    }
    let error = read_conveyor(b"").unwrap_err();
    assert_eq!(error, ConveyorError::Frame(AnswerError::NotJson));
}
