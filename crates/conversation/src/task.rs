//! A task that an outside system made: not part of a dialogue, with a world of its own. The same interpreter takes it
//! through its process; what it wants of a dialogue goes out as a wish.

use crate::asked::asking;
use crate::calls::{failed, step_named_by};
use crate::code;
use crate::decision::Outcome;
use crate::turn::{Settings, compact};
use crate::{Callbacks, Decision, Ids, Next, StepAnswer, StepCall, TaskRecord, TaskStatus};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use vikno_domain::{
    Channel, CitizenView, Content, ConversationStatus, ConversationView, Effect, InboundEvent,
    ReplyFacts, StepRequest, StepResponse,
};
use vikno_process::{
    ApiCall, CallId, CallResult, CodeCall, CreateError, Limits, ModifyError, Name, ProcessSet,
    Runner, Task, TaskFailed, TaskFinished, TaskId, TaskState, TraceEntry, World,
};

/// What a turn of a task is given beside its record.
#[derive(Debug, Clone, Copy)]
pub struct TaskFacts<'a> {
    /// The organisation.
    pub settings: &'a Settings,
    /// The processes of the task's version.
    pub processes: &'a ProcessSet,
    /// Addresses for them.
    pub callbacks: &'a Callbacks,
    /// Unix milliseconds.
    pub now_ms: i64,
}

/// One event's way through a task.
#[derive(Debug)]
pub struct TaskTurn<'a> {
    facts: TaskFacts<'a>,
    record: TaskRecord,
    event: Arc<InboundEvent>,
    ids: Ids,
    runner: Option<Runner<'a>>,
    decision: Decision,
    outcome: Outcome,
}

impl<'a> TaskTurn<'a> {
    /// Takes an event in.
    pub fn begin(facts: TaskFacts<'a>, record: TaskRecord, event: InboundEvent, ids: Ids) -> Self {
        let mut turn = Self {
            facts,
            record,
            event: Arc::new(event),
            ids,
            runner: None,
            decision: Decision::default(),
            outcome: Outcome::Applied,
        };
        match turn.event.content.clone() {
            Content::TaskDeleted { node } => turn.delete(node.as_deref()),
            content => turn.start(content),
        }
        turn
    }

    fn start(&mut self, content: Content) {
        let Some(mut runner) = self.load(&content) else {
            return;
        };
        let id = TaskId(self.record.id);
        let entered = match content {
            Content::TaskCreated => self.create(&mut runner),
            Content::TaskModified { data } => self.modified(runner.modify_task_by_id(id, data)),
            Content::TaskCalledBack { node, body } => {
                let woken = runner.callback(&self.record.process, &node, body);
                self.modified(woken.map(|_| ()))
            }
            _ => Ok(()),
        };
        match entered {
            Ok(()) => self.runner = Some(runner),
            Err(refused) => self.outcome = refused,
        }
    }

    /// The task's world; none when the event is nothing for the task as it stands.
    fn load(&mut self, content: &Content) -> Option<Runner<'a>> {
        let status = self.record.status;
        let concerns = match content {
            Content::TaskCreated => status == TaskStatus::Created,
            Content::TaskModified { .. } | Content::TaskCalledBack { .. } => {
                if !status.is_live() {
                    self.outcome = refused("not_found_task", "the task has ended");
                    return None;
                }
                true
            }
            Content::Timer => self.record.ended_at_ms.is_none(),
            _ => false,
        };
        if !concerns {
            self.outcome = Outcome::Ignored;
            return None;
        }
        let world = match self.record.world.as_str() {
            "" => World::numbered_from(TaskId(self.record.id)),
            stored => World::from_json(stored.as_bytes()).unwrap_or_else(|error| {
                self.journal("world_unreadable", json!({ "error": error.to_string() }));
                World::numbered_from(TaskId(self.record.id))
            }),
        };
        let facts = self.facts;
        let runner = Runner::new(facts.processes, world, Limits::default(), facts.now_ms)
            .with_environment(&facts.settings.environment)
            .with_surroundings(facts.callbacks)
            .with_seed(self.ids.seed());
        Some(runner)
    }

    fn create(&mut self, runner: &mut Runner<'_>) -> Result<(), Outcome> {
        let data = self.record.data.clone();
        let reference = self.record.reference.as_deref();
        match runner.create_task(&self.record.process, reference, data) {
            Ok(_) => {
                self.journal("task_created", json!({}));
                Ok(())
            }
            Err(error) => {
                self.record.status = TaskStatus::Canceled;
                self.record.ended_at_ms = Some(self.facts.now_ms);
                Err(not_created(&error))
            }
        }
    }

    fn modified(&mut self, result: Result<(), ModifyError>) -> Result<(), Outcome> {
        result.map_err(|error| not_modified(&error))?;
        self.journal("task_modified", json!({ "by": self.event.content.kind() }));
        Ok(())
    }

    fn delete(&mut self, node: Option<&str>) {
        let elsewhere = node.is_some_and(|node| node != self.record.node);
        if self.record.status == TaskStatus::Deleted || elsewhere {
            self.outcome = refused("not_found_task", "there is no such task in that node");
            return;
        }
        self.record.status = TaskStatus::Deleted;
        self.record.world = String::new();
        self.record.data = Map::new();
        self.record.wake_at_ms = None;
        self.record.changed_at_ms = self.facts.now_ms;
        self.record.ended_at_ms = Some(self.facts.now_ms);
        self.journal("task_deleted", json!({}));
    }

    /// What to do next. Call it again after each answer.
    pub fn advance(&mut self) -> Next {
        loop {
            let Some(runner) = &mut self.runner else {
                return Next::Done;
            };
            match runner.step() {
                vikno_process::Outcome::Idle { .. } => return Next::Done,
                vikno_process::Outcome::Code(call) => {
                    return Next::Call(Box::new(self.code(call)));
                }
                vikno_process::Outcome::Call(call) => {
                    if let Some(step) = self.step(&call) {
                        return Next::Call(Box::new(step));
                    }
                    let result = self.answer_of_engine(&call);
                    self.resume(call.call_id, result);
                }
            }
        }
    }

    /// A call that no step answers: the answer to a waiting caller, or an address that is not reachable.
    fn answer_of_engine(&mut self, call: &ApiCall) -> CallResult {
        if call.url == TaskRecord::answer_url(self.record.id) {
            // The first answer counts: the caller may have it already.
            self.record.answer.get_or_insert_with(|| call.body.clone());
            return CallResult::answer(200, json!({}));
        }
        let cause = format!("{} is no step of this application", call.url);
        failed("api_bind_error", false, cause, None)
    }

    fn step(&self, call: &ApiCall) -> Option<StepCall> {
        let component = step_named_by(&call.url)?;
        let params = match &call.body {
            Value::Object(params) => params.clone(),
            _ => Map::new(),
        };
        Some(StepCall {
            call_id: call.call_id,
            component: component.to_owned(),
            process: call.process.clone(),
            node: call.node.clone(),
            request: self.request(params),
            timeout_ms: call.timeout_ms,
        })
    }

    fn code(&self, call: CodeCall) -> StepCall {
        StepCall {
            call_id: call.call_id,
            component: code::RUN_CODE.to_owned(),
            process: call.process.clone(),
            node: call.node.clone(),
            timeout_ms: call.timeout_ms,
            request: self.request(code::params(call)),
        }
    }

    /// Steps are made for dialogues; a task without one shows itself as one in which nobody has said anything.
    fn request(&self, params: Map<String, Value>) -> StepRequest {
        let (settings, id) = (self.facts.settings, self.record.id.to_string());
        StepRequest {
            org: settings.org.clone(),
            now_ms: self.facts.now_ms,
            conversation: ConversationView {
                id: format!("task:{id}"),
                status: ConversationStatus::Open,
                language: settings.default_language.clone(),
                channel: Channel::Api,
                topic: None,
                queue: None,
                priority: 0,
                operator: None,
                opened_at_ms: self.record.created_at_ms,
                citizen_last_at_ms: 0,
                operator_last_at_ms: 0,
                taken_at_ms: 0,
                served: false,
                misunderstood: 0,
                told_position: 0,
                replies: ReplyFacts::default(),
            },
            citizen: CitizenView {
                id: format!("task:{id}"),
                chat: id,
                name: None,
                phone: None,
                phone_verified: false,
                identity: None,
                earlier_conversations: 0,
            },
            event: Arc::clone(&self.event),
            params,
        }
    }

    /// Takes a step's answer.
    pub fn answer(&mut self, call: &StepCall, answer: StepAnswer) {
        if let Some((failure, cause)) = failure(&answer) {
            let data = json!({ "step": call.component, "code": failure, "cause": cause });
            self.journal("step_failed", data);
        }
        if call.component == code::RUN_CODE {
            return self.resume(call.call_id, code::result(answer));
        }
        let result = match answer {
            StepAnswer::Done(StepResponse { data, effects }) => {
                effects.into_iter().for_each(|effect| self.apply(effect));
                CallResult::answer(200, Value::Object(data))
            }
            StepAnswer::Failed(error) => failed(
                "api_bad_answer",
                error.retryable,
                error.to_string(),
                Some(422),
            ),
            StepAnswer::Unreachable(cause) => failed("api_fatal_error", true, cause, None),
            StepAnswer::TimedOut => {
                let cause = "no answer in time".to_owned();
                failed("api_expire_query", true, cause, None)
            }
        };
        self.resume(call.call_id, result);
    }

    /// Only what needs no dialogue of its own can be done.
    fn apply(&mut self, effect: Effect) {
        match effect {
            Effect::Ask { request } => {
                let id = self.ids.next("r");
                let task = Some(self.record.id.to_string());
                let event = asking(task, request, &id, self.facts.now_ms);
                self.decision.inbox.push(event);
            }
            Effect::Journal { what, data } => self.journal(&what, Value::Object(data)),
            other => {
                let verb = json!(other)["do"].clone();
                self.journal("effect_without_dialogue", json!({ "effect": verb }));
            }
        }
    }

    fn resume(&mut self, call: CallId, result: CallResult) {
        if let Some(runner) = &mut self.runner
            && let Err(error) = runner.resume(call, result)
        {
            self.journal("process_failed", json!({ "cause": error.to_string() }));
        }
    }

    /// Ends the turn: the task as it is to be stored, what to write beside it, what became of the event.
    pub fn finish(mut self) -> (TaskRecord, Decision, Outcome, Ids) {
        if let Some(mut runner) = self.runner.take() {
            let (trace, failures) = (runner.take_trace(), runner.take_failures());
            let (sums, finished) = (runner.take_sums(), runner.take_finished());
            for added in sums {
                let data = json!({ "process": added.process, "node": added.node, "sum": added.sum, "amount": added.amount });
                self.journal("sum_added", data);
                self.decision.sums.push(added);
            }
            let path = compact(&trace);
            if !path.is_empty() {
                self.journal("process_ran", json!({ "path": path }));
            }
            for failure in &failures {
                let data = json!({ "process": failure.process, "node": failure.node, "cause": failure.description });
                self.journal("process_failed", data);
            }
            let world = runner.into_world();
            self.keep(&world, &trace, &finished, &failures);
        }
        (self.record, self.decision, self.outcome, self.ids)
    }

    fn keep(
        &mut self,
        world: &World,
        trace: &[TraceEntry],
        finished: &[TaskFinished],
        failures: &[TaskFailed],
    ) {
        let id = TaskId(self.record.id);
        let record = &mut self.record;
        let task = world.tasks().find(|(task, _)| *task == id);
        if let Some((_, task)) = task {
            stands(record, task);
        } else if let Some(end) = finished.iter().find(|end| end.task == id) {
            record.status = TaskStatus::Processed;
            record.previous_node = before(record, trace);
            record.node = end.node.to_string();
            record.data = end.data.to_map();
        } else if let Some(failure) = failures.iter().find(|failure| failure.task == id) {
            record.status = TaskStatus::Canceled;
            record.previous_node = before(record, trace);
            record.node = failure.node.to_string();
        } else if record.status.is_live() {
            // Its world could not be read.
            record.status = TaskStatus::Canceled;
        }
        record.changed_at_ms = self.facts.now_ms;
        record.wake_at_ms = world.next_wake_ms();
        let ended = world.is_empty();
        record.ended_at_ms = ended.then_some(self.facts.now_ms);
        record.world = match ended {
            true => String::new(),
            false => String::from_utf8(world.to_json()).unwrap_or_default(),
        };
    }

    fn journal(&mut self, what: &str, data: Value) {
        let actor = match &self.event.sender {
            Some(caller) => format!("api:{}", caller.id),
            None => "process".to_owned(),
        };
        let mut data = data;
        data["task"] = self.record.id.to_string().into();
        data["of"] = self.record.process.as_str().into();
        self.decision
            .note(self.facts.now_ms, None, &actor, what, data);
    }
}

fn stands(record: &mut TaskRecord, task: &Task) {
    record.status = match task.state {
        TaskState::Delayed => TaskStatus::Delayed,
        _ => TaskStatus::Processing,
    };
    record.node = task.node.to_string();
    record.previous_node = task.previous_node.as_ref().map(Name::to_string);
    record.data = task.data.to_map();
}

/// The node before the last one: on this way, or where the task waited.
fn before(record: &TaskRecord, trace: &[TraceEntry]) -> Option<String> {
    let own = trace.iter().filter(|entry| entry.task.0 == record.id);
    let passed = own.rev().nth(1).map(|entry| entry.node.to_string());
    passed.or_else(|| Some(record.node.clone()).filter(|node| !node.is_empty()))
}

fn failure(answer: &StepAnswer) -> Option<(&str, &str)> {
    match answer {
        StepAnswer::Done(_) => None,
        StepAnswer::Failed(error) => Some((&error.code, &error.message)),
        StepAnswer::Unreachable(cause) => Some(("unreachable", cause)),
        StepAnswer::TimedOut => Some(("timed_out", "no answer in time")),
    }
}

fn refused(code: &'static str, detail: impl Into<String>) -> Outcome {
    Outcome::Refused {
        code,
        detail: detail.into(),
    }
}

/// The codes are those of the API's answers.
fn not_created(error: &CreateError) -> Outcome {
    match error {
        CreateError::UnknownProcess(_) => refused("access_denied", error.to_string()),
        CreateError::NotActive => refused("conveyor_is_not_active", error.to_string()),
        CreateError::RefTaken => refused("not_unical_ref", error.to_string()),
        CreateError::InvalidParams(param) => refused("wrong_validate_params", param.clone()),
        CreateError::RefTooLong => refused("wrong_validate_params", "ref"),
        CreateError::TooLarge => refused("task_size_overflow_limit", error.to_string()),
        CreateError::TooManyTasks | CreateError::CannotStart(_) => {
            refused("cannot_start", error.to_string())
        }
    }
}

fn not_modified(error: &ModifyError) -> Outcome {
    let code = match error {
        ModifyError::NotFound | ModifyError::NoTaskNamed(_) => "not_found_task",
        ModifyError::NotWaiting | ModifyError::Duplicate => "no_api_callback_in_node_with_task",
        ModifyError::NotInNode => "task_not_in_current_sync_callback_node",
        ModifyError::TooLarge => "task_size_overflow_limit",
    };
    refused(code, error.to_string())
}
