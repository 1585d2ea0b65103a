//! Viber REST Bot API: callbacks in, `send_message` calls out.

mod answer;
mod message;
mod parse;
mod render;

pub use answer::answer;
pub use parse::{Callback, attested, parse, sign, verify_signature};
pub use render::{ViberContext, render};

/// What stands before a button's id in Viber's `ActionBody`: a pressed button comes back as an ordinary text, so
/// the prefix tells it from what a person wrote.
pub const BUTTON_PREFIX: &str = "vk:";
