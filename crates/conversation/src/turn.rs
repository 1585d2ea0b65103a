//! One event's way through a conversation: taken in, run through the processes, decided.

use crate::calls::{failed, step_call, step_of_code};
use crate::code;
use crate::decision::Outcome;
use crate::effects::Book;
use crate::entry::Entry;
use crate::outside::Outside;
use crate::{ChatState, Citizen, Conversation, Decision, Direction, Ids, WaitingTasks};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use vikno_domain::{
    Channel, Content, ConversationStatus, Effect, InboundEvent, Language, MessageAuthor,
    OperatorAction, OrgId, OutgoingMessage, StepError, StepRequest, StepResponse,
};
use vikno_process::{
    CallId, CallResult, CreateError, Limits, Name, ProcessSet, Runner, Surroundings, TaskFinished,
    TraceEntry, World,
};

/// The process whose one task is the conversation.
const PROJECT: &str = "project";

/// What a turn needs to know of the organisation.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The organisation.
    pub org: OrgId,
    /// Its languages.
    pub languages: Vec<Language>,
    /// The one for a person whose language it does not speak.
    pub default_language: Language,
    /// Queue ids.
    pub queues: Vec<String>,
    /// The queue for everything that has no better one.
    pub default_queue: String,
    /// Organisations of this installation to which a conversation can be moved.
    pub reachable: Vec<OrgId>,
    /// Whether the citizen's name goes along with a conversation that is moved.
    pub shares_name: bool,
    /// Whether what was said before goes along.
    pub shares_history: bool,
    /// Values of `{{env_var[@name]}}` in the processes.
    pub environment: BTreeMap<String, Value>,
    /// Processes of an outside Corezoid that are asked first, by event.
    pub outside: Outside,
    /// Whether a turn's trace holds the data of the tasks.
    pub remembers_data: bool,
}

/// A step to call.
#[derive(Debug, Clone, PartialEq)]
pub struct StepCall {
    /// To be handed back with the answer.
    pub call_id: CallId,
    /// The step component, e.g. `send-text`.
    pub component: String,
    /// The process that calls.
    pub process: Name,
    /// Its node.
    pub node: Name,
    /// What to post to it.
    pub request: StepRequest,
    /// How long to wait, milliseconds.
    pub timeout_ms: i64,
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq)]
pub enum StepAnswer {
    /// The step answered.
    Done(StepResponse),
    /// The step failed in its own words.
    Failed(StepError),
    /// The step could not be reached or gave no known answer.
    Unreachable(String),
    /// No answer in time.
    TimedOut,
}

/// What a turn wants next.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// Call a step and hand its answer to [`Turn::answer`].
    Call(Box<StepCall>),
    /// Nothing more: [`Turn::finish`].
    Done,
}

/// One event's way.
#[derive(Debug)]
pub struct Turn<'a> {
    pub(crate) book: Book<'a>,
    pub(crate) event: Arc<InboundEvent>,
    pub(crate) runner: Option<Runner<'a>>,
    pub(crate) outcome: Outcome,
    said_before: usize,
    step_failed: bool,
    status_before: Option<ConversationStatus>,
}

impl<'a> Turn<'a> {
    /// Takes an event in. `processes` are those of the conversation's version, or the newest for a new one;
    /// `process_version` is their number.
    pub fn begin(
        settings: &'a Settings,
        processes: &'a ProcessSet,
        process_version: i64,
        state: ChatState,
        event: InboundEvent,
        mut ids: Ids,
        now_ms: i64,
    ) -> Self {
        let citizen = state
            .citizen
            .unwrap_or_else(|| new_citizen(settings, &event, &mut ids, now_ms));
        let mut book = Book {
            settings,
            now_ms,
            ids,
            citizen,
            conversation: state.conversation,
            history: state.history,
            returned: None,
            closed: None,
            decision: Decision::with_room(),
        };
        let status_before = book
            .conversation
            .as_ref()
            .map(|conversation| conversation.status);
        let entry = book.enter(&event, process_version);
        let said_before = book.decision.messages.len();
        let mut turn = Self {
            book,
            event: Arc::new(event),
            runner: None,
            outcome: Outcome::Applied,
            said_before,
            step_failed: false,
            status_before,
        };
        match entry {
            Entry::Done(outcome) => turn.outcome = outcome,
            Entry::Timer => turn.start(processes, false),
            Entry::Process => turn.start(processes, true),
            Entry::Intervention => turn.intervene(processes),
            Entry::Again(event) => {
                turn.event = Arc::new(*event);
                turn.start(processes, true);
            }
        }
        turn
    }

    pub(crate) fn start(&mut self, processes: &'a ProcessSet, with_event: bool) {
        let Some(conversation) = &mut self.book.conversation else {
            self.outcome = Outcome::Ignored;
            return;
        };
        let id = conversation.id.clone();
        let (world, unreadable) = std::mem::take(&mut conversation.world).read();
        let is_new = world.find(PROJECT, &id).is_none();
        let data = entry_data(&self.event, conversation, is_new);
        if let Some(error) = unreadable {
            self.book
                .journal("process", "world_unreadable", json!({ "error": error }));
        }
        let mut runner = Runner::new(processes, world, Limits::default(), self.book.now_ms)
            .with_environment(&self.book.settings.environment)
            .remembering_data(self.book.settings.remembers_data)
            .with_seed(self.book.ids.seed());
        if with_event {
            let receiver = match self.event.channel {
                Channel::Telegram => "telegram-receiver",
                Channel::Viber => "viber-receiver",
                Channel::Web | Channel::Organisation | Channel::Api => PROJECT,
            };
            // An operator's act and a task's wish come through no channel.
            let from_inside = matches!(
                self.event.content,
                Content::Operator { .. } | Content::Asked { .. }
            );
            let receiver = if from_inside { PROJECT } else { receiver };
            let entered = match (receiver, is_new) {
                (PROJECT, false) => runner
                    .modify_task(PROJECT, &id, data)
                    .map_err(|e| e.to_string()),
                (PROJECT, true) => runner
                    .create_task(PROJECT, Some(&id), data)
                    .map_err(|e| e.to_string()),
                (receiver, _) => runner
                    .create_task(receiver, None, data)
                    .map_err(|e| e.to_string()),
            };
            if let Err(cause) = entered {
                self.book
                    .journal("process", "process_failed", json!({ "cause": cause }));
            }
        }
        self.runner = Some(runner);
    }

    /// What the dialogue may know of the others.
    pub fn knowing(mut self, others: &'a dyn Surroundings) -> Self {
        let runner = self.runner.take();
        self.runner = runner.map(|runner| runner.with_surroundings(others));
        self
    }

    /// Makes a task in a process, on behalf of the conversation, as an outside system may. Without a conversation
    /// under way there is nothing to do.
    pub fn create_task(
        &mut self,
        process: &str,
        reference: Option<&str>,
        data: Map<String, Value>,
    ) -> Result<(), CreateError> {
        match &mut self.runner {
            Some(runner) => runner.create_task(process, reference, data).map(|_| ()),
            None => Ok(()),
        }
    }

    /// What to do next. Call it again after each answer.
    pub fn advance(&mut self) -> Next {
        let Some(runner) = &mut self.runner else {
            return Next::Done;
        };
        loop {
            match runner.step() {
                vikno_process::Outcome::Idle { .. } => return Next::Done,
                vikno_process::Outcome::Code(call) => {
                    let call_id = call.call_id;
                    match step_of_code(&self.book, &self.event, call) {
                        Some(step) => return Next::Call(Box::new(step)),
                        None => {
                            let refused =
                                CallResult::code_timeout("there is no conversation to run it for");
                            if runner.resume(call_id, refused).is_err() {
                                return Next::Done;
                            }
                        }
                    }
                }
                vikno_process::Outcome::Call(call) => {
                    let call_id = call.call_id;
                    match step_call(&self.book, &self.event, call) {
                        Ok(step) => return Next::Call(Box::new(step)),
                        Err(url) => {
                            let refused = CallResult::Failed {
                                tag: "api_bind_error".to_owned(),
                                hardware: false,
                                description: format!("{url} is no step of this application"),
                                http_code: None,
                            };
                            if runner.resume(call_id, refused).is_err() {
                                return Next::Done;
                            }
                        }
                    }
                }
            }
        }
    }

    /// Takes a step's answer: its effects are applied, its data go to the process.
    pub fn answer(&mut self, call: &StepCall, answer: StepAnswer) {
        if call.component == code::RUN_CODE {
            return self.code_answered(call, answer);
        }
        let result = match answer {
            StepAnswer::Done(StepResponse { mut data, effects }) => {
                for effect in effects {
                    self.book.apply(effect);
                }
                data.insert("status".to_owned(), json!(self.status()));
                CallResult::answer(200, Value::Object(data))
            }
            StepAnswer::Failed(error) => {
                self.step_failed(call, &error.code, &error.message);
                failed(
                    "api_bad_answer",
                    error.retryable,
                    error.to_string(),
                    Some(422),
                )
            }
            StepAnswer::Unreachable(cause) => {
                self.step_failed(call, "unreachable", &cause);
                failed("api_fatal_error", true, cause, None)
            }
            StepAnswer::TimedOut => {
                self.step_failed(call, "timed_out", "no answer in time");
                failed(
                    "api_expire_query",
                    true,
                    "no answer in time".to_owned(),
                    None,
                )
            }
        };
        self.resume(call, result);
    }

    /// A code that fails is a matter of its process's error branch, and told to people as a failed step is.
    fn code_answered(&mut self, call: &StepCall, answer: StepAnswer) {
        match &answer {
            StepAnswer::Done(_) => {}
            StepAnswer::Failed(error) => {
                let (code, cause) = (error.code.clone(), error.message.clone());
                self.step_failed(call, &code, &cause);
            }
            StepAnswer::Unreachable(cause) => {
                let cause = cause.clone();
                self.step_failed(call, "unreachable", &cause);
            }
            StepAnswer::TimedOut => self.step_failed(call, "timed_out", "no answer in time"),
        }
        self.resume(call, code::result(answer));
    }

    fn resume(&mut self, call: &StepCall, result: CallResult) {
        if let Some(runner) = &mut self.runner
            && let Err(error) = runner.resume(call.call_id, result)
        {
            let data = json!({ "cause": error.to_string() });
            self.book.journal("process", "process_failed", data);
        }
    }

    fn step_failed(&mut self, call: &StepCall, code: &str, cause: &str) {
        self.step_failed = true;
        let data = json!({
            "step": call.component, "process": call.process, "node": call.node, "code": code, "cause": cause,
        });
        self.book.journal("process", "step_failed", data);
        self.book
            .tell_consultants(format!("step {}: {code}", call.component));
    }

    pub(crate) fn status(&self) -> ConversationStatus {
        self.book
            .conversation
            .as_ref()
            .map_or(ConversationStatus::Closed, |conversation| {
                conversation.status
            })
    }

    /// Ends the turn: the chat as it is to be stored, a conversation that ended in it, and what to write.
    pub fn finish(mut self) -> Finished {
        let (mut trace, mut tasks) = (Vec::new(), Vec::new());
        if let Some(mut runner) = self.runner.take() {
            let failures = runner.take_failures();
            for added in runner.take_sums() {
                let data = json!({ "process": added.process, "node": added.node, "sum": added.sum, "amount": added.amount });
                self.book.journal("process", "sum_added", data);
                self.book.decision.sums.push(added);
            }
            trace = runner.take_trace();
            tasks = runner.take_finished();
            let world = runner.into_world();
            self.keep(world);
            let path = compact(&trace);
            if !path.is_empty() {
                self.book
                    .journal("process", "process_ran", json!({ "path": path }));
            }
            for failure in &failures {
                let data = json!({ "process": failure.process, "node": failure.node, "cause": failure.description });
                self.book.journal("process", "process_failed", data);
                let place = format!("process {}, node {}", failure.process, failure.node);
                self.book.tell_consultants(format!("{place}: failed"));
            }
            let failed = self.step_failed || !failures.is_empty();
            self.fall_back(failed);
        }
        self.book.tell_peer(self.status_before);
        self.book.answer_asker(&self.event, &self.outcome);
        let Book {
            citizen,
            conversation,
            closed,
            decision,
            ids,
            ..
        } = self.book;
        let state = ChatState {
            citizen: Some(citizen),
            conversation,
            history: Vec::new(),
        };
        Finished {
            state,
            closed,
            decision,
            outcome: self.outcome,
            ids,
            trace,
            tasks,
        }
    }

    fn keep(&mut self, world: World) {
        let moved_away = self.book.peer(Direction::Out).is_some();
        if let Some(conversation) = &mut self.book.conversation {
            let outside = conversation.facts.outside.next_wake_ms(self.book.now_ms);
            let wakes = [world.next_wake_ms(), outside];
            conversation.wake_at_ms = wakes.into_iter().flatten().min().filter(|_| !moved_away);
            conversation.world = world.into();
        }
        if let Some(conversation) = &mut self.book.closed {
            conversation.world = WaitingTasks::default();
        }
    }

    /// Whether that author has said something to the citizen in this turn.
    fn has_said(&self, author: MessageAuthor) -> bool {
        let mut said = self.book.decision.messages[self.said_before..].iter();
        said.any(|message| message.author == author.as_str())
    }

    /// What must happen even when a process is broken: an operator's act has its effect, and a citizen whom no
    /// process answers comes to a person.
    fn fall_back(&mut self, failed: bool) {
        if let Content::Operator { action, operator } = &self.event.content {
            let actor = format!("operator:{}", operator.id);
            let status = self.status();
            match action {
                OperatorAction::Message { text, media }
                    if !self.has_said(MessageAuthor::Operator) =>
                {
                    let message = OutgoingMessage {
                        from: MessageAuthor::Operator,
                        text: text.clone(),
                        buttons: Vec::new(),
                        media: media.clone(),
                    };
                    self.book.say(message, Some(operator.name.clone()));
                }
                OperatorAction::Close { .. } if status == ConversationStatus::WithOperator => {
                    self.book.close("operator", &actor);
                }
                OperatorAction::TransferOrganisation { org, queue, reason }
                    if self.book.peer(Direction::Out).is_none() =>
                {
                    self.book
                        .move_to(org.clone(), queue.clone(), reason.clone());
                }
                _ => {}
            }
            return;
        }
        let answered = [
            MessageAuthor::Robot,
            MessageAuthor::System,
            MessageAuthor::Operator,
        ]
        .into_iter()
        .any(|author| self.has_said(author));
        if failed && !answered && self.status() == ConversationStatus::Open {
            let queue = self.book.settings.default_queue.clone();
            self.book.apply(Effect::Enqueue { queue, position: 0 });
        }
    }
}

/// What a turn leaves.
#[derive(Debug)]
pub struct Finished {
    /// The chat as it is to be stored.
    pub state: ChatState,
    /// The conversation that ended in this turn.
    pub closed: Option<Conversation>,
    /// What to write.
    pub decision: Decision,
    /// What became of the event.
    pub outcome: Outcome,
    /// For the next turn of the batch.
    pub ids: Ids,
    /// The nodes that the tasks entered, in order.
    pub trace: Vec<TraceEntry>,
    /// The tasks that came to an end.
    pub tasks: Vec<TaskFinished>,
}

fn new_citizen(settings: &Settings, event: &InboundEvent, ids: &mut Ids, now_ms: i64) -> Citizen {
    let sender = event.sender.clone().unwrap_or_default();
    let language = sender
        .language
        .filter(|language| settings.languages.contains(language));
    Citizen {
        id: ids.next("p"),
        channel: event.channel,
        chat: event.chat.clone(),
        name: sender.name,
        language: language.unwrap_or_else(|| settings.default_language.clone()),
        phone: None,
        phone_verified: false,
        identity: None,
        blocked: false,
        conversations: 0,
        conversation_id: None,
        created_at_ms: now_ms,
    }
}

/// What the processes see of the event: little, since it stays in the stored world; steps get the whole event.
fn entry_data(
    event: &InboundEvent,
    conversation: &Conversation,
    is_new: bool,
) -> Map<String, Value> {
    let data = json!({
        "event": { "kind": event.content.kind() },
        "conversation_id": conversation.id,
        "new": is_new,
        "status": conversation.status,
        "channel": event.channel,
    });
    match data {
        Value::Object(data) => data,
        _ => Map::new(),
    }
}

/// What a node of a path takes, its share of the names of processes included.
const ENTRY_BYTES_COMMON: usize = 16;

/// `project:start>convert>wait-open send-text-message:start>…`: the way in few bytes.
pub(crate) fn compact(trace: &[TraceEntry]) -> String {
    let mut path = String::with_capacity(trace.len() * ENTRY_BYTES_COMMON);
    let mut process = None;
    for entry in trace {
        if process == Some((&entry.process, entry.task)) {
            path.push('>');
        } else {
            if !path.is_empty() {
                path.push(' ');
            }
            path.push_str(&entry.process);
            path.push(':');
            process = Some((&entry.process, entry.task));
        }
        path.push_str(&entry.node);
    }
    path
}
