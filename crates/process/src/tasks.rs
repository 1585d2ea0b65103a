//! The live tasks of a world in the order of their ids. There are few of them and they are taken out and put back all
//! the time, so they stand in one row.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::world::{Task, TaskId};

/// Tasks by id.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Tasks(Vec<(TaskId, Box<Task>)>);

impl Tasks {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn contains(&self, id: TaskId) -> bool {
        self.place(id).is_ok()
    }

    pub(crate) fn get(&self, id: TaskId) -> Option<&Task> {
        let (_, task) = self.0.get(self.place(id).ok()?)?;
        Some(task)
    }

    pub(crate) fn remove(&mut self, id: TaskId) -> Option<Box<Task>> {
        let at = self.place(id).ok()?;
        Some(self.0.remove(at).1)
    }

    pub(crate) fn insert(&mut self, id: TaskId, task: Box<Task>) {
        match self.place(id) {
            Ok(at) => self.0[at].1 = task,
            Err(at) => self.0.insert(at, (id, task)),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (TaskId, &Task)> {
        self.0.iter().map(|(id, task)| (*id, task.as_ref()))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (TaskId, &mut Task)> {
        self.0.iter_mut().map(|(id, task)| (*id, task.as_mut()))
    }

    fn place(&self, id: TaskId) -> Result<usize, usize> {
        self.0.binary_search_by_key(&id, |(id, _)| *id)
    }
}

impl Serialize for Tasks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Tasks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(TasksVisitor)
    }
}

struct TasksVisitor;

impl<'de> de::Visitor<'de> for TasksVisitor {
    type Value = Tasks;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tasks by id")
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Tasks, A::Error> {
        let mut tasks = Tasks::default();
        while let Some((id, task)) = map.next_entry()? {
            tasks.insert(id, Box::new(task));
        }
        Ok(tasks)
    }
}
