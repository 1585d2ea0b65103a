//! Tasks among tasks of a node: queues, sums, and signals when a node fills or empties.

use std::collections::BTreeMap;

use super::Runner;
use super::advance::{Step, Stop};
use crate::data::Data;
use crate::error::{ActionError, Family};
use crate::expression::{Assignment, EvaluationError, assign};
use crate::logic::{Logic, NodeIndex, QueueName};
use crate::outcome::TaskFailed;
use crate::surroundings::SumAdded;
use crate::template::Template;
use crate::value::parse_number;
use crate::world::{Place, Task, TaskId, TaskState};

/// A signal task to be made.
#[derive(Debug, Clone)]
pub(super) struct Signal {
    process: usize,
    to: NodeIndex,
    start: bool,
}

impl<'p> Runner<'p> {
    pub(super) fn add_sums(
        &mut self,
        id: TaskId,
        task: &Task,
        sums: &[(String, Template)],
    ) -> Result<(), ActionError> {
        let wrong = |what: String| {
            ActionError::software(Family::ApiSum, "api_sum_wrong_convert_param", what)
        };
        let facts = self.facts(id, task);
        let scope = self.scope(task, &facts);
        let mut added = Vec::new();
        let mut own: BTreeMap<String, f64> = self
            .world
            .sums
            .get(task.process.as_str())
            .and_then(|nodes| nodes.get(task.node.as_str()).cloned())
            .unwrap_or_default();
        for (sum, value) in sums {
            let text = value
                .render(&scope)
                .map_err(|error| wrong(error.to_string()))?;
            let amount = parse_number(&text).and_then(|number| number.as_f64());
            let amount =
                amount.ok_or_else(|| wrong(format!("the value of sum `{sum}` is no number")))?;
            let total = own.entry(sum.clone()).or_default();
            *total += amount;
            if !total.is_finite() {
                return Err(wrong(format!("sum `{sum}` is too large")));
            }
            added.push(SumAdded {
                process: task.process.to_string(),
                node: task.node.to_string(),
                sum: sum.clone(),
                amount,
            });
        }
        let nodes = self.world.sums.entry(task.process.to_string()).or_default();
        nodes.insert(task.node.to_string(), own);
        self.sums_added.extend(added);
        Ok(())
    }

    /// Takes a task out of a queue; it runs on before the taker does. With nothing there, the error branch if there is
    /// one, else on without data: the original's two descriptions.
    pub(super) fn take_from_queue(
        &mut self,
        id: TaskId,
        task: &mut Task,
        queue: &QueueName,
        on_error: Option<NodeIndex>,
    ) -> Result<Step, Stop> {
        let (process, node) = self
            .queue_place(id, task, queue)
            .map_err(|error| Stop::Failed(error, on_error))?;
        while let Some((taken, mut other)) = self.queued(&process, &node, queue.newest) {
            let Some(Logic::ApiQueue {
                values,
                on_error: branch,
            }) = self.logic_of(&other)
            else {
                self.world.tasks.insert(taken, other);
                break;
            };
            if let Err(error) = self.set_as_it_leaves(taken, &mut other, values) {
                Self::stop_waiting(&mut other);
                let error = ActionError::evaluation(Family::Queue, &error);
                if let Some(other) = self.take_error_branch(taken, other, *branch, error) {
                    self.world.tasks.insert(taken, other);
                    self.world.ready.insert(0, taken);
                }
                continue;
            }
            let found = Data::from_iter([
                ("__queue_task_id__", taken.0.to_string().into()),
                ("__queue_task_data__", other.data.to_value()),
            ]);
            if let Err(error) = self.merge(&mut task.data, found) {
                self.world.tasks.insert(taken, other);
                return Err(Stop::Failed(
                    ActionError::evaluation(Family::GetTask, &error),
                    on_error,
                ));
            }
            Self::stop_waiting(&mut other);
            other.logic += 1;
            self.world.tasks.insert(taken, other);
            return Ok(Step::After(taken));
        }
        match on_error {
            None => Ok(Step::Next),
            Some(_) => {
                let description = format!("no task waits at node {node} of `{process}`");
                let error = ActionError::software(Family::GetTask, "not_found_task", description);
                Err(Stop::Failed(error, on_error))
            }
        }
    }

    fn queue_place(
        &self,
        id: TaskId,
        task: &Task,
        queue: &QueueName,
    ) -> Result<(String, String), ActionError> {
        let wrong = |error: EvaluationError| ActionError::evaluation(Family::GetTask, &error);
        let facts = self.facts(id, task);
        let scope = self.scope(task, &facts);
        let name = queue
            .process
            .0
            .render(&scope)
            .map_err(|error| wrong(error.into()))?;
        let node = queue
            .node
            .render(&scope)
            .map_err(|error| wrong(error.into()))?;
        match self.set.find(&name) {
            Some(process) => Ok((process.alias().to_owned(), node.trim().to_owned())),
            None => {
                let error = format!("there is no process `{name}`");
                Err(ActionError::software(
                    Family::GetTask,
                    "access_denied",
                    error,
                ))
            }
        }
    }

    /// The task that came first or last, out of the world.
    fn queued(&mut self, process: &str, node: &str, newest: bool) -> Option<(TaskId, Box<Task>)> {
        let waiting = self.world.tasks.iter().filter(|(_, task)| {
            task.state == TaskState::Queued && task.process == process && task.node == node
        });
        let by_arrival = waiting.map(|(id, task)| (task.entered_at, id));
        let (_, id) = if newest {
            by_arrival.max()
        } else {
            by_arrival.min()
        }?;
        Some((id, self.world.tasks.remove(id)?))
    }

    fn set_as_it_leaves(
        &self,
        id: TaskId,
        task: &mut Task,
        values: &[Assignment],
    ) -> Result<(), EvaluationError> {
        let mut data = task.data.clone();
        let facts = self.facts(id, task);
        assign(values, &self.scope(task, &facts), &mut data)?;
        self.within_limits(&data)?;
        task.data = data;
        Ok(())
    }

    pub(super) fn logic_of(&self, task: &Task) -> Option<&'p Logic> {
        let (_, node) = self.place(task)?;
        node.logics.get(task.logic)
    }

    /// A task is about to be in its node: tells of limits that it reaches.
    pub(super) fn fills(&mut self, id: TaskId, task: &Task) {
        self.signal(id, task, true);
    }

    /// A task is about to leave its node.
    pub(super) fn leaves(&mut self, id: TaskId, task: &Task) {
        self.signal(id, task, false);
    }

    fn signal(&mut self, id: TaskId, task: &Task, start: bool) {
        let Some((_, node)) = self.place(task) else {
            return;
        };
        if node.counts.is_empty() {
            return;
        }
        let mut signals = Vec::new();
        for limit in &node.counts {
            let facts = self.facts(id, task);
            let value = limit.value.render(&self.scope(task, &facts)).ok();
            let value = value.and_then(|text| parse_number(&text)?.as_u64());
            // The task is out of the world in either case.
            if value == Some(self.tasks_in(&task.process, &task.node, Some(task))) {
                signals.push(Signal {
                    process: task.place.process,
                    to: limit.to,
                    start,
                });
            }
        }
        self.signals.extend(signals);
    }

    /// Makes the signal tasks. Each is a node entry, so the run's limit ends what would go on for ever.
    pub(super) fn send_signals(&mut self) {
        while let Some(signal) = self.signals.pop_front() {
            let Some((process, node)) = self
                .set
                .at(signal.process)
                .and_then(|process| Some((process, process.nodes.get(signal.to)?)))
            else {
                continue;
            };
            let id = TaskId(self.world.next_task);
            self.world.next_task = self.world.next_task.saturating_add(1);
            let data = Data::from_iter([("start", signal.start.to_string().into())]);
            let place = Place {
                process: signal.process,
                node: signal.to,
            };
            let mut task = self.new_task(process, place, node, None, data, None);
            let arrived = match self.world.tasks.len() >= self.limits.tasks_max {
                true => Err(("too_many_tasks", "too many tasks in one conversation")),
                false => self.arrive(id, &mut task, node, signal.to),
            };
            match arrived {
                Ok(()) => {
                    self.world.tasks.insert(id, task);
                    self.world.ready.insert(0, id);
                }
                Err((tag, description)) => self.failures.push(TaskFailed {
                    task: id,
                    process: task.process,
                    node: task.node,
                    reference: None,
                    tag: tag.to_owned(),
                    hardware: false,
                    description: description.to_owned(),
                    at: self.now_ms,
                }),
            }
        }
    }
}
