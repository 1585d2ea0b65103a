//! Runs code with the default limits and writes down in one line what came of it.

use serde_json::{Value, json};
use vikno_javascript::{Code, CodeError, Limits, run};

/// 2026-11-24T10:00:00Z.
pub const NOW_MS: u64 = 1_795_514_400_000;

/// Runs code over data.
pub fn outcome(source: &str, data: &Value) -> Result<Value, CodeError> {
    outcome_within(source, data, &Limits::default())
}

/// The same within other limits.
pub fn outcome_within(source: &str, data: &Value, limits: &Limits) -> Result<Value, CodeError> {
    let data = data.to_string();
    let code = Code {
        source,
        data: &data,
        now_ms: NOW_MS,
        seed: 1,
    };
    run(&code, limits).map(|data| serde_json::from_str(&data).unwrap())
}

/// The new data, or `tag: message`.
pub fn told(source: &str) -> String {
    match outcome(source, &json!({})) {
        Ok(data) => data.to_string(),
        Err(error) => format!("{}: {error}", error.tag()),
    }
}

/// What an expression is worth, as JSON.
pub fn worth(expression: &str) -> String {
    match outcome(&format!("data.it = {expression};"), &json!({})) {
        Ok(data) => data["it"].to_string(),
        Err(error) => format!("{}: {error}", error.tag()),
    }
}

/// Each expression is worth what stands beside it.
pub fn are_worth(table: &[(&str, &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .map(|(expression, expected)| (expression, expected, worth(expression)))
        .filter(|(_, expected, found)| *expected != found)
        .map(|(expression, expected, found)| {
            format!("{expression}\n  is     {found}\n  not    {expected}")
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Each source answers what stands beside it.
pub fn answer(table: &[(&str, &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .map(|(source, expected)| (source, expected, told(source)))
        .filter(|(_, expected, found)| *expected != found)
        .map(|(source, expected, found)| {
            format!("{source}\n  answers {found}\n  not     {expected}")
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
