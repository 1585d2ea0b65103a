//! What happens to a conversation when an event comes in: the event, the stored state and the clock go in;
//! calls of steps, and in the end one decision (rows to write), come out.
//!
//! This crate does no I/O, reads no clock, draws no random numbers and knows no organisation by name.

mod asked;
mod calls;
mod code;
mod decision;
mod effects;
mod entry;
mod ids;
mod interventions;
mod operator;
mod outside;
mod peer;
mod record;
mod replies;
mod task;
mod task_record;
mod turn;
mod waiting;

pub use decision::{
    Decision, JournalEntry, MediaRecord, MessageRecord, OutboxKind, OutboxRecord, Outcome, Rating,
    Receipt, TextEdit,
};
pub use ids::Ids;
pub use interventions::standing;
pub use outside::{Outside, OutsideCall, OutsideCalls};
pub use peer::HISTORY_MAX;
pub use record::{ChatState, Citizen, Conversation, Direction, Facts, PeerLink};
pub use task::{TaskFacts, TaskTurn};
pub use task_record::{Callbacks, TaskRecord, TaskStatus};
pub use turn::{Finished, Next, Settings, StepAnswer, StepCall, Turn};
pub use waiting::WaitingTasks;
