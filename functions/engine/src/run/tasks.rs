//! The events of one task of an outside system, in order. It has a record of its own in place of a citizen's chat.

use super::{Run, Shared, TAKEOVERS_MAX, put_aside};
use crate::catalogue;
use vikno_conversation::{Callbacks, Ids, Next, Outcome, TaskFacts, TaskRecord, TaskTurn};
use vikno_domain::InboundEvent;
use vikno_shell::Problem;
use vikno_storage::tasks;
use vikno_storage::turns::{ClaimedChat, DecidedChat, EventState, WaitingEvent};

impl Run<'_> {
    pub(super) async fn task(
        &self,
        chat: ClaimedChat,
        batch: &Shared,
        now_ms: i64,
    ) -> Result<DecidedChat, Problem> {
        let mut task = match chat.chat.parse() {
            Ok(id) => tasks::load(&self.database, id).await?,
            Err(_) => None,
        };
        if let Some(task) = &mut task {
            let version = task.process_version;
            let processes = catalogue::processes(&self.database, self.org, version).await?;
            if processes.adds_sums() {
                task.forget_sums();
            }
        }
        let mut ids = Ids::new(now_ms, vikno_shell::random());
        let (mut decided, events) = chat.begin(TAKEOVERS_MAX);
        for WaitingEvent { id, event } in events {
            let event = match event {
                Ok(event) => event,
                Err(cause) => {
                    put_aside(self.org, &mut decided, id, &cause, now_ms);
                    task = task.map(|task| task.given_up(now_ms));
                    continue;
                }
            };
            let outcome = match task.take() {
                Some(record) => {
                    let (record, outcome) = self
                        .turn_of_task(record, event, batch, &mut ids, &mut decided, now_ms)
                        .await?;
                    task = Some(record);
                    outcome
                }
                None => Outcome::Refused {
                    code: "not_found_task",
                    detail: "there is no such task".to_owned(),
                },
            };
            decided.outcomes.push((id, EventState::Done, Some(outcome)));
        }
        // Once, as it is after its last event.
        if let Some(last) = decided.decisions.last_mut() {
            last.tasks.extend(task);
        }
        Ok(decided)
    }

    async fn turn_of_task(
        &self,
        record: TaskRecord,
        event: InboundEvent,
        batch: &Shared,
        ids: &mut Ids,
        decided: &mut DecidedChat,
        now_ms: i64,
    ) -> Result<(TaskRecord, Outcome), Problem> {
        let version = record.process_version;
        let processes = catalogue::processes(&self.database, self.org, version).await?;
        let mut callbacks = Callbacks::of(&record);
        if let Some(others) = batch.others(self, &processes).await? {
            callbacks = callbacks.knowing(others);
        }
        let facts = TaskFacts {
            settings: &self.settings,
            processes: &processes,
            callbacks: &callbacks,
            now_ms,
        };
        let mut turn = TaskTurn::begin(facts, record, event, ids.clone());
        while let Next::Call(step) = turn.advance() {
            let answer = batch.steps.call(&step).await;
            turn.answer(&step, answer);
        }
        let (record, decision, outcome, rest) = turn.finish();
        *ids = rest;
        decided.decisions.push(decision);
        Ok((record, outcome))
    }
}
