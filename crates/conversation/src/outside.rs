//! Events that a process of an outside Corezoid is asked about first: passed on by the outbox in their order, answered
//! by a callback, taken by the organisation's own processes where no answer comes.

use crate::effects::Book;
use crate::entry::Entry;
use crate::{Direction, OutboxKind, OutboxRecord, Outcome};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use vikno_domain::{
    Button, Channel, Content, ConversationStatus, Effect, InboundEvent, MessageAuthor,
    OperatorAction, OutgoingMessage, OutsideOrder, plain_text,
};

/// Who it was, as the journal names them.
const ACTOR: &str = "corezoid";
/// Longest answer in characters; channels split it further.
const TEXT_CHARS_MAX: usize = 8_000;
/// As many buttons as a menu has.
const BUTTONS_MAX: usize = 12;
/// Telegram lets a button's id have 64 bytes.
const BUTTON_ID_BYTES_MAX: usize = 64;
/// After it was found away a dialogue does not wait for it for so long.
const AWAY_MS: i64 = 60_000;
/// A dialogue with so many open calls is answered by its own processes.
const CALLS_MAX: usize = 20;

/// The processes there, by event (`message`, `click`, `end`, `vote`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outside {
    /// How long an answer is waited for, milliseconds.
    pub wait_ms: i64,
    /// Number or alias by event.
    pub processes: BTreeMap<String, String>,
}

/// An event that was passed on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutsideCall {
    /// Its number in the dialogue.
    pub number: u64,
    /// After that the dialogue's own processes take it, Unix milliseconds.
    pub until_ms: i64,
    /// The event.
    pub event: Box<InboundEvent>,
    /// What became of it, where an earlier call is still open: people hear answers in the order of their words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Told>,
}

/// What Corezoid told of a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// Its answer.
    Answer(Map<String, Value>),
    /// It cannot be reached.
    Away,
}

/// The open calls of a dialogue, the oldest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct OutsideCalls {
    /// How many there were.
    #[serde(default)]
    made: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    open: Vec<OutsideCall>,
    /// Until then it is told of events but not waited for, Unix milliseconds.
    #[serde(default)]
    away_until_ms: i64,
}

impl OutsideCalls {
    pub(crate) fn is_empty(&self) -> bool {
        self.made == 0
    }

    /// When the oldest one is to be looked at: at once where its fate is known.
    pub(crate) fn next_wake_ms(&self, now_ms: i64) -> Option<i64> {
        let first = self.open.first()?;
        Some(first.told.as_ref().map_or(first.until_ms, |_| now_ms))
    }
}

/// For which event a process may be named.
fn kind(content: &Content) -> Option<&'static str> {
    match content {
        Content::Text { .. }
        | Content::Media { .. }
        | Content::Contact { .. }
        | Content::Location { .. } => Some("message"),
        Content::Click { .. } => Some("click"),
        Content::Vote { .. } => Some("vote"),
        Content::Operator {
            action: OperatorAction::Close { .. },
            ..
        } => Some("end"),
        _ => None,
    }
}

impl Book<'_> {
    /// The own processes have their turn, unless a process there is to be asked first.
    pub(crate) fn unless_outside(&mut self, event: &InboundEvent, entry: Entry) -> Entry {
        let settings = self.settings;
        let named = kind(&event.content)
            .and_then(|kind| Some((kind, settings.outside.processes.get(kind)?)));
        match (entry, named) {
            (Entry::Process, Some((kind, process))) if self.may_ask_outside(kind) => {
                if self.ask_outside(event, kind, process) {
                    Entry::Done(Outcome::Applied)
                } else {
                    Entry::Process
                }
            }
            (entry, _) => entry,
        }
    }

    /// While a person has the dialogue, only its end is asked about.
    fn may_ask_outside(&self, kind: &str) -> bool {
        let Some(conversation) = &self.conversation else {
            return false;
        };
        let robot_talks = matches!(
            conversation.status,
            ConversationStatus::Open | ConversationStatus::Voting
        );
        (robot_talks || kind == "end")
            && self.peer(Direction::In).is_none()
            && conversation.facts.outside.open.len() < CALLS_MAX
    }

    /// Passes the event on; whether its answer is to be waited for.
    fn ask_outside(&mut self, event: &InboundEvent, kind: &str, process: &str) -> bool {
        let (wait_ms, now_ms) = (self.settings.outside.wait_ms, self.now_ms);
        let citizen = json!({
            "id": self.citizen.id, "name": self.citizen.name, "phone": self.citizen.phone,
            "phone_verified": self.citizen.phone_verified, "identity": self.citizen.identity,
        });
        let Some(conversation) = &mut self.conversation else {
            return false;
        };
        let calls = &mut conversation.facts.outside;
        calls.made += 1;
        let call = format!("{}.{}", conversation.id, calls.made);
        // Behind one that is waited for the own processes would overtake it.
        let waits = calls.away_until_ms <= now_ms || !calls.open.is_empty();
        if waits {
            calls.open.push(OutsideCall {
                number: calls.made,
                until_ms: now_ms + wait_ms,
                event: Box::new(event.clone()),
                told: None,
            });
        }
        let wakes = [calls.next_wake_ms(now_ms), conversation.wake_at_ms];
        conversation.wake_at_ms = wakes.into_iter().flatten().min();
        let mut data = data(event, kind);
        data.insert("conversation_id".to_owned(), json!(conversation.id));
        data.insert("channel".to_owned(), json!(conversation.channel));
        data.insert("language".to_owned(), json!(conversation.language));
        data.insert("status".to_owned(), json!(conversation.status));
        data.insert("topic".to_owned(), json!(conversation.topic));
        data.insert("citizen".to_owned(), citizen);
        data.insert("waits".to_owned(), json!(waits));
        let order = OutsideOrder {
            call: call.clone(),
            process: process.to_owned(),
            channel: conversation.channel,
            chat: conversation.chat.clone(),
            data,
        };
        self.decision.outbox.push(OutboxRecord {
            kind: OutboxKind::Send,
            channel: Channel::Api,
            chat: conversation.id.clone(),
            conversation_id: Some(conversation.id.clone()),
            message_id: None,
            payload: json!(order),
        });
        let data = json!({ "call": call, "event": kind, "process": process, "waits": waits });
        self.journal(ACTOR, "outside_asked", data);
        waits
    }

    /// Corezoid answers, or it was found that it cannot.
    pub(crate) fn outside_told(
        &mut self,
        call: &str,
        answer: Option<&Map<String, Value>>,
    ) -> Entry {
        let open = self.conversation.as_mut().and_then(|conversation| {
            let number = call
                .strip_prefix(conversation.id.as_str())?
                .strip_prefix('.')?;
            let number: u64 = number.parse().ok()?;
            let open = conversation.facts.outside.open.iter_mut();
            open.into_iter()
                .find(|open| open.number == number && open.told.is_none())
        });
        let Some(open) = open else {
            if answer.is_some() {
                self.journal(ACTOR, "outside_answer_late", json!({ "call": call }));
            }
            return Entry::Done(Outcome::Ignored);
        };
        open.told = Some(answer.map_or(Told::Away, |answer| Told::Answer(answer.clone())));
        self.settle_outside()
    }

    /// The dialogue's time has come: perhaps that of its oldest call.
    pub(crate) fn outside_silent(&mut self) -> Entry {
        match self.settle_outside() {
            Entry::Again(event) => Entry::Again(event),
            _ => Entry::Timer,
        }
    }

    /// Carries out what is known, the oldest first, until one has to be waited for or the own processes take one.
    fn settle_outside(&mut self) -> Entry {
        let now_ms = self.now_ms;
        loop {
            let Some(calls) = self
                .conversation
                .as_mut()
                .map(|conversation| &mut conversation.facts.outside.open)
            else {
                return Entry::Done(Outcome::Applied);
            };
            let is_known = |call: &OutsideCall| call.told.is_some() || call.until_ms <= now_ms;
            if !calls.first().is_some_and(is_known) {
                // What is left is woken for.
                return Entry::Timer;
            }
            let OutsideCall {
                number,
                event,
                told,
                ..
            } = calls.remove(0);
            let why = match told {
                Some(Told::Answer(answer)) if self.carry_out(number, &answer) => continue,
                Some(Told::Answer(_)) => "declined",
                Some(Told::Away) => {
                    if let Some(conversation) = &mut self.conversation {
                        conversation.facts.outside.away_until_ms = now_ms + AWAY_MS;
                    }
                    "away"
                }
                None => "silent",
            };
            self.journal(
                ACTOR,
                "outside_given_up",
                json!({ "number": number, "why": why }),
            );
            return Entry::Again(event);
        }
    }

    /// Whether there was anything to carry out.
    fn carry_out(&mut self, number: u64, answer: &Map<String, Value>) -> bool {
        let message = message(answer);
        let queue = self.queue(answer);
        let ends = answer.get("end") == Some(&Value::Bool(true));
        let rates = answer.get("rate") == Some(&Value::Bool(true));
        if message.is_none() && queue.is_none() && !ends && !rates {
            return false;
        }
        let data = json!({ "number": number, "says": message.is_some(), "queue": queue, "ends": ends, "rates": rates });
        self.journal(ACTOR, "outside_answered", data);
        if let Some(message) = message {
            self.say(message, None);
        }
        if let Some(queue) = queue {
            self.apply(Effect::Enqueue { queue, position: 0 });
        } else if rates {
            self.apply(Effect::AskVote);
        } else if ends {
            self.close("outside", ACTOR);
        }
        true
    }

    /// The queue that is wished; what names none of ours stands for the default one.
    fn queue(&self, answer: &Map<String, Value>) -> Option<String> {
        let wished = answer.get("queue").filter(|queue| !queue.is_null())?;
        let own = self.settings.queues.iter();
        let known = own.into_iter().find(|own| wished == own.as_str());
        Some(known.unwrap_or(&self.settings.default_queue).clone())
    }
}

/// What the event tells, in the words of the task's parameters.
fn data(event: &InboundEvent, kind: &str) -> Map<String, Value> {
    let told = match &event.content {
        Content::Text { text } => json!({ "text": text }),
        Content::Click { button, .. } => json!({ "button": button }),
        Content::Vote { score, comment } => json!({ "score": score, "comment": comment }),
        Content::Media { media, caption, .. } => {
            json!({ "text": caption, "media": { "kind": media.kind, "name": media.name } })
        }
        Content::Contact { phone, name, own } => {
            json!({ "contact": { "phone": phone, "name": name, "own": own } })
        }
        Content::Location {
            latitude,
            longitude,
            title,
        } => {
            json!({ "location": { "latitude": latitude, "longitude": longitude, "title": title } })
        }
        Content::Operator {
            operator,
            action: OperatorAction::Close { reason },
        } => json!({ "operator": operator.name, "reason": reason }),
        _ => Value::Null,
    };
    let mut data = match told {
        Value::Object(data) => data,
        _ => Map::new(),
    };
    data.insert("event".to_owned(), kind.into());
    data.insert("at_ms".to_owned(), event.at_ms.into());
    data
}

/// What is to be said; nothing that comes from outside is trusted to be short or well formed.
fn message(answer: &Map<String, Value>) -> Option<OutgoingMessage> {
    let text: String = plain_text(answer.get("text")?.as_str()?)
        .chars()
        .take(TEXT_CHARS_MAX)
        .collect();
    if text.trim().is_empty() {
        return None;
    }
    let buttons = answer.get("buttons").and_then(Value::as_array);
    let buttons = buttons.into_iter().flatten().filter_map(|button| {
        let id = button.get("id")?.as_str()?;
        let label = plain_text(button.get("label")?.as_str()?);
        let fits = (1..=BUTTON_ID_BYTES_MAX).contains(&id.len()) && !label.trim().is_empty();
        fits.then(|| Button::reply(id, label.trim()))
    });
    Some(OutgoingMessage {
        from: MessageAuthor::Robot,
        text: Some(text),
        buttons: buttons.take(BUTTONS_MAX).collect(),
        media: None,
    })
}
