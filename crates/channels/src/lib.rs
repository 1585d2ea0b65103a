//! The channels' codecs: their wire formats to and from the neutral events and messages of `vikno-domain`.
//! No I/O, no clock, no randomness; what comes in is verified first, then read leniently.

pub mod bots;
mod buttons;
mod lenient;
mod outcome;
pub mod telegram;
pub mod text;
mod verify;
pub mod viber;

pub use lenient::ParseError;
pub use outcome::DeliveryOutcome;
pub use verify::{Refused, VerifiedBody};

/// A recorded answer of a channel.
#[cfg(test)]
fn fixture(folder: &str, name: &str) -> Vec<u8> {
    let path = format!(
        "{}/../../tests/fixtures/{folder}/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}
