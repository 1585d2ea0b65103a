//! The tree by itself: word forms, slips, levels, conditions, explanations, mistakes in the file, and what it costs.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot read its tree has failed"
)]

mod bad_trees;
mod choosing;
mod situations;
mod stems;
mod support;
