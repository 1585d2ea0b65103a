//! The words said to citizens: Fluent files in layers (shared ones, then an organisation's own), by language.
//!
//! Pure: files are handed in as text. It knows no text ids and chooses no wording.

mod inspect;
mod texts;

pub use inspect::{MessageShape, message_shapes, patterns};
pub use texts::{BadText, MissingText, Texts};
