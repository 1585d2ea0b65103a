//! Tests of the process interpreter as its users see it: documents and events in, outcomes out.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test stops where what it needs is not there"
)]
mod callbacks;
mod calls;
mod code;
mod counters;
mod data;
mod documents;
mod golden;
mod graphs;
mod interventions;
mod placeholders;
mod properties;
mod queues;
mod retries;
mod services;
mod stubs;
mod support;
mod tasks;
mod waiting;
