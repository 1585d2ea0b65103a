//! Takes one task through nodes and logics until it waits or ends.

use std::sync::Arc;

use super::Runner;
use crate::data::Data;
use crate::error::{ActionError, Family};
use crate::expression::{EvaluationError, assign};
use crate::limits::TIMER_MS_MIN;
use crate::logic::{Logic, NodeIndex, TimerValue};
use crate::outcome::{TaskFailed, TaskFinished, TraceEntry};
use crate::process::{Ending, Node, Process};
use crate::template::Scope;
use crate::value::parse_number;
use crate::world::{Task, TaskId, TaskState};

/// What a logic makes of its task.
pub(super) enum Step {
    /// On with the next logic.
    Next,
    /// On at another node.
    Move(NodeIndex),
    /// Wait, then on with the next logic.
    Wait(TaskState),
    /// Let that task run first, then on with the next logic.
    After(TaskId),
}

/// Why a task cannot go on.
pub(super) enum Stop {
    /// A logic failed; its error branch takes over if there is one.
    Failed(ActionError, Option<NodeIndex>),
    /// Nothing can take over.
    Broken(String),
}

impl<'p> Runner<'p> {
    pub(super) fn run_task(&mut self, id: TaskId, mut task: Box<Task>) {
        loop {
            let Some((process, node)) = self.place(&task) else {
                return self.fail(
                    id,
                    task,
                    "process_changed",
                    false,
                    "its process or node is no more in the version at hand",
                );
            };
            let Some(logic) = node.logics.get(task.logic) else {
                return self.end_of_node(id, task, node);
            };
            let moved = match self.execute(id, &mut task, logic) {
                Ok(Step::Next) => {
                    task.logic += 1;
                    Some(task)
                }
                Ok(Step::Move(to)) => self.enter(id, task, process, to),
                Ok(Step::Wait(state)) => return self.park(id, task, state),
                Ok(Step::After(other)) => {
                    task.logic += 1;
                    self.world.tasks.insert(id, task);
                    self.world.ready.extend([id, other]);
                    return;
                }
                Err(Stop::Failed(error, on_error)) => {
                    self.take_error_branch(id, task, on_error, error)
                }
                Err(Stop::Broken(reason)) => {
                    return self.fail(id, task, "process_broken", false, &reason);
                }
            };
            match moved {
                Some(moved) => task = moved,
                None => return,
            }
        }
    }

    pub(super) fn place(&self, task: &Task) -> Option<(&'p Process, &'p Node)> {
        let process = self.process_of(task)?;
        Some((process, process.nodes.get(task.place.node)?))
    }

    fn execute(&mut self, id: TaskId, task: &mut Task, logic: &'p Logic) -> Result<Step, Stop> {
        match logic {
            Logic::Go { to } => Ok(Step::Move(*to)),
            Logic::GoIf { to, conditions } => {
                let facts = self.facts(id, task);
                let scope = self.scope(task, &facts);
                // A function that fails equals nothing, nor does a constant that grows over the limit equals nothing.
                let holds = conditions
                    .iter()
                    .all(|condition| condition.holds(&scope).unwrap_or(false));
                Ok(if holds { Step::Move(*to) } else { Step::Next })
            }
            Logic::SetParam { values, on_error } => {
                let facts = self.facts(id, task);
                let mut data = task.data.clone();
                let set = assign(values, &self.scope(task, &facts), &mut data)
                    .and_then(|()| self.within_limits(&data));
                set.map_err(|error| {
                    Stop::Failed(ActionError::evaluation(Family::SetParam, &error), *on_error)
                })?;
                task.data = data;
                Ok(Step::Next)
            }
            Logic::Api { request, on_error } => {
                let call = self
                    .start_api(id, task, request)
                    .map_err(|error| Stop::Failed(error, *on_error))?;
                Ok(Step::Wait(TaskState::WaitingCall { call }))
            }
            Logic::ApiCode { source, on_error } => {
                let call = self
                    .start_code(id, task, source)
                    .map_err(|error| Stop::Failed(error, *on_error))?;
                Ok(Step::Wait(TaskState::WaitingCall { call }))
            }
            Logic::ApiCallback(_) => match task.early.take() {
                None => Ok(Step::Wait(TaskState::WaitingCallback)),
                Some(early) => {
                    self.merge(&mut task.data, early).map_err(|error| {
                        Stop::Failed(ActionError::evaluation(Family::Callback, &error), None)
                    })?;
                    Ok(Step::Next)
                }
            },
            Logic::ApiCopy { copy, on_error } => self
                .copy(id, task, copy)
                .map_err(|error| Stop::Failed(error, *on_error)),
            Logic::ApiRpc {
                process,
                values,
                send_all,
                on_error,
            } => {
                let child = self
                    .call_process(id, task, process, values, *send_all)
                    .map_err(|error| Stop::Failed(error, *on_error))?;
                Ok(Step::Wait(TaskState::WaitingRpc { child }))
            }
            Logic::ApiRpcReply { reply, on_error } => {
                self.reply(id, task, reply)
                    .map_err(|error| Stop::Failed(error, *on_error))?;
                Ok(Step::Next)
            }
            Logic::Stub { cases, on_error } => {
                self.answer_by_stub(id, task, cases)
                    .map_err(|error| Stop::Failed(error, *on_error))?;
                Ok(Step::Next)
            }
            Logic::ApiSum { sums, on_error } => {
                self.add_sums(id, task, sums)
                    .map_err(|error| Stop::Failed(error, *on_error))?;
                Ok(Step::Next)
            }
            Logic::ApiQueue { .. } => Ok(Step::Wait(TaskState::Queued)),
            Logic::ApiGetTask { queue, on_error } => {
                self.take_from_queue(id, task, queue, *on_error)
            }
            Logic::Elsewhere {
                family,
                description,
                on_error,
            } => {
                let tag = format!("{}_executing_error", family.name());
                let error = ActionError::software(*family, &tag, description.as_str());
                Err(Stop::Failed(error, *on_error))
            }
            Logic::Broken(reason) => Err(Stop::Broken(reason.clone())),
        }
    }

    fn end_of_node(&mut self, id: TaskId, task: Box<Task>, node: &Node) {
        match node.ending {
            Some(ending) => self.finish(id, task, ending),
            None if task.wake_at.is_some() => self.park(id, task, TaskState::Delayed),
            None => self.fail(id, task, "process_broken", false, "the node has no way out"),
        }
    }

    /// Sets a task aside until something wakes it.
    fn park(&mut self, id: TaskId, mut task: Box<Task>, state: TaskState) {
        task.state = state;
        self.forget_rounds(id);
        if let TaskState::WaitingRpc { child } = state {
            self.world.ready.push(child);
        }
        self.world.tasks.insert(id, task);
        if state == TaskState::WaitingCallback {
            self.wake_copier_of(id);
        }
    }

    /// Ends a wait: the timer of the node counts no more.
    pub(super) fn stop_waiting(task: &mut Task) {
        task.state = TaskState::Ready;
        task.wake_at = None;
        task.wake_node = None;
        task.retry_at = None;
        task.attempts = 0;
    }

    /// Puts a task back so that it runs next.
    pub(super) fn run_next(&mut self, id: TaskId, task: Box<Task>) {
        self.world.tasks.insert(id, task);
        self.world.ready.push(id);
    }

    /// A timer sends a waiting task on; it runs after those whose time came before.
    pub(super) fn wake_at_node(&mut self, id: TaskId, mut task: Box<Task>, node: &str) {
        Self::stop_waiting(&mut task);
        let target = self
            .process_of(&task)
            .and_then(|process| Some((process, process.place_of(node)?)));
        let Some((process, to)) = target else {
            return self.fail(
                id,
                task,
                "process_changed",
                false,
                "the node of its timer is no more in the version at hand",
            );
        };
        if let Some(task) = self.enter(id, task, process, to) {
            self.world.tasks.insert(id, task);
            self.world.ready.insert(0, id);
        }
    }

    /// Moves a task to a node. Gives it back unless that ended it.
    pub(super) fn enter(
        &mut self,
        id: TaskId,
        mut task: Box<Task>,
        process: &'p Process,
        to: NodeIndex,
    ) -> Option<Box<Task>> {
        let Some(node) = process.nodes.get(to) else {
            self.fail(
                id,
                task,
                "process_broken",
                false,
                "it goes to a node that is not there",
            );
            return None;
        };
        if task.node != node.id {
            self.leaves(id, &task);
        }
        task.previous_node = Some(std::mem::replace(&mut task.node, node.id.clone()));
        task.place.node = to;
        if let Err(reason) = self.arrive(id, &mut task, node, to) {
            let (tag, description) = reason;
            self.fail(id, task, tag, false, description);
            return None;
        }
        match node.ending {
            Some(ending) => {
                self.finish(id, task, ending);
                None
            }
            None => Some(task),
        }
    }

    /// Counts and notes the entry and arms the node's timers.
    pub(super) fn arrive(
        &mut self,
        id: TaskId,
        task: &mut Task,
        node: &Node,
        at: NodeIndex,
    ) -> Result<(), (&'static str, &'static str)> {
        self.nodes_run += 1;
        let over = self.nodes_run.saturating_sub(self.limits.nodes_per_run_max);
        if over > self.limits.nodes_grace_max {
            return Err((
                "run_limit",
                "the conversation passed too many nodes at one moment",
            ));
        }
        let stays = task.previous_node.as_ref() == Some(&task.node);
        if !stays {
            self.fills(id, task);
        }
        task.logic = 0;
        task.attempts = 0;
        task.retry_at = None;
        task.entered_at = self.now_ms;
        let place = self
            .process_of(task)
            .and_then(|process| process.places.get(at));
        self.trace.extend(place.map(|place| TraceEntry {
            task: id,
            place: Arc::clone(place),
            at: self.now_ms,
            data: self.remembers_data.then(|| task.data.clone()),
        }));
        if over == 1 {
            return Err((
                "run_limit",
                "the conversation passed too many nodes at one moment",
            ));
        }
        if self.count_round(id, at) > self.limits.loop_rounds_max {
            return Err((
                "loop_guard",
                "the task goes round a loop without ever waiting",
            ));
        }
        self.arm_timers(id, task, node)
    }

    fn arm_timers(
        &self,
        id: TaskId,
        task: &mut Task,
        node: &Node,
    ) -> Result<(), (&'static str, &'static str)> {
        let mut earliest: Option<(i64, NodeIndex)> = None;
        for timer in &node.timers {
            let facts = self.facts(id, task);
            let at = self.timer_due(&timer.value, &self.scope(task, &facts));
            let at = at.ok_or((
                "timer_wrong_value",
                "the value of its time semaphor is no number",
            ))?;
            if earliest.is_none_or(|(best, _)| at < best) {
                earliest = Some((at, timer.to));
            }
        }
        let nodes = self
            .process_of(task)
            .map(|process| process.nodes.as_slice())
            .unwrap_or_default();
        task.wake_at = earliest.map(|(at, _)| at);
        task.wake_node = earliest.and_then(|(_, to)| Some(nodes.get(to)?.id.clone()));
        Ok(())
    }

    fn timer_due(&self, value: &TimerValue, scope: &Scope<'_>) -> Option<i64> {
        let at = match value {
            TimerValue::After { seconds } => {
                self.now_ms.saturating_add(seconds.saturating_mul(1_000))
            }
            TimerValue::Computed { text, unit_seconds } => {
                let number = parse_number(&text.render(scope).ok()?)?;
                let number = number
                    .as_i64()
                    .or_else(|| number.as_f64().map(|number| number as i64))?;
                if number >= UNIX_TIME_MIN {
                    number.saturating_mul(1_000)
                } else {
                    let length_ms = number
                        .max(0)
                        .saturating_mul(*unit_seconds)
                        .saturating_mul(1_000);
                    self.now_ms.saturating_add(length_ms)
                }
            }
        };
        Some(at.max(self.now_ms.saturating_add(TIMER_MS_MIN)))
    }

    /// To the error branch if there is one; else the task has failed.
    pub(super) fn take_error_branch(
        &mut self,
        id: TaskId,
        mut task: Box<Task>,
        on_error: Option<NodeIndex>,
        mut error: ActionError,
    ) -> Option<Box<Task>> {
        let target = on_error.and_then(|to| Some((self.process_of(&task)?, to)));
        let Some((process, to)) = target else {
            self.fail(id, task, &error.tag, error.hardware, &error.description);
            return None;
        };
        let sent = std::mem::take(&mut error.data);
        if !sent.is_empty() {
            let mut merged = task.data.clone();
            merged.extend(sent);
            // What a callee sends along is dropped when it does not fit; that it failed is not.
            if self.within_limits(&merged).is_ok() {
                task.data = merged;
            }
        }
        error.write_to(&mut task.data);
        self.enter(id, task, process, to)
    }

    pub(super) fn within_limits(&self, data: &Data) -> Result<(), EvaluationError> {
        let size = data.size();
        let fits =
            size.bytes <= self.limits.task_bytes_max && size.depth <= self.limits.task_depth_max;
        fits.then_some(()).ok_or(EvaluationError::TooLarge)
    }

    fn finish(&mut self, id: TaskId, task: Box<Task>, ending: Ending) {
        let caller = task.reply_to;
        let (process, node) = (task.process.clone(), task.node.clone());
        let task = *task;
        self.finished.push(TaskFinished {
            task: id,
            process: task.process,
            node: task.node,
            reference: task.reference,
            ending,
            data: task.data,
        });
        self.leave(id, caller, "rpc_no_reply", || {
            format!("`{process}` ended at node {node} without a reply")
        });
    }

    pub(super) fn fail(
        &mut self,
        id: TaskId,
        task: Box<Task>,
        tag: &str,
        hardware: bool,
        description: &str,
    ) {
        self.leaves(id, &task);
        let caller = task.reply_to;
        let (process, node) = (task.process.clone(), task.node.clone());
        let task = *task;
        self.failures.push(TaskFailed {
            task: id,
            process: task.process,
            node: task.node,
            reference: task.reference,
            tag: tag.to_owned(),
            hardware,
            description: description.to_owned(),
            at: self.now_ms,
        });
        self.leave(id, caller, "rpc_callee_failed", || {
            format!("`{process}` failed at node {node}: {description}")
        });
    }

    /// A task is gone: a caller that still waits for its reply hears why there will be none.
    fn leave(
        &mut self,
        id: TaskId,
        caller: Option<TaskId>,
        tag: &str,
        description: impl FnOnce() -> String,
    ) {
        self.forget_rounds(id);
        self.copy_has_no_target(id);
        if let Some(caller) = caller.filter(|caller| self.waits_for(*caller, id)) {
            self.wake_caller(
                caller,
                Err(ActionError::software(Family::Rpc, tag, description())),
            );
        }
    }

    pub(super) fn forget_rounds(&mut self, id: TaskId) {
        self.rounds.retain(|(task, _, _)| *task != id);
    }

    /// One entry more of a task into a node; how many there are now.
    fn count_round(&mut self, id: TaskId, at: NodeIndex) -> u32 {
        let known = self
            .rounds
            .iter_mut()
            .rfind(|(task, node, _)| (*task, *node) == (id, at));
        match known {
            Some((_, _, rounds)) => {
                *rounds += 1;
                *rounds
            }
            None => {
                self.rounds.push((id, at, 1));
                1
            }
        }
    }
}

/// 2001-09-09 as Unix time: a computed timer value below it is a length, not a moment.
const UNIX_TIME_MIN: i64 = 1_000_000_000;
