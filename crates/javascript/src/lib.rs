//! Runs the JavaScript of a process's code node over the task's data, within limits.
//!
//! No I/O, clock or randomness: the time and the seed of `Math.random` come in, so the same code over the same data
//! gives the same answer. The limits here end what process authors write by mistake, always at the same place. What
//! somebody writes to do harm (memory, loops inside the engine's own functions) is ended by the sandbox that
//! `components/javascript` runs in: outside of it run only code that you trust.

mod console;
mod crypto;
mod drive;
mod encode;
mod error;
mod failure;
mod jobs;
mod libraries;
mod limits;
mod nesting;
#[cfg(feature = "order")]
mod order;
mod random;
mod rejections;
mod run;
mod sandbox;
mod surroundings;

pub use error::CodeError;
pub use limits::Limits;
#[cfg(feature = "order")]
pub use order::run_order;
pub use run::{Code, check, run};
