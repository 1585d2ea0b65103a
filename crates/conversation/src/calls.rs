//! Calls of steps, as a dialogue's turn and a task's turn have them in common.

use crate::code;
use vikno_process::CallResult;

/// The step component that an address names: `http://NAME.spin.internal/`. Code runs by the code logic alone, since
/// an answer of its component is read in another way.
pub(crate) fn step_named_by(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("http://")?;
    let component = rest
        .strip_suffix('/')
        .unwrap_or(rest)
        .strip_suffix(".spin.internal")?;
    let named = !component.is_empty()
        && component
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    (named && component != code::RUN_CODE).then_some(component)
}

pub(crate) fn failed(
    tag: &str,
    hardware: bool,
    description: String,
    http_code: Option<u16>,
) -> CallResult {
    CallResult::Failed {
        tag: tag.to_owned(),
        hardware,
        description,
        http_code,
    }
}
