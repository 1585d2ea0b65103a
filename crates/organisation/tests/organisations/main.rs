//! The ten organisations of this repository: their files fit together, their processes validate, and a
//! dialogue through them waits where it should.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot read its files has failed"
)]

mod bad_settings;
mod changed;
mod dialogue;
mod dialogues;
mod files;
mod folder;
mod opening_hours;
mod schemas;
mod sentences;
mod topics;
