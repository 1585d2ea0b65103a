//! Reads process files: a single process, an export's array, or an API answer around one. It opens
//! no archive and checks no graph.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::document::ProcessDocument;

/// Why a file could not be read, with the place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Not JSON, or JSON of another shape.
    #[error("line {line}, column {column}: {reason}")]
    Malformed {
        /// Line of the fault, from 1.
        line: usize,
        /// Column of the fault, from 1.
        column: usize,
        /// What is wrong there.
        reason: String,
    },
    /// A single process was wanted and the file holds another number of them.
    #[error("the file holds {0} processes where exactly one is wanted")]
    NotOneProcess(usize),
}

impl From<serde_json::Error> for ParseError {
    fn from(error: serde_json::Error) -> Self {
        let place = format!(" at line {} column {}", error.line(), error.column());
        Self::Malformed {
            line: error.line(),
            // A line break where none may be counts there as column 0 of the line that it begins.
            column: error.column().max(1),
            reason: error.to_string().replace(&place, ""),
        }
    }
}

#[derive(Deserialize)]
struct ApiAnswer {
    ops: Vec<ApiOperation>,
}

#[derive(Deserialize)]
struct ApiOperation {
    #[serde(default)]
    scheme: Vec<ProcessDocument>,
}

/// Reads a file that holds exactly one process.
pub fn parse(bytes: &[u8]) -> Result<ProcessDocument, ParseError> {
    let mut processes: Vec<_> = parse_all(bytes)?
        .into_iter()
        .filter(ProcessDocument::is_process)
        .collect();
    match (processes.pop(), processes.len()) {
        (Some(process), 0) => Ok(process),
        (found, rest) => Err(ParseError::NotOneProcess(
            rest + usize::from(found.is_some()),
        )),
    }
}

/// Reads every object of a file: a bare object, an array, or `{"ops":[{"scheme":[…]}]}`. Folders and
/// the like are among them; [`ProcessDocument::is_process`] tells.
pub fn parse_all(bytes: &[u8]) -> Result<Vec<ProcessDocument>, ParseError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'[') => read(bytes),
        _ => {
            let object: ProcessDocument = read(bytes)?;
            if object.scheme.nodes.is_empty() && object.other.contains_key("ops") {
                let answer: ApiAnswer = read(bytes)?;
                return Ok(answer
                    .ops
                    .into_iter()
                    .flat_map(|operation| operation.scheme)
                    .collect());
            }
            Ok(vec![object])
        }
    }
}

/// Genuine exports repeat fields, where the last one counts; the derived readers refuse that, but know
/// the place of every other fault.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ParseError> {
    serde_json::from_slice(bytes).or_else(|error| {
        let with_last_fields =
            serde_json::from_slice::<serde_json::Value>(bytes).and_then(T::deserialize);
        with_last_fields.map_err(|_| ParseError::from(error))
    })
}
