//! A run: takes the live tasks of one conversation as far as they come at one moment. Performs
//! nothing itself; outside calls go out as values and come back by `resume`.

mod advance;
mod answers;
mod api;
mod facts;
mod interventions;
mod outside;
mod queues;
mod tasks;

pub(crate) use api::encode_url;

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Map, Value};

use crate::data::Data;
use crate::error::{ActionError, CreateError, Family, ModifyError, ResumeError};
use crate::limits::Limits;
use crate::logic::{Logic, NodeIndex};
use crate::outcome::{CallResult, Outcome, TaskFailed, TaskFinished, TraceEntry};
use crate::process::Process;
use crate::set::ProcessSet;
use crate::surroundings::{Alone, SumAdded, Surroundings};
use crate::world::{CallId, Place, Task, TaskId, TaskState, World};

use crate::value::to_text;
use outside::Outside;
use queues::Signal;

/// Nodes that a run commonly passes: room for them is made at once.
const NODES_COMMON: usize = 40;

static NO_ENVIRONMENT: BTreeMap<String, Value> = BTreeMap::new();

/// A run of one conversation's tasks. A run may be dropped at any time: what counts is its world.
#[derive(Debug)]
pub struct Runner<'p> {
    set: &'p ProcessSet,
    environment: &'p BTreeMap<String, Value>,
    surroundings: &'p dyn Surroundings,
    limits: Limits,
    now_ms: i64,
    remembers_data: bool,
    world: World,
    trace: Vec<TraceEntry>,
    failures: Vec<TaskFailed>,
    finished: Vec<TaskFinished>,
    sums_added: Vec<SumAdded>,
    /// Signal tasks still to be made.
    signals: VecDeque<Signal>,
    nodes_run: usize,
    calls_made: usize,
    /// The call that was built last and is still to be given out.
    open: Option<Outside>,
    /// Entries into a node since the task last waited. A task passes few nodes without a wait.
    rounds: Vec<(TaskId, NodeIndex, u32)>,
}

impl<'p> Runner<'p> {
    /// Loads a world. Tasks that fit the processes no more fail at once, and their callers are told.
    pub fn new(set: &'p ProcessSet, world: World, limits: Limits, now_ms: i64) -> Self {
        let mut runner = Self {
            set,
            environment: &NO_ENVIRONMENT,
            surroundings: &Alone,
            limits,
            now_ms,
            remembers_data: false,
            world,
            trace: Vec::with_capacity(NODES_COMMON),
            failures: Vec::new(),
            finished: Vec::new(),
            sums_added: Vec::new(),
            signals: VecDeque::new(),
            nodes_run: 0,
            calls_made: 0,
            open: None,
            rounds: Vec::with_capacity(NODES_COMMON),
        };
        runner.repair();
        runner
    }

    /// The values of `{{env_var[@name]}}`.
    #[must_use]
    pub fn with_environment(self, environment: &'p BTreeMap<String, Value>) -> Self {
        Self {
            environment,
            ..self
        }
    }

    /// What the conversation may know of others.
    #[must_use]
    pub fn with_surroundings(self, surroundings: &'p dyn Surroundings) -> Self {
        Self {
            surroundings,
            ..self
        }
    }

    /// Whether the trace holds the tasks' data: for those who look at a run, since it costs copies.
    #[must_use]
    pub fn remembering_data(self, remembers_data: bool) -> Self {
        Self {
            remembers_data,
            ..self
        }
    }

    /// Where the chance of `$.random` and of waits begins. A world keeps the first seed that it is given.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        if self.world.seed == 0 {
            self.world.seed = seed;
        }
        self
    }

    /// Makes a task at the start of a process. It runs at the next step, after those made before.
    pub fn create_task(
        &mut self,
        alias: &str,
        reference: Option<&str>,
        data: impl Into<Data>,
    ) -> Result<TaskId, CreateError> {
        let id = self.insert_task(alias, reference, data.into(), None, None)?;
        self.world.ready.insert(0, id);
        Ok(id)
    }

    /// Wakes the task of that reference, which has to wait in a callback node. The data is merged by
    /// top-level keys.
    pub fn modify_task(
        &mut self,
        alias: &str,
        reference: &str,
        data: impl Into<Data>,
    ) -> Result<TaskId, ModifyError> {
        let process = self.set.find(alias).ok_or(ModifyError::NotFound)?;
        let (id, _) = self
            .world
            .find(process.alias(), reference)
            .ok_or(ModifyError::NotFound)?;
        self.modify_task_by_id(id, data)?;
        Ok(id)
    }

    /// As [`Runner::modify_task`], for a task whose id is known.
    pub fn modify_task_by_id(
        &mut self,
        id: TaskId,
        data: impl Into<Data>,
    ) -> Result<(), ModifyError> {
        self.merge_callback(id, data.into())?;
        self.world.ready.insert(0, id);
        Ok(())
    }

    /// Takes what was posted to a callback node's URL. Which task it is for stands in the body, where the node says.
    /// A node with `is_sync: false` takes it for a task that is not there yet: the task's next callback node gets it.
    pub fn callback(
        &mut self,
        alias: &str,
        node: &str,
        body: Map<String, Value>,
    ) -> Result<TaskId, ModifyError> {
        let process = self.set.find(alias).ok_or(ModifyError::NotFound)?;
        let callback = process.node(node).and_then(|node| {
            node.logics.iter().find_map(|logic| match logic {
                Logic::ApiCallback(callback) => Some(callback),
                _ => None,
            })
        });
        let callback = callback.ok_or(ModifyError::NotFound)?;
        let path = callback.task_path.as_ref();
        let named = path.and_then(|path| to_text(path.get_in(&body)?).trim().parse().ok());
        let id = named.map(TaskId).ok_or_else(|| {
            ModifyError::NoTaskNamed(path.map(ToString::to_string).unwrap_or_default())
        })?;
        let task = self
            .world
            .tasks
            .get(id)
            .filter(|task| task.process == process.alias());
        let task = task.ok_or(ModifyError::NotFound)?;
        let waits = task.state == TaskState::WaitingCallback;
        if callback.only_here && !(waits && task.node == node) {
            return Err(ModifyError::NotInNode);
        }
        if waits {
            self.modify_task_by_id(id, body)?;
        } else {
            self.keep_early(id, body.into())?;
        }
        Ok(id)
    }

    /// Runs until an outside call is needed or every task waits. While a call is open it is given again.
    pub fn step(&mut self) -> Outcome {
        self.fire_timers();
        loop {
            self.send_signals();
            if let Some(call) = self.open_call() {
                return call.into();
            }
            if self.world.ready.is_empty() {
                // A task that was kept from running by an open call may have parked after its time. Timers
                // armed in this run are in the future, so this ends.
                self.fire_timers();
            }
            let Some(id) = self.world.ready.pop() else {
                if !self.signals.is_empty() {
                    continue;
                }
                return Outcome::Idle {
                    next_wake_ms: self.world.next_wake_ms(),
                };
            };
            if let Some(task) = self.world.tasks.remove(id) {
                self.run_task(id, task);
            }
        }
    }

    /// Gives the result of an open call. The task goes on at the next step.
    pub fn resume(&mut self, call: CallId, result: CallResult) -> Result<(), ResumeError> {
        let waiting = self
            .world
            .tasks
            .iter()
            .find(|(_, task)| task.state == TaskState::WaitingCall { call });
        let id = waiting
            .map(|(id, _)| id)
            .ok_or(ResumeError::UnknownCall(call))?;
        let task = self
            .world
            .tasks
            .remove(id)
            .ok_or(ResumeError::UnknownCall(call))?;
        self.finish_call(id, task, result);
        Ok(())
    }

    /// The live tasks as they stand, to store or to look at.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Ends the run.
    pub fn into_world(mut self) -> World {
        self.send_signals();
        self.world
    }

    /// The node entries of this run so far; at most [`Limits::nodes_per_run_max`] and the grace.
    pub fn take_trace(&mut self) -> Vec<TraceEntry> {
        std::mem::take(&mut self.trace)
    }

    /// The tasks that failed with no error branch to take over. Journal them and tell people.
    pub fn take_failures(&mut self) -> Vec<TaskFailed> {
        std::mem::take(&mut self.failures)
    }

    /// The tasks that reached a final node.
    pub fn take_finished(&mut self) -> Vec<TaskFinished> {
        std::mem::take(&mut self.finished)
    }

    /// What tasks added to sums, in order.
    pub fn take_sums(&mut self) -> Vec<SumAdded> {
        std::mem::take(&mut self.sums_added)
    }

    fn process_of(&self, task: &Task) -> Option<&'p Process> {
        self.set.at(task.place.process)
    }

    /// Drops what a damaged or outdated world cannot go on with, never in silence.
    fn repair(&mut self) {
        let mut lost: Vec<TaskId> = Vec::new();
        for (id, task) in self.world.tasks.iter_mut() {
            match find_place(self.set, task) {
                Some(place) => task.place = place,
                None => lost.push(id),
            }
        }
        let tasks = &self.world.tasks;
        let is_ready = |id: &TaskId| {
            tasks
                .get(*id)
                .is_some_and(|task| task.state == TaskState::Ready)
        };
        let mut ready: Vec<TaskId> = Vec::new();
        for id in self.world.ready.iter().filter(|id| is_ready(id)) {
            if !ready.contains(id) {
                ready.push(*id);
            }
        }
        let forgotten: Vec<TaskId> = tasks
            .iter()
            .map(|(id, _)| id)
            .filter(|id| is_ready(id) && !ready.contains(id))
            .collect();
        ready.splice(0..0, forgotten.into_iter().rev());
        self.world.ready = ready;
        for (id, task) in self.world.tasks.iter() {
            self.world.next_task = self.world.next_task.max(id.0.saturating_add(1));
            if let TaskState::WaitingCall { call } = task.state {
                self.world.next_call = self.world.next_call.max(call.0.saturating_add(1));
            }
        }
        for id in lost {
            self.world.ready.retain(|ready| *ready != id);
            if let Some(task) = self.world.tasks.remove(id) {
                self.fail(
                    id,
                    task,
                    "process_changed",
                    false,
                    "its process or node is no more in the version at hand",
                );
            }
        }
        let orphaned: Vec<TaskId> = self
            .world
            .tasks()
            .filter_map(|(id, task)| match task.state {
                TaskState::WaitingRpc { child } if !self.world.tasks.contains(child) => Some(id),
                _ => None,
            })
            .collect();
        let without_target: Vec<TaskId> = self
            .world
            .tasks()
            .filter_map(|(_, task)| match task.state {
                TaskState::WaitingCopy { target } if !self.world.tasks.contains(target) => {
                    Some(target)
                }
                _ => None,
            })
            .collect();
        for target in without_target {
            self.copy_has_no_target(target);
        }
        for id in orphaned {
            self.wake_caller(
                id,
                Err(ActionError::software(
                    Family::Rpc,
                    "rpc_no_reply",
                    "the called task is gone",
                )),
            );
        }
    }

    /// Moves on every task whose time has come, in the order of the times.
    fn fire_timers(&mut self) {
        let mut due: Vec<(i64, TaskId)> = self
            .world
            .tasks()
            .filter(|(_, task)| task.state != TaskState::Ready)
            .filter_map(|(id, task)| Some((task.due_at().filter(|at| *at <= self.now_ms)?, id)))
            .collect();
        due.sort_unstable();
        for (_, id) in due {
            let Some(mut task) = self.world.tasks.remove(id) else {
                continue;
            };
            if task.wake_at.is_none_or(|at| at > self.now_ms) {
                // Not the node's timer: another attempt at its call.
                task.retry_at = None;
                task.state = TaskState::Ready;
                self.world.tasks.insert(id, task);
                self.world.ready.insert(0, id);
                continue;
            }
            match task.wake_node.take() {
                Some(node) => self.wake_at_node(id, task, &node),
                None => {
                    task.wake_at = None;
                    self.world.tasks.insert(id, task);
                }
            }
        }
    }
}

/// Where a task's process and node are.
fn find_place(set: &ProcessSet, task: &Task) -> Option<Place> {
    let process = set.place_of(&task.process)?;
    let node = set.at(process)?.place_of(&task.node)?;
    Some(Place { process, node })
}
