//! Parameter paths: `a.b[0].c`, with `\.` for a dot inside a key. Reads and writes JSON values by them.

use std::fmt;

use serde_json::{Map, Value};

use crate::data::{Data, Shared};
use crate::limits::{ARRAY_INDEX_MAX, PATH_SEGMENTS_MAX};
use crate::name::Name;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Key(String),
    Index(usize),
}

/// A place in a task's data. Starts with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    first: Name,
    rest: Vec<Segment>,
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.first.replace('.', "\\."))?;
        for segment in &self.rest {
            match segment {
                Segment::Key(key) => write!(f, ".{}", key.replace('.', "\\."))?,
                Segment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// Why a value cannot be written at a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PathError {
    #[error("`{0}` is not a parameter name")]
    Malformed(String),
    #[error("array index {0} is over {ARRAY_INDEX_MAX}")]
    IndexTooLarge(usize),
    #[error("`{0}` is inside a value that is neither object nor array")]
    NotAContainer(String),
}

impl Path {
    pub(crate) fn parse(text: &str) -> Result<Self, PathError> {
        let malformed = || PathError::Malformed(shorten(text));
        let mut segments = parse_segments(text).ok_or_else(malformed)?;
        if segments.is_empty() || segments.len() > PATH_SEGMENTS_MAX {
            return Err(malformed());
        }
        let rest = segments.split_off(1);
        match segments.pop() {
            Some(Segment::Key(first)) => Ok(Self {
                first: first.into(),
                rest,
            }),
            _ => Err(malformed()),
        }
    }

    /// The first key: the parameter that the path belongs to.
    pub(crate) fn first(&self) -> &str {
        &self.first
    }

    pub(crate) fn get<'a>(&self, data: &'a Data) -> Option<&'a Value> {
        self.inside(data.get(&self.first)?)
    }

    pub(crate) fn get_in<'a>(&self, object: &'a Map<String, Value>) -> Option<&'a Value> {
        self.inside(object.get(self.first())?)
    }

    /// The parameter itself, when the path goes no deeper.
    pub(crate) fn get_shared<'a>(&self, data: &'a Data) -> Option<&'a Shared> {
        match self.rest.as_slice() {
            [] => data.shared(&self.first),
            _ => None,
        }
    }

    fn inside<'a>(&self, mut value: &'a Value) -> Option<&'a Value> {
        for segment in &self.rest {
            value = match segment {
                Segment::Key(key) => value.get(key)?,
                Segment::Index(index) => value.get(index)?,
            };
        }
        Some(value)
    }

    /// Writes `value`, making objects and arrays on the way where there is nothing yet.
    pub(crate) fn set(&self, data: &mut Data, value: Shared) -> Result<(), PathError> {
        if self.rest.is_empty() {
            data.set(&self.first, value);
            return Ok(());
        }
        data.write(&self.first, |mut place| {
            for segment in &self.rest {
                place = enter(place, segment)?;
            }
            *place = value.into_value();
            Ok(())
        })
    }
}

fn enter<'a>(place: &'a mut Value, segment: &Segment) -> Result<&'a mut Value, PathError> {
    match segment {
        Segment::Key(key) => {
            if place.is_null() {
                *place = Value::Object(Map::new());
            }
            match place {
                Value::Object(object) => Ok(object.entry(key.clone()).or_insert(Value::Null)),
                _ => Err(PathError::NotAContainer(shorten(key))),
            }
        }
        Segment::Index(index) => {
            if *index > ARRAY_INDEX_MAX {
                return Err(PathError::IndexTooLarge(*index));
            }
            if place.is_null() {
                *place = Value::Array(Vec::new());
            }
            match place {
                Value::Array(array) => {
                    if array.len() <= *index {
                        array.resize(index + 1, Value::Null);
                    }
                    Ok(&mut array[*index])
                }
                _ => Err(PathError::NotAContainer(format!("[{index}]"))),
            }
        }
    }
}

fn parse_segments(text: &str) -> Option<Vec<Segment>> {
    let mut segments = Vec::new();
    let mut key = String::new();
    let mut after_index = false;
    let mut characters = text.trim().chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('.') => key.push('.'),
                Some(other) => key.extend(['\\', other]),
                None => return None,
            },
            '.' if after_index => after_index = false,
            '.' => segments.push(Segment::Key(non_empty(&mut key)?)),
            '[' => {
                if !after_index {
                    segments.push(Segment::Key(non_empty(&mut key)?));
                }
                let inside: String = characters.by_ref().take_while(|c| *c != ']').collect();
                segments.push(match inside.trim().parse() {
                    Ok(index) => Segment::Index(index),
                    Err(_) => Segment::Key(non_empty(&mut inside.trim().to_owned())?),
                });
                after_index = true;
            }
            '{' | '}' | '"' | ']' | '\n' => return None,
            _ if after_index => return None,
            other => key.push(other),
        }
    }
    if !after_index {
        segments.push(Segment::Key(non_empty(&mut key)?));
    }
    Some(segments)
}

fn non_empty(key: &mut String) -> Option<String> {
    (!key.is_empty()).then(|| std::mem::take(key))
}

fn shorten(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(value: Value) -> Data {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn paths_reach_into_objects_arrays_and_keys_with_dots() {
        let data = object(json!({"a": {"b": [{"c": 1}, [2, 3]]}, "x.y": 4, "ключ": 5}));
        for (path, expected) in [
            ("a.b[0].c", Some(json!(1))),
            ("a.b[1][1]", Some(json!(3))),
            ("a[b][0].c", Some(json!(1))),
            (r"x\.y", Some(json!(4))),
            ("ключ", Some(json!(5))),
            ("a.b[7].c", None),
            ("a.c", None),
            ("x.y", None),
        ] {
            let found = Path::parse(path).expect(path);
            assert_eq!(found.get(&data), expected.as_ref(), "{path}");
        }
    }

    #[test]
    fn what_is_not_a_path_is_refused() {
        for text in [
            "", ".", "a.", ".a", "[0]", "a..b", "a{b", "a[0]b", "a[]", r"a\", "\"a\"",
        ] {
            assert!(Path::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn writing_makes_what_is_missing_and_refuses_to_enter_a_scalar() {
        let mut data = object(json!({"n": 1}));
        Path::parse("a.b[2].c")
            .unwrap()
            .set(&mut data, json!("x").into())
            .unwrap();
        assert_eq!(
            data.to_value(),
            json!({"n": 1, "a": {"b": [null, null, {"c": "x"}]}})
        );
        let scalar = Path::parse("n.m").unwrap().set(&mut data, json!(1).into());
        assert!(matches!(scalar, Err(PathError::NotAContainer(_))));
        let far = Path::parse("far[101]")
            .unwrap()
            .set(&mut data, json!(1).into());
        assert_eq!(far, Err(PathError::IndexTooLarge(101)));
    }
}
