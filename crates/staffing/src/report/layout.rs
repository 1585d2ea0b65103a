//! The rows of a report: the whole, each queue, each group of operators, each hour of the day, each hour.

use crate::plan::Plan;
use crate::week::DAY_H;
use serde::Serialize;
use vikno_organisation::Weekday;

/// Which part of the report a row belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Everything together.
    Total,
    /// A queue.
    Queue,
    /// A group of operators.
    Operators,
    /// An hour of the day, over all days.
    HourOfDay,
    /// An hour of one day.
    Hour,
}

/// What a row is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RowKey {
    pub(crate) part: Part,
    pub(crate) name: String,
    pub(crate) bins: Vec<usize>,
    /// Only this queue; none: all, if the row tells of citizens.
    pub(crate) queue: Option<usize>,
    /// Only this group; none: all, if the row tells of operators.
    pub(crate) group: Option<usize>,
}

impl RowKey {
    pub(crate) fn tells_of_citizens(&self) -> bool {
        self.part != Part::Operators
    }

    pub(crate) fn tells_of_operators(&self) -> bool {
        self.part != Part::Queue
    }
}

pub(crate) fn rows(plan: &Plan) -> Vec<RowKey> {
    let bins: Vec<usize> = plan.counted_bins().collect();
    let row = |part, name: String, bins: &[usize]| RowKey {
        part,
        name,
        bins: bins.to_vec(),
        queue: None,
        group: None,
    };
    let mut rows = vec![row(Part::Total, "all".to_owned(), &bins)];
    for (queue, name) in plan.queues.iter().enumerate() {
        rows.push(RowKey {
            queue: Some(queue),
            ..row(Part::Queue, name.clone(), &bins)
        });
    }
    for (group, operators) in plan.groups.iter().enumerate() {
        rows.push(RowKey {
            group: Some(group),
            ..row(Part::Operators, operators.id.clone(), &bins)
        });
    }
    for hour in plan.period.counted.clone() {
        let own: Vec<usize> = bins
            .iter()
            .copied()
            .filter(|bin| bin % DAY_H == hour)
            .collect();
        rows.push(row(Part::HourOfDay, format!("{hour:02}:00"), &own));
    }
    for bin in bins {
        rows.push(row(Part::Hour, hour_name(plan, bin), &[bin]));
    }
    rows
}

/// `monday 09:00`, and in the second week `monday 09:00 (2)`.
fn hour_name(plan: &Plan, bin: usize) -> String {
    let hour = plan.week_hour(bin);
    let day = Weekday::ALL[hour / DAY_H].as_str();
    let week = bin / (7 * DAY_H) + 1;
    let clock = format!("{day} {:02}:00", hour % DAY_H);
    match week {
        1 => clock,
        _ => format!("{clock} ({week})"),
    }
}
