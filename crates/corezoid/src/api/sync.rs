//! The synchronous API: a task is made and the caller waits for what the process posts to
//! `{{__callback_url}}`. It waits for nothing itself.

use serde_json::{Map, Value, json};

use super::answer::{BodyError, OpError};
use super::entrance::VerifiedBody;
use super::op::{Action, Echo, Op, ProcessName};
use super::request::{object, ops};

/// How long a caller may wait, and waits when it does not say: Corezoid's 60 seconds.
pub const SYNC_TIMEOUT_S_MAX: u64 = 60;

/// The parameter under which a process finds where to post its answer.
pub const CALLBACK_URL: &str = "__callback_url";

/// A task to make, and how long its answer may take.
#[derive(Debug, Clone, PartialEq)]
pub struct SyncRequest {
    /// 1 to 60.
    pub timeout_s: u64,
    /// The process.
    pub process: ProcessName,
    /// The task's reference.
    pub reference: Option<String>,
    /// The task's parameters.
    pub data: Map<String, Value>,
    /// What the answer repeats.
    pub echo: Echo,
}

/// What a synchronous caller gets.
#[derive(Debug, Clone, PartialEq)]
pub struct SyncAnswer {
    echo: Echo,
    result: Result<Value, OpError>,
}

impl SyncRequest {
    /// Reads `{"timeout":30,"ops":[{"type":"create","obj":"task",…}]}`. The outer error is the body's,
    /// the inner one the operation's.
    pub fn parse(body: VerifiedBody<'_>) -> Result<Result<Self, SyncAnswer>, BodyError> {
        let body = object(body)?;
        let timeout_s = timeout(body.get("timeout"))?;
        let [op] = ops(&body)?.as_slice() else {
            return Err(BodyError::NotOneTask);
        };
        let Op { echo, action } = Op::read(op);
        Ok(match action {
            Ok(Action::Create {
                process,
                reference,
                data,
            }) => Ok(Self {
                timeout_s,
                process,
                reference,
                data,
                echo,
            }),
            Ok(_) => return Err(BodyError::NotOneTask),
            Err(error) => Err(SyncAnswer::failed(echo, error)),
        })
    }

    /// The task's parameters with the place where the process has to post its answer.
    pub fn data_with_callback(&self, callback_url: &str) -> Map<String, Value> {
        let mut data = self.data.clone();
        data.insert(CALLBACK_URL.to_owned(), callback_url.into());
        data
    }
}

impl SyncAnswer {
    /// What the process posted.
    pub fn done(echo: Echo, data: Value) -> Self {
        Self {
            echo,
            result: Ok(data),
        }
    }

    /// Why there is no answer; [`OpError::Timeout`] when the time is over.
    pub fn failed(echo: Echo, error: OpError) -> Self {
        Self {
            echo,
            result: Err(error),
        }
    }

    /// The body.
    pub fn to_json(&self) -> String {
        let mut op = match &self.result {
            Ok(data) => json!({"proc": "ok", "data": data}),
            Err(error) => json!({"proc": "error", "description": error.to_string()}),
        };
        if !self.echo.id.is_null() {
            op["id"] = self.echo.id.clone();
        }
        json!({"request_proc": "ok", "ops": [op]}).to_string()
    }
}

fn timeout(written: Option<&Value>) -> Result<u64, BodyError> {
    let seconds = match written {
        None | Some(Value::Null) => Some(SYNC_TIMEOUT_S_MAX),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(value) => value.as_u64(),
    };
    let within = |seconds: &u64| (1..=SYNC_TIMEOUT_S_MAX).contains(seconds);
    seconds.filter(within).ok_or(BodyError::BadTimeout)
}
