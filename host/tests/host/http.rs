//! The server: headers, ids, routes, TLS.

use crate::client::{get, read, send};
use crate::harness::{Probe, one};
use http::Request;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use vikno::Listener;

async fn headers_of(request: http::request::Builder) -> (http::HeaderMap, Value) {
    let request = request.body(json!(["headers"]).to_string().into()).unwrap();
    let (status, headers, body) = read(send(request).await).await;
    assert_eq!(status, 200, "{body}");
    let body: Value = serde_json::from_str(&body).unwrap();
    (headers, body[0]["ok"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_learns_how_it_was_reached() {
    let probe = Probe::new(&one("").replace("\"/...\"", "\"/:org/chat/...\""));
    let served = probe.serve().await;
    let url = format!("{}/mindov/chat/messages?after=1", served.url);
    let (_, seen) = headers_of(Request::post(&url)).await;
    for (name, value) in [
        ("spin-full-url", url.as_str()),
        ("spin-path-info", "/messages"),
        ("spin-matched-route", "/:org/chat/..."),
        ("spin-raw-component-route", "/:org/chat/..."),
        ("spin-component-route", "/:org/chat"),
        ("spin-base-path", "/"),
        ("spin-path-match-org", "mindov"),
    ] {
        assert_eq!(seen[name], value, "{name}");
    }
    assert!(
        seen["spin-client-addr"]
            .as_str()
            .unwrap()
            .starts_with("127.0.0.1:")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_only_the_host_may_set_are_removed_from_requests() {
    let probe = Probe::new(&one("").replace("\"/...\"", "\"/:org/...\""));
    let served = probe.serve().await;
    let request = Request::post(format!("{}/ukc/", served.url))
        .header("spin-path-match-org", "mindov")
        .header("spin-path-match-other", "x")
        .header("x-vikno-cron", "* * * * *");
    let (_, seen) = headers_of(request).await;
    assert_eq!(seen["spin-path-match-org"], "ukc");
    assert_eq!(seen["spin-path-match-other"], Value::Null);
    assert_eq!(seen["x-vikno-cron"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_id_goes_with_the_request_through_all_components() {
    let inner = "[component.inner]\nsource = \"PROBE\"\n";
    let probe = Probe::new(&format!(
        "{inner}{}",
        one("allowed_outbound_hosts = [\"http://*.spin.internal\"]")
    ));
    let served = probe.serve().await;
    let fetch = json!([{"fetch": {"url": "http://inner.spin.internal/", "body": ["headers"]}}]);
    let request = Request::post(&served.url)
        .header("x-request-id", "mine-7")
        .body(fetch.to_string().into())
        .unwrap();
    let (_, headers, body) = read(send(request).await).await;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(headers["x-request-id"], "mine-7");
    assert_eq!(body[0]["ok"]["body"][0]["ok"]["x-request-id"], "mine-7");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_id_that_is_no_plain_token_is_replaced() {
    let probe = Probe::new(&one(""));
    let served = probe.serve().await;
    let request = Request::post(&served.url).header("x-request-id", "a b\"c");
    let (headers, seen) = headers_of(request).await;
    assert_ne!(headers["x-request-id"], "a b\"c");
    assert_eq!(
        seen["x-request-id"],
        headers["x-request-id"].to_str().unwrap()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_without_a_route_is_answered_with_a_problem() {
    let probe = Probe::new(&one("").replace("\"/...\"", "\"/only\""));
    let served = probe.serve().await;
    let (status, headers, body) = get(&format!("{}/other", served.url)).await;
    assert_eq!(status, 404);
    assert_eq!(headers["content-type"], "application/problem+json");
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["status"], 404);
    assert_eq!(body["instance"], headers["x-request-id"].to_str().unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_of_known_length_say_it() {
    let probe = Probe::new(&one(""));
    let served = probe.serve().await;
    let (_, headers, _) = get(&format!("{}/hello", served.url)).await;
    assert_eq!(headers["content-length"], "5");
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_is_served_from_pem_files() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = folder.path().join("certificate.pem");
    let key = folder.path().join("key.pem");
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();

    let probe = Probe::new(&one(""));
    let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = tcp.local_addr().unwrap().port();
    let tls = Some(vikno::acceptor(&certificate, &key).unwrap());
    let app = probe.app.clone();
    tokio::spawn(async move {
        app.serve(Listener { tcp, tls }, CancellationToken::new())
            .await
    });

    let mut roots = rustls::RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = hyper_rustls::HttpsConnectorBuilder::new()
        .with_tls_config(config)
        .https_only()
        .enable_http2()
        .build();
    let client = hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new())
        .build::<_, http_body_util::Full<bytes::Bytes>>(connector);
    let url = format!("https://localhost:{port}/hello").parse().unwrap();
    let response = client.get(url).await.unwrap();
    assert_eq!(response.version(), http::Version::HTTP_2);
    assert_eq!(read(response).await.2, "hello");
}

#[tokio::test]
async fn a_missing_certificate_is_named() {
    let missing = std::path::Path::new("/nowhere/certificate.pem");
    let problem = vikno::acceptor(missing, missing).err().unwrap();
    assert!(problem.to_string().contains("/nowhere/certificate.pem"));
}
