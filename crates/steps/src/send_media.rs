//! Action: send image message. Sends a file of the media store, with a caption in the language of the dialogue.

use crate::event::parameter;
use crate::send_text::Renderer;
use serde_json::{Map, Value};
use vikno_domain::{
    Effect, MediaRef, MessageAuthor, OutgoingMessage, Step, StepError, StepRequest, StepResponse,
};
use vikno_organisation::Organisation;
use vikno_texts::Texts;

/// Sends parameter `media` (`{id, type, name, size}`); parameter `caption` is a text id.
pub fn decide(request: &StepRequest, organisation: &Organisation, texts: &Texts) -> Step {
    let media = media(request)?;
    let render = Renderer::new(request, organisation, texts, Map::new());
    let text = parameter(request, "caption")
        .map(|caption| render.text(caption))
        .transpose()?;
    let message = OutgoingMessage {
        from: MessageAuthor::Robot,
        text,
        buttons: Vec::new(),
        media: Some(media),
    };
    Ok(StepResponse::default().effect(Effect::Send { message }))
}

fn media(request: &StepRequest) -> Result<MediaRef, StepError> {
    let media = match request.params.get("media") {
        Some(Value::String(json)) => serde_json::from_str(json),
        Some(media) => serde_json::from_value(media.clone()),
        None => return Err(invalid("There is no parameter 'media'.")),
    };
    let media: MediaRef = media
        .map_err(|error| invalid(format!("The file does not have the known form: {error}")))?;
    if media.id.is_empty() {
        return Err(invalid("The file has no id."));
    }
    Ok(media)
}

fn invalid(message: impl Into<String>) -> StepError {
    StepError::terminal("invalid_media", message)
}
