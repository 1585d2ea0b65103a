//! Fields of an operation as callers write them: numbers as texts, empty lists for empty objects.

use serde_json::{Map, Value};

use super::answer::OpError;

/// Corezoid's longest reference, in bytes.
const REF_BYTES_MAX: usize = 255;

/// A text or a number as text; nothing for null, missing or empty.
pub(super) fn text(op: &Map<String, Value>, key: &'static str) -> Result<Option<String>, OpError> {
    match op.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(other) => Err(OpError::invalid(key, other, "a text or a number")),
    }
}

/// A text that has to be there.
pub(super) fn required(op: &Map<String, Value>, key: &'static str) -> Result<String, OpError> {
    text(op, key)?.ok_or(OpError::Missing { key })
}

/// The task's reference.
pub(super) fn reference(op: &Map<String, Value>) -> Result<Option<String>, OpError> {
    let reference = text(op, "ref")?;
    match reference {
        Some(long) if long.len() > REF_BYTES_MAX => {
            Err(OpError::invalid("ref", &long.into(), "1 to 255 bytes"))
        }
        reference => Ok(reference),
    }
}

/// The task's data: an object; an empty list stands for an empty one.
pub(super) fn data(op: &Map<String, Value>) -> Result<Map<String, Value>, OpError> {
    match op.get("data") {
        Some(Value::Object(data)) => Ok(data.clone()),
        Some(Value::Array(list)) if list.is_empty() => Ok(Map::new()),
        None | Some(Value::Null) => Err(OpError::Missing { key: "data" }),
        Some(other) => Err(OpError::invalid("data", other, "an object")),
    }
}

/// A whole number, be it written as a text.
pub(super) fn integer(
    op: &Map<String, Value>,
    key: &'static str,
    default: u64,
) -> Result<u64, OpError> {
    let Some(written) = text(op, key)? else {
        return Ok(default);
    };
    let number = written.parse();
    number.map_err(|_| OpError::invalid(key, &written.into(), "a whole number"))
}
