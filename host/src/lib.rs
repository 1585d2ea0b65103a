//! The embedded runtime for this project's `spin.toml`: what the manifest grants is offered, all else is refused.

mod app;
mod bindings;
mod compile;
mod cron;
mod dependencies;
mod engine;
mod files;
mod grants;
mod http;
mod instances;
mod key_value;
pub mod logs;
pub mod manifest;
mod output;
mod runtime_config;
mod settings;
mod slots;
mod sqlite;
mod store;
mod variables;

pub use app::{App, Listener};
pub use http::{Request, Response, acceptor, body};
pub use runtime_config::RuntimeConfig;
pub use settings::{Limits, Settings};
pub use variables::Sources;

/// The tokio runtime applications run on: a worker for each processor. Short SQLite statements run on them, since
/// they meet memory and not the disk: commits are flushed elsewhere.
pub fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(processors)
        .enable_all()
        .build()
}
