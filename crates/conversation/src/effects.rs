//! The chat's state while a turn runs, and what each effect does to it.

use crate::decision::no_data;
use crate::turn::Settings;
use crate::{
    Citizen, Conversation, Decision, Direction, Facts, Ids, MessageRecord, OutboxKind,
    OutboxRecord, PeerLink, Rating, WaitingTasks,
};
use serde_json::{Value, json};
use vikno_domain::{
    Button, Channel, ConversationStatus, Effect, InboundEvent, MessageAuthor, OutgoingMessage,
    RelayOrder, Relayed,
};

/// Buttons remembered of a message: the longest menu of an organisation has 12, twice that is ample.
const OFFERED_BUTTONS_MAX: usize = 24;

/// The chat's state while a turn runs.
#[derive(Debug)]
pub(crate) struct Book<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) now_ms: i64,
    pub(crate) ids: Ids,
    pub(crate) citizen: Citizen,
    pub(crate) conversation: Option<Conversation>,
    /// A conversation that was closed in this turn still has to be stored.
    pub(crate) closed: Option<Conversation>,
    pub(crate) decision: Decision,
    /// For a conversation that is moved away.
    pub(crate) history: Vec<OutgoingMessage>,
    /// What the organisation is told that a conversation is given back to, when all has been said.
    pub(crate) returned: Option<Relayed>,
}

impl Book<'_> {
    pub(crate) fn journal(&mut self, actor: &str, what: &str, data: Value) {
        let conversation = self.conversation.as_ref().or(self.closed.as_ref());
        let id = conversation.map(|conversation| conversation.id.clone());
        self.decision
            .note(self.now_ms, id.as_deref(), actor, what, data);
    }

    pub(crate) fn open(&mut self, process_version: i64) {
        let conversation = Conversation {
            id: self.ids.next("c"),
            citizen_id: self.citizen.id.clone(),
            channel: self.citizen.channel,
            chat: self.citizen.chat.clone(),
            status: ConversationStatus::Open,
            queue: None,
            topic: None,
            language: self.citizen.language.clone(),
            priority: 0,
            operator: None,
            peer: None,
            process_version,
            world: WaitingTasks::default(),
            facts: Facts {
                citizen_last_at_ms: self.now_ms,
                ..Facts::default()
            },
            wake_at_ms: None,
            opened_at_ms: self.now_ms,
            queued_at_ms: None,
            taken_at_ms: None,
            last_at_ms: self.now_ms,
            closed_at_ms: None,
            close_reason: None,
        };
        self.citizen.conversations = self.citizen.conversations.saturating_add(1);
        self.citizen.conversation_id = Some(conversation.id.clone());
        let data = json!({
            "channel": conversation.channel, "language": conversation.language, "process_version": process_version,
        });
        self.conversation = Some(conversation);
        self.journal("citizen", "conversation_opened", data);
    }

    /// Sets the status and journals it; the same status again is no change.
    pub(crate) fn set_status(&mut self, status: ConversationStatus, actor: &str) {
        let Some(conversation) = &mut self.conversation else {
            return;
        };
        let before = conversation.status;
        if before == status {
            return;
        }
        conversation.status = status;
        let data = json!({ "from": before, "to": status });
        self.journal(actor, "status_changed", data);
    }

    pub(crate) fn close(&mut self, reason: &str, actor: &str) {
        self.set_status(ConversationStatus::Closed, actor);
        let Some(mut conversation) = self.conversation.take() else {
            return;
        };
        conversation.closed_at_ms = Some(self.now_ms);
        conversation.close_reason = Some(reason.to_owned());
        conversation.wake_at_ms = None;
        self.citizen.conversation_id = None;
        self.closed = Some(conversation);
        self.journal(actor, "conversation_closed", json!({ "reason": reason }));
    }

    /// Stores a message to the citizen and puts it on its way.
    pub(crate) fn say(&mut self, message: OutgoingMessage, author_name: Option<String>) {
        let id = self.ids.next("m");
        let Some(conversation) = self.conversation.as_mut().or(self.closed.as_mut()) else {
            return;
        };
        conversation.last_at_ms = self.now_ms;
        if message.from == MessageAuthor::Operator {
            conversation.facts.operator_last_at_ms = self.now_ms;
        }
        if !message.buttons.is_empty() {
            remember(&mut conversation.facts.offered, &message.buttons);
        }
        let moved_here = conversation
            .peer
            .as_ref()
            .is_some_and(|peer| peer.direction == Direction::In);
        let leaves = !moved_here && conversation.channel != Channel::Web;
        let (conversation_id, citizen_id) =
            (conversation.id.clone(), conversation.citizen_id.clone());
        let actor = match message.from {
            MessageAuthor::Operator => operator_actor(conversation),
            _ => "process".to_owned(),
        };
        if leaves && !self.citizen.blocked {
            self.decision.outbox.push(OutboxRecord {
                kind: OutboxKind::Send,
                channel: conversation.channel,
                chat: conversation.chat.clone(),
                conversation_id: Some(conversation.id.clone()),
                message_id: Some(id.clone()),
                payload: json!(message),
            });
        }
        let media_id = message.media.as_ref().map(|media| media.id.clone());
        let data = json!({ "message": id, "buttons": message.buttons.len(), "media": media_id });
        let relayed = moved_here.then(|| message.clone());
        self.decision.messages.push(MessageRecord {
            id,
            conversation_id,
            citizen_id,
            author: message.from.as_str(),
            author_name,
            text: message.text,
            buttons: message.buttons,
            media_id,
            details: None,
            external_id: None,
            delivery: match (leaves, self.citizen.blocked) {
                (true, false) => "queued",
                (true, true) => "failed",
                (false, _) => "none",
            },
            at_ms: self.now_ms,
        });
        if let Some(message) = relayed {
            self.relay_back(Relayed::ToCitizen { message });
        }
        self.journal(&actor, "message_sent", data);
    }

    /// Tells the organisation that moved the conversation here what has become of it: last, so that what was said
    /// on the way reaches the citizen before their dialogue ends there.
    pub(crate) fn tell_peer(&mut self, before: Option<ConversationStatus>) {
        let conversation = self.conversation.as_ref().or(self.closed.as_ref());
        let status = conversation.map(|conversation| conversation.status);
        if let Some(returned) = self.returned.take() {
            // There the dialogue goes on: its end here is none for the citizen.
            self.relay_back(returned);
        } else if let Some(status) = status.filter(|_| status != before) {
            self.relay_back(Relayed::Status { status });
        }
    }

    /// Sends something to the organisation that moved the conversation here.
    pub(crate) fn relay_back(&mut self, relayed: Relayed) {
        let peer = self
            .conversation
            .as_ref()
            .or(self.closed.as_ref())
            .and_then(|c| c.peer.clone());
        if let Some(peer) = peer.filter(|peer| peer.direction == Direction::In) {
            self.relay(&peer, vikno_domain::Content::Relayed { relayed });
        }
    }

    pub(crate) fn relay(&mut self, peer: &PeerLink, content: vikno_domain::Content) {
        let id = self.ids.next("r");
        let conversation = self.conversation.as_ref().or(self.closed.as_ref());
        let event = InboundEvent {
            channel: peer.channel,
            chat: peer.chat.clone(),
            dedupe_key: format!("relay:{}:{id}", self.settings.org),
            at_ms: self.now_ms,
            sender: None,
            external_id: None,
            content,
        };
        self.decision.outbox.push(OutboxRecord {
            kind: OutboxKind::Relay,
            channel: Channel::Organisation,
            chat: format!("{}:{}", peer.org, peer.chat),
            conversation_id: conversation.map(|conversation| conversation.id.clone()),
            message_id: None,
            payload: json!(RelayOrder {
                org: peer.org.clone(),
                event
            }),
        });
    }

    /// Applies what a step asks for.
    pub(crate) fn apply(&mut self, effect: Effect) {
        match effect {
            Effect::Send { message } => {
                let author = (message.from == MessageAuthor::Operator)
                    .then(|| self.conversation.as_ref()?.operator.as_ref())
                    .flatten();
                let author_name = author.map(|operator| operator.name.clone());
                self.say(message, author_name);
            }
            Effect::Enqueue { queue, position } => self.enqueue(&queue, position),
            Effect::Classify { topic, priority } => self.classify(topic, priority),
            Effect::Speak { language } => self.speak(language),
            Effect::Misunderstood { again } => {
                if let Some(conversation) = &mut self.conversation {
                    let facts = &mut conversation.facts;
                    facts.misunderstood = if again {
                        facts.misunderstood.saturating_add(1)
                    } else {
                        0
                    };
                }
            }
            Effect::Replied { reply } => self.replied(reply),
            Effect::Reacted { reaction } => self.reacted(reaction),
            Effect::AskVote => self.set_status(ConversationStatus::Voting, "process"),
            Effect::Reopen => self.reopen(),
            Effect::Rate { score, comment } => self.rate(score, comment),
            Effect::Close { reason } => self.close(&reason, "process"),
            Effect::Identify {
                phone,
                phone_verified,
                identity,
                name,
            } => {
                let citizen = &mut self.citizen;
                if phone.is_some() {
                    citizen.phone_verified = phone_verified;
                }
                citizen.phone = phone.or(citizen.phone.take());
                citizen.identity = identity.or(citizen.identity.take());
                citizen.name = name.or(citizen.name.take());
                let data = json!({ "phone_verified": citizen.phone_verified, "identity": citizen.identity.is_some() });
                self.journal("process", "citizen_identified", data);
            }
            Effect::TransferOrganisation { org, queue, reason } => {
                self.move_to(org, queue, reason);
            }
            Effect::Ask { request } => self.ask(None, request),
            Effect::Journal { what, data } => self.journal("process", &what, Value::Object(data)),
        }
    }

    /// Into a queue; an unknown one becomes the default one, so that nobody is lost by a typing error.
    pub(crate) fn enqueue(&mut self, queue: &str, position: u32) {
        let known = self.settings.queues.iter().any(|known| known == queue);
        let queue = if known {
            queue
        } else {
            self.settings.default_queue.as_str()
        }
        .to_owned();
        let Some(conversation) = &mut self.conversation else {
            return;
        };
        let entered = conversation.status != ConversationStatus::Waiting
            || conversation.queue.as_deref() != Some(queue.as_str());
        conversation.facts.told_position = position;
        conversation.facts.misunderstood = 0;
        if !entered {
            return;
        }
        conversation.queue = Some(queue.clone());
        conversation.operator = None;
        conversation.queued_at_ms = Some(self.now_ms);
        self.set_status(ConversationStatus::Waiting, "process");
        self.journal(
            "process",
            "queue_entered",
            json!({ "queue": queue, "position": position }),
        );
    }

    /// Back into a queue, the one it came from if none is given, before those who came later.
    pub(crate) fn return_to_queue(&mut self, queue: Option<&str>) {
        let Some(conversation) = &self.conversation else {
            return;
        };
        let since_ms = conversation.queued_at_ms;
        let queue = queue.or(conversation.queue.as_deref());
        let queue = queue.unwrap_or_default().to_owned();
        self.enqueue(&queue, 0);
        if let Some(conversation) = &mut self.conversation {
            conversation.queued_at_ms = since_ms.or(conversation.queued_at_ms);
        }
    }

    fn classify(&mut self, topic: Option<String>, priority: Option<i64>) {
        let Some(conversation) = &mut self.conversation else {
            return;
        };
        conversation.topic = topic.or(conversation.topic.take());
        conversation.priority = priority.unwrap_or(conversation.priority);
        let data = json!({ "topic": conversation.topic, "priority": conversation.priority });
        self.journal("process", "conversation_classified", data);
    }

    fn speak(&mut self, language: vikno_domain::Language) {
        if !self.settings.languages.contains(&language) {
            return;
        }
        self.citizen.language = language.clone();
        if let Some(conversation) = &mut self.conversation {
            conversation.language = language.clone();
        }
        self.journal(
            "citizen",
            "language_chosen",
            json!({ "language": language }),
        );
    }

    /// Only what waits for a rating can go on.
    fn reopen(&mut self) {
        let status = self
            .conversation
            .as_ref()
            .map(|conversation| conversation.status);
        if status == Some(ConversationStatus::Voting) {
            self.set_status(ConversationStatus::Open, "citizen");
        }
    }

    fn rate(&mut self, score: u8, comment: Option<String>) {
        let Some(conversation) = &self.conversation else {
            return;
        };
        if !(1..=5).contains(&score) {
            return;
        }
        let operator = conversation.operator.clone();
        self.decision.ratings.push(Rating {
            conversation_id: conversation.id.clone(),
            operator_id: operator.as_ref().map(|operator| operator.id.clone()),
            operator_name: operator.map(|operator| operator.name),
            queue: conversation.queue.clone(),
            topic: conversation.topic.clone(),
            channel: conversation.channel,
            score,
            comment,
            at_ms: self.now_ms,
        });
        self.journal("citizen", "dialogue_rated", json!({ "score": score }));
    }

    /// A line that only consultants see.
    pub(crate) fn tell_consultants(&mut self, text: String) {
        let id = self.ids.next("m");
        let Some(conversation) = self.conversation.as_ref().or(self.closed.as_ref()) else {
            return;
        };
        self.decision.messages.push(MessageRecord {
            id,
            conversation_id: conversation.id.clone(),
            citizen_id: conversation.citizen_id.clone(),
            author: "note",
            author_name: None,
            text: Some(text),
            buttons: Vec::new(),
            media_id: None,
            details: None,
            external_id: None,
            delivery: "none",
            at_ms: self.now_ms,
        });
        self.journal("process", "consultants_notified", no_data());
    }
}

/// Who acts, as the journal names them.
pub(crate) fn operator_actor(conversation: &Conversation) -> String {
    let operator = conversation.operator.as_ref();
    operator.map_or_else(
        || "process".to_owned(),
        |operator| format!("operator:{}", operator.id),
    )
}

/// New buttons come before those of earlier messages; the same buttons again change nothing.
fn remember(offered: &mut Vec<Button>, new: &[Button]) {
    if offered.starts_with(new) && offered[new.len()..].iter().all(|old| is_other(old, new)) {
        return;
    }
    offered.retain(|old| is_other(old, new));
    offered.splice(0..0, new.iter().cloned());
    offered.truncate(OFFERED_BUTTONS_MAX);
}

fn is_other(old: &Button, new: &[Button]) -> bool {
    new.iter().all(|new| new.id != old.id)
}
