//! How an application is run: where its state lives and the limits it runs within.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// How an application is run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Databases, stores and compiled components live below this folder.
    pub state_dir: PathBuf,
    /// Spin's runtime-config file, which says where single labels live.
    pub runtime_config: Option<PathBuf>,
    /// Values of application variables that win over environment and `.env`.
    pub variables: BTreeMap<String, String>,
    /// Limits.
    pub limits: Limits,
}

/// A limit on everything.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Component instances alive at once; the pooling allocator reserves for so many.
    pub instances_max: u32,
    /// Requests from outside that run at once.
    pub requests_max: usize,
    /// Requests from outside that wait for one of those to end; more are answered 503 at once.
    pub requests_waiting_max: usize,
    /// How long they wait before they are answered 503.
    pub request_wait: Duration,
    /// How long a call waits for a place for a new instance.
    pub instance_wait: Duration,
    /// How long one call may take where the manifest says nothing else.
    pub call_timeout: Duration,
    /// Memory of one instance where the manifest says nothing else.
    pub memory_bytes: usize,
    /// Calls an instance answers in its life.
    pub instance_calls_max: usize,
    /// Calls an instance answers at once.
    pub instance_concurrency_max: usize,
    /// How long an instance outlives its last call.
    pub instance_idle: Duration,
    /// How many components one call may lead through.
    pub chain_depth_max: u8,
    /// How long running requests may take to finish after the stop signal.
    pub shutdown_grace: Duration,
}

impl Settings {
    /// Default settings with state below `state_dir`.
    pub fn new(state_dir: impl Into<PathBuf>) -> Self {
        Self {
            state_dir: state_dir.into(),
            runtime_config: None,
            variables: BTreeMap::new(),
            limits: Limits::default(),
        }
    }

    /// Where a database lives that the runtime-config file puts nowhere else.
    pub fn database_file(&self, label: &str) -> PathBuf {
        self.state_dir.join("sqlite").join(format!("{label}.db"))
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // Twice the requests from outside: what they chain shares instances, sixteen calls each.
            instances_max: 1_000,
            requests_max: 512,
            requests_waiting_max: 1_024,
            request_wait: Duration::from_millis(1_000),
            instance_wait: Duration::from_secs(2),
            call_timeout: Duration::from_secs(30),
            memory_bytes: 64 << 20,
            instance_calls_max: 128,
            instance_concurrency_max: 16,
            instance_idle: Duration::from_secs(1),
            chain_depth_max: 16,
            shutdown_grace: Duration::from_secs(20),
        }
    }
}
