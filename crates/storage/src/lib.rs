//! All SQL of Vikno. A database is an organisation's own (label = its id) or `core`; a function here is
//! one need of one component. Parameters only, never text pasted into a statement.
//!
//! In a component the statements run on Spin's SQLite; natively (tests) on rusqlite, with the same results.

pub mod api_calls;
pub mod audit;
pub mod canned_answers;
pub mod channel_bots;
pub mod chat;
pub mod chat_sessions;
mod database;
pub mod dead_letters;
pub mod desk;
pub mod distribution;
pub mod drafts;
mod error;
pub mod export;
pub mod groups;
pub mod inbox;
mod insert;
pub mod instances;
pub mod journal;
pub mod known_browsers;
pub mod labels;
pub mod media;
pub mod migrations;
pub mod operator_view;
pub mod otp;
pub mod outbox;
pub mod passkeys;
pub mod people;
pub mod presence;
pub mod proposals;
pub mod queue_view;
pub mod roles;
pub mod seals;
pub mod search;
pub mod settings;
pub mod sign_in;
pub mod sso;
pub mod staff_sessions;
pub mod stats;
pub mod sums;
pub mod tasks;
pub mod timers;
pub mod totp;
pub mod turns;
pub mod typing;
mod value;
pub mod versions;

#[cfg(not(target_arch = "wasm32"))]
#[path = "native.rs"]
mod backend;
#[cfg(target_arch = "wasm32")]
#[path = "spin.rs"]
mod backend;

pub use database::{Database, Row, Transaction};
pub use error::StorageError;
pub use value::Value;

/// Drives a future of the native backend, which never waits.
#[cfg(not(target_arch = "wasm32"))]
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        if let std::task::Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}
