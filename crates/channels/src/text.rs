//! Fitting a text to a channel: splitting it where a reader would pause, escaping it. It changes no words.

use unicode_segmentation::UnicodeSegmentation;

/// How a channel counts the length of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// In UTF-16 code units.
    Utf16,
    /// In Unicode scalar values.
    Chars,
}

impl Counted {
    /// The length of a text in this count.
    pub fn length(self, text: &str) -> usize {
        match self {
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
            Self::Chars => text.chars().count(),
        }
    }
}

/// Cuts a text into parts of at most `limit`; put together again they are the text.
///
/// A cut is made after a line, else after a sentence, else after a word, if one of these ends in the second half of
/// what fits; else between two graphemes. Only a single grapheme longer than the limit is cut inside.
pub fn split(text: &str, limit: usize, counted: Counted) -> Vec<&str> {
    // Two units are the longest scalar value in UTF-16: with less, nothing might fit.
    let limit = limit.max(2);
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(end) = cut(rest, limit, counted) {
        let (part, tail) = rest.split_at(end);
        parts.push(part);
        rest = tail;
    }
    if !rest.is_empty() {
        parts.push(rest);
    }
    parts
}

/// Splits as [`split`] and leaves out what a channel would refuse as empty: white space around the parts.
pub fn messages(text: &str, limit: usize, counted: Counted) -> Vec<&str> {
    split(text, limit, counted)
        .into_iter()
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect()
}

/// The best place to cut, as a byte offset; `None` when all of it fits.
fn cut(text: &str, limit: usize, counted: Counted) -> Option<usize> {
    // No scalar value is longer in either count than in UTF-8 bytes.
    if text.len() <= limit {
        return None;
    }
    let (mut line, mut sentence, mut word, mut last) = (None, None, None, None);
    let mut length = 0;
    let mut gap = Gap::None;
    let mut sentence_ended = false;
    for (offset, grapheme) in text.grapheme_indices(true) {
        let is_space = grapheme.chars().all(char::is_whitespace);
        if !is_space && length >= limit / 2 {
            match gap {
                Gap::Line => line = Some(offset),
                Gap::Space if sentence_ended => sentence = Some(offset),
                Gap::Space => word = Some(offset),
                Gap::None => {}
            }
        }
        length += counted.length(grapheme);
        if length > limit {
            let best = line.or(sentence).or(word).or(last);
            return Some(best.unwrap_or_else(|| inside(text, limit, counted)));
        }
        last = Some(offset + grapheme.len());
        if !is_space {
            gap = Gap::None;
            sentence_ended = ends_sentence(grapheme, sentence_ended);
        } else if grapheme.contains('\n') || gap == Gap::Line {
            gap = Gap::Line;
        } else {
            gap = Gap::Space;
        }
    }
    None
}

/// What lies between the last visible grapheme and here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    None,
    Space,
    Line,
}

fn ends_sentence(grapheme: &str, ended_before: bool) -> bool {
    match grapheme {
        "." | "!" | "?" | "…" => true,
        "»" | "\"" | "”" | "“" | ")" | "'" | "’" => ended_before,
        _ => false,
    }
}

/// How much of a grapheme that is longer than the limit fits.
fn inside(text: &str, limit: usize, counted: Counted) -> usize {
    let mut length = 0;
    text.char_indices()
        .find(|(_, scalar)| {
            length += counted.length(scalar.encode_utf8(&mut [0; 4]));
            length > limit
        })
        .map_or(text.len(), |(offset, _)| offset)
}

/// Cuts a short text (a label, a file name) to a limit, with `…` in place of what is lost.
pub fn shorten(text: &str, limit: usize, counted: Counted) -> String {
    if counted.length(text) <= limit {
        return text.to_owned();
    }
    let mut short = String::new();
    let mut length = 1; // of the `…`
    for grapheme in text.graphemes(true) {
        length += counted.length(grapheme);
        if length > limit {
            break;
        }
        short.push_str(grapheme);
    }
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

/// Escapes a text for the places where a channel reads HTML.
pub fn escape_html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for scalar in text.chars() {
        match scalar {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(scalar),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_short_text_stays_whole() {
        assert_eq!(
            split("Добрий день!", 4096, Counted::Utf16),
            ["Добрий день!"]
        );
        assert!(split("", 10, Counted::Utf16).is_empty());
    }

    #[test]
    fn a_line_is_preferred_to_a_sentence_and_a_sentence_to_a_word() {
        let cases: &[(&str, &[&str])] = &[
            (
                "Перший рядок тут.\nТак. Другий рядок.",
                &["Перший рядок тут.\n", "Так. Другий рядок."],
            ),
            (
                "Одне речення є. Ще слова далі є",
                &["Одне речення є. ", "Ще слова далі є"],
            ),
            (
                "Він сказав «так!» Потім пішов геть",
                &["Він сказав «так!» ", "Потім пішов геть"],
            ),
            (
                "слово друге третє четверте",
                &["слово друге третє ", "четверте"],
            ),
            (
                "безпробілівсуцільнийтекст",
                &["безпробілівсуцільнийт", "екст"],
            ),
        ];
        for (text, parts) in cases {
            assert_eq!(split(text, 21, Counted::Chars), *parts, "{text}");
        }
    }

    #[test]
    fn an_early_sentence_end_does_not_make_a_tiny_part() {
        let parts = split("Так. Далі йде дуже довге речення", 20, Counted::Chars);
        assert_eq!(parts, ["Так. Далі йде дуже ", "довге речення"]);
    }

    #[test]
    fn emoji_with_joiners_and_flags_are_not_torn() {
        let family = "👨‍👩‍👧‍👦";
        let text = family.repeat(3);
        assert_eq!(split(&text, 15, Counted::Utf16), [family; 3]);
        assert_eq!(split("🇺🇦🇺🇦🇺🇦", 6, Counted::Utf16), ["🇺🇦", "🇺🇦", "🇺🇦"]);
    }

    #[test]
    fn a_monstrous_grapheme_is_cut_all_the_same() {
        let text = format!("а{}", "\u{301}".repeat(100));
        let parts = split(&text, 10, Counted::Utf16);
        assert!(parts.iter().all(|part| Counted::Utf16.length(part) <= 10));
        assert_eq!(parts.concat(), text);
    }

    #[test]
    fn parts_of_white_space_alone_are_left_out() {
        let text = format!("початок{}кінець", "\n".repeat(60));
        assert_eq!(messages(&text, 20, Counted::Chars), ["початок", "кінець"]);
        assert!(messages(" \n\t", 20, Counted::Chars).is_empty());
    }

    #[test]
    fn labels_are_shortened_with_an_ellipsis() {
        assert_eq!(
            shorten("Зателефонувати оператору", 10, Counted::Chars),
            "Зателефон…"
        );
        assert_eq!(shorten("Меню", 10, Counted::Chars), "Меню");
    }

    #[test]
    fn markup_is_escaped() {
        assert_eq!(
            escape_html("<b>\"A&B\"</b> 'є'"),
            "&lt;b&gt;&quot;A&amp;B&quot;&lt;/b&gt; &#39;є&#39;"
        );
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_every_part_fits(
            text in "(\\PC|[ .!?\n]|слово |👨‍👩‍👧|е\u{301}){0,200}",
            limit in 2_usize..60,
        ) {
            for counted in [Counted::Utf16, Counted::Chars] {
                let parts = split(&text, limit, counted);
                prop_assert_eq!(parts.concat(), text.clone());
                for part in &parts {
                    prop_assert!(!part.is_empty());
                    prop_assert!(counted.length(part) <= limit);
                }
            }
        }

        #[test]
        fn no_grapheme_that_fits_is_torn(text in "(слово|👨‍👩‍👧|е\u{301}|🇺🇦| ){0,60}", limit in 16_usize..40) {
            let whole: Vec<&str> = text.graphemes(true).collect();
            let parts = split(&text, limit, Counted::Utf16);
            let torn: Vec<&str> = parts.iter().flat_map(|part| part.graphemes(true)).collect();
            prop_assert_eq!(whole, torn);
        }

        #[test]
        fn shortened_texts_fit(text in "\\PC{0,80}", limit in 1_usize..40) {
            prop_assert!(Counted::Chars.length(&shorten(&text, limit, Counted::Chars)) <= limit);
        }
    }
}
