//! Requests to steps and a short way of writing down their answers.

use serde_json::{Map, Value, json};
use std::sync::Arc;
use vikno_domain::{
    Channel, CitizenView, Content, ConversationStatus, ConversationView, Effect, InboundEvent,
    Language, OperatorAction, OperatorRef, OrgId, ReplyFacts, Step, StepRequest,
};
use vikno_organisation::Organisation;
use vikno_replies::{Moment, Replies};

/// Noon of Tuesday 24.11.2026 in Kyiv.
pub const NOW_MS: i64 = 1_795_514_400_000;

pub const STATUSES: [ConversationStatus; 5] = [
    ConversationStatus::Open,
    ConversationStatus::Waiting,
    ConversationStatus::WithOperator,
    ConversationStatus::Voting,
    ConversationStatus::Closed,
];

pub fn organisation() -> Organisation {
    Organisation::parse(include_str!("organisation.toml")).unwrap()
}

pub fn replies() -> Replies {
    organisation()
        .replies(include_str!("replies.toml"))
        .unwrap()
}

/// What the organisation's clock shows at the request's time.
pub fn moment(request: &StepRequest) -> Moment {
    vikno_steps::moment(&organisation(), request.now_ms)
}

/// What messages handling decides.
pub fn handle_message(request: &StepRequest) -> Step {
    vikno_steps::messages_handling::decide(request, &organisation(), &replies(), moment(request))
}

/// What clicks handling decides.
pub fn handle_click(request: &StepRequest) -> Step {
    vikno_steps::clicks_handling::decide(request, &organisation(), &replies(), moment(request))
}

pub fn language(code: &str) -> Language {
    Language::parse(code).unwrap()
}

pub fn request(status: ConversationStatus, content: Content) -> StepRequest {
    StepRequest {
        org: OrgId::parse("minsoc").unwrap(),
        now_ms: NOW_MS,
        conversation: ConversationView {
            id: "c_1".into(),
            status,
            language: language("uk"),
            channel: Channel::Telegram,
            topic: None,
            queue: None,
            priority: 0,
            operator: None,
            opened_at_ms: NOW_MS - 60_000,
            citizen_last_at_ms: NOW_MS,
            operator_last_at_ms: 0,
            taken_at_ms: 0,
            served: false,
            misunderstood: 0,
            told_position: 0,
            replies: ReplyFacts::default(),
        },
        citizen: CitizenView {
            id: "p_1".into(),
            chat: "100".into(),
            name: None,
            phone: None,
            phone_verified: false,
            identity: None,
            earlier_conversations: 0,
        },
        event: Arc::new(InboundEvent {
            channel: Channel::Telegram,
            chat: "100".into(),
            dedupe_key: "update:1".into(),
            at_ms: NOW_MS,
            sender: None,
            external_id: None,
            content,
        }),
        params: Map::new(),
    }
}

pub fn with_params(mut request: StepRequest, params: Value) -> StepRequest {
    request.params = params.as_object().unwrap().clone();
    request
}

pub fn text(words: &str) -> Content {
    Content::Text { text: words.into() }
}

pub fn click(button: &str) -> Content {
    Content::Click {
        button: button.into(),
        callback: None,
    }
}

pub fn contact(phone: &str, own: bool) -> Content {
    Content::Contact {
        phone: phone.into(),
        name: None,
        own,
    }
}

pub fn operator(action: OperatorAction) -> Content {
    let operator = OperatorRef {
        id: "o_1".into(),
        name: "Олена".into(),
    };
    Content::Operator { operator, action }
}

/// An event as JSON, for the long ones.
pub fn event(content: Value) -> Content {
    serde_json::from_value(content).unwrap()
}

/// `text+note [buttons] >intent @queue !effect …`: only what is there.
pub fn told(step: Step) -> String {
    let response = match step {
        Ok(response) => response,
        Err(error) => return format!("error {}", error.code),
    };
    let mut parts = Vec::new();
    let reply = &response.data["reply"];
    let said = reply["text"].as_str().unwrap();
    if !said.is_empty() {
        let note = reply["note"]
            .as_str()
            .map(|note| format!("+{note}"))
            .unwrap_or_default();
        parts.push(format!("{said}{note}"));
    }
    if let Some(buttons) = reply["buttons"].as_array() {
        let ids: Vec<&str> = buttons
            .iter()
            .map(|button| button["id"].as_str().unwrap())
            .collect();
        parts.push(format!("[{}]", ids.join(" ")));
    }
    let intent = response.data["intent"].as_str().unwrap();
    let queue = response.data["queue"].as_str().unwrap();
    parts.extend((!intent.is_empty()).then(|| format!(">{intent}")));
    parts.extend((!queue.is_empty()).then(|| format!("@{queue}")));
    parts.extend(response.effects.iter().map(effect));
    parts.join(" ")
}

fn effect(effect: &Effect) -> String {
    let written = json!(effect);
    let name = written["do"].as_str().unwrap();
    let values = written
        .as_object()
        .unwrap()
        .iter()
        .filter(|(key, _)| *key != "do");
    let values = values.map(|(_, value)| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    });
    let values: Vec<String> = values.collect();
    if values.is_empty() {
        format!("!{name}")
    } else {
        format!("!{name}({})", values.join(","))
    }
}
