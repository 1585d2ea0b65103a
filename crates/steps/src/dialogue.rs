//! Dialogue: what an outside system asks of a dialogue, read from a task's parameters. It decides whether the wish can be
//! understood; whether it may be fulfilled decides the dialogue itself.

use crate::Phone;
use crate::event::{flag, parameter};
use serde_json::{Value, json};
use vikno_domain::{
    Button, Channel, ConversationStatus, DialogueAct, DialogueRequest, Effect, Language,
    MessageAuthor, OrgId, OutgoingMessage, Step, StepError, StepRequest, StepResponse, plain_text,
};
use vikno_organisation::Organisation;

/// Longest text in characters, as operators' are.
const TEXT_CHARS_MAX: usize = 4_000;
/// Longest name in characters.
const NAME_CHARS_MAX: usize = 200;
/// Longest reason in characters.
const REASON_CHARS_MAX: usize = 500;
/// Buttons under one message: Viber takes no more rows.
const BUTTONS_MAX: usize = 24;
/// Longest id of a button in bytes: Telegram's limit.
const BUTTON_BYTES_MAX: usize = 64;
/// Longest label in characters.
const LABEL_CHARS_MAX: usize = 100;

/// How the parameters name a dialogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target<'a> {
    /// `conversation_id`.
    Conversation(&'a str),
    /// `channel` and `chat`: whatever is under way there.
    Chat(Channel, &'a str),
}

/// Where that dialogue is: its channel and chat.
pub type Address = (Channel, String);

/// Which dialogue is meant.
pub fn target(request: &StepRequest) -> Result<Target<'_>, StepError> {
    if let Some(id) = parameter(request, "conversation_id") {
        return Ok(Target::Conversation(id));
    }
    match (parameter(request, "channel"), parameter(request, "chat")) {
        (Some(channel), Some(chat)) => {
            let channel = Channel::parse(channel).ok();
            let of_citizens = channel.filter(|channel| *channel != Channel::Api);
            let channel = of_citizens.ok_or_else(|| invalid("channel", "is no channel"))?;
            Ok(Target::Chat(channel, chat))
        }
        _ => Err(invalid(
            "conversation_id",
            "is missing; or give channel and chat",
        )),
    }
}

/// Asks the dialogue at that address; none found: a failure that names it.
pub fn decide(
    request: &StepRequest,
    organisation: &Organisation,
    address: Option<Address>,
) -> Step {
    let act = act(request, organisation)?;
    let (channel, chat) = address.ok_or_else(|| {
        StepError::terminal("unknown_dialogue", "There is no such dialogue or chat.")
    })?;
    let conversation = parameter(request, "conversation_id").map(str::to_owned);
    let asked = StepResponse::data(json!({ "asked": act.verb() }));
    Ok(asked.effect(Effect::Ask {
        request: DialogueRequest {
            channel,
            chat,
            conversation,
            act,
        },
    }))
}

fn act(request: &StepRequest, organisation: &Organisation) -> Result<DialogueAct, StepError> {
    match parameter(request, "do").unwrap_or_default() {
        "say" => say(request),
        "status" => status(request),
        "end" => Ok(DialogueAct::End {
            rate: !is_no(request, "rate"),
        }),
        "move" => moving(request),
        "update" => update(request, organisation),
        _ => Err(invalid("do", "is none of say, status, end, move, update")),
    }
}

fn say(request: &StepRequest) -> Result<DialogueAct, StepError> {
    let text =
        words(request, "text", TEXT_CHARS_MAX)?.ok_or_else(|| invalid("text", "is missing"))?;
    Ok(DialogueAct::Say {
        message: OutgoingMessage {
            buttons: buttons(request)?,
            ..OutgoingMessage::text(MessageAuthor::Robot, text)
        },
    })
}

/// A list, or a list written as text: so it comes out of a process's parameter.
fn buttons(request: &StepRequest) -> Result<Vec<Button>, StepError> {
    let list = match request.params.get("buttons") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::String(text)) if text.trim().is_empty() => return Ok(Vec::new()),
        Some(Value::String(text)) => serde_json::from_str(text).ok(),
        Some(value) => Some(value.clone()),
    };
    let list = match list {
        Some(Value::Array(list)) if list.len() <= BUTTONS_MAX => list,
        _ => return Err(invalid("buttons", "is no list of at most 24 buttons")),
    };
    let buttons: Option<Vec<Button>> = list.iter().map(button).collect();
    buttons.ok_or_else(|| invalid("buttons", "has one without an id (64 bytes) or a label"))
}

fn button(value: &Value) -> Option<Button> {
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    let (id, label) = (text("id"), text("label"));
    let fits = (1..=BUTTON_BYTES_MAX).contains(&id.len())
        && !label.trim().is_empty()
        && label.chars().count() <= LABEL_CHARS_MAX;
    fits.then(|| Button::reply(id, label))
}

fn status(request: &StepRequest) -> Result<DialogueAct, StepError> {
    match parameter(request, "status").and_then(ConversationStatus::parse) {
        Some(ConversationStatus::Open) => Ok(DialogueAct::Release),
        Some(ConversationStatus::Waiting) => Ok(DialogueAct::Enqueue {
            queue: parameter(request, "queue").map(str::to_owned),
        }),
        Some(ConversationStatus::Voting) => Ok(DialogueAct::End { rate: true }),
        Some(ConversationStatus::Closed) => Ok(DialogueAct::End { rate: false }),
        Some(ConversationStatus::WithOperator) => Err(StepError::terminal(
            "needs_operator",
            "Only an operator takes a dialogue; put it into a queue with status waiting.",
        )),
        None => Err(invalid(
            "status",
            "is none of open, waiting, voting, closed",
        )),
    }
}

fn moving(request: &StepRequest) -> Result<DialogueAct, StepError> {
    let queue = parameter(request, "queue").map(str::to_owned);
    let Some(org) = parameter(request, "org") else {
        let queue = queue.ok_or_else(|| invalid("queue", "is missing; name a queue, or an org"))?;
        return Ok(DialogueAct::Enqueue { queue: Some(queue) });
    };
    Ok(DialogueAct::MoveToOrganisation {
        org: OrgId::parse(org).map_err(|error| invalid("org", &error.to_string()))?,
        queue,
        reason: words(request, "reason", REASON_CHARS_MAX)?,
    })
}

fn update(request: &StepRequest, organisation: &Organisation) -> Result<DialogueAct, StepError> {
    let phone = parameter(request, "phone")
        .map(|phone| Phone::parse(phone).ok_or_else(|| invalid("phone", "is no phone number")))
        .transpose()?;
    let language = parameter(request, "language")
        .map(|tag| Language::parse(tag).map_err(|error| invalid("language", &error.to_string())))
        .transpose()?;
    let topic = parameter(request, "topic").map(str::to_owned);
    if topic
        .as_ref()
        .is_some_and(|id| organisation.topics.iter().all(|known| known.id != *id))
    {
        return Err(invalid("topic", "is no topic of this organisation"));
    }
    let act = DialogueAct::Update {
        name: words(request, "name", NAME_CHARS_MAX)?,
        phone_verified: phone.is_some() && flag(request, "phone_verified"),
        phone: phone.map(|phone| phone.as_str().to_owned()),
        language,
        topic,
        priority: priority(request)?,
    };
    let nothing = DialogueAct::Update {
        name: None,
        phone: None,
        phone_verified: false,
        language: None,
        topic: None,
        priority: None,
    };
    if act == nothing {
        return Err(invalid(
            "name",
            "or phone, language, topic or priority has to be given",
        ));
    }
    Ok(act)
}

fn priority(request: &StepRequest) -> Result<Option<i64>, StepError> {
    let number = match request.params.get("priority") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => return Ok(None),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(value) => value.as_i64(),
    };
    match number {
        Some(0..=9) => Ok(number),
        _ => Err(invalid("priority", "is no whole number from 0 to 9")),
    }
}

fn is_no(request: &StepRequest, name: &str) -> bool {
    request.params.get(name).is_some_and(|value| {
        value.as_bool() == Some(false)
            || value.as_i64() == Some(0)
            || matches!(value.as_str(), Some("false" | "0"))
    })
}

/// Words without control characters; absent when nothing is left.
fn words(
    request: &StepRequest,
    name: &'static str,
    chars_max: usize,
) -> Result<Option<String>, StepError> {
    let Some(given) = parameter(request, name) else {
        return Ok(None);
    };
    let text = plain_text(given);
    if text.chars().count() > chars_max {
        return Err(invalid(name, "is too long"));
    }
    Ok(Some(text).filter(|text| !text.trim().is_empty()))
}

fn invalid(name: &str, what: &str) -> StepError {
    StepError::terminal("invalid_parameter", format!("'{name}' {what}."))
}
