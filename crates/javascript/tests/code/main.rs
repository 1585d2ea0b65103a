//! Code nodes: what they can do, what they answer, and where they end.
#![allow(clippy::unwrap_used, reason = "tests")]

mod fixtures;
mod hostile;
mod language;
mod libraries;
mod limits;
mod properties;
mod results;
mod support;
