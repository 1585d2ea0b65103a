//! Two plans side by side. Run by run they met the same citizens, so the differences of the runs are looked at: what
//! luck brought to both falls out.

use super::figures::{Figures, Outcome};
use super::layout::{RowKey, rows};
use super::{Part, Row, table};
use crate::plan::Plan;
use serde::Serialize;

/// The second plan less the first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The first plan's name.
    pub first: String,
    /// The second plan's name.
    pub second: String,
    /// Differences of the rows that both have; of the hours of single days only the hours of the day are kept.
    pub differences: Vec<Row>,
}

impl Comparison {
    /// From the outcomes of the same runs of both plans.
    pub fn new(first: (&Plan, &[Outcome]), second: (&Plan, &[Outcome])) -> Self {
        let (keys, others) = (rows(first.0), rows(second.0));
        let place = |key: &RowKey| {
            others
                .iter()
                .position(|other| (other.part, &other.name) == (key.part, &key.name))
        };
        let differences = keys.iter().enumerate().filter_map(|(index, key)| {
            let other = place(key).filter(|_| key.part != Part::Hour)?;
            let pairs = first.1.iter().zip(second.1);
            let differences: Vec<Figures> = pairs
                .map(|(one, two)| less(&two.rows[other], &one.rows[index]))
                .collect();
            Some(Row::of(key, differences.iter()))
        });
        Self {
            first: first.0.name.clone(),
            second: second.0.name.clone(),
            differences: differences.collect(),
        }
    }

    /// As text.
    pub fn table(&self) -> String {
        table::comparison(self)
    }
}

fn less(two: &Figures, one: &Figures) -> Figures {
    std::array::from_fn(|index| two[index] - one[index])
}
