//! What the formula says beside the simulation: operators needed in each hour for the target, queue by queue.
//!
//! It takes each hour for itself, exponential times, and operators of one queue only: a first guess for a roster, which
//! the simulation then tests.

use crate::erlang::{Load, operators_for};
use crate::plan::Plan;
use crate::week::DAY_H;
use serde::Serialize;

/// Operators needed for one queue in one hour of the day, in the busiest of the days looked at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Needed {
    /// `09:00`.
    pub hour: String,
    /// The queue.
    pub queue: String,
    /// Citizens who come to it in this hour.
    pub chats_per_hour: f64,
    /// None when no number of operators reaches the target.
    pub operators: Option<u32>,
}

/// What a queue's citizens are like on average.
struct Mixture {
    /// Of all who write.
    share: f64,
    handling_s: f64,
    patience_s: Option<f64>,
    chats_at_once: usize,
}

pub(crate) fn needed(plan: &Plan) -> Vec<Needed> {
    let mixtures: Vec<Mixture> = (0..plan.queues.len())
        .map(|queue| mixture(plan, queue))
        .collect();
    let mut all = Vec::new();
    for hour in plan.period.counted.clone() {
        let busiest = busiest(plan, hour);
        for (queue, mixture) in plan.queues.iter().zip(&mixtures) {
            let chats_per_hour = busiest * mixture.share;
            all.push(Needed {
                hour: format!("{hour:02}:00"),
                queue: queue.clone(),
                chats_per_hour,
                operators: operators(plan, mixture, chats_per_hour),
            });
        }
    }
    all
}

/// Citizens who write in this hour of the day, on the day when most do; only open hours count.
fn busiest(plan: &Plan, hour: usize) -> f64 {
    let own = plan.counted_bins().filter(|bin| bin % DAY_H == hour);
    let open = own.map(|bin| plan.week_hour(bin)).filter(|week_hour| {
        plan.is_open(*week_hour as f64 * 3600.0)
            || plan.hours.as_ref().is_some_and(|h| !h.turn_away)
    });
    open.map(|week_hour| plan.arrivals.per_hour[week_hour])
        .fold(0.0, f64::max)
}

fn mixture(plan: &Plan, queue: usize) -> Mixture {
    let own = || plan.topics.iter().filter(|topic| topic.queue == queue);
    let weights = || own().map(|topic| topic.share * (1.0 - topic.automated));
    let share: f64 = weights().sum();
    let mean = |values: &mut dyn Iterator<Item = f64>| {
        weights()
            .zip(values)
            .map(|(weight, value)| weight * value)
            .sum::<f64>()
            / share
    };
    let handling_s = mean(&mut own().map(|topic| topic.handling.mean_s()));
    // One who waits for ever has no rate of leaving.
    let leaving =
        mean(&mut own().map(|topic| topic.patience.as_ref().map_or(0.0, |p| 1.0 / p.mean_s())));
    let (chats_at_once, slowdown) = seats(plan, queue);
    Mixture {
        share,
        handling_s: handling_s * (1.0 + slowdown * (chats_at_once - 1) as f64),
        patience_s: (leaving > 0.0).then(|| 1.0 / leaving),
        chats_at_once,
    }
}

/// Of the group with the fewest chats at once among those who can take something of the queue.
fn seats(plan: &Plan, queue: usize) -> (usize, f64) {
    let languages = plan.languages.len();
    let can = |class: &(usize, &bool)| *class.1 && plan.topics[class.0 / languages].queue == queue;
    let able = plan
        .groups
        .iter()
        .filter(|group| group.classes.iter().enumerate().any(|c| can(&c)));
    let fewest = able.min_by_key(|group| group.chats_at_once);
    fewest.map_or((1, 0.0), |group| (group.chats_at_once, group.slowdown))
}

fn operators(plan: &Plan, mixture: &Mixture, chats_per_hour: f64) -> Option<u32> {
    if chats_per_hour <= 0.0 {
        return Some(0);
    }
    let load = Load {
        chats_per_hour,
        handling_s: mixture.handling_s,
        patience_s: mixture.patience_s,
    };
    let chats_at_once = mixture.chats_at_once as u32;
    let seats = operators_for(&load, plan.target).ok()?;
    Some(seats.div_ceil(chats_at_once))
}
