//! What authors send: each field checked, each mistake named. Pure.

use serde::Deserialize;
use serde_json::Value;
use vikno_authoring::{Edition, Expected, NodeMap, Processes, valid_alias};
use vikno_domain::{Channel, Intervention, Language};
use vikno_shell::Problem;

/// The largest process known has 760 nodes and is under this size.
pub(crate) const DOCUMENT_BYTES: usize = 1024 * 1024;
/// A reason, a list of aliases, a map of nodes.
pub(crate) const BODY_BYTES: usize = 64 * 1024;
const REASON_CHARACTERS: std::ops::RangeInclusive<usize> = 3..=500;
/// `GET traffic`: a week has all its kinds of days.
const DAYS_USUAL: i64 = 7;
const DAYS: std::ops::RangeInclusive<i64> = 1..=31;

/// `POST publish`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Publish {
    pub(crate) reason: String,
    /// These drafts; all of them when absent.
    #[serde(default)]
    pub(crate) processes: Option<Vec<String>>,
}

/// `POST versions/{id}/restore`, `POST proposals/{id}/{verb}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reason {
    pub(crate) reason: String,
}

/// `PUT drafts/{alias}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Save {
    pub(crate) document: Value,
    /// The published version that it now takes into account.
    #[serde(default)]
    pub(crate) base_version: Option<i64>,
}

/// `POST check`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Unsaved {
    pub(crate) processes: Processes,
}

/// `POST rehearse`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rehearse {
    pub(crate) scenario: String,
    pub(crate) channel: Channel,
    pub(crate) language: Language,
    /// Documents that are not saved yet, by alias.
    #[serde(default)]
    pub(crate) processes: Processes,
}

/// `POST moves/check`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Moves {
    #[serde(default)]
    pub(crate) map: NodeMap,
}

/// `POST moves`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Move {
    pub(crate) reason: String,
    /// The version whose dry run the author has seen.
    pub(crate) to_version: i64,
    #[serde(default)]
    pub(crate) map: NodeMap,
}

/// `POST conversations/{id}/interventions`.
#[derive(Deserialize)]
pub(crate) struct Intervene {
    pub(crate) reason: String,
    #[serde(flatten)]
    pub(crate) act: Act,
}

/// What is to be done with the dialogue's processes.
#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum Act {
    Stop,
    MoveOn { task: u64 },
    Restart { task: u64, node: String },
}

impl From<Act> for Intervention {
    fn from(act: Act) -> Self {
        match act {
            Act::Stop => Self::Stop,
            Act::MoveOn { task } => Self::MoveOn { task },
            Act::Restart { task, node } => Self::Restart { task, node },
        }
    }
}

/// `POST failures/settle`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settle {
    pub(crate) reason: String,
    pub(crate) ids: Vec<i64>,
}

fn invalid(field: &str, what: impl std::fmt::Display) -> Problem {
    Problem::new(400, "invalid_field", format!("'{field}' {what}."))
}

/// Why, in words that a later reader understands.
pub(crate) fn reason(given: &str) -> Result<String, Problem> {
    let reason: String = given
        .chars()
        .filter(|c| !c.is_control() || *c == '\n')
        .collect();
    let reason = reason.trim();
    if REASON_CHARACTERS.contains(&reason.chars().count()) {
        return Ok(reason.to_owned());
    }
    Err(invalid(
        "reason",
        "must say in 3 to 500 characters why, for those who read the history",
    ))
}

/// A name for a process.
pub(crate) fn alias(given: &str) -> Result<&str, Problem> {
    if valid_alias(given) {
        return Ok(given);
    }
    Err(Problem::new(
        400,
        "invalid_alias",
        "A process is named by lower-case words joined by dashes, such as send-text-message.",
    ))
}

/// A document that may be kept as a draft, however unfinished.
pub(crate) fn document(given: &Value) -> Result<String, Problem> {
    if given["scheme"]["nodes"].is_array() {
        return Ok(given.to_string());
    }
    Err(invalid(
        "document",
        "must be a process: an object with scheme.nodes",
    ))
}

/// What the author has seen.
pub(crate) fn expected(
    if_match: Option<&str>,
    if_none_match: Option<&str>,
) -> Result<Expected, Problem> {
    Expected::parse(if_match, if_none_match).map_err(|error| {
        let (status, code) = match error {
            vikno_authoring::EditionError::Missing => (428, "edition_required"),
            vikno_authoring::EditionError::Unknown => (400, "invalid_edition"),
        };
        Problem::new(status, code, format!("Say what you have seen: {error}."))
    })
}

/// Somebody was faster.
pub(crate) fn overwritten(found: Option<Edition>) -> Problem {
    let found = found.map_or("nothing".to_owned(), |edition| edition.to_string());
    Problem::new(
        412,
        "edition_changed",
        "Somebody has changed this process since you read it. Read it again and bring your change into it.",
    )
    .member("edition", found)
}

/// A number of a version or a proposal.
pub(crate) fn number(given: &str) -> Result<i64, Problem> {
    given
        .parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| Problem::new(404, "not_found", "There is no such number here."))
}

/// The number before which a page ends.
pub(crate) fn before(given: Option<&str>) -> Result<i64, Problem> {
    match given.filter(|cursor| !cursor.is_empty()) {
        None => Ok(i64::MAX),
        Some(cursor) => cursor.parse().map_err(|_| invalid_cursor()),
    }
}

/// For how many days back.
pub(crate) fn days(given: Option<&str>) -> Result<i64, Problem> {
    let Some(given) = given.filter(|days| !days.is_empty()) else {
        return Ok(DAYS_USUAL);
    };
    let days = given.parse().ok().filter(|days| DAYS.contains(days));
    days.ok_or_else(|| invalid("days", "must be a number from 1 to 31"))
}

/// A cursor that no answer held.
pub(crate) fn invalid_cursor() -> Problem {
    Problem::new(
        400,
        "invalid_cursor",
        "The cursor must come from an earlier answer.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_reason_says_something() {
        assert_eq!(reason("  Нова тема\u{0} ").unwrap(), "Нова тема");
        for bad in ["", "  ", "ok", &"ї".repeat(501)] {
            assert_eq!(reason(bad).unwrap_err().status(), 400, "{bad:?}");
        }
    }

    #[test]
    fn an_unfinished_document_is_kept_but_not_anything() {
        assert!(document(&json!({"scheme": {"nodes": []}})).is_ok());
        for bad in [json!(1), json!({}), json!({"scheme": {"nodes": {}}})] {
            assert_eq!(document(&bad).unwrap_err().status(), 400, "{bad}");
        }
    }

    #[test]
    fn who_does_not_say_what_they_saw_is_told_to() {
        let status = |if_match, if_none| expected(if_match, if_none).map_err(|p| p.status());
        assert!(status(Some("\"d1\""), None).is_ok());
        assert!(status(None, Some("*")).is_ok());
        assert_eq!(status(None, None).unwrap_err(), 428);
        assert_eq!(status(Some("x"), None).unwrap_err(), 400);
    }

    #[test]
    fn fields_that_do_not_exist_are_mistakes() {
        assert!(serde_json::from_value::<Publish>(json!({"reason": "x", "force": true})).is_err());
        assert!(serde_json::from_value::<Reason>(json!({})).is_err());
    }

    #[test]
    fn numbers_are_positive() {
        assert_eq!(number("7").unwrap(), 7);
        for bad in ["", "0", "-1", "x", "1.5"] {
            assert_eq!(number(bad).unwrap_err().status(), 404, "{bad}");
        }
        assert_eq!(before(None).unwrap(), i64::MAX);
        assert_eq!(before(Some("x")).unwrap_err().status(), 400);
    }

    #[test]
    fn traffic_is_asked_for_up_to_a_month() {
        for (given, expected) in [(None, 7), (Some(""), 7), (Some("1"), 1), (Some("31"), 31)] {
            assert_eq!(days(given).unwrap(), expected, "{given:?}");
        }
        for bad in ["0", "32", "-1", "x", "1.5", "99999999999999999999"] {
            assert_eq!(days(Some(bad)).unwrap_err().status(), 400, "{bad}");
        }
    }
}
