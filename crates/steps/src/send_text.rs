//! Action: send text message. Renders a reply in the language of the dialogue.

use crate::event::parameter;
use crate::{Reply, ReplyButton};
use serde::Deserialize as _;
use serde_json::{Map, Value};
use vikno_domain::{
    Button, ButtonKind, Effect, Language, OutgoingMessage, Step, StepError, StepRequest,
    StepResponse,
};
use vikno_organisation::Organisation;
use vikno_texts::Texts;

/// Telegram's limit for a button's id.
const BUTTON_ID_BYTES_MAX: usize = 64;

/// Says parameter `reply` (or, in short, the text id in parameter `text`).
pub fn decide(request: &StepRequest, organisation: &Organisation, texts: &Texts) -> Step {
    let Some(reply) = reply(request)? else {
        return Ok(StepResponse::default());
    };
    let render = Renderer::new(request, organisation, texts, reply.args);
    let text = match &reply.literal {
        Some(literal) => literal.clone(),
        None => render.text(&reply.text)?,
    };
    let text = match &reply.note {
        Some(note) => format!("{text}\n\n{}", render.text(note)?),
        None => text,
    };
    let buttons = reply
        .buttons
        .into_iter()
        .map(|button| render.button(button));
    let message = OutgoingMessage {
        from: reply.from,
        text: Some(text),
        buttons: buttons.collect::<Result<_, _>>()?,
        media: None,
    };
    Ok(StepResponse::default().effect(Effect::Send { message }))
}

/// What is to be said; none for an empty reply.
fn reply(request: &StepRequest) -> Result<Option<Reply>, StepError> {
    let reply = match request.params.get("reply") {
        // A process passes objects as text where its author forgot the type.
        Some(Value::String(json)) if !json.trim().is_empty() => read(serde_json::from_str(json))?,
        Some(reply @ Value::Object(_)) => read(Reply::deserialize(reply))?,
        _ => match parameter(request, "text") {
            Some(text) => Reply::robot(text),
            None => return Ok(None),
        },
    };
    let says_something = !reply.text.is_empty() || reply.literal.is_some();
    Ok(says_something.then_some(reply))
}

fn read(reply: Result<Reply, serde_json::Error>) -> Result<Reply, StepError> {
    reply.map_err(|error| {
        StepError::terminal(
            "invalid_reply",
            format!("The reply does not have the known form: {error}"),
        )
    })
}

/// Renders texts with the arguments of a reply and those that every text may use.
pub(crate) struct Renderer<'a> {
    texts: &'a Texts,
    language: &'a Language,
    args: Map<String, Value>,
}

impl<'a> Renderer<'a> {
    pub(crate) fn new(
        request: &'a StepRequest,
        organisation: &'a Organisation,
        texts: &'a Texts,
        mut args: Map<String, Value>,
    ) -> Self {
        let language = organisation.language(Some(&request.conversation.language));
        let name = organisation.name.get(language);
        args.entry("organisation").or_insert_with(|| name.into());
        Self {
            texts,
            language,
            args,
        }
    }

    pub(crate) fn text(&self, id: &str) -> Result<String, StepError> {
        let rendered = self.texts.render(self.language, id, &self.args);
        rendered.map_err(|error| StepError::terminal("unknown_text", error.to_string()))
    }

    fn button(&self, button: ReplyButton) -> Result<Button, StepError> {
        if button.id.len() > BUTTON_ID_BYTES_MAX {
            let message = format!(
                "The id of button '{}' is longer than {BUTTON_ID_BYTES_MAX} bytes.",
                button.text
            );
            return Err(StepError::terminal("invalid_reply", message));
        }
        let kind = match (button.url, button.kind.as_deref()) {
            (Some(url), _) => ButtonKind::Url(url),
            (None, Some("contact")) => ButtonKind::Contact,
            (None, _) => ButtonKind::Reply,
        };
        Ok(Button {
            label: self.text(&button.text)?,
            id: button.id,
            kind,
        })
    }
}
