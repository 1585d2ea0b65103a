//! What one component instance carries with it: its grants, its open handles, the calls it is answering.

use crate::app::Shared;
use crate::bindings::spin::variables::variables;
use crate::instances::Loaded;
use crate::slots::Slot;
use std::collections::HashMap;
use std::sync::Arc;
use wasmtime::component::{Accessor, GuestTaskId, HasSelf, Linker, ResourceTable};
use wasmtime::{StoreContextMut, StoreLimits};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

/// Where a call comes from.
#[derive(Clone, Debug)]
pub struct CallContext {
    /// The request's id, the same through all components it leads to.
    pub request_id: Arc<str>,
    /// How many components it has come through.
    pub depth: u8,
}

/// The data of one component instance.
pub struct State {
    pub(crate) app: Arc<Shared>,
    pub(crate) component: Arc<Loaded>,
    pub(crate) table: ResourceTable,
    pub(crate) limits: StoreLimits,
    /// The calls of this instance; no more than it answers in its life.
    pub(crate) calls: HashMap<GuestTaskId, CallContext>,
    pub(crate) wasi: WasiCtx,
    pub(crate) http: WasiHttpCtx,
    pub(crate) outbound: crate::http::Outbound,
    pub(crate) _slot: Slot,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView {
            hooks: &mut self.outbound,
            table: &mut self.table,
            ctx: &mut self.http,
        }
    }
}

impl variables::Host for State {}

impl<T: 'static> variables::HostWithStore<T> for HasSelf<State> {
    async fn get(
        accessor: &Accessor<T, Self>,
        name: String,
    ) -> wasmtime::Result<Result<String, variables::Error>> {
        Ok(accessor.with(|mut access| {
            let component = &access.get().component;
            component
                .variables
                .get(&name)
                .cloned()
                .ok_or_else(|| {
                    tracing::warn!(component = %component.id, name, "refused: map the variable in [component.X.variables]");
                    variables::Error::Undefined(name)
                })
        }))
    }
}

/// The call on whose behalf a component is running right now.
pub(crate) fn current_call(mut store: StoreContextMut<'_, State>) -> Option<CallContext> {
    let stack: Vec<_> = store.async_call_stack().ok()?.collect();
    let calls = &store.data().calls;
    stack.iter().find_map(|task| calls.get(task)).cloned()
}

/// Everything components may import. What a component was not granted is refused when it is used.
pub(crate) fn linker(engine: &wasmtime::Engine) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi::p3::add_to_linker(&mut linker)?;
    crate::http::add_to_linker(&mut linker)?;
    crate::bindings::Platform::add_to_linker::<State, HasSelf<State>>(&mut linker, |state| state)?;
    Ok(linker)
}
