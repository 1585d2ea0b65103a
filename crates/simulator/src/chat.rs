//! One citizen's chat with an organisation, in time that stands where it is put. The one driver of dialogues without
//! a host: an event goes in, what came of it comes out.

use crate::{Called, Centre, Outside};
use serde_json::{Map, Value};
use vikno_conversation::{ChatState, Conversation, Decision, Finished, Ids, Next, Outcome, Turn};
use vikno_domain::{
    Button, Channel, Content, ConversationStatus, InboundEvent, Language, MessageAuthor,
    OperatorAction, OperatorRef, Sender,
};
use vikno_process::{CreateError, TaskFinished, TraceEntry};

/// A Monday at noon in Kyiv: every organisation works.
pub const NOON_MS: i64 = 1_763_978_400_000;
/// The chat's id on its channel.
const CHAT: &str = "42";
/// How the citizen is called.
pub const CITIZEN_NAME: &str = "Оля";

/// One citizen's chat.
pub struct Chat<'a> {
    centre: &'a Centre,
    channel: Channel,
    language: Language,
    state: ChatState,
    events: u32,
    /// The time, Unix milliseconds.
    pub now_ms: i64,
    /// The steps' side.
    pub outside: Outside,
}

/// What the citizen was told.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// By whom.
    pub from: MessageAuthor,
    /// The words.
    pub text: Option<String>,
    /// The ids of the texts it is made of; none for words that somebody wrote.
    pub keys: Vec<String>,
    /// The buttons below it.
    pub buttons: Vec<Button>,
    /// Whether a file came along.
    pub media: bool,
}

/// What one event brought.
#[derive(Debug)]
pub struct Turned {
    /// When, Unix milliseconds.
    pub at_ms: i64,
    /// What became of the event.
    pub outcome: Outcome,
    /// What is to be written.
    pub decision: Decision,
    /// The conversation, if it ended in this turn.
    pub closed: Option<Conversation>,
    /// The nodes passed.
    pub trace: Vec<TraceEntry>,
    /// The tasks that ended.
    pub tasks: Vec<TaskFinished>,
    /// The steps called, in order.
    pub calls: Vec<Called>,
}

impl<'a> Chat<'a> {
    /// A chat that has not begun, on a working day at noon.
    pub fn new(centre: &'a Centre, channel: Channel, language: Language) -> Self {
        Self {
            centre,
            channel,
            language,
            state: ChatState::default(),
            events: 0,
            now_ms: NOON_MS,
            outside: Outside::default(),
        }
    }

    /// The organisation.
    pub fn centre(&self) -> &'a Centre {
        self.centre
    }

    /// The channel.
    pub fn channel(&self) -> Channel {
        self.channel
    }

    /// What is stored of the chat.
    pub fn state(&self) -> &ChatState {
        &self.state
    }

    /// Where the conversation stands; closed when there is none.
    pub fn status(&self) -> ConversationStatus {
        let open = self.state.conversation.as_ref();
        open.map_or(ConversationStatus::Closed, |open| open.status)
    }

    /// The conversation that is under way.
    pub fn conversation_id(&self) -> Option<String> {
        self.state.conversation.as_ref().map(|open| open.id.clone())
    }

    /// The language of the dialogue.
    pub fn language(&self) -> &Language {
        match (&self.state.conversation, &self.state.citizen) {
            (Some(conversation), _) => &conversation.language,
            (None, Some(citizen)) => &citizen.language,
            (None, None) => &self.language,
        }
    }

    /// When the next timer fires.
    pub fn wake_at_ms(&self) -> Option<i64> {
        self.state.conversation.as_ref()?.wake_at_ms
    }

    /// The citizen writes.
    pub fn text(&mut self, text: &str) -> Turned {
        self.event(Content::Text {
            text: text.to_owned(),
        })
    }

    /// The citizen presses a button.
    pub fn click(&mut self, button: &str) -> Turned {
        self.event(Content::Click {
            button: button.to_owned(),
            callback: None,
        })
    }

    /// An operator acts.
    pub fn operator(&mut self, name: &str, action: OperatorAction) -> Turned {
        let operator = OperatorRef {
            id: operator_id(name),
            name: name.to_owned(),
        };
        self.event(Content::Operator { operator, action })
    }

    /// Lets time pass to the next timer and fires it; nothing when none is set.
    pub fn wait_for_timer(&mut self) -> Option<Turned> {
        self.now_ms = self.wake_at_ms()?.max(self.now_ms);
        Some(self.event(Content::Timer))
    }

    /// Something happens.
    pub fn event(&mut self, content: Content) -> Turned {
        let mut turn = self.begin(content);
        let calls = self.run(&mut turn);
        self.end(turn, calls)
    }

    /// An outside system makes a task in a process, on behalf of the conversation under way.
    pub fn task(&mut self, process: &str, data: Map<String, Value>) -> Result<Turned, CreateError> {
        let mut turn = self.begin(Content::Timer);
        let created = turn.create_task(process, None, data);
        let calls = self.run(&mut turn);
        let turned = self.end(turn, calls);
        created.map(|()| turned)
    }

    fn begin(&mut self, content: Content) -> Turn<'a> {
        self.events += 1;
        let event = self.inbound(content);
        let mut seed = [7; 10];
        seed[..4].copy_from_slice(&self.events.to_be_bytes());
        Turn::begin(
            &self.centre.settings,
            &self.centre.processes,
            1,
            std::mem::take(&mut self.state),
            event,
            Ids::new(self.now_ms, seed),
            self.now_ms,
        )
    }

    fn inbound(&self, content: Content) -> InboundEvent {
        let ours = matches!(content, Content::Operator { .. } | Content::Timer);
        InboundEvent {
            channel: self.channel,
            chat: CHAT.to_owned(),
            dedupe_key: format!("event:{}", self.events),
            at_ms: self.now_ms,
            sender: (!ours).then(|| Sender {
                id: CHAT.to_owned(),
                name: Some(CITIZEN_NAME.to_owned()),
                language: Some(self.language.clone()),
            }),
            external_id: match &content {
                // Whatever is under way is meant.
                Content::Asked { .. } => None,
                _ if ours => self.conversation_id(),
                _ => Some(self.events.to_string()),
            },
            content,
        }
    }

    fn run(&mut self, turn: &mut Turn<'a>) -> Vec<Called> {
        let mut calls = Vec::new();
        while let Next::Call(call) = turn.advance() {
            let (answer, called) = self.outside.answer(self.centre, &call);
            turn.answer(&call, answer);
            calls.push(called);
        }
        calls
    }

    fn end(&mut self, turn: Turn<'a>, calls: Vec<Called>) -> Turned {
        let Finished {
            state,
            closed,
            decision,
            outcome,
            trace,
            tasks,
            ..
        } = turn.finish();
        self.state = state;
        Turned {
            at_ms: self.now_ms,
            outcome,
            decision,
            closed,
            trace,
            tasks,
            calls,
        }
    }
}

impl Turned {
    /// What the citizen was told, in order.
    pub fn said(&self) -> Vec<Said> {
        let mut spoken: Vec<_> = self
            .calls
            .iter()
            .filter_map(|call| call.said.as_ref())
            .collect();
        let messages = self.decision.messages.iter();
        let heard = messages.filter_map(|message| Some((author(message.author)?, message)));
        heard
            .map(|(from, message)| {
                let place = spoken.iter().position(|one| one.text == message.text);
                let keys = place.map(|place| spoken.remove(place).keys.clone());
                Said {
                    from,
                    text: message.text.clone(),
                    keys: keys.unwrap_or_default(),
                    buttons: message.buttons.clone(),
                    media: message.media_id.is_some(),
                }
            })
            .collect()
    }

    /// Whether the citizen was told anything.
    pub fn is_silent(&self) -> bool {
        let mut messages = self.decision.messages.iter();
        !messages.any(|message| author(message.author).is_some())
    }

    /// The kinds of journal lines, in order.
    pub fn journal(&self) -> Vec<&str> {
        let lines = self.decision.journal.iter();
        lines.map(|entry| entry.what.as_str()).collect()
    }

    /// Whether a step or a process failed.
    pub fn has_failed(&self) -> bool {
        let lines = &self.decision.journal;
        lines.iter().any(|entry| is_failure(&entry.what))
    }
}

/// Whether a journal line tells of something that went wrong in the processes.
pub(crate) fn is_failure(what: &str) -> bool {
    matches!(what, "step_failed" | "process_failed" | "world_unreadable")
}

/// Who speaks to the citizen; none for the citizen's own words and for notes.
fn author(name: &str) -> Option<MessageAuthor> {
    match name {
        "operator" => Some(MessageAuthor::Operator),
        "system" => Some(MessageAuthor::System),
        "robot" => Some(MessageAuthor::Robot),
        _ => None,
    }
}

/// The id of an operator by the name that a scenario gives.
pub(crate) fn operator_id(name: &str) -> String {
    format!("u_{name}")
}
