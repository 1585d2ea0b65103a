//! What holds for the tree as a whole and no compiler checks. Each test gathers every offender before it fails.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests"
)]

mod components;
mod crates;
mod licences;
mod sources;
mod tree;
mod web;
