//! Run code: what a code node's step asks of the sandbox, and what its answer means to the process.

use serde_json::{Map, Value, json};
use vikno_domain::{Step, StepError, StepRequest, StepResponse};

/// What is to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// JavaScript that works on the global `data`.
    pub source: String,
    /// The task's data, a JSON object.
    pub data: String,
    /// What `Date` says, Unix milliseconds.
    pub now_ms: u64,
    /// What `Math.random` draws from.
    pub seed: u64,
}

/// Why code gave no data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It ran longer than it may.
    Timeout,
    /// It is no JavaScript, or it threw.
    Executing {
        /// In words, for the process author.
        message: String,
        /// Where in the source, from 1, when known.
        line: Option<u32>,
    },
    /// What it left in `data` is no JSON object.
    ReturnFormat(String),
}

/// Reads the parameters `source`, `data` and, for a run that is to be repeated, `seed`; else the seed is `drawn`.
pub fn order(request: &StepRequest, drawn: u64) -> Result<Order, StepError> {
    let source = match request.params.get("source") {
        Some(Value::String(source)) => source.clone(),
        _ => return Err(executing("the parameter `source` holds no text")),
    };
    let data = match request.params.get("data") {
        Some(data @ Value::Object(_)) => data.to_string(),
        None => "{}".to_owned(),
        Some(_) => return Err(executing("the parameter `data` holds no object")),
    };
    let seed = request.params.get("seed").and_then(Value::as_u64);
    Ok(Order {
        source,
        data,
        now_ms: u64::try_from(request.now_ms).unwrap_or(0),
        seed: seed.unwrap_or(drawn),
    })
}

/// The whole new data as `data`, or Corezoid's tag as the error's code. Only a timeout may pass: it is what Corezoid
/// calls a hardware error.
pub fn answer(outcome: Result<String, Failure>) -> Step {
    match outcome {
        Ok(data) => match serde_json::from_str::<Map<String, Value>>(&data) {
            Ok(data) => Ok(StepResponse::data(json!({ "data": data }))),
            Err(_) => Err(format_error("the sandbox answered no JSON object")),
        },
        Err(Failure::Timeout) => Err(StepError::retryable(
            "code_timeout",
            "the code ran longer than it may",
        )),
        Err(Failure::Executing { message, line }) => {
            let place = line
                .map(|line| format!("line {line}: "))
                .unwrap_or_default();
            Err(executing(&format!("{place}{message}")))
        }
        Err(Failure::ReturnFormat(message)) => Err(format_error(&message)),
    }
}

fn executing(message: &str) -> StepError {
    StepError::terminal("code_executing_error", message)
}

fn format_error(message: &str) -> StepError {
    StepError::terminal("code_return_format_error", message)
}
