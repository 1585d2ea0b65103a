//! The event of a turn as a step reads it.

use vikno_domain::{Content, Relayed, StepRequest};

/// What happened; of an event that another organisation passed on, the citizen's own.
pub(crate) fn content(request: &StepRequest) -> &Content {
    let mut content = &request.event.content;
    while let Content::Relayed {
        relayed: Relayed::FromCitizen { event },
    } = content
    {
        content = &event.content;
    }
    content
}

/// The words of the event: a text or the caption of a file.
pub(crate) fn text(request: &StepRequest) -> Option<&str> {
    match content(request) {
        Content::Text { text } | Content::Edited { text } => Some(text),
        Content::Media { caption, .. } => caption.as_deref(),
        _ => None,
    }
}

/// A text parameter that is given and not empty.
pub(crate) fn parameter<'a>(request: &'a StepRequest, name: &str) -> Option<&'a str> {
    let text = request.params.get(name)?.as_str()?.trim();
    (!text.is_empty()).then_some(text)
}

/// A parameter that says yes: `true`, `"true"`, `1`.
pub(crate) fn flag(request: &StepRequest, name: &str) -> bool {
    request.params.get(name).is_some_and(|value| {
        value.as_bool() == Some(true)
            || value.as_i64() == Some(1)
            || matches!(value.as_str(), Some("true" | "1"))
    })
}
