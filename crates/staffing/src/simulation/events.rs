//! What is going to happen, the next first.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Something that happens by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Event {
    /// An operator ends a chat, unless the operator's chats have changed since.
    Done { operator: u32, version: u32 },
    /// A citizen's patience ends, unless somebody took the chat.
    Gone { citizen: u32 },
}

/// Events in the order of time; those of the same time in the order they were noted.
#[derive(Debug, Default)]
pub(super) struct Events {
    heap: BinaryHeap<Entry>,
    noted: u64,
}

#[derive(Debug)]
struct Entry {
    at_s: f64,
    number: u64,
    event: Event,
}

impl Events {
    pub(super) fn note(&mut self, at_s: f64, event: Event) {
        if at_s.is_finite() {
            let number = self.noted;
            self.noted += 1;
            self.heap.push(Entry {
                at_s,
                number,
                event,
            });
        }
    }

    /// When the next one is; infinite when nothing is noted.
    pub(super) fn next_s(&self) -> f64 {
        self.heap.peek().map_or(f64::INFINITY, |entry| entry.at_s)
    }

    pub(super) fn take(&mut self) -> Option<Event> {
        self.heap.pop().map(|entry| entry.event)
    }
}

impl Ord for Entry {
    /// The earliest is the greatest: the heap gives the greatest first.
    fn cmp(&self, other: &Self) -> Ordering {
        let by_time = other.at_s.total_cmp(&self.at_s);
        by_time.then(other.number.cmp(&self.number))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}
