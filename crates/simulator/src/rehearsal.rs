//! A rehearsal: an author plays the citizen (and whoever else a scenario knows) against processes that nobody has
//! published, and sees what the citizen would see and the way that led there. Each time the whole scenario is played
//! from its beginning, so nothing is kept between two looks and the same scenario always shows the same.

use crate::play::Player;
use crate::scenario::Step;
use crate::{Centre, Mode, Run, Said, Scenario, ScenarioProblem, Turned};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use vikno_domain::{Button, Channel, ConversationStatus, Language, MessageAuthor, rfc3339};

/// How the file is called of which problems tell.
const FILE: &str = "scenario";

/// What is played.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rehearsal {
    /// A scenario, as in a file of scenarios; its channels and languages do not count.
    pub scenario: String,
    /// On which channel.
    pub channel: Channel,
    /// In which language.
    pub language: Language,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rehearsed {
    /// Step by step; it ends with the first one that could not be done.
    pub steps: Vec<Shown>,
    /// When the next timer fires, RFC 3339.
    pub wakes_at: Option<String>,
}

/// A step, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shown {
    /// The step's line in the scenario.
    pub line: usize,
    /// What happened, as a line of the dialogue.
    pub act: String,
    /// When it was over, RFC 3339.
    pub at: String,
    /// What the citizen was told.
    pub said: Vec<Heard>,
    /// The nodes passed, in order.
    pub path: Vec<Passed>,
    /// Lines for the journal.
    pub journal: Vec<Line>,
    /// Notes to the consultants.
    pub notes: Vec<String>,
    /// Where the conversation stands then.
    pub status: ConversationStatus,
    /// In which queue.
    pub queue: Option<String>,
    /// Why the step could not be done, or what else the scenario expects.
    pub problem: Option<String>,
}

/// A message to the citizen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Heard {
    /// By whom.
    pub from: MessageAuthor,
    /// The words.
    pub text: Option<String>,
    /// The ids of the texts it is made of.
    pub keys: Vec<String>,
    /// The buttons below it.
    pub buttons: Vec<Button>,
    /// Whether a file came along.
    pub media: bool,
}

/// A node that a task entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Passed {
    /// The process.
    pub process: String,
    /// Its node.
    pub node: String,
}

/// A line of the journal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// What, in the past tense.
    pub what: String,
    /// Details.
    pub data: Value,
}

impl Rehearsal {
    /// Plays it.
    pub fn play(&self, centre: &Centre) -> Result<Rehearsed, Vec<ScenarioProblem>> {
        let scenario = Scenario::parse(FILE, &self.scenario)?;
        let run = Run {
            scenario: &scenario,
            channel: self.channel,
            language: self.language.clone(),
            topic: None,
        };
        let mut player = Player::new(&run, centre, Mode::default());
        let mut steps = Vec::new();
        for step in &scenario.steps {
            let (shown, is_done) = show(&mut player, step);
            steps.push(shown);
            if !is_done {
                break;
            }
        }
        Ok(Rehearsed {
            steps,
            wakes_at: player.chat.wake_at_ms().map(rfc3339),
        })
    }
}

/// Plays one step; tells whether it could be done.
fn show(player: &mut Player<'_>, step: &Step) -> (Shown, bool) {
    let done = player.step(step);
    let turned = done.as_deref().unwrap_or_default();
    let beat = player.played.beats.pop();
    // Each step has a difference of its own to tell.
    let mismatch = player.played.mismatch.take();
    let problem = mismatch.map(|mismatch| match done {
        None => mismatch.came,
        Some(_) => format!("expected {}; came {}", mismatch.expected, mismatch.came),
    });
    let notes = turned.iter().flat_map(|turned| &turned.decision.messages);
    let notes = notes.filter(|message| message.author == "note");
    let shown = Shown {
        line: step.line,
        act: beat.map(|beat| beat.act).unwrap_or_default(),
        at: rfc3339(player.chat.now_ms),
        said: turned.iter().flat_map(Turned::said).map(heard).collect(),
        path: turned.iter().flat_map(path).collect(),
        journal: turned.iter().flat_map(journal).collect(),
        notes: notes.filter_map(|note| note.text.clone()).collect(),
        status: player.chat.status(),
        queue: queue(player),
        problem,
    };
    (shown, done.is_some())
}

fn heard(said: Said) -> Heard {
    Heard {
        from: said.from,
        text: said.text,
        keys: said.keys,
        buttons: said.buttons,
        media: said.media,
    }
}

fn path(turned: &Turned) -> impl Iterator<Item = Passed> {
    turned.trace.iter().map(|entry| Passed {
        process: entry.process.to_string(),
        node: entry.node.to_string(),
    })
}

/// The journal without the way, which is told node by node.
fn journal(turned: &Turned) -> impl Iterator<Item = Line> {
    let lines = turned.decision.journal.iter();
    lines
        .filter(|entry| entry.what != "process_ran")
        .map(|entry| Line {
            what: entry.what.to_string(),
            data: entry.data.clone(),
        })
}

fn queue(player: &Player<'_>) -> Option<String> {
    let conversation = player.chat.state().conversation.as_ref()?;
    conversation.queue.clone()
}
