//! The functions of texts: `$.math({{a}}+1)`, `$.date(%y-%m-%d).tz('Europe/Kiev')`. Which function and what its
//! arguments are is fixed when a process loads, so a citizen's text is never taken for one.

mod date;
mod digest;
mod erlang;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::template::{Finding, RenderError, Scope, Template, outer_commas, split_at_close};
use crate::value::{ValueType, parse_number};
use digest::Digest;
use erlang::Program;

/// A function with its arguments.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    function: Function,
    /// The zone of `.tz('…')` behind it.
    zone: Option<Template>,
}

#[derive(Debug, Clone, PartialEq)]
enum Function {
    Math(Template),
    Random(Template, Option<Template>),
    Date(Template),
    UnixTime(Template),
    Digest(Digest, Template),
    Base64(Template),
    Map(Result<Program, String>, Template),
    Filter(Result<Program, String>, Template),
    Convert(ValueType, Template),
}

impl Call {
    /// Reads `name(arguments)` and what follows it.
    pub(crate) fn parse(text: &str, depth: usize) -> Option<(Self, &str)> {
        let letters = text
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
            .count();
        let (name, rest) = text.split_at(letters);
        let rest = rest.strip_prefix('(')?;
        let (arguments, mut after) = split_at_close(rest, b'(', b')')?;
        let function = Function::parse(name, arguments, depth)?;
        let mut zone = None;
        if let Some(rest) = after.strip_prefix(".tz(")
            && let Some((inside, rest)) = split_at_close(rest, b'(', b')')
        {
            let bare = inside.trim().trim_matches(['\'', '"']);
            zone = Some(Template::parse_at(bare, depth));
            after = rest;
        }
        Some((Self { function, zone }, after))
    }

    /// Whether it is `$.to_…`: in a JSON text it takes the place of the quotes around it.
    pub(crate) fn is_conversion(&self) -> bool {
        matches!(self.function, Function::Convert(..))
    }

    pub(crate) fn findings(&self) -> Vec<Finding> {
        let mut findings = self.zone.as_ref().map_or_else(Vec::new, Template::findings);
        match &self.function {
            Function::Random(from, to) => {
                findings.extend(from.findings());
                findings.extend(to.iter().flat_map(Template::findings));
            }
            Function::Map(program, list) | Function::Filter(program, list) => {
                if let Err(reason) = program {
                    findings.push(Finding::Error(format!(
                        "the function in `$.{}` cannot be read: {reason}",
                        self.name()
                    )));
                }
                findings.extend(list.findings());
            }
            Function::Math(text)
            | Function::Date(text)
            | Function::UnixTime(text)
            | Function::Digest(_, text)
            | Function::Base64(text)
            | Function::Convert(_, text) => findings.extend(text.findings()),
        }
        if let Some(zone) = self.zone.as_ref().and_then(Template::as_literal)
            && date::zone(zone).is_none()
        {
            findings.push(Finding::Error(format!(
                "`{zone}` is no time zone; write one as 'Europe/Kyiv'"
            )));
        }
        findings
    }

    fn name(&self) -> &'static str {
        match &self.function {
            Function::Math(_) => "math",
            Function::Random(..) => "random",
            Function::Date(_) => "date",
            Function::UnixTime(_) => "unixtime",
            Function::Digest(digest, _) => digest.name(),
            Function::Base64(_) => "base64_encode",
            Function::Map(..) => "map",
            Function::Filter(..) => "filter",
            Function::Convert(to, _) => to.function_name(),
        }
    }

    pub(crate) fn evaluate(&self, scope: &Scope<'_>) -> Result<Value, RenderError> {
        let value = match &self.function {
            Function::Math(text) => erlang::arithmetic(&text.render(scope)?),
            Function::Random(from, to) => {
                let from = from.render(scope)?;
                let to = to.as_ref().map(|to| to.render(scope)).transpose()?;
                random(&from, to.as_deref(), scope.facts.random())
            }
            Function::Date(format) => {
                let format = format.render(scope)?;
                date::date(&format, scope.facts.now_ms(), self.zone(scope)?.as_deref())
            }
            Function::UnixTime(format) => {
                let format = format.render(scope)?;
                date::unix_time(&format, scope.facts.now_ms(), self.zone(scope)?.as_deref())
            }
            Function::Digest(digest, text) => Ok(digest.hex(&text.render(scope)?).into()),
            Function::Base64(text) => Ok(STANDARD.encode(text.render(scope)?).into()),
            Function::Map(program, list) => {
                let list = items(list, scope)?;
                list.and_then(|list| erlang::map(program.as_ref()?, list, scope.bytes_max))
            }
            Function::Filter(program, list) => {
                let list = items(list, scope)?;
                list.and_then(|list| erlang::filter(program.as_ref()?, list, scope.bytes_max))
            }
            Function::Convert(to, text) => {
                let value = argument(text, scope)?;
                to.convert(value)
                    .ok_or_else(|| format!("its argument is no {}", to.name()))
            }
        };
        value.map_err(|reason| RenderError::Function {
            name: self.name(),
            reason,
        })
    }

    fn zone(&self, scope: &Scope<'_>) -> Result<Option<String>, RenderError> {
        self.zone
            .as_ref()
            .map(|zone| zone.render(scope))
            .transpose()
    }
}

impl Function {
    fn parse(name: &str, arguments: &str, depth: usize) -> Option<Self> {
        let text = |text: &str| Template::parse_at(text, depth);
        if let Some(digest) = Digest::parse(name) {
            return Some(Self::Digest(digest, text(arguments)));
        }
        Some(match name {
            "math" => Self::Math(text(arguments)),
            "random" => match outer_commas(arguments).first() {
                Some(at) => Self::Random(text(&arguments[..*at]), Some(text(&arguments[at + 1..]))),
                None => Self::Random(text(arguments), None),
            },
            "date" => Self::Date(text(arguments)),
            "unixtime" => Self::UnixTime(text(arguments)),
            "base64_encode" => Self::Base64(text(arguments)),
            "map" | "filter" => {
                // Commas stand in the function's body, too: the last one is before the list.
                let at = outer_commas(arguments).pop().unwrap_or(arguments.len());
                let program = Program::parse(&arguments[..at]);
                let list = text(arguments.get(at + 1..).unwrap_or_default().trim());
                match name {
                    "map" => Self::Map(program, list),
                    _ => Self::Filter(program, list),
                }
            }
            "to_object" => Self::Convert(ValueType::Object, text(arguments.trim())),
            "to_array" => Self::Convert(ValueType::Array, text(arguments.trim())),
            "to_number" => Self::Convert(ValueType::Number, text(arguments.trim())),
            "to_string" => Self::Convert(ValueType::String, text(arguments.trim())),
            _ => return None,
        })
    }
}

/// A lone placeholder's value as it is; anything else as a text.
fn argument(text: &Template, scope: &Scope<'_>) -> Result<Value, RenderError> {
    match text.lone_value(scope)? {
        Some(value) => Ok(value.into_owned()),
        None => Ok(Value::String(text.render(scope)?)),
    }
}

fn items(list: &Template, scope: &Scope<'_>) -> Result<Result<Vec<Value>, String>, RenderError> {
    let value = match list.is_lone_placeholder() {
        true => argument(list, scope)?,
        false => Value::String(list.render_json(scope)?),
    };
    Ok(match ValueType::Array.convert(value) {
        Some(Value::Array(items)) => Ok(items),
        _ => Err("its second argument is no array".to_owned()),
    })
}

/// One number N: 0 for 0, from 1 to N, or from N to -1. Two: from the one to the other, both included.
fn random(from: &str, to: Option<&str>, drawn: u64) -> Result<Value, String> {
    let whole = |text: &str| {
        let number =
            parse_number(text).ok_or_else(|| format!("`{}` is no number", shorten(text)))?;
        Ok::<i64, String>(
            number
                .as_i64()
                .unwrap_or_else(|| number.as_f64().map_or(0, |number| number as i64)),
        )
    };
    let (low, high) = match (whole(from)?, to) {
        (from, Some(to)) => (from, whole(to)?),
        (0, None) => (0, 0),
        (most, None) if most > 0 => (1, most),
        (least, None) => (least, -1),
    };
    let (low, high) = (low.min(high), low.max(high));
    let width = (i128::from(high) - i128::from(low) + 1).max(1);
    let number = i128::from(low) + i128::from(drawn) % width;
    Ok(Value::from(i64::try_from(number).unwrap_or(low)))
}

fn shorten(text: &str) -> String {
    text.chars().take(40).collect()
}

impl ValueType {
    fn function_name(self) -> &'static str {
        match self {
            Self::String => "to_string",
            Self::Number => "to_number",
            Self::Boolean => "to_boolean",
            Self::Object => "to_object",
            Self::Array => "to_array",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::SomeFacts;
    use serde_json::{Map, json};
    use std::collections::BTreeMap;

    fn evaluate(text: &str) -> Result<Value, String> {
        let data = Map::from_iter([
            ("a".to_owned(), json!(4)),
            ("name".to_owned(), json!("Оля) + (1")),
            ("list".to_owned(), json!([1, 2, 3])),
            ("json".to_owned(), json!("{\"k\":1}")),
        ]);
        let (facts, environment) = (SomeFacts::default(), BTreeMap::new());
        let scope = Scope {
            data: &data.into(),
            overlay: None,
            facts: &facts,
            environment: &environment,
            bytes_max: 1000,
        };
        let template = Template::parse(text);
        assert!(template.is_lone_placeholder(), "{text} is no function");
        let value = template
            .lone_value(&scope)
            .map_err(|error| error.to_string())?;
        Ok(value.expect("a value").into_owned())
    }

    #[test]
    fn functions_give_values() {
        for (text, expected) in [
            ("$.math({{a}}*2+1)", json!(9)),
            ("$.math($.unixtime()+{{a}})", json!(1_800_000_004)),
            ("$.random(0)", json!(0)),
            ("$.random({{a}})", json!(2)),
            ("$.random(-4)", json!(-3)),
            ("$.random(10, {{a}}1)", json!(11)),
            ("$.date(%y-%m-%d).tz('Europe/Kyiv')", json!("2027-01-15")),
            ("$.md5_hex(100)", json!("f899139df5e1059396431415e770c6dd")),
            ("$.base64_encode({{name}})", json!("0J7Qu9GPKSArICgx")),
            ("$.map(fun(Item) -> Item*2 end, {{list}})", json!([2, 4, 6])),
            ("$.filter(fun(X) -> X > 1 end, [1,{{a}}])", json!([4])),
            ("$.to_object({{json}})", json!({"k": 1})),
            ("$.to_number(0{{a}})", json!(4)),
            ("$.to_string({{list}})", json!("[1,2,3]")),
            ("$.to_array([1])", json!([1])),
        ] {
            assert_eq!(evaluate(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_computed_is_told_with_the_function() {
        for (text, expected) in [
            ("$.math(1/0)", "`$.math`: division by zero"),
            ("$.random(x)", "`$.random`: `x` is no number"),
            (
                "$.map(fun(X) -> X end, {{a}})",
                "`$.map`: its second argument is no array",
            ),
            (
                "$.to_number({{list}})",
                "`$.to_number`: its argument is no number",
            ),
            (
                "$.date(%y).tz('Mars/Olympus')",
                "`$.date`: `Mars/Olympus` is no time zone",
            ),
        ] {
            assert_eq!(evaluate(text), Err(expected.to_owned()), "{text}");
        }
    }
}
