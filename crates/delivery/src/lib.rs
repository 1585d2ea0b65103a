//! What delivery decides: when a message may leave and what an answer means for it. No I/O, no clock,
//! no randomness: times and random numbers are passed in.

mod backoff;
mod limiter;
mod limits;
mod plan;
mod settle;

pub use backoff::backoff_ms;
pub use limiter::Limiter;
pub use limits::{ChannelLimits, Limits};
pub use plan::{DueMessage, Plan, plan};
pub use settle::{Attempt, Verdict, settle};
