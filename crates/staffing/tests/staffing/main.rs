//! The simulator of rosters as its users see it: plans in, figures out.

#![allow(clippy::unwrap_used, reason = "tests")]

mod bad_plans;
mod comparing;
mod exact;
mod formulas;
mod histories;
mod reports;
mod rules;
mod support;
