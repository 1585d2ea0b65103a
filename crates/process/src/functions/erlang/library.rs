//! The functions that an expression may call: those the original allows.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::eval::{number, shown, wanted_whole};
use crate::value::{parse_number, to_text};

pub(super) fn call(module: &str, name: &str, arguments: &[Value]) -> Result<Value, String> {
    let known = match (module, name, arguments) {
        ("proplists" | "eutils", "get_value", [key, object]) => {
            Some(field(object, key, Value::Null))
        }
        ("proplists" | "eutils", "get_value", [key, object, default]) => {
            Some(field(object, key, default.clone()))
        }
        ("proplists", "delete", [key, object]) => Some(without(object, key)),
        ("proplists", "is_defined", [key, object]) => {
            Some(Ok(object.get(to_text(key).as_ref()).is_some().into()))
        }
        ("proplists", "get_keys", [Value::Object(object)]) => Some(Ok(object
            .keys()
            .map(|key| Value::from(key.as_str()))
            .collect())),
        ("eutils", "to_json", [value]) => Some(Ok(value.to_string().into())),
        ("eutils", "from_json", [text, ..]) => Some(
            serde_json::from_str(&to_text(text))
                .map_err(|_| format!("`{}` is no JSON", shown(text))),
        ),
        ("base64", "encode", [text]) => Some(Ok(STANDARD.encode(to_text(text).as_bytes()).into())),
        ("base64", "decode", [text]) => Some(decoded(&to_text(text))),
        ("binary", "split", [text, at, options @ ..]) => Some(Ok(split(text, at, options))),
        ("binary", "replace", [text, from, to, options @ ..]) => {
            Some(Ok(replaced(text, from, to, options)))
        }
        ("erlang", name, arguments) => built_in(name, arguments),
        _ => None,
    };
    known.unwrap_or_else(|| {
        Err(format!(
            "{module}:{name}/{} cannot be called here",
            arguments.len()
        ))
    })
}

fn built_in(name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
    let flag = |flag: bool| Some(Ok(Value::Bool(flag)));
    match (name, arguments) {
        ("is_integer", [value]) => flag(value.is_i64()),
        ("is_float", [value]) => flag(value.is_f64()),
        ("is_number", [value]) => flag(value.is_number()),
        ("is_boolean", [value]) => flag(value.is_boolean()),
        ("is_binary", [value]) => flag(value.is_string()),
        // An object is a list of pairs there.
        ("is_list", [value]) => flag(value.is_array() || value.is_object()),
        ("binary_to_integer", [text]) => {
            Some(spelled(text).and_then(|number| wanted_whole(&number).map(Value::from)))
        }
        ("binary_to_float", [text]) => Some(spelled(text)),
        ("integer_to_binary", [value]) => {
            Some(wanted_whole(value).map(|number| number.to_string().into()))
        }
        ("integer_to_binary", [value, base]) => Some(in_base(value, base)),
        ("round", [Value::Number(value)]) => {
            Some(Ok(number(value.as_f64().unwrap_or_default().round())))
        }
        ("trunc", [Value::Number(value)]) => {
            Some(Ok(number(value.as_f64().unwrap_or_default().trunc())))
        }
        ("abs", [Value::Number(value)]) => {
            Some(Ok(number(value.as_f64().unwrap_or_default().abs())))
        }
        ("length", [Value::Array(items)]) => Some(Ok(items.len().into())),
        ("hd", [Value::Array(items)]) => Some(
            items
                .first()
                .cloned()
                .ok_or_else(|| "the list is empty".to_owned()),
        ),
        ("tl", [Value::Array(items)]) => Some(match items.split_first() {
            Some((_, rest)) => Ok(rest.to_vec().into()),
            None => Err("the list is empty".to_owned()),
        }),
        _ => None,
    }
}

fn field(object: &Value, key: &Value, default: Value) -> Result<Value, String> {
    match object {
        Value::Object(object) => Ok(object
            .get(to_text(key).as_ref())
            .cloned()
            .unwrap_or(default)),
        Value::Array(items) if items.is_empty() => Ok(default),
        other => Err(format!("`{}` is no object", shown(other))),
    }
}

fn without(object: &Value, key: &Value) -> Result<Value, String> {
    match object {
        Value::Object(object) => {
            let mut object = object.clone();
            object.remove(to_text(key).as_ref());
            Ok(Value::Object(object))
        }
        Value::Array(items) if items.is_empty() => Ok(object.clone()),
        other => Err(format!("`{}` is no object", shown(other))),
    }
}

fn decoded(text: &str) -> Result<Value, String> {
    let bytes = STANDARD
        .decode(text)
        .map_err(|_| "it is no base64".to_owned())?;
    let text = String::from_utf8(bytes).map_err(|_| "what was in base64 is no text".to_owned())?;
    Ok(text.into())
}

fn is_global(options: &[Value]) -> bool {
    options.iter().any(|options| match options {
        Value::Array(options) => options.iter().any(|option| option == "global"),
        option => option == "global",
    })
}

fn split(text: &Value, at: &Value, options: &[Value]) -> Value {
    let (text, at) = (to_text(text), to_text(at));
    if at.is_empty() {
        return vec![Value::from(text.as_ref())].into();
    }
    let most = if is_global(options) { usize::MAX } else { 2 };
    text.splitn(most, at.as_ref()).map(Value::from).collect()
}

fn replaced(text: &Value, from: &Value, to: &Value, options: &[Value]) -> Value {
    let (text, from, to) = (to_text(text), to_text(from), to_text(to));
    // A pattern without letters would let a text grow by each of its own.
    if from.is_empty() {
        return text.as_ref().into();
    }
    let most = if is_global(options) { usize::MAX } else { 1 };
    text.replacen(from.as_ref(), &to, most).into()
}

fn spelled(text: &Value) -> Result<Value, String> {
    parse_number(&to_text(text))
        .map(Value::Number)
        .ok_or_else(|| format!("`{}` spells no number", shown(text)))
}

fn in_base(value: &Value, base: &Value) -> Result<Value, String> {
    let (value, base) = (wanted_whole(value)?, wanted_whole(base)?);
    let base = u64::try_from(base)
        .ok()
        .filter(|base| (2..=36).contains(base))
        .ok_or("a base is from 2 to 36")?;
    let mut rest = value.unsigned_abs();
    let mut digits = Vec::new();
    loop {
        let digit = u32::try_from(rest % base).unwrap_or_default();
        digits.push(
            char::from_digit(digit, 36)
                .unwrap_or('0')
                .to_ascii_uppercase(),
        );
        rest /= base;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        digits.push('-');
    }
    Ok(digits.into_iter().rev().collect::<String>().into())
}
