//! Moving a conversation to another organisation.

use crate::effects::Book;
use crate::entry::Entry;
use crate::{Direction, Outcome, PeerLink};
use serde_json::json;
use vikno_domain::{
    Channel, Content, ConversationStatus, InboundEvent, OrgId, Peer, Relayed,
    TransferredConversation,
};

impl Book<'_> {
    /// Hands the conversation over: from now on the other organisation has it and we hold its channel.
    pub(crate) fn move_to(&mut self, org: OrgId, queue: Option<String>, reason: Option<String>) {
        if self.peer(Direction::In).is_some_and(|peer| peer.org == org) {
            self.give_back(queue, reason);
            return;
        }
        let Some(conversation) = &mut self.conversation else {
            return;
        };
        let peer = PeerLink {
            direction: Direction::Out,
            org: org.clone(),
            channel: Channel::Organisation,
            chat: format!("{}:{}", self.settings.org, conversation.id),
        };
        conversation.peer = Some(peer.clone());
        conversation.operator = None;
        conversation.wake_at_ms = None;
        let handed_over = TransferredConversation {
            from: Peer {
                org: self.settings.org.clone(),
                conversation: Some(conversation.id.clone()),
            },
            citizen_channel: conversation.channel,
            citizen_chat: conversation.chat.clone(),
            citizen_name: self
                .citizen
                .name
                .clone()
                .filter(|_| self.settings.shares_name),
            language: conversation.language.clone(),
            queue,
            reason,
            history: if self.settings.shares_history {
                self.history.iter().take(HISTORY_MAX).cloned().collect()
            } else {
                Vec::new()
            },
        };
        self.relay(
            &peer,
            Content::TransferredIn {
                conversation: handed_over,
            },
        );
        self.set_status(ConversationStatus::Waiting, "process");
        self.journal("process", "conversation_transferred", json!({ "org": org }));
    }

    /// Whether the conversation may go to that organisation: to one of those it may be moved to, and from there only back.
    pub(crate) fn may_move_to(&self, org: &OrgId) -> Result<(), (&'static str, &'static str)> {
        match self.peer(Direction::In) {
            _ if *org == self.settings.org => Err((
                "same_organisation",
                "The dialogue is in this organisation already.",
            )),
            Some(peer) if peer.org == *org => Ok(()),
            Some(_) => Err((
                "already_moved",
                "This dialogue was moved here; end it, move it to a queue or give it back to where it came from.",
            )),
            None if self.settings.reachable.contains(org) => Ok(()),
            None => Err((
                "unknown_organisation",
                "Dialogues of this organisation are not moved to that one.",
            )),
        }
    }

    /// What the other organisation may know of the citizen's event.
    pub(crate) fn shared(&self, event: &InboundEvent) -> InboundEvent {
        let mut event = event.clone();
        if !self.settings.shares_name
            && let Some(sender) = &mut event.sender
        {
            sender.name = None;
        }
        event
    }

    /// Back to the organisation that moved it here. It has heard all that was said; here the dialogue is over.
    fn give_back(&mut self, queue: Option<String>, reason: Option<String>) {
        self.returned = Some(Relayed::Returned { queue, reason });
        self.close("returned", "process");
    }

    /// A conversation that we moved comes back; citizens of this organisation wait for our operators again.
    pub(crate) fn come_back(&mut self, queue: Option<&str>, reason: Option<&str>) -> Entry {
        let Some(peer) = self.peer(Direction::Out) else {
            return Entry::Done(Outcome::Ignored);
        };
        let Some(conversation) = &mut self.conversation else {
            return Entry::Done(Outcome::Ignored);
        };
        conversation.peer = None;
        let actor = format!("organisation:{}", peer.org);
        if let Some(reason) = reason {
            self.note(&actor, peer.org.as_str(), reason, false);
        }
        self.journal(
            &actor,
            "conversation_returned",
            json!({ "queue": queue, "reason_given": reason.is_some() }),
        );
        self.return_to_queue(queue);
        Entry::Process
    }
}

/// How many messages go along with a moved conversation at the most.
pub const HISTORY_MAX: usize = 50;
