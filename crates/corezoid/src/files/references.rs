//! Where a process names another one: in the `conv_id` of a logic and in placeholders such as
//! `{{conv[123].ref[key]}}`. One walk, for looking and for renaming.

use serde_json::Value;
use vikno_process::{ProcessDocument, StepDocument};

use super::alias::Alias;
use super::report::NodeName;

/// How another process is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    Number(i64),
    /// With or without `@`; here without.
    Alias(String),
    /// Worked out when the task runs.
    Computed(String),
}

/// A place where a process is named.
pub(super) struct Reference<'a> {
    pub(super) node: &'a NodeName,
    pub(super) target: Target,
    /// The title that the file shows beside it; may be stale.
    pub(super) title: &'a str,
}

/// The name to write instead.
pub(super) enum NewName {
    Alias(Alias),
    Number(i64),
}

impl NewName {
    fn in_text(&self) -> String {
        match self {
            Self::Alias(alias) => format!("@{alias}"),
            Self::Number(number) => number.to_string(),
        }
    }

    fn as_value(&self) -> Value {
        match self {
            Self::Alias(alias) => format!("@{alias}").into(),
            Self::Number(number) => (*number).into(),
        }
    }
}

impl Target {
    /// As a logic writes it; nothing for an empty one.
    pub(super) fn parse(written: &Value) -> Option<Self> {
        match written {
            Value::Number(number) => number.as_i64().map(Self::Number),
            Value::String(text) => Self::parse_text(text.trim()),
            _ => None,
        }
    }

    fn parse_text(text: &str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        if text.contains("{{") {
            return Some(Self::Computed(text.to_owned()));
        }
        Some(match text.parse() {
            Ok(number) => Self::Number(number),
            Err(_) => Self::Alias(text.trim_start_matches('@').to_owned()),
        })
    }
}

/// Shows every reference; a name that comes back is written in its place.
pub(super) fn rename(
    document: &mut ProcessDocument,
    visit: &mut dyn FnMut(&Reference<'_>) -> Option<NewName>,
) {
    for node in &mut document.scheme.nodes {
        let name = NodeName::from(&*node);
        let condition = &mut node.condition;
        for step in condition.logics.iter_mut().chain(&mut condition.semaphors) {
            rename_in_step(step, &name, visit);
        }
        if let Some(stub) = condition.other.get_mut("stub") {
            rename_in_texts(stub, &name, visit);
        }
    }
}

fn rename_in_step(
    step: &mut StepDocument,
    node: &NodeName,
    visit: &mut dyn FnMut(&Reference<'_>) -> Option<NewName>,
) {
    if let Some(target) = step.fields.get("conv_id").and_then(Target::parse) {
        let title = step
            .fields
            .get("convTitle")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let reference = Reference {
            node,
            target,
            title,
        };
        if let Some(name) = visit(&reference) {
            step.fields.insert("conv_id".to_owned(), name.as_value());
        }
    }
    for (key, value) in &mut step.fields {
        // Program text is no text with placeholders; `conv_id` is done.
        if !matches!(key.as_str(), "conv_id" | "src" | "script" | "code") {
            rename_in_texts(value, node, visit);
        }
    }
}

fn rename_in_texts(
    value: &mut Value,
    node: &NodeName,
    visit: &mut dyn FnMut(&Reference<'_>) -> Option<NewName>,
) {
    match value {
        Value::String(text) if text.contains("{{") => {
            if let Some(renamed) = rename_in_text(text, node, visit) {
                *text = renamed;
            }
        }
        Value::Array(items) => {
            items
                .iter_mut()
                .for_each(|item| rename_in_texts(item, node, visit));
        }
        Value::Object(fields) => {
            fields
                .values_mut()
                .for_each(|field| rename_in_texts(field, node, visit));
        }
        _ => {}
    }
}

fn rename_in_text(
    text: &str,
    node: &NodeName,
    visit: &mut dyn FnMut(&Reference<'_>) -> Option<NewName>,
) -> Option<String> {
    let (mut renamed, mut changed, mut rest) = (String::new(), false, text);
    while let Some((before, inside, after)) = next_bracket(rest) {
        renamed.push_str(before);
        let target = Target::parse_text(inside.trim());
        let name = target.and_then(|target| {
            visit(&Reference {
                node,
                target,
                title: "",
            })
        });
        match name {
            Some(name) => {
                renamed.push_str(&name.in_text());
                changed = true;
            }
            None => renamed.push_str(inside),
        }
        rest = after;
    }
    renamed.push_str(rest);
    changed.then_some(renamed)
}

/// Up to and with `conv[` or `proc[`, what is between the brackets, and the rest from the `]` on. A name with
/// a placeholder in it is worked out later and is passed over.
fn next_bracket(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let open = ["conv[", "proc["]
            .into_iter()
            .filter_map(|word| Some(text[from..].find(word)? + from + word.len()))
            .min()?;
        let close = text[open..].find([']', '{', '}'])? + open;
        if text[close..].starts_with(']') {
            return Some((&text[..open], &text[open..close], &text[close..]));
        }
        from = open;
    }
}
