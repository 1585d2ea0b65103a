//! Scenarios: who says what, and what must come back. Read from files that people without programming write.

mod parse;
mod raw;
mod words;

pub use parse::ScenarioProblem;
pub(crate) use words::Placeholders;
pub use words::{OneOrMany, Words};

use crate::Failing;
use crate::moment::Moment;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use vikno_domain::{Channel, ConversationStatus, Language, MediaKind};
use vikno_steps::queue::QueueLoad;

/// A scenario as written; it is played once for each channel and language (and topic).
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The file, as reports name it.
    pub file: String,
    /// What it shows.
    pub title: String,
    /// The channels it is played on.
    pub channels: Vec<Channel>,
    /// The languages it is played in; those of the organisation when empty.
    pub languages: Vec<Language>,
    /// When it begins.
    pub starts: Option<Moment>,
    /// Played for each topic of the organisation.
    pub for_each_topic: bool,
    /// Only for these organisations; for all when empty.
    pub only: Vec<String>,
    /// Not for these.
    pub except: Vec<String>,
    /// What happens, in order.
    pub steps: Vec<Step>,
}

/// One thing that happens, and what must come of it.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its line in the file.
    pub line: usize,
    /// What happens.
    pub act: Act,
    /// Steps of the application that fail meanwhile.
    pub failing: BTreeMap<String, Failing>,
    /// What steps answer besides.
    pub given: BTreeMap<String, Map<String, Value>>,
    /// Who else is in the queue from now on.
    pub load: Option<QueueLoad>,
    /// What must come of it.
    pub expected: Expected,
}

/// What happens.
#[derive(Debug, Clone)]
pub enum Act {
    /// The citizen opens the chat, perhaps by a link with a context.
    Opens(Option<String>),
    /// The citizen writes.
    Says(Words),
    /// The citizen changes an earlier message.
    Edits(Words),
    /// The citizen presses a button that was offered, by its words.
    Presses(Words),
    /// Somebody sends a button's id, offered or not.
    PressesId(String),
    /// The citizen votes through the chat API.
    Votes(u8, Option<Words>),
    /// The citizen sends a file.
    Sends {
        /// What sort.
        kind: MediaKind,
        /// Words below it.
        caption: Option<Words>,
        /// A sticker's emoji.
        label: Option<String>,
    },
    /// The citizen shares a contact card.
    SharesPhone {
        /// The number.
        phone: String,
        /// The channel vouches that it is their own.
        own: bool,
    },
    /// The citizen shares a place.
    SharesPlace(f64, f64),
    /// The citizen blocks the bot.
    Blocks,
    /// The citizen comes back.
    Unblocks,
    /// The channel tells what became of a message.
    Receipt(String),
    /// An operator acts.
    Operator(String, Operation),
    /// Time passes, and timers fire.
    Waits(Moment),
    /// An outside system makes a task in a process.
    Task(String, Map<String, Value>),
}

/// What an operator does.
#[derive(Debug, Clone)]
pub enum Operation {
    /// Takes the dialogue.
    Takes,
    /// Answers the citizen.
    Answers(Words),
    /// Writes a note.
    Notes(Words),
    /// Ends the dialogue.
    Closes(Option<String>),
    /// Takes the end back.
    Reopens,
    /// Is away: the dialogue goes back to its queue.
    Away,
    /// Moves it to another queue.
    MovesToQueue(String),
    /// Moves it to another organisation.
    MovesTo(String),
}

/// What must come of a step; what is not written is not looked at.
#[derive(Debug, Clone, Default)]
pub struct Expected {
    /// Text ids said, in this order; others may be said between.
    pub answer: Option<Words>,
    /// No other text than those.
    pub exactly: bool,
    /// Words that some message has.
    pub text: Option<Words>,
    /// Words that no message has.
    pub no_text: Option<Words>,
    /// Nothing is said.
    pub silent: bool,
    /// Buttons offered, by their words.
    pub buttons: Vec<String>,
    /// No button is offered.
    pub no_buttons: bool,
    /// Where the conversation stands then.
    pub status: Option<ConversationStatus>,
    /// In which queue.
    pub in_queue: Option<String>,
    /// About what.
    pub topic: Option<String>,
    /// How urgent.
    pub priority: Option<String>,
    /// In which language it goes on.
    pub language: Option<String>,
    /// Kinds of journal lines, each of which is written.
    pub journal: Vec<String>,
    /// Words of a note to the consultants.
    pub note: Option<Words>,
    /// Why an act is refused.
    pub refused: Option<String>,
    /// The rating taken.
    pub rating: Option<u8>,
    /// The number known of the citizen.
    pub phone: Option<String>,
    /// Whether it is proven.
    pub phone_verified: Option<bool>,
    /// Nodes passed, as `process.node`.
    pub passes: Vec<String>,
    /// The node at which the task made from outside ends.
    pub ends: Option<String>,
    /// What is in its data then.
    pub result: Map<String, Value>,
}

impl Scenario {
    /// Reads a scenario; all mistakes are reported together.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<ScenarioProblem>> {
        parse::scenario(file, text)
    }

    /// Whether it is meant for that organisation: `only` and `except`, and one that never closes has no closed hours.
    pub fn is_for(&self, org: &str, around_the_clock: bool) -> bool {
        let named = |list: &[String]| list.iter().any(|id| id == org);
        let wanted = (self.only.is_empty() || named(&self.only)) && !named(&self.except);
        wanted && !(around_the_clock && self.needs_closed_hours())
    }

    fn needs_closed_hours(&self) -> bool {
        let waits = self.steps.iter().filter_map(|step| match &step.act {
            Act::Waits(moment) => Some(*moment),
            _ => None,
        });
        let mut moments = self.starts.into_iter().chain(waits);
        moments.any(|moment| moment == Moment::ClosedHours)
    }
}

impl Act {
    /// Whether it is something that a citizen may expect an answer to.
    pub fn wants_an_answer(&self) -> bool {
        matches!(
            self,
            Self::Opens(_)
                | Self::Says(_)
                | Self::Presses(_)
                | Self::PressesId(_)
                | Self::Votes(..)
                | Self::Sends { .. }
                | Self::SharesPhone { .. }
                | Self::SharesPlace(..)
        )
    }
}
