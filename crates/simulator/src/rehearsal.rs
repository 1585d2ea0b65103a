//! A rehearsal: an author plays the citizen (and whoever else a scenario knows) against processes that nobody has
//! published, and sees what the citizen would see and the way that led there. Each time the whole scenario is played
//! from its beginning, so nothing is kept between two looks and the same scenario always shows the same.

use crate::play::Player;
use crate::scenario::Step;
use crate::{Centre, Mode, Recorded, Run, Said, Scenario, ScenarioProblem, Turned, as_scenario};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::HashMap;
use vikno_domain::{Button, Channel, ConversationStatus, Language, MessageAuthor, rfc3339};
use vikno_process::TaskId;

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
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Passed {
    /// The process.
    pub process: String,
    /// Its node.
    pub node: String,
    /// What of the task's data is new or other than at its node before; null for what is gone.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub changed: Map<String, Value>,
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
        let (mut steps, mut known) = (Vec::new(), Known::default());
        for step in &scenario.steps {
            let (shown, is_done) = show(&mut player, step, &mut known);
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
fn show(player: &mut Player<'_>, step: &Step, known: &mut Known) -> (Shown, bool) {
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
        path: turned
            .iter()
            .flat_map(|turned| path(turned, known))
            .collect(),
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

/// The data of each task at the node where it was seen last.
type Known = HashMap<TaskId, Map<String, Value>>;

fn path(turned: &Turned, known: &mut Known) -> Vec<Passed> {
    let passed = turned.trace.iter().map(|entry| Passed {
        process: entry.process.to_string(),
        node: entry.node.to_string(),
        changed: match &entry.data {
            Some(data) => changed(known.entry(entry.task).or_default(), data.to_map()),
            None => Map::new(),
        },
    });
    passed.collect()
}

/// What is new or other; what was known becomes what is now.
fn changed(known: &mut Map<String, Value>, now: Map<String, Value>) -> Map<String, Value> {
    let gone = known.keys().filter(|name| !now.contains_key(*name));
    let mut changed: Map<String, Value> = gone.map(|name| (name.clone(), Value::Null)).collect();
    let other = now
        .iter()
        .filter(|(name, value)| known.get(*name) != Some(*value));
    changed.extend(other.map(|(name, value)| (name.clone(), value.clone())));
    *known = now;
    changed
}

/// A recorded dialogue as a scenario that an author plays on from, with people taken out of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Forked {
    /// The scenario.
    pub scenario: String,
    /// Its steps, as tables of fields.
    pub acts: Vec<Value>,
    /// When it begins, in the organisation's time.
    pub starts: Option<Value>,
    /// On which channel.
    pub channel: Channel,
    /// In which language.
    pub language: Language,
}

/// Makes one; else why the dialogue cannot be repeated.
pub fn fork(centre: &Centre, recorded: &Recorded) -> Result<Forked, String> {
    let scenario = as_scenario(centre, recorded)?;
    let mut table: Map<String, Value> =
        toml::from_str(&scenario).map_err(|error| error.to_string())?;
    let first = |of: &Value| of.get(0).cloned().unwrap_or_default();
    let read = |of: &str| table.get(of).map(first).unwrap_or_default();
    let unreadable = |error: serde_json::Error| error.to_string();
    let channel = serde_json::from_value(read("channels")).map_err(unreadable)?;
    let language = serde_json::from_value(read("languages")).map_err(unreadable)?;
    let acts = match table.remove("step") {
        Some(Value::Array(acts)) => acts,
        _ => Vec::new(),
    };
    Ok(Forked {
        scenario,
        acts,
        starts: table.remove("starts"),
        channel,
        language,
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
