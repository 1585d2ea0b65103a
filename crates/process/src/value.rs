//! Values of a task: text forms, declared types and conversions between them, sizes.

use std::borrow::Cow;

use serde_json::{Map, Number, Value};

/// A declared type (`extra_type`, `cast`, a parameter's type).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueType {
    String,
    Number,
    Boolean,
    Object,
    Array,
}

impl ValueType {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "string" => Self::String,
            "number" => Self::Number,
            "boolean" => Self::Boolean,
            "object" => Self::Object,
            "array" => Self::Array,
            _ => return None,
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Object => "object",
            Self::Array => "array",
        }
    }

    /// Whether a value needs no conversion.
    pub(crate) fn is_of(self, value: &Value) -> bool {
        match self {
            Self::String => value.is_string(),
            Self::Number => value.is_number(),
            Self::Boolean => value.is_boolean(),
            Self::Object => value.is_object(),
            Self::Array => value.is_array(),
        }
    }

    /// Whether a value would convert; makes it only where that cannot be told otherwise.
    pub(crate) fn accepts(self, value: &Value) -> bool {
        match (self, value) {
            (Self::String, _) => true,
            _ if self.is_of(value) => true,
            (_, Value::String(_)) => self.convert(value.clone()).is_some(),
            _ => false,
        }
    }

    /// Converts by the rules of Set Parameters: containers never turn into scalars, a text turns into
    /// what it spells, everything has a text.
    pub(crate) fn convert(self, value: Value) -> Option<Value> {
        match (self, value) {
            (Self::String, Value::String(text)) => Some(Value::String(text)),
            (Self::String, other) => Some(Value::String(to_text(&other).into_owned())),
            (Self::Number, Value::Number(number)) => Some(Value::Number(number)),
            (Self::Number, Value::String(text)) => parse_number(&text).map(Value::Number),
            (Self::Boolean, Value::Bool(flag)) => Some(Value::Bool(flag)),
            (Self::Boolean, Value::String(text)) => parse_boolean(&text).map(Value::Bool),
            (Self::Object, value @ Value::Object(_)) | (Self::Array, value @ Value::Array(_)) => {
                Some(value)
            }
            (Self::Object, Value::String(text)) => {
                serde_json::from_str(&text).ok().filter(Value::is_object)
            }
            (Self::Array, Value::String(text)) => {
                serde_json::from_str(&text).ok().filter(Value::is_array)
            }
            _ => None,
        }
    }
}

/// The text that a value has inside other text: strings bare, null empty, containers as JSON.
pub(crate) fn to_text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

/// A number as text spells it; whole numbers stay whole however they are written.
pub(crate) fn parse_number(text: &str) -> Option<Number> {
    let text = text.trim();
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    let spelled = text
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    let number = text
        .parse::<f64>()
        .ok()
        .filter(|number| spelled && number.is_finite())?;
    // Every whole f64 below 2^53 is exact, so writing it without a fraction loses nothing.
    if number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 {
        return Some((number as i64).into());
    }
    Number::from_f64(number)
}

pub(crate) fn parse_boolean(text: &str) -> Option<bool> {
    match text.trim() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// How big and how deep data is, in about the bytes of its compact JSON (escapes not counted).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) bytes: usize,
    pub(crate) depth: usize,
}

impl Size {
    pub(crate) const EMPTY_OBJECT: Self = Self { bytes: 2, depth: 1 };

    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self { bytes: 4, depth: 0 },
            Value::Bool(_) => Self { bytes: 5, depth: 0 },
            // The longest common number; counting digits costs more than it is worth.
            Value::Number(_) => Self {
                bytes: 16,
                depth: 0,
            },
            Value::String(text) => Self {
                bytes: text.len() + 2,
                depth: 0,
            },
            Value::Array(array) => array
                .iter()
                .map(Self::of)
                .fold(Self { bytes: 2, depth: 1 }, |sum, item| sum.around(item, 1)),
            Value::Object(object) => Self::of_object(object),
        }
    }

    pub(crate) fn of_object(object: &Map<String, Value>) -> Self {
        object.iter().fold(Self::EMPTY_OBJECT, |sum, (key, value)| {
            sum.with_field(key, Self::of(value))
        })
    }

    /// An object with one field more.
    pub(crate) fn with_field(self, key: &str, value: Self) -> Self {
        self.around(value, key.len() + 4)
    }

    fn around(self, item: Self, punctuation: usize) -> Self {
        Self {
            bytes: self.bytes + item.bytes + punctuation,
            depth: self.depth.max(item.depth + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn conversions_follow_the_declared_type() {
        use ValueType::*;
        for (declared, value, expected) in [
            (String, json!(5), Some(json!("5"))),
            (String, json!({"a": [1]}), Some(json!("{\"a\":[1]}"))),
            (String, json!(null), Some(json!(""))),
            (Number, json!(" 42 "), Some(json!(42))),
            (Number, json!("2.50"), Some(json!(2.5))),
            (Number, json!("5.0"), Some(json!(5))),
            (
                Number,
                json!("9007199254740993"),
                Some(json!(9_007_199_254_740_993_i64)),
            ),
            (Number, json!(""), None),
            (Number, json!("nan"), None),
            (Number, json!("1e999"), None),
            (Number, json!(true), None),
            (Boolean, json!("true"), Some(json!(true))),
            (Boolean, json!(1), None),
            (Object, json!("{\"a\":1}"), Some(json!({"a": 1}))),
            (Object, json!("[1]"), None),
            (Object, json!("{broken"), None),
            (Array, json!([1]), Some(json!([1]))),
            (Array, json!({"a": 1}), None),
        ] {
            assert_eq!(
                declared.convert(value.clone()),
                expected,
                "{value} as {}",
                declared.name()
            );
        }
    }

    #[test]
    fn sizes_are_close_to_the_json_and_depths_exact() {
        let value = json!({"text": "x".repeat(1000), "list": [[["deep"]]]});
        let size = Size::of(&value);
        let json_bytes = value.to_string().len();
        assert!(
            size.bytes.abs_diff(json_bytes) < 10,
            "{} {json_bytes}",
            size.bytes
        );
        assert_eq!(size.depth, 4);
    }
}
