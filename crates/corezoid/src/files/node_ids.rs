//! Ids of nodes: Corezoid's are 24 hex digits, ours may be words. Out: words become digits that are always
//! the same. In: those digits become the words again, where the process is known here.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest, Sha256};
use vikno_process::{ProcessDocument, StepDocument};

/// Bytes of an id as Corezoid gives them.
const ID_BYTES: usize = 12;

/// New ids by old ones.
pub(super) type NodeIds = BTreeMap<String, String>;

/// Whether an id looks as Corezoid gives it.
pub(super) fn is_genuine(id: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    id.len() == ID_BYTES * 2 && id.bytes().all(is_digit)
}

/// The id under which a node of ours goes out.
pub(super) fn genuine(alias: &str, id: &str) -> String {
    if is_genuine(id) {
        return id.to_owned();
    }
    let mut hash = Sha256::new();
    hash.update(alias.as_bytes());
    hash.update([0]);
    hash.update(id.as_bytes());
    hex::encode(&hash.finalize()[..ID_BYTES])
}

/// Renames nodes in one process. `ids` answers for the ids of a process by its name, nothing for its own.
pub(super) fn rename<'a>(
    document: &mut ProcessDocument,
    ids: &dyn Fn(Option<&str>) -> Option<&'a NodeIds>,
) {
    let own = ids(None);
    for node in &mut document.scheme.nodes {
        replace(&mut node.id, own);
        let condition = &mut node.condition;
        for step in condition.logics.iter_mut().chain(&mut condition.semaphors) {
            rename_in_step(step, own, ids);
        }
        if let Some(stub) = condition.other.get_mut("stub") {
            rename_in_stub(stub, own);
        }
    }
}

fn replace(id: &mut String, ids: Option<&NodeIds>) {
    if let Some(new) = ids.and_then(|ids| ids.get(id.as_str())) {
        new.clone_into(id);
    }
}

fn rename_in_step<'a>(
    step: &mut StepDocument,
    own: Option<&NodeIds>,
    ids: &dyn Fn(Option<&str>) -> Option<&'a NodeIds>,
) {
    let callee = match step.fields.get("conv_id") {
        Some(Value::String(text)) => Some(text.trim_start_matches('@').to_owned()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    for (key, value) in &mut step.fields {
        match (key.as_str(), &mut *value) {
            ("to_node_id" | "err_node_id" | "esc_node_id", Value::String(id)) => replace(id, own),
            ("node_id", Value::String(id)) => {
                replace(
                    id,
                    callee.as_deref().map_or(own, |callee| ids(Some(callee))),
                );
            }
            ("src" | "script" | "code", _) => {}
            _ => rename_in_texts(value, ids),
        }
    }
}

fn rename_in_stub(value: &mut Value, own: Option<&NodeIds>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| rename_in_stub(item, own)),
        Value::Object(fields) => {
            for (key, value) in fields {
                match (key.as_str(), &mut *value) {
                    ("to_node_id" | "err_node_id", Value::String(id)) => replace(id, own),
                    _ => rename_in_stub(value, own),
                }
            }
        }
        _ => {}
    }
}

fn rename_in_texts<'a>(value: &mut Value, ids: &dyn Fn(Option<&str>) -> Option<&'a NodeIds>) {
    match value {
        Value::String(text) if text.contains("{{") && text.contains("node[") => {
            *text = rename_in_text(text, ids);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename_in_texts(item, ids)),
        Value::Object(fields) => {
            fields
                .values_mut()
                .for_each(|field| rename_in_texts(field, ids));
        }
        _ => {}
    }
}

/// `node[ID]` is of the process itself, `conv[NAME].node[ID]` of another.
fn rename_in_text<'a>(text: &str, ids: &dyn Fn(Option<&str>) -> Option<&'a NodeIds>) -> String {
    let (mut renamed, mut rest) = (String::new(), text);
    while let Some(open) = rest.find("node[").map(|at| at + "node[".len()) {
        let Some(length) = rest[open..].find(']') else {
            break;
        };
        let (before, id) = (&rest[..open], &rest[open..open + length]);
        let callee = before
            .strip_suffix("].node[")
            .and_then(|before| before.rsplit_once("conv["))
            .map(|(_, name)| name.trim_start_matches('@'));
        renamed.push_str(before);
        renamed.push_str(
            ids(callee)
                .and_then(|ids| ids.get(id))
                .map_or(id, String::as_str),
        );
        rest = &rest[open + length..];
    }
    renamed + rest
}
