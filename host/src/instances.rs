//! Component instances: made when needed, reused, ended when idle, late or worn out.

use crate::app::Shared;
use crate::files::Folder;
use crate::grants::Grants;
use crate::http::Outbound;
use crate::output::Output;
use crate::slots::Slots;
use crate::store::{CallContext, State};
use std::collections::{BTreeMap, HashMap};
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::sync::futures::OwnedNotified;
use tokio::time::Sleep;
use wasmtime::component::{GuestTaskId, ResourceTable};
use wasmtime::{Result, Store, StoreContextMut, StoreLimitsBuilder};
use wasmtime_wasi::{FsPerms, WasiCtx, WasiCtxBuilder};
use wasmtime_wasi_http::handler::{
    HandlerState, Instance, Proxy, ProxyHandler, ShouldAccept, WorkerExpiration, WorkerState,
    WorkerStatus,
};
use wasmtime_wasi_http::p3::bindings::ServicePre;
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpView};

/// A component, compiled and linked, with everything it may touch.
pub struct Loaded {
    /// Its id.
    pub id: Arc<str>,
    /// What it may open and call.
    pub grants: Grants,
    /// The variables it sees.
    pub variables: BTreeMap<String, String>,
    /// The environment variables it sees.
    pub environment: Vec<(String, String)>,
    /// The folders it may read.
    pub folders: Vec<Folder>,
    /// How long one call may take.
    pub timeout: Duration,
    /// The most memory one instance may take.
    pub memory_bytes: usize,
    /// Calls an instance answers in its life.
    pub calls_max: usize,
    /// How long an instance outlives its last call.
    pub idle: Duration,
    /// Compiled and linked.
    pub pre: ServicePre<State>,
}

/// Answers calls to one component.
pub type Handler = ProxyHandler<Instances>;

/// Makes instances of one component.
pub struct Instances {
    app: Weak<Shared>,
    component: Arc<Loaded>,
}

impl Instances {
    /// The handler of a component.
    pub fn handler(app: Weak<Shared>, component: Arc<Loaded>) -> Handler {
        ProxyHandler::new(Self { app, component })
    }

    /// The component.
    pub fn component(&self) -> &Arc<Loaded> {
        &self.component
    }
}

impl HandlerState for Instances {
    type StoreData = State;
    type WorkerExpiration = Expiration;
    type WorkerState = Worker;

    async fn instantiate(&self) -> Result<Instance<State, Expiration, Worker>> {
        let app = self
            .app
            .upgrade()
            .ok_or_else(|| wasmtime::Error::msg("the application has ended"))?;
        let slot = app.slots.take().await?;
        let component = self.component.clone();
        let limits = app.limits.clone();
        let expiration = Expiration::new(&component, app.slots.clone());
        let state = State {
            wasi: wasi(&component)?,
            http: WasiHttpCtx::new(),
            outbound: Outbound::new(app.clone(), component.clone()),
            table: ResourceTable::new(),
            limits: StoreLimitsBuilder::new()
                .memory_size(component.memory_bytes)
                .build(),
            calls: HashMap::new(),
            component: component.clone(),
            app: app.clone(),
            _slot: slot,
        };
        let mut store = Store::new(&app.engine, state);
        store.limiter(|state| &mut state.limits);
        store.set_epoch_deadline(1);
        store.epoch_deadline_async_yield_and_update(1);
        let service = component.pre.instantiate_async(&mut store).await?;
        Ok(Instance {
            store,
            proxy: Proxy::P3(service),
            view: State::http,
            expiration,
            state: Worker {
                calls_max: component.calls_max,
                component,
                concurrency_max: limits.instance_concurrency_max,
            },
        })
    }
}

fn wasi(component: &Loaded) -> Result<WasiCtx> {
    let mut wasi = WasiCtxBuilder::new();
    let output = Output::new(component.id.clone());
    wasi.allow_blocking_current_thread(true)
        .envs(&component.environment)
        .stdout(output.clone())
        .stderr(output);
    for folder in &component.folders {
        wasi.preopened_dir(&folder.source, &folder.destination, FsPerms::ReadOnly)?;
    }
    Ok(wasi.build())
}

/// How many calls an instance takes, and what becomes of them.
pub struct Worker {
    component: Arc<Loaded>,
    calls_max: usize,
    concurrency_max: usize,
}

impl WorkerState for Worker {
    type StoreData = State;
    type RequestData = CallContext;

    fn should_accept_request(&self, concurrent: usize, total: usize) -> ShouldAccept {
        if total >= self.calls_max {
            ShouldAccept::Never
        } else if concurrent >= self.concurrency_max {
            ShouldAccept::No
        } else {
            ShouldAccept::Yes
        }
    }

    fn on_request_start(
        &self,
        mut store: StoreContextMut<'_, State>,
        call: CallContext,
        task: GuestTaskId,
    ) -> Pin<Box<dyn Future<Output = ()> + 'static + Send + Sync>> {
        store.data_mut().calls.insert(task, call);
        Box::pin(tokio::time::sleep(self.component.timeout))
    }

    fn drop(&self, store: Store<State>, result: Result<()>) {
        // Idle instances that outlive the application are cut off with the runtime.
        if let Err(error) = result
            && !store.data().app.is_closed()
        {
            let error = format!("{error:#}");
            tracing::error!(component = %self.component.id, error, "component instance failed");
        }
        drop(store);
    }
}

/// When an instance ends: idle too long, a call over its time, or its place wanted while it is idle.
pub struct Expiration {
    idle: Duration,
    call: Duration,
    sleep: Pin<Box<Sleep>>,
    wanted: Pin<Box<OwnedNotified>>,
    slots: Arc<Slots>,
}

impl Expiration {
    fn new(component: &Loaded, slots: Arc<Slots>) -> Self {
        Self {
            idle: component.idle,
            call: component.timeout,
            sleep: Box::pin(tokio::time::sleep(component.idle)),
            wanted: Box::pin(slots.wanted()),
            slots,
        }
    }
}

impl WorkerExpiration for Expiration {
    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        status: WorkerStatus,
        start: Instant,
    ) -> Poll<()> {
        let me = &mut *self;
        let limit = match status {
            WorkerStatus::Idle => me.idle,
            WorkerStatus::Requests | WorkerStatus::PostReturn => me.call,
        };
        if status == WorkerStatus::Idle {
            if me.wanted.as_mut().poll(cx).is_ready() {
                me.wanted = Box::pin(me.slots.wanted());
                let _ = me.wanted.as_mut().poll(cx);
            }
            if me.slots.is_wanted() {
                return Poll::Ready(());
            }
        }
        // The timer is moved forward at once and back only when it has rung: statuses change often.
        let deadline = tokio::time::Instant::from_std(start + limit);
        if deadline < me.sleep.deadline() {
            me.sleep.as_mut().reset(deadline);
        }
        while me.sleep.as_mut().poll(cx).is_ready() {
            if tokio::time::Instant::now() >= deadline {
                return Poll::Ready(());
            }
            me.sleep.as_mut().reset(deadline);
        }
        Poll::Pending
    }
}
