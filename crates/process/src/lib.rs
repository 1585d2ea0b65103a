//! Processes in Corezoid's form and the interpreter that takes tasks through them. Pure: inputs in,
//! effects out; no I/O, no clock, no randomness.

mod compile;
mod condition;
mod document;
mod error;
mod expression;
mod limits;
mod logic;
mod outcome;
mod parse;
mod path;
mod pattern;
mod problem;
mod process;
mod runner;
mod set;
mod template;
mod value;
mod world;

pub use document::{
    ConditionDocument, NodeDocument, ParamDocument, ProcessDocument, SchemeDocument, StepDocument,
};
pub use error::{CreateError, ModifyError, ResumeError};
pub use limits::Limits;
pub use outcome::{ApiCall, CallResult, Outcome, TaskFailed, TaskFinished, TraceEntry};
pub use parse::{ParseError, parse, parse_all};
pub use problem::{Problem, Severity};
pub use process::{Ending, Process};
pub use runner::Runner;
pub use set::{Problems, ProcessSet, validate};
pub use world::{CallId, Task, TaskId, TaskState, World, WorldError};
