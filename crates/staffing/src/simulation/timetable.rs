//! What happens by the clock of the week: operators come and go, the centre opens and closes.

use crate::plan::Plan;
use crate::week::{WEEK_MIN, WEEK_S, WeekSpan};

/// A change by the clock. In this order when at the same time: who leaves, leaves before others come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Change {
    Ends { operator: u32 },
    Closes,
    Opens,
    Begins { operator: u32 },
}

/// The changes of every week, one after the other.
pub(super) struct Timetable {
    /// Seconds of the week, ascending.
    changes: Vec<(f64, Change)>,
    next: usize,
    /// Where the week that `next` lies in begins, in seconds of the run.
    week_begin_s: f64,
}

impl Timetable {
    pub(super) fn new(plan: &Plan) -> Self {
        let mut changes = Vec::new();
        for (operator, seat) in (0_u32..).zip(&plan.operators) {
            add(
                &mut changes,
                &seat.week,
                Change::Begins { operator },
                Change::Ends { operator },
            );
        }
        if let Some(hours) = &plan.hours {
            add(&mut changes, &hours.week, Change::Opens, Change::Closes);
        }
        changes.sort_unstable_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        let begin = plan.begin_week_s();
        let mut timetable = Self {
            next: changes.partition_point(|(at_s, _)| *at_s <= begin),
            changes,
            week_begin_s: -begin,
        };
        timetable.turn_week();
        timetable
    }

    fn turn_week(&mut self) {
        if self.next == self.changes.len() {
            self.next = 0;
            self.week_begin_s += WEEK_S;
        }
    }

    pub(super) fn next_s(&self) -> f64 {
        let next = self.changes.get(self.next);
        next.map_or(f64::INFINITY, |(at_s, _)| self.week_begin_s + at_s)
    }

    pub(super) fn take(&mut self) -> Option<Change> {
        let change = self.changes.get(self.next).map(|(_, change)| *change);
        self.next += 1;
        self.turn_week();
        change
    }
}

/// Begin and end of each span; over the week's turn what goes on does not end.
fn add(changes: &mut Vec<(f64, Change)>, week: &[WeekSpan], begins: Change, ends: Change) {
    let from_last_week = week.first().is_some_and(|span| span.start_min == 0);
    let to_next_week = week.last().is_some_and(|span| span.end_min == WEEK_MIN);
    let goes_on = from_last_week && to_next_week;
    for span in week {
        if !(goes_on && span.start_min == 0) {
            changes.push((f64::from(span.start_min) * 60.0, begins));
        }
        if !(goes_on && span.end_min == WEEK_MIN) {
            changes.push((f64::from(span.end_min) * 60.0, ends));
        }
    }
}
