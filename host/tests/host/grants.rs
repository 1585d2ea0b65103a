//! Every kind of grant: refused where it is missing, working where it is given.

use crate::client::get;
use crate::harness::{Probe, error, ok, one};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_database_opens_only_where_it_is_granted() {
    let probe = Probe::new(&one("sqlite_databases = [\"mindov\"]"));
    let steps = json!([{"open": "mindov"}, {"sql": "SELECT 1 AS one"}, {"open": "ukc"}]);
    assert_eq!(
        probe.steps(steps).await,
        [
            ok(json!(null)),
            ok(json!([{"one": 1}])),
            error("Error::AccessDenied")
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_value_store_opens_only_where_it_is_granted() {
    let probe = Probe::new(&one("key_value_stores = [\"default\"]"));
    let steps = json!([
        {"store": "default"}, {"set": ["a", "1"]}, {"set": ["a", "2"]}, {"get": "a"}, {"get": "b"}, "keys", {"store": "other"}
    ]);
    assert_eq!(
        probe.steps(steps).await,
        [
            ok(json!(null)),
            ok(json!(null)),
            ok(json!(null)),
            ok(json!("2")),
            ok(json!(null)),
            ok(json!(["a"])),
            error("Error::AccessDenied"),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_value_store_with_named_writers_is_only_read_by_others() {
    let rules = |writers: &str| {
        one(&format!(
            "key_value_stores = [\"default\", \"own\"]\n[application.tool.vikno]\nkey_value_writers = {{ default = {writers} }}"
        ))
    };
    let steps = json!([{"store": "default"}, {"set": ["a", "1"]}, {"get": "a"}, {"store": "own"}, {"set": ["a", "1"]}]);
    assert_eq!(
        Probe::new(&rules("[]")).steps(steps.clone()).await,
        [
            ok(json!(null)),
            error("Error::AccessDenied"),
            ok(json!(null)),
            ok(json!(null)),
            ok(json!(null)),
        ]
    );
    let writer = Probe::new(&rules("[\"probe\"]")).steps(steps).await;
    assert_eq!(writer[1], ok(json!(null)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outside_host_is_called_only_where_it_is_granted() {
    let outside = Probe::new(&one(""));
    let served = outside.serve().await;
    let granted = Probe::new(&one(&format!(
        "allowed_outbound_hosts = [{:?}]",
        served.url
    )));
    let refused = Probe::new(&one("allowed_outbound_hosts = [\"http://127.0.0.1:1\"]"));
    let steps = json!([{"fetch": {"url": format!("{}/hello", served.url)}}]);
    assert_eq!(
        granted.last(steps.clone()).await,
        ok(json!({"status": 200, "body": "hello"}))
    );
    assert_eq!(
        refused.last(steps).await,
        error("ErrorCode::HttpRequestDenied")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_granted_host_may_come_from_a_variable() {
    let outside = Probe::new(&one(""));
    let served = outside.serve().await;
    let manifest = format!(
        "[variables]\napi = {{ default = \"\" }}\n{}",
        one("allowed_outbound_hosts = [\"{{ api }}\"]")
    );
    let steps = json!([{"fetch": {"url": format!("{}/hello", served.url)}}]);
    let given = Probe::with(&manifest, |settings| {
        settings.variables.insert("api".into(), served.url.clone());
    });
    assert_eq!(
        given.unwrap().last(steps.clone()).await,
        ok(json!({"status": 200, "body": "hello"}))
    );
    assert_eq!(
        Probe::new(&manifest).last(steps).await,
        error("ErrorCode::HttpRequestDenied")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_variable_is_seen_only_where_it_is_mapped() {
    let probe = Probe::new(&format!(
        "[variables]\nname = {{ default = \"Vikno\" }}\ntoken = {{ default = \"t\", secret = true }}\n{}",
        one("variables = { greeting = \"hello {{ name }}\" }")
    ));
    let steps = json!([{"variable": "greeting"}, {"variable": "token"}, {"variable": "name"}]);
    assert_eq!(
        probe.steps(steps).await,
        [
            ok(json!("hello Vikno")),
            error("Error::Undefined(\"token\")"),
            error("Error::Undefined(\"name\")"),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_environment_holds_only_what_the_manifest_says() {
    let probe = Probe::new(&one("environment = { COLOUR = \"blue\" }"));
    let steps = json!([{"environment": "COLOUR"}, {"environment": "PATH"}]);
    assert_eq!(
        probe.steps(steps).await,
        [ok(json!("blue")), ok(json!(null))]
    );
}

const TWO: &str = r#"
[[trigger.http]]
route = "/..."
component = "probe"
[[trigger.http]]
route = { private = true }
component = "inner"
[component.inner]
source = "PROBE"
[component.probe]
source = "PROBE"
"#;

#[tokio::test(flavor = "multi_thread")]
async fn another_component_is_called_only_where_chaining_is_granted() {
    let steps = json!([{"fetch": {"url": "http://inner.spin.internal/hello"}}]);
    for grant in ["http://inner.spin.internal", "http://*.spin.internal"] {
        let probe = Probe::new(&format!("{TWO}allowed_outbound_hosts = [{grant:?}]"));
        let answer = probe.last(steps.clone()).await;
        assert_eq!(
            answer,
            ok(json!({"status": 200, "body": "hello"})),
            "{grant}"
        );
    }
    for grant in ["http://other.spin.internal", "http://self"] {
        let probe = Probe::new(&format!("{TWO}allowed_outbound_hosts = [{grant:?}]"));
        let answer = probe.last(steps.clone()).await;
        assert_eq!(answer, error("ErrorCode::HttpRequestDenied"), "{grant}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_called_component_has_its_own_grants_only() {
    let probe = Probe::new(&format!(
        "{TWO}allowed_outbound_hosts = [\"http://*.spin.internal\"]\nsqlite_databases = [\"ukc\"]"
    ));
    let inner = json!({"url": "http://inner.spin.internal/", "body": [{"open": "ukc"}]});
    assert_eq!(
        probe.last(json!([{ "fetch": inner }])).await["ok"]["body"],
        json!([error("Error::AccessDenied")])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_component_is_not_reached_from_outside() {
    let probe = Probe::new(&TWO.replace("route = \"/...\"", "route = \"/public\""));
    let served = probe.serve().await;
    for path in ["/inner", "/", "/inner.spin.internal"] {
        assert_eq!(get(&format!("{}{path}", served.url)).await.0, 404, "{path}");
    }
    let request = http::Request::get(&served.url)
        .header("host", "inner.spin.internal")
        .body(Default::default())
        .unwrap();
    assert_eq!(crate::client::send(request).await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_application_calls_its_own_public_routes_as_self() {
    let steps = json!([{"fetch": {"url": "http://self/hello"}}]);
    let granted = Probe::new(&one("allowed_outbound_hosts = [\"http://self\"]"));
    assert_eq!(
        granted.last(steps.clone()).await,
        ok(json!({"status": 200, "body": "hello"}))
    );
    let refused = Probe::new(&one(""));
    assert_eq!(
        refused.last(steps).await,
        error("ErrorCode::HttpRequestDenied")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_read_only_and_end_at_their_mount() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("inside")).unwrap();
    std::fs::write(folder.path().join("inside/page.html"), "page").unwrap();
    std::fs::write(folder.path().join("secret"), "secret").unwrap();
    std::os::unix::fs::symlink("../secret", folder.path().join("inside/link")).unwrap();
    let source = folder.path().join("inside");
    let probe = Probe::new(&one(&format!(
        "files = [{{ source = {source:?}, destination = \"/assets\" }}]"
    )));
    let answers = probe
        .steps(json!([
            {"read": "/assets/page.html"},
            {"read": "/assets/../secret"},
            {"read": "/assets/link"},
            {"read": "/etc/passwd"},
            {"write": "/assets/page.html"},
            {"write": "/assets/new.html"},
        ]))
        .await;
    assert_eq!(answers[0], ok(json!("page")));
    for refused in &answers[1..] {
        assert!(refused["error"].is_string(), "{refused}");
    }
    assert_eq!(
        std::fs::read_to_string(source.join("page.html")).unwrap(),
        "page"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_without_files_reads_none() {
    let probe = Probe::new(&one(""));
    let answer = probe.last(json!([{"read": "/etc/passwd"}])).await;
    assert!(answer["error"].is_string(), "{answer}");
}
