//! Rows of the export `conversations`, as JSON or NDJSON, on the centre's clock.

use super::NothingLearned;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};
use serde::Deserialize;

/// What of the export is looked at.
pub(crate) struct Question {
    /// The centre's clock.
    pub(crate) zone: TimeZone,
    /// First day; none: the first that has a conversation.
    pub(crate) from: Option<Date>,
    /// Last day.
    pub(crate) to: Option<Date>,
    /// Topics are learned from conversations of this version of the process only.
    pub(crate) process_version: Option<i64>,
}

/// A moment as RFC 3339.
#[derive(Deserialize, Clone, Copy)]
#[serde(try_from = "String")]
struct Moment(Timestamp);

impl TryFrom<String> for Moment {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let moment = text.parse().map(Self);
        moment.map_err(|_| format!("'{text}' is no moment as 2026-11-23T09:00:00Z"))
    }
}

/// The columns that matter; others may come and go.
#[derive(Deserialize)]
struct Row {
    opened_at: Moment,
    queued_at: Option<Moment>,
    taken_at: Option<Moment>,
    last_at: Option<Moment>,
    closed_at: Option<Moment>,
    language: Option<String>,
    queue: Option<String>,
    topic: Option<String>,
    priority: Option<i64>,
    process_version: Option<i64>,
}

/// One conversation.
pub(super) struct Conversation {
    pub(super) opened: civil::DateTime,
    pub(super) language: Option<String>,
    pub(super) queue: Option<String>,
    pub(super) topic: Option<String>,
    pub(super) priority: u8,
    pub(super) process_version: Option<i64>,
    /// Whether it came to a queue at all.
    pub(super) was_queued: bool,
    pub(super) was_taken: bool,
    /// Until it was taken, or until it ended without.
    pub(super) waited_s: Option<f64>,
    /// From being taken to the last message: what comes later is only the silence before it is closed.
    pub(super) handled_s: Option<f64>,
    pub(super) has_ended: bool,
}

/// All conversations of the days asked for.
pub(super) fn read(text: &str, question: &Question) -> Result<Vec<Conversation>, NothingLearned> {
    let rows = rows(text).map_err(|error| NothingLearned::NotAnExport(error.to_string()))?;
    let all = rows
        .into_iter()
        .map(|row| conversation(row, &question.zone));
    let is_asked_for = |conversation: &Conversation| {
        let date = conversation.opened.date();
        question.from.is_none_or(|from| from <= date) && question.to.is_none_or(|to| date <= to)
    };
    let asked: Vec<Conversation> = all.filter(is_asked_for).collect();
    match asked.is_empty() {
        true => Err(NothingLearned::Empty),
        false => Ok(asked),
    }
}

fn rows(text: &str) -> Result<Vec<Row>, serde_json::Error> {
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text);
    }
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(serde_json::from_str).collect()
}

fn conversation(row: Row, zone: &TimeZone) -> Conversation {
    let end = row.last_at.or(row.closed_at);
    let seconds = |from: Option<Moment>, to: Option<Moment>| {
        let seconds = (to?.0.as_millisecond() - from?.0.as_millisecond()) as f64 / 1000.0;
        (seconds > 0.0).then_some(seconds)
    };
    Conversation {
        opened: zone.to_datetime(row.opened_at.0),
        was_queued: row.queued_at.is_some() || row.taken_at.is_some(),
        was_taken: row.taken_at.is_some(),
        waited_s: seconds(row.queued_at, row.taken_at.or(row.closed_at)),
        handled_s: row.closed_at.and_then(|_| seconds(row.taken_at, end)),
        has_ended: row.closed_at.is_some(),
        language: row.language,
        queue: row.queue,
        topic: row.topic,
        priority: row.priority.unwrap_or(0).clamp(0, 9) as u8,
        process_version: row.process_version,
    }
}
