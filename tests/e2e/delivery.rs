//! Delivery against services that refuse, hurry, lose answers or fail: what reaches the citizen, and in which order.
use crate::Shared;
use libtest_mimic::Trial;

pub(crate) fn tests(_shared: &Shared) -> Vec<Trial> {
    vec![]
}
