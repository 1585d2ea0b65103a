//! Takes people out of what they wrote: addresses, numbers and names, before a dialogue becomes a scenario.

/// A run of so many digits is a document, an account or a code.
const DIGITS_MAX: usize = 4;
/// So many digits with spaces, dashes and brackets among them are a telephone or card number.
const GROUPED_DIGITS_MAX: usize = 8;
/// In place of an electronic address.
const ADDRESS: &str = "mail@example.org";
/// In place of a name.
const NAME: &str = "Ім'я";

/// The text with digits of numbers as zeros, addresses and the given names replaced.
pub fn mask(text: &str, names: &[&str]) -> String {
    let stems: Vec<Stem> = names
        .iter()
        .flat_map(|name| name.split(|c: char| !c.is_alphabetic()))
        .filter_map(Stem::of)
        .collect();
    let mut masked = String::with_capacity(text.len());
    for piece in pieces(text) {
        let core = piece.trim_matches(|c: char| !c.is_alphanumeric());
        if is_address(core) {
            masked.push_str(&piece.replace(core, ADDRESS));
        } else {
            masked.push_str(&without_names(piece, &stems));
        }
    }
    without_numbers(&masked)
}

/// The text cut before and after white space.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(char::is_whitespace).flat_map(|piece| {
        let word = piece.trim_end();
        [word, &piece[word.len()..]]
    })
}

fn is_address(word: &str) -> bool {
    word.split_once('@')
        .is_some_and(|(before, after)| !before.is_empty() && after.contains('.'))
}

/// A name without its ending, which changes with the case.
struct Stem {
    text: String,
    length_max: usize,
}

impl Stem {
    fn of(name: &str) -> Option<Self> {
        let letters: Vec<char> = name.to_lowercase().chars().collect();
        let (_, stem) = letters.split_last()?;
        (stem.len() >= 2).then(|| Self {
            text: stem.iter().collect(),
            // Cases add one letter or two. A word too many is better masked than one too few.
            length_max: letters.len() + if letters.len() > 3 { 2 } else { 1 },
        })
    }

    fn is_in(&self, word: &str) -> bool {
        let word = word.to_lowercase();
        word.starts_with(&self.text) && word.chars().count() <= self.length_max
    }
}

fn without_names(piece: &str, stems: &[Stem]) -> String {
    let mut out = String::with_capacity(piece.len());
    let mut rest = piece;
    while let Some(start) = rest.find(char::is_alphabetic) {
        let (before, from) = rest.split_at(start);
        let end = from
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(from.len());
        let (word, behind) = from.split_at(end);
        out.push_str(before);
        let is_name = stems.iter().any(|stem| stem.is_in(word));
        out.push_str(if is_name { NAME } else { word });
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// Digits of long numbers become zeros; what stands between them stays.
fn without_numbers(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_numeric() {
            out.push(chars[at]);
            at += 1;
            continue;
        }
        let end = group_end(&chars, at);
        let group = &chars[at..end];
        let digits = group.iter().filter(|c| c.is_numeric()).count();
        for run in group.chunk_by(|a, b| a.is_numeric() == b.is_numeric()) {
            let long = digits > GROUPED_DIGITS_MAX || run.len() > DIGITS_MAX;
            let zero = |c: &char| if c.is_numeric() && long { '0' } else { *c };
            out.extend(run.iter().map(zero));
        }
        at = end;
    }
    out
}

/// Behind the last digit of a group that is held together by at most two separators at a time.
fn group_end(chars: &[char], start: usize) -> usize {
    let mut end = start + 1;
    let mut at = end;
    while at < chars.len() && at - end <= 2 {
        if chars[at].is_numeric() {
            end = at + 1;
        } else if !matches!(chars[at], ' ' | '-' | '(' | ')' | '\u{a0}') {
            break;
        }
        at += 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn people_are_taken_out_and_the_question_stays() {
        for (text, expected) in [
            (
                "Мій номер +380 (50) 123-45-67, дзвоніть",
                "Мій номер +000 (00) 000-00-00, дзвоніть",
            ),
            ("0671112233", "0000000000"),
            ("карта 5168 7554 1234 5678!", "карта 0000 0000 0000 0000!"),
            ("пишіть на olia.k@ukr.net.", "пишіть на mail@example.org."),
            ("<olia@gov.ua>", "<mail@example.org>"),
            ("паспорт АА123456", "паспорт АА000000"),
            ("ІПН 1234567890", "ІПН 0000000000"),
            (
                "Я Оля Коваленко, для Олі Коваленко",
                "Я Ім'я Ім'я, для Ім'я Ім'я",
            ),
            ("ОЛЮ не чули?", "Ім'я не чули?"),
            ("оливки від Олею", "оливки від Ім'я"),
            (
                "о 10:30 27.11.2026 за 1500 грн",
                "о 10:30 27.11.2026 за 1500 грн",
            ),
            ("", ""),
        ] {
            assert_eq!(mask(text, &["Оля Коваленко"]), expected, "{text}");
        }
    }

    #[test]
    fn without_a_name_no_word_is_taken_for_one() {
        assert_eq!(mask("Оля тут", &[]), "Оля тут");
        assert_eq!(mask("А чи є?", &["А", ""]), "А чи є?");
    }
}
