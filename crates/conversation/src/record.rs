//! The stored records of a chat.

use crate::WaitingTasks;
use crate::outside::OutsideCalls;
use serde::{Deserialize, Serialize};
use vikno_domain::{
    Button, Channel, CitizenView, ConversationStatus, ConversationView, Language, OperatorRef,
    OrgId, OutgoingMessage, ReplyFacts,
};

/// A person as one channel knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citizen {
    /// `p_…`.
    pub id: String,
    /// Channel.
    pub channel: Channel,
    /// Chat id on the channel.
    pub chat: String,
    /// Display name.
    pub name: Option<String>,
    /// Language of the next conversation.
    pub language: Language,
    /// `+380…`.
    pub phone: Option<String>,
    /// The number was proven.
    pub phone_verified: bool,
    /// Subject of a portal's signed token.
    pub identity: Option<String>,
    /// Has blocked us.
    pub blocked: bool,
    /// Conversations so far, the present one included.
    pub conversations: u32,
    /// The conversation that is not closed, if any.
    pub conversation_id: Option<String>,
    /// Unix milliseconds.
    pub created_at_ms: i64,
}

impl Citizen {
    pub(crate) fn view(&self) -> CitizenView {
        CitizenView {
            id: self.id.clone(),
            chat: self.chat.clone(),
            name: self.name.clone(),
            phone: self.phone.clone(),
            phone_verified: self.phone_verified,
            identity: self.identity.clone(),
            earlier_conversations: self.conversations.saturating_sub(1),
        }
    }
}

/// What a conversation remembers for its processes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// An operator has had it.
    #[serde(default)]
    pub served: bool,
    /// Messages in a row that the robot did not understand.
    #[serde(default)]
    pub misunderstood: u32,
    /// Place in the queue last told.
    #[serde(default)]
    pub told_position: u32,
    /// Last message of the citizen, Unix milliseconds.
    #[serde(default)]
    pub citizen_last_at_ms: i64,
    /// Last message of the operator, Unix milliseconds.
    #[serde(default)]
    pub operator_last_at_ms: i64,
    /// When the operator who has it (or had it last) took it, Unix milliseconds.
    #[serde(default)]
    pub taken_at_ms: i64,
    /// The automatic answers and what came of them.
    #[serde(default)]
    pub replies: ReplyFacts,
    /// Buttons offered so far, the newest first: a press, also of an earlier message's, is shown by its label.
    #[serde(default)]
    pub offered: Vec<Button>,
    /// Events that were passed on to an outside Corezoid and wait for its answer, in order.
    #[serde(default, skip_serializing_if = "OutsideCalls::is_empty")]
    pub outside: OutsideCalls,
}

/// Which way a conversation was moved between organisations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The other organisation has it; we hold the channel.
    Out,
    /// We have it; the other organisation holds the channel.
    In,
}

/// The other end of a moved conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerLink {
    /// Which way it was moved.
    pub direction: Direction,
    /// The other organisation.
    pub org: OrgId,
    /// Channel of its inbox under which it knows this dialogue.
    pub channel: Channel,
    /// Chat of its inbox under which it knows this dialogue.
    pub chat: String,
}

/// A dialogue.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversation {
    /// `c_…`.
    pub id: String,
    /// Whose.
    pub citizen_id: String,
    /// Channel.
    pub channel: Channel,
    /// Chat id on the channel.
    pub chat: String,
    /// Where it stands.
    pub status: ConversationStatus,
    /// Queue id.
    pub queue: Option<String>,
    /// Topic id.
    pub topic: Option<String>,
    /// Language of the dialogue.
    pub language: Language,
    /// 0 normal, higher is more urgent.
    pub priority: i64,
    /// Who has it.
    pub operator: Option<OperatorRef>,
    /// The other end, when it was moved between organisations.
    pub peer: Option<PeerLink>,
    /// The published processes it began with.
    pub process_version: i64,
    /// Waiting process tasks.
    pub world: WaitingTasks,
    /// What it remembers.
    pub facts: Facts,
    /// When its earliest timer fires, Unix milliseconds.
    pub wake_at_ms: Option<i64>,
    /// Unix milliseconds.
    pub opened_at_ms: i64,
    /// When it entered its queue, Unix milliseconds.
    pub queued_at_ms: Option<i64>,
    /// When an operator took it first, Unix milliseconds.
    pub taken_at_ms: Option<i64>,
    /// Last message of anyone, Unix milliseconds.
    pub last_at_ms: i64,
    /// Unix milliseconds.
    pub closed_at_ms: Option<i64>,
    /// `vote`, `silence`, `operator`, …
    pub close_reason: Option<String>,
}

impl Conversation {
    pub(crate) fn view(&self) -> ConversationView {
        ConversationView {
            id: self.id.clone(),
            status: self.status,
            language: self.language.clone(),
            channel: self.channel,
            topic: self.topic.clone(),
            queue: self.queue.clone(),
            priority: self.priority,
            operator: self.operator.clone(),
            opened_at_ms: self.opened_at_ms,
            citizen_last_at_ms: self.facts.citizen_last_at_ms,
            operator_last_at_ms: self.facts.operator_last_at_ms,
            taken_at_ms: self.facts.taken_at_ms,
            served: self.facts.served,
            misunderstood: self.facts.misunderstood,
            told_position: self.facts.told_position,
            replies: self.facts.replies.clone(),
        }
    }
}

impl ChatState {
    /// Forgets what its dialogue has added to sums, where the sums of all are known.
    pub fn forget_sums(&mut self) {
        if let Some(conversation) = &mut self.conversation {
            let (mut world, unreadable) = conversation.world.clone().read();
            if unreadable.is_none() {
                world.forget_sums();
                conversation.world = world.into();
            }
        }
    }
}

/// What is stored of one chat: its person and the conversation that is not closed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChatState {
    /// `None` before the first event.
    pub citizen: Option<Citizen>,
    /// `None` when none is under way.
    pub conversation: Option<Conversation>,
    /// The last messages, oldest first, at most [`crate::HISTORY_MAX`]; loaded only to move the conversation away.
    pub history: Vec<OutgoingMessage>,
}
