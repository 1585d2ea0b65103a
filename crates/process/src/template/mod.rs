//! Texts with placeholders and functions: `Hello, {{user.name}}`. Parsed once when a process loads,
//! rendered against a [`Scope`] when a task passes.

mod reference;
mod scan;
mod scope;

use std::borrow::Cow;

use serde_json::Value;

use crate::data::Shared;
use crate::functions::Call;
use crate::limits::PLACEHOLDER_DEPTH_MAX;
use crate::value::to_text;
use reference::Reference;
use scan::{ends_in_quotes, split_placeholder};
pub(crate) use scan::{outer_commas, split_at_close};
#[cfg(test)]
pub(crate) use scope::tests::SomeFacts;
pub(crate) use scope::{Facts, RenderError, Scope};

/// A text in parts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Text(String),
    Reference(Reference),
    Call(Box<Call>),
}

/// Marks in one text that turn out to be text: each is looked for to the text's end, so their number has to be bounded.
const MISSES_MAX: usize = 200;

/// What an author should know of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Finding {
    Error(String),
    Warning(String),
}

impl Template {
    pub(crate) fn parse(text: &str) -> Self {
        Self::parse_at(text, 0)
    }

    pub(crate) fn parse_at(text: &str, depth: usize) -> Self {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        let mut misses = 0;
        while let Some(at) = next_mark(rest).filter(|_| misses < MISSES_MAX) {
            let Some((part, after)) = parse_part(&rest[at..], depth) else {
                misses += 1;
                // Neither placeholder nor function after all (JSON in a text, say): one sign is text, the rest is
                // looked at again.
                literal.push_str(&rest[..=at]);
                rest = &rest[at + 1..];
                continue;
            };
            literal.push_str(&rest[..at]);
            rest = after;
            if !literal.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut literal)));
            }
            parts.push(part);
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(Part::Text(literal));
        }
        Self { parts }
    }

    /// What is wrong or doubtful about the text.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => {
                    findings.extend(unknown_function(text).map(|name| {
                        Finding::Warning(format!(
                            "`$.{name}(` is no function that Corezoid or we know; it stays as text"
                        ))
                    }));
                }
                Part::Reference(reference) => {
                    for text in reference.texts() {
                        findings.extend(text.findings());
                    }
                    if let Reference::Counter { .. } = reference {
                        findings.push(Finding::Warning(
                            "a counter (`{{node[…]…}}`) knows the tasks of its own conversation and what it is told of others".to_owned(),
                        ));
                    }
                }
                Part::Call(call) => findings.extend(call.findings()),
            }
        }
        findings
    }

    /// The text itself when there is no placeholder in it.
    pub(crate) fn as_literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether the text is one placeholder or function and nothing else: its value keeps its type.
    pub(crate) fn is_lone_placeholder(&self) -> bool {
        matches!(self.parts.as_slice(), [Part::Reference(_) | Part::Call(_)])
    }

    /// The parameter behind a lone placeholder, if that is what it stands for.
    pub(crate) fn lone_shared<'a>(&self, scope: &Scope<'a>) -> Option<&'a Shared> {
        match self.parts.as_slice() {
            [Part::Reference(reference)] => reference.shared(scope),
            _ => None,
        }
    }

    /// The value behind a lone placeholder, with its own type; `None` if it is missing.
    pub(crate) fn lone_value<'a>(
        &self,
        scope: &Scope<'a>,
    ) -> Result<Option<Cow<'a, Value>>, RenderError> {
        match self.parts.as_slice() {
            [part @ (Part::Reference(_) | Part::Call(_))] => part.resolve(scope),
            _ => Ok(None),
        }
    }

    /// As [`Template::render`]; a text without placeholders is not copied.
    pub(crate) fn render_cow(&self, scope: &Scope<'_>) -> Result<Cow<'_, str>, RenderError> {
        match self.as_literal() {
            Some(text) => within(text, scope).map(|()| Cow::Borrowed(text)),
            None => self.render(scope).map(Cow::Owned),
        }
    }

    /// The text with every placeholder replaced by its value's text; missing ones are empty.
    pub(crate) fn render(&self, scope: &Scope<'_>) -> Result<String, RenderError> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(literal) => text.push_str(literal),
                part => {
                    if let Some(value) = part.resolve(scope)? {
                        text.push_str(&to_text(&value));
                    }
                }
            }
            within(&text, scope)?;
        }
        Ok(text)
    }

    /// As [`Template::render`] for a text that will be read as JSON: a value inside quotes is escaped, one
    /// outside becomes JSON, so no citizen's text can break out of its place. `"$.to_number(…)"` with its quotes
    /// becomes the number.
    pub(crate) fn render_json(&self, scope: &Scope<'_>) -> Result<String, RenderError> {
        let mut text = String::new();
        let mut in_quotes = false;
        let mut closes_conversion = false;
        for (at, part) in self.parts.iter().enumerate() {
            match part {
                Part::Text(literal) => {
                    let literal = match std::mem::take(&mut closes_conversion) {
                        true => &literal[1..],
                        false => literal,
                    };
                    in_quotes = ends_in_quotes(literal, in_quotes);
                    text.push_str(literal);
                }
                part => {
                    let value = part.resolve(scope)?.unwrap_or(Cow::Owned(Value::Null));
                    let followed_by_quote = matches!(self.parts.get(at + 1), Some(Part::Text(next)) if next.starts_with('"'));
                    let converts = matches!(part, Part::Call(call) if call.is_conversion());
                    if in_quotes && converts && followed_by_quote && text.ends_with('"') {
                        text.pop();
                        (in_quotes, closes_conversion) = (false, true);
                    }
                    push_json(&mut text, &value, in_quotes, converts);
                }
            }
            within(&text, scope)?;
        }
        Ok(text)
    }
}

impl Part {
    fn resolve<'a>(&self, scope: &Scope<'a>) -> Result<Option<Cow<'a, Value>>, RenderError> {
        match self {
            Self::Text(_) => Ok(None),
            Self::Reference(reference) => reference.resolve(scope),
            Self::Call(call) => Ok(Some(Cow::Owned(call.evaluate(scope)?))),
        }
    }
}

fn push_json(text: &mut String, value: &Value, in_quotes: bool, keep_texts: bool) {
    match value {
        Value::Null if in_quotes => {}
        _ if in_quotes => {
            let quoted = Value::String(to_text(value).into_owned()).to_string();
            text.push_str(&quoted[1..quoted.len() - 1]);
        }
        // A parameter that holds JSON text is put in as that JSON.
        Value::String(inner)
            if !keep_texts && serde_json::from_str::<serde::de::IgnoredAny>(inner).is_ok() =>
        {
            text.push_str(inner)
        }
        other => text.push_str(&other.to_string()),
    }
}

fn within(text: &str, scope: &Scope<'_>) -> Result<(), RenderError> {
    let fits = text.len() <= scope.bytes_max;
    fits.then_some(()).ok_or(RenderError::TooLong)
}

fn next_mark(text: &str) -> Option<usize> {
    match (text.find("{{"), text.find("$.")) {
        (Some(placeholder), Some(call)) => Some(placeholder.min(call)),
        (placeholder, call) => placeholder.or(call),
    }
}

/// The placeholder or function at the beginning of the text, and what comes after it.
fn parse_part(text: &str, depth: usize) -> Option<(Part, &str)> {
    if let Some(rest) = text.strip_prefix("{{") {
        let (inner, after) = split_placeholder(rest)?;
        return Some((Part::Reference(Reference::parse(inner, depth)?), after));
    }
    if depth >= PLACEHOLDER_DEPTH_MAX {
        return None;
    }
    let (call, after) = Call::parse(text.strip_prefix("$.")?, depth + 1)?;
    Some((Part::Call(Box::new(call)), after))
}

/// `name(` after `$.`, which no function has. A price such as `$.50` is none.
fn unknown_function(text: &str) -> Option<&str> {
    text.match_indices("$.").find_map(|(at, _)| {
        let name = &text[at + 2..];
        let letters = name
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
            .count();
        (letters > 0 && name.as_bytes().get(letters) == Some(&b'(')).then(|| &name[..letters])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Map, json};
    use std::collections::BTreeMap;

    fn check(template: &str, expected: &str) {
        let data = json!({
            "name": "Оля", "a": {"b": [{"c": 7}]}, "i": 0, "which": "name", "nothing": null, "evil": "x\",\"admin\":\"1",
            "secret": "env_var[@token]", "state": "conv[@users].ref[Оля].plan", "bracket": "Оля].plan", "where": "@users", "what": "deep", "list": [1, 2], "json": "{\"k\":1}", "flag": true,
        });
        let facts = SomeFacts::default();
        let environment = BTreeMap::from([
            ("token".to_owned(), json!("T")),
            ("cfg".to_owned(), json!({"u": "U"})),
        ]);
        let Value::Object(data) = data else {
            panic!("object")
        };
        let scope = Scope {
            data: &data.into(),
            overlay: None,
            facts: &facts,
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
        let (facts, environment) = (SomeFacts::default(), BTreeMap::new());
        let scope = Scope {
            data: &data.into(),
            overlay: None,
            facts: &facts,
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
    fn a_text_full_of_open_marks_is_read_in_no_time() {
        for mark in ["{{", "$.math(", "$.", "{{a}} {{"] {
            let text = mark.repeat(20_000);
            assert!(Template::parse(&text).findings().len() <= 1);
        }
    }

    #[test]
    fn a_rendered_text_is_bounded() {
        let data = Map::from_iter([("a".to_owned(), json!("x".repeat(600)))]);
        let (facts, environment) = (SomeFacts::default(), BTreeMap::new());
        let scope = Scope {
            data: &data.into(),
            overlay: None,
            facts: &facts,
            environment: &environment,
            bytes_max: 1000,
        };
        assert_eq!(
            Template::parse("{{a}}{{a}}").render(&scope),
            Err(RenderError::TooLong)
        );
    }

    #[test]
    fn other_tasks_and_counters_are_asked_by_their_parts() {
        check("{{conv[@users].ref[Оля].plan}}", "gold");
        check("{{conv[{{where}}].ref[{{name}}].{{what}}.k[{{i}}]}}", "7");
        check("{{proc[@users].ref[Оля].plan}}", "gold");
        check("{{conv[@users].ref[nobody].plan}}", "");
        check(
            "{{conv[@users].ref[{{name}}]}}",
            "{\"deep\":{\"k\":[7]},\"plan\":\"gold\"}",
        );
        check("{{node[5].count}}", "own/5/count");
        check("{{conv[{{i}}].node[a].SumID}}", "0/a/SumID");
        check("{{conv[@users].what}}", "");
    }

    #[test]
    fn a_citizens_text_reaches_no_other_task() {
        check("{{ {{state}} }}", "");
        check("{{conv[@users].ref[{{bracket}}].plan}}", "");
    }

    #[test]
    fn functions_stand_in_texts_and_unknown_ones_stay() {
        check("sum: $.math(1+{{i}}*2)!", "sum: 1!");
        check(
            "costs $.50 (fifty) $.what(1)",
            "costs $.50 (fifty) $.what(1)",
        );
        check_json(
            "{\"n\":\"$.to_number({{n}}5)\",\"m\":$.math({{n}}+1)}",
            "{\"n\":55,\"m\":6}",
        );
        check_json("{\"s\":\"$.to_string({{n}})\"}", "{\"s\":\"5\"}");
        let told = Template::parse("$.what(1) {{node[1].count}}").findings();
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(Template::parse("costs $.50 (fifty)").findings(), []);
    }
}
