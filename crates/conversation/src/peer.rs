//! Moving a conversation to another organisation.

use crate::effects::Book;
use crate::{Direction, PeerLink};
use serde_json::json;
use vikno_domain::{Channel, Content, ConversationStatus, OrgId, Peer, TransferredConversation};

impl Book<'_> {
    /// Hands the conversation over: from now on the other organisation has it and we hold its channel.
    pub(crate) fn move_to(&mut self, org: OrgId, queue: Option<String>, reason: Option<String>) {
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
            citizen_name: self.citizen.name.clone(),
            language: conversation.language.clone(),
            queue,
            reason,
            history: self.history.iter().take(HISTORY_MAX).cloned().collect(),
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
}

/// How many messages go along with a moved conversation at the most.
pub const HISTORY_MAX: usize = 50;
