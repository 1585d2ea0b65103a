//! The site: start page, description of the API, organisations, metrics, safe headers, and a chat in a real browser.
use crate::Shared;
use libtest_mimic::Trial;

pub(crate) fn tests(_shared: &Shared) -> Vec<Trial> {
    vec![]
}
