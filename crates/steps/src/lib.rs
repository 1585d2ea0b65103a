//! What each process step decides: one pure function a step, `decide(request, …) -> Step`.
//!
//! No I/O, clock or randomness: what a step has read and drawn comes in as values, what it wants done
//! goes out as effects.

mod automatic;
mod button;
pub mod clicks_handling;
pub mod command_converter;
pub mod dialog_complete;
pub mod dialogue;
mod event;
mod menu;
pub mod messages_handling;
pub mod operator_events;
pub mod operator_session;
#[cfg(feature = "otp")]
pub mod otp;
mod phone;
pub mod queue;
mod reply;
pub mod run_code;
mod score;
#[cfg(feature = "texts")]
pub mod send_media;
#[cfg(feature = "texts")]
pub mod send_text;
mod situation;
pub mod sso_info;
pub mod vote;
pub mod welcome;
mod words;

pub use button::ButtonId;
pub use phone::Phone;
pub use queue::Opening;
pub use reply::{Reply, ReplyButton};
#[cfg(feature = "hours")]
pub use situation::moment;
