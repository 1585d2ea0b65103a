//! The body of a call: operations.

use serde_json::{Map, Value};

use super::answer::BodyError;
use super::entrance::VerifiedBody;
use super::op::Op;

/// Operations of one call. Corezoid names no limit and clients send one for each record of a batch;
/// a thousand tasks of a kilobyte are the megabyte that a body may have.
pub const OPS_MAX: usize = 1_000;

/// What a call asks for, in its order.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Each is answered for itself.
    pub ops: Vec<Op>,
}

impl Request {
    /// Reads `{"ops":[…]}`. A bad operation spoils only itself.
    pub fn parse(body: VerifiedBody<'_>) -> Result<Self, BodyError> {
        let ops = ops(&object(body)?)?.iter().map(Op::read).collect();
        Ok(Self { ops })
    }
}

pub(super) fn object(body: VerifiedBody<'_>) -> Result<Map<String, Value>, BodyError> {
    match serde_json::from_slice(body.bytes()) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(BodyError::NotAnObject),
        Err(error) => Err(BodyError::NotJson {
            line: error.line(),
            column: error.column(),
        }),
    }
}

pub(super) fn ops(body: &Map<String, Value>) -> Result<&Vec<Value>, BodyError> {
    match body.get("ops") {
        Some(Value::Array(ops)) if ops.is_empty() => Err(BodyError::NoOps),
        Some(Value::Array(ops)) if ops.len() > OPS_MAX => Err(BodyError::TooManyOps(ops.len())),
        Some(Value::Array(ops)) => Ok(ops),
        _ => Err(BodyError::NoOps),
    }
}
