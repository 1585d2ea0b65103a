//! A plain HTTP client for tests of the server.

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;

/// Sends a request on a connection of its own.
pub async fn send(request: Request<Full<Bytes>>) -> Response<Incoming> {
    Client::builder(TokioExecutor::new())
        .build_http()
        .request(request)
        .await
        .unwrap()
}

/// Gets a URL: status, headers, body.
pub async fn get(url: &str) -> (u16, HeaderMap, String) {
    let request = Request::get(url).body(Full::default()).unwrap();
    read(send(request).await).await
}

/// Reads an answer to its end.
pub async fn read(response: Response<Incoming>) -> (u16, HeaderMap, String) {
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (
        parts.status.as_u16(),
        parts.headers,
        String::from_utf8(body.to_vec()).unwrap(),
    )
}
