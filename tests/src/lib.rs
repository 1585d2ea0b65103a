//! The harness of the end-to-end tests: an installation of its own, people who write to it, people who answer.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests"
)]

pub mod browser;
pub mod citizen;
pub mod corezoid;
pub mod http;
pub mod installation;
pub mod operator;

/// The ten organisations.
pub const ORGANISATIONS: [&str; 10] = [
    "ukc", "mindov", "minsoc", "mzs", "mon", "mou", "osvita", "ukco", "diia", "cashback",
];

/// Waits until `check` gives something; panics with `what` after a minute, which no healthy path needs, however many
/// tests share the processors.
#[track_caller]
pub fn eventually<T>(what: &str, check: impl FnMut() -> Option<T>) -> T {
    within_a_minute(check).unwrap_or_else(|| panic!("waited in vain: {what}"))
}

/// Asks again and again, for a minute, until something is given.
pub fn within_a_minute<T>(mut check: impl FnMut() -> Option<T>) -> Option<T> {
    let until = std::time::Instant::now() + std::time::Duration::from_secs(60);
    loop {
        let found = check();
        if found.is_some() || std::time::Instant::now() > until {
            return found;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}
