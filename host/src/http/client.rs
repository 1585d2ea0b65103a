//! Calls to the outside: connections kept alive and shared by all components, timeouts on everything.

use super::{Request, Response};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, Sleep};
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody};

/// How long a connection may take to come about.
const CONNECT_MAX: Duration = Duration::from_secs(10);
/// How long the other side may take to begin its answer, where the component says nothing else.
const FIRST_BYTE_MAX: Duration = Duration::from_secs(30);
/// How long it may pause within its answer, where the component says nothing else.
const BETWEEN_BYTES_MAX: Duration = Duration::from_secs(30);
/// How long an unused connection is kept, and how many of them to one host.
const IDLE_MAX: Duration = Duration::from_secs(60);
const IDLE_PER_HOST_MAX: usize = 64;

/// The client of all components.
pub(crate) struct Client(
    hyper_util::client::legacy::Client<HttpsConnector<HttpConnector>, WasiBody>,
);

impl Client {
    pub(crate) fn new() -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.enforce_http(false);
        connector.set_connect_timeout(Some(CONNECT_MAX));
        let connector = HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_http1()
            .enable_http2()
            .wrap_connector(connector);
        let client = hyper_util::client::legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_MAX)
            .pool_max_idle_per_host(IDLE_PER_HOST_MAX)
            .build(connector);
        Self(client)
    }

    pub(crate) async fn send(
        &self,
        request: Request,
        options: Option<RequestOptions>,
    ) -> Result<Response, Error> {
        let options = options.unwrap_or_default();
        let first_byte = options.first_byte_timeout.unwrap_or(FIRST_BYTE_MAX);
        let between_bytes = options.between_bytes_timeout.unwrap_or(BETWEEN_BYTES_MAX);
        let response = tokio::time::timeout(first_byte, self.0.request(request))
            .await
            .map_err(|_| Error::HttpResponseTimeout)?
            .map_err(failure)?;
        Ok(response.map(|body| {
            let sleep = Box::pin(tokio::time::sleep(between_bytes));
            Paced {
                body: body.map_err(Error::from).boxed_unsync(),
                sleep,
                between_bytes,
            }
            .boxed_unsync()
        }))
    }
}

fn failure(error: hyper_util::client::legacy::Error) -> Error {
    use std::error::Error as _;
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(io) = cause.downcast_ref::<std::io::Error>() {
            match io.kind() {
                std::io::ErrorKind::TimedOut => return Error::ConnectionTimeout,
                std::io::ErrorKind::ConnectionRefused => return Error::ConnectionRefused,
                _ => {}
            }
        }
        source = cause.source();
    }
    if error.is_connect() {
        Error::ConnectionRefused
    } else {
        Error::HttpProtocolError
    }
}

/// A body whose sender may not pause too long.
struct Paced {
    body: WasiBody,
    sleep: Pin<Box<Sleep>>,
    between_bytes: Duration,
}

impl Body for Paced {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let me = &mut *self;
        match Pin::new(&mut me.body).poll_frame(cx) {
            Poll::Ready(frame) => {
                me.sleep.as_mut().reset(Instant::now() + me.between_bytes);
                Poll::Ready(frame)
            }
            Poll::Pending => me
                .sleep
                .as_mut()
                .poll(cx)
                .map(|()| Some(Err(Error::ConnectionReadTimeout))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
