//! What people do with live tasks: end them, move them on, begin again elsewhere.

use super::Runner;
use crate::data::Data;
use crate::error::InterventionError;
use crate::world::{Task, TaskId, TaskState};

impl Runner<'_> {
    /// Ends every task without letting any of them or of their callers go on.
    pub fn stop_all(&mut self) {
        let ids: Vec<TaskId> = self.world.tasks().map(|(id, _)| id).collect();
        for id in ids {
            if let Some(task) = self.world.tasks.remove(id) {
                self.leaves(id, &task);
            }
            self.forget_rounds(id);
        }
        self.world.ready.clear();
    }

    /// Lets a waiting task go on at the next step as if what it waits for had come: a callback or a reply without data,
    /// the time of its timer or of its next attempt.
    pub fn move_on(&mut self, id: TaskId) -> Result<(), InterventionError> {
        let mut task = self.taken(id)?;
        match task.state {
            TaskState::WaitingCallback => {
                Self::stop_waiting(&mut task);
                task.logic += 1;
                self.run_next(id, task);
            }
            TaskState::WaitingRpc { .. } => {
                self.world.tasks.insert(id, task);
                self.wake_caller(id, Ok(Data::default()));
            }
            TaskState::Retrying => {
                task.retry_at = None;
                task.state = TaskState::Ready;
                self.run_next(id, task);
            }
            TaskState::Ready => self.world.tasks.insert(id, task),
            TaskState::Delayed | TaskState::Queued | TaskState::WaitingCopy { .. } => {
                match task.wake_node.take() {
                    Some(node) => self.wake_at_node(id, task, &node),
                    None => {
                        self.world.tasks.insert(id, task);
                        return Err(InterventionError::NowhereToGo);
                    }
                }
            }
            TaskState::WaitingCall { .. } => {
                self.world.tasks.insert(id, task);
                return Err(InterventionError::InACall);
            }
        }
        Ok(())
    }

    /// Lets a task begin again at a node of its process, with the data that it has. What it waited for finds it no more.
    pub fn restart(&mut self, id: TaskId, node: &str) -> Result<(), InterventionError> {
        let mut task = self.taken(id)?;
        let place = self
            .process_of(&task)
            .and_then(|process| Some((process, process.place_of(node)?)));
        let Some((process, to)) = place else {
            self.world.tasks.insert(id, task);
            return Err(InterventionError::NoSuchNode(node.to_owned()));
        };
        self.world.ready.retain(|ready| *ready != id);
        self.forget_rounds(id);
        Self::stop_waiting(&mut task);
        if let Some(task) = self.enter(id, task, process, to) {
            self.run_next(id, task);
        }
        Ok(())
    }

    fn taken(&mut self, id: TaskId) -> Result<Box<Task>, InterventionError> {
        self.world
            .tasks
            .remove(id)
            .ok_or(InterventionError::NoSuchTask)
    }
}
