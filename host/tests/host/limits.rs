//! Limits of time, memory, depth and number: each ends in an answer, none in a stuck host.

use crate::client::{get, read, send};
use crate::harness::{Probe, error, ok, one, until};
use http::Request;
use serde_json::json;
use std::time::{Duration, Instant};

fn quick(settings: &mut vikno::Settings) {
    settings.limits.call_timeout = Duration::from_millis(300);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_waits_too_long_is_answered_504() {
    let probe = Probe::with(&one(""), quick).unwrap();
    let (status, body) = probe
        .call("probe", "/", r#"[{"sleep": {"ms": 60000}}]"#)
        .await;
    assert_eq!(status, 504);
    assert!(body.contains("component_timed_out"), "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_loop_is_stopped_and_holds_no_other_component_up() {
    let rest = format!("[component.other]\nsource = \"PROBE\"\n{}", one(""));
    let probe = Probe::with(&rest, |settings| {
        settings.limits.call_timeout = Duration::from_secs(2);
    })
    .unwrap();
    let looping: Vec<_> = (0..8)
        .map(|_| probe.call("probe", "/", r#"["loop"]"#))
        .collect();
    let others = async {
        let start = Instant::now();
        let (status, _) = probe.call("other", "/hello", "").await;
        (status, start.elapsed())
    };
    let (stopped, (status, took)) = tokio::join!(futures::future::join_all(looping), others);
    assert!(
        stopped.iter().all(|(status, _)| *status == 504),
        "{stopped:?}"
    );
    assert_eq!(status, 200);
    assert!(took < Duration::from_secs(2), "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_may_have_a_limit_of_its_own() {
    let limits = "[component.probe.tool.vikno]\ntimeout_s = 20";
    let probe = Probe::with(&one(limits), quick).unwrap();
    let answer = probe.last(json!([{"sleep": {"ms": 400}}])).await;
    assert_eq!(answer, ok(json!(null)));
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_ends_at_its_limit() {
    let limits = "[component.probe.tool.vikno]\nmemory_mb = 8";
    let probe = Probe::new(&one(limits));
    let answer = probe.last(json!([{"allocate": {"megabytes": 4}}])).await;
    assert_eq!(answer, ok(json!(null)));
    let (status, body) = probe
        .call("probe", "/", r#"[{"allocate": {"megabytes": 16}}]"#)
        .await;
    assert_eq!(status, 500, "{body}");
    assert_eq!(probe.call("probe", "/hello", "").await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_answered_500_and_the_next_call_is_well() {
    let probe = Probe::new(&one(""));
    let (status, body) = probe.call("probe", "/", r#"["panic"]"#).await;
    assert_eq!(status, 500);
    assert!(body.contains("component_failed"), "{body}");
    assert_eq!(probe.call("probe", "/hello", "").await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn components_that_call_each_other_for_ever_are_stopped() {
    let probe = Probe::new(&one(
        "allowed_outbound_hosts = [\"http://*.spin.internal\"]",
    ));
    // Each body asks for one more call than the chain may have.
    let mut steps = json!([{"fetch": {"url": "http://probe.spin.internal/"}}]);
    for _ in 0..16 {
        steps = json!([{"fetch": {"url": "http://probe.spin.internal/", "body": steps}}]);
    }
    let answer = probe.last(steps).await.to_string();
    assert!(answer.contains("LoopDetected"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_host_answers_503_and_recovers() {
    let probe = Probe::with(&one(""), |settings| {
        settings.limits.requests_max = 2;
        settings.limits.request_wait = Duration::from_millis(50);
    })
    .unwrap();
    let served = probe.serve().await;
    let endless = || {
        let request = Request::get(format!("{}/bytes", served.url));
        send(request.body(Default::default()).unwrap())
    };
    let held = (endless().await, endless().await);
    let (status, headers, body) = get(&format!("{}/hello", served.url)).await;
    assert_eq!(status, 503);
    assert_eq!(headers["retry-after"], "1");
    assert_eq!(headers["content-type"], "application/problem+json");
    assert!(body.contains("busy"), "{body}");

    drop(held);
    until("room for a request", async || {
        get(&format!("{}/hello", served.url)).await.0 == 200
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_calls_than_instances_wait_and_are_answered() {
    let probe = Probe::with(&one(""), |settings| {
        settings.limits.instances_max = 3;
        settings.limits.instance_concurrency_max = 1;
    })
    .unwrap();
    let calls = (0..60).map(|_| probe.call("probe", "/hello", ""));
    let answers = futures::future::join_all(calls).await;
    assert!(answers.iter().all(|(status, _)| *status == 200));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chained_call_without_a_free_instance_is_answered_503() {
    let inner = "[component.inner]\nsource = \"PROBE\"\n";
    let rest = format!(
        "{inner}{}",
        one("allowed_outbound_hosts = [\"http://*.spin.internal\"]")
    );
    let probe = Probe::with(&rest, |settings| {
        settings.limits.instances_max = 1;
        settings.limits.instance_wait = Duration::from_millis(50);
    })
    .unwrap();
    let steps = json!([{"fetch": {"url": "http://inner.spin.internal/hello"}}]);
    assert_eq!(probe.last(steps).await["ok"]["status"], 503);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_instance_makes_room_for_another_component() {
    let rest = format!("[component.inner]\nsource = \"PROBE\"\n{}", one(""));
    let probe = Probe::with(&rest, |settings| {
        settings.limits.instances_max = 1;
        settings.limits.instance_idle = Duration::from_secs(3600);
    })
    .unwrap();
    assert_eq!(probe.call("probe", "/hello", "").await.0, 200);
    assert_eq!(probe.call("inner", "/hello", "").await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_host_is_an_error_for_the_component() {
    let probe = Probe::new(&one("allowed_outbound_hosts = [\"http://127.0.0.1:1\"]"));
    let steps = json!([{"fetch": {"url": "http://127.0.0.1:1/"}}]);
    assert_eq!(
        probe.last(steps).await,
        error("ErrorCode::ConnectionRefused")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn running_requests_are_finished_after_the_stop_signal() {
    let probe = Probe::new(&one(""));
    let served = probe.serve().await;
    let request = Request::post(&served.url)
        .body(json!([{"sleep": {"ms": 300}}]).to_string().into())
        .unwrap();
    let running = tokio::spawn(async { read(send(request).await).await });
    until("the request runs", async || probe.app.instances() > 0).await;
    served.stop.cancel();
    assert_eq!(running.await.unwrap().0, 200);
    served.task.await.unwrap();
    let address = served.url.trim_start_matches("http://").to_owned();
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}
