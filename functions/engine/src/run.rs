//! One runner: claim, run, commit, until nothing waits.

mod tasks;

use crate::catalogue;
use crate::steps::Steps;
use futures::future::join_all;
use serde_json::json;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use vikno_conversation::{Decision, Finished, Ids, JournalEntry, Next, OutboxKind, Settings, Turn};
use vikno_domain::{
    Channel, Content, DialogueAct, InboundEvent, Intervention, OperatorAction, OrgId,
};
use vikno_process::{ProcessSet, SharedState};
use vikno_shell::{Problem, log_error};
use vikno_storage::turns::{self, ClaimedChat, DecidedChat, EventState, Settled, WaitingEvent};
use vikno_storage::{Database, StorageError, sums, versions};

/// A runner hands over to another request after this time, well within the host's 30 s.
const RUN_MS: i64 = 15_000;
/// Runners that did not finish with a chat before its first event is put aside for people.
const TAKEOVERS_MAX: i64 = 4;
/// Attempts at a transaction that finds the database busy; the host lets writers wait in turn before that.
const COMMIT_ATTEMPTS: u32 = 3;

/// Runs until nothing waits, or leaves it to a runner that is at work. Returns how many events were settled.
pub(crate) async fn until_idle(org: &OrgId) -> Result<usize, Problem> {
    let run = Run {
        org,
        settings: catalogue::settings(org).await?,
        database: Database::open(org.as_str()).await?,
    };
    run.until_idle().await
}

struct Run<'a> {
    org: &'a OrgId,
    database: Database,
    settings: Rc<Settings>,
}

impl Run<'_> {
    async fn until_idle(&self) -> Result<usize, Problem> {
        let stop_ms = vikno_shell::now_ms() + RUN_MS;
        let owner = vikno_shell::new_id("run");
        let mut settled = 0;
        let mut chats = turns::claim(&self.database, &owner, vikno_shell::now_ms()).await?;
        while !chats.is_empty() {
            match self.batch(&owner, chats, stop_ms).await {
                Ok((count, next)) => {
                    settled += count;
                    chats = next;
                }
                Err(problem) => {
                    turns::release(&self.database, &owner).await?;
                    return Err(problem);
                }
            }
        }
        Ok(settled)
    }

    /// Runs the chats and writes them. Returns how many events were settled, and the chats of the next batch.
    async fn batch(
        &self,
        owner: &str,
        chats: Vec<ClaimedChat>,
        stop_ms: i64,
    ) -> Result<(usize, Vec<ClaimedChat>), Problem> {
        let now_ms = vikno_shell::now_ms();
        let batch = Shared::default();
        let turns = chats
            .into_iter()
            .map(|chat| self.chat(chat, &batch, now_ms));
        let decided: Vec<DecidedChat> = join_all(turns)
            .await
            .into_iter()
            .collect::<Result<_, _>>()?;
        let outbox = || {
            let decisions = decided.iter().flat_map(|chat| &chat.decisions);
            decisions.flat_map(|decision| &decision.outbox)
        };
        let is_fetching = outbox().any(|row| row.kind == OutboxKind::Fetch);
        let is_sending = outbox().any(|row| row.kind != OutboxKind::Fetch);
        let next_ms = Some(vikno_shell::now_ms()).filter(|now_ms| *now_ms <= stop_ms);
        let settled = self.commit(owner, &decided, now_ms, next_ms).await?;
        if is_fetching || (is_sending && !settled.is_delivering) {
            vikno_shell::nudge("delivery", format!("/{}/run", self.org));
        }
        if next_ms.is_none() {
            vikno_shell::nudge("engine", format!("/{}/run", self.org));
        }
        let next = turns::load(&self.database, owner, settled.next).await?;
        Ok((settled.events, next))
    }

    async fn commit(
        &self,
        owner: &str,
        decided: &[DecidedChat],
        now_ms: i64,
        next_ms: Option<i64>,
    ) -> Result<Settled, Problem> {
        let mut attempts = COMMIT_ATTEMPTS;
        loop {
            attempts -= 1;
            let batch = turns::Batch::of(decided, now_ms)?;
            match batch.commit(&self.database, owner, next_ms).await {
                Err(StorageError::Busy) if attempts > 0 => {}
                result => return Ok(result?),
            }
        }
    }

    /// All waiting events of one chat, in order.
    async fn chat(
        &self,
        chat: ClaimedChat,
        batch: &Shared,
        now_ms: i64,
    ) -> Result<DecidedChat, Problem> {
        if chat.channel == Channel::Api {
            return self.task(chat, batch, now_ms).await;
        }
        let mut ids = Ids::new(now_ms, vikno_shell::random());
        let mut knows_sums = false;
        let (mut decided, events) = chat.begin(TAKEOVERS_MAX);
        for WaitingEvent { id, event } in events {
            let event = match event {
                Ok(event) => event,
                Err(cause) => {
                    put_aside(self.org, &mut decided, id, &cause, now_ms);
                    continue;
                }
            };
            if moves_away(&event)
                && let Some(conversation) = &decided.state.conversation
            {
                decided.state.history = turns::history(&self.database, &conversation.id).await?;
            }
            let version = match &decided.state.conversation {
                Some(conversation) => migrates_to(&event).unwrap_or(conversation.process_version),
                None => batch.newest(self).await?,
            };
            let processes = catalogue::processes(&self.database, self.org, version).await?;
            let others = batch.others(self, &processes).await?;
            if others.is_some() && !std::mem::replace(&mut knows_sums, true) {
                decided.state.forget_sums();
            }
            let state = std::mem::take(&mut decided.state);
            let mut turn = Turn::begin(
                &self.settings,
                &processes,
                version,
                state,
                event,
                ids,
                now_ms,
            );
            if let Some(others) = &others {
                turn = turn.knowing(others.as_ref());
            }
            while let Next::Call(step) = turn.advance() {
                let answer = batch.steps.call(&step).await;
                turn.answer(&step, answer);
            }
            let Finished {
                state,
                closed,
                decision,
                outcome,
                ids: rest,
                ..
            } = turn.finish();
            ids = rest;
            decided.state = state;
            decided.closed.extend(closed);
            decided.decisions.push(decision);
            decided.outcomes.push((id, EventState::Done, Some(outcome)));
        }
        Ok(decided)
    }
}

/// What the chats of a batch share, each read when the first of them asks for it.
#[derive(Default)]
struct Shared {
    newest: Cell<Option<i64>>,
    others: RefCell<Option<Arc<SharedState>>>,
    steps: Steps,
}

impl Shared {
    /// What all tasks have added to sums; `None` where the processes add to none.
    async fn others(
        &self,
        run: &Run<'_>,
        processes: &ProcessSet,
    ) -> Result<Option<Arc<SharedState>>, Problem> {
        if !processes.adds_sums() {
            return Ok(None);
        }
        if let Some(known) = self.others.borrow().clone() {
            return Ok(Some(known));
        }
        let read = Arc::new(sums::all(&run.database).await?);
        *self.others.borrow_mut() = Some(Arc::clone(&read));
        Ok(Some(read))
    }

    /// The newest version of the processes.
    async fn newest(&self, run: &Run<'_>) -> Result<i64, Problem> {
        if let Some(version) = self.newest.get() {
            return Ok(version);
        }
        let version = versions::newest(&run.database).await?.ok_or_else(|| {
            Problem::fault(format!(
                "no processes are published for {}; run the setup",
                run.org
            ))
        })?;
        self.newest.set(Some(version));
        Ok(version)
    }
}

fn put_aside(org: &OrgId, decided: &mut DecidedChat, id: i64, cause: &str, now_ms: i64) {
    log_error(
        "event_failed",
        json!({ "org": org, "inbox_id": id, "cause": cause }),
    );
    let conversation = decided.state.conversation.as_ref();
    let entry = JournalEntry {
        at_ms: now_ms,
        conversation_id: conversation.map(|conversation| conversation.id.clone()),
        actor: "process".to_owned(),
        what: "event_failed".to_owned(),
        data: json!({ "inbox_id": id, "cause": cause }),
    };
    decided.decisions.push(Decision {
        journal: vec![entry],
        ..Decision::default()
    });
    decided.outcomes.push((id, EventState::Failed, None));
}

/// The version in which an author has the dialogue go on.
fn migrates_to(event: &InboundEvent) -> Option<i64> {
    match event.content.intervention()? {
        Intervention::Migrate { version, .. } => Some(version),
        _ => None,
    }
}

fn moves_away(event: &InboundEvent) -> bool {
    matches!(
        event.content,
        Content::Operator {
            action: OperatorAction::TransferOrganisation { .. },
            ..
        } | Content::Asked {
            act: DialogueAct::MoveToOrganisation { .. },
            ..
        }
    )
}
