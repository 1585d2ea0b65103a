//! Plays a scenario: each step is done, what comes of it is written down and held against what must come.

use crate::chat::operator_id;
use crate::check::{Came, differs};
use crate::coverage::{Marks, Places};
use crate::scenario::Placeholders;
use crate::scenario::{Act, Operation, Scenario, Step, Words};
use crate::{Centre, Chat, Failure, Said, Turned};
use serde::Serialize;
use vikno_domain::{
    Button, ButtonKind, Channel, Content, ConversationStatus, IncomingMedia, Language, MediaKind,
    OperatorAction, OrgId,
};
use vikno_organisation::Topic;

/// Timers in one wait: a day in the queue looks at the place 1,440 times; ten thousand means that something runs wild.
const TIMERS_MAX: usize = 10_000;

/// One way to play a scenario.
#[derive(Debug, Clone)]
pub struct Run<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The channel.
    pub channel: Channel,
    /// The citizen's language.
    pub language: Language,
    /// The topic, of one that is played for each.
    pub topic: Option<&'a Topic>,
}

/// How strictly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mode {
    /// Goes on after a difference, and does what it can of an act that is not possible.
    pub lenient: bool,
    /// Fails the call of that number.
    pub fail_call: Option<(usize, Failure)>,
    /// Leaves out the failures that the scenario itself makes.
    pub healthy: bool,
}

/// What was done in a step, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Beat {
    /// The step's line in the scenario.
    pub line: usize,
    /// What happened, as a line of the dialogue.
    pub act: String,
    /// What the citizen was told, as lines of the dialogue.
    pub said: Vec<String>,
    /// The ids of the texts.
    pub keys: Vec<String>,
    /// Where the conversation stands then.
    pub status: ConversationStatus,
    /// In which queue.
    pub queue: Option<String>,
}

/// Something else came than must come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mismatch {
    /// The line of the step.
    pub line: usize,
    /// What must come.
    pub expected: String,
    /// What came.
    pub came: String,
}

/// A scenario that was played.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Played {
    /// Step by step.
    pub beats: Vec<Beat>,
    /// The first difference.
    pub mismatch: Option<Mismatch>,
    /// Events taken through the processes.
    pub turns: usize,
    /// Calls of steps.
    pub calls: usize,
}

impl Scenario {
    /// Every way in which this organisation plays it; none when it is not meant for it.
    pub fn runs<'a>(&'a self, centre: &'a Centre) -> Vec<Run<'a>> {
        let organisation = &centre.organisation;
        if !self.is_for(
            organisation.id.as_str(),
            organisation.hours.around_the_clock,
        ) {
            return Vec::new();
        }
        let languages = if self.languages.is_empty() {
            &organisation.languages
        } else {
            &self.languages
        };
        let topics: Vec<Option<&Topic>> = if self.for_each_topic {
            organisation.topics.iter().map(Some).collect()
        } else {
            vec![None]
        };
        let mut runs = Vec::new();
        for channel in &self.channels {
            for language in languages {
                runs.extend(topics.iter().map(|topic| Run {
                    scenario: self,
                    channel: *channel,
                    language: language.clone(),
                    topic: *topic,
                }));
            }
        }
        runs
    }
}

impl Run<'_> {
    /// Plays it with an organisation; what it tries is added to the marks.
    pub fn play(&self, centre: &Centre, mode: Mode, marks: &mut Marks) -> Played {
        let mut player = Player::new(self, centre, mode);
        player.play();
        marks.merge(player.marks);
        player.played
    }

    /// `telegram, uk, topic subsidies`.
    pub fn name(&self) -> String {
        let topic = self.topic.map(|topic| format!(", topic {}", topic.id));
        let (channel, language) = (self.channel, &self.language);
        format!("{channel}, {language}{}", topic.unwrap_or_default())
    }
}

pub(crate) struct Player<'a> {
    run: &'a Run<'a>,
    pub(crate) chat: Chat<'a>,
    mode: Mode,
    marks: Marks,
    places: Places,
    /// Buttons offered so far, the newest first.
    offered: Vec<Button>,
    pub(crate) played: Played,
}

impl<'a> Player<'a> {
    pub(crate) fn new(run: &'a Run<'a>, centre: &'a Centre, mode: Mode) -> Self {
        let mut chat = Chat::new(centre, run.channel, run.language.clone());
        chat.outside.fail_call = mode.fail_call;
        let hours = &centre.organisation.hours;
        let starts = run.scenario.starts;
        if let Some(starts_ms) = starts.and_then(|starts| starts.after(hours, chat.now_ms, None)) {
            chat.now_ms = starts_ms;
        }
        Self {
            run,
            chat,
            mode,
            marks: Marks::default(),
            places: Places::default(),
            offered: Vec::new(),
            played: Played::default(),
        }
    }

    fn play(&mut self) {
        let scenario = self.run.scenario;
        for step in &scenario.steps {
            self.step(step);
            if self.played.mismatch.is_some() && !self.mode.lenient {
                break;
            }
        }
    }

    /// Does a step. Gives back what came of it, when it could be done.
    pub(crate) fn step(&mut self, step: &Step) -> Option<Vec<Turned>> {
        if !self.mode.healthy {
            self.chat.outside.failing.clone_from(&step.failing);
        }
        self.chat.outside.given.clone_from(&step.given);
        if let Some(load) = step.load {
            self.chat.outside.load = load;
        }
        let (words, done) = match self.act(&step.act) {
            Ok((words, turned)) => (words, Some(turned)),
            Err(problem) => (problem, None),
        };
        let turned = done.as_deref().unwrap_or_default();
        let said: Vec<Said> = turned.iter().flat_map(Turned::said).collect();
        let mismatch = match &done {
            None => Some(("a step that can be done".to_owned(), words.clone())),
            Some(turned) => self.differs(step, turned, &said),
        };
        self.note(step.line, words, &said);
        if self.played.mismatch.is_none() {
            self.played.mismatch = mismatch.map(|(expected, came)| Mismatch {
                line: step.line,
                expected,
                came,
            });
        }
        done
    }

    fn differs(&self, step: &Step, turned: &[Turned], said: &[Said]) -> Option<(String, String)> {
        let conversation = self.chat.conversation_id();
        let fill = self.placeholders(conversation.as_deref());
        let came = Came {
            chat: &self.chat,
            turned,
            said,
        };
        match differs(step, &came, &fill) {
            Ok(difference) => difference,
            Err(problem) => Some(("words that can be filled in".to_owned(), problem)),
        }
    }

    fn note(&mut self, line: usize, act: String, said: &[Said]) {
        let state = self.chat.state();
        let queue = state.conversation.as_ref();
        self.played.beats.push(Beat {
            line,
            act,
            said: said.iter().map(line_of).collect(),
            keys: said.iter().flat_map(|said| said.keys.clone()).collect(),
            status: self.chat.status(),
            queue: queue.and_then(|conversation| conversation.queue.clone()),
        });
    }

    fn placeholders<'b>(&'b self, conversation: Option<&'b str>) -> Placeholders<'b> {
        let centre = self.chat.centre();
        Placeholders {
            organisation: &centre.organisation,
            replies: &centre.replies,
            other: centre.others.keys().next().map(OrgId::as_str),
            topic: self.run.topic,
            language: &self.run.language,
            conversation,
        }
    }

    fn fill(&self, text: &str) -> Result<String, String> {
        let conversation = self.chat.conversation_id();
        self.placeholders(conversation.as_deref()).fill(text)
    }

    fn words(&self, words: &Words) -> Result<String, String> {
        let list = words.list(&self.run.language)?;
        self.fill(&list.join("\n"))
    }

    fn event(&mut self, content: Content) -> Turned {
        let turned = self.chat.event(content);
        self.tried(&turned);
        turned
    }

    /// Notes what a turn passed, said and offered.
    pub(crate) fn tried(&mut self, turned: &Turned) {
        self.played.turns += 1;
        self.played.calls += turned.calls.len();
        let now = self.chat.conversation_id();
        let of = turned.closed.as_ref().map(|closed| closed.id.clone());
        let of = of.or_else(|| now.clone());
        self.marks.turned(turned, of.as_deref(), &mut self.places);
        self.places.now_in(now);
        let messages = turned.decision.messages.iter().rev();
        let mut offered: Vec<Button> = messages
            .flat_map(|message| message.buttons.clone())
            .collect();
        offered.append(&mut self.offered);
        self.offered = offered;
    }

    fn act(&mut self, act: &Act) -> Result<(String, Vec<Turned>), String> {
        let one = |words: String, turned: Turned| Ok((words, vec![turned]));
        match act {
            Act::Opens(context) => {
                let context = context.clone();
                one(
                    "citizen opens the chat".to_owned(),
                    self.event(Content::SessionStarted { context }),
                )
            }
            Act::Says(words) => {
                let text = self.words(words)?;
                one(
                    format!("citizen: {text}"),
                    self.event(Content::Text { text }),
                )
            }
            Act::Edits(words) => {
                let text = self.words(words)?;
                one(
                    format!("citizen edits: {text}"),
                    self.event(Content::Edited { text }),
                )
            }
            Act::Presses(words) => self.press(words),
            Act::PressesId(id) => {
                let button = self.fill(id)?;
                one(format!("button {button:?} comes"), self.click(button))
            }
            Act::Votes(score, comment) => {
                let comment = comment
                    .as_ref()
                    .map(|words| self.words(words))
                    .transpose()?;
                let score = *score;
                one(
                    format!("citizen votes {score}"),
                    self.event(Content::Vote { score, comment }),
                )
            }
            Act::Sends {
                kind,
                caption,
                label,
            } => {
                let caption = caption
                    .as_ref()
                    .map(|words| self.words(words))
                    .transpose()?;
                let media = file(*kind, label.clone());
                let words = format!(
                    "citizen sends: {kind:?} {}",
                    caption.as_deref().unwrap_or_default()
                );
                let content = Content::Media {
                    media,
                    caption,
                    album: None,
                };
                one(words.trim_end().to_lowercase(), self.event(content))
            }
            Act::SharesPhone { phone, own } => {
                self.contact_button();
                let content = Content::Contact {
                    phone: phone.clone(),
                    name: None,
                    own: *own,
                };
                one("citizen shares a contact".to_owned(), self.event(content))
            }
            Act::SharesPlace(latitude, longitude) => {
                let (latitude, longitude) = (*latitude, *longitude);
                let content = Content::Location {
                    latitude,
                    longitude,
                    title: None,
                };
                one("citizen shares a place".to_owned(), self.event(content))
            }
            Act::Blocks => one(
                "citizen blocks the bot".to_owned(),
                self.event(Content::Blocked),
            ),
            Act::Unblocks => one(
                "citizen comes back".to_owned(),
                self.event(Content::Unblocked),
            ),
            Act::Receipt(receipt) => {
                let content = Content::Receipt {
                    receipt: receipt.clone(),
                    detail: None,
                };
                one(format!("the channel tells: {receipt}"), self.event(content))
            }
            Act::Operator(name, operation) => {
                let (words, action) = self.operation(name, operation)?;
                let turned = self.chat.operator(name, action);
                self.tried(&turned);
                one(format!("operator {name} {words}"), turned)
            }
            Act::Waits(moment) => {
                let hours = &self.chat.centre().organisation.hours;
                let until_ms = moment.after(hours, self.chat.now_ms, self.chat.wake_at_ms());
                let until_ms = until_ms.ok_or(
                    "this moment never comes (is a timer set? does the organisation ever close?)",
                )?;
                let minutes = (until_ms - self.chat.now_ms) / 60_000;
                Ok((format!("{minutes} minutes pass"), self.wait(until_ms)?))
            }
            Act::Task(process, data) => self.task(process, data),
        }
    }

    fn task(
        &mut self,
        process: &str,
        data: &serde_json::Map<String, serde_json::Value>,
    ) -> Result<(String, Vec<Turned>), String> {
        if self.chat.conversation_id().is_none() {
            return Err("a task is made on behalf of a conversation; none is under way".to_owned());
        }
        let written = serde_json::Value::Object(data.clone()).to_string();
        let filled = self.fill(&written)?;
        let data = serde_json::from_str(&filled).map_err(|error| error.to_string())?;
        let turned = self
            .chat
            .task(process, data)
            .map_err(|error| error.to_string())?;
        self.tried(&turned);
        Ok((
            format!("an outside system makes a task in {process}"),
            vec![turned],
        ))
    }

    /// A press of a button that was offered, by its words. Leniently, words that stand on none are written.
    fn press(&mut self, words: &Words) -> Result<(String, Vec<Turned>), String> {
        let label = self.label(&self.words(words)?);
        let offered = self.offered.iter().find(|button| button.label == label);
        let offered = offered.filter(|button| button.kind == ButtonKind::Reply);
        match offered.map(|button| button.id.clone()) {
            Some(button) => Ok((
                format!("citizen presses: {label}"),
                vec![self.click(button)],
            )),
            None if self.mode.lenient => {
                let words = format!("citizen: {label}");
                Ok((words, vec![self.event(Content::Text { text: label })]))
            }
            None => {
                let labels = self.offered.iter().map(|button| button.label.as_str());
                let labels = labels.collect::<Vec<_>>().join(" | ");
                Err(format!("no button says {label:?}; offered were: {labels}"))
            }
        }
    }

    fn click(&mut self, button: String) -> Turned {
        self.marks.pressed(&button);
        self.event(Content::Click {
            button,
            callback: None,
        })
    }

    /// Sharing the own contact is what pressing a button for it does.
    fn contact_button(&mut self) {
        let offered = self
            .offered
            .iter()
            .find(|button| button.kind == ButtonKind::Contact);
        if let Some(id) = offered.map(|button| button.id.clone()) {
            self.marks.pressed(&id);
        }
    }

    /// The words of a button: as written, or those of a text after `@`.
    fn label(&self, words: &str) -> String {
        let language = self.chat.language();
        let text = words
            .strip_prefix('@')
            .and_then(|id| self.chat.centre().text(language, id));
        text.unwrap_or_else(|| words.to_owned())
    }

    fn operation(
        &self,
        name: &str,
        operation: &Operation,
    ) -> Result<(String, OperatorAction), String> {
        Ok(match operation {
            Operation::Takes => ("takes the dialogue".to_owned(), OperatorAction::Take),
            Operation::Answers(words) => {
                let text = self.words(words)?;
                let action = OperatorAction::Message {
                    text: Some(text.clone()),
                    media: None,
                };
                (format!("answers: {text}"), action)
            }
            Operation::Notes(words) => {
                let text = self.words(words)?;
                (format!("notes: {text}"), OperatorAction::Note { text })
            }
            Operation::Closes(reason) => {
                let reason = reason.clone();
                (
                    "closes the dialogue".to_owned(),
                    OperatorAction::Close { reason },
                )
            }
            Operation::Reopens => (
                "takes the end back".to_owned(),
                OperatorAction::Reopen { any: false },
            ),
            Operation::Away => (
                "is away".to_owned(),
                OperatorAction::Return {
                    absent: operator_id(name),
                },
            ),
            Operation::MovesToQueue(queue) => {
                let queue = self.fill(queue)?;
                (
                    format!("moves it to queue {queue}"),
                    OperatorAction::TransferQueue {
                        queue,
                        reason: None,
                    },
                )
            }
            Operation::MovesTo(org) => {
                let org = self.fill(org)?;
                let to = OrgId::parse(&org).map_err(|error| error.to_string())?;
                let action = OperatorAction::TransferOrganisation {
                    org: to,
                    queue: None,
                    reason: None,
                };
                (format!("moves it to {org}"), action)
            }
        })
    }

    /// Lets time pass; every timer on the way fires at its time.
    pub(crate) fn wait(&mut self, until_ms: i64) -> Result<Vec<Turned>, String> {
        let mut turned = Vec::new();
        while self
            .chat
            .wake_at_ms()
            .is_some_and(|at_ms| at_ms <= until_ms)
        {
            if turned.len() == TIMERS_MAX {
                return Err(format!(
                    "over {TIMERS_MAX} timers fire in this wait; it never comes to rest"
                ));
            }
            if let Some(one) = self.chat.wait_for_timer() {
                self.tried(&one);
                turned.push(one);
            }
        }
        self.chat.now_ms = until_ms.max(self.chat.now_ms);
        Ok(turned)
    }
}

fn file(kind: MediaKind, label: Option<String>) -> IncomingMedia {
    IncomingMedia {
        kind,
        remote: None,
        stored: None,
        name: None,
        claimed_type: None,
        claimed_size: None,
        label,
    }
}

/// `robot: words  [button | button]`.
pub(crate) fn line_of(said: &Said) -> String {
    let mut line = format!(
        "{}: {}",
        said.from.as_str(),
        said.text.as_deref().unwrap_or_default()
    );
    if said.media {
        line.push_str("(file)");
    }
    if !said.buttons.is_empty() {
        let labels: Vec<&str> = said
            .buttons
            .iter()
            .map(|button| button.label.as_str())
            .collect();
        line.push_str(&format!("  [{}]", labels.join(" | ")));
    }
    line
}
