//! What came out: figures of many runs as one report, two plans side by side, as data, as text, as a drawing.

mod chart;
mod compare;
mod figures;
mod layout;
mod measure;
mod needed;
mod panel;
mod table;

pub use chart::{chart, chart_of_two};
pub use compare::Comparison;
pub use figures::{Outcome, outcome};
pub use layout::Part;
pub use measure::Measure;
pub use needed::Needed;

use crate::erlang::Target;
use crate::plan::Plan;
use crate::statistics::Estimate;
use layout::RowKey;
use serde::Serialize;
use std::collections::BTreeMap;

/// One row: a name, and its figures with their intervals. A figure that has no value in any run is left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Which part it belongs to.
    pub part: Part,
    /// A queue's, a group's or an hour's name.
    pub name: String,
    /// By measure.
    pub figures: BTreeMap<Measure, Estimate>,
}

impl Row {
    fn of<'a>(key: &RowKey, runs: impl Iterator<Item = &'a figures::Figures> + Clone) -> Self {
        let figures = Measure::ALL.into_iter().filter_map(|measure| {
            let values = runs.clone().map(|figures| figures[measure as usize]);
            Estimate::of(values).map(|estimate| (measure, estimate))
        });
        Self {
            part: key.part,
            name: key.name.clone(),
            figures: figures.collect(),
        }
    }

    /// A figure's mean.
    pub fn mean(&self, measure: Measure) -> Option<f64> {
        self.figures.get(&measure).map(|estimate| estimate.mean)
    }
}

/// The runs of one plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The plan's name.
    pub name: String,
    /// What the chance was made from.
    pub seed: u64,
    /// How many runs.
    pub runs: usize,
    /// Citizens simulated in all runs together.
    pub citizens: u64,
    /// The promise that `within_target` is about.
    pub target: Target,
    /// The whole first, then queues, operators, hours of the day, hours.
    pub rows: Vec<Row>,
    /// What the formula says.
    pub needed: Vec<Needed>,
}

impl Report {
    /// From the outcomes of runs 0, 1, ….
    pub fn new(plan: &Plan, seed: u64, outcomes: &[Outcome]) -> Self {
        let keys = layout::rows(plan);
        let rows = keys.iter().enumerate().map(|(index, key)| {
            Row::of(
                key,
                outcomes.iter().map(move |outcome| &outcome.rows[index]),
            )
        });
        Self {
            name: plan.name.clone(),
            seed,
            runs: outcomes.len(),
            citizens: outcomes.iter().map(|outcome| outcome.citizens).sum(),
            target: plan.target,
            rows: rows.collect(),
            needed: needed::needed(plan),
        }
    }

    /// The rows of a part.
    pub fn part(&self, part: Part) -> impl Iterator<Item = &Row> + Clone {
        self.rows.iter().filter(move |row| row.part == part)
    }

    /// Everything together.
    pub fn total(&self) -> Option<&Row> {
        self.part(Part::Total).next()
    }

    /// As text: the whole, then a table of queues, of operators and of hours.
    pub fn table(&self) -> String {
        table::report(self)
    }
}
