//! Queues that have an answer on paper: Poisson arrivals, exponential handling times, one queue, equal operators.
//! Erlang-B (nobody waits), Erlang-C (everybody waits), Erlang-A (people leave), and how many operators a target needs.
//!
//! All is computed with ratios or logarithms, so that hundreds of operators neither overflow nor lose digits.

mod loss;
mod needed;
mod patience;
mod waiting;

pub use loss::blocking;
pub use needed::{OPERATORS_MAX, operators_for};
pub use waiting::{Performance, performance};

/// What comes in and how long it takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    /// Chats that come to the queue in an hour.
    pub chats_per_hour: f64,
    /// Mean handling time of a chat in seconds.
    pub handling_s: f64,
    /// Mean time in seconds that a citizen is willing to wait; none: for ever.
    pub patience_s: Option<f64>,
}

/// A promise to citizens: this share answered within this time.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Target {
    /// Seconds.
    pub seconds: f64,
    /// From 0 to 1.
    pub share: f64,
}

/// No answer on paper.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum NoAnswer {
    /// A number makes no sense.
    #[error("{0} must be a finite number above zero")]
    NotPositive(&'static str),
    /// More comes in than can be done, and nobody leaves: the queue grows for ever.
    #[error(
        "{operators} operators cannot do the work of {offered:.2}, and nobody leaves the queue"
    )]
    Overloaded {
        /// Operators at work.
        operators: u32,
        /// Work offered, in operators that it keeps busy all the time.
        offered: f64,
    },
    /// Not even the most operators that are looked at reach the target.
    #[error("no number of operators up to {OPERATORS_MAX} reaches the target")]
    OutOfReach,
}

impl Load {
    /// Work offered, in operators that it keeps busy all the time (erlangs).
    pub fn offered(&self) -> f64 {
        self.arrival_rate() * self.handling_s
    }

    /// Chats a second.
    fn arrival_rate(&self) -> f64 {
        self.chats_per_hour / 3600.0
    }

    fn check(&self) -> Result<(), NoAnswer> {
        positive("chats_per_hour", self.chats_per_hour)?;
        positive("handling_s", self.handling_s)?;
        self.patience_s
            .map_or(Ok(()), |patience| positive("patience_s", patience))
    }
}

fn positive(name: &'static str, value: f64) -> Result<(), NoAnswer> {
    match value.is_finite() && value > 0.0 {
        true => Ok(()),
        false => Err(NoAnswer::NotPositive(name)),
    }
}
