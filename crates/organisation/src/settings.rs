//! `organisation.toml` after checking. It holds no wording but names; answers are text ids.

use crate::{ChangedSettings, Hours, Problem, parse};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use vikno_domain::{Language, OrgId};

/// The settings of one organisation.
#[derive(Debug, Clone)]
pub struct Organisation {
    /// Folder, database label and first path segment.
    pub id: OrgId,
    /// How the titles of its processes begin, e.g. `UKC`.
    pub project: String,
    /// What people call it.
    pub name: LocalName,
    /// Languages of its dialogues.
    pub languages: Vec<Language>,
    /// The language of a citizen whose own is not known or not spoken here; one of `languages`.
    pub default_language: Language,
    /// Web origins that may use its chat API.
    pub origins: Vec<String>,
    /// Aliases of its processes.
    pub processes: Vec<String>,
    /// Aliases of the processes by which outside systems change dialogues. They are no part of any dialogue.
    pub operations: Vec<String>,
    /// Values of its own behind `{{env_var[@name]}}`; no secrets.
    pub variables: BTreeMap<String, Value>,
    /// Whether changed processes are published only when a second person agrees.
    pub review_processes: bool,
    /// When operators work.
    pub hours: Hours,
    /// How long each wait is.
    pub timers: Timers,
    /// Where citizens wait for an operator; exactly one is the default.
    pub queues: Vec<Queue>,
    /// What the robot answers by itself.
    pub topics: Vec<Topic>,
    /// Which organisations its dialogues may be moved to, and what goes along.
    pub transfers: Transfers,
    /// What its scenarios have to reach.
    pub simulation: Simulation,
    /// Processes of an outside Corezoid that are asked first.
    pub corezoid: OutsideCorezoid,
    /// The tree of automatic replies where people changed it: the list that takes the place of `replies.toml`.
    pub changed_replies: Option<Value>,
    /// Which change of [`ChangedSettings`] is the last one in it; 0: as its file is.
    pub revision: i64,
}

/// Processes of an outside Corezoid, by number or alias, that are asked what becomes of an event; the organisation's own
/// take over where they do not answer in time.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutsideCorezoid {
    /// How long a citizen waits for it, in seconds.
    pub wait_s: i64,
    /// For words and files.
    pub message: Option<String>,
    /// For pressed buttons.
    pub click: Option<String>,
    /// For the end of a dialogue by an operator.
    pub end: Option<String>,
    /// For ratings.
    pub vote: Option<String>,
}

impl Default for OutsideCorezoid {
    fn default() -> Self {
        Self {
            wait_s: 15,
            message: None,
            click: None,
            end: None,
            vote: None,
        }
    }
}

impl OutsideCorezoid {
    /// The processes by the event they are for: `message`, `click`, `end`, `vote`.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &String)> {
        let all = [
            ("message", &self.message),
            ("click", &self.click),
            ("end", &self.end),
            ("vote", &self.vote),
        ];
        all.into_iter()
            .filter_map(|(event, process)| Some((event, process.as_ref()?)))
    }
}

/// Moving dialogues to other organisations.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Transfers {
    /// Which ones; absent: every organisation of the installation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Vec<OrgId>>,
    /// What the other organisation learns of the citizen, besides what they write to it.
    pub shares: Vec<Shared>,
}

/// What goes along with a dialogue that is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shared {
    /// The citizen's name.
    Name,
    /// What was said before.
    History,
}

impl Default for Transfers {
    fn default() -> Self {
        Self {
            to: None,
            shares: vec![Shared::Name, Shared::History],
        }
    }
}

impl Transfers {
    /// Whether dialogues may be moved to that organisation.
    pub fn allow(&self, org: &OrgId) -> bool {
        self.to.as_ref().is_none_or(|allowed| allowed.contains(org))
    }

    /// Whether the citizen's name goes along.
    pub fn shares_name(&self) -> bool {
        self.shares.contains(&Shared::Name)
    }

    /// Whether what was said before goes along.
    pub fn shares_history(&self) -> bool {
        self.shares.contains(&Shared::History)
    }
}

/// What a simulation has to reach before the organisation's processes go live.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Simulation {
    /// Of all nodes of the processes so many percent have to be passed by some scenario; 0 asks for nothing.
    pub coverage_min_percent: u8,
}

/// A name by language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct LocalName(pub BTreeMap<Language, String>);

impl LocalName {
    /// The name in that language, else in any; empty only if there is none at all.
    pub fn get(&self, language: &Language) -> &str {
        let name = self.0.get(language).or_else(|| self.0.values().next());
        name.map_or("", String::as_str)
    }
}

/// A queue of citizens who wait for an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Unique in the organisation.
    pub id: String,
    /// For those of no other queue.
    pub is_default: bool,
    /// What operators call it.
    pub name: LocalName,
    /// Who waits is given to an operator who is free; otherwise operators take.
    pub is_distributed: bool,
    /// Where else somebody is served who has waited too long.
    pub overflow: Option<Overflow>,
    /// How soon citizens are to be served.
    pub service: ServiceTimes,
    /// What an operator has to know to be given somebody of this queue; see the skills of people.
    pub skills: Vec<String>,
    /// When this queue is served, where that differs from the organisation's hours; the organisation's holidays hold, too.
    pub hours: Option<Hours>,
}

/// After some time in vain, operators of another queue serve a citizen, too.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Overflow {
    /// The other queue.
    pub queue: String,
    /// How long somebody waits before, in seconds.
    pub after_s: i64,
}

/// How soon citizens are to be served, in seconds; consoles warn before and mark what is late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServiceTimes {
    /// From asking for an operator to one's being there.
    pub first_answer_s: i64,
    /// From a citizen's words to the operator's answer.
    pub next_answer_s: i64,
    /// From asking for an operator to the end of the dialogue.
    pub resolution_s: i64,
}

impl Default for ServiceTimes {
    fn default() -> Self {
        Self {
            first_answer_s: 300,
            next_answer_s: 180,
            resolution_s: 3_600,
        }
    }
}

impl ServiceTimes {
    /// By their names in the settings.
    pub fn named(self) -> [(&'static str, i64); 3] {
        [
            ("first_answer_s", self.first_answer_s),
            ("next_answer_s", self.next_answer_s),
            ("resolution_s", self.resolution_s),
        ]
    }
}

/// Something citizens ask about: the first level of its automatic replies. Its button is the text `topic-<id>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Unique in the organisation.
    pub id: String,
    /// The queue of a citizen who asks for an operator about it.
    pub queue: String,
    /// 0 normal, higher is more urgent.
    pub priority: i64,
}

/// How long each wait of the processes is, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Timers {
    /// Silence until the robot asks whether the citizen is still there.
    pub reminder_s: i64,
    /// Silence after that until the dialogue ends.
    pub close_s: i64,
    /// Between two looks at the citizen's place in the queue.
    pub queue_update_s: i64,
    /// An operator's silence after a citizen's message until the citizen is told.
    pub operator_silence_s: i64,
    /// How long a rating can be given.
    pub vote_s: i64,
    /// How long the console of an operator with dialogues may be silent until they go back to their queues.
    pub operator_away_s: i64,
}

impl Default for Timers {
    fn default() -> Self {
        Self {
            reminder_s: 600,
            close_s: 1_800,
            queue_update_s: 120,
            operator_silence_s: 300,
            vote_s: 86_400,
            operator_away_s: 180,
        }
    }
}

impl Timers {
    /// By the names that processes use: `{{env_var[@reminder_s]}}`.
    pub fn named(self) -> [(&'static str, i64); 6] {
        [
            ("reminder_s", self.reminder_s),
            ("close_s", self.close_s),
            ("queue_update_s", self.queue_update_s),
            ("operator_silence_s", self.operator_silence_s),
            ("vote_s", self.vote_s),
            ("operator_away_s", self.operator_away_s),
        ]
    }
}

impl Organisation {
    /// Reads `organisation.toml`; all mistakes are reported together.
    pub fn parse(toml: &str) -> Result<Self, Vec<Problem>> {
        Self::parse_changed(toml, &ChangedSettings::default())
    }

    /// The same with what people changed in place of the file's parts.
    pub fn parse_changed(toml: &str, changed: &ChangedSettings) -> Result<Self, Vec<Problem>> {
        parse::organisation("organisation.toml", toml, changed)
    }

    /// The aliases of all that is published: processes and operations.
    pub fn aliases(&self) -> impl Iterator<Item = &String> {
        self.processes.iter().chain(&self.operations)
    }

    /// The queue of those who are in no other; settings without one do not parse.
    pub fn default_queue(&self) -> &Queue {
        let default = self.queues.iter().find(|queue| queue.is_default);
        default.unwrap_or(&self.queues[0])
    }

    /// A queue by id.
    pub fn queue(&self, id: &str) -> Option<&Queue> {
        self.queues.iter().find(|queue| queue.id == id)
    }

    /// When a queue is served.
    pub fn hours_of<'a>(&'a self, queue: &'a Queue) -> &'a Hours {
        queue.hours.as_ref().unwrap_or(&self.hours)
    }

    /// A topic by id.
    pub fn topic(&self, id: &str) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.id == id)
    }

    /// Reads `replies.toml`, the tree of automatic replies, or what people made of it; all mistakes are reported together.
    #[cfg(feature = "replies")]
    pub fn replies(&self, toml: &str) -> Result<vikno_replies::Replies, Vec<Problem>> {
        use vikno_replies::Replies;
        let frame = vikno_replies::Frame {
            topics: self.topics.iter().map(|topic| topic.id.clone()).collect(),
            languages: self.languages.clone(),
        };
        let file = format!("{}/replies.toml", self.id);
        let read = match &self.changed_replies {
            None => Replies::parse(toml, &frame),
            Some(changed) => match serde_json::from_value(changed.clone()) {
                Ok(list) => Replies::from_list(list, &frame),
                Err(error) => {
                    let message = format!("is no list of replies without nulls: {error}");
                    return Err(vec![Problem::new("settings", "replies", message)]);
                }
            },
        };
        read.map_err(|faults| {
            let problem =
                |fault: vikno_replies::Fault| Problem::new(&file, fault.place, fault.message);
            faults.into_iter().map(problem).collect()
        })
    }

    /// The wanted language if it is spoken here, else the default one.
    pub fn language(&self, wanted: Option<&Language>) -> &Language {
        let spoken = wanted.and_then(|wanted| self.languages.iter().find(|own| *own == wanted));
        spoken.unwrap_or(&self.default_language)
    }

    /// The values behind `{{env_var[@name]}}` in its processes.
    pub fn env(&self) -> BTreeMap<String, Value> {
        let timers = self.timers.named();
        let timers = timers.map(|(name, seconds)| (name.to_owned(), Value::from(seconds)));
        let mut env = self.variables.clone();
        env.extend(timers);
        env.insert("org".to_owned(), Value::from(self.id.as_str()));
        env.insert("project".to_owned(), Value::from(self.project.as_str()));
        env
    }
}
