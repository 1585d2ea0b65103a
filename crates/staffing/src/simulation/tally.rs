//! What is written down during a run, by hour and queue and by hour and group.

use crate::plan::Plan;
use crate::week::HOUR_S;
use std::ops::Range;

/// Citizens of one queue who came in one hour.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    pub(crate) arrived: u32,
    pub(crate) automated: u32,
    pub(crate) turned_away: u32,
    pub(crate) answered: u32,
    pub(crate) in_time: u32,
    pub(crate) abandoned: u32,
    /// Still waiting a week after the last day.
    pub(crate) unresolved: u32,
    pub(crate) answered_wait_s: f64,
    /// Of everybody who waited for an operator or was taken at once.
    pub(crate) waits_s: Vec<f32>,
    /// Waiting citizens times seconds, within the hour.
    pub(crate) queue_s: f64,
    pub(crate) queue_max: u32,
}

/// Operators of one group within one hour, in seconds times people or chats.
#[derive(Debug, Clone, Default)]
pub(crate) struct StaffCell {
    pub(crate) duty_s: f64,
    pub(crate) capacity_s: f64,
    pub(crate) chats_s: f64,
    pub(crate) busy_s: f64,
    pub(crate) overtime_s: f64,
}

/// One finished run.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) queues: usize,
    pub(crate) groups: usize,
    pub(crate) cells: Vec<Cell>,
    pub(crate) staff: Vec<StaffCell>,
    /// Citizens simulated, those before and after the measured days included.
    pub(crate) citizens: u64,
}

/// A run being written down.
pub(super) struct Tally {
    run: Run,
    begin_s: f64,
    bins: usize,
    in_time_s: f64,
    /// By queue: how many wait, and since when that is so.
    lengths: Vec<(u32, f64)>,
}

impl Tally {
    pub(super) fn new(plan: &Plan) -> Self {
        let (queues, groups, bins) = (plan.queues.len(), plan.groups.len(), plan.bins());
        Self {
            run: Run {
                queues,
                groups,
                cells: vec![Cell::default(); bins * queues],
                staff: vec![StaffCell::default(); bins * groups],
                citizens: 0,
            },
            begin_s: plan.period.warm_up_h as f64 * HOUR_S,
            bins,
            in_time_s: plan.target.seconds,
            lengths: vec![(0, 0.0); queues],
        }
    }

    pub(super) fn end_s(&self) -> f64 {
        self.begin_s + self.bins as f64 * HOUR_S
    }

    /// The measured hour of a moment.
    pub(super) fn bin(&self, at_s: f64) -> Option<usize> {
        let hour = (at_s - self.begin_s) / HOUR_S;
        (hour >= 0.0 && hour < self.bins as f64).then_some(hour as usize)
    }

    pub(super) fn came(&mut self) {
        self.run.citizens += 1;
    }

    pub(super) fn cell(&mut self, bin: usize, queue: usize) -> &mut Cell {
        &mut self.run.cells[bin * self.run.queues + queue]
    }

    pub(super) fn answered(&mut self, bin: usize, queue: usize, wait_s: f64) {
        let in_time = wait_s <= self.in_time_s;
        let cell = self.cell(bin, queue);
        cell.answered += 1;
        cell.in_time += u32::from(in_time);
        cell.answered_wait_s += wait_s;
        cell.waits_s.push(wait_s as f32);
    }

    pub(super) fn abandoned(&mut self, bin: usize, queue: usize, wait_s: f64) {
        let cell = self.cell(bin, queue);
        cell.abandoned += 1;
        cell.waits_s.push(wait_s as f32);
    }

    /// One more or one fewer waits.
    pub(super) fn length_changes(&mut self, queue: usize, now_s: f64, change: i32) {
        let (length, since_s) = self.lengths[queue];
        let changed = length.saturating_add_signed(change);
        self.lengths[queue] = (changed, now_s);
        let queues = self.run.queues;
        let cells = &mut self.run.cells;
        hours(self.begin_s, self.bins, since_s..now_s, |bin, seconds| {
            let cell = &mut cells[bin * queues + queue];
            cell.queue_s += seconds * f64::from(length);
            cell.queue_max = cell.queue_max.max(length);
        });
        if let Some(bin) = self.bin(now_s) {
            let cell = self.cell(bin, queue);
            cell.queue_max = cell.queue_max.max(changed);
        }
    }

    /// What a seat did in a span of time in which nothing changed.
    pub(super) fn worked(
        &mut self,
        group: usize,
        span_s: Range<f64>,
        is_on_duty: bool,
        chats: usize,
        capacity: usize,
    ) {
        if !is_on_duty && chats == 0 {
            return;
        }
        let groups = self.run.groups;
        let staff = &mut self.run.staff;
        hours(self.begin_s, self.bins, span_s, |bin, seconds| {
            let cell = &mut staff[bin * groups + group];
            if is_on_duty {
                cell.duty_s += seconds;
                cell.capacity_s += seconds * capacity as f64;
                cell.chats_s += seconds * chats as f64;
                cell.busy_s += if chats > 0 { seconds } else { 0.0 };
            } else {
                cell.overtime_s += seconds;
            }
        });
    }

    pub(super) fn finished(mut self) -> Run {
        let end_s = self.end_s();
        for queue in 0..self.run.queues {
            if self.lengths[queue].1 < end_s {
                self.length_changes(queue, end_s, 0);
            }
        }
        self.run
    }
}

/// Cuts a span of time at the measured hours.
fn hours(begin_s: f64, bins: usize, span_s: Range<f64>, mut each: impl FnMut(usize, f64)) {
    let end_s = begin_s + bins as f64 * HOUR_S;
    let (mut from, to) = (span_s.start.max(begin_s), span_s.end.min(end_s));
    while from < to {
        let bin = (((from - begin_s) / HOUR_S) as usize).min(bins - 1);
        let stop = (begin_s + (bin + 1) as f64 * HOUR_S).min(to);
        each(bin, stop - from);
        from = stop;
    }
}

#[cfg(test)]
mod tests {
    use super::hours;

    #[test]
    fn a_span_is_cut_at_the_hours_that_are_measured() {
        let mut pieces = Vec::new();
        hours(3600.0, 2, 1800.0..12_000.0, |bin, seconds| {
            pieces.push((bin, seconds))
        });
        assert_eq!(pieces, [(0, 3600.0), (1, 3600.0)]);
        pieces.clear();
        hours(0.0, 3, 3500.0..3700.0, |bin, seconds| {
            pieces.push((bin, seconds))
        });
        assert_eq!(pieces, [(0, 100.0), (1, 100.0)]);
        pieces.clear();
        hours(0.0, 1, 3600.0..4000.0, |bin, seconds| {
            pieces.push((bin, seconds))
        });
        assert_eq!(pieces, []);
    }
}
