//! How much of an organisation was tried: nodes, ways between them, buttons pressed, texts said.

use crate::{Centre, Turned};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use vikno_organisation::USED_TEXTS;
use vikno_process::{Name, TaskId};
use vikno_steps::ButtonId;

/// The process of one-time codes; an organisation without it says nothing of them.
const CODES: &str = "otp-authorisation";

/// What was tried.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    /// How often each `process.node` was entered.
    nodes: BTreeMap<String, u64>,
    /// `process.node > node`.
    branches: BTreeSet<String>,
    /// Ids of buttons pressed.
    pressed: BTreeSet<String>,
    /// Ids of buttons offered.
    offered: BTreeSet<String>,
    /// Ids of texts said.
    texts: BTreeSet<String>,
}

/// How often nodes were entered, by process.
pub type Entered = BTreeMap<String, BTreeMap<String, u64>>;

/// Where each task of a conversation was last.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places {
    conversation: Option<String>,
    last: BTreeMap<TaskId, (Name, Name)>,
}

/// One kind of thing, how much of it was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Tried.
    pub covered: usize,
    /// There are.
    pub total: usize,
    /// What was not tried.
    pub missing: Vec<String>,
}

/// How much of an organisation was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Nodes of its processes that a path leads to.
    pub nodes: Part,
    /// Ways from node to node: each target of a logic, error branch or timer.
    pub branches: Part,
    /// Buttons.
    pub buttons: Part,
    /// Texts.
    pub texts: Part,
}

impl Part {
    fn of(is_tried: impl Fn(&String) -> bool, all: BTreeSet<String>) -> Self {
        let total = all.len();
        let missing: Vec<String> = all.into_iter().filter(|one| !is_tried(one)).collect();
        Self {
            covered: total - missing.len(),
            total,
            missing,
        }
    }

    /// In whole percent, rounded down, so that 100 means all.
    pub fn percent(&self) -> usize {
        match self.total {
            0 => 100,
            total => self.covered * 100 / total,
        }
    }
}

impl Marks {
    /// Notes what a turn passed and said.
    pub(crate) fn turned(
        &mut self,
        turned: &Turned,
        conversation: Option<&str>,
        places: &mut Places,
    ) {
        if places.conversation.as_deref() != conversation {
            places.last.clear();
        }
        for entry in &turned.trace {
            let (process, node) = (&entry.process, &entry.node);
            *self.nodes.entry(format!("{process}.{node}")).or_default() += 1;
            let before = places
                .last
                .insert(entry.task, (process.clone(), node.clone()));
            if let Some((_, from)) = before.filter(|(of, _)| of == process) {
                self.branches.insert(format!("{process}.{from} > {node}"));
            }
        }
        for spoken in turned.calls.iter().filter_map(|call| call.said.as_ref()) {
            self.texts.extend(spoken.keys.iter().cloned());
            self.texts.extend(spoken.buttons.iter().cloned());
        }
        for message in &turned.decision.messages {
            let ids = message.buttons.iter().map(|button| button.id.clone());
            self.offered.extend(ids);
        }
    }

    pub(crate) fn pressed(&mut self, button: &str) {
        self.pressed.insert(button.to_owned());
    }

    /// Takes in what another run tried.
    pub fn merge(&mut self, other: Self) {
        for (node, times) in other.nodes {
            *self.nodes.entry(node).or_default() += times;
        }
        self.branches.extend(other.branches);
        self.pressed.extend(other.pressed);
        self.offered.extend(other.offered);
        self.texts.extend(other.texts);
    }

    /// Set against everything that the organisation has.
    pub fn coverage(&self, centre: &Centre) -> Coverage {
        let mut nodes = BTreeSet::new();
        let mut branches = BTreeSet::new();
        // Operations run beside dialogues, which is what scenarios lead.
        let operations = &centre.organisation.operations;
        let is_operation = |alias: &str| operations.iter().any(|operation| operation == alias);
        let processes = centre.processes.iter();
        for process in processes.filter(|process| !is_operation(process.alias())) {
            for node in process.map().filter(|node| node.reachable) {
                let place = format!("{}.{}", process.alias(), node.id);
                let ways = node.targets.iter();
                branches.extend(ways.map(|to| format!("{place} > {to}")));
                nodes.insert(place);
            }
        }
        let mut buttons = buttons(centre);
        buttons.extend(self.offered.iter().cloned());
        Coverage {
            nodes: Part::of(|one| self.nodes.contains_key(one), nodes),
            branches: Part::of(|one| self.branches.contains(one), branches),
            buttons: Part::of(|one| self.pressed.contains(one), buttons),
            texts: Part::of(|one| self.texts.contains(one), texts(centre)),
        }
    }

    /// How often each node was entered, by process.
    pub fn entered(&self) -> Entered {
        let mut entered = Entered::new();
        for (place, times) in &self.nodes {
            if let Some((process, node)) = place.split_once('.') {
                let nodes = entered.entry(process.to_owned()).or_default();
                nodes.insert(node.to_owned(), *times);
            }
        }
        entered
    }
}

impl Places {
    pub(crate) fn now_in(&mut self, conversation: Option<String>) {
        self.conversation = conversation;
    }
}

/// The buttons that the steps offer in this organisation.
fn buttons(centre: &Centre) -> BTreeSet<String> {
    let organisation = &centre.organisation;
    let replies = centre.replies.all().iter();
    let replies = replies.map(|reply| ButtonId::Topic(reply.id.clone()));
    let languages = organisation
        .languages
        .iter()
        .filter(|_| organisation.languages.len() > 1);
    let plain = [
        ButtonId::Operator,
        ButtonId::Menu,
        ButtonId::End,
        ButtonId::HelpedYes,
        ButtonId::HelpedNo,
        ButtonId::SharePhone,
    ];
    let votes = (1..=5).map(ButtonId::Vote);
    replies
        .chain(plain)
        .chain(votes)
        .chain(languages.cloned().map(ButtonId::Language))
        .map(|button| button.id())
        .collect()
}

/// The texts that citizens can be told: those that steps say by themselves, labels and answers of replies.
fn texts(centre: &Centre) -> BTreeSet<String> {
    let organisation = &centre.organisation;
    let labels = centre.replies.all().iter();
    let labels = labels.map(|reply| format!("topic-{}", reply.id));
    let answers = centre.replies.texts().map(str::to_owned);
    // A text message goes out past the dialogue.
    let has_codes = organisation.processes.iter().any(|alias| alias == CODES);
    let used = USED_TEXTS.iter().map(|text| text.id);
    let used = used.filter(|id| *id != "otp-sms" && (has_codes || !id.starts_with("otp-")));
    let known = used.filter(|id| {
        let language = &organisation.default_language;
        centre.texts.has(language, id)
    });
    let replies = labels.chain(answers);
    replies.chain(known.map(str::to_owned)).collect()
}
