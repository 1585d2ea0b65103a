//! Tests of Corezoid's files and API as their users see them.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test stops where what it needs is not there"
)]
mod addresses;
mod calls_elsewhere;
mod containers;
mod entrance;
mod exports;
mod mutations;
mod names;
mod operations;
mod place;
mod reports;
mod round_trip;
mod runs;
mod support;
