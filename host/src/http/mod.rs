//! HTTP in and out: the server, calls between components, calls to the outside.

mod client;
mod drain;
mod headers;
mod outbound;
mod problem;
mod server;
mod tls;

pub(crate) use client::Client;
pub(crate) use headers::{Origin, prepare};
pub(crate) use outbound::{Outbound, add_to_linker};
pub(crate) use problem::{Problem, problem};
pub(crate) use server::serve;
pub use tls::acceptor;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use wasmtime_wasi_http::WasiBody;

/// A request with a body that is streamed.
pub type Request = http::Request<WasiBody>;
/// A response with a body that is streamed.
pub type Response = http::Response<WasiBody>;

/// A body of bytes at hand.
pub fn body(bytes: impl Into<Bytes>) -> WasiBody {
    Full::new(bytes.into())
        .map_err(|never| match never {})
        .boxed_unsync()
}
