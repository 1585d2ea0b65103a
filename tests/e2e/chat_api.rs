//! Being written.
use crate::Shared;
use libtest_mimic::Trial;

pub(crate) fn tests(_shared: &Shared) -> Vec<Trial> {
    vec![]
}
