//! The one message that may be said to somebody who has opened the chat but is not subscribed: the organisation's own
//! welcome, made by the same steps as everywhere else. If they cannot be had, nothing is said.

use serde::Serialize;
use serde_json::{Value, json};
use vikno_channels::viber::{self, ViberContext};
use vikno_domain::{
    Button, Channel, ConversationStatus, InboundEvent, Language, MessageAuthor, OrgId,
    OutgoingMessage,
};
use vikno_shell::Response;

/// The answer to the callback: a welcome in Viber's form, or nothing.
pub async fn answer(org: &OrgId, event: &InboundEvent, now_ms: i64) -> Response {
    match said(org, event, now_ms).await {
        Ok(body) => vikno_shell::bytes(200, "application/json", body.into()),
        Err(cause) => {
            vikno_shell::log_error("welcome_failed", json!({ "org": org, "cause": cause }));
            vikno_shell::empty(200)
        }
    }
}

async fn said(org: &OrgId, event: &InboundEvent, now_ms: i64) -> Result<String, String> {
    let mut request = request(org, event, now_ms);
    let mut welcome = step("welcome", &request).await?;
    request.params = welcome["data"].take();
    let rendered = step("send-text", &request).await?;
    let message = message(&rendered).ok_or("send-text sends nothing")?;
    let sender_name = org.as_str().to_uppercase();
    let context = ViberContext {
        sender_name: &sender_name,
        media_url: None,
    };
    let bodies = viber::render(&message, &event.chat, context);
    // Only one message may be said, and the buttons are on the last one.
    bodies
        .into_iter()
        .next_back()
        .ok_or_else(|| "the welcome is empty".to_owned())
}

async fn step(name: &str, request: &Asked<'_>) -> Result<Value, String> {
    match vikno_shell::call::<Value>(name, "/", request).await? {
        (200, answer) => Ok(answer),
        (status, answer) => Err(format!("{name} answered {status}: {answer}")),
    }
}

/// A `StepRequest` about a conversation that has not begun: of its form only what has to be told. The whole form
/// read and written would make this webhook a third larger.
#[derive(Serialize)]
struct Asked<'a> {
    org: &'a str,
    now_ms: i64,
    conversation: Conversation<'a>,
    citizen: Citizen<'a>,
    event: &'a InboundEvent,
    params: Value,
}

#[derive(Serialize)]
struct Conversation<'a> {
    id: &'a str,
    status: &'a str,
    language: &'a str,
    channel: &'a str,
    opened_at_ms: i64,
    citizen_last_at_ms: i64,
}

#[derive(Serialize)]
struct Citizen<'a> {
    id: &'a str,
    chat: &'a str,
    name: Option<&'a str>,
}

fn request<'a>(org: &'a OrgId, event: &'a InboundEvent, now_ms: i64) -> Asked<'a> {
    let sender = event.sender.as_ref();
    // Without a hint of a language (`und`, undetermined) the organisation's default one is spoken.
    let language = sender.and_then(|sender| sender.language.as_ref());
    Asked {
        org: org.as_str(),
        now_ms,
        conversation: Conversation {
            id: "",
            status: ConversationStatus::Open.as_str(),
            language: language.map_or("und", Language::as_str),
            channel: Channel::Viber.as_str(),
            opened_at_ms: now_ms,
            citizen_last_at_ms: now_ms,
        },
        citizen: Citizen {
            id: "",
            chat: &event.chat,
            name: sender.and_then(|sender| sender.name.as_deref()),
        },
        event,
        params: json!({}),
    }
}

/// The words and the plain buttons of the first `send` effect.
fn message(response: &Value) -> Option<OutgoingMessage> {
    let effects = response["effects"].as_array()?;
    let send = effects.iter().find(|effect| effect["do"] == "send")?;
    let message = &send["message"];
    let text = message["text"].as_str()?;
    let buttons = message["buttons"].as_array().into_iter().flatten();
    Some(OutgoingMessage {
        buttons: buttons.filter_map(button).collect(),
        ..OutgoingMessage::text(MessageAuthor::Robot, text)
    })
}

fn button(button: &Value) -> Option<Button> {
    // Buttons that do more than send their id back carry a `kind`; they can wait for the dialogue.
    let plain = button.get("kind").is_none();
    plain.then_some(Button::reply(
        button["id"].as_str()?,
        button["label"].as_str()?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vikno_domain::{CitizenView, ConversationView, Effect, StepRequest, StepResponse};

    fn opened() -> InboundEvent {
        InboundEvent {
            channel: Channel::Viber,
            chat: "xy5/5y6O81+/kbWHpLhBoA==".to_owned(),
            dedupe_key: "1:conversation_started".to_owned(),
            at_ms: 1,
            sender: None,
            external_id: None,
            content: vikno_domain::Content::SessionStarted { context: None },
        }
    }

    #[test]
    fn the_steps_can_read_what_they_are_asked() {
        let org = OrgId::parse("ukc").unwrap();
        let asked: StepRequest =
            serde_json::from_value(json!(request(&org, &opened(), 5))).unwrap();
        let StepRequest {
            conversation,
            citizen,
            ..
        } = asked;
        let ConversationView {
            language,
            opened_at_ms,
            ..
        } = conversation;
        assert_eq!((language.as_str(), opened_at_ms), ("und", 5));
        let CitizenView { chat, .. } = citizen;
        assert_eq!(chat, opened().chat);
    }

    #[test]
    fn what_a_step_sends_is_read_with_its_plain_buttons() {
        let mut sent = OutgoingMessage::text(MessageAuthor::Robot, "Вітаємо!");
        sent.buttons = vec![Button::reply("topic:subsidies", "Субсидії")];
        let mut shared = Button::reply("share-phone", "Номер");
        shared.kind = vikno_domain::ButtonKind::Contact;
        let mut asking = sent.clone();
        asking.buttons.push(shared);
        let response = StepResponse::default().effect(Effect::Send { message: asking });
        let response = serde_json::to_value(response).unwrap();
        assert_eq!(message(&response), Some(sent));
        assert_eq!(message(&json!({ "data": {} })), None);
    }
}
