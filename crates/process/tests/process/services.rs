//! Outside calls in all their forms: signatures, forms, XML, arrays, figures, limits.

use serde_json::{Value, json};
use vikno_process::{ApiCall, CallResult};

use crate::support::{Conversation, NOW, go, set, the_call};

fn nodes(mut api: Value) -> Value {
    api["type"] = "api".into();
    api["err_node_id"] = "error".into();
    if api["url"].is_null() {
        api["url"] = "http://a.test/in".into();
    }
    json!({"start": [go("call")], "call": [api, go("end")], "end": [], "error": []})
}

fn call(api: Value, data: Value) -> ApiCall {
    let set = set(&[("main", nodes(api))]);
    the_call(Conversation::new(&set).create("main", "r", data))
}

/// What the task's data holds after an answer, and where it ended.
fn answered(api: Value, answer: CallResult) -> (String, Value) {
    let set = set(&[("main", nodes(api))]);
    let mut conversation = Conversation::new(&set);
    let call = the_call(conversation.create("main", "r", json!({"a": 1})));
    conversation.resume(&call, answer);
    let (node, data) = conversation.the_end();
    (node.to_owned(), data)
}

#[test]
fn the_conveyor_form_is_signed_over_its_exact_bytes() {
    let api = json!({"format": "conveyor", "method": "POST", "api_secret_outer": "{{env}}key", "extra": {"e": "{{a}}"}, "extra_type": {"e": "number"}});
    let call = call(api, json!({"a": 1}));
    let body = json!({"ops": [{"ref": "r", "type": "data", "obj_id": "1", "conv_id": "main", "node_id": "call",
        "data": {"a": 1}, "extra": {"e": 1}}]});
    assert_eq!(call.body, body);
    // printf '1800000000key<body>key' | sha1sum, with the body as it is sent.
    let signature = call
        .url
        .split("conv_signature=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap();
    assert_eq!(signature.len(), 40);
    assert!(
        call.url.contains(&format!("conv_time={}", NOW / 1_000)),
        "{}",
        call.url
    );
    assert!(call.url.contains("conv_id=main"), "{}", call.url);
    assert_eq!(signature, SIGNATURE);
}

const SIGNATURE: &str = "f0f703b8139183469583de5e567be4dc183ece16";

#[test]
fn the_conveyor_answer_is_read_by_its_frame() {
    let api = || json!({"format": "conveyor", "method": "POST"});
    let ok = |operation: Value| json!({"request_proc": "ok", "ops": [operation]});
    let (node, data) = answered(
        api(),
        CallResult::answer(200, ok(json!({"proc": "ok", "res_data": {"b": 2}}))),
    );
    assert_eq!((node.as_str(), data), ("end", json!({"a": 1, "b": 2})));
    for (body, tag) in [
        (json!("<html>"), "api_no_valid_json"),
        (json!({"ops": []}), "api_no_request_proc"),
        (json!({"request_proc": "fail"}), "api_bad_answer"),
        (json!({"request_proc": "ok"}), "api_no_ops"),
        (json!({"request_proc": "ok", "ops": []}), "api_no_ops"),
        (
            ok(json!({"proc": "fail", "description": "no"})),
            "api_bad_answer",
        ),
        (ok(json!({"proc": "ok", "res_data": 5})), "api_bad_res_data"),
    ] {
        let (node, data) = answered(api(), CallResult::answer(200, body));
        assert_eq!(node, "error");
        assert_eq!(data["__conveyor_api_return_type_tag__"], tag);
    }
}

#[test]
fn parameters_go_as_a_form_where_the_content_type_says_so() {
    let api = json!({"method": "POST", "content_type": "application/x-www-form-urlencoded",
        "extra": {"name": "{{name}}", "n": "5"}, "extra_type": {"n": "number"}});
    let sent = call(api, json!({"name": "Оля & Co=1"}));
    assert_eq!(sent.body, "n=5&name=%D0%9E%D0%BB%D1%8F+%26+Co%3D1");
    let header = (
        "content-type".to_owned(),
        "application/x-www-form-urlencoded".to_owned(),
    );
    assert!(sent.headers.contains(&header), "{:?}", sent.headers);
}

#[test]
fn a_secret_signs_any_form() {
    let sent = call(
        json!({"method": "POST", "api_secret_outer": "s", "extra": {"x": "1"}}),
        json!({}),
    );
    assert!(
        sent.url
            .starts_with("http://a.test/in?conv_id=main&conv_signature="),
        "{}",
        sent.url
    );
    let plain = call(json!({"method": "POST", "extra": {"x": "1"}}), json!({}));
    assert_eq!(plain.url, "http://a.test/in");
}

#[test]
fn answers_of_other_forms_are_read() {
    let with_type = |kind: &str, body: Value| CallResult::Answer {
        status: 200,
        headers: vec![("content-type".to_owned(), kind.to_owned())],
        body,
    };
    let xml = json!("<user id=\"5\"><name>Оля</name></user>");
    let user = json!({"@id": "5", "name": "Оля"});
    for (api, answer, field, expected) in [
        (
            json!({}),
            with_type("text/xml", xml.clone()),
            "user",
            user.clone(),
        ),
        (
            json!({}),
            with_type("text/plain", json!("{\"b\":2}")),
            "b",
            json!(2),
        ),
        (
            json!({}),
            CallResult::answer(200, json!([1, 2])),
            "__conveyor_api_array__",
            json!([1, 2]),
        ),
        (
            json!({"customize_response": true, "response": {"n": "{{body.user.name}}"}}),
            with_type("application/xml", xml.clone()),
            "n",
            json!("Оля"),
        ),
        (
            json!({"customize_response": true, "response": {"n": "{{body}}"}}),
            with_type("text/html", json!("<p>hi</p>")),
            "n",
            json!("<p>hi</p>"),
        ),
    ] {
        let (node, data) = answered(api, answer);
        assert_eq!(node, "end", "{data}");
        assert_eq!(data[field], expected);
    }
    let (node, data) = answered(json!({}), with_type("text/xml", json!("<a><b></a>")));
    assert_eq!(node, "error");
    assert_eq!(
        data["__conveyor_api_return_type_tag__"],
        "api_no_valid_json"
    );
}

#[test]
fn the_figures_of_a_call_are_told_where_they_are_asked_for() {
    let api = json!({"debug_info": true, "method": "POST", "extra": {"x": "1"}});
    let (_, data) = answered(api, CallResult::answer(201, json!({"b": 2})));
    let expected = json!({"http_req_body_size": 9, "http_res_code": 201, "http_res_body_size": 7});
    assert_eq!(data["__conveyor_api_debug__"], expected);
    let api = json!({"debug_info": true});
    let (node, data) = answered(api, CallResult::answer(500, json!({})));
    assert_eq!(
        (
            node.as_str(),
            &data["__conveyor_api_debug__"]["http_res_code"]
        ),
        ("error", &json!(500))
    );
}

#[test]
fn sizes_and_times_have_their_tags() {
    let large = CallResult::answer(200, json!({"x": "y".repeat(600_000)}));
    let api = json!({"customize_response": true, "response": {"n": "1"}});
    let (node, data) = answered(api, large);
    assert_eq!(node, "error");
    assert_eq!(
        data["__conveyor_api_return_type_tag__"],
        "api_task_size_overflow_limit"
    );
    let late = CallResult::Failed {
        tag: "api_expire_query".to_owned(),
        hardware: true,
        description: "no answer in time".to_owned(),
        http_code: None,
    };
    let (node, data) = answered(json!({}), late);
    assert_eq!(node, "error");
    assert_eq!(data["__conveyor_api_return_type_error__"], "hardware");
}
