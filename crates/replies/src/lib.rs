//! Automatic replies in levels: topic, subtopic, and below. Which answer of an organisation's tree fits the
//! words of a citizen (any form, three languages, with mistakes) and the situation; and why.
//!
//! Pure: the tree is handed in as text, the time and what is known of the citizen as values.

mod choose;
mod condition;
mod distance;
mod explain;
mod letters;
mod read;
mod situation;
pub mod stem;
mod tree;
mod vocabulary;
mod words;

pub use choose::Chosen;
pub use condition::{Conditions, HoursAre, Person};
pub use explain::{Candidate, Explanation, Found, Verdict, WordSeen};
pub use read::{Fault, Frame};
pub use situation::{Moment, Situation};
pub use tree::{Replies, Reply, Variant};
pub use vocabulary::How;
