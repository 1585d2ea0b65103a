//! A task's parameters. Values are shared: a task that hands all it has to another one copies no value, and a value is
//! copied only when something inside it is written. How large each value is stands beside it.

use std::fmt;
use std::ops::Index;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value};

use crate::name::Name;
use crate::value::Size;

/// Parameters by name.
#[derive(Clone, Default, PartialEq)]
pub struct Data {
    /// In the order of the names. A task has a dozen or two: looking through them beats a tree.
    fields: Vec<(Name, Shared)>,
}

/// A value with its size.
#[derive(Clone)]
pub(crate) struct Shared(Form);

#[derive(Clone)]
enum Form {
    /// One that owns no memory: copied as it is, measured at once.
    Plain(Value),
    Counted(Arc<Measured>),
}

struct Measured {
    value: Value,
    size: Size,
}

impl From<Value> for Shared {
    fn from(value: Value) -> Self {
        Self(match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => Form::Plain(value),
            Value::String(text) if text.is_empty() => Form::Plain(Value::String(String::new())),
            value => {
                let size = Size::of(&value);
                Form::Counted(Arc::new(Measured { value, size }))
            }
        })
    }
}

impl From<&str> for Shared {
    fn from(text: &str) -> Self {
        Value::from(text).into()
    }
}

impl Shared {
    pub(crate) fn value(&self) -> &Value {
        match &self.0 {
            Form::Plain(value) => value,
            Form::Counted(measured) => &measured.value,
        }
    }

    pub(crate) fn size(&self) -> Size {
        match &self.0 {
            Form::Plain(value) => Size::of(value),
            Form::Counted(measured) => measured.size,
        }
    }

    /// The value itself; copied only if somebody else has it, too.
    pub(crate) fn into_value(self) -> Value {
        match self.0 {
            Form::Plain(value) => value,
            Form::Counted(measured) => Arc::try_unwrap(measured)
                .map_or_else(|shared| shared.value.clone(), |own| own.value),
        }
    }
}

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Form::Counted(one), Form::Counted(other)) if Arc::ptr_eq(one, other) => true,
            _ => self.value() == other.value(),
        }
    }
}

impl Data {
    /// The value of that name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.shared(name).map(Shared::value)
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// All values in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.value()))
    }

    /// A copy as plain JSON.
    pub fn to_map(&self) -> Map<String, Value> {
        let fields = self.iter();
        fields
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect()
    }

    /// A copy as a JSON object.
    pub fn to_value(&self) -> Value {
        Value::Object(self.to_map())
    }

    /// As plain JSON; what nobody else has is not copied.
    pub fn into_map(self) -> Map<String, Value> {
        let fields = self.fields.into_iter();
        fields
            .map(|(name, value)| (name.into(), value.into_value()))
            .collect()
    }

    pub(crate) fn shared(&self, name: &str) -> Option<&Shared> {
        let mut fields = self.fields.iter();
        fields
            .find(|(known, _)| known.as_str() == name)
            .map(|(_, value)| value)
    }

    pub(crate) fn set(&mut self, name: &Name, value: Shared) {
        match self.place(name) {
            Ok(at) => self.fields[at].1 = value,
            Err(at) => self.fields.insert(at, (name.clone(), value)),
        }
    }

    pub(crate) fn insert(&mut self, name: &str, value: impl Into<Shared>) {
        match self.place(name) {
            Ok(at) => self.fields[at].1 = value.into(),
            Err(at) => self.fields.insert(at, (name.into(), value.into())),
        }
    }

    /// Takes over all of the other's values.
    pub(crate) fn extend(&mut self, other: Self) {
        if self.fields.is_empty() {
            self.fields = other.fields;
            return;
        }
        for (name, value) in other.fields {
            match self.place(&name) {
                Ok(at) => self.fields[at].1 = value,
                Err(at) => self.fields.insert(at, (name, value)),
            }
        }
    }

    /// Lets `write` work on the value of that name; null where there is none.
    pub(crate) fn write<T>(&mut self, name: &Name, write: impl FnOnce(&mut Value) -> T) -> T {
        let at = self.place(name).unwrap_or_else(|at| {
            self.fields.insert(at, (name.clone(), Value::Null.into()));
            at
        });
        let place = &mut self.fields[at].1;
        let mut value = std::mem::replace(place, Value::Null.into()).into_value();
        let written = write(&mut value);
        *place = value.into();
        written
    }

    /// What a map holds. Names that `known` has are taken from there instead of being written anew.
    pub(crate) fn named_as_in(map: Map<String, Value>, known: &Self) -> Self {
        let name = |text: String| match known.place(&text) {
            Ok(at) => known.fields[at].0.clone(),
            Err(_) => text.into(),
        };
        Self::in_order(
            map.into_iter()
                .map(|(text, value)| (name(text), value.into())),
        )
    }

    pub(crate) fn size(&self) -> Size {
        self.fields
            .iter()
            .fold(Size::EMPTY_OBJECT, |sum, (name, value)| {
                sum.with_field(name, value.size())
            })
    }

    /// A JSON object holds its fields in order as a rule; sorting is for the build in which it does not.
    fn in_order(fields: impl Iterator<Item = (Name, Shared)>) -> Self {
        let mut fields: Vec<_> = fields.collect();
        if !fields.is_sorted_by(|(one, _), (next, _)| one < next) {
            fields.sort_by(|(one, _), (next, _)| one.cmp(next));
        }
        Self { fields }
    }

    /// Where it is, or where it would have to stand. Most names differ in length, which is told at once.
    fn place(&self, name: &str) -> Result<usize, usize> {
        let mut fields = self.fields.iter();
        match fields.position(|(known, _)| known.as_str() == name) {
            Some(at) => Ok(at),
            None => Err(self
                .fields
                .partition_point(|(known, _)| known.as_str() < name)),
        }
    }
}

impl From<Map<String, Value>> for Data {
    fn from(map: Map<String, Value>) -> Self {
        Self::in_order(
            map.into_iter()
                .map(|(name, value)| (name.into(), value.into())),
        )
    }
}

impl<N: Into<Name>> FromIterator<(N, Value)> for Data {
    fn from_iter<I: IntoIterator<Item = (N, Value)>>(fields: I) -> Self {
        let mut data = Self::default();
        for (name, value) in fields {
            data.set(&name.into(), value.into());
        }
        data
    }
}

/// Null for a name that is not there.
impl Index<&str> for Data {
    type Output = Value;

    fn index(&self, name: &str) -> &Value {
        self.get(name).unwrap_or(&Value::Null)
    }
}

impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(DataVisitor)
    }
}

struct DataVisitor;

impl<'de> de::Visitor<'de> for DataVisitor {
    type Value = Data;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Data, A::Error> {
        let mut data = Data::default();
        while let Some((name, value)) = map.next_entry::<Name, Value>()? {
            data.set(&name, value.into());
        }
        Ok(data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn data(value: Value) -> Data {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn data_are_read_and_written_as_an_object_in_the_order_of_names() {
        let read = data(json!({"b": 1, "a": {"c": [2]}, "": null}));
        assert_eq!(
            serde_json::to_string(&read).unwrap(),
            r#"{"":null,"a":{"c":[2]},"b":1}"#
        );
        assert_eq!(read, Data::from(read.to_map()));
        assert_eq!(read.clone().into_map(), read.to_map());
        assert_eq!((&read["b"], &read["x"]), (&json!(1), &Value::Null));
    }

    #[test]
    fn writing_into_a_shared_value_changes_one_owner_only() {
        let mut first = data(json!({"a": {"b": 1}}));
        let second = first.clone();
        first.write(&"a".into(), |value| value["b"] = json!("longer"));
        assert_eq!(first.to_value(), json!({"a": {"b": "longer"}}));
        assert_eq!(second.to_value(), json!({"a": {"b": 1}}));
        assert_ne!(first.size(), second.size());
    }

    #[test]
    fn sizes_are_those_of_the_object() {
        let mut read = data(json!({"a": 1, "b": {"c": [true, "x"]}}));
        assert_eq!(read.size(), Size::of(&read.to_value()));
        read.extend(data(json!({"b": null, "d": "text"})));
        assert_eq!(read.size(), Size::of(&read.to_value()));
        assert_eq!(Data::default().size(), Size::of(&json!({})));
    }
}
