//! The simulator's chat with an organisation as it lies in `organisations/`, with everything kept that was decided.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use vikno_conversation::{Decision, Outcome};
use vikno_domain::{Button, Channel, Content, ConversationStatus, Language, OperatorAction};
use vikno_organisation::{Organisation, OrganisationFiles, SharedFiles};
use vikno_simulator::{Centre, Chat, Failing, Failure, Said};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../organisations")
}

fn files(folder: &Path, ending: &str) -> BTreeMap<String, String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return BTreeMap::new();
    };
    let files = entries.map(|entry| entry.unwrap());
    files
        .filter_map(|file| {
            let name = file.file_name().to_string_lossy().into_owned();
            let name = match ending {
                ".ftl" => name.strip_suffix(ending)?.to_owned(),
                _ => name.ends_with(ending).then_some(name)?,
            };
            Some((name, fs::read_to_string(file.path()).unwrap()))
        })
        .collect()
}

fn own(org: &str) -> OrganisationFiles {
    let folder = folder().join(org);
    OrganisationFiles {
        folder: org.to_owned(),
        settings: fs::read_to_string(folder.join("organisation.toml")).unwrap(),
        replies: fs::read_to_string(folder.join("replies.toml")).unwrap(),
        texts: files(&folder.join("texts"), ".ftl"),
        processes: files(&folder.join("processes"), ".json"),
    }
}

pub fn open(org: &str) -> Centre {
    open_with(org, "")
}

/// With these lines after the organisation's settings.
pub fn open_with(org: &str, more: &str) -> Centre {
    let folder = folder().join("_templates");
    let shared = SharedFiles {
        texts: files(&folder.join("texts"), ".ftl"),
        processes: files(&folder.join("processes"), ".json"),
    };
    let others = ["ukc", "mindov"].map(|org| Organisation::parse(&own(org).settings).unwrap());
    let mut own = own(org);
    own.settings += more;
    Centre::build(&shared, &own, &others).unwrap()
}

pub fn text(centre: &Centre, language: &str, id: &str) -> String {
    centre
        .text(&Language::parse(language).unwrap(), id)
        .unwrap()
}

/// One citizen's chat.
pub struct Talk<'a> {
    pub chat: Chat<'a>,
    /// Everything decided so far.
    pub decisions: Vec<Decision>,
    /// The largest that its tasks and facts were between two events.
    state_bytes: usize,
}

/// What one event brought.
pub struct Turned {
    pub said: Vec<Said>,
    pub outcome: Outcome,
}

impl<'a> Talk<'a> {
    pub fn new(centre: &'a Centre, channel: Channel, language: &str) -> Self {
        Self {
            chat: Chat::new(centre, channel, Language::parse(language).unwrap()),
            decisions: Vec::new(),
            state_bytes: 0,
        }
    }

    /// From now on these steps cannot be reached.
    pub fn down(&mut self, steps: &[&str]) {
        let failing = Failing {
            how: Failure::Unreachable,
            once: false,
        };
        let down = steps.iter().map(|step| ((*step).to_owned(), failing));
        self.chat.outside.failing = down.collect();
    }

    pub fn status(&self) -> ConversationStatus {
        self.chat.status()
    }

    pub fn text(&mut self, text: &str) -> Turned {
        let turned = self.chat.text(text);
        self.keep(turned)
    }

    pub fn click(&mut self, button: &str) -> Turned {
        let turned = self.chat.click(button);
        self.keep(turned)
    }

    pub fn operator(&mut self, name: &str, action: OperatorAction) -> Turned {
        let turned = self.chat.operator(name, action);
        self.keep(turned)
    }

    pub fn event(&mut self, content: Content) -> Turned {
        let turned = self.chat.event(content);
        self.keep(turned)
    }

    /// Lets time pass to the next timer and fires it.
    pub fn wait_for_timer(&mut self) -> Turned {
        let turned = self.chat.wait_for_timer().expect("a timer is set");
        self.keep(turned)
    }

    fn keep(&mut self, turned: vikno_simulator::Turned) -> Turned {
        let said = turned.said();
        if let Some(conversation) = &self.chat.state().conversation {
            let facts = serde_json::to_string(&conversation.facts).unwrap();
            let bytes = conversation.world.text().len() + facts.len();
            self.state_bytes = self.state_bytes.max(bytes);
        }
        self.decisions.push(turned.decision);
        Turned {
            said,
            outcome: turned.outcome,
        }
    }

    /// Bytes of what is kept of the dialogue beside what was said: its journal, and its tasks and facts at any moment.
    pub fn kept_bytes(&self) -> usize {
        let entries = self.decisions.iter().flat_map(|decision| &decision.journal);
        let journal: usize = entries
            .map(|entry| entry.data.to_string().len() + entry.what.len() + entry.actor.len() + 30)
            .sum();
        journal + self.state_bytes
    }

    /// Journal kinds so far, in order.
    pub fn journal(&self) -> Vec<&str> {
        let entries = self.decisions.iter().flat_map(|decision| &decision.journal);
        entries.map(|entry| entry.what.as_str()).collect()
    }

    pub fn failures(&self) -> Vec<Value> {
        let entries = self.decisions.iter().flat_map(|decision| &decision.journal);
        let failed = entries.filter(|entry| entry.what.ends_with("_failed"));
        failed.map(|entry| entry.data.clone()).collect()
    }
}

impl Turned {
    pub fn texts(&self) -> Vec<&str> {
        self.said
            .iter()
            .filter_map(|message| message.text.as_deref())
            .collect()
    }

    pub fn buttons(&self) -> Vec<&Button> {
        self.said
            .iter()
            .flat_map(|message| &message.buttons)
            .collect()
    }
}
