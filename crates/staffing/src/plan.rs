//! What is simulated, checked: who comes, what they want, who answers and when.

use crate::distribution::Distribution;
use crate::erlang::Target;
use crate::week::{DAY_H, WEEK_H, WEEK_S, WeekSpan, day_index};
use std::ops::Range;
use vikno_organisation::Weekday;

/// A plan in order: every topic has a queue and, unless the process answers all of it, somebody who can take it.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What people call it.
    pub name: String,
    pub(crate) period: Period,
    pub(crate) target: Target,
    pub(crate) arrivals: Arrivals,
    /// Names, with cumulative shares that end at 1.
    pub(crate) languages: Vec<(String, f64)>,
    pub(crate) queues: Vec<String>,
    pub(crate) topics: Vec<Topic>,
    pub(crate) groups: Vec<Group>,
    pub(crate) operators: Vec<Operator>,
    pub(crate) hours: Option<WorkingHours>,
}

/// The time that is looked at.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Period {
    pub(crate) first_day: Weekday,
    pub(crate) days: usize,
    /// Hours simulated before, so that the first counted citizen does not meet an empty centre.
    pub(crate) warm_up_h: usize,
    /// Hours of the day that count.
    pub(crate) counted: Range<usize>,
}

/// How many come.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Arrivals {
    /// Citizens an hour for each hour of the week.
    pub(crate) per_hour: Vec<f64>,
    /// Deviation of whole days from the usual, in means.
    pub(crate) day_spread: f64,
}

/// What citizens come with.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Topic {
    pub(crate) id: String,
    pub(crate) queue: usize,
    pub(crate) priority: u8,
    /// Cumulative; ends at 1.
    pub(crate) up_to: f64,
    pub(crate) share: f64,
    /// Share that the process answers without an operator.
    pub(crate) automated: f64,
    pub(crate) handling: Distribution,
    /// None: they wait for ever.
    pub(crate) patience: Option<Distribution>,
}

/// Operators who can do the same.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Group {
    pub(crate) id: String,
    /// Can they take topic × language?
    pub(crate) classes: Vec<bool>,
    pub(crate) chats_at_once: usize,
    /// How much longer every chat takes for each further one at the same time.
    pub(crate) slowdown: f64,
}

/// One seat of the roster: a person, or persons one after another.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Operator {
    pub(crate) group: usize,
    pub(crate) week: Vec<WeekSpan>,
}

/// When the centre answers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WorkingHours {
    pub(crate) week: Vec<WeekSpan>,
    /// Outside of them citizens are told to come again; else they wait.
    pub(crate) turn_away: bool,
}

impl Plan {
    /// Topic × language.
    pub(crate) fn class(&self, topic: usize, language: usize) -> usize {
        topic * self.languages.len() + language
    }

    pub(crate) fn classes(&self) -> usize {
        self.topics.len() * self.languages.len()
    }

    /// The week's second at which the simulation begins.
    pub(crate) fn begin_week_s(&self) -> f64 {
        let hours = day_index(self.period.first_day) * DAY_H + WEEK_H * 8 - self.period.warm_up_h;
        (hours % WEEK_H) as f64 * crate::week::HOUR_S
    }

    /// Hours that are measured, from the first day's midnight on.
    pub(crate) fn bins(&self) -> usize {
        self.period.days * DAY_H
    }

    /// The measured hours that count.
    pub(crate) fn counted_bins(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.bins()).filter(|bin| self.period.counted.contains(&(bin % DAY_H)))
    }

    /// The hour of the week of a measured hour.
    pub(crate) fn week_hour(&self, bin: usize) -> usize {
        (day_index(self.period.first_day) * DAY_H + bin) % WEEK_H
    }

    /// Whether the centre answers at this second of the week.
    pub(crate) fn is_open(&self, week_s: f64) -> bool {
        let week_s = week_s.rem_euclid(WEEK_S);
        self.hours
            .as_ref()
            .is_none_or(|hours| hours.week.iter().any(|span| span.holds(week_s)))
    }

    /// Citizens expected in a whole run, with its warm-up.
    pub(crate) fn citizens_expected(&self) -> f64 {
        let first = self.begin_week_s() / crate::week::HOUR_S;
        let hours = 0..self.period.warm_up_h + self.bins();
        hours
            .map(|hour| self.arrivals.per_hour[(first as usize + hour) % WEEK_H])
            .sum()
    }
}
