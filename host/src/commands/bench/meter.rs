//! Counts while a window is open. What begins before it and ends in it counts, as what ends after it does not.

use serde::Serialize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Shared by everything that generates load.
#[derive(Default)]
pub struct Meter(Mutex<Option<Counted>>);

/// What was counted in a window.
#[derive(Default)]
pub struct Counted {
    begun: Option<Instant>,
    /// Length of the window.
    pub elapsed: Duration,
    /// Webhook or chat API called → answered.
    pub acknowledged: Vec<Duration>,
    /// Webhook called → the channel has got the reply.
    pub delivered: Vec<Duration>,
    /// Chat API called → a poll has brought the reply.
    pub seen: Vec<Duration>,
    /// Polls answered.
    pub polls: u64,
    /// What was not to happen.
    pub failures: Failures,
}

/// What was not to happen.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Failures {
    /// Messages that were not acknowledged.
    pub refused: u64,
    /// Acknowledged messages whose reply did not come in time.
    pub unanswered: u64,
    /// Polls that failed.
    pub polls: u64,
    /// Messages that were due while every citizen still waited for an answer.
    pub not_sent: u64,
}

impl Meter {
    /// Opens the window.
    pub fn begin(&self) {
        *self.counted() = Some(Counted {
            begun: Some(Instant::now()),
            ..Counted::default()
        });
    }

    /// Closes the window.
    pub fn end(&self) -> Counted {
        let mut counted = self.counted().take().unwrap_or_default();
        counted.elapsed = counted
            .begun
            .map_or(Duration::ZERO, |begun| begun.elapsed());
        counted
    }

    /// Counts something, if the window is open.
    pub fn count(&self, change: impl FnOnce(&mut Counted)) {
        if let Some(counted) = self.counted().as_mut() {
            change(counted);
        }
    }

    fn counted(&self) -> MutexGuard<'_, Option<Counted>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counted {
    /// Messages that have gone the whole path, per second.
    pub fn messages_per_second(&self) -> f64 {
        let messages = self.delivered.len() + self.seen.len();
        messages as f64 / self.elapsed.as_secs_f64().max(f64::MIN_POSITIVE)
    }
}

/// How long something takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Percentiles {
    /// Half of all take less.
    pub p50_ms: f64,
    /// 95 of 100 take less.
    pub p95_ms: f64,
    /// 99 of 100 take less.
    pub p99_ms: f64,
}

impl Percentiles {
    /// Of some durations, by the nearest rank.
    pub fn of(durations: &[Duration]) -> Self {
        let mut sorted = durations.to_vec();
        sorted.sort_unstable();
        let at = |percent: usize| {
            let rank = (sorted.len() * percent).div_ceil(100).max(1);
            sorted
                .get(rank - 1)
                .map_or(0.0, |duration| duration.as_secs_f64() * 1000.0)
        };
        Self {
            p50_ms: at(50),
            p95_ms: at(95),
            p99_ms: at(99),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_taken_by_the_nearest_rank() {
        let durations: Vec<Duration> = (1..=200).rev().map(Duration::from_millis).collect();
        let expected = Percentiles {
            p50_ms: 100.0,
            p95_ms: 190.0,
            p99_ms: 198.0,
        };
        assert_eq!(Percentiles::of(&durations), expected);
        assert_eq!(Percentiles::of(&[]), Percentiles::default());
    }

    #[test]
    fn only_what_ends_in_the_window_counts() {
        let meter = Meter::default();
        let poll = |counted: &mut Counted| counted.polls += 1;
        meter.count(poll);
        meter.begin();
        meter.count(poll);
        assert_eq!(meter.end().polls, 1);
        meter.count(poll);
        meter.begin();
        assert_eq!(meter.end().polls, 0);
    }
}
