//! What tasks do to each other: create, modify, call, reply.

use std::borrow::Cow;

use serde_json::Value;

use super::Runner;
use super::advance::Step;
use crate::data::Data;
use crate::error::{ActionError, CreateError, Family, ModifyError};
use crate::expression::{Assignment, EvaluationError, assign};
use crate::limits::REF_BYTES_MAX;
use crate::logic::{Copy, CopyMode, Logic, ProcessName, Reply, ReplyValues, StubCase};
use crate::process::{Node, Param, Process};
use crate::template::{Facts as _, Scope, Template};
use crate::value::to_text;
use crate::world::{Place, Task, TaskId, TaskState};

/// The task that makes another one: it is out of the world while it runs, yet counts.
type Maker<'a> = Option<(TaskId, &'a Task)>;

impl Runner<'_> {
    /// Puts a new task at the start of a process, without making it ready.
    pub(super) fn insert_task(
        &mut self,
        name: &str,
        reference: Option<&str>,
        data: Data,
        reply_to: Option<TaskId>,
        maker: Maker<'_>,
    ) -> Result<TaskId, CreateError> {
        let (at, process) = self
            .set
            .find_place(name)
            .and_then(|at| Some((at, self.set.at(at)?)))
            .ok_or_else(|| CreateError::UnknownProcess(name.to_owned()))?;
        if !process.active {
            return Err(CreateError::NotActive);
        }
        let reference = reference.filter(|reference| !reference.is_empty());
        if let Some(reference) = reference {
            let is_makers = maker.is_some_and(|(_, task)| {
                task.process == process.alias && task.reference.as_deref() == Some(reference)
            });
            if reference.len() > REF_BYTES_MAX {
                return Err(CreateError::RefTooLong);
            }
            if is_makers || self.world.find(&process.alias, reference).is_some() {
                return Err(CreateError::RefTaken);
            }
        }
        if let Some(param) = process.params.iter().find(|param| !param.accepts(&data)) {
            return Err(CreateError::InvalidParams(param.label.clone()));
        }
        self.within_limits(&data)
            .map_err(|_| CreateError::TooLarge)?;
        if self.world.tasks.len() + usize::from(maker.is_some()) >= self.limits.tasks_max {
            return Err(CreateError::TooManyTasks);
        }
        let id = TaskId(self.world.next_task);
        let node = &process.nodes[process.start];
        let place = Place {
            process: at,
            node: process.start,
        };
        let mut task = self.new_task(process, place, node, reference, data, reply_to);
        if let Err((_, reason)) = self.arrive(id, &mut task, node, process.start) {
            self.leaves(id, &task);
            return Err(CreateError::CannotStart(reason));
        }
        self.world.next_task = self.world.next_task.saturating_add(1);
        self.world.tasks.insert(id, task);
        Ok(id)
    }

    /// A task at a node, not yet arrived.
    pub(super) fn new_task(
        &self,
        process: &Process,
        place: Place,
        node: &Node,
        reference: Option<&str>,
        data: Data,
        reply_to: Option<TaskId>,
    ) -> Box<Task> {
        Box::new(Task {
            process: process.alias.clone(),
            node: node.id.clone(),
            previous_node: None,
            reference: reference.map(str::to_owned),
            data,
            state: TaskState::Ready,
            logic: 0,
            reply_to,
            created_at: self.now_ms,
            entered_at: self.now_ms,
            wake_at: None,
            wake_node: None,
            attempts: 0,
            retry_at: None,
            early: None,
            place,
        })
    }

    /// Keeps a callback for the task's next callback node.
    pub(super) fn keep_early(&mut self, id: TaskId, data: Data) -> Result<(), ModifyError> {
        let mut task = self.world.tasks.remove(id).ok_or(ModifyError::NotFound)?;
        let mut early = task.early.take().unwrap_or_default();
        let kept = self.merge(&mut early, data);
        task.early = (!early.is_empty()).then_some(early);
        self.world.tasks.insert(id, task);
        kept.map_err(|_| ModifyError::TooLarge)
    }

    /// Merges data into a task that waits for a callback and wakes it, without making it ready.
    pub(super) fn merge_callback(&mut self, id: TaskId, data: Data) -> Result<(), ModifyError> {
        let mut task = self.world.tasks.remove(id).ok_or(ModifyError::NotFound)?;
        let result = match task.state {
            TaskState::WaitingCallback => self
                .merge(&mut task.data, data)
                .map_err(|_| ModifyError::TooLarge),
            TaskState::Ready if self.has_just_been_modified(&task) => Err(ModifyError::Duplicate),
            _ => Err(ModifyError::NotWaiting),
        };
        if result.is_ok() {
            Self::stop_waiting(&mut task);
            task.logic += 1;
        }
        self.world.tasks.insert(id, task);
        result
    }

    fn has_just_been_modified(&self, task: &Task) -> bool {
        let before = task.logic.checked_sub(1);
        let logic = self
            .place(task)
            .and_then(|(_, node)| node.logics.get(before?));
        matches!(logic, Some(Logic::ApiCallback(_)))
    }

    /// Replaces top-level keys. On an error nothing is changed.
    pub(super) fn merge(&self, data: &mut Data, new: Data) -> Result<(), EvaluationError> {
        let (old_size, new_size) = (data.size(), new.size());
        if new_size.depth > self.limits.task_depth_max {
            return Err(EvaluationError::TooLarge);
        }
        if old_size.bytes + new_size.bytes <= self.limits.task_bytes_max {
            data.extend(new);
            return Ok(());
        }
        // Replaced keys may make room.
        let mut merged = data.clone();
        merged.extend(new);
        self.within_limits(&merged)?;
        *data = merged;
        Ok(())
    }

    fn data_to_send(
        &self,
        id: TaskId,
        task: &Task,
        values: &[Assignment],
        send_all: bool,
    ) -> Result<Data, EvaluationError> {
        let facts = self.facts(id, task);
        let mut data = if send_all {
            task.data.clone()
        } else {
            Data::default()
        };
        assign(values, &self.scope(task, &facts), &mut data)?;
        Ok(data)
    }

    /// Makes a task or wakes one; that one runs before its maker goes on.
    pub(super) fn copy(
        &mut self,
        id: TaskId,
        task: &mut Task,
        copy: &Copy,
    ) -> Result<Step, ActionError> {
        let evaluation = |error: EvaluationError| ActionError::evaluation(Family::CopyTask, &error);
        let mut data = self
            .data_to_send(id, task, &copy.values, copy.send_all)
            .map_err(evaluation)?;
        let facts = self.facts(id, task);
        let scope = self.scope(task, &facts);
        let render = |text| rendered(text, &scope).map_err(evaluation);
        let (name, reference) = (render(&copy.process.0)?, render(&copy.reference)?);
        let task_id = copy.task_id.as_ref().map(render).transpose()?;
        if copy.send_origin {
            let conv_id = facts.root("conv_id").unwrap_or(Value::Null);
            data.insert("__copy_conv_id", conv_id);
            data.insert("__copy_node_id", task.node.as_str());
            data.insert("__copy_ref_id", Value::from(id.0.to_string()));
        }
        let step = match copy.mode {
            CopyMode::Create => self
                .insert_task(&name, Some(&reference), data, None, Some((id, task)))
                .map(Step::After)
                .map_err(|error| creation_failed(Family::CopyTask, &error))?,
            CopyMode::Modify => {
                let target = self.copy_target(&name, &reference, task_id.as_deref())?;
                match self.modify_by_task(target, data, copy.waits)? {
                    Some(step) => step,
                    None => return Ok(Step::Wait(TaskState::WaitingCopy { target })),
                }
            }
        };
        task.data.insert("__conveyor_copy_task_result__", "ok");
        Ok(step)
    }

    fn copy_target(
        &self,
        name: &str,
        reference: &str,
        task_id: Option<&str>,
    ) -> Result<TaskId, ActionError> {
        let Some(process) = self.set.find(name) else {
            return Err(creation_failed(
                Family::CopyTask,
                &CreateError::UnknownProcess(name.to_owned()),
            ));
        };
        let found = match task_id {
            None => self.world.find(&process.alias, reference).map(|(id, _)| id),
            Some(task_id) => task_id.trim().parse().ok().map(TaskId).filter(|id| {
                self.world
                    .tasks
                    .get(*id)
                    .is_some_and(|task| task.process == process.alias)
            }),
        };
        found.ok_or_else(|| not_found(&process.alias))
    }

    /// `None` says that the modifying task has to wait.
    fn modify_by_task(
        &mut self,
        target: TaskId,
        data: Data,
        waits: bool,
    ) -> Result<Option<Step>, ActionError> {
        let failed = |tag: &str, description: &str| {
            ActionError::software(Family::CopyTask, tag, description)
        };
        match self.merge_callback(target, data) {
            Ok(()) => Ok(Some(Step::After(target))),
            Err(ModifyError::NotWaiting | ModifyError::Duplicate) if waits => Ok(None),
            Err(ModifyError::Duplicate) => Err(failed(
                "duplicate_callback",
                "the task was modified at this moment already",
            )),
            Err(ModifyError::TooLarge) => Err(ActionError::too_large(Family::CopyTask)),
            Err(_) => Err(failed(
                "no_api_callback_in_node_with_task",
                "the task does not wait for a callback",
            )),
        }
    }

    /// A task waits for a callback now: one that wants to modify it tries again.
    pub(super) fn wake_copier_of(&mut self, target: TaskId) {
        let waiting = self
            .world
            .tasks
            .iter_mut()
            .find(|(_, task)| task.state == TaskState::WaitingCopy { target });
        if let Some((id, task)) = waiting {
            task.state = TaskState::Ready;
            self.world.ready.push(id);
        }
    }

    /// A task is gone: those that waited to modify it hear of it.
    pub(super) fn copy_has_no_target(&mut self, target: TaskId) {
        let waiting: Vec<TaskId> = self
            .world
            .tasks()
            .filter(|(_, task)| task.state == TaskState::WaitingCopy { target })
            .map(|(id, _)| id)
            .collect();
        for id in waiting {
            let Some(mut task) = self.world.tasks.remove(id) else {
                continue;
            };
            let on_error = self.logic_of(&task).and_then(Logic::target);
            Self::stop_waiting(&mut task);
            let error = not_found(&task.process);
            if let Some(task) = self.take_error_branch(id, task, on_error, error) {
                self.run_next(id, task);
            }
        }
    }

    /// Answers in place of the called process.
    pub(super) fn answer_by_stub(
        &mut self,
        id: TaskId,
        task: &mut Task,
        cases: &[StubCase],
    ) -> Result<(), ActionError> {
        let facts = self.facts(id, task);
        let scope = self.scope(task, &facts);
        let fits = |case: &&StubCase| {
            case.conditions
                .iter()
                .all(|condition| condition.holds(&scope).unwrap_or(false))
        };
        let case = cases.iter().find(fits).ok_or_else(|| {
            ActionError::software(Family::Rpc, "rpc_no_reply", "no case of the stub fits")
        })?;
        let marked = |mut data: Data| {
            data.insert("__logic_stub_mode__", Value::from(true));
            data
        };
        let answer = self.reply_data(&case.reply, &scope)?;
        let data = answer.map_err(|error| ActionError {
            data: marked(error.data.clone()),
            ..error
        })?;
        self.merge(&mut task.data, marked(data))
            .map_err(|error| ActionError::evaluation(Family::Rpc, &error))
    }

    pub(super) fn call_process(
        &mut self,
        id: TaskId,
        task: &Task,
        process: &ProcessName,
        values: &[Assignment],
        send_all: bool,
    ) -> Result<TaskId, ActionError> {
        let evaluation = |error: EvaluationError| ActionError::evaluation(Family::Rpc, &error);
        if self.callers_above(task) >= self.limits.rpc_depth_max {
            let error = "processes call each other too deeply";
            return Err(ActionError::software(Family::Rpc, "rpc_depth_limit", error));
        }
        let data = self
            .data_to_send(id, task, values, send_all)
            .map_err(evaluation)?;
        let facts = self.facts(id, task);
        let name = process
            .0
            .render_cow(&self.scope(task, &facts))
            .map_err(|error| evaluation(error.into()))?;
        self.insert_task(&name, None, data, Some(id), Some((id, task)))
            .map_err(|error| creation_failed(Family::Rpc, &error))
    }

    fn callers_above(&self, task: &Task) -> usize {
        let callers = std::iter::successors(task.reply_to, |caller| {
            self.world.tasks.get(*caller)?.reply_to
        });
        callers.take(self.limits.rpc_depth_max).count()
    }

    pub(super) fn waits_for(&self, caller: TaskId, child: TaskId) -> bool {
        self.world
            .tasks
            .get(caller)
            .is_some_and(|task| task.state == TaskState::WaitingRpc { child })
    }

    /// Answers the caller, which runs when the replying task waits or ends. Nobody waiting is no error: the
    /// caller's timer may have been faster.
    pub(super) fn reply(
        &mut self,
        id: TaskId,
        task: &Task,
        reply: &Reply,
    ) -> Result<(), ActionError> {
        let Some(caller) = task.reply_to.filter(|caller| self.waits_for(*caller, id)) else {
            return Ok(());
        };
        let facts = self.facts(id, task);
        let answer = self.reply_data(reply, &self.scope(task, &facts))?;
        self.wake_caller(caller, answer);
        Ok(())
    }

    /// What a reply says: data, or an exception with data.
    fn reply_data(
        &self,
        reply: &Reply,
        scope: &Scope<'_>,
    ) -> Result<Result<Data, ActionError>, ActionError> {
        let evaluation = |error: EvaluationError| ActionError::evaluation(Family::RpcReply, &error);
        let mut data = Data::default();
        match &reply.values {
            ReplyValues::KeyValue(values) => {
                assign(values, scope, &mut data).map_err(evaluation)?
            }
            ReplyValues::Keys(keys) => {
                for (name, template) in keys {
                    if let Some(shared) = template.lone_shared(scope) {
                        data.insert(name, shared.clone());
                        continue;
                    }
                    let value = template.lone_value(scope);
                    if let Some(value) = value.map_err(|error| evaluation(error.into()))? {
                        data.insert(name, value.into_owned());
                    }
                }
            }
        }
        let Some(reason) = &reply.exception else {
            return Ok(Ok(data));
        };
        let reason = reason
            .render(scope)
            .map_err(|error| evaluation(error.into()))?;
        Ok(Err(ActionError {
            data,
            ..ActionError::software(Family::Rpc, "rpc_reply_exception", reason)
        }))
    }

    /// Gives a waiting caller its reply, or sends it to the error branch of its call.
    pub(super) fn wake_caller(&mut self, caller: TaskId, answer: Result<Data, ActionError>) {
        let Some(mut task) = self.world.tasks.remove(caller) else {
            return;
        };
        Self::stop_waiting(&mut task);
        let on_error = match self
            .place(&task)
            .and_then(|(_, node)| node.logics.get(task.logic))
        {
            Some(Logic::ApiRpc { on_error, .. }) => *on_error,
            _ => None,
        };
        let merged = answer.and_then(|data| {
            self.merge(&mut task.data, data)
                .map_err(|error| ActionError::evaluation(Family::Rpc, &error))
        });
        let woken = match merged {
            Ok(()) => {
                task.logic += 1;
                Some(task)
            }
            Err(error) => self.take_error_branch(caller, task, on_error, error),
        };
        if let Some(task) = woken {
            self.run_next(caller, task);
        }
    }
}

fn rendered<'t>(text: &'t Template, scope: &Scope<'_>) -> Result<Cow<'t, str>, EvaluationError> {
    Ok(text.render_cow(scope)?)
}

fn not_found(process: &str) -> ActionError {
    let error = format!("`{process}` has no such task");
    ActionError::software(Family::CopyTask, "not_found_task", error)
}

impl Param {
    fn accepts(&self, data: &Data) -> bool {
        let Some(value) = self.name.get(data).filter(|value| !value.is_null()) else {
            return !self.required;
        };
        let converts = self
            .value_type
            .is_none_or(|declared| declared.accepts(value));
        converts
            && self
                .pattern
                .as_ref()
                .is_none_or(|pattern| pattern.matches(&to_text(value)))
    }
}

fn creation_failed(family: Family, error: &CreateError) -> ActionError {
    let tag = match error {
        CreateError::UnknownProcess(_) => "access_denied",
        CreateError::NotActive => "conveyor_is_not_active",
        CreateError::RefTaken => "not_unical_ref",
        CreateError::RefTooLong | CreateError::InvalidParams(_) => "wrong_validate_params",
        CreateError::TooManyTasks => "too_many_tasks",
        CreateError::CannotStart(_) => "cannot_start",
        CreateError::TooLarge => return ActionError::too_large(family),
    };
    ActionError::software(family, tag, error.to_string())
}
