//! One chat with an organisation as it lies in `organisations/`: its processes, its texts and the steps' decisions,
//! without a host. Time stands where the test puts it.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use vikno_conversation::{
    ChatState, Decision, Finished, Ids, Next, Outcome, Settings, StepAnswer, StepCall, Turn,
};
use vikno_domain::{
    Button, Channel, Content, ConversationStatus, InboundEvent, Language, OperatorAction,
    OperatorRef, OrgId, OutgoingMessage, Sender,
};
use vikno_organisation::{Organisation, ProcessBundle, ProcessFiles};
use vikno_process::{ProcessDocument, ProcessSet};
use vikno_replies::Replies;
use vikno_steps::queue::{Opening, QueueLoad};
use vikno_texts::Texts;

/// A Monday at noon in Kyiv: every organisation works.
pub const NOON_MS: i64 = 1_763_978_400_000;

/// The organisation's side, shared by the chats with it.
pub struct Centre {
    organisation: Organisation,
    replies: Replies,
    settings: Settings,
    processes: ProcessSet,
    texts: Texts,
    /// Steps that are down.
    pub down: Vec<&'static str>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../organisations")
}

fn processes_of(folder: &Path) -> ProcessFiles {
    let Ok(entries) = fs::read_dir(folder) else {
        return ProcessFiles::new();
    };
    entries
        .map(|entry| entry.unwrap())
        .filter(|entry| {
            entry
                .path()
                .extension()
                .is_some_and(|ending| ending == "json")
        })
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, fs::read_to_string(entry.path()).unwrap())
        })
        .collect()
}

impl Centre {
    pub fn open(org: &str) -> Self {
        let own = folder().join(org);
        let toml = fs::read_to_string(own.join("organisation.toml")).unwrap();
        let organisation = Organisation::parse(&toml).unwrap();
        let replies = fs::read_to_string(own.join("replies.toml")).unwrap();
        let replies = organisation.replies(&replies).unwrap();
        let shared = folder().join("_templates");
        let bundle = ProcessBundle::build(
            &organisation,
            &processes_of(&shared.join("processes")),
            &processes_of(&own.join("processes")),
        )
        .unwrap();
        let documents: BTreeMap<String, ProcessDocument> =
            serde_json::from_str(bundle.json()).unwrap();
        let processes = ProcessSet::build(&documents).unwrap();
        let mut texts = Texts::new(organisation.default_language.clone());
        for layer in [shared, own] {
            for language in &organisation.languages {
                let ftl = fs::read_to_string(layer.join(format!("texts/{language}.ftl"))).unwrap();
                texts.add(language, &ftl).unwrap();
            }
        }
        let settings = Settings {
            org: OrgId::parse(org).unwrap(),
            languages: organisation.languages.clone(),
            default_language: organisation.default_language.clone(),
            queues: organisation
                .queues
                .iter()
                .map(|queue| queue.id.clone())
                .collect(),
            default_queue: organisation.default_queue().id.clone(),
            reachable: ["ukc", "mindov"]
                .map(|id| OrgId::parse(id).unwrap())
                .to_vec(),
            environment: organisation.env(),
        };
        Self {
            organisation,
            replies,
            settings,
            processes,
            texts,
            down: Vec::new(),
        }
    }

    pub fn text(&self, language: &str, id: &str) -> String {
        let language = Language::parse(language).unwrap();
        self.texts
            .render(&language, id, &serde_json::Map::new())
            .unwrap()
    }

    pub fn first_topic(&self) -> String {
        self.organisation.topics[0].id.clone()
    }

    fn step(&self, call: &StepCall) -> StepAnswer {
        let request = &call.request;
        let organisation = &self.organisation;
        if self.down.contains(&call.component.as_str()) {
            return StepAnswer::Unreachable("it is down".to_owned());
        }
        let replies = &self.replies;
        let moment = vikno_steps::moment(organisation, request.now_ms);
        let opening = Opening::of(organisation, request.now_ms);
        let answer = match call.component.as_str() {
            "send-text" => vikno_steps::send_text::decide(request, organisation, &self.texts),
            "send-media" => vikno_steps::send_media::decide(request, organisation, &self.texts),
            "welcome" => {
                vikno_steps::welcome::decide(request, organisation, opening == Opening::Now)
            }
            "command-converter" => vikno_steps::command_converter::decide(request, organisation),
            "messages-handling" => {
                vikno_steps::messages_handling::decide(request, organisation, replies, moment)
            }
            "clicks-handling" => {
                vikno_steps::clicks_handling::decide(request, organisation, replies, moment)
            }
            "vote" => vikno_steps::vote::decide(request),
            "dialog-complete" => vikno_steps::dialog_complete::decide(request),
            "operator-events" => vikno_steps::operator_events::decide(request, None),
            "operator-session" => vikno_steps::operator_session::decide(request, organisation),
            "sso-info" => vikno_steps::sso_info::decide(request),
            "queue" => {
                let queue = vikno_steps::queue::choose(request, organisation).unwrap();
                vikno_steps::queue::decide(request, queue, &opening, &QueueLoad::default())
            }
            other => return StepAnswer::Unreachable(format!("no step {other}")),
        };
        match answer {
            Ok(response) => StepAnswer::Done(response),
            Err(error) => StepAnswer::Failed(error),
        }
    }
}

/// One citizen's chat.
pub struct Chat<'a> {
    centre: &'a Centre,
    channel: Channel,
    language: &'static str,
    state: ChatState,
    events: u32,
    pub now_ms: i64,
    /// Everything decided so far.
    pub decisions: Vec<Decision>,
}

/// What one event brought.
pub struct Turned {
    pub said: Vec<OutgoingMessage>,
    pub outcome: Outcome,
}

impl<'a> Chat<'a> {
    pub fn new(centre: &'a Centre, channel: Channel, language: &'static str) -> Self {
        let state = ChatState::default();
        Self {
            centre,
            channel,
            language,
            state,
            events: 0,
            now_ms: NOON_MS,
            decisions: Vec::new(),
        }
    }

    pub fn status(&self) -> ConversationStatus {
        self.state
            .conversation
            .as_ref()
            .map_or(ConversationStatus::Closed, |open| open.status)
    }

    pub fn conversation_id(&self) -> Option<String> {
        self.state.conversation.as_ref().map(|open| open.id.clone())
    }

    pub fn wake_at_ms(&self) -> Option<i64> {
        self.state.conversation.as_ref()?.wake_at_ms
    }

    pub fn text(&mut self, text: &str) -> Turned {
        self.event(Content::Text {
            text: text.to_owned(),
        })
    }

    pub fn click(&mut self, button: &str) -> Turned {
        self.event(Content::Click {
            button: button.to_owned(),
            callback: None,
        })
    }

    pub fn operator(&mut self, name: &str, action: OperatorAction) -> Turned {
        let operator = OperatorRef {
            id: format!("u_{name}"),
            name: name.to_owned(),
        };
        self.event(Content::Operator { operator, action })
    }

    /// Lets time pass to the next timer and fires it.
    pub fn wait_for_timer(&mut self) -> Turned {
        self.now_ms = self.wake_at_ms().expect("a timer is set");
        self.event(Content::Timer)
    }

    pub fn event(&mut self, content: Content) -> Turned {
        self.events += 1;
        let ours = matches!(content, Content::Operator { .. } | Content::Timer);
        let event = InboundEvent {
            channel: self.channel,
            chat: "42".to_owned(),
            dedupe_key: format!("event:{}", self.events),
            at_ms: self.now_ms,
            sender: (!ours).then(|| Sender {
                id: "42".to_owned(),
                name: Some("Оля".to_owned()),
                language: Language::parse(self.language).ok(),
            }),
            external_id: if ours {
                self.conversation_id()
            } else {
                Some(self.events.to_string())
            },
            content,
        };
        let mut seed = [7; 10];
        seed[..4].copy_from_slice(&self.events.to_be_bytes());
        let mut turn = Turn::begin(
            &self.centre.settings,
            &self.centre.processes,
            1,
            std::mem::take(&mut self.state),
            event,
            Ids::new(self.now_ms, seed),
            self.now_ms,
        );
        while let Next::Call(call) = turn.advance() {
            let answer = self.centre.step(&call);
            turn.answer(&call, answer);
        }
        let Finished {
            state,
            decision,
            outcome,
            ..
        } = turn.finish();
        self.state = state;
        let said = decision
            .messages
            .iter()
            .filter(|message| message.author != "citizen");
        let said = said
            .filter(|message| message.author != "note")
            .map(|message| OutgoingMessage {
                from: match message.author {
                    "operator" => vikno_domain::MessageAuthor::Operator,
                    "system" => vikno_domain::MessageAuthor::System,
                    _ => vikno_domain::MessageAuthor::Robot,
                },
                text: message.text.clone(),
                buttons: message.buttons.clone(),
                media: None,
            });
        let said = said.collect();
        self.decisions.push(decision);
        Turned { said, outcome }
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
