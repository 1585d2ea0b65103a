//! A run: takes the live tasks of one conversation as far as they come at one moment. Performs
//! nothing itself; outside calls go out as values and come back by `resume`.

mod advance;
mod api;
mod tasks;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::error::{ActionError, CreateError, Family, ModifyError, ResumeError};
use crate::limits::Limits;
use crate::logic::NodeIndex;
use crate::outcome::{ApiCall, CallResult, Outcome, TaskFailed, TaskFinished, TraceEntry};
use crate::process::Process;
use crate::set::ProcessSet;
use crate::template::Scope;
use crate::world::{CallId, Task, TaskId, TaskState, World};

static NO_ENVIRONMENT: BTreeMap<String, Value> = BTreeMap::new();

/// A run of one conversation's tasks. A run may be dropped at any time: what counts is its world.
#[derive(Debug)]
pub struct Runner<'p> {
    set: &'p ProcessSet,
    environment: &'p BTreeMap<String, Value>,
    limits: Limits,
    now_ms: i64,
    world: World,
    trace: Vec<TraceEntry>,
    failures: Vec<TaskFailed>,
    finished: Vec<TaskFinished>,
    nodes_run: usize,
    calls_made: usize,
    /// The call that was given out last, so that it is not built twice.
    open: Option<ApiCall>,
    /// Entries into a node since the task last waited.
    rounds: BTreeMap<(TaskId, NodeIndex), u32>,
}

impl<'p> Runner<'p> {
    /// Loads a world. Tasks that fit the processes no more fail at once, and their callers are told.
    pub fn new(set: &'p ProcessSet, world: World, limits: Limits, now_ms: i64) -> Self {
        let mut runner = Self {
            set,
            environment: &NO_ENVIRONMENT,
            limits,
            now_ms,
            world,
            trace: Vec::new(),
            failures: Vec::new(),
            finished: Vec::new(),
            nodes_run: 0,
            calls_made: 0,
            open: None,
            rounds: BTreeMap::new(),
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

    /// Makes a task at the start of a process. It runs at the next step, after those made before.
    pub fn create_task(
        &mut self,
        alias: &str,
        reference: Option<&str>,
        data: Map<String, Value>,
    ) -> Result<TaskId, CreateError> {
        let id = self.insert_task(alias, reference, data, None, None)?;
        self.world.ready.insert(0, id);
        Ok(id)
    }

    /// Wakes the task of that reference, which has to wait in a callback node. The data is merged by
    /// top-level keys.
    pub fn modify_task(
        &mut self,
        alias: &str,
        reference: &str,
        data: Map<String, Value>,
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
        data: Map<String, Value>,
    ) -> Result<(), ModifyError> {
        self.merge_callback(id, data)?;
        self.world.ready.insert(0, id);
        Ok(())
    }

    /// Runs until an outside call is needed or every task waits. While a call is open it is given again.
    pub fn step(&mut self) -> Outcome {
        self.fire_timers();
        loop {
            if let Some(call) = self.open_call() {
                return Outcome::Call(call);
            }
            if self.world.ready.is_empty() {
                // A task that was kept from running by an open call may have parked after its time. Timers
                // armed in this run are in the future, so this ends.
                self.fire_timers();
            }
            let Some(id) = self.world.ready.pop() else {
                return Outcome::Idle {
                    next_wake_ms: self.world.next_wake_ms(),
                };
            };
            if let Some(task) = self.world.tasks.remove(&id) {
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
            .map(|(id, _)| *id)
            .ok_or(ResumeError::UnknownCall(call))?;
        let task = self
            .world
            .tasks
            .remove(&id)
            .ok_or(ResumeError::UnknownCall(call))?;
        self.finish_call(id, task, result);
        Ok(())
    }

    /// The live tasks as they stand, to store or to look at.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Ends the run.
    pub fn into_world(self) -> World {
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

    fn process_of(&self, task: &Task) -> Option<&'p Process> {
        self.set.get(&task.process)
    }

    /// Drops what a damaged or outdated world cannot go on with, never in silence.
    fn repair(&mut self) {
        let fits = |task: &Task| {
            self.process_of(task)
                .is_some_and(|process| process.node(&task.node).is_some())
        };
        let lost: Vec<TaskId> = self
            .world
            .tasks()
            .filter(|(_, task)| !fits(task))
            .map(|(id, _)| id)
            .collect();
        let tasks = &self.world.tasks;
        let is_ready = |id: &TaskId| {
            tasks
                .get(id)
                .is_some_and(|task| task.state == TaskState::Ready)
        };
        let mut ready: Vec<TaskId> = Vec::new();
        for id in self.world.ready.iter().filter(|id| is_ready(id)) {
            if !ready.contains(id) {
                ready.push(*id);
            }
        }
        let forgotten: Vec<TaskId> = tasks
            .keys()
            .filter(|id| is_ready(id) && !ready.contains(id))
            .copied()
            .collect();
        ready.splice(0..0, forgotten.into_iter().rev());
        self.world.ready = ready;
        for (id, task) in &self.world.tasks {
            self.world.next_task = self.world.next_task.max(id.0.saturating_add(1));
            if let TaskState::WaitingCall { call } = task.state {
                self.world.next_call = self.world.next_call.max(call.0.saturating_add(1));
            }
        }
        for id in lost {
            self.world.ready.retain(|ready| *ready != id);
            if let Some(task) = self.world.tasks.remove(&id) {
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
                TaskState::WaitingRpc { child } if !self.world.tasks.contains_key(&child) => {
                    Some(id)
                }
                _ => None,
            })
            .collect();
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
            .filter_map(|(id, task)| Some((task.wake_at.filter(|at| *at <= self.now_ms)?, id)))
            .collect();
        due.sort_unstable();
        for (_, id) in due {
            let Some(mut task) = self.world.tasks.remove(&id) else {
                continue;
            };
            match task.wake_node.take() {
                Some(node) => self.wake_at_node(id, task, &node),
                None => {
                    task.wake_at = None;
                    self.world.tasks.insert(id, task);
                }
            }
        }
    }

    fn scope<'a>(&'a self, task: &'a Task, root: &'a dyn Fn(&str) -> Option<Value>) -> Scope<'a> {
        Scope {
            data: &task.data,
            overlay: None,
            root,
            environment: self.environment,
            bytes_max: self.limits.task_bytes_max,
        }
    }

    /// `{{root.…}}` of a task.
    fn root_value(&self, id: TaskId, task: &Task, field: &str) -> Option<Value> {
        let process = self.process_of(task)?;
        Some(match field {
            "task_id" => Value::String(id.0.to_string()),
            "ref" => Value::String(task.reference.clone().unwrap_or_default()),
            "conv_id" => process
                .number
                .map_or(Value::String(task.process.clone()), Value::from),
            "node_id" => Value::String(task.node.clone()),
            "prev_node_id" => Value::String(task.previous_node.clone().unwrap_or_default()),
            "node_name" => Value::String(process.node(&task.node)?.title.clone()),
            "status" => Value::String("processing".to_owned()),
            "create_time" => Value::from(task.created_at.div_euclid(1_000)),
            "change_time" => Value::from(task.entered_at.div_euclid(1_000)),
            _ => return None,
        })
    }
}
