//! Takes one field after the other out of a table, noting every problem under the field's name.

use crate::Problem;
use serde::de::DeserializeOwned;
use std::ops::RangeInclusive;
use toml::{Table, Value};

/// What was wrong so far.
pub(super) type Problems = Vec<Problem>;

/// A table of the file and where it is.
pub(super) struct Section {
    place: String,
    table: Table,
}

impl Section {
    pub(super) fn new(place: impl Into<String>, table: Table) -> Self {
        Self {
            place: place.into(),
            table,
        }
    }

    /// A field's full name.
    pub(super) fn at(&self, name: &str) -> String {
        match self.place.is_empty() {
            true => name.to_owned(),
            false => format!("{}.{name}", self.place),
        }
    }

    pub(super) fn rename(&mut self, place: String) {
        self.place = place;
    }

    /// A field that may be left out.
    pub(super) fn optional<T: DeserializeOwned>(
        &mut self,
        name: &str,
        problems: &mut Problems,
    ) -> Option<T> {
        let value = self.table.remove(name)?;
        convert(&self.at(name), value, problems)
    }

    /// A field that must be there; `what` says what to write.
    pub(super) fn needed<T: DeserializeOwned>(
        &mut self,
        name: &str,
        what: &str,
        problems: &mut Problems,
    ) -> Option<T> {
        if !self.table.contains_key(name) {
            problems.push(Problem::new(
                self.at(name),
                format!("is missing; give {what}"),
            ));
        }
        self.optional(name, problems)
    }

    /// A number that may be left out.
    pub(super) fn number(
        &mut self,
        name: &str,
        allowed: RangeInclusive<f64>,
        problems: &mut Problems,
    ) -> Option<f64> {
        let value: f64 = self.optional(name, problems)?;
        if allowed.contains(&value) {
            return Some(value);
        }
        let (low, high) = (allowed.start(), allowed.end());
        problems.push(Problem::new(
            self.at(name),
            format!("{value} is out of range; give {low} to {high}"),
        ));
        None
    }

    /// A whole number that may be left out.
    pub(super) fn count(
        &mut self,
        name: &str,
        allowed: RangeInclusive<usize>,
        problems: &mut Problems,
    ) -> Option<usize> {
        let value: i64 = self.optional(name, problems)?;
        let found = usize::try_from(value)
            .ok()
            .filter(|count| allowed.contains(count));
        if found.is_none() {
            let (low, high) = (allowed.start(), allowed.end());
            problems.push(Problem::new(
                self.at(name),
                format!("{value} is out of range; give {low} to {high}"),
            ));
        }
        found
    }

    /// A table in this one.
    pub(super) fn section(&mut self, name: &str, problems: &mut Problems) -> Option<Self> {
        let table = self.optional::<Table>(name, problems)?;
        Some(Self::new(self.at(name), table))
    }

    /// The tables of a list, each with its number as its place.
    pub(super) fn list(&mut self, name: &str, problems: &mut Problems) -> Vec<Self> {
        let values: Vec<Value> = self.optional(name, problems).unwrap_or_default();
        let place = self.at(name);
        let mut tables = Vec::new();
        for (index, value) in values.into_iter().enumerate() {
            let place = format!("{place}[{index}]");
            if let Some(table) = convert::<Table>(&place, value, problems) {
                tables.push(Self::new(place, table));
            }
        }
        tables
    }

    /// The names of the fields not read yet.
    pub(super) fn names(&self) -> Vec<String> {
        self.table.keys().cloned().collect()
    }

    /// Whether a field is there and not read yet.
    pub(super) fn has(&self, name: &str) -> bool {
        self.table.contains_key(name)
    }

    /// What was not read is not known.
    pub(super) fn end(self, known: &str, problems: &mut Problems) {
        for name in self.names() {
            problems.push(Problem::new(
                self.at(&name),
                format!("unknown field; known are {known}"),
            ));
        }
    }
}

fn convert<T: DeserializeOwned>(place: &str, value: Value, problems: &mut Problems) -> Option<T> {
    value
        .try_into()
        .map_err(|error: toml::de::Error| {
            problems.push(Problem::new(place, error.message().trim()))
        })
        .ok()
}
