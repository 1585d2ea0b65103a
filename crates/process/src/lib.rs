//! Processes in Corezoid's form and the interpreter that takes tasks through them. Pure: inputs in,
//! effects out; no I/O, no clock, no randomness.
//!
//! ```
//! use std::collections::BTreeMap;
//! use serde_json::{Map, json};
//! use vikno_process::{CallResult, Limits, Outcome, ProcessSet, Runner, World, parse};
//!
//! let greet = parse(br#"{"scheme": {"nodes": [
//!     {"id": "start", "obj_type": 1, "condition": {"logics": [{"type": "go", "to_node_id": "say"}]}},
//!     {"id": "say", "condition": {"logics": [
//!         {"type": "api", "url": "http://send-text.spin.internal/", "extra": {"text": "Hello, {{name}}"}},
//!         {"type": "go", "to_node_id": "end"}]}},
//!     {"id": "end", "obj_type": 2}]}}"#)?;
//! let set = ProcessSet::build(&BTreeMap::from([("greet".to_owned(), greet)]))?;
//!
//! let mut runner = Runner::new(&set, World::default(), Limits::default(), 1_800_000_000_000);
//! runner.create_task("greet", Some("chat-1"), Map::from_iter([("name".to_owned(), json!("Olia"))]))?;
//! while let Outcome::Call(call) = runner.step() {
//!     assert_eq!(call.body, json!({"text": "Hello, Olia"}));
//!     runner.resume(call.call_id, CallResult::answer(200, json!({"sent": true})))?;
//! }
//! assert_eq!(runner.take_finished()[0].data["sent"], true);
//! let stored = runner.into_world().to_json();
//! # assert!(World::from_json(&stored)?.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod compile;
mod condition;
mod data;
mod document;
mod error;
mod expression;
mod functions;
mod limits;
mod logic;
mod map;
mod name;
mod outcome;
mod parse;
mod path;
mod pattern;
mod problem;
mod process;
mod runner;
mod set;
mod surroundings;
mod tasks;
mod template;
mod value;
mod world;
mod xml;

pub use data::Data;
pub use document::{
    ConditionDocument, NodeDocument, ParamDocument, ProcessDocument, SchemeDocument, StepDocument,
};
pub use error::{CreateError, InterventionError, ModifyError, ResumeError};
pub use limits::Limits;
pub use map::NodeMap;
pub use name::Name;
pub use outcome::{
    ApiCall, CallResult, CodeCall, NodePlace, Outcome, TaskFailed, TaskFinished, TraceEntry,
};
pub use parse::{ParseError, parse, parse_all};
pub use problem::{Problem, Severity};
pub use process::{Ending, Process};
pub use runner::Runner;
pub use set::{Problems, ProcessSet, validate};
pub use surroundings::{SharedState, SumAdded, Surroundings};
pub use world::{CallId, Task, TaskId, TaskState, World, WorldError};
