//! Texts with placeholders: `Hello, {{user.name}}`. Parsed once when a process loads, rendered against
//! a [`Scope`] when a task passes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::limits::PLACEHOLDER_DEPTH_MAX;
use crate::path::Path;
use crate::value::to_text;

/// A text in parts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Text(String),
    Reference(Reference),
}

/// What a placeholder stands for.
#[derive(Debug, Clone, PartialEq)]
enum Reference {
    Data(Path),
    Root(String),
    Environment(String, Option<Path>),
    /// A placeholder with placeholders inside: its own text is rendered first.
    Nested {
        text: Box<Template>,
        environment: bool,
    },
    Unsupported(&'static str),
}

/// Where placeholders find their values.
pub(crate) struct Scope<'a> {
    pub(crate) data: &'a Map<String, Value>,
    /// Looked at before `data`: an answer's header and body while a response is mapped.
    pub(crate) overlay: Option<&'a Map<String, Value>>,
    /// `{{root.…}}`: facts about the task itself, by field.
    pub(crate) root: &'a dyn Fn(&str) -> Option<Value>,
    pub(crate) environment: &'a BTreeMap<String, Value>,
    /// Longest text that may come out.
    pub(crate) bytes_max: usize,
}

/// The rendered text would be over the scope's limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong;

impl Template {
    pub(crate) fn parse(text: &str) -> Self {
        Self::parse_at(text, 0)
    }

    fn parse_at(text: &str, depth: usize) -> Self {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(open) = rest.find("{{") {
            let placeholder = split_placeholder(&rest[open + 2..])
                .and_then(|(inner, after)| Some((Reference::parse(inner, depth)?, after)));
            let Some((reference, after)) = placeholder else {
                // Not a placeholder after all (JSON in a text, say): one brace is text, the rest is looked at again.
                literal.push_str(&rest[..=open]);
                rest = &rest[open + 1..];
                continue;
            };
            literal.push_str(&rest[..open]);
            rest = after;
            if !literal.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut literal)));
            }
            parts.push(Part::Reference(reference));
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(Part::Text(literal));
        }
        Self { parts }
    }

    /// Why the text cannot be used yet, if so.
    pub(crate) fn unsupported(&self) -> Option<&'static str> {
        self.parts.iter().find_map(|part| match part {
            Part::Text(text) => {
                has_function_call(text).then_some("functions (`$.math`, `$.date`, …)")
            }
            Part::Reference(Reference::Unsupported(what)) => Some(*what),
            Part::Reference(Reference::Nested { text, .. }) => text.unsupported(),
            Part::Reference(_) => None,
        })
    }

    /// The text itself when there is no placeholder in it.
    pub(crate) fn as_literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether the text is one placeholder and nothing else.
    pub(crate) fn is_lone_placeholder(&self) -> bool {
        matches!(self.parts.as_slice(), [Part::Reference(_)])
    }

    /// The value behind a lone placeholder, with its own type; `None` if it is missing.
    pub(crate) fn lone_value<'a>(
        &self,
        scope: &Scope<'a>,
    ) -> Result<Option<Cow<'a, Value>>, TooLong> {
        match self.parts.as_slice() {
            [Part::Reference(reference)] => reference.resolve(scope),
            _ => Ok(None),
        }
    }

    /// The text with every placeholder replaced by its value's text; missing ones are empty.
    pub(crate) fn render(&self, scope: &Scope<'_>) -> Result<String, TooLong> {
        self.render_with(scope, |text, value, _| text.push_str(&to_text(value)))
    }

    /// As [`Template::render`] for a text that will be read as JSON: a value inside quotes is escaped, one
    /// outside becomes JSON, so no citizen's text can break out of its place.
    pub(crate) fn render_json(&self, scope: &Scope<'_>) -> Result<String, TooLong> {
        self.render_with(scope, |text, value, in_quotes| match value {
            _ if in_quotes => {
                let quoted = Value::String(to_text(value).into_owned()).to_string();
                text.push_str(&quoted[1..quoted.len() - 1]);
            }
            // A parameter that holds JSON text is put in as that JSON.
            Value::String(inner)
                if serde_json::from_str::<serde::de::IgnoredAny>(inner).is_ok() =>
            {
                text.push_str(inner)
            }
            other => text.push_str(&other.to_string()),
        })
    }

    fn render_with(
        &self,
        scope: &Scope<'_>,
        put: impl Fn(&mut String, &Value, bool),
    ) -> Result<String, TooLong> {
        let mut text = String::new();
        let mut in_quotes = false;
        for part in &self.parts {
            match part {
                Part::Text(literal) => {
                    in_quotes = ends_in_quotes(literal, in_quotes);
                    text.push_str(literal);
                }
                Part::Reference(reference) => match reference.resolve(scope)? {
                    Some(value) => put(&mut text, &value, in_quotes),
                    None if in_quotes => {}
                    None => put(&mut text, &Value::Null, false),
                },
            }
            if text.len() > scope.bytes_max {
                return Err(TooLong);
            }
        }
        Ok(text)
    }
}

impl Reference {
    fn parse(inner: &str, depth: usize) -> Option<Self> {
        let inner = inner.trim();
        if inner.contains("{{") {
            if inner.contains('"') || depth >= PLACEHOLDER_DEPTH_MAX {
                return None;
            }
            if let Some(what) = unsupported_kind(inner) {
                return Some(Self::Unsupported(what));
            }
            let text = Box::new(Template::parse_at(inner, depth + 1));
            return Some(Self::Nested {
                text,
                environment: inner.starts_with("env_var["),
            });
        }
        if let Some(what) = unsupported_kind(inner) {
            return Some(Self::Unsupported(what));
        }
        if let Some(variable) = inner.strip_prefix("env_var[") {
            let (name, path) = variable.split_once(']')?;
            let name = name.trim().trim_start_matches('@');
            return match path.strip_prefix('.') {
                Some(path) => Some(Self::Environment(
                    name.to_owned(),
                    Some(Path::parse(path).ok()?),
                )),
                None if path.is_empty() => Some(Self::Environment(name.to_owned(), None)),
                None => None,
            };
        }
        match inner.strip_prefix("root.") {
            Some(field) if ROOT_FIELDS.contains(&field) => Some(Self::Root(field.to_owned())),
            _ => Path::parse(inner).ok().map(Self::Data),
        }
    }

    fn resolve<'a>(&self, scope: &Scope<'a>) -> Result<Option<Cow<'a, Value>>, TooLong> {
        Ok(match self {
            Self::Data(path) => {
                let overlaid = scope
                    .overlay
                    .filter(|overlay| overlay.contains_key(path.first()));
                path.get(overlaid.unwrap_or(scope.data)).map(Cow::Borrowed)
            }
            Self::Root(field) => (scope.root)(field).map(Cow::Owned),
            Self::Environment(name, path) => {
                let value = scope.environment.get(name);
                match (path, value) {
                    (Some(path), Some(Value::Object(object))) => {
                        path.get(object).map(Cow::Borrowed)
                    }
                    (Some(path), Some(Value::String(text))) => match serde_json::from_str(text) {
                        Ok(Value::Object(object)) => path.get(&object).cloned().map(Cow::Owned),
                        _ => None,
                    },
                    (Some(_), _) => None,
                    (None, value) => value.map(Cow::Borrowed),
                }
            }
            Self::Nested { text, environment } => {
                let inner = text.render(scope)?;
                match Self::parse(&inner, PLACEHOLDER_DEPTH_MAX) {
                    // A citizen's text may choose among parameters, but only the author may reach for a variable.
                    Some(Self::Environment(..)) if !environment => None,
                    Some(Self::Nested { .. }) | None => None,
                    Some(reference) => reference.resolve(scope)?,
                }
            }
            Self::Unsupported(_) => None,
        })
    }
}

const ROOT_FIELDS: [&str; 10] = [
    "task_id",
    "ref",
    "conv_id",
    "node_id",
    "prev_node_id",
    "node_name",
    "status",
    "create_time",
    "change_time",
    "user_id",
];

fn unsupported_kind(inner: &str) -> Option<&'static str> {
    [
        ("conv[", "reading another process (`{{conv[…].ref[…]}}`)"),
        ("proc[", "reading another process (`{{proc[…].ref[…]}}`)"),
        ("node[", "counters and callback URLs (`{{node[…]…}}`)"),
    ]
    .into_iter()
    .find_map(|(start, what)| inner.starts_with(start).then_some(what))
}

/// `$.name(`: a Corezoid function. A price such as `$.50` is none.
fn has_function_call(text: &str) -> bool {
    text.match_indices("$.").any(|(at, _)| {
        let name = &text[at + 2..];
        let letters = name
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
            .count();
        letters > 0 && name.as_bytes().get(letters) == Some(&b'(')
    })
}

/// Splits `inner}}after` at the braces that close what is open, counting nested ones.
fn split_placeholder(text: &str) -> Option<(&str, &str)> {
    let mut depth = 1;
    let mut at = 0;
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        if rest.starts_with(b"{{") {
            depth += 1;
            at += 2;
        } else if rest.starts_with(b"}}") {
            depth -= 1;
            if depth == 0 {
                return Some((&text[..at], &text[at + 2..]));
            }
            at += 2;
        } else {
            at += 1;
        }
    }
    None
}

/// Whether a JSON text is inside a string after `text`.
fn ends_in_quotes(text: &str, mut in_quotes: bool) -> bool {
    let mut escaped = false;
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_quotes => escaped = true,
            b'"' => in_quotes = !in_quotes,
            _ => {}
        }
    }
    in_quotes
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(template: &str, expected: &str) {
        let data = json!({
            "name": "Оля", "a": {"b": [{"c": 7}]}, "i": 0, "which": "name", "nothing": null, "evil": "x\",\"admin\":\"1",
            "secret": "env_var[@token]", "list": [1, 2], "json": "{\"k\":1}", "flag": true,
        });
        let root = |field: &str| Some(json!(field));
        let environment = BTreeMap::from([
            ("token".to_owned(), json!("T")),
            ("cfg".to_owned(), json!({"u": "U"})),
        ]);
        let Value::Object(data) = data else {
            panic!("object")
        };
        let scope = Scope {
            data: &data,
            overlay: None,
            root: &root,
            environment: &environment,
            bytes_max: 1000,
        };
        let text = Template::parse(template).render(&scope);
        assert_eq!(text.as_deref(), Ok(expected));
    }

    fn check_json(template: &str, expected: &str) {
        let data = json!({"evil": "x\",\"admin\":\"1", "n": 5, "list": [1], "json": "{\"k\":1}", "word": "слово"});
        let Value::Object(data) = data else {
            panic!("object")
        };
        let (root, environment) = (|_: &str| None, BTreeMap::new());
        let scope = Scope {
            data: &data,
            overlay: None,
            root: &root,
            environment: &environment,
            bytes_max: 1000,
        };
        assert_eq!(
            Template::parse(template).render_json(&scope).as_deref(),
            Ok(expected)
        );
    }

    #[test]
    fn placeholders_become_their_values() {
        check("Вітаю, {{name}}!", "Вітаю, Оля!");
        check("{{a.b[0].c}}/{{ a.b[{{i}}].c }}", "7/7");
        check("{{ {{which}} }}", "Оля");
        check("{{root.task_id}} {{root.ref}}", "task_id ref");
        check("{{env_var[@token]}}{{env_var[cfg].u}}", "TU");
        check("{{list}} {{flag}}", "[1,2] true");
    }

    #[test]
    fn what_is_missing_is_empty_and_what_is_no_placeholder_stays() {
        check("[{{missing}}{{nothing}}{{a.b[9]}}]", "[]");
        check("{{\"a\":1}} {{ }} {{name", "{{\"a\":1}} {{ }} {{name");
        check("{{env_var[@foo]}", "{{env_var[@foo]}");
        check("{\"x\":{\"y\":{{i}}}}", "{\"x\":{\"y\":0}}");
    }

    #[test]
    fn a_citizens_text_never_reaches_a_variable() {
        check("{{ {{secret}} }}", "");
    }

    #[test]
    fn values_stay_in_their_place_in_json() {
        check_json(
            "{\"t\":\"{{evil}}\"}",
            "{\"t\":\"x\\\",\\\"admin\\\":\\\"1\"}",
        );
        check_json(
            "{\"n\":{{n}},\"l\":{{list}},\"o\":{{json}}}",
            "{\"n\":5,\"l\":[1],\"o\":{\"k\":1}}",
        );
        check_json(
            "{\"w\":{{word}},\"m\":{{missing}},\"q\":\"{{missing}}\"}",
            "{\"w\":\"слово\",\"m\":null,\"q\":\"\"}",
        );
        check_json("[{{evil}}]", "[\"x\\\",\\\"admin\\\":\\\"1\"]");
    }

    #[test]
    fn a_rendered_text_is_bounded() {
        let data = Map::from_iter([("a".to_owned(), json!("x".repeat(600)))]);
        let (root, environment) = (|_: &str| None, BTreeMap::new());
        let scope = Scope {
            data: &data,
            overlay: None,
            root: &root,
            environment: &environment,
            bytes_max: 1000,
        };
        assert_eq!(Template::parse("{{a}}{{a}}").render(&scope), Err(TooLong));
    }

    #[test]
    fn what_comes_later_is_named() {
        assert!(
            Template::parse("{{conv[@x].ref[{{y}}].z}}")
                .unsupported()
                .is_some()
        );
        assert!(Template::parse("{{node[5].count}}").unsupported().is_some());
        assert!(Template::parse("$.math({{a}}+1)").unsupported().is_some());
        assert_eq!(Template::parse("costs $.50 (fifty)").unsupported(), None);
    }
}
