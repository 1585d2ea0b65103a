//! Outside calls: what goes out, what an answer does.

use serde_json::{Value, json};
use vikno_process::{ApiCall, CallResult, Outcome};

use crate::support::{Conversation, go, set, the_call};

fn with_api(fields: Value) -> Value {
    let mut api = json!({"type": "api", "url": "http://send-text.spin.internal/send", "err_node_id": "error"});
    api.as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    json!({"start": [go("api")], "api": [api, go("end")], "end": [], "error": []})
}

fn call_of(fields: Value, data: Value) -> ApiCall {
    let set = set(&[("main", with_api(fields))]);
    the_call(Conversation::new(&set).create("main", "r1", data))
}

fn end_after(fields: Value, data: Value, result: CallResult) -> (String, Value) {
    let set = set(&[("main", with_api(fields))]);
    let mut conversation = Conversation::new(&set);
    let call = the_call(conversation.create("main", "r1", data));
    assert_eq!(
        conversation.resume(&call, result),
        Outcome::Idle { next_wake_ms: None }
    );
    let (node, data) = conversation.the_end();
    (node.to_owned(), data)
}

#[test]
fn parameters_go_out_as_json() {
    let call = call_of(
        json!({"extra": {"text": "Вітаю, {{name}}", "n": "{{n}}"}, "extra_type": {"n": "number"},
               "extra_headers": {"X-Trace": "{{root.ref}}", "X-Empty": ""}}),
        json!({"name": "Оля", "n": 5}),
    );
    assert_eq!(
        (call.method.as_str(), call.url.as_str()),
        ("POST", "http://send-text.spin.internal/send")
    );
    assert_eq!(call.body, json!({"text": "Вітаю, Оля", "n": 5}));
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        call.headers,
        [
            header("x-trace", "r1"),
            header("content-type", "application/json")
        ]
    );
    assert_eq!(
        (call.process.as_str(), call.node.as_str(), call.timeout_ms),
        ("main", "api", 20_000)
    );
}

#[test]
fn a_get_puts_parameters_into_the_query() {
    let call = call_of(
        json!({"method": "GET", "url": "https://e.test/{{city}}?a=1", "extra": {"q": "a&b=ї"}}),
        json!({"city": "біла церква"}),
    );
    assert_eq!(
        call.url,
        "https://e.test/%D0%B1%D1%96%D0%BB%D0%B0%20%D1%86%D0%B5%D1%80%D0%BA%D0%B2%D0%B0?a=1&q=a%26b%3D%D1%97"
    );
    assert_eq!((call.body, call.headers), (Value::Null, vec![]));
}

#[test]
fn a_raw_body_is_json_that_no_text_breaks() {
    let raw = |body: &str| json!({"format": "raw", "raw_body": body});
    let data = json!({"evil": "\",\"admin\":\"", "whole": {"a": 1}, "text": "{\"b\":2}"});
    assert_eq!(
        call_of(raw("{\"t\":\"{{evil}}\"}"), data.clone()).body,
        json!({"t": "\",\"admin\":\""})
    );
    assert_eq!(
        call_of(raw("{{whole}}"), data.clone()).body,
        json!({"a": 1})
    );
    assert_eq!(call_of(raw("{{text}}"), data.clone()).body, json!({"b": 2}));
    let form = json!({"format": "raw", "raw_body": "a={{evil}}", "content_type": "application/x-www-form-urlencoded"});
    assert_eq!(call_of(form, data).body, json!("a=\",\"admin\":\""));
}

#[test]
fn system_fields_are_added_when_asked_for() {
    let call = call_of(json!({"send_sys": true, "extra": {"a": "1"}}), json!({}));
    assert_eq!(
        call.body,
        json!({"a": "1", "sys": {"ref": "r1", "obj_id": "1", "conv_id": "main", "node_id": "api"}})
    );
}

#[test]
fn an_answer_is_merged_into_the_root() {
    let answers = [
        (
            json!({"a": {"new": 1}, "b": 2}),
            json!({"a": {"new": 1}, "b": 2, "keep": true}),
        ),
        (
            json!([1, 2]),
            json!({"a": {"old": 1}, "keep": true, "__conveyor_api_array__": [1, 2]}),
        ),
        (Value::Null, json!({"a": {"old": 1}, "keep": true})),
    ];
    for (body, expected) in answers {
        let end = end_after(
            json!({}),
            json!({"a": {"old": 1}, "keep": true}),
            CallResult::answer(200, body),
        );
        assert_eq!(end, ("end".to_owned(), expected));
    }
}

#[test]
fn a_customised_response_sets_only_what_it_names() {
    let fields = json!({"customize_response": true,
        "response": {"head": "{{header}}", "who": "{{body.user.name}}", "where.city": "{{body.cities[{{i}}]}}"},
        "response_type": {"head": "object"}});
    let result = CallResult::Answer {
        status: 201,
        headers: vec![("x-id".to_owned(), "7".to_owned())],
        body: json!({"user": {"name": "Оля"}, "cities": ["Київ", "Львів"], "other": 1}),
    };
    let end = end_after(fields, json!({"i": 1}), result);
    assert_eq!(
        end.1,
        json!({"i": 1, "head": {"x-id": "7"}, "who": "Оля", "where": {"city": "Львів"}})
    );
}

#[test]
fn failures_take_the_error_branch_with_type_tag_and_code() {
    let failed = |tag: &str, hardware| CallResult::Failed {
        tag: tag.to_owned(),
        hardware,
        description: "no answer".to_owned(),
        http_code: None,
    };
    for (result, kind, tag, code) in [
        (
            failed("api_expire_query", true),
            "hardware",
            "api_expire_query",
            Value::Null,
        ),
        (
            failed("api_bind_error", true),
            "hardware",
            "api_bind_error",
            Value::Null,
        ),
        (
            CallResult::answer(503, Value::Null),
            "hardware",
            "api_bad_answer",
            json!(503),
        ),
        (
            CallResult::answer(429, Value::Null),
            "hardware",
            "api_bad_answer",
            json!(429),
        ),
        (
            CallResult::answer(404, json!({"detail": "no such chat"})),
            "software",
            "api_bad_answer",
            json!(404),
        ),
        (
            CallResult::answer(302, Value::Null),
            "software",
            "api_bad_answer",
            json!(302),
        ),
        (
            CallResult::answer(200, json!("<html>")),
            "software",
            "api_no_valid_json",
            Value::Null,
        ),
        (
            CallResult::answer(200, json!({"a": "x".repeat(130_000)})),
            "software",
            "api_task_size_overflow_limit",
            Value::Null,
        ),
    ] {
        let (node, data) = end_after(json!({}), json!({"keep": 1}), result);
        assert_eq!(node, "error");
        assert_eq!(data["__conveyor_api_return_type_error__"], kind);
        assert_eq!(data["__conveyor_api_return_type_tag__"], tag);
        assert_eq!(
            data.get("__conveyor_api_return_http_code__")
                .cloned()
                .unwrap_or_default(),
            code
        );
        assert_eq!(data["keep"], 1);
    }
}

#[test]
fn a_refusal_tells_the_services_words() {
    let (_, data) = end_after(
        json!({}),
        json!({}),
        CallResult::answer(404, json!({"detail": "no such chat"})),
    );
    assert_eq!(
        data["__conveyor_api_return_description__"],
        "HTTP 404: no such chat"
    );
}

#[test]
fn a_url_that_is_no_web_address_is_not_called() {
    for url in ["{{missing}}/x", "file:///etc/passwd", "ftp://e.test"] {
        let set = set(&[("main", with_api(json!({"url": url})))]);
        let mut conversation = Conversation::new(&set);
        conversation.create("main", "r1", json!({}));
        let (node, data) = conversation.the_end();
        assert_eq!(
            (node, data["__conveyor_api_return_type_tag__"].as_str()),
            ("error", Some("api_wrong_convert_param"))
        );
    }
}

#[test]
fn a_header_cannot_be_split() {
    let fields = json!({"extra_headers": {"x-name": "{{name}}"}});
    let set = set(&[("main", with_api(fields))]);
    let mut conversation = Conversation::new(&set);
    conversation.create("main", "r1", json!({"name": "a\r\nx-admin: 1"}));
    assert_eq!(conversation.the_end().0, "error");
}

#[test]
fn an_open_call_is_given_again_until_it_is_answered() {
    let set = set(&[("main", with_api(json!({})))]);
    let mut conversation = Conversation::new(&set);
    let call = the_call(conversation.create("main", "r1", json!({})));
    // The conversation was stored and loaded in between, as after a crash.
    assert_eq!(the_call(conversation.act(|_| ()).1), call);
    conversation.resume(&call, CallResult::answer(200, Value::Null));
    let (again, _) = conversation
        .act(|runner| runner.resume(call.call_id, CallResult::answer(200, Value::Null)));
    assert!(again.is_err());
    assert_eq!(conversation.the_end().0, "end");
}
