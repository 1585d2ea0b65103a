//! Requests to the running application, as from outside.

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use std::net::SocketAddr;
use std::time::Duration;

/// Pages of fifty conversations are far below it.
const ANSWER_LIMIT: usize = 4 << 20;
/// The host gives every call less.
const TIMEOUT: Duration = Duration::from_secs(40);

/// The application's address, and a client for it.
#[derive(Clone)]
pub struct Api {
    client: Client<HttpConnector, Full<Bytes>>,
    address: SocketAddr,
}

/// A status, and the body where it is JSON.
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body, `null` if it is no JSON.
    pub body: Value,
}

impl Answer {
    /// The body of a success; the error tells the problem of anything else.
    pub fn ok(self) -> Result<Value> {
        if (200..300).contains(&self.status) {
            return Ok(self.body);
        }
        let detail = self.body["detail"].as_str().unwrap_or("no detail");
        bail!("{}: {detail}", self.status)
    }
}

impl Api {
    /// For an application that listens here.
    pub fn new(address: SocketAddr) -> Self {
        Self {
            client: Client::builder(TokioExecutor::new()).build_http(),
            address,
        }
    }

    /// GET with a bearer token.
    pub async fn get(&self, path: &str, token: &str) -> Result<Answer> {
        let authorization = format!("Bearer {token}");
        self.send(
            "GET",
            path,
            &[("authorization", &authorization)],
            Bytes::new(),
        )
        .await
    }

    /// POST of JSON with a bearer token.
    pub async fn post(&self, path: &str, token: &str, body: &Value) -> Result<Answer> {
        let authorization = format!("Bearer {token}");
        let headers = [("authorization", authorization.as_str())];
        self.post_as(path, &headers, body.to_string()).await
    }

    /// POST of JSON with these headers.
    pub async fn post_as(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Answer> {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.send("POST", path, &all, body.into()).await
    }

    /// Any request.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Answer> {
        let mut request = http::Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let exchange = async {
            let response = self.client.request(request.body(Full::new(body))?).await?;
            let status = response.status().as_u16();
            let body = Limited::new(response.into_body(), ANSWER_LIMIT)
                .collect()
                .await;
            let body = body.map_err(|error| anyhow::anyhow!(error))?.to_bytes();
            let body = serde_json::from_slice(&body).unwrap_or_default();
            anyhow::Ok(Answer { status, body })
        };
        tokio::time::timeout(TIMEOUT, exchange)
            .await
            .unwrap_or_else(|late| Err(late.into()))
            .with_context(|| format!("{method} {path}"))
    }
}
