//! What delivery decides: when a message may leave, what an answer means for it, which files are let in and
//! how files are linked. No I/O, no clock, no randomness: times and random numbers are passed in.

mod backoff;
pub mod file;
mod limiter;
mod limits;
pub mod media_link;
mod plan;
mod settle;

pub use backoff::backoff_ms;
pub use limiter::Limiter;
pub use limits::{ChannelLimits, Limits};
pub use plan::{DueMessage, Plan, plan};
pub use settle::{Attempt, Verdict, settle};
