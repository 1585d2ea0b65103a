//! The words of a text: told apart, in lower case, without the little words that carry no meaning.

use crate::letters::{alike, is_apostrophe};

/// A question is asked in the first words of a message; what stands beyond is detail.
const WORDS_MAX: usize = 400;

/// Little words between the parts of a phrase: `заява на субсидію` is `заява субсидію`.
const LITTLE: &[&str] = &[
    "на", "про", "для", "до", "за", "в", "у", "з", "із", "зі", "по", "і", "й", "та", "а", "и", "о",
    "об", "от", "від", "к", "ли", "чи", "же", "ж", "the", "a", "an", "of", "for", "to", "in", "on",
    "at", "my", "is", "are",
];

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// In lower case.
    pub(crate) written: String,
    /// With letters alike made one, for beginnings.
    pub(crate) plain: String,
    /// The keys pressed, where a punctuation key may have stood for a letter; else empty.
    pub(crate) keys: String,
}

impl Word {
    fn new(written: &str, keys: &str) -> Self {
        Self {
            plain: plain(written),
            written: written.to_owned(),
            keys: keys.to_owned(),
        }
    }
}

/// With letters alike made one.
pub(crate) fn plain(word: &str) -> String {
    let letters = word.chars().filter_map(alike);
    letters
        .filter(|letter| *letter != 'ь')
        .map(|letter| if letter == 'і' { 'и' } else { letter })
        .collect()
}

/// The words that count, in order.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let text = text.to_lowercase();
    let mut found = Vec::new();
    for chunk in text.split_whitespace() {
        let edges = |c: char| !c.is_alphanumeric();
        let inside = chunk.trim_matches(edges);
        let is_typed = inside.chars().any(|c| c.is_ascii_alphabetic()) && inside.is_ascii();
        let keys = if is_typed { inside } else { "" };
        let pieces = chunk.split(|c: char| !c.is_alphanumeric() && !is_apostrophe(c));
        let pieces = pieces.map(|piece| piece.trim_matches(is_apostrophe));
        let words = pieces.filter(|piece| !piece.is_empty() && !LITTLE.contains(piece));
        for (place, word) in words.enumerate() {
            found.push(Word::new(word, if place == 0 { keys } else { "" }));
        }
        if found.len() >= WORDS_MAX {
            found.truncate(WORDS_MAX);
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_are_told_apart_and_little_ones_left_out() {
        let written = |text: &str| -> Vec<String> {
            words(text).into_iter().map(|word| word.written).collect()
        };
        assert_eq!(written("Заява на СУБСИДІЮ!"), ["заява", "субсидію"]);
        assert_eq!(written("кредит 5-7-9%"), ["кредит", "5", "7", "9"]);
        assert_eq!(written("«сім’я», п'ять"), ["сім’я", "п'ять"]);
        assert_eq!(written("ce,cblsz,"), ["ce", "cblsz"]);
        assert_eq!(words("ce,cblsz,")[0].keys, "ce,cblsz");
        assert_eq!(written(" … 🙂 ' "), Vec::<String>::new());
        assert_eq!(words(&"слово ".repeat(5_000)).len(), 400);
    }
}
