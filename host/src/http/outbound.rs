//! `wasi:http/client` for components: every call is checked against the caller's grants,
//! then goes to another component in this process or to the outside.

use super::{Origin, Request, Response, prepare};
use crate::app::Shared;
use crate::grants::CHAINING_SUFFIX;
use crate::instances::Loaded;
use crate::store::{CallContext, State, current_call};
use std::net::SocketAddr;
use std::sync::Arc;
use wasmtime::AsContextMut;
use wasmtime::component::{Accessor, HasData, Linker, Resource};
use wasmtime_wasi::TrappableError;
use wasmtime_wasi_http::p3::bindings::http::types::ErrorCode;
use wasmtime_wasi_http::p3::bindings::http::{client, types};
use wasmtime_wasi_http::p3::{self};
use wasmtime_wasi_http::{
    Error, RequestOptions, WasiBody, WasiHttp, WasiHttpCtxView, WasiHttpHooks, WasiHttpView,
};

type HttpResult<T> = Result<T, TrappableError<ErrorCode>>;
type Sent = Box<
    dyn Future<
            Output = Result<(Response, Box<dyn Future<Output = Result<(), Error>> + Send>), Error>,
        > + Send,
>;

/// Sends a component's requests.
#[derive(Clone)]
pub struct Outbound {
    app: Arc<Shared>,
    component: Arc<Loaded>,
}

/// `wasi:http/client` with the knowledge of which call a request belongs to.
struct ClientWithCalls;

impl HasData for ClientWithCalls {
    type Data<'a> = WasiHttpCtxView<'a>;
}

/// Links `wasi:http`.
pub(crate) fn add_to_linker(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    types::add_to_linker::<_, WasiHttp>(linker, State::http)?;
    client::add_to_linker::<_, ClientWithCalls>(linker, State::http)
}

impl client::HostWithStore<State> for ClientWithCalls {
    async fn send(
        store: &Accessor<State, Self>,
        request: Resource<types::Request>,
    ) -> HttpResult<Resource<types::Response>> {
        let getter = store.getter();
        let (outbound, call, request, options) = store.with(|mut access| {
            let call = current_call(access.as_context_mut());
            let request = access.get().table.delete(request).map_err(trap)?;
            let (request, options) =
                request.into_http_with_getter(&mut access, async { Ok(()) }, getter)?;
            let outbound = access.as_context_mut().data().outbound.clone();
            HttpResult::Ok((outbound, call, request, options))
        })?;
        let response = outbound
            .send(request, options.as_deref().copied(), call)
            .await
            .map_err(code)?;
        store.with(|mut access| {
            let view = access.get();
            let (response, _) = p3::Response::from_http(view.hooks, response);
            view.table.push(response).map_err(trap)
        })
    }
}

fn trap(error: impl Into<wasmtime::Error>) -> TrappableError<ErrorCode> {
    TrappableError::trap(error)
}

impl WasiHttpHooks for Outbound {
    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        options: Option<RequestOptions>,
        _: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Sent {
        let outbound = self.clone();
        Box::new(async move {
            let response = outbound.send(request, options, None).await?;
            let finished: Box<dyn Future<Output = _> + Send> = Box::new(async { Ok(()) });
            Ok((response, finished))
        })
    }
}

impl Outbound {
    /// For a component's requests.
    pub(crate) fn new(app: Arc<Shared>, component: Arc<Loaded>) -> Self {
        Self { app, component }
    }

    async fn send(
        &self,
        request: Request,
        options: Option<RequestOptions>,
        call: Option<CallContext>,
    ) -> Result<Response, Error> {
        let uri = request.uri();
        let scheme = uri.scheme_str().unwrap_or("https");
        let host = uri.host().ok_or(Error::HttpRequestUriInvalid)?;
        let grants = &self.component.grants;
        let is_self = matches!(host, "self" | "self.alt");
        let is_granted = if is_self {
            grants.allow_self(scheme)
        } else {
            grants.allow_host(scheme, host, uri.port_u16())
        };
        if !is_granted {
            tracing::warn!(
                component = %self.component.id,
                "refused: add \"{scheme}://{host}\" to allowed_outbound_hosts"
            );
            return Err(Error::HttpRequestDenied);
        }
        if is_self {
            let call = self.next(call)?;
            return Ok(self.to_own_route(request, call).await);
        }
        match host.strip_suffix(CHAINING_SUFFIX) {
            Some(name) => {
                let name = name.to_owned();
                let call = self.next(call)?;
                self.to_component(&name, request, call).await
            }
            None => self.app.client.send(request, options).await,
        }
    }

    /// The context of the called component.
    fn next(&self, call: Option<CallContext>) -> Result<CallContext, Error> {
        let mut call = call.unwrap_or_else(|| self.app.new_call());
        if call.depth >= self.app.limits.chain_depth_max {
            return Err(Error::LoopDetected);
        }
        call.depth += 1;
        Ok(call)
    }

    async fn to_component(
        &self,
        name: &str,
        mut request: Request,
        call: CallContext,
    ) -> Result<Response, Error> {
        let handler = self.app.handler(name).ok_or(Error::DestinationNotFound)?;
        prepare(&mut request, &Origin::Chained, &call.request_id);
        Ok(self.app.dispatch(handler, request, call).await)
    }

    async fn to_own_route(&self, mut request: Request, call: CallContext) -> Response {
        let path = request.uri().path().to_owned();
        let Some(found) = self.app.router.find(&path) else {
            return super::problem(super::Problem::NoRoute, &call.request_id);
        };
        let origin = Origin::Route(&found, SocketAddr::from(([127, 0, 0, 1], 0)));
        prepare(&mut request, &origin, &call.request_id);
        match self.app.handler(found.component) {
            Some(handler) => self.app.dispatch(handler, request, call).await,
            None => super::problem(super::Problem::NoRoute, &call.request_id),
        }
    }
}

/// The error a component sees.
fn code(error: Error) -> TrappableError<ErrorCode> {
    match error {
        Error::HttpRequestDenied => ErrorCode::HttpRequestDenied,
        Error::HttpRequestUriInvalid => ErrorCode::HttpRequestUriInvalid,
        Error::LoopDetected => ErrorCode::LoopDetected,
        Error::DestinationNotFound => ErrorCode::DestinationNotFound,
        Error::ConnectionRefused => ErrorCode::ConnectionRefused,
        Error::ConnectionTimeout => ErrorCode::ConnectionTimeout,
        Error::HttpResponseTimeout => ErrorCode::HttpResponseTimeout,
        Error::HttpProtocolError => ErrorCode::HttpProtocolError,
        other => ErrorCode::InternalError(Some(other.to_string())),
    }
    .into()
}
