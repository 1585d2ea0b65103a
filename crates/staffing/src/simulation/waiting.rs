//! Who waits, by topic and language; the most urgent first, then who has waited longest.

use crate::plan::Plan;
use std::collections::VecDeque;

/// A place in the order: the lower, the sooner. Citizens have their numbers in the order they came.
type Rank = (u8, u32);

/// Waiting citizens. One who leaves stays in the line until somebody looks: `is_waiting` tells.
pub(super) struct Waiting {
    lines: Vec<VecDeque<u32>>,
    /// 9 less the priority of each class.
    urgency: Vec<u8>,
    /// The classes that each group can take.
    of_group: Vec<Vec<usize>>,
}

impl Waiting {
    pub(super) fn new(plan: &Plan) -> Self {
        let languages = plan.languages.len();
        let classes = 0..plan.classes();
        Self {
            lines: classes.clone().map(|_| VecDeque::new()).collect(),
            urgency: classes
                .clone()
                .map(|class| 9_u8.saturating_sub(plan.topics[class / languages].priority))
                .collect(),
            of_group: plan
                .groups
                .iter()
                .map(|group| {
                    classes
                        .clone()
                        .filter(|class| group.classes[*class])
                        .collect()
                })
                .collect(),
        }
    }

    pub(super) fn join(&mut self, class: usize, citizen: u32) {
        self.lines[class].push_back(citizen);
    }

    /// Takes the next citizen that a group can help.
    pub(super) fn take_for(
        &mut self,
        group: usize,
        is_waiting: impl Fn(u32) -> bool,
    ) -> Option<u32> {
        let mut best: Option<(Rank, usize)> = None;
        for class in &self.of_group[group] {
            let rank = rank(&mut self.lines[*class], self.urgency[*class], &is_waiting);
            if let Some(rank) = rank
                && best.is_none_or(|(known, _)| rank < known)
            {
                best = Some((rank, *class));
            }
        }
        best.and_then(|(_, class)| self.lines[class].pop_front())
    }

    /// The classes with somebody in line, the most urgent citizen's first.
    pub(super) fn in_order(&mut self, is_waiting: impl Fn(u32) -> bool) -> Vec<usize> {
        let mut ranked = Vec::new();
        for (class, line) in self.lines.iter_mut().enumerate() {
            if let Some(rank) = rank(line, self.urgency[class], &is_waiting) {
                ranked.push((rank, class));
            }
        }
        ranked.sort_unstable();
        ranked.into_iter().map(|(_, class)| class).collect()
    }

    /// Takes the first of a class whose line has somebody at its head.
    pub(super) fn take(&mut self, class: usize) -> Option<u32> {
        self.lines[class].pop_front()
    }

    /// Everybody leaves.
    pub(super) fn clear(&mut self) -> Vec<u32> {
        self.lines
            .iter_mut()
            .flat_map(|line| line.drain(..))
            .collect()
    }
}

/// The rank of a line's head, once those who left are out of the way.
fn rank(line: &mut VecDeque<u32>, urgency: u8, is_waiting: &impl Fn(u32) -> bool) -> Option<Rank> {
    while let Some(first) = line.front() {
        if is_waiting(*first) {
            return Some((urgency, *first));
        }
        line.pop_front();
    }
    None
}
