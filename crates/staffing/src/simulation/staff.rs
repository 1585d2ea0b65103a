//! The seats of the roster: who is there, how many chats each has, and when the next one ends.

use super::tally::Tally;
use crate::plan::{Group, Plan};

/// An operator's place.
struct Seat {
    group: usize,
    is_on_duty: bool,
    /// Work left in seconds of undivided attention.
    chats: Vec<f64>,
    /// When `chats` was true.
    at_s: f64,
    /// Counts the changes of `chats`: an end foreseen before the last one does not come.
    version: u32,
    taken_s: f64,
}

/// Everybody who answers.
pub(super) struct Staff<'a> {
    groups: &'a [Group],
    seats: Vec<Seat>,
    seats_of: Vec<Vec<u32>>,
    /// Chats that could be taken at once by those on duty, by group.
    free: Vec<usize>,
    /// The groups that can take a class; who can take least comes first.
    groups_for: Vec<Vec<usize>>,
}

/// When a seat's next chat ends.
pub(super) struct NextEnd {
    pub(super) at_s: f64,
    pub(super) version: u32,
}

impl<'a> Staff<'a> {
    pub(super) fn new(plan: &'a Plan) -> Self {
        let groups = plan.groups.as_slice();
        let breadth = |group: &usize| groups[*group].classes.iter().filter(|can| **can).count();
        let groups_for = (0..plan.classes()).map(|class| {
            let mut able: Vec<usize> = (0..groups.len())
                .filter(|group| groups[*group].classes[class])
                .collect();
            able.sort_by_key(breadth);
            able
        });
        let seat = |group| Seat {
            group,
            is_on_duty: false,
            chats: Vec::with_capacity(groups[group].chats_at_once),
            at_s: 0.0,
            version: 0,
            taken_s: f64::NEG_INFINITY,
        };
        let mut seats_of = vec![Vec::new(); groups.len()];
        for (index, operator) in (0_u32..).zip(&plan.operators) {
            seats_of[operator.group].push(index);
        }
        Self {
            seats: plan
                .operators
                .iter()
                .map(|operator| seat(operator.group))
                .collect(),
            seats_of,
            free: vec![0; groups.len()],
            groups_for: groups_for.collect(),
            groups,
        }
    }

    pub(super) fn begin(&mut self, index: u32, now_s: f64, tally: &mut Tally) {
        self.advance(index, now_s, tally);
        let seat = &mut self.seats[index as usize];
        if !seat.is_on_duty {
            seat.is_on_duty = true;
            self.free[seat.group] += room(seat, self.groups);
        }
    }

    /// Takes no more chats; those under way are brought to their end.
    pub(super) fn end(&mut self, index: u32, now_s: f64, tally: &mut Tally) {
        self.advance(index, now_s, tally);
        let seat = &mut self.seats[index as usize];
        if seat.is_on_duty {
            seat.is_on_duty = false;
            self.free[seat.group] -= room(seat, self.groups);
        }
    }

    /// Who takes a chat of this class: who has fewest, then who can do least else, then who has rested longest.
    pub(super) fn somebody_for(&self, class: usize) -> Option<u32> {
        let mut best: Option<(usize, usize, f64, u32)> = None;
        for (rank, group) in self.groups_for[class].iter().enumerate() {
            if self.free[*group] == 0 {
                continue;
            }
            for index in &self.seats_of[*group] {
                let seat = &self.seats[*index as usize];
                if !seat.is_on_duty || room(seat, self.groups) == 0 {
                    continue;
                }
                let found = (seat.chats.len(), rank, seat.taken_s, *index);
                if best.is_none_or(|known| found < known) {
                    best = Some(found);
                }
            }
        }
        best.map(|(_, _, _, index)| index)
    }

    pub(super) fn group(&self, index: u32) -> usize {
        self.seats[index as usize].group
    }

    /// Whether a seat can take one more.
    pub(super) fn has_room(&self, index: u32) -> bool {
        let seat = &self.seats[index as usize];
        seat.is_on_duty && room(seat, self.groups) > 0
    }

    /// A seat with room takes a chat.
    pub(super) fn take(&mut self, index: u32, work_s: f64, now_s: f64, tally: &mut Tally) {
        self.advance(index, now_s, tally);
        let seat = &mut self.seats[index as usize];
        seat.chats.push(work_s);
        seat.taken_s = now_s;
        seat.version = seat.version.wrapping_add(1);
        self.free[seat.group] -= 1;
    }

    /// The chat with the least work left ends, if nothing changed since that was foreseen.
    pub(super) fn finish(
        &mut self,
        index: u32,
        version: u32,
        now_s: f64,
        tally: &mut Tally,
    ) -> bool {
        if self.seats[index as usize].version != version {
            return false;
        }
        self.advance(index, now_s, tally);
        let seat = &mut self.seats[index as usize];
        let by_work = |one: &(usize, &f64), other: &(usize, &f64)| one.1.total_cmp(other.1);
        if let Some((place, _)) = seat.chats.iter().enumerate().min_by(by_work) {
            seat.chats.swap_remove(place);
            self.free[seat.group] += usize::from(seat.is_on_duty);
        }
        seat.version = seat.version.wrapping_add(1);
        true
    }

    pub(super) fn next_end(&self, index: u32) -> Option<NextEnd> {
        let seat = &self.seats[index as usize];
        let least = seat.chats.iter().copied().min_by(f64::total_cmp)?;
        Some(NextEnd {
            at_s: seat.at_s + least.max(0.0) / speed(seat, self.groups),
            version: seat.version,
        })
    }

    /// Brings every seat's figures up to this time.
    pub(super) fn advance_all(&mut self, now_s: f64, tally: &mut Tally) {
        for index in (0_u32..).take(self.seats.len()) {
            self.advance(index, now_s, tally);
        }
    }

    fn advance(&mut self, index: u32, now_s: f64, tally: &mut Tally) {
        let seat = &mut self.seats[index as usize];
        let done = (now_s - seat.at_s) * speed(seat, self.groups);
        let capacity = self.groups[seat.group].chats_at_once;
        tally.worked(
            seat.group,
            seat.at_s..now_s,
            seat.is_on_duty,
            seat.chats.len(),
            capacity,
        );
        for left in &mut seat.chats {
            *left -= done;
        }
        seat.at_s = now_s;
    }
}

fn room(seat: &Seat, groups: &[Group]) -> usize {
    groups[seat.group]
        .chats_at_once
        .saturating_sub(seat.chats.len())
}

/// Progress of each chat in a second, with so many at the same time.
fn speed(seat: &Seat, groups: &[Group]) -> f64 {
    let further = seat.chats.len().saturating_sub(1) as f64;
    1.0 / (1.0 + groups[seat.group].slowdown * further)
}
