//! Calls that go out of a run: given out, taken back, made again after a failure.

use serde_json::{Map, Value};

use super::Runner;
use crate::data::Data;
use crate::error::{ActionError, Family};
use crate::limits::RETRY_WAIT_MS_MAX;
use crate::logic::{Logic, NodeIndex, Request, Retry};
use crate::outcome::{ApiCall, CallResult, CodeCall, Outcome};
use crate::world::{CallId, Task, TaskId, TaskState};

/// A call as it was built.
#[derive(Debug, Clone)]
pub(super) enum Outside {
    Api(ApiCall),
    Code(CodeCall),
}

/// What a waiting task has called.
enum Called<'p> {
    Api(&'p Request),
    Code(&'p str),
}

impl Outside {
    fn id(&self) -> CallId {
        match self {
            Self::Api(call) => call.call_id,
            Self::Code(call) => call.call_id,
        }
    }
}

impl From<Outside> for Outcome {
    fn from(outside: Outside) -> Self {
        match outside {
            Outside::Api(call) => Self::Call(call),
            Outside::Code(call) => Self::Code(call),
        }
    }
}

impl<'p> Runner<'p> {
    /// Builds the call and keeps it to be given out.
    pub(super) fn start_api(
        &mut self,
        id: TaskId,
        task: &Task,
        request: &Request,
    ) -> Result<CallId, ActionError> {
        let call_id = self.next_call(Family::Api)?;
        let call = self.build_api(call_id, id, task, request)?;
        Ok(self.give_out(Outside::Api(call)))
    }

    pub(super) fn start_code(
        &mut self,
        id: TaskId,
        task: &Task,
        source: &str,
    ) -> Result<CallId, ActionError> {
        let call_id = self.next_call(Family::Code)?;
        let call = self.build_code(call_id, id, task, source);
        Ok(self.give_out(Outside::Code(call)))
    }

    fn next_call(&self, family: Family) -> Result<CallId, ActionError> {
        if self.calls_made >= self.limits.calls_per_run_max {
            let error = "too many outside calls at one moment";
            return Err(ActionError::software(family, "run_limit", error));
        }
        Ok(CallId(self.world.next_call))
    }

    fn give_out(&mut self, call: Outside) -> CallId {
        let id = call.id();
        self.calls_made += 1;
        self.world.next_call = self.world.next_call.saturating_add(1);
        self.open = Some(call);
        id
    }

    fn build_code(&self, call_id: CallId, id: TaskId, task: &Task, source: &str) -> CodeCall {
        CodeCall {
            call_id,
            task: id,
            process: task.process.clone(),
            node: task.node.clone(),
            source: source.to_owned(),
            data: task.data.to_map(),
            timeout_ms: self.time_left(task, self.limits.code_timeout_ms),
        }
    }

    /// What the node's timer leaves, at most the limit.
    pub(super) fn time_left(&self, task: &Task, limit_ms: i64) -> i64 {
        let timer_ms = task.wake_at.map(|at| at.saturating_sub(self.now_ms));
        timer_ms.unwrap_or(limit_ms).min(limit_ms).max(1)
    }

    /// The call that waits longest for its result. One that was given out before, be it by another run, is built again:
    /// it comes out the same.
    pub(super) fn open_call(&mut self) -> Option<Outside> {
        loop {
            let waiting = self
                .world
                .tasks
                .iter()
                .filter_map(|(id, task)| match task.state {
                    TaskState::WaitingCall { call } => Some((call, id)),
                    _ => None,
                });
            let (call_id, id) = waiting.min()?;
            if let Some(call) = self.open.take_if(|call| call.id() == call_id) {
                return Some(call);
            }
            let task = self.world.tasks.remove(id)?;
            let rebuilt = match self.called(&task) {
                Some((Called::Api(request), on_error)) => self
                    .build_api(call_id, id, &task, request)
                    .map(Outside::Api)
                    .map_err(|error| (error, on_error)),
                Some((Called::Code(source), _)) => {
                    Ok(Outside::Code(self.build_code(call_id, id, &task, source)))
                }
                None => Err((calls_no_more(), None)),
            };
            match rebuilt {
                Ok(call) => {
                    self.world.tasks.insert(id, task);
                    return Some(call);
                }
                Err((error, on_error)) => self.call_failed(id, task, on_error, error),
            }
        }
    }

    pub(super) fn finish_call(&mut self, id: TaskId, mut task: Box<Task>, result: CallResult) {
        let Some((called, on_error)) = self.called(&task) else {
            return self.call_failed(id, task, None, calls_no_more());
        };
        let (applied, retry) = match called {
            Called::Api(request) => (
                self.apply_answer(id, &mut task, request, result),
                request.retry,
            ),
            Called::Code(_) => (self.apply_code(&mut task, result), None),
        };
        match applied {
            Ok(()) => {
                Self::stop_waiting(&mut task);
                task.logic += 1;
                self.run_next(id, task);
            }
            Err(error) => {
                match retry.filter(|retry| error.hardware && task.attempts + 1 < retry.attempts) {
                    Some(retry) => self.try_later(id, task, retry),
                    None => self.call_failed(id, task, on_error, error),
                }
            }
        }
    }

    /// The node's timer goes on meanwhile.
    fn try_later(&mut self, id: TaskId, mut task: Box<Task>, retry: Retry) {
        let doubled = retry.wait_ms.saturating_mul(1_i64 << task.attempts.min(20));
        let wait_ms = doubled.min(RETRY_WAIT_MS_MAX);
        let shortened = match retry.jitter {
            true => {
                let place = [
                    id.0,
                    task.entered_at as u64,
                    u64::from(task.attempts),
                    self.world.next_call,
                ];
                (self.chance(&place) % (wait_ms as u64 / 2 + 1)) as i64
            }
            false => 0,
        };
        task.attempts += 1;
        task.retry_at = Some(self.now_ms.saturating_add(wait_ms - shortened));
        task.state = TaskState::Retrying;
        self.forget_rounds(id);
        self.world.tasks.insert(id, task);
    }

    fn call_failed(
        &mut self,
        id: TaskId,
        mut task: Box<Task>,
        on_error: Option<NodeIndex>,
        error: ActionError,
    ) {
        Self::stop_waiting(&mut task);
        if let Some(task) = self.take_error_branch(id, task, on_error, error) {
            self.run_next(id, task);
        }
    }

    /// The whole data is what the code left.
    fn apply_code(&self, task: &mut Task, result: CallResult) -> Result<(), ActionError> {
        let software =
            |tag: &str, description: String| ActionError::software(Family::Code, tag, description);
        let data: Map<String, Value> = match result {
            CallResult::Answer {
                status: 200,
                body: Value::Object(data),
                ..
            } => data,
            CallResult::Answer { status: 200, .. } => {
                return Err(software(
                    "code_return_format_error",
                    "the code left no object".to_owned(),
                ));
            }
            CallResult::Answer { status, .. } => {
                return Err(software(
                    "code_executing_error",
                    format!("the executor answered {status}"),
                ));
            }
            CallResult::Failed {
                tag,
                hardware,
                description,
                ..
            } => {
                let error = software(&tag, description);
                return Err(ActionError { hardware, ..error });
            }
        };
        let data = Data::named_as_in(data, &task.data);
        self.within_limits(&data)
            .map_err(|error| ActionError::evaluation(Family::Code, &error))?;
        task.data = data;
        Ok(())
    }

    fn called(&self, task: &Task) -> Option<(Called<'p>, Option<NodeIndex>)> {
        let (_, node) = self.place(task)?;
        match node.logics.get(task.logic)? {
            Logic::Api { request, on_error } => Some((Called::Api(request), *on_error)),
            Logic::ApiCode { source, on_error } => Some((Called::Code(source), *on_error)),
            _ => None,
        }
    }
}

fn calls_no_more() -> ActionError {
    ActionError::software(Family::Api, "process_changed", "the node calls no more")
}
