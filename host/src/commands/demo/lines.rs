//! What made-up people say and are called, from `lines.toml`.

use rand::seq::IndexedRandom;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static LINES: LazyLock<Lines> =
    LazyLock::new(|| toml::from_str(include_str!("lines.toml")).unwrap_or_default());

#[derive(Default, Deserialize)]
struct Lines {
    web_names: Vec<String>,
    operator_names: BTreeMap<String, String>,
    said: BTreeMap<String, Words>,
    questions: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// What is said in one language, whatever the organisation.
#[derive(Default, Deserialize)]
pub struct Words {
    operator_please: Vec<String>,
    details: Vec<String>,
    pictures: Vec<String>,
    thanks: Vec<String>,
    hellos: Vec<String>,
    advice: Vec<String>,
}

impl Words {
    /// A citizen wants a person.
    pub fn operator_please(&self) -> &str {
        one_of(&self.operator_please)
    }

    /// A citizen explains.
    pub fn detail(&self) -> &str {
        one_of(&self.details)
    }

    /// A citizen's words to a picture.
    pub fn picture(&self) -> &str {
        one_of(&self.pictures)
    }

    /// A citizen is content.
    pub fn thanks(&self) -> &str {
        one_of(&self.thanks)
    }

    /// An operator begins.
    pub fn hello(&self) -> &str {
        one_of(&self.hellos)
    }

    /// Whether an operator has begun.
    pub fn is_hello(&self, text: &str) -> bool {
        self.hellos.iter().any(|line| line == text)
    }

    /// An operator answers.
    pub fn advice(&self) -> &str {
        one_of(&self.advice)
    }

    /// Whether an operator has answered.
    pub fn is_advice(&self, text: &str) -> bool {
        self.advice.iter().any(|line| line == text)
    }
}

/// What is said in a language; Ukrainian for one that nobody speaks here.
pub fn said_in(language: &str) -> &'static Words {
    static NOTHING: LazyLock<Words> = LazyLock::new(Words::default);
    let said = &LINES.said;
    said.get(language)
        .or_else(|| said.get("uk"))
        .unwrap_or(&NOTHING)
}

/// A question to an organisation, if there is one in this language.
pub fn question(org: &str, language: &str) -> Option<&'static str> {
    let questions = LINES.questions.get(org)?.get(language)?;
    questions.choose(&mut rand::rng()).map(String::as_str)
}

/// What a made-up citizen is called in the web chat.
pub fn web_name(number: i64) -> &'static str {
    let names = &LINES.web_names;
    let index = number.unsigned_abs() as usize % names.len().max(1);
    names.get(index).map_or("", String::as_str)
}

/// Whether only made-up citizens are called so.
pub fn is_web_name(name: &str) -> bool {
    LINES.web_names.iter().any(|own| own == name)
}

/// What an organisation's made-up operator is called.
pub fn operator_name(org: &str) -> &'static str {
    LINES
        .operator_names
        .get(org)
        .map_or("Оксана", String::as_str)
}

fn one_of(lines: &[String]) -> &str {
    lines.choose(&mut rand::rng()).map_or("…", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_organisation_is_asked_something_in_both_languages() {
        let folders = std::fs::read_dir("../organisations").unwrap();
        let organisations = folders
            .map(|entry| entry.unwrap().path())
            .filter(|folder| folder.join("organisation.toml").is_file());
        let mut count = 0;
        for folder in organisations {
            let org = folder.file_name().unwrap().to_str().unwrap().to_owned();
            assert!(question(&org, "uk").is_some(), "{org} in Ukrainian");
            assert!(question(&org, "en").is_some(), "{org} in English");
            assert!(LINES.operator_names.contains_key(&org), "{org}");
            count += 1;
        }
        assert_eq!(count, 10);
    }

    #[test]
    fn both_sides_have_words_and_the_operators_two_lines_are_told_apart() {
        for language in ["uk", "en"] {
            let words = said_in(language);
            assert!(words.is_hello(words.hello()) && !words.is_advice(words.hello()));
            assert!(words.is_advice(words.advice()) && !words.is_hello(words.advice()));
            for line in [
                words.operator_please(),
                words.detail(),
                words.picture(),
                words.thanks(),
            ] {
                assert_ne!(line, "…", "{language}");
            }
        }
    }
}
