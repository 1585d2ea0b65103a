//! The host over real components: what is granted works, all else is refused, every limit holds.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests fail by panicking, their helpers too"
)]

mod client;
mod cron;
mod databases;
mod dependencies;
mod grants;
mod harness;
mod http;
mod limits;
mod manifests;
