//! Reading and checking one field at a time, with every problem noted under the field's name.

use crate::hours::Span;
use crate::{LocalName, Problem};
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use toml::{Table, Value};
use vikno_domain::Language;

/// Telegram lets a button's id have 64 bytes; `topic:` takes 6 of them.
const ID_LENGTH_MAX: usize = 40;
const FIELDS: &[&str] = &[
    "id",
    "project",
    "name",
    "time_zone",
    "languages",
    "default_language",
    "origins",
    "processes",
    "operations",
    "variables",
    "review_processes",
    "hours",
    "timers",
    "queues",
    "topics",
    "transfers",
    "simulation",
    "corezoid",
];

/// The fields not read yet, and what was wrong with the others.
pub(super) struct Reader<'a> {
    pub(super) file: &'a str,
    pub(super) table: Table,
    pub(super) problems: Vec<Problem>,
}

impl Reader<'_> {
    pub(super) fn problem(&mut self, place: &str, message: impl Into<String>) {
        self.problems.push(Problem::new(self.file, place, message));
    }

    pub(super) fn no_unknown_fields(&mut self) {
        let unknown: Vec<String> = self
            .table
            .keys()
            .filter(|key| !FIELDS.contains(&key.as_str()))
            .cloned()
            .collect();
        for key in unknown {
            self.problem(
                &key,
                format!("unknown field; known are {}", FIELDS.join(", ")),
            );
        }
    }

    /// Puts a changed part in the place of the file's.
    pub(super) fn replace(&mut self, part: &str, value: &serde_json::Value) {
        match Value::try_from(value) {
            Ok(value) => {
                self.table.insert(part.to_owned(), value);
            }
            Err(_) => self.problem(part, "holds a null; leave such a field out"),
        }
    }

    pub(super) fn convert<T: DeserializeOwned>(&mut self, place: &str, value: Value) -> Option<T> {
        value
            .try_into()
            .map_err(|error| self.problem(place, error.message().trim()))
            .ok()
    }

    pub(super) fn field<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        match self.table.remove(name) {
            Some(value) => self.convert(name, value),
            None => {
                self.problem(name, "is missing; every organisation needs it");
                None
            }
        }
    }

    pub(super) fn optional<T: DeserializeOwned + Default>(&mut self, name: &str) -> T {
        let value = self.table.remove(name);
        value
            .and_then(|value| self.convert(name, value))
            .unwrap_or_default()
    }

    /// The readable elements of a list that must not be empty.
    pub(super) fn list<T: DeserializeOwned>(&mut self, name: &str) -> Vec<T> {
        let Some(elements) = self.field::<Vec<Value>>(name) else {
            return Vec::new();
        };
        if elements.is_empty() {
            self.problem(name, format!("is empty; give at least one [[{name}]]"));
        }
        let numbered = elements.into_iter().enumerate();
        numbered
            .filter_map(|(index, value)| self.convert(&format!("{name}[{index}]"), value))
            .collect()
    }

    pub(super) fn check_id(&mut self, place: &str, id: &str, seen: &mut BTreeSet<String>) {
        let plain = id
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        let starts_well = id.starts_with(|first: char| first.is_ascii_lowercase());
        if !plain || !starts_well || id.len() > ID_LENGTH_MAX {
            self.problem(
                place,
                format!("'{id}' is no id; use a-z, 0-9 and '-', starting with a letter, at most {ID_LENGTH_MAX} characters"),
            );
        }
        if !seen.insert(id.to_owned()) {
            self.problem(
                place,
                format!("the id '{id}' is used twice; ids are unique"),
            );
        }
    }

    /// Skills are compared as written: one spelling of each.
    pub(super) fn check_skills(&mut self, place: &str, skills: &[String]) {
        let mut seen = BTreeSet::new();
        for skill in skills {
            self.check_id(&format!("{place}.skills"), skill, &mut seen);
        }
    }

    pub(super) fn check_name(&mut self, place: &str, name: &LocalName, spoken: &[Language]) {
        for language in spoken {
            let text = name.0.get(language);
            if text.is_none_or(|text| text.trim().is_empty()) {
                self.problem(
                    &format!("{place}.{language}"),
                    "no name in this language; every language of the organisation needs one",
                );
            }
        }
    }

    pub(super) fn check_origins(&mut self, origins: &[String]) {
        for origin in origins {
            let host = origin
                .strip_prefix("https://")
                .or_else(|| origin.strip_prefix("http://"));
            if host.is_none_or(|host| host.is_empty() || host.contains(['/', '*', ' '])) {
                self.problem(
                    "origins",
                    format!(
                        "'{origin}' is no origin; write scheme and host only, as https://ukc.gov.ua"
                    ),
                );
            }
        }
    }

    pub(super) fn spans(&mut self, place: &str, texts: &[String]) -> Vec<Span> {
        let mut spans = Vec::new();
        for text in texts {
            match Span::parse(text) {
                Some(span) => spans.push(span),
                None => self.problem(
                    place,
                    format!("'{text}' is no span of a day; write \"09:00-18:00\""),
                ),
            }
        }
        spans.sort();
        if spans
            .windows(2)
            .any(|pair| pair[1].start_min < pair[0].end_min)
        {
            self.problem(place, "spans overlap; join them or set them apart");
        }
        spans
    }
}
