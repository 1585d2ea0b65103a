//! A chat in a runner's hands: as it was claimed, and as it is to be written.

use vikno_conversation::{ChatState, Conversation, Decision, Outcome};
use vikno_domain::{Channel, InboundEvent};

/// A chat with waiting events, leased to this runner.
#[derive(Debug)]
pub struct ClaimedChat {
    /// Channel.
    pub channel: Channel,
    /// Chat.
    pub chat: String,
    /// How many runners before this one did not finish with it.
    pub takeovers: i64,
    /// What is stored of it.
    pub state: ChatState,
    /// Its waiting events, in order.
    pub events: Vec<WaitingEvent>,
}

impl ClaimedChat {
    /// The chat with nothing decided, and its events. After `takeovers_max` runners that did not finish with it the
    /// first event is put aside for people: it may be what ends them.
    pub fn begin(self, takeovers_max: i64) -> (DecidedChat, Vec<WaitingEvent>) {
        let mut events = self.events;
        if self.takeovers >= takeovers_max
            && let Some(first) = events.first_mut()
            && first.event.is_ok()
        {
            first.event = Err("its runners did not finish".to_owned());
        }
        let decided = DecidedChat {
            channel: self.channel,
            chat: self.chat,
            state: self.state,
            closed: Vec::new(),
            decisions: Vec::new(),
            outcomes: Vec::new(),
        };
        (decided, events)
    }
}

/// An event in the inbox.
#[derive(Debug)]
pub struct WaitingEvent {
    /// Inbox row.
    pub id: i64,
    /// `Err` with the cause when it cannot have its turn: it is put aside as failed.
    pub event: Result<InboundEvent, String>,
}

/// What a runner wants written for one chat.
#[derive(Debug)]
pub struct DecidedChat {
    /// Channel.
    pub channel: Channel,
    /// Chat.
    pub chat: String,
    /// The chat as it is now.
    pub state: ChatState,
    /// Conversations that ended on the way.
    pub closed: Vec<Conversation>,
    /// Rows to write, in order.
    pub decisions: Vec<Decision>,
    /// What became of each event.
    pub outcomes: Vec<(i64, EventState, Option<Outcome>)>,
}

/// State of an inbox row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventState {
    /// Had its turn.
    Done,
    /// Could not have one; people have to look.
    Failed,
}
