//! What an operator may do, and what it changes before the processes are told.

use crate::decision::no_data;
use crate::effects::Book;
use crate::entry::Entry;
use crate::{Direction, MessageRecord, Outcome};
use serde_json::json;
use vikno_domain::{ConversationStatus, InboundEvent, OperatorAction, OperatorRef};

impl Book<'_> {
    pub(crate) fn operate(
        &mut self,
        event: &InboundEvent,
        operator: &OperatorRef,
        action: &OperatorAction,
    ) -> Entry {
        let actor = format!("operator:{}", operator.id);
        if let Err((code, detail)) = self.may(event, operator, action) {
            let data = json!({ "action": verb(action), "code": code });
            self.journal(&actor, "operator_refused", data);
            return Entry::Done(Outcome::Refused {
                code,
                detail: detail.to_owned(),
            });
        }
        match action {
            OperatorAction::Note { text } => {
                self.add_note(operator, text);
                return Entry::Done(Outcome::Applied);
            }
            OperatorAction::Take => {
                if self.held_by(operator) {
                    return Entry::Done(Outcome::Applied);
                }
                self.hand_to(operator);
                self.journal(&actor, "operator_took", no_data());
            }
            OperatorAction::Assign { to, .. } => {
                if self.held_by(to) {
                    return Entry::Done(Outcome::Applied);
                }
                let from = self.holder().map(|holder| holder.id.clone());
                self.hand_to(to);
                let data = json!({ "to": to.id, "from": from });
                self.journal(&actor, "operator_assigned", data);
            }
            OperatorAction::Message { .. } => {}
            OperatorAction::Close { reason } => {
                let data = json!({ "reason_given": reason.is_some() });
                self.journal(&actor, "operator_closed", data);
            }
            OperatorAction::Reopen { .. } => {
                let holder = self.holder().unwrap_or(operator).clone();
                self.hand_to(&holder);
                self.journal(&actor, "operator_reopened", json!({ "to": holder.id }));
            }
            OperatorAction::Return { absent } => {
                self.journal(&actor, "operator_away", json!({ "operator": absent }));
                self.return_to_queue(None);
            }
            OperatorAction::TransferQueue { queue, reason } => {
                let data = json!({ "queue": queue, "reason_given": reason.is_some() });
                self.journal(&actor, "operator_moved_queue", data);
                if let Some(reason) = reason {
                    self.add_note(operator, reason);
                }
                self.enqueue(queue, 0);
            }
            OperatorAction::TransferOrganisation { org, .. } => {
                self.journal(&actor, "operator_moved_organisation", json!({ "org": org }));
            }
        }
        Entry::Process
    }

    fn may(
        &self,
        event: &InboundEvent,
        operator: &OperatorRef,
        action: &OperatorAction,
    ) -> Result<(), (&'static str, &'static str)> {
        if let OperatorAction::Note { .. } = action {
            return match self.target(event) {
                Some(()) => Ok(()),
                None => Err(("conversation_closed", "This dialogue is closed.")),
            };
        }
        let (Some(()), Some(conversation)) = (self.target(event), &self.conversation) else {
            return Err(("conversation_closed", "This dialogue is closed."));
        };
        if let OperatorAction::Reopen { any } = action {
            return self.may_reopen(operator, *any);
        }
        if matches!(
            conversation.status,
            ConversationStatus::Voting | ConversationStatus::Closed
        ) {
            return Err((
                "conversation_closed",
                "This dialogue has ended; the citizen is rating it.",
            ));
        }
        if self.peer(Direction::Out).is_some() {
            return Err((
                "conversation_moved",
                "Another organisation has this dialogue now.",
            ));
        }
        match (&conversation.operator, action) {
            (_, OperatorAction::Assign { waiting_only, .. })
                if !waiting_only || conversation.status == ConversationStatus::Waiting =>
            {
                Ok(())
            }
            (_, OperatorAction::Assign { .. }) => {
                Err(("held_by_another", "This dialogue does not wait any more."))
            }
            (Some(holder), OperatorAction::Return { absent }) if holder.id == *absent => Ok(()),
            (_, OperatorAction::Return { .. }) => Err((
                "held_by_another",
                "That operator does not have this dialogue any more.",
            )),
            (Some(holder), _) if holder.id != operator.id => {
                Err(("held_by_another", "Somebody else has taken this dialogue."))
            }
            (None, OperatorAction::Take) | (Some(_), _) => self.known_target(action),
            (None, _) => Err(("not_taken", "Take the dialogue first.")),
        }
    }

    /// What has ended goes on only while the citizen is asked for a rating: then nothing is counted yet.
    fn may_reopen(
        &self,
        operator: &OperatorRef,
        any: bool,
    ) -> Result<(), (&'static str, &'static str)> {
        let status = self.conversation.as_ref().map(|known| known.status);
        if status != Some(ConversationStatus::Voting) {
            return Err((
                "not_reopened",
                "This dialogue goes on, or the citizen has rated it already.",
            ));
        }
        match self.holder() {
            Some(holder) if any || holder.id == operator.id => Ok(()),
            _ => Err(("held_by_another", "Somebody else has ended this dialogue.")),
        }
    }

    /// The event is meant for the conversation that is under way.
    fn target(&self, event: &InboundEvent) -> Option<()> {
        let conversation = self.conversation.as_ref()?;
        (event.external_id.as_deref() == Some(conversation.id.as_str())).then_some(())
    }

    fn known_target(&self, action: &OperatorAction) -> Result<(), (&'static str, &'static str)> {
        match action {
            OperatorAction::TransferQueue { queue, .. }
                if !self.settings.queues.contains(queue) =>
            {
                Err(("unknown_queue", "This organisation has no such queue."))
            }
            OperatorAction::TransferOrganisation { org, .. } => self.may_move_to(org),
            _ => Ok(()),
        }
    }

    fn holder(&self) -> Option<&OperatorRef> {
        self.conversation
            .as_ref()
            .and_then(|held| held.operator.as_ref())
    }

    fn held_by(&self, operator: &OperatorRef) -> bool {
        self.holder().is_some_and(|holder| holder.id == operator.id)
    }

    fn hand_to(&mut self, operator: &OperatorRef) {
        let now_ms = self.now_ms;
        if let Some(conversation) = &mut self.conversation {
            conversation.operator = Some(operator.clone());
            conversation.facts.served = true;
            conversation.facts.taken_at_ms = now_ms;
            conversation.taken_at_ms = conversation.taken_at_ms.or(Some(now_ms));
        }
        self.set_status(
            ConversationStatus::WithOperator,
            &format!("operator:{}", operator.id),
        );
    }

    /// A note into somebody else's dialogue is a whisper to them.
    fn add_note(&mut self, operator: &OperatorRef, text: &str) {
        let is_whisper = self.holder().is_some_and(|holder| holder.id != operator.id);
        let actor = format!("operator:{}", operator.id);
        self.note(&actor, &operator.name, text, is_whisper);
    }

    /// A line that only operators see.
    pub(crate) fn note(&mut self, actor: &str, author_name: &str, text: &str, is_whisper: bool) {
        let id = self.ids.next("m");
        let Some(conversation) = &self.conversation else {
            return;
        };
        self.decision.messages.push(MessageRecord {
            id: id.clone(),
            conversation_id: conversation.id.clone(),
            citizen_id: conversation.citizen_id.clone(),
            author: "note",
            author_name: Some(author_name.to_owned()),
            text: Some(text.to_owned()),
            buttons: Vec::new(),
            media_id: None,
            details: is_whisper.then(|| json!({ "whisper": true })),
            external_id: None,
            delivery: "none",
            at_ms: self.now_ms,
        });
        self.journal(actor, "note_added", json!({ "message": id }));
    }
}

fn verb(action: &OperatorAction) -> &'static str {
    match action {
        OperatorAction::Take => "take",
        OperatorAction::Assign { .. } => "assign",
        OperatorAction::Message { .. } => "message",
        OperatorAction::Note { .. } => "note",
        OperatorAction::Close { .. } => "close",
        OperatorAction::Reopen { .. } => "reopen",
        OperatorAction::Return { .. } => "return",
        OperatorAction::TransferQueue { .. } => "transfer_queue",
        OperatorAction::TransferOrganisation { .. } => "transfer_organisation",
    }
}
