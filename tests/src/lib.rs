//! The harness of the end-to-end tests: an installation of its own, people who write to it, people who answer.

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
pub fn eventually<T>(what: &str, mut check: impl FnMut() -> Option<T>) -> T {
    let until = std::time::Instant::now() + std::time::Duration::from_secs(60);
    loop {
        if let Some(found) = check() {
            return found;
        }
        assert!(std::time::Instant::now() < until, "waited in vain: {what}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}
