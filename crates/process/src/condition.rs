//! Conditions of `go_if_const`: one comparison of a parameter with a constant.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::Value;

use crate::path::Path;
use crate::pattern::Pattern;
use crate::template::{RenderError, Scope, Template};
use crate::value::{ValueType, parse_boolean, parse_number, to_text};

/// One comparison.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    pub(crate) left: Operand,
    pub(crate) function: Function,
    pub(crate) right: Template,
    pub(crate) cast: ValueType,
}

/// The left side: a parameter's name, or a text with placeholders.
#[derive(Debug, Clone)]
pub(crate) enum Operand {
    Parameter(Path),
    Text(Template),
}

impl Operand {
    /// `None` when the text is neither a name nor holds a placeholder or function.
    pub(crate) fn parse(param: &str) -> Option<Self> {
        let template = Template::parse(param);
        match template.as_literal() {
            None => Some(Self::Text(template)),
            Some(name) => Path::parse(name).ok().map(Self::Parameter),
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Function {
    Equal,
    NotEqual,
    More,
    Less,
    MoreOrEqual,
    LessOrEqual,
    /// With the expression compiled when its text holds no placeholder.
    Matches(Option<Pattern>),
}

impl Function {
    /// By its name in files; the signs are what some hand-made files hold.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "eq" | "==" | "=" => Self::Equal,
            "not_eq" | "!=" => Self::NotEqual,
            "more" | ">" => Self::More,
            "less" | "<" => Self::Less,
            "more_or_eq" | ">=" => Self::MoreOrEqual,
            "less_or_eq" | "<=" => Self::LessOrEqual,
            "regexp" => Self::Matches(None),
            _ => return None,
        })
    }

    fn accepts(&self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
            Self::More => ordering.is_gt(),
            Self::Less => ordering.is_lt(),
            Self::MoreOrEqual => ordering.is_ge(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Matches(_) => false,
        }
    }
}

impl Condition {
    /// A missing parameter compares false, but `eq ""` is true: that is how authors ask whether it is there.
    pub(crate) fn holds(&self, scope: &Scope<'_>) -> Result<bool, RenderError> {
        let right = self.right.render_cow(scope)?;
        let left = match &self.left {
            Operand::Parameter(path) => path.get(scope.data).map(Cow::Borrowed),
            Operand::Text(template) if template.is_lone_placeholder() => {
                template.lone_value(scope)?
            }
            Operand::Text(template) => Some(Cow::Owned(Value::String(template.render(scope)?))),
        };
        let Some(left) = left.filter(|value| !value.is_null()) else {
            return Ok(matches!(self.function, Function::Equal) && right.is_empty());
        };
        Ok(self.compare(&left, &right))
    }

    fn compare(&self, left: &Value, right: &str) -> bool {
        if let Function::Matches(compiled) = &self.function {
            let text = to_text(left);
            return match compiled {
                Some(pattern) => pattern.matches(&text),
                None => Pattern::compile(right).is_some_and(|pattern| pattern.matches(&text)),
            };
        }
        let ordering = match self.cast {
            ValueType::String => Some(to_text(left).as_ref().cmp(right)),
            ValueType::Number => compare_numbers(left, right),
            ValueType::Boolean => {
                let left = left
                    .as_bool()
                    .or_else(|| left.as_str().and_then(parse_boolean));
                left.zip(parse_boolean(right))
                    .map(|(left, right)| left.cmp(&right))
            }
            ValueType::Object | ValueType::Array => return self.compare_deeply(left, right),
        };
        ordering.is_some_and(|ordering| self.function.accepts(ordering))
    }

    fn compare_deeply(&self, left: &Value, right: &str) -> bool {
        let wanted = |value: Value| self.cast.convert(value);
        let (Some(left), Some(right)) = (
            wanted(left.clone()),
            wanted(Value::String(right.to_owned())),
        ) else {
            return false;
        };
        match self.function {
            Function::Equal => left == right,
            Function::NotEqual => left != right,
            _ => false,
        }
    }
}

/// Whole numbers compare exactly: identifiers of messengers are near the end of what an f64 holds.
fn compare_numbers(left: &Value, right: &str) -> Option<Ordering> {
    let left = match left {
        Value::Number(number) => number.clone(),
        Value::String(text) => parse_number(text)?,
        _ => return None,
    };
    let right = parse_number(right)?;
    match (left.as_i64(), right.as_i64()) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::SomeFacts;
    use serde_json::json;
    use std::collections::BTreeMap;

    #[track_caller]
    fn check(param: &str, function: &str, constant: &str, cast: ValueType, expected: bool) {
        let data = json!({
            "text": "привіт", "empty": "", "null": null, "number": 10, "digits": "10", "big": 9_007_199_254_740_993_i64,
            "flag": true, "list": [1, {"a": 2}], "object": {"a": {"b": "c"}}, "other": "привіт",
        });
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
        let left = Operand::parse(param).unwrap();
        let function = Function::parse(function).unwrap();
        let condition = Condition {
            left,
            function,
            right: Template::parse(constant),
            cast,
        };
        assert_eq!(condition.holds(&scope), Ok(expected), "{param} {constant}");
    }

    #[test]
    fn texts_compare_as_texts() {
        check("text", "eq", "привіт", ValueType::String, true);
        check("{{text}}", "eq", "{{other}}", ValueType::String, true);
        check("object.a.b", "eq", "c", ValueType::String, true);
        check(
            "text-{{text}}",
            "eq",
            "text-привіт",
            ValueType::String,
            true,
        );
        check("number", "eq", "10", ValueType::String, true);
        check("text", "not_eq", "бувай", ValueType::String, true);
        check("$.math({{number}}+1)", "eq", "11", ValueType::Number, true);
        check("number", "more", "$.math(3*3)", ValueType::Number, true);
        check("digits", "less", "9", ValueType::String, true);
    }

    #[test]
    fn numbers_compare_exactly_and_what_is_no_number_is_false() {
        check("digits", "more", "9", ValueType::Number, true);
        check("number", "more_or_eq", "10.0", ValueType::Number, true);
        check("number", "less_or_eq", "9.5", ValueType::Number, false);
        check("big", "eq", "9007199254740992", ValueType::Number, false);
        check("big", "more", "9007199254740992", ValueType::Number, true);
        check("number", "<=", "10", ValueType::Number, true);
        check("text", "not_eq", "1", ValueType::Number, false);
    }

    #[test]
    fn containers_compare_deeply_and_booleans_by_meaning() {
        check("list", "eq", "[1, {\"a\": 2}]", ValueType::Array, true);
        check("object", "not_eq", "{\"a\":{}}", ValueType::Object, true);
        check("object", "eq", "[]", ValueType::Object, false);
        check("flag", "eq", "true", ValueType::Boolean, true);
        check("flag", "not_eq", "false", ValueType::Boolean, true);
        check("text", "eq", "true", ValueType::Boolean, false);
    }

    #[test]
    fn a_missing_parameter_equals_only_the_empty_text() {
        for missing in ["nowhere", "null", "{{object.zzz}}"] {
            check(missing, "eq", "", ValueType::String, true);
            check(missing, "not_eq", "", ValueType::String, false);
            check(missing, "not_eq", "x", ValueType::String, false);
            check(missing, "regexp", ".*", ValueType::String, false);
            check(missing, "less", "5", ValueType::Number, false);
        }
        check("empty", "eq", "", ValueType::String, true);
        check("text", "not_eq", "", ValueType::String, true);
    }

    #[test]
    fn expressions_match_inside_the_text() {
        check("text", "regexp", "^при", ValueType::String, true);
        check("text", "regexp", "(?i)ПРИВ", ValueType::String, true);
        check("text", "regexp", "[", ValueType::String, false);
        check("text", "regexp", "{{other}}", ValueType::String, true);
    }
}
