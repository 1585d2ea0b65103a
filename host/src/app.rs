//! An application, loaded from its manifest: called from outside, from inside and by the clock.

use crate::compile::Cache;
use crate::dependencies::Parts;
use crate::files;
use crate::grants::{Grants, HostPattern};
use crate::http::{Client, Origin, Problem, Request, Response, prepare, problem};
use crate::instances::{Handler, Instances, Loaded};
use crate::key_value::Stores;
use crate::manifest::{Component, CronTrigger, Manifest, Router};
use crate::runtime_config::RuntimeConfig;
use crate::settings::{Limits, Settings};
use crate::slots::{Full, Slots};
use crate::sqlite::Databases;
use crate::store::{CallContext, State, linker};
use crate::variables::Sources;
use anyhow::{Context, Result, anyhow};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use tokio::net::TcpListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use wasmtime::Engine;
use wasmtime_wasi_http::handler::{ExpirationError, InstantiationError, TrapOrPanicError};
use wasmtime_wasi_http::p3::bindings::ServicePre;

/// A loaded application. Clones are the same application.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// What all components of an application share.
pub(crate) struct Shared {
    pub(crate) engine: Engine,
    pub(crate) limits: Limits,
    pub(crate) router: Router,
    pub(crate) databases: Databases,
    pub(crate) key_value_stores: Stores,
    pub(crate) slots: Arc<Slots>,
    pub(crate) client: Client,
    handlers: OnceLock<HashMap<String, Handler>>,
    running: Arc<Semaphore>,
    waiting: AtomicUsize,
    closed: AtomicBool,
    cron: Vec<CronTrigger>,
    request_ids: RequestIds,
    routes: Vec<(String, String)>,
}

/// Where an application is served.
pub struct Listener {
    /// The socket.
    pub tcp: TcpListener,
    /// With TLS, or without.
    pub tls: Option<TlsAcceptor>,
}

impl App {
    /// Loads an application: checks the manifest, finds every value, compiles every component.
    /// The error lists everything that is wrong.
    pub fn load(manifest_path: &Path, settings: &Settings) -> Result<Self> {
        Self::from_manifest(Manifest::load(manifest_path)?, manifest_path, settings)
    }

    /// Loads an application from a manifest that has been read already; `manifest_path` says what
    /// the paths in it are relative to.
    pub fn from_manifest(
        manifest: Manifest,
        manifest_path: &Path,
        settings: &Settings,
    ) -> Result<Self> {
        let root = match manifest_path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let root = std::path::absolute(root)?;
        let at =
            |problems: Vec<String>| anyhow!("{}: {}", manifest_path.display(), problems.join("\n"));
        let values = Sources::new(settings.variables.clone(), &root)
            .resolve(&manifest.variables)
            .map_err(at)?;
        let config = match &settings.runtime_config {
            Some(file) => RuntimeConfig::load(file).map_err(|all| anyhow!("{}", all.join("\n")))?,
            None => RuntimeConfig::default(),
        };
        let memory_bytes = manifest
            .components
            .values()
            .filter_map(|component| component.memory_mb)
            .map(|megabytes| (megabytes as usize) << 20)
            .chain([settings.limits.memory_bytes])
            .max()
            .unwrap_or(settings.limits.memory_bytes);
        let engine = crate::engine::build(&settings.limits, memory_bytes)?;
        let components = load_components(&engine, &manifest, &values, &root, settings)?;

        let shared = Arc::new(Shared {
            limits: settings.limits.clone(),
            router: Router::new(manifest.http.iter().filter_map(|trigger| {
                let route = trigger.route.clone()?;
                Some((route, trigger.component.clone()))
            })),
            routes: manifest
                .http
                .iter()
                .map(|trigger| {
                    let route = trigger.route.as_ref().map_or("private", |r| r.as_str());
                    (trigger.component.clone(), route.to_owned())
                })
                .collect(),
            databases: Databases::new(places(
                manifest.components.values().map(|c| &c.sqlite_databases),
                &config.sqlite_databases,
                |label| settings.database_file(label),
            )),
            key_value_stores: Stores::new(places(
                manifest.components.values().map(|c| &c.key_value_stores),
                &config.key_value_stores,
                |label| {
                    settings
                        .state_dir
                        .join("key_value")
                        .join(format!("{label}.db"))
                },
            )),
            slots: Arc::new(Slots::new(
                settings.limits.instances_max,
                settings.limits.instance_wait,
            )),
            client: Client::new(),
            handlers: OnceLock::new(),
            running: Arc::new(Semaphore::new(settings.limits.requests_max)),
            waiting: AtomicUsize::new(0),
            closed: AtomicBool::new(false),
            cron: manifest.cron,
            request_ids: RequestIds::new(),
            engine,
        });
        let handlers = components
            .into_iter()
            .map(|component| {
                let id = component.id.to_string();
                (
                    id,
                    Instances::handler(Arc::downgrade(&shared), Arc::new(component)),
                )
            })
            .collect();
        shared.handlers.get_or_init(|| handlers);
        Ok(Self(shared))
    }

    /// Serves the application and runs its cron triggers until `stop` is cancelled;
    /// then lets running requests finish and closes the databases.
    pub async fn serve(&self, listener: Listener, stop: CancellationToken) {
        let cron = self.start_cron(&stop);
        crate::http::serve(self.clone(), listener, stop).await;
        for run in cron {
            // A run that has begun is waited for like a request.
            let grace = self.0.limits.shutdown_grace;
            if tokio::time::timeout(grace, run).await.is_err() {
                tracing::warn!("a cron run was cut off at the end of the grace period");
            }
        }
        self.close();
    }

    /// Calls a component in this process, as the host's own request.
    pub async fn call(&self, component: &str, request: Request) -> Response {
        let call = self.0.new_call();
        self.call_with(component, request, call).await
    }

    /// Writes the databases' logs back into their files.
    pub fn close(&self) {
        self.0.closed.store(true, Ordering::Relaxed);
        self.0.databases.close();
        self.0.key_value_stores.close();
    }

    /// Every HTTP trigger: component and route, `private` where it has none.
    pub fn routes(&self) -> &[(String, String)] {
        &self.0.routes
    }

    /// Component instances alive at the moment.
    pub fn instances(&self) -> usize {
        self.0.slots.taken(self.0.limits.instances_max)
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(crate) fn router(&self) -> &Router {
        &self.0.router
    }

    pub(crate) fn call_context(&self, request_id: Option<&str>) -> CallContext {
        match request_id {
            Some(id) => CallContext {
                request_id: id.into(),
                depth: 0,
            },
            None => self.0.new_call(),
        }
    }

    /// A place among the running requests, waited for a bounded time. `None`: the application is full.
    pub(crate) async fn admit(&self) -> Option<OwnedSemaphorePermit> {
        let app = &self.0;
        if let Ok(permit) = app.running.clone().try_acquire_owned() {
            return Some(permit);
        }
        if app.waiting.fetch_add(1, Ordering::Relaxed) >= app.limits.requests_waiting_max {
            app.waiting.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        let admitted =
            tokio::time::timeout(app.limits.request_wait, app.running.clone().acquire_owned())
                .await;
        app.waiting.fetch_sub(1, Ordering::Relaxed);
        admitted.ok()?.ok()
    }

    /// A component's answer to a request whose headers are prepared.
    pub(crate) async fn answer(
        &self,
        component: &str,
        request: Request,
        call: CallContext,
    ) -> Response {
        match self.0.handler(component) {
            Some(handler) => self.0.dispatch(handler, request, call).await,
            None => problem(Problem::NoRoute, &call.request_id),
        }
    }

    async fn call_with(
        &self,
        component: &str,
        mut request: Request,
        call: CallContext,
    ) -> Response {
        let cron = request.headers_mut().remove("x-vikno-cron");
        let path = request
            .uri()
            .path_and_query()
            .map_or("/", |path| path.as_str());
        let uri = format!("http://{component}.spin.internal{path}");
        match uri.parse() {
            Ok(uri) => *request.uri_mut() = uri,
            Err(_) => return problem(Problem::BadRequest, &call.request_id),
        }
        prepare(&mut request, &Origin::Chained, &call.request_id);
        if let Some(cron) = cron {
            request.headers_mut().insert("x-vikno-cron", cron);
        }
        self.answer(component, request, call).await
    }

    fn start_cron(&self, stop: &CancellationToken) -> Vec<tokio::task::JoinHandle<()>> {
        self.0
            .cron
            .iter()
            .map(|trigger| {
                let run = crate::cron::run(self.clone(), trigger.clone(), stop.clone());
                tokio::spawn(run)
            })
            .collect()
    }
}

impl Shared {
    /// Whether the databases are closed: from then on nothing that ends is a failure.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    pub(crate) fn handler(&self, component: &str) -> Option<&Handler> {
        self.handlers.get()?.get(component)
    }

    pub(crate) fn new_call(&self) -> CallContext {
        CallContext {
            request_id: self.request_ids.next(),
            depth: 0,
        }
    }

    /// Runs a call; whatever goes wrong becomes an answer.
    pub(crate) async fn dispatch(
        &self,
        handler: &Handler,
        request: Request,
        call: CallContext,
    ) -> Response {
        let start = Instant::now();
        let request_id = call.request_id.clone();
        let error = match handler.handle(call, request).await {
            Ok(response) => return response,
            Err(error) => error,
        };
        let component = handler.state().component();
        let what = classify(&error, start.elapsed(), component.timeout);
        if matches!(what, Problem::Busy) {
            tracing::warn!(component = %component.id, %request_id, "no place for an instance");
        } else {
            let error = format!("{error:#}");
            tracing::error!(component = %component.id, %request_id, ?what, error, "call failed");
        }
        problem(what, &request_id)
    }
}

fn classify(error: &wasmtime::Error, elapsed: Duration, timeout: Duration) -> Problem {
    if let Some(failure) = error.downcast_ref::<InstantiationError<CallContext>>() {
        return match failure.error.downcast_ref::<Full>() {
            Some(Full) => Problem::Busy,
            None => Problem::Failed,
        };
    }
    // A busy loop is stopped from outside, which looks like a trap.
    let is_late =
        error.is::<ExpirationError>() || (error.is::<TrapOrPanicError>() && elapsed >= timeout);
    if is_late {
        Problem::TimedOut
    } else {
        Problem::Failed
    }
}

/// Where each label lives: as the runtime-config says, else in the state folder.
fn places<'a>(
    granted: impl Iterator<Item = &'a BTreeSet<String>>,
    configured: &BTreeMap<String, PathBuf>,
    default: impl Fn(&str) -> PathBuf,
) -> BTreeMap<String, PathBuf> {
    granted
        .flatten()
        .map(|label| {
            let path = configured.get(label).cloned();
            (label.clone(), path.unwrap_or_else(|| default(label)))
        })
        .collect()
}

/// Compiles and links all components, on all processors.
fn load_components(
    engine: &Engine,
    manifest: &Manifest,
    values: &BTreeMap<String, String>,
    root: &Path,
    settings: &Settings,
) -> Result<Vec<Loaded>> {
    let linker = linker(engine)?;
    let cache = Cache::new(settings.state_dir.join("cache"));
    let queue = Mutex::new(manifest.components.iter());
    let loaded = Mutex::new(Vec::new());
    let problems = Mutex::new(Vec::new());
    let work = || {
        loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((id, component)) = next else { break };
            let loader = Loader {
                engine,
                linker: &linker,
                cache: &cache,
                values,
                root,
                settings,
            };
            match loader.load(id, component) {
                Ok(component) => loaded
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(component),
                Err(error) => problems
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(format!("component.{id}: {error:#}")),
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let mut problems = problems
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    cache.prune();
    if problems.is_empty() {
        Ok(loaded.into_inner().unwrap_or_else(PoisonError::into_inner))
    } else {
        problems.sort();
        Err(anyhow!("{}", problems.join("\n")))
    }
}

struct Loader<'a> {
    engine: &'a Engine,
    linker: &'a wasmtime::component::Linker<State>,
    cache: &'a Cache,
    values: &'a BTreeMap<String, String>,
    root: &'a Path,
    settings: &'a Settings,
}

impl Loader<'_> {
    fn load(&self, id: &str, component: &Component) -> Result<Loaded> {
        let limits = &self.settings.limits;
        let source = self.root.join(&component.source);
        let wasm = std::fs::read(&source)
            .with_context(|| format!("cannot read {}: build it first", source.display()))?;
        let parts = Parts::read(wasm, &component.dependencies, self.root)?;
        let wasm = self.cache.compose(parts)?;
        let compiled = self.cache.compile(self.engine, &wasm)?;
        let pre = self
            .linker
            .instantiate_pre(&compiled)
            .map_err(anyhow::Error::from)
            .context("it imports what this host does not offer")?;
        let pre = ServicePre::new(pre)
            .map_err(anyhow::Error::from)
            .context("it does not export wasi:http/handler@0.3.0; build it with spin-sdk 7")?;
        let staging = self.settings.state_dir.join("files").join(id);
        Ok(Loaded {
            id: id.into(),
            grants: self.grants(component)?,
            variables: component
                .variables
                .iter()
                .map(|(name, template)| (name.clone(), template.render(self.values)))
                .collect(),
            environment: component.environment.clone().into_iter().collect(),
            folders: files::prepare(
                &component.files,
                &component.exclude_files,
                self.root,
                &staging,
            )?,
            timeout: component
                .timeout_s
                .map_or(limits.call_timeout, |s| Duration::from_secs(s.into())),
            memory_bytes: component
                .memory_mb
                .map_or(limits.memory_bytes, |megabytes| (megabytes as usize) << 20),
            calls_max: component
                .instance_calls
                .map_or(limits.instance_calls_max, |calls| calls as usize),
            idle: component
                .instance_idle_s
                .map_or(limits.instance_idle, |s| Duration::from_secs(s.into())),
            pre,
        })
    }

    fn grants(&self, component: &Component) -> Result<Grants> {
        let hosts = component
            .allowed_outbound_hosts
            .iter()
            .map(|template| template.render(self.values))
            // An optional service without an address grants nothing.
            .filter(|host| !host.is_empty())
            .map(|host| HostPattern::from_str(&host).map_err(|problem| anyhow!("{problem}")))
            .collect::<Result<_>>()
            .context("allowed_outbound_hosts")?;
        Ok(Grants {
            key_value_stores: component.key_value_stores.clone(),
            key_value_read_only: component.key_value_read_only.clone(),
            sqlite_databases: component.sqlite_databases.clone(),
            hosts,
        })
    }
}

/// Ids that no two requests of this installation share.
struct RequestIds {
    start: u64,
    count: AtomicU64,
}

impl RequestIds {
    fn new() -> Self {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        Self {
            start: since.map_or(0, |since| since.as_millis() as u64),
            count: AtomicU64::new(0),
        }
    }

    fn next(&self) -> Arc<str> {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        format!("{:x}-{count:x}", self.start).into()
    }
}
