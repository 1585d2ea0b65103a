//! What a task may ask of a dialogue that is not its own: the operations that outside systems have.

use crate::{Channel, Language, OrgId, OutgoingMessage};
use serde::{Deserialize, Serialize};

/// A wish, and the dialogue that it is for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DialogueRequest {
    /// The citizen's channel.
    pub channel: Channel,
    /// The citizen's chat.
    pub chat: String,
    /// Only this conversation is meant; without it, the one that is under way in the chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
    /// What is wished.
    pub act: DialogueAct,
}

/// What can be wished.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum DialogueAct {
    /// Something is said to the citizen.
    Say {
        /// What.
        message: OutgoingMessage,
    },
    /// The robot answers again: status `open`; an operator is let go, a queue left.
    Release,
    /// Into a queue: status `waiting`.
    Enqueue {
        /// Which; none given: the topic's, else the default one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        queue: Option<String>,
    },
    /// The dialogue ends.
    End {
        /// The citizen is asked for a rating first (status `voting`); else it is closed at once.
        rate: bool,
    },
    /// To another organisation.
    MoveToOrganisation {
        /// Which.
        org: OrgId,
        /// Its queue; its default one if none is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        queue: Option<String>,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// What is now known of the citizen and the matter; absent fields stay. Needs no dialogue under way.
    Update {
        /// Name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// `+380…`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        phone: Option<String>,
        /// The number was proven.
        #[serde(default)]
        phone_verified: bool,
        /// Language of what is said from now on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        language: Option<Language>,
        /// Topic id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        topic: Option<String>,
        /// 0 normal, higher is more urgent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        priority: Option<i64>,
    },
}

impl DialogueAct {
    /// The verb as stored, e.g. `say`.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Say { .. } => "say",
            Self::Release => "release",
            Self::Enqueue { .. } => "enqueue",
            Self::End { .. } => "end",
            Self::MoveToOrganisation { .. } => "move_to_organisation",
            Self::Update { .. } => "update",
        }
    }
}
