//! What an expression comes to. An Erlang list of pairs and a map are both a JSON object here.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

use super::library;
use super::parser::atom;
use super::syntax::{Binary, Clause, Expression, Pattern, Program, Statement, Unary};
use crate::value::{Size, to_text};

/// Variables by name.
pub(super) type Bindings = BTreeMap<String, Value>;

/// Evaluates, and counts what it makes so that it makes no more than a task may hold.
pub(super) struct Machine {
    bytes_left: usize,
}

impl Machine {
    pub(super) fn new(bytes_max: usize) -> Self {
        // Results, what they were made of and what was thrown away.
        Self {
            bytes_left: bytes_max.saturating_mul(4),
        }
    }

    /// Calls the function with one value.
    pub(super) fn run(&mut self, program: &Program, value: Value) -> Result<Value, String> {
        let result = self.choose(&program.clauses, value, &Bindings::new())?;
        self.made(&result)?;
        Ok(result)
    }

    fn made(&mut self, value: &Value) -> Result<(), String> {
        let bytes = Size::of(value).bytes;
        self.bytes_left = self
            .bytes_left
            .checked_sub(bytes)
            .ok_or("it makes more than a task may hold")?;
        Ok(())
    }

    fn choose(
        &mut self,
        clauses: &[Clause],
        value: Value,
        outer: &Bindings,
    ) -> Result<Value, String> {
        for clause in clauses {
            let mut bindings = outer.clone();
            let fits = match &clause.pattern {
                Pattern::Anything => true,
                Pattern::Value(wanted) => compare(&value, wanted).is_eq(),
                Pattern::Name(name) => match outer.get(name) {
                    Some(bound) => compare(&value, bound).is_eq(),
                    None => {
                        bindings.insert(name.clone(), value.clone());
                        true
                    }
                },
            };
            let guarded = match &clause.guard {
                // A guard that fails is false.
                Some(guard) if fits => self.evaluate(guard, &mut bindings) == Ok(Value::Bool(true)),
                _ => fits,
            };
            if guarded {
                return self.body(&clause.body, &mut bindings);
            }
        }
        Err("no clause fits the value".to_owned())
    }

    fn body(&mut self, body: &[Statement], bindings: &mut Bindings) -> Result<Value, String> {
        let mut last = Value::Null;
        for statement in body {
            last = self.evaluate(&statement.value, bindings)?;
            if let Some(name) = &statement.name {
                self.made(&last)?;
                bindings.insert(name.clone(), last.clone());
            }
        }
        Ok(last)
    }

    pub(super) fn evaluate(
        &mut self,
        expression: &Expression,
        bindings: &mut Bindings,
    ) -> Result<Value, String> {
        match expression {
            Expression::Value(value) => Ok(value.clone()),
            Expression::Word(name) => Ok(bindings
                .get(name)
                .cloned()
                .or_else(|| atom(name))
                .unwrap_or_else(|| name.as_str().into())),
            Expression::List(items, rest) => self.list(items, rest.as_deref(), bindings),
            Expression::Pair(pair) => {
                let key = self.evaluate(&pair.0, bindings)?;
                let value = self.evaluate(&pair.1, bindings)?;
                Ok(Value::Object(Map::from_iter([(
                    to_text(&key).into_owned(),
                    value,
                )])))
            }
            Expression::Map(fields) => {
                let mut object = Map::new();
                for (key, value) in fields {
                    let key = self.evaluate(key, bindings)?;
                    object.insert(to_text(&key).into_owned(), self.evaluate(value, bindings)?);
                }
                Ok(Value::Object(object))
            }
            Expression::Field(object, field) => {
                let object = self.evaluate(object, bindings)?;
                Ok(object.get(field).cloned().unwrap_or(Value::Null))
            }
            Expression::Unary(operator, operand) => {
                let value = self.evaluate(operand, bindings)?;
                unary(*operator, &value)
            }
            Expression::Binary(operator, sides) => {
                self.binary(*operator, &sides.0, &sides.1, bindings)
            }
            Expression::Call(module, name, arguments) => {
                let mut values = Vec::new();
                for argument in arguments {
                    values.push(self.evaluate(argument, bindings)?);
                }
                let value = library::call(module, name, &values)?;
                self.made(&value)?;
                Ok(value)
            }
            Expression::Case(value, clauses) => {
                let value = self.evaluate(value, bindings)?;
                self.choose(clauses, value, bindings)
            }
            Expression::If(branches) => {
                for (condition, body) in branches {
                    if self.evaluate(condition, bindings) == Ok(Value::Bool(true)) {
                        return self.body(body, &mut bindings.clone());
                    }
                }
                Err("no branch of `if` is true".to_owned())
            }
        }
    }

    /// A list that holds pairs only is an object; where a key stands twice the first counts.
    fn list(
        &mut self,
        items: &[Expression],
        rest: Option<&Expression>,
        bindings: &mut Bindings,
    ) -> Result<Value, String> {
        let pairs =
            !items.is_empty() && items.iter().all(|item| matches!(item, Expression::Pair(_)));
        let mut values = Vec::new();
        for item in items {
            values.push(self.evaluate(item, bindings)?);
        }
        let rest = match rest {
            Some(rest) => self.evaluate(rest, bindings)?,
            None => Value::Array(Vec::new()),
        };
        let made = match rest {
            Value::Array(rest) if !pairs || !rest.is_empty() => {
                values.extend(rest);
                Value::Array(values)
            }
            Value::Array(_) => Value::Object(joined(values, Map::new())),
            Value::Object(rest) if pairs => Value::Object(joined(values, rest)),
            _ => return Err("a list's rest is no list".to_owned()),
        };
        self.made(&made)?;
        Ok(made)
    }

    fn binary(
        &mut self,
        operator: Binary,
        left: &Expression,
        right: &Expression,
        bindings: &mut Bindings,
    ) -> Result<Value, String> {
        let left = self.evaluate(left, bindings)?;
        match (operator, &left) {
            (Binary::AndAlso, Value::Bool(false)) | (Binary::OrElse, Value::Bool(true)) => {
                return Ok(left);
            }
            (Binary::AndAlso | Binary::OrElse, Value::Bool(_)) => {
                return self.evaluate(right, bindings);
            }
            _ => {}
        }
        let right = self.evaluate(right, bindings)?;
        let value = binary(operator, left, right)?;
        if matches!(operator, Binary::Append | Binary::Without) {
            self.made(&value)?;
        }
        Ok(value)
    }
}

fn joined(pairs: Vec<Value>, mut rest: Map<String, Value>) -> Map<String, Value> {
    for pair in pairs.into_iter().rev() {
        if let Value::Object(pair) = pair {
            rest.extend(pair);
        }
    }
    rest
}

fn unary(operator: Unary, value: &Value) -> Result<Value, String> {
    match operator {
        Unary::Plus => Ok(Value::Number(wanted_number(value)?)),
        Unary::Minus => binary(Binary::Subtract, 0.into(), value.clone()),
        Unary::Not => Ok((!wanted_flag(value)?).into()),
        Unary::BitNot => Ok((!wanted_whole(value)?).into()),
    }
}

fn binary(operator: Binary, left: Value, right: Value) -> Result<Value, String> {
    Ok(match operator {
        Binary::Add => calculate(&left, &right, i64::checked_add, |a, b| a + b)?,
        Binary::Subtract => calculate(&left, &right, i64::checked_sub, |a, b| a - b)?,
        Binary::Multiply => calculate(&left, &right, i64::checked_mul, |a, b| a * b)?,
        Binary::Divide => calculate(&left, &right, exact_quotient, |a, b| a / b)?,
        Binary::Div => whole(&left, &right, i64::checked_div)?,
        Binary::Rem => whole(&left, &right, i64::checked_rem)?,
        Binary::BitAnd => whole(&left, &right, |a, b| Some(a & b))?,
        Binary::BitOr => whole(&left, &right, |a, b| Some(a | b))?,
        Binary::BitXor => whole(&left, &right, |a, b| Some(a ^ b))?,
        Binary::ShiftLeft => whole(&left, &right, |a, b| {
            let by = u32::try_from(b).ok().filter(|by| *by < 64)?;
            a.checked_mul(1_i64.checked_shl(by).filter(|factor| *factor > 0)?)
        })?,
        Binary::ShiftRight => whole(&left, &right, |a, b| {
            Some(a >> u32::try_from(b).ok()?.min(63))
        })?,
        Binary::And | Binary::AndAlso => (wanted_flag(&left)? & wanted_flag(&right)?).into(),
        Binary::Or | Binary::OrElse => (wanted_flag(&left)? | wanted_flag(&right)?).into(),
        Binary::Xor => (wanted_flag(&left)? ^ wanted_flag(&right)?).into(),
        Binary::Equal => compare(&left, &right).is_eq().into(),
        Binary::NotEqual => compare(&left, &right).is_ne().into(),
        Binary::ExactlyEqual => (left == right).into(),
        Binary::NotExactlyEqual => (left != right).into(),
        Binary::Less => compare(&left, &right).is_lt().into(),
        Binary::LessOrEqual => compare(&left, &right).is_le().into(),
        Binary::More => compare(&left, &right).is_gt().into(),
        Binary::MoreOrEqual => compare(&left, &right).is_ge().into(),
        Binary::Append => match (left, right) {
            (Value::Array(mut left), Value::Array(right)) => {
                left.extend(right);
                Value::Array(left)
            }
            _ => return Err("`++` joins lists".to_owned()),
        },
        Binary::Without => match (left, right) {
            (Value::Array(mut left), Value::Array(right)) => {
                for item in right {
                    if let Some(at) = left.iter().position(|found| *found == item) {
                        left.remove(at);
                    }
                }
                Value::Array(left)
            }
            _ => return Err("`--` takes from lists".to_owned()),
        },
    })
}

fn exact_quotient(left: i64, right: i64) -> Option<i64> {
    left.checked_rem(right).filter(|rest| *rest == 0)?;
    left.checked_div(right)
}

/// Whole numbers stay exact while they fit.
fn calculate(
    left: &Value,
    right: &Value,
    exact: impl Fn(i64, i64) -> Option<i64>,
    inexact: impl Fn(f64, f64) -> f64,
) -> Result<Value, String> {
    let (left, right) = (wanted_number(left)?, wanted_number(right)?);
    if let (Some(left), Some(right)) = (left.as_i64(), right.as_i64())
        && let Some(result) = exact(left, right)
    {
        return Ok(result.into());
    }
    let result = inexact(
        left.as_f64().unwrap_or(f64::NAN),
        right.as_f64().unwrap_or(f64::NAN),
    );
    match result.is_finite() {
        true => Ok(number(result)),
        false if right.as_f64() == Some(0.0) => Err("division by zero".to_owned()),
        false => Err("the number is too large".to_owned()),
    }
}

fn whole(
    left: &Value,
    right: &Value,
    exact: impl Fn(i64, i64) -> Option<i64>,
) -> Result<Value, String> {
    let (left, right) = (wanted_whole(left)?, wanted_whole(right)?);
    exact(left, right)
        .map(Value::from)
        .ok_or_else(|| match right {
            0 => "division by zero".to_owned(),
            _ => "the number is too large".to_owned(),
        })
}

/// A number of JSON; a whole one without a fraction.
pub(super) fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 {
        return (value as i64).into();
    }
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

pub(super) fn to_number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        _ => None,
    }
}

fn wanted_number(value: &Value) -> Result<Number, String> {
    to_number(value).ok_or_else(|| format!("`{}` is no number", shown(value)))
}

pub(super) fn wanted_whole(value: &Value) -> Result<i64, String> {
    value
        .as_i64()
        .ok_or_else(|| format!("`{}` is no whole number", shown(value)))
}

fn wanted_flag(value: &Value) -> Result<bool, String> {
    value
        .as_bool()
        .ok_or_else(|| format!("`{}` is neither true nor false", shown(value)))
}

pub(super) fn shown(value: &Value) -> String {
    to_text(value).chars().take(40).collect()
}

/// Numbers stand before atoms, these before containers, texts are last: Erlang's order.
pub(super) fn compare(left: &Value, right: &Value) -> Ordering {
    if let (Value::Number(left), Value::Number(right)) = (left, right) {
        return match (left.as_i64(), right.as_i64()) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => left
                .as_f64()
                .partial_cmp(&right.as_f64())
                .unwrap_or(Ordering::Equal),
        };
    }
    let rank = |value: &Value| match value {
        Value::Number(_) => 0,
        Value::Null | Value::Bool(_) => 1,
        Value::Object(_) => 2,
        Value::Array(_) => 3,
        Value::String(_) => 4,
    };
    rank(left)
        .cmp(&rank(right))
        .then_with(|| to_text(left).cmp(&to_text(right)))
}
