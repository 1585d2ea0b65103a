//! The citizens of a run, in the order they come. The same seed brings the same ones, whoever is there to answer.

use crate::distribution::Distribution;
use crate::plan::Plan;
use crate::random::{Draws, Purpose};
use crate::week::{DAY_H, HOUR_S, WEEK_H, WEEK_S};

/// Somebody who writes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Citizen {
    /// Seconds after the run's begin.
    pub(super) at_s: f64,
    pub(super) topic: u16,
    pub(super) language: u16,
    /// Whether the process answers without an operator.
    pub(super) is_automated: bool,
    /// What an operator with nothing else to do would need.
    pub(super) handling_s: f64,
    /// After so long they leave.
    pub(super) patience_s: f64,
}

/// Makes one citizen after the other.
pub(super) struct Citizens<'a> {
    plan: &'a Plan,
    begin_week_s: f64,
    arrival: Draws,
    topic: Draws,
    language: Draws,
    automated: Draws,
    handling: Draws,
    patience: Draws,
    day: Draws,
    /// How busy days are.
    day_factor: Distribution,
    index: u64,
    now_s: f64,
    /// The hour that `now_s` lies in: its end, and its citizens a second.
    hour_end_s: f64,
    rate: f64,
}

impl<'a> Citizens<'a> {
    pub(super) fn new(plan: &'a Plan, seed: u64, run: u32) -> Self {
        let draws = |purpose| Draws::new(seed, run, purpose);
        let spread = plan.arrivals.day_spread;
        let mut citizens = Self {
            plan,
            begin_week_s: plan.begin_week_s(),
            arrival: draws(Purpose::Arrival),
            topic: draws(Purpose::Topic),
            language: draws(Purpose::Language),
            automated: draws(Purpose::Automated),
            handling: draws(Purpose::Handling),
            patience: draws(Purpose::Patience),
            day: draws(Purpose::Day),
            day_factor: match spread > 0.0 {
                true => Distribution::lognormal(1.0, spread),
                false => Distribution::fixed(1.0),
            },
            index: 0,
            now_s: 0.0,
            hour_end_s: 0.0,
            rate: 0.0,
        };
        citizens.enter_hour(0);
        citizens
    }

    fn enter_hour(&mut self, hour: usize) {
        let begin_h = (self.begin_week_s / HOUR_S) as usize;
        let usual = self.plan.arrivals.per_hour[(begin_h + hour) % WEEK_H];
        let day = (begin_h % DAY_H + hour) / DAY_H;
        self.rate = usual * self.day_factor.quantile(self.day.at(day as u64)) / HOUR_S;
        self.hour_end_s = (hour + 1) as f64 * HOUR_S;
    }

    /// The next citizen, if one comes before `end_s`.
    ///
    /// A unit of chance is used up at the hour's rate, so that citizens keep their numbers when rates change a little.
    pub(super) fn next_before(&mut self, end_s: f64) -> Option<Citizen> {
        let mut chance = -(-self.arrival.at(self.index)).ln_1p();
        loop {
            let left = (self.hour_end_s - self.now_s) * self.rate;
            if chance < left {
                self.now_s += chance / self.rate;
                break;
            }
            chance -= left;
            self.now_s = self.hour_end_s;
            if self.now_s >= end_s {
                return None;
            }
            self.enter_hour((self.now_s / HOUR_S).round() as usize);
        }
        if self.now_s >= end_s {
            return None;
        }
        let citizen = self.citizen(self.now_s, self.index);
        self.index += 1;
        Some(citizen)
    }

    fn citizen(&self, at_s: f64, index: u64) -> Citizen {
        let topic = first_up_to(
            self.plan.topics.iter().map(|t| t.up_to),
            self.topic.at(index),
        );
        let languages = self.plan.languages.iter().map(|(_, up_to)| *up_to);
        let language = first_up_to(languages, self.language.at(index));
        let wish = &self.plan.topics[usize::from(topic)];
        let is_automated = self.automated.at(index) < wish.automated;
        let never = || f64::INFINITY;
        Citizen {
            at_s,
            topic,
            language,
            is_automated,
            handling_s: match is_automated {
                true => 0.0,
                false => wish.handling.quantile(self.handling.at(index)),
            },
            patience_s: wish
                .patience
                .as_ref()
                .map_or_else(never, |patience| patience.quantile(self.patience.at(index))),
        }
    }
}

/// The first of some cumulative shares that reaches a number.
fn first_up_to(sums: impl Iterator<Item = f64>, number: f64) -> u16 {
    let place = sums.zip(0_u16..).find(|(sum, _)| number < *sum);
    place.map_or(0, |(_, index)| index)
}

/// A moment of the run on the clock of the week.
pub(super) fn week_s(plan: &Plan, at_s: f64) -> f64 {
    (plan.begin_week_s() + at_s) % WEEK_S
}
