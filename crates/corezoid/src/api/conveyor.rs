//! What an API call node in the format `conveyor` sends to an outside service, and what it makes of the answer.

use serde_json::{Map, Value, json};

use super::call::{AnswerError, answered};
use super::signature::{Algorithm, Secret, digest};

/// The task whose node calls.
#[derive(Debug, Clone, PartialEq)]
pub struct ConveyorTask<'a> {
    /// Its reference.
    pub reference: &'a str,
    /// Its id.
    pub task_id: &'a str,
    /// Its process: the number, or the alias.
    pub process: &'a str,
    /// Its node.
    pub node: &'a str,
    /// Its parameters.
    pub data: &'a Map<String, Value>,
    /// The parameters of the node.
    pub extra: &'a Map<String, Value>,
}

/// Address and body of such a call, to be sent by POST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConveyorCall {
    /// The node's address with `conv_signature`, `conv_time` and `conv_id` in the query.
    pub url: String,
    /// Exactly these bytes: they are signed.
    pub body: String,
}

/// Why the answer of the service cannot be taken. The tags are those that an error branch looks at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConveyorError {
    /// The frame is not as it should be.
    #[error(transparent)]
    Frame(#[from] AnswerError),
    /// The service says that it failed.
    #[error("the service answers {0}")]
    Failed(String),
    /// `res_data` is no object.
    #[error("res_data is no object")]
    BadData,
}

impl ConveyorError {
    /// The tag for `__conveyor_api_return_type_tag__`.
    pub fn tag(&self) -> &'static str {
        match self {
            Self::Frame(error) => error.tag(),
            Self::Failed(_) => "api_bad_answer",
            Self::BadData => "api_bad_res_data",
        }
    }
}

/// Prepares the call of a node whose `url` is known and whose secret is `api_secret_outer`.
pub fn conveyor_call(
    url: &str,
    secret: &Secret,
    now_s: i64,
    call: &ConveyorTask<'_>,
) -> ConveyorCall {
    let op = json!({
        "type": "data", "ref": call.reference, "obj_id": call.task_id, "conv_id": call.process,
        "node_id": call.node, "data": call.data, "extra": call.extra,
    });
    let body = json!({ "ops": [op] }).to_string();
    let time = now_s.to_string();
    let signature = hex::encode(digest(Algorithm::Sha1, &time, secret, body.as_bytes()));
    let separator = if url.contains('?') { '&' } else { '?' };
    let process = call.process;
    ConveyorCall {
        url: format!(
            "{url}{separator}conv_signature={signature}&conv_time={time}&conv_id={process}"
        ),
        body,
    }
}

/// What is merged into the task: the `res_data` of the only operation.
pub fn read_conveyor(answer: &[u8]) -> Result<Map<String, Value>, ConveyorError> {
    let ops = answered(answer)?;
    let op = &ops[0];
    match op["proc"].as_str() {
        Some("ok") => {}
        other => return Err(ConveyorError::Failed(other.unwrap_or("no proc").to_owned())),
    }
    match op.get("res_data") {
        Some(Value::Object(data)) => Ok(data.clone()),
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Array(list)) if list.is_empty() => Ok(Map::new()),
        Some(_) => Err(ConveyorError::BadData),
    }
}
