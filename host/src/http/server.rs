//! The server: accepts, sheds load, routes, logs one line per request, ends gracefully.

use super::drain::Drained;
use super::headers::{Origin, REQUEST_ID, prepare};
use super::{Problem, Request, Response, problem};
use crate::app::{App, Listener};
use bytes::Bytes;
use http::header::HOST;
use http::uri::{Authority, Scheme};
use http::{HeaderValue, Uri};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;
use wasmtime_wasi_http::{Error, WasiBody};

/// How long a client may take to send its headers, or to finish the TLS handshake.
const HEADERS_MAX: Duration = Duration::from_secs(15);
/// A request id taken over from a caller is no longer than this.
const REQUEST_ID_LEN_MAX: usize = 64;

/// Serves until `stop`, then lets running requests finish for a bounded time.
pub(crate) async fn serve(app: App, listener: Listener, stop: CancellationToken) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_MAX);
    builder.http2().timer(TokioTimer::new());
    let server = Arc::new(Server {
        app,
        scheme: if listener.tls.is_some() {
            Scheme::HTTPS
        } else {
            Scheme::HTTP
        },
        builder,
    });
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.tcp.accept() => accepted,
        };
        let (stream, client) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file handles, mostly: accepting again at once would spin.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            }
        };
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY not set");
        }
        let server = server.clone();
        let watcher = graceful.watcher();
        match listener.tls.clone() {
            None => {
                tokio::spawn(async move { server.connection(stream, client, watcher).await });
            }
            Some(acceptor) => {
                tokio::spawn(async move {
                    match tokio::time::timeout(HEADERS_MAX, acceptor.accept(stream)).await {
                        Ok(Ok(stream)) => server.connection(stream, client, watcher).await,
                        Ok(Err(error)) => tracing::debug!(%error, "TLS handshake failed"),
                        Err(_) => tracing::debug!("TLS handshake took too long"),
                    }
                });
            }
        }
    }
    drop(listener);
    let grace = server.app.limits().shutdown_grace;
    if tokio::time::timeout(grace, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("requests still running at the end of the grace period were cut off");
    }
}

struct Server {
    app: App,
    scheme: Scheme,
    builder: Builder<TokioExecutor>,
}

impl Server {
    async fn connection<S>(
        self: Arc<Self>,
        stream: S,
        client: SocketAddr,
        watcher: hyper_util::server::graceful::Watcher,
    ) where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let server = self.clone();
        let service = service_fn(move |request| {
            let server = server.clone();
            async move { Ok::<_, Infallible>(server.request(request, client).await) }
        });
        let connection = self
            .builder
            .serve_connection(TokioIo::new(stream), service)
            .into_owned();
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(error, "connection ended");
        }
    }

    async fn request(&self, request: http::Request<Incoming>, client: SocketAddr) -> Response {
        let start = Instant::now();
        let call = self.app.call_context(taken_over_id(&request));
        let method = request.method().clone();
        let path = request.uri().path().to_owned();
        let found = self.app.router().find(&path);
        let (component, route) = found
            .as_ref()
            .map_or(("-", "-"), |found| (found.component, found.route.as_str()));
        let mut request =
            request.map(|body| Drained::new(body).map_err(Error::from).boxed_unsync());
        let mut response = match (absolute(&mut request, &self.scheme), &found) {
            (false, _) => problem(Problem::BadRequest, &call.request_id),
            (true, None) => problem(Problem::NoRoute, &call.request_id),
            (true, Some(found)) => match self.app.admit().await {
                None => problem(Problem::Busy, &call.request_id),
                Some(admitted) => {
                    let origin = Origin::Route(found, client);
                    prepare(&mut request, &origin, &call.request_id);
                    let response = self.app.answer(component, request, call.clone()).await;
                    response.map(|body| {
                        Admitted {
                            body,
                            _admitted: admitted,
                        }
                        .boxed_unsync()
                    })
                }
            },
        };
        if let Ok(id) = HeaderValue::from_str(&call.request_id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        let conversation = response
            .headers()
            .get("x-conversation-id")
            .and_then(|id| id.to_str().ok());
        tracing::info!(
            method = %method,
            route,
            component,
            status = response.status().as_u16(),
            ms = start.elapsed().as_secs_f64() * 1000.0,
            request_id = %call.request_id,
            conversation_id = conversation,
            "request"
        );
        response
    }
}

/// A caller's own request id, where it is a plain token.
fn taken_over_id(request: &http::Request<Incoming>) -> Option<&str> {
    let id = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let is_plain = id
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    (!id.is_empty() && id.len() <= REQUEST_ID_LEN_MAX && is_plain).then_some(id)
}

/// Completes the request's address from its Host header. False: there is none, or two that differ.
fn absolute(request: &mut Request, scheme: &Scheme) -> bool {
    let named = request
        .headers()
        .get(HOST)
        .map(|host| Authority::try_from(host.as_bytes()));
    let mut parts = request.uri().clone().into_parts();
    let authority = match (named, parts.authority.take()) {
        (Some(Ok(named)), Some(own)) if named == own => own,
        (Some(Ok(named)), None) => named,
        (None, Some(own)) => own,
        _ => return false,
    };
    parts.scheme = Some(scheme.clone());
    parts.authority = Some(authority);
    if parts.path_and_query.is_none() {
        parts.path_and_query = Some(http::uri::PathAndQuery::from_static("/"));
    }
    match Uri::from_parts(parts) {
        Ok(uri) => {
            *request.uri_mut() = uri;
            true
        }
        Err(_) => false,
    }
}

/// A response that keeps its place among the running requests until its last byte.
struct Admitted {
    body: WasiBody,
    _admitted: OwnedSemaphorePermit,
}

impl Body for Admitted {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
