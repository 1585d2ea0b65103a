//! What people did in a recorded dialogue. Messages tell most of it; the rest (opening the chat, taking and ending a
//! dialogue, a vote) shows only by what was said after it.

use super::Recorded;
use super::export::RecordedMessage;
use super::keys::Keys;
use crate::Centre;
use crate::mask::mask;
use serde_json::Value;
use vikno_domain::{
    Channel, Content, IncomingMedia, Language, MediaKind, OperatorAction, OperatorRef,
};

/// After the last message the dialogue is watched for so long.
const WATCHED_MS: i64 = 1_000;
/// In place of a number that no export holds.
pub(super) const PHONE: &str = "+380501234567";
/// In place of a comment, a score that leads to the same words.
const GOOD: u8 = 5;
const BAD: u8 = 1;

/// What was said by the robot or the platform.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Told {
    pub(crate) at_ms: i64,
    pub(crate) text: String,
    pub(crate) keys: Vec<String>,
}

/// What somebody did, and what was said until the next act.
#[derive(Debug, Clone)]
pub(crate) struct RecordedAct {
    pub(crate) at_ms: i64,
    pub(crate) deed: Deed,
    pub(crate) told: Vec<Told>,
}

/// What somebody did.
#[derive(Debug, Clone)]
pub(crate) enum Deed {
    Opens,
    Says(String),
    Presses { id: String, label: String },
    Sends(MediaKind, Option<String>, Option<String>),
    Shares { own: bool },
    Place(f64, f64),
    Votes(u8),
    Operator(String, OperatorAction),
}

/// All of it.
#[derive(Debug)]
pub(crate) struct Acts {
    pub(crate) channel: Channel,
    pub(crate) language: Language,
    pub(crate) list: Vec<RecordedAct>,
    pub(crate) last_ms: i64,
}

impl Acts {
    /// Reads them out of the messages, or tells why the dialogue cannot be repeated.
    pub(crate) fn of(centre: &Centre, keys: &Keys, recorded: &Recorded) -> Result<Self, String> {
        let mut reading = Reading {
            centre,
            keys,
            list: Vec::new(),
            answered: true,
            operator: None,
            language: None,
        };
        for message in &recorded.messages {
            reading.message(message)?;
        }
        let last_ms = recorded.messages.last().map_or(0, |message| message.at_ms);
        let spoken = reading.language.or_else(|| recorded.language.clone());
        let language = centre.organisation.language(spoken.as_ref()).clone();
        Ok(Self {
            channel: recorded.channel.unwrap_or(Channel::Telegram),
            language,
            list: reading.list,
            last_ms: last_ms.saturating_add(WATCHED_MS),
        })
    }
}

struct Reading<'a> {
    centre: &'a Centre,
    keys: &'a Keys,
    list: Vec<RecordedAct>,
    /// Something was said since the last act.
    answered: bool,
    operator: Option<String>,
    /// Of the first text that is one of ours.
    language: Option<Language>,
}

impl Reading<'_> {
    fn message(&mut self, message: &RecordedMessage) -> Result<(), String> {
        match message.from.as_str() {
            "citizen" => {
                let deed = citizens(message)?;
                self.act(message.at_ms, deed);
            }
            "operator" => {
                let name = self.holder(message.author_name.clone());
                let text = message.text.clone();
                let action = OperatorAction::Message { text, media: None };
                self.act(message.at_ms, Deed::Operator(name, action));
            }
            // A note without an author is one of the platform's.
            "note" => {
                if let (Some(name), Some(text)) = (&message.author_name, &message.text) {
                    let action = OperatorAction::Note { text: text.clone() };
                    self.act(message.at_ms, Deed::Operator(name.clone(), action));
                }
            }
            "robot" | "system" => self.told(message)?,
            other => return Err(format!("a message is from {other:?}")),
        }
        Ok(())
    }

    fn act(&mut self, at_ms: i64, deed: Deed) {
        self.answered = false;
        self.list.push(RecordedAct {
            at_ms,
            deed,
            told: Vec::new(),
        });
    }

    fn told(&mut self, message: &RecordedMessage) -> Result<(), String> {
        let text = message.text.clone().unwrap_or_default();
        let found = self.keys.find(&text);
        if let (None, Some((_, language))) = (&self.language, &found) {
            self.language = Some((*language).clone());
        }
        let keys = found.map(|(keys, _)| keys).unwrap_or_default();
        if let Some(deed) = self.implied(&keys, &text)? {
            self.act(message.at_ms, deed);
        }
        let Some(last) = self.list.last_mut() else {
            return Err("the export begins in the middle of the dialogue".to_owned());
        };
        self.answered = true;
        last.told.push(Told {
            at_ms: message.at_ms,
            text,
            keys,
        });
        Ok(())
    }

    /// What must have happened for this to be said, and left no message of its own.
    fn implied(&mut self, keys: &[String], text: &str) -> Result<Option<Deed>, String> {
        let Some(key) = keys.first().map(String::as_str) else {
            return Ok(None);
        };
        let pending = !self.answered;
        Ok(match key {
            "operator-joined" => {
                let name = self.keys.filled_in(key, text);
                let name = name.ok_or("the operator who joined has no name")?;
                self.operator = Some(name.clone());
                Some(Deed::Operator(name, OperatorAction::Take))
            }
            "closed-by-operator" => {
                let name = self.holder(None);
                let action = OperatorAction::Close { reason: None };
                Some(Deed::Operator(name, action))
            }
            "moved-to-queue" => {
                let queue = self.queue_in(text)?;
                let name = self.holder(None);
                Some(Deed::Operator(
                    name,
                    OperatorAction::TransferQueue {
                        queue,
                        reason: None,
                    },
                ))
            }
            "moved-to-organisation" => {
                return Err("the dialogue goes on in another organisation".to_owned());
            }
            "welcome" | "welcome-back" if !pending => Some(Deed::Opens),
            "thanks-for-vote" if !pending => Some(Deed::Votes(GOOD)),
            "sorry-for-low-vote" if !pending => Some(Deed::Votes(BAD)),
            _ => None,
        })
    }

    fn holder(&self, name: Option<String>) -> String {
        let holder = self.operator.clone().or(name);
        holder.unwrap_or_else(|| "operator".to_owned())
    }

    fn queue_in(&self, text: &str) -> Result<String, String> {
        let queues = self.centre.organisation.queues.iter();
        let named = queues.filter_map(|queue| {
            let names = queue.name.0.values();
            let length = names
                .filter(|name| text.contains(name.as_str()))
                .map(String::len);
            Some((length.max()?, queue.id.clone()))
        });
        let longest = named.max_by_key(|(length, _)| *length);
        let queue = longest.map(|(_, id)| id);
        queue.ok_or_else(|| "a queue that it was moved to is no more".to_owned())
    }
}

fn citizens(message: &RecordedMessage) -> Result<Deed, String> {
    let details = &message.details;
    let text = |name: &str| details[name].as_str().map(str::to_owned);
    let kind = details["kind"].as_str();
    Ok(match kind {
        None if message.media => Deed::Sends(MediaKind::Document, message.text.clone(), None),
        None => Deed::Says(message.text.clone().unwrap_or_default()),
        Some("click") => Deed::Presses {
            id: text("button").unwrap_or_default(),
            label: message.text.clone().unwrap_or_default(),
        },
        Some("contact") => Deed::Shares {
            own: details["own"].as_bool().unwrap_or_default(),
        },
        Some("location") => {
            let degrees = |name: &str| details[name].as_f64().unwrap_or_default();
            Deed::Place(degrees("latitude"), degrees("longitude"))
        }
        Some("history") => return Err("the dialogue began in another organisation".to_owned()),
        Some(kind) => {
            let media: MediaKind = serde_json::from_value(Value::from(kind))
                .map_err(|_| format!("a message is a {kind:?}"))?;
            Deed::Sends(media, message.text.clone(), text("label"))
        }
    })
}

impl RecordedAct {
    /// The event that it was.
    pub(crate) fn content(&self) -> Content {
        match self.deed.clone() {
            Deed::Opens => Content::SessionStarted { context: None },
            Deed::Says(text) => Content::Text { text },
            Deed::Presses { id, .. } => Content::Click {
                button: id,
                callback: None,
            },
            Deed::Sends(kind, caption, label) => Content::Media {
                media: IncomingMedia {
                    kind,
                    remote: None,
                    stored: None,
                    name: None,
                    claimed_type: None,
                    claimed_size: None,
                    label,
                },
                caption,
                album: None,
            },
            Deed::Shares { own } => Content::Contact {
                phone: PHONE.to_owned(),
                name: None,
                own,
            },
            Deed::Place(latitude, longitude) => Content::Location {
                latitude,
                longitude,
                title: None,
            },
            Deed::Votes(score) => Content::Vote {
                score,
                comment: None,
            },
            Deed::Operator(name, action) => Content::Operator {
                operator: OperatorRef {
                    id: format!("u_{name}"),
                    name,
                },
                action,
            },
        }
    }

    /// The act in words, with people taken out.
    pub(crate) fn words(&self, recorded: &Recorded) -> String {
        let names: Vec<&str> = recorded.citizen_name.as_deref().into_iter().collect();
        let masked = |text: &str| mask(text, &names);
        match &self.deed {
            Deed::Opens => "citizen opens the chat".to_owned(),
            Deed::Says(text) => format!("citizen: {}", masked(text)),
            Deed::Presses { label, .. } => format!("citizen presses: {label}"),
            Deed::Sends(kind, caption, _) => {
                let caption = masked(caption.as_deref().unwrap_or_default());
                format!("citizen sends: {kind:?} {caption}")
            }
            Deed::Shares { .. } => "citizen shares a contact".to_owned(),
            Deed::Place(..) => "citizen shares a place".to_owned(),
            Deed::Votes(_) => "citizen votes".to_owned(),
            Deed::Operator(_, action) => match action {
                OperatorAction::Take => "operator takes the dialogue".to_owned(),
                OperatorAction::Assign { .. } => "operator is given the dialogue".to_owned(),
                OperatorAction::Message { text, .. } => {
                    format!("operator: {}", masked(text.as_deref().unwrap_or_default()))
                }
                OperatorAction::Note { .. } => "operator notes something".to_owned(),
                OperatorAction::Close { .. } => "operator closes the dialogue".to_owned(),
                OperatorAction::Reopen { .. } => "operator takes the end back".to_owned(),
                OperatorAction::Return { .. } => {
                    "it goes back to its queue: the operator is away".to_owned()
                }
                OperatorAction::TransferQueue { queue, .. } => {
                    format!("operator moves it to queue {queue}")
                }
                OperatorAction::TransferOrganisation { org, .. } => {
                    format!("operator moves it to {org}")
                }
            },
        }
    }
}
