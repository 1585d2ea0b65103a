//! Calling a Corezoid elsewhere: operations to a signed request, its answer to results. It sends nothing.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::entrance::Version;
use super::op::{ProcessName, TaskName};
use super::signature::{Account, Algorithm, signature};

/// An operation on a process there.
#[derive(Debug, Clone, PartialEq)]
pub enum OutgoingOp {
    /// A new task.
    Create {
        /// Where.
        process: ProcessName,
        /// Its reference.
        reference: Option<String>,
        /// Its parameters.
        data: Map<String, Value>,
    },
    /// New parameters for a task that waits.
    Modify {
        /// Where.
        process: ProcessName,
        /// Which.
        task: TaskName,
        /// What is merged in.
        data: Map<String, Value>,
    },
}

/// A request that is ready to be sent by POST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreparedCall {
    /// The whole address.
    pub url: String,
    /// For the header of that name.
    pub content_type: &'static str,
    /// Exactly these bytes: they are signed.
    pub body: String,
}

/// What became of one operation there.
#[derive(Debug, Clone, PartialEq)]
pub enum CalledOp {
    /// Done; the fields of the answer (`obj_id`, …).
    Done(Map<String, Value>),
    /// Refused: everything whose `proc` is not `ok`.
    Failed {
        /// Its `proc`.
        code: String,
        /// Its description, or the code again.
        description: String,
    },
    /// The answer does not speak of it: it may have been done or not.
    Unknown,
}

/// Why an answer tells nothing. The tags are those that an error branch in a process looks at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// Not JSON.
    #[error("the answer is not JSON")]
    NotJson,
    /// No `request_proc`.
    #[error("the answer has no request_proc")]
    NoRequestProc,
    /// The request as a whole was refused.
    #[error("the request was refused: {0}")]
    Refused(String),
    /// No `ops`.
    #[error("the answer has no ops")]
    NoOps,
}

impl AnswerError {
    /// The tag for `__conveyor_api_return_type_tag__`.
    pub fn tag(&self) -> &'static str {
        match self {
            Self::NotJson => "api_no_valid_json",
            Self::NoRequestProc => "api_no_request_proc",
            Self::Refused(_) => "api_bad_answer",
            Self::NoOps => "api_no_ops",
        }
    }
}

/// Signs a call of `operations` at `base_url` (`https://api.corezoid.com`) for the time `now_s`.
pub fn prepare(
    account: &Account,
    base_url: &str,
    version: Version,
    algorithm: Algorithm,
    now_s: i64,
    operations: &[OutgoingOp],
) -> PreparedCall {
    let ops: Vec<Value> = operations
        .iter()
        .enumerate()
        .map(|(at, op)| op.to_value(at))
        .collect();
    let body = json!({ "ops": ops }).to_string();
    let time = now_s.to_string();
    let signature = signature(algorithm, &time, account, body.as_bytes());
    let login = utf8_percent_encode(account.login(), NON_ALPHANUMERIC);
    let (base, version) = (base_url.trim_end_matches('/'), version.segment());
    PreparedCall {
        url: format!("{base}/api/{version}/json/{login}/{time}/{signature}"),
        content_type: "application/json; charset=utf8",
        body,
    }
}

impl OutgoingOp {
    /// The operation's place is its id: answers may come in another order.
    fn to_value(&self, at: usize) -> Value {
        let (kind, process, data) = match self {
            Self::Create { process, data, .. } => ("create", process, data),
            Self::Modify { process, data, .. } => ("modify", process, data),
        };
        let mut op = json!({"id": at.to_string(), "type": kind, "obj": "task", "data": data});
        match process {
            ProcessName::Number(number) => op["conv_id"] = (*number).into(),
            ProcessName::Alias(alias) => op["obj_alias"] = alias.as_str().into(),
        }
        match self {
            Self::Create {
                reference: Some(text),
                ..
            }
            | Self::Modify {
                task: TaskName::Reference(text),
                ..
            } => op["ref"] = text.as_str().into(),
            Self::Modify {
                task: TaskName::Id(id),
                ..
            } => op["obj_id"] = id.as_str().into(),
            Self::Create {
                reference: None, ..
            } => {}
        }
        op
    }

    fn reference(&self) -> Option<&str> {
        match self {
            Self::Create { reference, .. } => reference.as_deref(),
            Self::Modify {
                task: TaskName::Reference(text),
                ..
            } => Some(text),
            Self::Modify {
                task: TaskName::Id(_),
                ..
            } => None,
        }
    }
}

/// What became of each operation, in their order. Matched by id, then by reference; a single one by itself.
pub fn read_answers(
    answer: &[u8],
    operations: &[OutgoingOp],
) -> Result<Vec<CalledOp>, AnswerError> {
    let answers = answered(answer)?;
    let has_id = |answer: &Value, at: usize| match &answer["id"] {
        Value::String(id) => id.parse() == Ok(at),
        id => id.as_u64() == Some(at as u64),
    };
    let results = operations.iter().enumerate().map(|(at, op)| {
        let by_reference =
            |answer: &&Value| op.reference().is_some_and(|text| answer["ref"] == text);
        let found = match (answers.as_slice(), operations.len()) {
            ([only], 1) => Some(only),
            (answers, _) => answers
                .iter()
                .find(|answer| has_id(answer, at))
                .or_else(|| answers.iter().find(by_reference)),
        };
        found.map_or(CalledOp::Unknown, CalledOp::read)
    });
    Ok(results.collect())
}

/// The `ops` of an answer that says `ok`.
pub(super) fn answered(answer: &[u8]) -> Result<Vec<Value>, AnswerError> {
    let answer: Value = serde_json::from_slice(answer).map_err(|_| AnswerError::NotJson)?;
    match answer.get("request_proc").and_then(Value::as_str) {
        Some("ok") => {}
        Some(other) => return Err(AnswerError::Refused(other.to_owned())),
        None => return Err(AnswerError::NoRequestProc),
    }
    match answer.get("ops") {
        Some(Value::Array(ops)) if !ops.is_empty() => Ok(ops.clone()),
        _ => Err(AnswerError::NoOps),
    }
}

impl CalledOp {
    fn read(answer: &Value) -> Self {
        let proc = answer["proc"].as_str().unwrap_or_default();
        if proc == "ok" {
            return Self::Done(answer.as_object().cloned().unwrap_or_default());
        }
        let description = answer["description"].as_str().unwrap_or(proc);
        Self::Failed {
            code: proc.to_owned(),
            description: description.to_owned(),
        }
    }
}
