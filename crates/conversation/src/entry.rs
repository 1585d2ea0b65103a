//! What an event does before any process sees it: the citizen is known, the message is stored.

use crate::effects::Book;
use crate::{
    Direction, MediaRecord, MessageRecord, OutboxKind, OutboxRecord, Outcome, PeerLink, Receipt,
    TextEdit,
};
use serde_json::{Value, json};
use vikno_domain::{
    Content, ConversationStatus, FetchOrder, InboundEvent, IncomingMedia, MessageAuthor, Relayed,
    TransferredConversation,
};

/// How the turn goes on.
pub(crate) enum Entry {
    /// Nothing for a process.
    Done(Outcome),
    /// The processes take it; `conversation` is there.
    Process,
    /// Timers may have run out.
    Timer,
    /// An author has the processes elsewhere.
    Intervention,
    /// The processes take an event that an outside Corezoid was asked about in vain.
    Again(Box<InboundEvent>),
}

impl Book<'_> {
    /// Takes the event in. `begin` opens a conversation (with an empty world) when one is needed.
    pub(crate) fn enter(&mut self, event: &InboundEvent, process_version: i64) -> Entry {
        match &event.content {
            Content::Timer => {
                let current = self
                    .conversation
                    .as_ref()
                    .map(|conversation| conversation.id.as_str());
                if current == event.external_id.as_deref() {
                    self.outside_silent()
                } else {
                    Entry::Done(Outcome::Ignored)
                }
            }
            Content::Operator { operator, action } => {
                let entry = self.operate(event, operator, action);
                self.unless_outside(event, entry)
            }
            Content::Outside { call, answer } => self.outside_told(call, answer.as_ref()),
            Content::Ignored { .. } => Entry::Done(Outcome::Ignored),
            Content::Receipt { receipt, detail } => {
                self.receipt(event, receipt, detail.is_some());
                Entry::Done(Outcome::Applied)
            }
            Content::Edited { text } => {
                self.edit(event, text);
                Entry::Done(Outcome::Applied)
            }
            Content::Blocked => {
                self.citizen.blocked = true;
                self.journal("citizen", "bot_blocked", json!({}));
                let robot_only = self.conversation.as_ref().is_some_and(|conversation| {
                    matches!(
                        conversation.status,
                        ConversationStatus::Open | ConversationStatus::Voting
                    )
                });
                if robot_only {
                    self.close("blocked", "citizen");
                }
                Entry::Done(Outcome::Applied)
            }
            Content::Unblocked => {
                self.citizen.blocked = false;
                self.journal("citizen", "bot_unblocked", json!({}));
                Entry::Done(Outcome::Applied)
            }
            Content::TransferredIn { conversation } => {
                self.take_over(conversation, process_version);
                Entry::Process
            }
            Content::Relayed { relayed } => self.relayed(relayed),
            Content::Asked { act, .. } => self.asked(event, act),
            Content::Intervention { .. } => self.open_to_intervention(event),
            // These are for tasks; a chat with a citizen has none by itself.
            Content::TaskCreated
            | Content::TaskModified { .. }
            | Content::TaskCalledBack { .. }
            | Content::TaskDeleted { .. } => Entry::Done(Outcome::Ignored),
            Content::Vote { .. } if self.conversation.is_none() => Entry::Done(Outcome::Refused {
                code: "nothing_to_rate",
                detail: "There is no dialogue to rate.".to_owned(),
            }),
            _ => {
                self.citizen.blocked = false;
                if self.conversation.is_none() {
                    self.open(process_version);
                }
                self.receive(event);
                match self.peer(Direction::Out) {
                    Some(peer) => {
                        let relayed = Relayed::FromCitizen {
                            event: Box::new(self.shared(event)),
                        };
                        self.relay(&peer, Content::Relayed { relayed });
                        Entry::Done(Outcome::Applied)
                    }
                    None => self.unless_outside(event, Entry::Process),
                }
            }
        }
    }

    pub(crate) fn peer(&self, direction: Direction) -> Option<PeerLink> {
        let peer = self.conversation.as_ref()?.peer.clone()?;
        (peer.direction == direction).then_some(peer)
    }

    fn receipt(&mut self, event: &InboundEvent, receipt: &str, failed: bool) {
        let known = matches!(receipt, "delivered" | "seen" | "failed");
        if let (true, Some(external_id)) = (known, &event.external_id) {
            self.decision.receipts.push(Receipt {
                citizen_id: self.citizen.id.clone(),
                external_id: external_id.clone(),
                delivery: receipt.to_owned(),
            });
        }
        if failed || receipt == "failed" {
            self.journal(
                "channel",
                "delivery_failed",
                json!({ "external_id": event.external_id }),
            );
        }
    }

    fn edit(&mut self, event: &InboundEvent, text: &str) {
        let Some(external_id) = &event.external_id else {
            return;
        };
        self.decision.edits.push(TextEdit {
            citizen_id: self.citizen.id.clone(),
            external_id: external_id.clone(),
            text: text.to_owned(),
            at_ms: self.now_ms,
        });
        self.journal(
            "citizen",
            "message_edited",
            json!({ "external_id": external_id }),
        );
    }

    /// Stores what the citizen said or did.
    pub(crate) fn receive(&mut self, event: &InboundEvent) {
        if let Some(name) = event.sender.as_ref().and_then(|sender| sender.name.clone()) {
            self.citizen.name = Some(name);
        }
        let now_ms = self.now_ms;
        if let Some(conversation) = &mut self.conversation {
            conversation.last_at_ms = now_ms;
            conversation.facts.citizen_last_at_ms = now_ms;
        }
        let (text, media_id, details) = match &event.content {
            Content::Text { text } => (Some(text.clone()), None, None),
            Content::Media {
                media,
                caption,
                album,
            } => {
                let id = self.media(media, event);
                let details = json!({ "kind": media.kind, "label": media.label, "album": album });
                (caption.clone(), id, Some(details))
            }
            Content::Contact { own, .. } => {
                (None, None, Some(json!({ "kind": "contact", "own": own })))
            }
            Content::Location {
                latitude,
                longitude,
                title,
            } => {
                let place = json!({
                    "kind": "location", "latitude": latitude, "longitude": longitude, "title": title,
                });
                (None, None, Some(place))
            }
            Content::Click { button, .. } => match self.label_of(button) {
                Some(label) => (
                    Some(label),
                    None,
                    Some(json!({ "kind": "click", "button": button })),
                ),
                None => {
                    self.journal("citizen", "button_pressed", json!({ "offered": false }));
                    return;
                }
            },
            // A vote is journaled as the rating; opening the chat says nothing by itself.
            _ => return,
        };
        let id = self.ids.next("m");
        let Some(conversation) = &self.conversation else {
            return;
        };
        self.decision.messages.push(MessageRecord {
            id: id.clone(),
            conversation_id: conversation.id.clone(),
            citizen_id: conversation.citizen_id.clone(),
            author: "citizen",
            author_name: None,
            text,
            buttons: Vec::new(),
            media_id,
            details,
            external_id: event.external_id.clone(),
            delivery: "none",
            at_ms: now_ms,
        });
        let data = json!({ "message": id, "kind": event.content.kind() });
        self.journal("citizen", "message_received", data);
    }

    fn label_of(&self, button: &str) -> Option<String> {
        let offered = &self.conversation.as_ref()?.facts.offered;
        offered
            .iter()
            .find(|offered| offered.id == button)
            .map(|offered| offered.label.clone())
    }

    /// The file's id in our store: already there, or to be fetched.
    fn media(&mut self, media: &IncomingMedia, event: &InboundEvent) -> Option<String> {
        if let Some(stored) = &media.stored {
            return Some(stored.id.clone());
        }
        let remote = media.remote.as_ref()?;
        let id = self.ids.next("f");
        let name = media.name.clone().unwrap_or_default();
        self.decision.media.push(MediaRecord {
            id: id.clone(),
            citizen_id: self.citizen.id.clone(),
            claimed_type: media.claimed_type.clone().unwrap_or_default(),
            name: name.clone(),
            size: media.claimed_size.unwrap_or_default(),
        });
        let order = FetchOrder {
            media_id: id.clone(),
            remote: remote.clone(),
            kind: media.kind,
            name: media.name.clone(),
        };
        self.decision.outbox.push(OutboxRecord {
            kind: OutboxKind::Fetch,
            channel: event.channel,
            chat: format!("fetch:{id}"),
            conversation_id: self
                .conversation
                .as_ref()
                .map(|conversation| conversation.id.clone()),
            message_id: None,
            payload: json!(order),
        });
        Some(id)
    }

    /// A conversation comes from another organisation, with what was said there.
    fn take_over(&mut self, moved: &TransferredConversation, process_version: i64) {
        self.citizen.name = moved.citizen_name.clone().or(self.citizen.name.take());
        if self.settings.languages.contains(&moved.language) {
            self.citizen.language = moved.language.clone();
        }
        if self.conversation.is_some() {
            self.close("moved_again", "process");
        }
        self.open(process_version);
        let Some(conversation) = &mut self.conversation else {
            return;
        };
        conversation.peer = Some(PeerLink {
            direction: Direction::In,
            org: moved.from.org.clone(),
            channel: moved.citizen_channel,
            chat: moved.citizen_chat.clone(),
        });
        let (conversation_id, citizen_id) =
            (conversation.id.clone(), conversation.citizen_id.clone());
        for said in &moved.history {
            let id = self.ids.next("m");
            self.decision.messages.push(MessageRecord {
                id,
                conversation_id: conversation_id.clone(),
                citizen_id: citizen_id.clone(),
                author: said.from.as_str(),
                author_name: None,
                text: said.text.clone(),
                buttons: Vec::new(),
                media_id: None,
                details: Some(json!({ "kind": "history" })),
                external_id: None,
                delivery: "none",
                at_ms: self.now_ms,
            });
        }
        let actor = format!("organisation:{}", moved.from.org);
        if let Some(reason) = &moved.reason {
            self.note(&actor, moved.from.org.as_str(), reason, false);
        }
        let data: Value = json!({
            "from": moved.from, "queue": moved.queue, "messages": moved.history.len(),
        });
        self.journal(&actor, "conversation_transferred_in", data);
    }

    fn relayed(&mut self, relayed: &Relayed) -> Entry {
        if self.conversation.is_none() {
            return Entry::Done(Outcome::Ignored);
        }
        match relayed {
            Relayed::FromCitizen { event } => {
                self.receive(event);
                Entry::Process
            }
            Relayed::ToCitizen { message } => {
                let name = (message.from == MessageAuthor::Operator)
                    .then(|| self.peer(Direction::Out).map(|peer| peer.org.to_string()))
                    .flatten();
                self.say(message.clone(), name);
                Entry::Done(Outcome::Applied)
            }
            Relayed::Returned { queue, reason } => {
                self.come_back(queue.as_deref(), reason.as_deref())
            }
            Relayed::Status {
                status: ConversationStatus::Closed,
            } => {
                self.close("peer_closed", "process");
                Entry::Done(Outcome::Applied)
            }
            Relayed::Status { status } => {
                self.set_status(*status, "process");
                Entry::Done(Outcome::Applied)
            }
        }
    }
}
