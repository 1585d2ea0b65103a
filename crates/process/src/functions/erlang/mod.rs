//! The part of Erlang that `$.math`, `$.map` and `$.filter` take: expressions without loops or calls of one's own, so
//! each ends after as many steps as it is long.

mod eval;
mod lexer;
mod library;
mod parser;
mod syntax;

use serde_json::Value;

use eval::{Bindings, Machine, to_number};
pub(super) use syntax::Program;

/// Computes an arithmetic expression, rounded to six digits.
pub(super) fn arithmetic(text: &str) -> Result<Value, String> {
    // A negative value behind a sign (`{{a}}-{{b}}`) is no operator on lists.
    let text = text.replace("--", "- -").replace("++", "+ +");
    let expression = parser::expression(&text)?;
    let value = Machine::new(1_000).evaluate(&expression, &mut Bindings::new())?;
    let number = to_number(&value).ok_or("the result is no number")?;
    if number.is_i64() {
        return Ok(Value::Number(number));
    }
    let exact = number.as_f64().unwrap_or_default();
    let rounded = (exact * 1e6).round() / 1e6;
    let shown = if rounded.is_finite() { rounded } else { exact };
    Ok(eval::number(shown))
}

/// What the function makes of each item.
pub(super) fn map(program: &Program, items: Vec<Value>, bytes_max: usize) -> Result<Value, String> {
    let mut machine = Machine::new(bytes_max);
    let made = items.into_iter().map(|item| machine.run(program, item));
    Ok(Value::Array(made.collect::<Result<_, _>>()?))
}

/// The items for which the function gives true.
pub(super) fn filter(
    program: &Program,
    items: Vec<Value>,
    bytes_max: usize,
) -> Result<Value, String> {
    let mut machine = Machine::new(bytes_max);
    let mut kept = Vec::new();
    for item in items {
        match machine.run(program, item.clone())? {
            Value::Bool(true) => kept.push(item),
            Value::Bool(false) => {}
            _ => return Err("the function gives neither true nor false".to_owned()),
        }
    }
    Ok(Value::Array(kept))
}

#[cfg(test)]
mod tests;
