//! One JSON text: an array of objects, a single one, or an API answer around them.

use serde::Deserialize;
use serde_json::Value;
use vikno_process::{ParseError, ProcessDocument, parse_all};

use super::Fault;
use super::companions::AliasEntry;

/// `obj_type` of a process or a state diagram, and of an alias.
const PROCESS: i64 = 1;
const ALIAS: i64 = 9;

/// An exported object.
pub(super) enum Object {
    Process {
        document: Box<ProcessDocument>,
        put_aside: Option<String>,
    },
    Alias(AliasEntry),
    Other {
        obj_type: i64,
        title: String,
    },
}

/// All objects of a text. A byte order mark before it does no harm.
pub(super) fn objects(bytes: &[u8]) -> Result<Vec<Object>, Fault> {
    let objects = unwrap(value(bytes)?)?;
    objects
        .into_iter()
        .map(|value| object(value, bytes))
        .collect()
}

/// The text as JSON, with the place of a fault.
pub(super) fn value(bytes: &[u8]) -> Result<Value, Fault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Fault::new("the file is empty"));
    }
    serde_json::from_slice(bytes).map_err(|error| match ParseError::from(error) {
        ParseError::Malformed {
            line,
            column,
            reason,
        } => Fault {
            place: Some((line, column)),
            reason,
        },
        other => Fault::new(other.to_string()),
    })
}

fn unwrap(value: Value) -> Result<Vec<Value>, Fault> {
    match value {
        Value::Array(objects) => Ok(objects),
        Value::Object(ref object) if object.contains_key("ops") => answer(&value),
        // Some answers are saved without their frame.
        Value::Object(mut object) if object.get("scheme").is_some_and(Value::is_array) => {
            unwrap(object.remove("scheme").unwrap_or_default())
        }
        Value::Object(_) => Ok(vec![value]),
        _ => Err(Fault::new("holds neither an object nor a list of objects")),
    }
}

/// `{"request_proc":"ok","ops":[{"obj":"obj_scheme","proc":"ok","scheme":[…]}]}`
fn answer(value: &Value) -> Result<Vec<Value>, Fault> {
    let said = |value: &Value, key: &str| value[key].as_str().unwrap_or("ok").to_owned();
    let mut objects = Vec::new();
    for op in value["ops"].as_array().into_iter().flatten() {
        let proc = said(op, "proc");
        if proc != "ok" {
            let why = op["description"].as_str().unwrap_or(&proc);
            let reason = format!("is the answer to an export that failed: {why}; export again");
            return Err(Fault::new(reason));
        }
        match &op["scheme"] {
            Value::Array(found) => objects.extend(found.iter().cloned()),
            found @ Value::Object(_) => objects.push(found.clone()),
            _ => {}
        }
    }
    match objects.is_empty() {
        true => {
            let proc = said(value, "request_proc");
            let reason = format!("is an API answer without a `scheme` (request_proc: {proc})");
            Err(Fault::new(reason))
        }
        false => Ok(objects),
    }
}

fn object(mut value: Value, bytes: &[u8]) -> Result<Object, Fault> {
    let Some(fields) = value.as_object() else {
        return Err(Fault::new("a list of objects holds something else too"));
    };
    let title = fields
        .get("title")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let obj_type = match fields.get("obj_type") {
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(other) => other.as_i64(),
        None if fields.contains_key("scheme") => Some(PROCESS),
        None => None,
    };
    match obj_type {
        Some(PROCESS) => {}
        Some(ALIAS) => return Ok(Object::Alias(AliasEntry::read(fields)?)),
        Some(obj_type) => return Ok(Object::Other { obj_type, title }),
        None => {
            let reason = "is no export of Corezoid: an object has neither `obj_type` nor `scheme`";
            return Err(Fault::new(reason));
        }
    }
    value["obj_type"] = PROCESS.into();
    let put_aside = put_aside_text_id(&mut value);
    match ProcessDocument::deserialize(&value) {
        Ok(document) => Ok(Object::Process {
            document: Box::new(document),
            put_aside,
        }),
        Err(error) => Err(place_of(&error.to_string(), &title, bytes)),
    }
}

/// Newer exports may name objects by a UUID where older ones have a number.
fn put_aside_text_id(value: &mut Value) -> Option<String> {
    let text = value["obj_id"].as_str()?.trim().to_owned();
    if text.parse::<i64>().is_ok() {
        return None;
    }
    value["obj_id"] = Value::Null;
    if !text.is_empty() && value["uuid"].is_null() {
        value["uuid"] = text.clone().into();
    }
    (!text.is_empty()).then_some(text)
}

/// A process of the wrong shape: the derived readers know where, when they stumble over the same.
fn place_of(reason: &str, title: &str, bytes: &[u8]) -> Fault {
    let process = format!("process \"{title}\": ");
    match parse_all(bytes) {
        Err(ParseError::Malformed {
            line,
            column,
            reason: found,
        }) if found == reason => Fault {
            place: Some((line, column)),
            reason: process + reason,
        },
        _ => Fault::new(process + reason),
    }
}
