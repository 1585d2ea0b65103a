//! What the texts of a task may ask of the run: itself, other tasks, counters, the time, chance.

use std::borrow::Cow;
use std::cell::Cell;

use serde_json::{Number, Value};

use super::Runner;
use crate::data::Data;
use crate::template::{Facts, Scope};
use crate::world::{CallId, Task, TaskId};

/// The facts for one logic of one task.
pub(super) struct TaskFacts<'a> {
    runner: &'a Runner<'a>,
    id: TaskId,
    task: &'a Task,
    /// Tells this moment of the run from others, so that chance differs.
    salt: u64,
    drawn: Cell<u64>,
}

impl Runner<'_> {
    pub(super) fn facts<'a>(&'a self, id: TaskId, task: &'a Task) -> TaskFacts<'a> {
        self.salted(id, task, (self.nodes_run as u64) << 1)
    }

    /// A call is built again after a crash: its chance depends on nothing but the call.
    pub(super) fn facts_of_call<'a>(
        &'a self,
        call: CallId,
        id: TaskId,
        task: &'a Task,
    ) -> TaskFacts<'a> {
        self.salted(id, task, (call.0 << 1) | 1)
    }

    fn salted<'a>(&'a self, id: TaskId, task: &'a Task, salt: u64) -> TaskFacts<'a> {
        TaskFacts {
            runner: self,
            id,
            task,
            salt,
            drawn: Cell::new(0),
        }
    }

    pub(super) fn scope<'a>(&'a self, task: &'a Task, facts: &'a TaskFacts<'a>) -> Scope<'a> {
        Scope {
            data: &task.data,
            overlay: None,
            facts,
            environment: self.environment,
            bytes_max: self.limits.task_bytes_max,
        }
    }

    /// A number that is the same for the same world, moment and place.
    pub(super) fn chance(&self, place: &[u64]) -> u64 {
        place.iter().fold(mix(self.world.seed), |state, part| {
            mix(state ^ mix(*part).rotate_left(17))
        })
    }

    /// How many tasks are in a node, in all conversations; `running` is out of the world.
    pub(super) fn tasks_in(&self, process: &str, node: &str, running: Option<&Task>) -> u64 {
        let here = |task: &Task| task.process == process && task.node == node;
        let tasks = self.world.tasks().map(|(_, task)| task);
        let own = tasks.chain(running).filter(|task| here(task)).count();
        let others = self.surroundings.task_count(process, node);
        others.saturating_add(own as u64)
    }
}

impl TaskFacts<'_> {
    fn sum(&self, process: &str, node: &str, name: &str) -> Value {
        let sums = &self.runner.world.sums;
        let own = sums
            .get(process)
            .and_then(|nodes| nodes.get(node)?.get(name));
        let others = self.runner.surroundings.sum(process, node, name);
        whole_if_it_is(own.copied().unwrap_or_default() + others)
    }
}

impl Facts for TaskFacts<'_> {
    fn root(&self, field: &str) -> Option<Value> {
        let task = self.task;
        let process = self.runner.process_of(task)?;
        Some(match field {
            "task_id" => Value::String(self.id.0.to_string()),
            "ref" => Value::String(task.reference.clone().unwrap_or_default()),
            "conv_id" => process
                .number
                .map_or(Value::from(task.process.as_str()), Value::from),
            "node_id" => Value::from(task.node.as_str()),
            "prev_node_id" => Value::from(task.previous_node.as_deref().unwrap_or_default()),
            "node_name" => Value::String(process.nodes.get(task.place.node)?.title.clone()),
            "status" => Value::String("processing".to_owned()),
            "create_time" => Value::from(task.created_at.div_euclid(1_000)),
            "change_time" => Value::from(task.entered_at.div_euclid(1_000)),
            _ => return None,
        })
    }

    fn state(&self, process: &str, reference: &str) -> Option<Cow<'_, Data>> {
        let alias = self.runner.set.find(process)?.alias();
        if reference.is_empty() {
            return None;
        }
        if self.task.process == alias && self.task.reference.as_deref() == Some(reference) {
            return Some(Cow::Borrowed(&self.task.data));
        }
        if let Some((_, task)) = self.runner.world.find(alias, reference) {
            return Some(Cow::Borrowed(&task.data));
        }
        let others = self.runner.surroundings.task_data(alias, reference);
        others.map(|data| Cow::Owned(data.into()))
    }

    fn counter(&self, process: Option<&str>, node: &str, what: &str) -> Option<Value> {
        let alias = match process {
            None => self.task.process.as_str(),
            Some(name) => self.runner.set.find(name)?.alias(),
        };
        if what == "count" {
            return Some(self.runner.tasks_in(alias, node, Some(self.task)).into());
        }
        if what.starts_with("public_callback") {
            let url = self.runner.surroundings.callback_url(alias, node, what);
            return url.map(Value::String);
        }
        Some(self.sum(alias, node, what))
    }

    fn now_ms(&self) -> i64 {
        self.runner.now_ms
    }

    fn random(&self) -> u64 {
        self.drawn.set(self.drawn.get().wrapping_add(1));
        self.runner.chance(&[
            self.id.0,
            self.task.entered_at as u64,
            self.task.logic as u64,
            self.salt,
            self.drawn.get(),
        ])
    }
}

fn whole_if_it_is(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 {
        return (number as i64).into();
    }
    // Sums of hundredths are shown as such, not as what binary fractions make of them.
    let rounded = (number * 1e6).round() / 1e6;
    let shown = if rounded.is_finite() { rounded } else { number };
    Number::from_f64(shown).map_or(Value::Null, Value::Number)
}

/// SplitMix64: every bit of the input changes half of the output's.
fn mix(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}
