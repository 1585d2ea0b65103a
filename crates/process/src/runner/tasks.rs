//! What tasks do to each other: create, modify, call, reply.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::Runner;
use crate::error::{ActionError, CreateError, Family, ModifyError};
use crate::expression::{Assignment, EvaluationError, assign};
use crate::limits::REF_BYTES_MAX;
use crate::logic::{Copy, CopyMode, Logic, ProcessName, Reply, ReplyValues};
use crate::process::Param;
use crate::value::{Size, to_text};
use crate::world::{Task, TaskId, TaskState};

/// The task that makes another one: it is out of the world while it runs, yet counts.
type Maker<'a> = Option<(TaskId, &'a Task)>;

impl Runner<'_> {
    /// Puts a new task at the start of a process, without making it ready.
    pub(super) fn insert_task(
        &mut self,
        name: &str,
        reference: Option<&str>,
        data: Map<String, Value>,
        reply_to: Option<TaskId>,
        maker: Maker<'_>,
    ) -> Result<TaskId, CreateError> {
        let process = self
            .set
            .find(name)
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
        let mut task = Task {
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
        };
        self.arrive(id, &mut task, node, process.start)
            .map_err(|(_, reason)| CreateError::CannotStart(reason))?;
        self.world.next_task = self.world.next_task.saturating_add(1);
        self.world.tasks.insert(id, task);
        Ok(id)
    }

    /// Merges data into a task that waits for a callback and wakes it, without making it ready.
    pub(super) fn merge_callback(
        &mut self,
        id: TaskId,
        data: Map<String, Value>,
    ) -> Result<(), ModifyError> {
        let mut task = self.world.tasks.remove(&id).ok_or(ModifyError::NotFound)?;
        let result = match task.state {
            TaskState::WaitingCallback => self
                .merge(&mut task.data, data)
                .map_err(|_| ModifyError::TooLarge),
            _ => Err(ModifyError::NotWaiting),
        };
        if result.is_ok() {
            Self::stop_waiting(&mut task);
            task.logic += 1;
        }
        self.world.tasks.insert(id, task);
        result
    }

    /// Replaces top-level keys. On an error nothing is changed.
    pub(super) fn merge(
        &self,
        data: &mut Map<String, Value>,
        new: Map<String, Value>,
    ) -> Result<(), EvaluationError> {
        let (old_size, new_size) = (Size::of_object(data), Size::of_object(&new));
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
    ) -> Result<Map<String, Value>, EvaluationError> {
        let root = |field: &str| self.root_value(id, task, field);
        let mut data = if send_all {
            task.data.clone()
        } else {
            Map::new()
        };
        assign(values, &self.scope(task, &root), &mut data)?;
        Ok(data)
    }

    /// The task that was made or woken; it is to run before its maker goes on.
    pub(super) fn copy(
        &mut self,
        id: TaskId,
        task: &mut Task,
        copy: &Copy,
    ) -> Result<TaskId, ActionError> {
        let evaluation = |error: EvaluationError| ActionError::evaluation(Family::CopyTask, &error);
        let data = self
            .data_to_send(id, task, &copy.values, copy.send_all)
            .map_err(evaluation)?;
        let root = |field: &str| self.root_value(id, task, field);
        let scope = self.scope(task, &root);
        let name = copy
            .process
            .0
            .render(&scope)
            .map_err(|error| evaluation(error.into()))?;
        let reference = copy
            .reference
            .render(&scope)
            .map_err(|error| evaluation(error.into()))?;
        let other = match copy.mode {
            CopyMode::Create => self
                .insert_task(&name, Some(&reference), data, None, Some((id, task)))
                .map_err(|error| creation_failed(Family::CopyTask, &error))?,
            CopyMode::Modify => self.modify_by_task(task, &name, &reference, data)?,
        };
        task.data
            .insert("__conveyor_copy_task_result__".to_owned(), "ok".into());
        Ok(other)
    }

    fn modify_by_task(
        &mut self,
        task: &Task,
        name: &str,
        reference: &str,
        data: Map<String, Value>,
    ) -> Result<TaskId, ActionError> {
        let failed = |tag: &str, description: String| {
            ActionError::software(Family::CopyTask, tag, description)
        };
        let Some(process) = self.set.find(name) else {
            return Err(creation_failed(
                Family::CopyTask,
                &CreateError::UnknownProcess(name.to_owned()),
            ));
        };
        let found = self.world.find(&process.alias, reference).map(|(id, _)| id);
        let result = match found {
            Some(other) => self.merge_callback(other, data).map(|()| other),
            None if task.process == process.alias
                && task.reference.as_deref() == Some(reference) =>
            {
                Err(ModifyError::NotWaiting)
            }
            None => Err(ModifyError::NotFound),
        };
        result.map_err(|error| match error {
            ModifyError::NotFound => failed(
                "not_found_task",
                format!("`{}` has no task of that reference", process.alias),
            ),
            ModifyError::NotWaiting => failed(
                "no_api_callback_in_node_with_task",
                format!("the task of `{}` does not wait", process.alias),
            ),
            ModifyError::TooLarge => ActionError::too_large(Family::CopyTask),
        })
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
        let root = |field: &str| self.root_value(id, task, field);
        let name = process
            .0
            .render(&self.scope(task, &root))
            .map_err(|error| evaluation(error.into()))?;
        self.insert_task(&name, None, data, Some(id), Some((id, task)))
            .map_err(|error| creation_failed(Family::Rpc, &error))
    }

    fn callers_above(&self, task: &Task) -> usize {
        let callers = std::iter::successors(task.reply_to, |caller| {
            self.world.tasks.get(caller)?.reply_to
        });
        callers.take(self.limits.rpc_depth_max).count()
    }

    pub(super) fn waits_for(&self, caller: TaskId, child: TaskId) -> bool {
        self.world
            .tasks
            .get(&caller)
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
        let evaluation = |error: EvaluationError| ActionError::evaluation(Family::RpcReply, &error);
        let Some(caller) = task.reply_to.filter(|caller| self.waits_for(*caller, id)) else {
            return Ok(());
        };
        let root = |field: &str| self.root_value(id, task, field);
        let scope = self.scope(task, &root);
        let mut data = Map::new();
        match &reply.values {
            ReplyValues::KeyValue(values) => {
                assign(values, &scope, &mut data).map_err(evaluation)?
            }
            ReplyValues::Keys(keys) => {
                for (name, template) in keys {
                    if let Some(value) = template
                        .lone_value(&scope)
                        .map_err(|error| evaluation(error.into()))?
                    {
                        data.insert(name.clone(), value.into_owned());
                    }
                }
            }
        }
        let answer = match &reply.exception {
            None => Ok(data),
            Some(reason) => {
                let reason = reason
                    .render(&scope)
                    .map_err(|error| evaluation(error.into()))?;
                Err(ActionError {
                    data,
                    ..ActionError::software(Family::Rpc, "rpc_reply_exception", reason)
                })
            }
        };
        self.wake_caller(caller, answer);
        Ok(())
    }

    /// Gives a waiting caller its reply, or sends it to the error branch of its call.
    pub(super) fn wake_caller(
        &mut self,
        caller: TaskId,
        answer: Result<Map<String, Value>, ActionError>,
    ) {
        let Some(mut task) = self.world.tasks.remove(&caller) else {
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

impl Param {
    fn accepts(&self, data: &Map<String, Value>) -> bool {
        let Some(value) = self.name.get(data).filter(|value| !value.is_null()) else {
            return !self.required;
        };
        let converts = self
            .value_type
            .is_none_or(|declared| declared.convert(value.clone()).is_some());
        let text: Cow<'_, str> = to_text(value);
        converts
            && self
                .pattern
                .as_ref()
                .is_none_or(|pattern| pattern.matches(&text))
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
