//! Tests of the process interpreter as its users see it: documents and events in, outcomes out.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test stops where what it needs is not there"
)]
mod calls;
mod data;
mod documents;
mod golden;
mod properties;
mod support;
mod tasks;
mod waiting;
