//! The contract between the engine and a process step (a component reached by service chaining).

use crate::{Channel, InboundEvent, Language, OperatorRef, OrgId, OutgoingMessage};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Where a conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationStatus {
    /// The robot talks.
    Open,
    /// In a queue, for an operator.
    Waiting,
    /// An operator has it.
    WithOperator,
    /// Ended, the citizen is asked for a rating.
    Voting,
    /// Ended.
    Closed,
}

impl ConversationStatus {
    /// The name used in the database and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Waiting => "waiting",
            Self::WithOperator => "with_operator",
            Self::Voting => "voting",
            Self::Closed => "closed",
        }
    }

    /// Reads the name written by [`ConversationStatus::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [
            Self::Open,
            Self::Waiting,
            Self::WithOperator,
            Self::Voting,
            Self::Closed,
        ]
        .into_iter()
        .find(|status| status.as_str() == text)
    }
}

/// The conversation as a step sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConversationView {
    /// `c_…`.
    pub id: String,
    /// Where it stands now, effects of earlier steps of this turn included.
    pub status: ConversationStatus,
    /// Language of the dialogue.
    pub language: Language,
    /// Channel of the citizen.
    pub channel: Channel,
    /// Topic id, once known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Queue id, once in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// 0 normal, higher is more urgent.
    #[serde(default)]
    pub priority: i64,
    /// Who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<OperatorRef>,
    /// Unix milliseconds.
    pub opened_at_ms: i64,
    /// Last message of the citizen, Unix milliseconds.
    pub citizen_last_at_ms: i64,
    /// Last message of the operator, Unix milliseconds; 0 if none.
    #[serde(default)]
    pub operator_last_at_ms: i64,
    /// When the operator who has it (or had it last) took it, Unix milliseconds; 0 if none.
    #[serde(default)]
    pub taken_at_ms: i64,
    /// An operator has had it at some time (then the end asks for a rating).
    #[serde(default)]
    pub served: bool,
    /// Messages in a row that the robot did not understand.
    #[serde(default)]
    pub misunderstood: u32,
    /// Place in the queue that the citizen was last told; 0 if none.
    #[serde(default)]
    pub told_position: u32,
    /// The automatic answers so far and what came of them.
    #[serde(default)]
    pub replies: ReplyFacts,
}

/// What a dialogue remembers of its automatic answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyFacts {
    /// Ids of the replies given, the newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub given: Vec<String>,
    /// When the newest was given, Unix milliseconds; 0 if none.
    #[serde(default)]
    pub given_at_ms: i64,
    /// What the citizen did after the newest; none while that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reaction: Option<Reaction>,
    /// Answers in a row that did not help.
    #[serde(default)]
    pub unhelpful: u32,
}

impl ReplyFacts {
    /// The newest answer, as long as no reaction to it is known.
    pub fn pending(&self) -> Option<&str> {
        let newest = self.given.last().map(String::as_str);
        newest.filter(|_| self.reaction.is_none())
    }
}

/// What a citizen does after an automatic answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reaction {
    /// Presses a button.
    Button,
    /// Writes something else.
    Message,
    /// Nothing.
    Silence,
    /// Says that it helped.
    Helped,
    /// Says that it did not help.
    NotHelped,
}

impl Reaction {
    /// The name in the journal and in a task's data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Button => "button",
            Self::Message => "message",
            Self::Silence => "silence",
            Self::Helped => "helped",
            Self::NotHelped => "not_helped",
        }
    }
}

/// The citizen as a step sees them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CitizenView {
    /// `p_…`.
    pub id: String,
    /// Chat id on the channel.
    pub chat: String,
    /// Display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `+380…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The number was proven (own contact, or a one-time code).
    #[serde(default)]
    pub phone_verified: bool,
    /// Subject of a portal's signed token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// Conversations before this one.
    #[serde(default)]
    pub earlier_conversations: u32,
}

/// What the engine posts to a step: `POST http://NAME.spin.internal/`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepRequest {
    /// The organisation.
    pub org: OrgId,
    /// Unix milliseconds: the step's clock.
    pub now_ms: i64,
    /// The conversation.
    pub conversation: ConversationView,
    /// The citizen.
    pub citizen: CitizenView,
    /// The event of this turn, shared by all its calls.
    #[serde(with = "shared")]
    pub event: Arc<InboundEvent>,
    /// What the process node passes (`extra` of its `api` logic).
    #[serde(default)]
    pub params: Map<String, Value>,
}

/// A shared value is written as the value itself.
mod shared {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::sync::Arc;

    pub(super) fn serialize<T: Serialize, S: Serializer>(
        value: &Arc<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        T::serialize(value, serializer)
    }

    pub(super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Arc<T>, D::Error> {
        T::deserialize(deserializer).map(Arc::new)
    }
}

/// What a step answers with status 200.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StepResponse {
    /// Merged into the task's data.
    #[serde(default)]
    pub data: Map<String, Value>,
    /// Taken out and applied by the engine, in order, in the turn's one transaction.
    #[serde(default)]
    pub effects: Vec<Effect>,
}

/// What a step answers otherwise (status 422 terminal, 503 retryable).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code}: {message}")]
pub struct StepError {
    /// Stable code for the journal and the operator, e.g. `unknown_text`.
    pub code: String,
    /// For the log; no personal data.
    pub message: String,
    /// Whether the same request may succeed later.
    pub retryable: bool,
}

impl StepError {
    /// The same request will fail again.
    pub fn terminal(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
            retryable: false,
        }
    }

    /// The same request may succeed later.
    pub fn retryable(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
            retryable: true,
        }
    }
}

/// What a step says to one request of a list. Engines post a JSON array of requests where several dialogues of a batch
/// call the same step; the answer is an array of these, status 200, in the order of the requests. A step that takes one
/// request a call refuses the array with 400.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepReply {
    /// What it would answer with status 200.
    Done(StepResponse),
    /// What it would answer with 422 or 503.
    Failed(StepError),
}

impl From<Step> for StepReply {
    fn from(step: Step) -> Self {
        match step {
            Ok(response) => Self::Done(response),
            Err(error) => Self::Failed(error),
        }
    }
}

/// A change that a step asks for; the engine applies it to the conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Effect {
    /// Says something to the citizen.
    Send {
        /// What.
        message: OutgoingMessage,
    },
    /// Puts the conversation into a queue; status becomes `waiting`, its operator is let go.
    Enqueue {
        /// Queue id.
        queue: String,
        /// Place told to the citizen.
        #[serde(default)]
        position: u32,
    },
    /// Changes what the conversation is about; absent fields stay.
    Classify {
        /// Topic id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        topic: Option<String>,
        /// 0 normal, higher is more urgent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        priority: Option<i64>,
    },
    /// The dialogue goes on in another language.
    Speak {
        /// Which.
        language: Language,
    },
    /// Counts (true) or forgets (false) a message that was not understood.
    Misunderstood {
        /// Whether.
        again: bool,
    },
    /// An automatic answer is given.
    Replied {
        /// Its id in the organisation's tree.
        reply: String,
    },
    /// What the citizen did after the newest automatic answer has become known.
    Reacted {
        /// What.
        reaction: Reaction,
    },
    /// Ended; the citizen is asked for a rating: status becomes `voting`.
    AskVote,
    /// The citizen goes on instead of rating: status `voting` becomes `open` again.
    Reopen,
    /// The citizen has voted.
    Rate {
        /// 1 to 5.
        score: u8,
        /// Free words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
    },
    /// Status becomes `closed`.
    Close {
        /// `vote`, `silence`, `operator`, `citizen`, `no_vote`, …
        reason: String,
    },
    /// What is now known of the citizen; absent fields stay.
    Identify {
        /// `+380…`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        phone: Option<String>,
        /// Proven.
        #[serde(default)]
        phone_verified: bool,
        /// Subject of a portal's signed token.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        identity: Option<String>,
        /// Name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// Moves the conversation to another organisation.
    TransferOrganisation {
        /// Where to.
        org: OrgId,
        /// Queue there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        queue: Option<String>,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Asks something of another dialogue of the organisation. It has its turn later; a task of an outside system is
    /// modified with what came of it.
    Ask {
        /// What, of whom.
        request: crate::DialogueRequest,
    },
    /// Writes a line into the journal.
    Journal {
        /// Kind in snake case, past tense.
        what: String,
        /// Details; no message texts, numbers or names.
        #[serde(default)]
        data: Map<String, Value>,
    },
}

/// A step's decision as a pure function: `decide(request, …) -> Step`.
pub type Step = Result<StepResponse, StepError>;

impl StepResponse {
    /// An answer with data only.
    pub fn data(data: Value) -> Self {
        let data = match data {
            Value::Object(map) => map,
            _ => Map::new(),
        };
        Self {
            data,
            effects: Vec::new(),
        }
    }

    /// The same with one more effect.
    pub fn effect(mut self, effect: Effect) -> Self {
        self.effects.push(effect);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn effects_are_written_with_a_verb() {
        let effect = Effect::Enqueue {
            queue: "general".into(),
            position: 3,
        };
        assert_eq!(
            serde_json::to_value(effect).unwrap(),
            json!({"do": "enqueue", "queue": "general", "position": 3})
        );
    }

    #[test]
    fn an_answer_may_leave_out_both_parts() {
        let answer: StepResponse = serde_json::from_str("{}").unwrap();
        assert_eq!(answer, StepResponse::default());
    }

    #[test]
    fn a_reply_in_a_list_says_which_it_is() {
        let replies: Vec<StepReply> = vec![
            Ok(StepResponse::default()).into(),
            Err(StepError::terminal("unknown_text", "no text")).into(),
        ];
        assert_eq!(
            serde_json::to_value(replies).unwrap(),
            json!([
                {"done": {"data": {}, "effects": []}},
                {"failed": {"code": "unknown_text", "message": "no text", "retryable": false}},
            ])
        );
    }

    #[test]
    fn statuses_read_back_as_written() {
        for name in ["open", "waiting", "with_operator", "voting", "closed"] {
            assert_eq!(ConversationStatus::parse(name).unwrap().as_str(), name);
        }
        assert_eq!(ConversationStatus::parse("lost"), None);
    }
}
