//! The simulator over the project's organisations as they lie on the disk, and over small changes of them.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests"
)]

mod changes;
mod code;
mod disk;
mod every_organisation;
mod faults;
mod rehearsals;
mod replays;
mod scenarios;
