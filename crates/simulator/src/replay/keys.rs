//! Which text of the organisation some recorded words are, also where a number or a name is filled in.

use crate::Centre;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use vikno_domain::Language;
use vikno_organisation::USED_TEXTS;

/// Stands for whatever is filled in.
const HOLE: &str = "\u{1}";
/// The beginning of a text with holes has to have so many characters to tell it from others.
const BEGINNING_CHARS_MIN: usize = 8;

/// The texts of an organisation by their words.
pub(crate) struct Keys {
    whole: BTreeMap<String, (String, Language)>,
    /// Beginning, text id, language; the longest first.
    beginnings: Vec<(String, String, Language)>,
}

impl Keys {
    pub(crate) fn of(centre: &Centre) -> Self {
        let mut keys = Self {
            whole: BTreeMap::new(),
            beginnings: Vec::new(),
        };
        for language in &centre.organisation.languages {
            for text in USED_TEXTS {
                keys.add(centre, language, text.id, text.arguments);
            }
            for answer in centre.replies.texts() {
                keys.add(centre, language, answer, &[]);
            }
        }
        keys.beginnings
            .sort_by_key(|(beginning, ..)| std::cmp::Reverse(beginning.len()));
        keys
    }

    fn add(&mut self, centre: &Centre, language: &Language, id: &str, arguments: &[&str]) {
        if !centre.texts.has(language, id) {
            return;
        }
        let holes = arguments
            .iter()
            .map(|name| ((*name).to_owned(), Value::from(HOLE)));
        let mut given: Map<String, Value> = holes.collect();
        let name = centre.organisation.name.get(language);
        given.insert("organisation".to_owned(), name.into());
        let Ok(words) = centre.texts.render(language, id, &given) else {
            return;
        };
        let known = (id.to_owned(), language.clone());
        match words.split_once(HOLE) {
            None => {
                self.whole.entry(words).or_insert(known);
            }
            Some((beginning, _)) if beginning.chars().count() >= BEGINNING_CHARS_MIN => {
                self.beginnings
                    .push((beginning.to_owned(), known.0, known.1));
            }
            Some(_) => {}
        }
    }

    /// The ids of a text and of the note below it, and their language; none for words that are no text of ours.
    pub(crate) fn find(&self, words: &str) -> Option<(Vec<String>, &Language)> {
        if let Some((id, language)) = self.one(words) {
            let is_whole = self.whole.contains_key(words);
            if is_whole || !words.contains("\n\n") {
                return Some((vec![id.to_owned()], language));
            }
        }
        let cuts = words.match_indices("\n\n").map(|(at, _)| at);
        let mut noted = cuts.filter_map(|at| {
            let (text, language) = self.one(&words[..at])?;
            let (note, _) = self.one(&words[at + 2..])?;
            Some((vec![text.to_owned(), note.to_owned()], language))
        });
        noted.next().or_else(|| {
            self.one(words)
                .map(|(id, language)| (vec![id.to_owned()], language))
        })
    }

    fn one(&self, words: &str) -> Option<(&str, &Language)> {
        if let Some((id, language)) = self.whole.get(words) {
            return Some((id, language));
        }
        let mut fitting = self.beginnings.iter();
        let found = fitting.find(|(beginning, ..)| words.starts_with(beginning.as_str()))?;
        Some((&found.1, &found.2))
    }

    /// What is filled in behind the beginning of that text: up to the end of its first line, without the last dot.
    pub(crate) fn filled_in(&self, id: &str, words: &str) -> Option<String> {
        let of = self.beginnings.iter().filter(|(_, known, _)| known == id);
        let mut rests = of.filter_map(|(beginning, ..)| words.strip_prefix(beginning.as_str()));
        let rest = rests.next()?.lines().next()?;
        Some(rest.trim().trim_end_matches('.').to_owned())
    }
}
