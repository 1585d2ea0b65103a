//! The code nodes of real Corezoid files, found with the process crate's fixtures.

use crate::support::outcome;
use serde_json::{Value, json};

/// Every `api_code` source of a file, in order.
fn sources(file: &str) -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../process/tests/corezoid");
    let text = std::fs::read_to_string(format!("{folder}/{file}")).unwrap();
    let mut found = Vec::new();
    collect(&serde_json::from_str(&text).unwrap(), &mut found);
    assert!(!found.is_empty(), "{file} has no code");
    found
}

fn collect(value: &Value, found: &mut Vec<String>) {
    if value["type"] == "api_code" {
        found.push(value["src"].as_str().unwrap().to_owned());
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(members) => members.values().for_each(|member| collect(member, found)),
        _ => {}
    }
}

#[test]
fn a_path_is_taken_apart() {
    let sources = sources("sample_process.json");
    let data = outcome(&sources[0], &json!({"req": {"path": "/second/page"}})).unwrap();
    assert_eq!(data["pathAsArray"], json!(["", "second", "page"]));
    assert_eq!(data["headers"], json!({"X-SSR-Provider": "Corezoid"}));
    assert_eq!(data["req"]["path"], "/second/page");
}

#[test]
fn pages_are_made_from_template_literals() {
    let request =
        json!({"req": {"headers": {"accept": "*/*", "host": "a"}, "id": "s1", "path": "/"}});
    for source in &sources("sample_process.json")[1..] {
        let data = outcome(source, &request).unwrap();
        let html = data["html"].as_str().unwrap();
        assert!(html.contains("<br>accept: */*,<br>host: a"), "{html}");
        assert!(html.contains("<pre> s1</pre>"), "{html}");
    }
}

#[test]
fn questions_are_told_from_sums() {
    let sources = sources("samples__gpt-calculator.json");
    for (question, expected) in [
        ("Сколько будет два и два?", true),
        ("12 * 7", true),
        ("Доброго дня", false),
        ("", false),
    ] {
        let data = outcome(&sources[0], &json!({"question": question})).unwrap();
        assert_eq!(data["isCalculation"], expected, "{question}");
        assert_eq!(data["messages"].is_array(), expected, "{question}");
        assert_eq!(data["status"] == "no_calculation", !expected, "{question}");
    }
}

#[test]
fn a_body_is_encoded_for_a_form() {
    let sources = sources("samples__stripe-checkout.json");
    let order = json!({"successUrl": "https://a.ua/?x=1&y=ї", "mode": "payment", "priceId": "p", "customer": "c 1"});
    let data = outcome(&sources[0], &order).unwrap();
    let expected = "success_url=https%3A%2F%2Fa.ua%2F%3Fx%3D1%26y%3D%D1%97&mode=payment&line_items[0][price]=p&line_items[0][quantity]=1&customer=c%201";
    assert_eq!(data["requestBody"], expected);
    let data = outcome(&sources[1], &order).unwrap();
    assert_eq!(data["pathAndQuery"], "/v1/customers/c 1");
    assert_eq!(data["requestBody"], json!({}));
}

#[test]
fn missing_parameters_get_their_defaults() {
    let sources = sources("samples__api-post.json");
    let data = outcome(
        &sources[0],
        &json!({"form_id": 7, "authorization_token": "t", "actor_name": "n"}),
    )
    .unwrap();
    assert_eq!(
        data["api_url"],
        "https://api.simulator.company/v/1.0/actors/actor/7"
    );
    // What is undefined is left out.
    assert_eq!(
        data["reqBody"],
        json!({"appId": "", "appSettings": {}, "data": {}, "description": "", "picture": "",
            "ref": "default-ref", "title": "n", "viewData": {}})
    );
}

#[test]
fn a_template_runs_on_nothing() {
    let sources = sources("templates__api-connector.json");
    let data = outcome(&sources[0], &json!({})).unwrap();
    assert_eq!(data, json!({"requestBody": {}, "pathAndQuery": ""}));
}
