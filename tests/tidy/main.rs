//! What holds for the tree as a whole and no compiler checks. Each test gathers every offender before it fails.

mod components;
mod crates;
mod licences;
mod sources;
mod tree;
mod web;
