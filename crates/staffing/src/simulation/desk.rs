//! What happens to citizens and operators when something happens to one of them.

use super::citizens::{Citizen, week_s};
use super::events::{Event, Events};
use super::staff::Staff;
use super::tally::{Run, Tally};
use super::timetable::Change;
use super::waiting::Waiting;
use crate::plan::Plan;

/// Somebody who came to a queue.
struct Case {
    at_s: f64,
    handling_s: f64,
    class: usize,
    queue: usize,
    /// The hour they are counted in; none before and after the measured days.
    bin: Option<usize>,
    is_waiting: bool,
}

/// The centre in the middle of a run.
pub(super) struct Desk<'a> {
    plan: &'a Plan,
    staff: Staff<'a>,
    waiting: Waiting,
    cases: Vec<Case>,
    pub(super) events: Events,
    pub(super) tally: Tally,
    is_open: bool,
    /// Counted citizens who still wait.
    pub(super) counted_waiting: usize,
}

impl<'a> Desk<'a> {
    /// The centre as it is at the run's begin: those on duty are there, nobody waits.
    pub(super) fn new(plan: &'a Plan) -> Self {
        let begin = week_s(plan, 0.0);
        let mut desk = Self {
            plan,
            staff: Staff::new(plan),
            waiting: Waiting::new(plan),
            cases: Vec::new(),
            events: Events::default(),
            tally: Tally::new(plan),
            is_open: plan.is_open(begin),
            counted_waiting: 0,
        };
        for (index, operator) in (0_u32..).zip(&plan.operators) {
            if operator.week.iter().any(|span| span.holds(begin)) {
                desk.staff.begin(index, 0.0, &mut desk.tally);
            }
        }
        desk
    }

    pub(super) fn arrives(&mut self, citizen: Citizen) {
        self.tally.came();
        let topic = usize::from(citizen.topic);
        let queue = self.plan.topics[topic].queue;
        let bin = self.tally.bin(citizen.at_s);
        let turned_away = !citizen.is_automated && self.turns_away();
        if let Some(bin) = bin {
            let cell = self.tally.cell(bin, queue);
            cell.arrived += 1;
            cell.automated += u32::from(citizen.is_automated);
            cell.turned_away += u32::from(turned_away);
        }
        if citizen.is_automated || turned_away {
            return;
        }
        let number = self.cases.len() as u32;
        let class = self.plan.class(topic, usize::from(citizen.language));
        self.cases.push(Case {
            at_s: citizen.at_s,
            handling_s: citizen.handling_s,
            class,
            queue,
            bin,
            is_waiting: false,
        });
        match self.staff.somebody_for(class) {
            Some(seat) => self.is_taken(number, seat, citizen.at_s),
            None => self.waits(number, citizen.patience_s),
        }
    }

    fn waits(&mut self, number: u32, patience_s: f64) {
        let case = &mut self.cases[number as usize];
        case.is_waiting = true;
        self.counted_waiting += usize::from(case.bin.is_some());
        self.tally.length_changes(case.queue, case.at_s, 1);
        self.waiting.join(case.class, number);
        self.events
            .note(case.at_s + patience_s, Event::Gone { citizen: number });
    }

    fn turns_away(&self) -> bool {
        let hours = self.plan.hours.as_ref();
        !self.is_open && hours.is_some_and(|hours| hours.turn_away)
    }

    pub(super) fn happens(&mut self, event: Event, now_s: f64) {
        match event {
            Event::Gone { citizen } => self.leaves(citizen, now_s),
            Event::Done { operator, version } => {
                if self.staff.finish(operator, version, now_s, &mut self.tally) {
                    self.looks_up(operator, now_s);
                }
            }
        }
    }

    /// An operator has ended a chat and takes the next one.
    fn looks_up(&mut self, seat: u32, now_s: f64) {
        let group = self.staff.group(seat);
        let cases = &self.cases;
        let next = match self.staff.has_room(seat) {
            true => self
                .waiting
                .take_for(group, |number| cases[number as usize].is_waiting),
            false => None,
        };
        match next {
            Some(number) => self.is_taken(number, seat, now_s),
            None => self.foresee_end(seat),
        }
    }

    fn is_taken(&mut self, number: u32, seat: u32, now_s: f64) {
        self.waits_no_more(number, now_s);
        let case = &self.cases[number as usize];
        if let Some(bin) = case.bin {
            self.tally.answered(bin, case.queue, now_s - case.at_s);
        }
        self.staff
            .take(seat, case.handling_s, now_s, &mut self.tally);
        self.foresee_end(seat);
    }

    fn foresee_end(&mut self, seat: u32) {
        if let Some(end) = self.staff.next_end(seat) {
            let event = Event::Done {
                operator: seat,
                version: end.version,
            };
            self.events.note(end.at_s, event);
        }
    }

    /// Without an answer. Nothing happens to somebody who does not wait any more.
    fn leaves(&mut self, number: u32, now_s: f64) {
        let was_waiting = self.waits_no_more(number, now_s);
        let case = &self.cases[number as usize];
        if let Some(bin) = case.bin.filter(|_| was_waiting) {
            self.tally.abandoned(bin, case.queue, now_s - case.at_s);
        }
    }

    /// Whether they were waiting before.
    fn waits_no_more(&mut self, number: u32, now_s: f64) -> bool {
        let case = &mut self.cases[number as usize];
        let was_waiting = std::mem::replace(&mut case.is_waiting, false);
        if was_waiting {
            self.tally.length_changes(case.queue, now_s, -1);
            self.counted_waiting -= usize::from(case.bin.is_some());
        }
        was_waiting
    }

    pub(super) fn changes(&mut self, change: Change, now_s: f64) {
        match change {
            Change::Begins { operator } => self.staff.begin(operator, now_s, &mut self.tally),
            Change::Ends { operator } => self.staff.end(operator, now_s, &mut self.tally),
            Change::Opens => self.is_open = true,
            Change::Closes => {
                self.is_open = false;
                if self.turns_away() {
                    for number in self.waiting.clear() {
                        self.leaves(number, now_s);
                    }
                }
            }
        }
    }

    /// Those who have come on duty share those who wait: each gets a first chat before anybody gets a second.
    pub(super) fn share_out(&mut self, now_s: f64) {
        let mut nobody_for = vec![false; self.plan.classes()];
        loop {
            let cases = &self.cases;
            let order = self
                .waiting
                .in_order(|number| cases[number as usize].is_waiting);
            let Some(class) = order.into_iter().find(|class| !nobody_for[*class]) else {
                return;
            };
            match self.staff.somebody_for(class) {
                None => nobody_for[class] = true,
                Some(seat) => {
                    if let Some(number) = self.waiting.take(class) {
                        self.is_taken(number, seat, now_s);
                    }
                }
            }
        }
    }

    /// Writes down what is still open.
    pub(super) fn finish(mut self) -> Run {
        let end_s = self.tally.end_s();
        self.staff.advance_all(end_s, &mut self.tally);
        for case in self.cases.iter().filter(|case| case.is_waiting) {
            if let Some(bin) = case.bin {
                self.tally.cell(bin, case.queue).unresolved += 1;
            }
        }
        self.tally.finished()
    }
}
