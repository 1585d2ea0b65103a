//! What a task of an outside system (or another dialogue) asks of a dialogue: whether it may be, what it changes before
//! the processes are told, and the answer to the task.

use crate::decision::no_data;
use crate::effects::Book;
use crate::entry::Entry;
use crate::{Direction, Outcome};
use serde_json::{Map, Value, json};
use vikno_domain::{
    Channel, Content, ConversationStatus, DialogueAct, DialogueRequest, Effect, InboundEvent,
    Language,
};

/// Who asks, as the journal names them.
const ACTOR: &str = "api";

impl Book<'_> {
    /// Puts a wish into the inbox of the dialogue that it is for; `task` hears what came of it.
    pub(crate) fn ask(&mut self, task: Option<String>, request: DialogueRequest) {
        let id = self.ids.next("r");
        self.decision
            .inbox
            .push(asking(task, request, &id, self.now_ms));
    }

    /// Takes a wish in. What has words for the citizen goes on to the processes, as an operator's act does.
    pub(crate) fn asked(&mut self, event: &InboundEvent, act: &DialogueAct) -> Entry {
        if let Err((code, detail)) = self.may_be_asked(event, act) {
            let data = json!({ "act": act.verb(), "code": code });
            self.journal(ACTOR, "wish_refused", data);
            return Entry::Done(Outcome::Refused {
                code,
                detail: detail.to_owned(),
            });
        }
        self.journal(ACTOR, "dialogue_asked", json!({ "act": act.verb() }));
        match act {
            DialogueAct::Say { message } => {
                self.say(message.clone(), None);
                return Entry::Done(Outcome::Applied);
            }
            DialogueAct::Update { .. } => {
                self.update(act);
                return Entry::Done(Outcome::Applied);
            }
            DialogueAct::End { rate: false } => {
                self.close("outside", ACTOR);
                return Entry::Done(Outcome::Applied);
            }
            DialogueAct::Release => {
                if let Some(conversation) = &mut self.conversation {
                    conversation.operator = None;
                }
                self.set_status(ConversationStatus::Open, ACTOR);
            }
            DialogueAct::Enqueue { queue: Some(queue) } => self.enqueue(queue, 0),
            DialogueAct::Enqueue { queue: None }
            | DialogueAct::End { rate: true }
            | DialogueAct::MoveToOrganisation { .. } => {}
        }
        Entry::Process
    }

    fn may_be_asked(
        &self,
        event: &InboundEvent,
        act: &DialogueAct,
    ) -> Result<(), (&'static str, &'static str)> {
        if let DialogueAct::Update { language, .. } = act {
            let spoken = |language: &Language| self.settings.languages.contains(language);
            return match language.as_ref().is_none_or(spoken) {
                true => Ok(()),
                false => Err(("unknown_language", "That language is not spoken here.")),
            };
        }
        let Some(conversation) = &self.conversation else {
            return Err((
                "conversation_closed",
                "No dialogue is under way in this chat.",
            ));
        };
        if event
            .external_id
            .as_ref()
            .is_some_and(|id| *id != conversation.id)
        {
            return Err(("conversation_closed", "That dialogue is closed."));
        }
        if self.peer(Direction::Out).is_some() {
            return Err((
                "conversation_moved",
                "Another organisation has this dialogue now.",
            ));
        }
        self.has_target(act)
    }

    fn has_target(&self, act: &DialogueAct) -> Result<(), (&'static str, &'static str)> {
        match act {
            DialogueAct::Enqueue { queue: Some(queue) }
                if !self.settings.queues.contains(queue) =>
            {
                Err(("unknown_queue", "This organisation has no such queue."))
            }
            DialogueAct::MoveToOrganisation { org, .. } => self.may_move_to(org),
            _ => Ok(()),
        }
    }

    fn update(&mut self, act: &DialogueAct) {
        let DialogueAct::Update {
            name,
            phone,
            phone_verified,
            language,
            topic,
            priority,
        } = act
        else {
            return;
        };
        if name.is_some() || phone.is_some() {
            self.apply(Effect::Identify {
                phone: phone.clone(),
                phone_verified: *phone_verified,
                identity: None,
                name: name.clone(),
            });
        }
        if let Some(language) = language {
            self.apply(Effect::Speak {
                language: language.clone(),
            });
        }
        if topic.is_some() || priority.is_some() {
            self.apply(Effect::Classify {
                topic: topic.clone(),
                priority: *priority,
            });
        }
    }

    /// Tells the task that asked what came of it: as the dialogue stands in the end, whatever its processes did.
    pub(crate) fn answer_asker(&mut self, event: &InboundEvent, outcome: &Outcome) {
        let Content::Asked {
            task: Some(task),
            act,
        } = &event.content
        else {
            return;
        };
        let mut data = match outcome {
            Outcome::Refused { code, detail } => {
                answer("refused", json!({ "code": code, "detail": detail }))
            }
            _ if self.has_come_about(act) => answer("done", no_data()),
            _ => answer("failed", json!({ "code": "not_carried_out" })),
        };
        if let Some(conversation) = self.conversation.as_ref().or(self.closed.as_ref()) {
            data.insert("conversation_id".to_owned(), json!(conversation.id));
            data.insert("conversation_status".to_owned(), json!(conversation.status));
            data.insert("conversation_queue".to_owned(), json!(conversation.queue));
        }
        self.decision.inbox.push(InboundEvent {
            channel: Channel::Api,
            chat: task.clone(),
            dedupe_key: format!("answer:{}", event.dedupe_key),
            at_ms: self.now_ms,
            sender: None,
            external_id: None,
            content: Content::TaskModified { data },
        });
    }

    fn has_come_about(&self, act: &DialogueAct) -> bool {
        let conversation = self.conversation.as_ref().or(self.closed.as_ref());
        let status = conversation.map(|conversation| conversation.status);
        match act {
            DialogueAct::Say { .. } | DialogueAct::Update { .. } => true,
            DialogueAct::Release => status == Some(ConversationStatus::Open),
            DialogueAct::Enqueue { .. } => status == Some(ConversationStatus::Waiting),
            DialogueAct::End { .. } => matches!(
                status,
                Some(ConversationStatus::Voting | ConversationStatus::Closed)
            ),
            DialogueAct::MoveToOrganisation { .. } => self.peer(Direction::Out).is_some(),
        }
    }
}

/// The event by which a wish reaches its dialogue.
pub(crate) fn asking(
    task: Option<String>,
    request: DialogueRequest,
    id: &str,
    now_ms: i64,
) -> InboundEvent {
    InboundEvent {
        channel: request.channel,
        chat: request.chat,
        dedupe_key: format!("ask:{id}"),
        at_ms: now_ms,
        sender: None,
        external_id: request.conversation,
        content: Content::Asked {
            task,
            act: request.act,
        },
    }
}

fn answer(result: &str, more: Value) -> Map<String, Value> {
    let mut data = Map::from_iter([("result".to_owned(), json!(result))]);
    if let Value::Object(more) = more {
        data.extend(more);
    }
    data
}
