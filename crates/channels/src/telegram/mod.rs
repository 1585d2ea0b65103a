//! Telegram Bot API: webhook updates in, method calls out.

mod answer;
mod media;
mod message;
mod parse;
mod render;

pub use answer::{answer, file_path};
pub use parse::{Update, parse, verify_secret, verify_secret_digest};
pub use render::{TelegramBody, TelegramRequest, multipart, render};
