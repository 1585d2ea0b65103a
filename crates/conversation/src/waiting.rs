//! A conversation's waiting tasks: text where they come from the database or go there, read while a batch of turns goes on.

use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use vikno_process::World;

/// Waiting process tasks. They are stored as JSON of the interpreter; none are an empty text.
#[derive(Clone)]
pub struct WaitingTasks(Form);

#[derive(Clone)]
enum Form {
    Text(String),
    Read(Box<World>),
}

impl WaitingTasks {
    /// As they are stored.
    pub fn text(&self) -> Cow<'_, str> {
        match &self.0 {
            Form::Text(text) => Cow::Borrowed(text),
            Form::Read(world) => Cow::Owned(String::from_utf8(world.to_json()).unwrap_or_default()),
        }
    }

    /// The tasks. Unreadable ones are given up (and told), so that the citizen is not stuck with them.
    pub(crate) fn read(self) -> (World, Option<String>) {
        match self.0 {
            Form::Read(world) => (*world, None),
            Form::Text(text) if text.is_empty() => (World::default(), None),
            Form::Text(text) => match World::from_json(text.as_bytes()) {
                Ok(world) => (world, None),
                Err(error) => (World::default(), Some(error.to_string())),
            },
        }
    }
}

impl Default for WaitingTasks {
    fn default() -> Self {
        Self(Form::Text(String::new()))
    }
}

impl From<String> for WaitingTasks {
    fn from(stored: String) -> Self {
        Self(Form::Text(stored))
    }
}

impl From<World> for WaitingTasks {
    fn from(world: World) -> Self {
        Self(Form::Read(Box::new(world)))
    }
}

impl PartialEq for WaitingTasks {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Form::Read(one), Form::Read(other)) => one == other,
            _ => self.text() == other.text(),
        }
    }
}

impl fmt::Debug for WaitingTasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text(), f)
    }
}

impl Serialize for WaitingTasks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}
