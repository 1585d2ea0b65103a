//! `GET search`: dialogues over all history by words, person, number, date, operator, topic, rating, channel.

use crate::view;
use serde_json::{Value, json};
use vikno_domain::{Channel, OrgId, instant_ms, rfc3339};
use vikno_replies::stem::{english, slavic};
use vikno_shell::{Problem, Reply, Request, json, query};
use vikno_storage::Database;
use vikno_storage::operator_view::PAGE;
use vikno_storage::search::{self, Before, Found, Sought};

/// Longest question, in characters.
const QUESTION_CHARS_MAX: usize = 200;
/// Words that are looked for together.
const WORDS_MAX: usize = 8;
/// A number typed with fewer digits is words like others.
const PHONE_DIGITS_MIN: usize = 9;
/// Characters of a message shown around the word that was found.
const SNIPPET_CHARS: usize = 80;

pub(crate) async fn search(request: &Request, org: &OrgId) -> Reply {
    let query = query(request);
    let given = |name: &str| {
        let value = query.get(name).map(|value| value.trim());
        value.filter(|value| !value.is_empty())
    };
    let question = Question::read(given("q").unwrap_or_default())?;
    let words = question.expression();
    let label = given("label").map(crate::labels::folded);
    let sought = Sought {
        words: words.as_deref(),
        phone: question.phone(),
        id: question.id(),
        from_ms: given("from").map(|text| time("from", text)).transpose()?,
        to_ms: given("to").map(|text| time("to", text)).transpose()?,
        operator: given("operator"),
        topic: given("topic"),
        label: label.as_deref(),
        rating: given("rating").map(rating).transpose()?,
        channel: given("channel").map(channel).transpose()?,
    };
    let before = given("after").map(before).transpose()?;
    let database = Database::open(org.as_str()).await?;
    let found = search::find(&database, &sought, before).await?;
    Ok(json(200, &page(org, found, &question)))
}

fn invalid(field: &str, what: &str) -> Problem {
    Problem::new(400, "invalid_field", format!("'{field}' {what}."))
}

fn time(field: &str, text: &str) -> Result<i64, Problem> {
    instant_ms(text).ok_or_else(|| invalid(field, "is a time like 2026-11-28T00:00:00Z"))
}

fn rating(text: &str) -> Result<i64, Problem> {
    let rating = text.parse().ok();
    rating
        .filter(|rating| (1..=5).contains(rating))
        .ok_or_else(|| invalid("rating", "is a number from 1 to 5"))
}

fn channel(text: &str) -> Result<&str, Problem> {
    match Channel::parse(text) {
        Ok(_) => Ok(text),
        Err(_) => Err(invalid("channel", "is telegram, viber or web")),
    }
}

fn before(cursor: &str) -> Result<Before, Problem> {
    let position = cursor.parse().map_err(|_| {
        let detail = "'after' must be the cursor of an earlier answer to the same question.";
        Problem::new(400, "invalid_cursor", detail)
    })?;
    Ok(Before { position })
}

/// What was typed into the search field.
#[derive(Debug, PartialEq, Eq)]
enum Question {
    Nothing,
    Conversation(String),
    Phone(String),
    Words(Vec<String>),
}

impl Question {
    fn read(typed: &str) -> Result<Self, Problem> {
        if typed.chars().count() > QUESTION_CHARS_MAX {
            return Err(invalid("q", "is too long"));
        }
        if typed.starts_with("c_") && !typed.contains(char::is_whitespace) {
            return Ok(Self::Conversation(typed.to_owned()));
        }
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        let is_number = typed
            .chars()
            .all(|c| c.is_ascii_digit() || "+-() ".contains(c));
        if is_number && digits.len() >= PHONE_DIGITS_MIN {
            return Ok(Self::Phone(national(&digits)));
        }
        let words: Vec<String> = typed
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .take(WORDS_MAX)
            .collect();
        Ok(match words.is_empty() {
            true => Self::Nothing,
            false => Self::Words(words),
        })
    }

    fn id(&self) -> Option<&str> {
        match self {
            Self::Conversation(id) => Some(id),
            _ => None,
        }
    }

    fn phone(&self) -> Option<&str> {
        match self {
            Self::Phone(phone) => Some(phone),
            _ => None,
        }
    }

    /// All words, in any form: each by the beginning that its forms share.
    fn expression(&self) -> Option<String> {
        match self {
            Self::Words(words) => {
                let terms: Vec<String> = words
                    .iter()
                    .map(|word| format!("\"{}\"*", stem(word)))
                    .collect();
                Some(terms.join(" "))
            }
            _ => None,
        }
    }

    /// The part of a message around the first word that was looked for.
    fn snippet(&self, text: &str) -> String {
        let chars: Vec<char> = text.chars().collect();
        let lower: Vec<char> = chars
            .iter()
            .map(|c| c.to_lowercase().next().unwrap_or(*c))
            .collect();
        let words = match self {
            Self::Words(words) => &words[..],
            _ => &[],
        };
        let first = words.iter().filter_map(|word| {
            let stem: Vec<char> = stem(word).chars().collect();
            lower
                .windows(stem.len().max(1))
                .position(|window| window == stem)
        });
        let at = first.min().unwrap_or_default();
        let from = at.saturating_sub(SNIPPET_CHARS / 4);
        let to = (from + SNIPPET_CHARS).min(chars.len());
        let cut: String = chars[from..to].iter().collect();
        let (before, after) = (from > 0, to < chars.len());
        format!(
            "{}{}{}",
            if before { "…" } else { "" },
            cut.trim(),
            if after { "…" } else { "" }
        )
    }
}

/// Numbers are kept with their country: `0671234567` is `+380671234567`.
fn national(digits: &str) -> String {
    match digits.strip_prefix('0') {
        Some(rest) if digits.len() == 10 => format!("+380{rest}"),
        _ => format!("+{digits}"),
    }
}

/// Short words stand for themselves.
fn stem(word: &str) -> String {
    if word.is_ascii() {
        english(word)
    } else {
        slavic(word)
    }
}

fn page(org: &OrgId, mut found: Vec<Found>, question: &Question) -> Value {
    let size = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = found.len() > size;
    found.truncate(size);
    let position = |found: &Found| match &found.said {
        Some((seq, ..)) => seq.to_string(),
        None => found.listed.last_at_ms.to_string(),
    };
    let cursor = found.last().filter(|_| more).map(position);
    let shown: Vec<Value> = found
        .into_iter()
        .map(|found| {
            let at_ms = found
                .said
                .as_ref()
                .map_or(found.listed.last_at_ms, |said| said.2);
            let snippet = found.said.map(|(_, text, _)| question.snippet(&text));
            let mut shown = json!(view::listed(found.listed));
            shown["org"] = json!(org);
            shown["at"] = json!(rfc3339(at_ms));
            shown["snippet"] = json!(snippet);
            shown
        })
        .collect();
    json!({ "found": shown, "cursor": cursor })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_an_id_a_number_or_words() {
        let read = |typed| Question::read(typed).unwrap();
        assert_eq!(read("  "), Question::Nothing);
        assert_eq!(read("c_01abc"), Question::Conversation("c_01abc".into()));
        for number in ["+38 (067) 123-45-67", "0671234567", "380671234567"] {
            assert_eq!(
                read(number),
                Question::Phone("+380671234567".into()),
                "{number}"
            );
        }
        let words =
            |words: &[&str]| Question::Words(words.iter().map(|word| (*word).to_owned()).collect());
        assert_eq!(read("Пам'ять 12345"), words(&["пам", "ять", "12345"]));
        assert!(Question::read(&"а".repeat(201)).is_err());
    }

    #[test]
    fn words_are_looked_for_by_their_beginnings_and_never_as_syntax() {
        let expression = |typed| Question::read(typed).unwrap().expression();
        assert_eq!(expression("субсидію").unwrap(), "\"субсид\"*");
        let hostile = expression("a\" OR text:* NEAR(b)").unwrap();
        assert_eq!(hostile, "\"a\"* \"or\"* \"text\"* \"near\"* \"b\"*");
    }

    #[test]
    fn a_snippet_shows_the_word_that_was_found() {
        let question = Question::read("виплату").unwrap();
        let text = format!(
            "{} Де моя виплата за жовтень? {}",
            "так ".repeat(40),
            "дякую ".repeat(40)
        );
        let snippet = question.snippet(&text);
        assert!(snippet.contains("виплата"), "{snippet}");
        assert!(
            snippet.starts_with('…') && snippet.ends_with('…'),
            "{snippet}"
        );
        assert!(snippet.chars().count() <= SNIPPET_CHARS + 2);
        assert_eq!(question.snippet("коротко"), "коротко");
    }
}
