//! Semaphors: time limits become timers, with the doubt about their unit told to the author.

use serde_json::Value;

use super::NodeProblems;
use super::fields::Fields;
use crate::document::StepDocument;
use crate::logic::{CountLimit, Timer, TimerValue};
use crate::value::{parse_number, to_text};

pub(super) fn compile(step: &StepDocument, problems: &mut NodeProblems<'_>) -> Option<Timer> {
    let mut fields = Fields {
        kind: &step.kind,
        map: &step.fields,
        problems,
    };
    if step.kind != "time" {
        let unknown = format!("`{}` is no semaphor; use time or count", step.kind);
        fields.problems.error(unknown);
        return None;
    }
    let dimension = fields.text("dimension");
    let unit_seconds = match dimension.as_str() {
        "" | "sec" => Some(1),
        "min" => Some(60),
        "hour" => Some(3_600),
        "day" => Some(86_400),
        other => {
            fields.error(&format!("`{other}` is no unit; use sec, min, hour or day"));
            None
        }
    };
    let to = fields.target("to_node_id");
    let written = fields.map.get("value").unwrap_or(&Value::Null);
    let text = fields.template("value");
    let value = match (text.as_literal(), unit_seconds?) {
        (None, unit_seconds) => Some(TimerValue::Computed { text, unit_seconds }),
        (Some(literal), unit_seconds) => {
            match parse_number(literal).and_then(|number| number.as_i64()) {
                Some(length) if (0..=LENGTH_MAX).contains(&length) => Some(TimerValue::After {
                    seconds: in_seconds(&mut fields, length, unit_seconds, &dimension),
                }),
                _ => {
                    fields.error(&format!(
                        "`value` is {}, not a whole number of 0 to {LENGTH_MAX}",
                        to_text(written)
                    ));
                    None
                }
            }
        }
    };
    Some(Timer {
        value: value?,
        to: to?,
    })
}

/// A limit on the tasks in the node.
pub(super) fn compile_count(
    step: &StepDocument,
    problems: &mut NodeProblems<'_>,
) -> Option<CountLimit> {
    let mut fields = Fields {
        kind: &step.kind,
        map: &step.fields,
        problems,
    };
    let value = fields.template("value");
    let target = if fields.is_given("esc_node_id") {
        "esc_node_id"
    } else {
        "to_node_id"
    };
    let to = fields.target(target);
    let wrong = value.as_literal().is_some_and(|literal| {
        parse_number(literal)
            .and_then(|number| number.as_u64())
            .is_none_or(|count| count == 0)
    });
    if wrong {
        fields.error("`value` has to be a whole number of 1 or more");
        return None;
    }
    fields.warning("the limit counts the tasks of the own conversation and what it is told of others; a signal task with `start` goes to the node, the counted task stays");
    Some(CountLimit { value, to: to? })
}

/// A hundred years in seconds; in days it is still far from overflowing as milliseconds.
const LENGTH_MAX: i64 = 3_155_760_000;

/// Files written by programs hold seconds and name the unit for display only, files written by people mean
/// the unit: a value that is whole units of seconds is taken for seconds.
fn in_seconds(fields: &mut Fields<'_, '_>, length: i64, unit_seconds: i64, dimension: &str) -> i64 {
    if unit_seconds > 1 && length >= unit_seconds && length % unit_seconds == 0 {
        fields.problems.warning(format!("time: {length} {dimension} is read as {length} seconds, as exports store it; write seconds with `sec` to be sure"));
        return length;
    }
    length * unit_seconds
}
