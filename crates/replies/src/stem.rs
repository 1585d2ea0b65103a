//! What the forms of one word have in common. One stemmer serves Ukrainian and Russian, since citizens mix them
//! in one sentence and often in one word; another serves English.

mod english;
mod slavic;

pub use english::english;
pub use slavic::slavic;

use crate::letters::is_cyrillic;

/// The stem of a word in lower case, by its script.
pub fn stem(word: &str) -> String {
    if word.chars().any(is_cyrillic) {
        slavic(word)
    } else {
        english(word)
    }
}
