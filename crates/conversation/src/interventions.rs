//! What an author does with a live dialogue's processes: the same turn, with their hand in place of an event.

use crate::effects::Book;
use crate::entry::Entry;
use crate::{Direction, Outcome, Turn};
use serde_json::json;
use std::sync::Arc;
use vikno_domain::{
    Content, ConversationStatus, Effect, InboundEvent, Intervention, OperatorRef, TaskStanding,
};
use vikno_process::{InterventionError, Name, ProcessSet, TaskId, World};

impl Book<'_> {
    pub(crate) fn open_to_intervention(&self, event: &InboundEvent) -> Entry {
        let current = self
            .conversation
            .as_ref()
            .map(|conversation| conversation.id.as_str());
        if current.is_none() || current != event.external_id.as_deref() {
            return Entry::Done(refused("conversation_closed", "That dialogue is closed."));
        }
        if self.peer(Direction::Out).is_some() {
            let detail = "Another organisation has this dialogue now.";
            return Entry::Done(refused("conversation_moved", detail));
        }
        Entry::Intervention
    }
}

impl<'a> Turn<'a> {
    /// `processes` are those of the version in which the dialogue is to go on.
    pub(crate) fn intervene(&mut self, processes: &'a ProcessSet) {
        let event = Arc::clone(&self.event);
        let Content::Intervention { author, reason, .. } = &event.content else {
            return;
        };
        let Some(act) = event.content.intervention() else {
            self.outcome = refused("unknown_act", "This release knows no such act.");
            return;
        };
        if let Intervention::Migrate {
            version,
            nodes,
            standing,
        } = &act
        {
            let new = |process: &str, node: &str| {
                let name = nodes.get(process)?.get(node)?;
                Some(Name::from(name.as_str()))
            };
            if !self.migrate(*version, standing, new) {
                let detail = "The dialogue has gone on meanwhile: look at it again.";
                self.outcome = refused("conversation_went_on", detail);
                return;
            }
        }
        self.start(processes, false);
        if let Err(error) = self.act_on_tasks(author, &act) {
            // Nothing was changed; the tasks stay as they are.
            self.outcome = refused(code(&error), error.to_string());
            return;
        }
        let mut data = json!({ "act": act.verb(), "reason": reason });
        match &act {
            Intervention::Stop => {}
            Intervention::MoveOn { task } => data["task"] = (*task).into(),
            Intervention::Restart { task, node } => {
                data["task"] = (*task).into();
                data["node"] = node.as_str().into();
            }
            Intervention::Migrate { version, .. } => data["process_version"] = (*version).into(),
        }
        self.book
            .journal(&format!("author:{}", author.id), "intervened", data);
    }

    fn act_on_tasks(
        &mut self,
        author: &OperatorRef,
        act: &Intervention,
    ) -> Result<(), InterventionError> {
        let Some(runner) = &mut self.runner else {
            return Err(InterventionError::NoSuchTask);
        };
        match act {
            Intervention::MoveOn { task } => runner.move_on(TaskId(*task)),
            Intervention::Restart { task, node } => runner.restart(TaskId(*task), node),
            Intervention::Migrate { .. } => Ok(()),
            Intervention::Stop => {
                runner.stop_all();
                self.leave_to_people(author);
                Ok(())
            }
        }
    }

    /// No process looks after the citizen any more.
    fn leave_to_people(&mut self, author: &OperatorRef) {
        match self.status() {
            ConversationStatus::Open => {
                let queue = self.book.settings.default_queue.clone();
                self.book.apply(Effect::Enqueue { queue, position: 0 });
            }
            ConversationStatus::Voting => {
                self.book.close("stopped", &format!("author:{}", author.id));
            }
            ConversationStatus::Waiting
            | ConversationStatus::WithOperator
            | ConversationStatus::Closed => {}
        }
        self.book
            .tell_consultants(format!("{} stopped the processes", author.name));
    }

    /// Whether the tasks still stood where they were expected.
    fn migrate(
        &mut self,
        version: i64,
        expected: &[TaskStanding],
        new: impl Fn(&str, &str) -> Option<Name>,
    ) -> bool {
        let Some(conversation) = &mut self.book.conversation else {
            return false;
        };
        let (mut world, unreadable) = conversation.world.clone().read();
        let stands = unreadable.is_none() && standing(&world) == expected;
        if stands {
            world.rename_nodes(new);
            conversation.world = world.into();
            conversation.process_version = version;
        }
        stands
    }
}

/// Where the tasks of a dialogue stand.
pub fn standing(world: &World) -> Vec<TaskStanding> {
    let tasks = world.tasks().map(|(id, task)| TaskStanding {
        task: id.0,
        process: task.process.to_string(),
        node: task.node.to_string(),
        since_ms: task.entered_at,
    });
    tasks.collect()
}

fn code(error: &InterventionError) -> &'static str {
    match error {
        InterventionError::NoSuchTask => "unknown_task",
        InterventionError::NoSuchNode(_) => "unknown_node",
        InterventionError::NowhereToGo => "nowhere_to_go",
        InterventionError::InACall => "in_a_call",
    }
}

fn refused(code: &'static str, detail: impl Into<String>) -> Outcome {
    Outcome::Refused {
        code,
        detail: detail.into(),
    }
}
