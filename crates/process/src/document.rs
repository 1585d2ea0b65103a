//! The wire form of a process: what a Corezoid export holds, unknown fields kept. It checks nothing
//! beyond the shape of what it names; `Process` is the checked form.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// One process (or another exported object: see [`ProcessDocument::is_process`]) as it is written in a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProcessDocument {
    /// 1 for a process or a state diagram, 0 for a folder, others for what we do not run.
    #[serde(default = "process_type")]
    pub obj_type: i64,
    /// The numeric id under which other processes may call this one; null in templates.
    #[serde(default, deserialize_with = "integer_or_text")]
    pub obj_id: Option<i64>,
    /// The name a person reads.
    #[serde(default, deserialize_with = "null_as_default")]
    pub title: String,
    /// What the process is for.
    #[serde(default, deserialize_with = "null_as_default")]
    pub description: String,
    /// `active` (`actived` in old files), `paused`, `debug`, `blocked` or `disabled`.
    #[serde(default = "active", deserialize_with = "null_as_default")]
    pub status: String,
    /// The declared parameters of a task.
    #[serde(default, deserialize_with = "null_as_default")]
    pub params: Vec<ParamDocument>,
    /// `process` or `state`.
    #[serde(default, deserialize_with = "null_as_default")]
    pub conv_type: String,
    /// The graph.
    #[serde(default, deserialize_with = "null_as_default")]
    pub scheme: SchemeDocument,
    /// Everything else, kept for export.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl ProcessDocument {
    /// Whether this is a process or a state diagram, not a folder, a dashboard or the like.
    pub fn is_process(&self) -> bool {
        self.obj_type == 1
    }

    /// Whether tasks may be created: paused and blocked processes refuse them.
    pub fn is_active(&self) -> bool {
        matches!(self.status.as_str(), "" | "active" | "actived" | "debug")
    }
}

/// A declared parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ParamDocument {
    /// The parameter's name; may be a dotted path.
    pub name: String,
    /// `string`, `number`, `boolean`, `object` or `array`.
    #[serde(rename = "type", default, deserialize_with = "null_as_default")]
    pub value_type: String,
    /// Any of `required`, `input`, `output`, `auto-clear`.
    #[serde(default, deserialize_with = "null_as_default")]
    pub flags: Vec<String>,
    /// What a text value has to match, if not empty.
    #[serde(default, deserialize_with = "null_as_default")]
    pub regex: String,
    /// Everything else, kept for export.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// The graph of a process.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SchemeDocument {
    /// The nodes, in any order.
    #[serde(default, deserialize_with = "null_as_default")]
    pub nodes: Vec<NodeDocument>,
    /// Everything else, kept for export.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// One node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NodeDocument {
    /// Unique in its process; 24 hex characters in exports, any text in hand-written files.
    #[serde(deserialize_with = "text_or_integer")]
    pub id: String,
    /// 0 normal, 1 start, 2 final, 3 escalation (runs as 0), 4 call with a stub.
    #[serde(default, deserialize_with = "null_as_default")]
    pub obj_type: i64,
    /// What the node does.
    #[serde(default, deserialize_with = "null_as_default")]
    pub condition: ConditionDocument,
    /// The name a person reads.
    #[serde(default, deserialize_with = "null_as_default")]
    pub title: String,
    /// JSON text with the picture's settings; its `icon` tells a success final from an error final.
    #[serde(default, deserialize_with = "null_as_default")]
    pub extra: Value,
    /// Everything else, kept for export.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl NodeDocument {
    /// The icon of the node's picture (`success`, `error`, `state`, …), which is all that tells finals apart.
    pub fn icon(&self) -> String {
        let settings = match &self.extra {
            Value::String(text) => serde_json::from_str(text).unwrap_or(Value::Null),
            other => other.clone(),
        };
        settings
            .get("icon")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    }
}

/// What a node does: logics from the top down, semaphors beside them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ConditionDocument {
    /// Actions, conditions and the way out.
    #[serde(default, deserialize_with = "null_as_default")]
    pub logics: Vec<StepDocument>,
    /// Time and count limits.
    #[serde(default, deserialize_with = "null_as_default")]
    pub semaphors: Vec<StepDocument>,
    /// Everything else, kept for export (`stub` among it).
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// One logic or semaphor: its type, and its fields as they stand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepDocument {
    /// `go`, `go_if_const`, `set_param`, `api`, `time`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// The fields of that type.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

fn process_type() -> i64 {
    1
}

fn active() -> String {
    "active".to_owned()
}

fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a whole number or a text")]
enum IntegerOrText {
    Integer(i64),
    Text(String),
}

fn integer_or_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    match Option::<IntegerOrText>::deserialize(deserializer)? {
        None => Ok(None),
        Some(IntegerOrText::Integer(number)) => Ok(Some(number)),
        Some(IntegerOrText::Text(text)) => text
            .trim()
            .parse()
            .map(Some)
            .map_err(|_| serde::de::Error::custom("expected a whole number")),
    }
}

fn text_or_integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match IntegerOrText::deserialize(deserializer)? {
        IntegerOrText::Integer(number) => number.to_string(),
        IntegerOrText::Text(text) => text,
    })
}
