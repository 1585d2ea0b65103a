//! From what the engine reports to what the process author reads: which error, in which line.

use crate::CodeError;
use boa_engine::error::{EngineError, RuntimeLimitError};
use boa_engine::{Context, JsError, Source};
use std::path::Path;

/// How the engine names the author's source in its traces.
const SOURCE_NAME: &str = "source";
/// Characters of an error's message: it is stored in the task's data and in the journal.
const MESSAGE_CHARS_MAX: usize = 300;

/// The source under the name by which it is found in traces.
pub(crate) fn named<R>(source: Source<'_, R>) -> Source<'_, R> {
    source.with_path(Path::new(SOURCE_NAME))
}

/// The error of a run.
pub(crate) fn of(error: JsError, context: &mut Context) -> CodeError {
    match error.as_engine() {
        Some(EngineError::RuntimeLimit(RuntimeLimitError::LoopIteration)) => {
            return CodeError::Timeout;
        }
        Some(EngineError::RuntimeLimit(_)) => {
            return CodeError::executing(
                "calls are nested too deep; does a function call itself for ever?",
            );
        }
        Some(EngineError::Panic(_)) => {
            return CodeError::executing("the engine failed on this code");
        }
        None => {}
    }
    let (message, trace) = words(&error, context);
    let line = line_in(&trace).or_else(|| line_after(&message, "line "));
    CodeError::Executing {
        message: message.chars().take(MESSAGE_CHARS_MAX).collect(),
        line,
    }
}

/// The message, and the engine's trace of how it came to it.
fn words(error: &JsError, context: &mut Context) -> (String, String) {
    if let Ok(native) = error.try_native(context) {
        let message = format!("{}: {}", native.kind(), native.message().trim());
        return (message, error.to_string());
    }
    let thrown = error.as_opaque();
    match thrown.filter(|thrown| !thrown.is_object()) {
        Some(thrown) => {
            let text = thrown.as_string().map(|text| text.to_std_string_lossy());
            let text = text.unwrap_or_else(|| thrown.display().to_string());
            (format!("thrown: {text}"), error.to_string())
        }
        None => (
            "something was thrown that is no Error".to_owned(),
            String::new(),
        ),
    }
}

/// The innermost place in the author's source: `(source:LINE:COLUMN)`.
fn line_in(trace: &str) -> Option<u32> {
    let mut calls = trace.lines().filter(|line| line.starts_with("    at "));
    let mark = format!("({SOURCE_NAME}:");
    calls.find_map(|call| line_after(call, &mark))
}

fn line_after(text: &str, mark: &str) -> Option<u32> {
    let (_, rest) = text.split_once(mark)?;
    let digits = rest.split(|digit: char| !digit.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_call_of_the_source_gives_the_line() {
        let trace = "TypeError: x (source:9:9)\n    at map (native at lib.rs:1:2)\n    at f (source:3:4)\n    at <main> (source:7:1)";
        assert_eq!(line_in(trace), Some(3));
        assert_eq!(line_in("TypeError: x"), None);
        assert_eq!(line_in("    at <main> (source:?:?)"), None);
    }
}
