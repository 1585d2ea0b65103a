//! Code nodes: their program is run by a step of its own, which has no grants. `data` of its answer is the task's whole
//! new data; effects that it might ask for are not heard.

use crate::StepAnswer;
use serde_json::{Map, Value};
use vikno_process::{CallResult, CodeCall};

/// The component that runs JavaScript.
pub(crate) const RUN_CODE: &str = "run-code";

/// What is posted to it.
pub(crate) fn params(call: CodeCall) -> Map<String, Value> {
    Map::from_iter([
        ("source".to_owned(), Value::String(call.source)),
        ("data".to_owned(), Value::Object(call.data)),
    ])
}

/// What its answer means for the process. Its error codes are Corezoid's tags.
pub(crate) fn result(answer: StepAnswer) -> CallResult {
    match answer {
        StepAnswer::Done(mut response) => match response.data.remove("data") {
            Some(Value::Object(data)) => CallResult::code_data(data),
            _ => CallResult::code_return_format_error("the step answered no data".to_owned()),
        },
        StepAnswer::TimedOut => CallResult::code_timeout("no answer in time"),
        StepAnswer::Unreachable(cause) => CallResult::code_timeout(cause),
        StepAnswer::Failed(error) => match error.code.as_str() {
            "code_timeout" => CallResult::code_timeout(error.message),
            "code_return_format_error" => CallResult::code_return_format_error(error.message),
            "code_executing_error" => CallResult::code_executing_error(&error.message, None),
            _ if error.retryable => CallResult::code_timeout(error.to_string()),
            _ => CallResult::code_executing_error(&error.to_string(), None),
        },
    }
}
