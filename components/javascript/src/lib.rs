//! The sandbox of code nodes. What it does is in `vikno_javascript`; this only speaks `vikno:code`.

#[expect(unsafe_code, reason = "generated code")]
mod bindings {
    wit_bindgen::generate!({ path: "../../wit/code", world: "sandbox" });
    use super::Sandbox;
    export!(Sandbox);
}

use bindings::exports::vikno::code::javascript::{Code, CodeError, ExecutingError, Guest};
use vikno_javascript::Limits;

struct Sandbox;

impl Guest for Sandbox {
    fn run(code: Code) -> Result<String, CodeError> {
        let code = vikno_javascript::Code {
            source: &code.source,
            data: &code.data,
            now_ms: code.now_ms,
            seed: code.seed,
        };
        vikno_javascript::run(&code, &Limits::default()).map_err(told)
    }
}

fn told(error: vikno_javascript::CodeError) -> CodeError {
    use vikno_javascript::CodeError as Known;
    match error {
        Known::Timeout => CodeError::Timeout,
        Known::Executing { message, line } => {
            CodeError::Executing(ExecutingError { message, line })
        }
        Known::ReturnFormat(message) => CodeError::ReturnFormat(message),
    }
}
