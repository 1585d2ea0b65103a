//! The words that every part of Vikno shares: organisations, channels, inbound events, outbound
//! messages, conversation status, and the request and answer of a process step.
//!
//! This crate does no I/O, reads no clock and draws no random numbers; it decides nothing.

mod dialogue;
mod event;
mod ids;
mod message;
mod outbox;
mod routing;
mod step;
mod time;

pub use dialogue::{DialogueAct, DialogueRequest};
pub use event::{
    Content, InboundEvent, IncomingMedia, Intervention, MediaKind, OperatorAction, OperatorRef,
    Peer, Relayed, RemoteFile, Sender, TaskStanding, TransferredConversation,
};
pub use ids::{Channel, InvalidId, Language, OrgId, sortable_id};
pub use message::{Button, ButtonKind, MediaRef, MessageAuthor, OutgoingMessage, plain_text};
pub use outbox::{FetchOrder, OutsideOrder, RelayOrder};
pub use routing::{Candidate, Waiting};
pub use step::{
    CitizenView, ConversationStatus, ConversationView, Effect, Reaction, ReplyFacts, Step,
    StepError, StepReply, StepRequest, StepResponse,
};
pub use time::{instant_ms, rfc3339};
