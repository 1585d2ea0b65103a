//! Requests over a bounded set of kept-alive connections, as cheap as a client can be: the generator shares the
//! processors with what it measures.

use anyhow::{Context, Result};
use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

/// Above the time limit of a call, so that the server's own refusal is seen.
const ANSWER_WAIT_MAX: Duration = Duration::from_secs(40);

/// A request that can be repeated.
pub struct Call {
    /// Method.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// Headers beside `host`.
    pub headers: Vec<(&'static str, String)>,
    /// Body.
    pub body: Bytes,
}

/// Connections to one server.
pub struct Connections {
    address: SocketAddr,
    host: String,
    idle: Mutex<Vec<SendRequest<Full<Bytes>>>>,
    places: Semaphore,
}

impl Connections {
    /// At most so many; they are opened when needed.
    pub fn new(address: SocketAddr, count_max: usize) -> Self {
        Self {
            address,
            host: address.to_string(),
            idle: Mutex::default(),
            places: Semaphore::new(count_max),
        }
    }

    /// Status and body of the answer. Waits for a free connection.
    pub async fn send(&self, call: &Call) -> Result<(u16, Bytes)> {
        let _place = self.places.acquire().await?;
        tokio::time::timeout(ANSWER_WAIT_MAX, self.exchange(call))
            .await
            .context("no answer")?
    }

    async fn exchange(&self, call: &Call) -> Result<(u16, Bytes)> {
        let reused = self.take_open();
        if let Some(connection) = reused {
            // The server may have closed it just now. Everything sent here may be sent twice.
            if let Ok(answer) = self.exchange_on(connection, call).await {
                return Ok(answer);
            }
        }
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        self.exchange_on(sender, call).await
    }

    fn take_open(&self) -> Option<SendRequest<Full<Bytes>>> {
        let mut idle = self.idle();
        std::iter::from_fn(|| idle.pop()).find(|connection| !connection.is_closed())
    }

    async fn exchange_on(
        &self,
        mut connection: SendRequest<Full<Bytes>>,
        call: &Call,
    ) -> Result<(u16, Bytes)> {
        connection.ready().await?;
        let mut request = Request::builder()
            .method(&call.method)
            .uri(&call.path)
            .header("host", &self.host);
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        let request = request.body(Full::new(call.body.clone()))?;
        let response = connection.send_request(request).await?;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await?.to_bytes();
        self.idle().push(connection);
        Ok((status, body))
    }

    fn idle(&self) -> MutexGuard<'_, Vec<SendRequest<Full<Bytes>>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
