//! What a step wants said: text ids and buttons, rendered later by the step that knows the language.

use crate::ButtonId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use vikno_domain::{Effect, MediaRef, MessageAuthor, Reaction, StepRequest, StepResponse};

/// A wish to say something, as it stands in a task's data under `reply`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// Text id; empty when there is nothing to say.
    #[serde(default)]
    pub text: String,
    /// Words already written; they stand in place of `text`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub literal: Option<String>,
    /// Text id of a second paragraph.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What the texts are filled in with.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub args: Map<String, Value>,
    /// Buttons below it, in reading order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<ReplyButton>,
    /// Who speaks.
    #[serde(default = "robot")]
    pub from: MessageAuthor,
}

/// A button whose label is still to be rendered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyButton {
    /// What comes back.
    pub id: String,
    /// Text id of the label.
    pub text: String,
    /// `contact` asks for the phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Opens this address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

fn robot() -> MessageAuthor {
    MessageAuthor::Robot
}

impl Reply {
    /// The robot says a text.
    pub(crate) fn robot(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            literal: None,
            note: None,
            args: Map::new(),
            buttons: Vec::new(),
            from: MessageAuthor::Robot,
        }
    }

    /// The platform tells what has happened.
    pub(crate) fn system(text: impl Into<String>) -> Self {
        Self {
            from: MessageAuthor::System,
            ..Self::robot(text)
        }
    }

    pub(crate) fn note(mut self, text: impl Into<String>) -> Self {
        self.note = Some(text.into());
        self
    }

    pub(crate) fn arg(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }

    pub(crate) fn buttons(mut self, buttons: impl IntoIterator<Item = ButtonId>) -> Self {
        self.buttons
            .extend(buttons.into_iter().map(ReplyButton::from));
        self
    }
}

/// As it is serialised; nothing is copied.
impl From<Reply> for Value {
    fn from(reply: Reply) -> Self {
        let mut fields = Map::new();
        let mut set = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                fields.insert(name.to_owned(), value);
            }
        };
        set("text", Some(reply.text.into()));
        set("literal", reply.literal.map(Self::from));
        set("note", reply.note.map(Self::from));
        set("args", (!reply.args.is_empty()).then(|| reply.args.into()));
        let buttons = reply.buttons.into_iter().map(Self::from);
        let buttons: Vec<Self> = buttons.collect();
        set("buttons", (!buttons.is_empty()).then(|| buttons.into()));
        set("from", Some(json!(reply.from)));
        Self::Object(fields)
    }
}

impl From<ReplyButton> for Value {
    fn from(button: ReplyButton) -> Self {
        let mut fields = Map::new();
        fields.insert("id".to_owned(), button.id.into());
        fields.insert("text".to_owned(), button.text.into());
        if let Some(kind) = button.kind {
            fields.insert("kind".to_owned(), kind.into());
        }
        if let Some(url) = button.url {
            fields.insert("url".to_owned(), url.into());
        }
        Self::Object(fields)
    }
}

impl From<ButtonId> for ReplyButton {
    fn from(button: ButtonId) -> Self {
        let asks_for_contact = button == ButtonId::SharePhone;
        Self {
            id: button.id(),
            text: button.text(),
            kind: asks_for_contact.then(|| "contact".to_owned()),
            url: None,
        }
    }
}

/// What the process does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Intent {
    None,
    Operator,
    Complete,
    Vote,
}

impl Intent {
    fn as_str(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Operator => "operator",
            Self::Complete => "complete",
            Self::Vote => "vote",
        }
    }
}

/// An answer under construction. All its keys are always set, so that nothing of an earlier event lives on
/// in the task's data.
pub(crate) struct Answer {
    reply: Option<Reply>,
    intent: Intent,
    queue: String,
    media: Option<MediaRef>,
    reaction: Option<Reaction>,
    unhelpful: u32,
    effects: Vec<Effect>,
}

impl Answer {
    pub(crate) fn nothing() -> Self {
        Self {
            reply: None,
            intent: Intent::None,
            queue: String::new(),
            media: None,
            reaction: None,
            unhelpful: 0,
            effects: Vec::new(),
        }
    }

    pub(crate) fn say(reply: Reply) -> Self {
        Self {
            reply: Some(reply),
            ..Self::nothing()
        }
    }

    pub(crate) fn intent(intent: Intent) -> Self {
        Self {
            intent,
            ..Self::nothing()
        }
    }

    pub(crate) fn then(mut self, intent: Intent) -> Self {
        self.intent = intent;
        self
    }

    pub(crate) fn queue(mut self, queue: impl Into<String>) -> Self {
        self.queue = queue.into();
        self
    }

    /// A file to send before the words.
    pub(crate) fn media(mut self, media: Option<MediaRef>) -> Self {
        self.media = media;
        self
    }

    /// Notes what the citizen did after the newest automatic answer, before anything else of this answer.
    pub(crate) fn after(mut self, request: &StepRequest, reaction: Reaction) -> Self {
        self.unhelpful = unhelpful_with(request, reaction);
        if request.conversation.replies.pending().is_some() {
            self.reaction = Some(reaction);
            self.effects.insert(0, Effect::Reacted { reaction });
        }
        self
    }

    pub(crate) fn effect(mut self, effect: Effect) -> Self {
        self.effects.push(effect);
        self
    }

    pub(crate) fn effect_if(self, wanted: bool, effect: Effect) -> Self {
        if wanted { self.effect(effect) } else { self }
    }

    pub(crate) fn done(self) -> StepResponse {
        let reply = self
            .reply
            .map_or_else(|| json!({ "text": "" }), Value::from);
        let mut data = json!({
            "reply": reply,
            "intent": self.intent.as_str(),
            "queue": self.queue,
            "reaction": self.reaction.map(Reaction::as_str).unwrap_or_default(),
            "unhelpful": self.unhelpful,
        });
        if let Some(media) = self.media {
            data["media"] = json!(media);
        }
        StepResponse {
            effects: self.effects,
            ..StepResponse::data(data)
        }
    }
}

/// Answers in a row that did not help, this reaction included.
pub(crate) fn unhelpful_with(request: &StepRequest, reaction: Reaction) -> u32 {
    let facts = &request.conversation.replies;
    match (facts.pending(), reaction) {
        (Some(_), Reaction::NotHelped) => facts.unhelpful.saturating_add(1),
        (Some(_), Reaction::Helped) => 0,
        _ => facts.unhelpful,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_stands_in_the_data_as_it_is_serialised() {
        let plain = Reply::robot("welcome");
        let full = Reply {
            literal: Some("words".to_owned()),
            ..Reply::system("joined")
                .note("note")
                .arg("name", "Olia")
                .buttons([ButtonId::Menu, ButtonId::SharePhone])
        };
        let mut linked = full.clone();
        linked.buttons[0].url = Some("https://example.org".to_owned());
        for reply in [plain, full, linked] {
            assert_eq!(json!(reply), Value::from(reply.clone()));
        }
    }
}
