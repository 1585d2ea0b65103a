//! Recorded dialogues taken through the processes at hand: the same, different, or impossible to repeat.

mod acts;
mod export;
mod keys;
mod scenario;

pub use export::{BadExport, Recorded, RecordedMessage};

use crate::play::{Mode, Player, Run};
use crate::{Centre, Scenario};
use acts::{Acts, Told};
use keys::Keys;
use serde::Serialize;
use std::collections::BTreeMap;

/// What became of recorded dialogues.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ReplayReport {
    /// Dialogues that come out as they were recorded.
    pub same: usize,
    /// Those that do not.
    pub different: Vec<Different>,
    /// Those that cannot be repeated.
    pub impossible: Vec<Impossible>,
    /// How often each kind of difference or hindrance occurs.
    pub kinds: BTreeMap<String, usize>,
}

/// The first point at which a dialogue differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Different {
    /// The conversation.
    pub conversation: String,
    /// When the act happened after which it differs, as recorded.
    pub at: String,
    /// That act, with people masked.
    pub act: String,
    /// What was said then.
    pub recorded: String,
    /// What is said now.
    pub now: String,
    /// `answer-a → answer-b`.
    pub kind: String,
}

/// A dialogue that cannot be repeated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Impossible {
    /// The conversation.
    pub conversation: String,
    /// Why.
    pub why: String,
}

enum Outcome {
    Same,
    Different(Box<Different>),
    Impossible(String),
}

/// Takes every recorded dialogue through the organisation's processes.
pub fn replay(centre: &Centre, recorded: &[Recorded]) -> ReplayReport {
    let keys = Keys::of(centre);
    let mut report = ReplayReport::default();
    for dialogue in recorded {
        let conversation = dialogue.conversation.clone();
        match one(centre, &keys, dialogue) {
            Outcome::Same => report.same += 1,
            Outcome::Different(different) => {
                *report.kinds.entry(different.kind.clone()).or_default() += 1;
                report.different.push(*different);
            }
            Outcome::Impossible(why) => {
                *report.kinds.entry(why.clone()).or_default() += 1;
                report.impossible.push(Impossible { conversation, why });
            }
        }
    }
    report
}

/// A recorded dialogue as a scenario file, with people taken out of it.
pub fn as_scenario(centre: &Centre, recorded: &Recorded) -> Result<String, String> {
    let keys = Keys::of(centre);
    let acts = Acts::of(centre, &keys, recorded)?;
    Ok(scenario::write(centre, recorded, &acts))
}

fn one(centre: &Centre, keys: &Keys, recorded: &Recorded) -> Outcome {
    let acts = match Acts::of(centre, keys, recorded) {
        Ok(acts) => acts,
        Err(why) => return Outcome::Impossible(why),
    };
    let empty = Scenario {
        file: String::new(),
        title: String::new(),
        channels: vec![acts.channel],
        languages: vec![acts.language.clone()],
        starts: None,
        for_each_topic: false,
        only: Vec::new(),
        except: Vec::new(),
        steps: Vec::new(),
    };
    let run = Run {
        scenario: &empty,
        channel: acts.channel,
        language: acts.language.clone(),
        topic: None,
    };
    let mode = Mode {
        lenient: true,
        ..Mode::default()
    };
    let mut player = Player::new(&run, centre, mode);
    for (number, act) in acts.list.iter().enumerate() {
        player.chat.now_ms = act.at_ms;
        let event = player.chat.event(act.content());
        if let vikno_conversation::Outcome::Refused { code, .. } = &event.outcome {
            return Outcome::Impossible(format!("an act is refused: {code}"));
        }
        let mut said = told_now(&event);
        let next = acts.list.get(number + 1).map(|next| next.at_ms - 1);
        match player.wait(next.unwrap_or(acts.last_ms)) {
            Ok(turned) => said.extend(turned.iter().flat_map(told_now)),
            Err(why) => return Outcome::Impossible(why),
        }
        if let Some((recorded_told, now)) = first_difference(&act.told, &said) {
            let told =
                |told: Option<&Told>| told.map_or_else(String::new, |told| told.text.clone());
            let kind = |told: Option<&Told>| told.map_or_else(|| "silence".to_owned(), Told::kind);
            return Outcome::Different(Box::new(Different {
                conversation: recorded.conversation.clone(),
                at: vikno_domain::rfc3339(act.at_ms),
                act: act.words(recorded),
                recorded: told(recorded_told),
                now: told(now),
                kind: format!("{} → {}", kind(recorded_told), kind(now)),
            }));
        }
    }
    Outcome::Same
}

/// What the robot and the platform say in a turn.
fn told_now(turned: &crate::Turned) -> Vec<Told> {
    let said = turned.said().into_iter();
    said.filter(|said| said.from != vikno_domain::MessageAuthor::Operator)
        .map(|said| Told {
            at_ms: turned.at_ms,
            text: said.text.unwrap_or_default(),
            keys: said.keys,
        })
        .collect()
}

/// The first place where one list has something else than the other. Numbers and times in a text do not count: the
/// queue of that day is not known.
fn first_difference<'a>(
    recorded: &'a [Told],
    now: &'a [Told],
) -> Option<(Option<&'a Told>, Option<&'a Told>)> {
    let length = recorded.len().max(now.len());
    (0..length)
        .map(|at| (recorded.get(at), now.get(at)))
        .find(|pair| match pair {
            (Some(recorded), Some(now)) => !recorded.is_same(now),
            _ => true,
        })
}

impl Told {
    fn is_same(&self, other: &Self) -> bool {
        self.text == other.text || (!self.keys.is_empty() && self.keys == other.keys)
    }

    fn kind(&self) -> String {
        if self.keys.is_empty() {
            "unknown words".to_owned()
        } else {
            self.keys.join(" + ")
        }
    }
}
