//! From what a run wrote down to the figures of each row.

use super::layout::{RowKey, rows};
use super::measure::Measure;
use crate::plan::Plan;
use crate::simulation::{Run, run};
use crate::statistics::percentiles;
use crate::week::HOUR_S;

/// One value for each measure; not a number where there is none.
pub(crate) type Figures = [f64; Measure::ALL.len()];

/// The figures of one run, row by row.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub(crate) rows: Vec<Figures>,
    pub(crate) citizens: u64,
}

impl Outcome {
    /// Citizens simulated.
    pub fn citizens(&self) -> u64 {
        self.citizens
    }
}

/// The same to the last bit; a figure without a value is the same as another without one.
impl PartialEq for Outcome {
    fn eq(&self, other: &Self) -> bool {
        let bits = |outcome: &Self| -> Vec<_> {
            let figures = outcome.rows.iter().flatten();
            figures.map(|figure| figure.to_bits()).collect()
        };
        self.citizens == other.citizens && bits(self) == bits(other)
    }
}

/// Simulates a plan once. Runs with different numbers are independent; the same number and seed meet the same
/// citizens in every plan.
pub fn outcome(plan: &Plan, seed: u64, number: u32) -> Outcome {
    let run = run(plan, seed, number);
    let mut waits = Vec::new();
    let rows = rows(plan);
    Outcome {
        rows: rows
            .iter()
            .map(|row| figures(&run, row, &mut waits))
            .collect(),
        citizens: run.citizens,
    }
}

fn figures(run: &Run, row: &RowKey, waits: &mut Vec<f32>) -> Figures {
    let mut figures = [f64::NAN; Measure::ALL.len()];
    if row.tells_of_citizens() {
        of_citizens(run, row, waits, &mut figures);
    }
    if row.tells_of_operators() {
        of_operators(run, row, &mut figures);
    }
    figures
}

fn of_citizens(run: &Run, row: &RowKey, waits: &mut Vec<f32>, figures: &mut Figures) {
    waits.clear();
    let mut longest = 0;
    let mut sums = [0.0; 9];
    let queues = row.queue.map_or(0..run.queues, |queue| queue..queue + 1);
    for bin in &row.bins {
        for cell in &run.cells[bin * run.queues..][queues.clone()] {
            let counts = [
                cell.arrived,
                cell.automated,
                cell.turned_away,
                cell.answered,
                cell.in_time,
                cell.abandoned,
                cell.unresolved,
            ];
            for (sum, count) in sums.iter_mut().zip(counts) {
                *sum += f64::from(count);
            }
            sums[7] += cell.answered_wait_s;
            sums[8] += cell.queue_s;
            longest = longest.max(cell.queue_max);
            waits.extend_from_slice(&cell.waits_s);
        }
    }
    let [
        arrived,
        automated,
        turned_away,
        answered,
        in_time,
        abandoned,
        unresolved,
        wait_s,
        queue_s,
    ] = sums;
    let queued = answered + abandoned + unresolved;
    let wait_sum: f64 = waits.iter().map(|wait| f64::from(*wait)).sum();
    let [p50, p90, p95] = percentiles(waits, [0.5, 0.9, 0.95]);
    for (measure, value) in [
        (Measure::Arrived, arrived),
        (Measure::Automated, automated),
        (Measure::TurnedAway, turned_away),
        (Measure::Queued, queued),
        (Measure::Answered, answered),
        (Measure::Abandoned, abandoned),
        (Measure::Unresolved, unresolved),
        (Measure::AutomatedShare, automated / arrived),
        (Measure::AbandonedShare, abandoned / queued),
        (Measure::WithinTarget, in_time / queued),
        (Measure::WaitMeanS, wait_sum / (answered + abandoned)),
        (Measure::WaitP50S, p50),
        (Measure::WaitP90S, p90),
        (Measure::WaitP95S, p95),
        (Measure::AnsweredWaitMeanS, wait_s / answered),
        (
            Measure::QueueMean,
            queue_s / (row.bins.len() as f64 * HOUR_S),
        ),
        (Measure::QueueMax, f64::from(longest)),
    ] {
        figures[measure as usize] = value;
    }
}

fn of_operators(run: &Run, row: &RowKey, figures: &mut Figures) {
    let [
        mut duty_s,
        mut capacity_s,
        mut chats_s,
        mut busy_s,
        mut overtime_s,
    ] = [0.0; 5];
    let groups = row.group.map_or(0..run.groups, |group| group..group + 1);
    for bin in &row.bins {
        for cell in &run.staff[bin * run.groups..][groups.clone()] {
            duty_s += cell.duty_s;
            capacity_s += cell.capacity_s;
            chats_s += cell.chats_s;
            busy_s += cell.busy_s;
            overtime_s += cell.overtime_s;
        }
    }
    for (measure, value) in [
        (Measure::OnDuty, duty_s / (row.bins.len() as f64 * HOUR_S)),
        (Measure::Occupancy, chats_s / capacity_s),
        (Measure::Busy, busy_s / duty_s),
        (Measure::OvertimeH, overtime_s / HOUR_S),
    ] {
        figures[measure as usize] = value;
    }
}
