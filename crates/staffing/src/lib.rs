//! What if: generated citizens against queues, operators and shifts. A plan goes in as text, waiting times, occupancy
//! and the operators that a target needs come out, with how sure they are.
//!
//! Pure: it opens no file, reads no clock, and its chance comes from a seed that is passed in.

mod distribution;
pub mod erlang;
mod history;
mod input;
mod plan;
mod problem;
mod random;
mod report;
mod simulation;
mod statistics;
mod week;

pub use distribution::Distribution;
pub use plan::Plan;
pub use problem::Problem;
pub use report::{
    Comparison, Measure, Needed, Outcome, Part, Report, Row, chart, chart_of_two, outcome,
};
pub use statistics::{Estimate, student_quantile};

/// The outcomes of so many independent runs of a plan.
pub fn simulate(plan: &Plan, seed: u64, runs: u32) -> Vec<Outcome> {
    (0..runs)
        .map(|number| outcome(plan, seed, number))
        .collect()
}
