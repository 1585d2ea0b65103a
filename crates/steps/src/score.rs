//! A vote in words, digits or stars.

/// The score that a text gives, if it is nothing but a vote: `5`, `5!`, `4 бали`, `⭐⭐⭐`, `5 ⭐`, `5/5`.
pub(crate) fn score_of(text: &str) -> Option<u8> {
    let text = text
        .trim()
        .trim_end_matches(['!', '.', ',', ')', '+'])
        .trim_end();
    let text = text.strip_suffix("/5").unwrap_or(text).trim_end();
    if let Some(stars) = stars(text) {
        return valid(stars);
    }
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let (number, rest) = text.split_at(digits);
    let is_vote = rest.trim().is_empty() || is_unit(rest.trim()) || stars(rest.trim()) == Some(1);
    is_vote
        .then(|| number.parse().ok())
        .flatten()
        .and_then(valid)
}

/// How many stars it is, if nothing but stars.
fn stars(text: &str) -> Option<usize> {
    let mut count = 0;
    for c in text.chars() {
        match c {
            '⭐' | '★' | '🌟' | '*' => count += 1,
            // Variation selector and spaces between stars.
            '\u{fe0f}' | ' ' => {}
            _ => return None,
        }
    }
    (count > 0).then_some(count)
}

/// The keycap sign of `5️⃣`, and words for points.
fn is_unit(text: &str) -> bool {
    const UNITS: &[&str] = &[
        "\u{fe0f}\u{20e3}",
        "\u{20e3}",
        "бал",
        "бали",
        "балів",
        "зірка",
        "зірки",
        "зірок",
        "star",
        "stars",
        "points",
        "балла",
        "баллов",
    ];
    UNITS.contains(&text.to_lowercase().as_str())
}

fn valid(score: usize) -> Option<u8> {
    u8::try_from(score)
        .ok()
        .filter(|score| (1..=5).contains(score))
}

#[cfg(test)]
mod tests {
    use super::score_of;

    #[test]
    fn digits_and_stars_are_votes() {
        for (text, score) in [
            ("1", 1),
            (" 5 ", 5),
            ("5!", 5),
            ("5!!!", 5),
            ("4.", 4),
            ("5/5", 5),
            ("3 бали", 3),
            ("4 Зірки", 4),
            ("2 stars", 2),
            ("⭐⭐⭐⭐⭐", 5),
            ("⭐️ ⭐️", 2),
            ("★★★", 3),
            ("5 ⭐", 5),
            ("5️⃣", 5),
        ] {
            assert_eq!(score_of(text), Some(score), "{text}");
        }
    }

    #[test]
    fn anything_else_is_none() {
        for text in [
            "",
            "0",
            "6",
            "55",
            "-5",
            "5 хвилин чекаю",
            "⭐⭐⭐⭐⭐⭐",
            "пʼять",
            "1545",
            "3.5",
            "5 5",
            "٥",
            "99999999999999999999999",
        ] {
            assert_eq!(score_of(text), None, "{text}");
        }
    }
}
