//! How many citizens come in each hour of the week: from counts in the file, else from the history.

use super::reader::{Problems, Section};
use crate::Problem;
use crate::history::Learned;
use crate::plan::Arrivals;
use crate::week::{DAY_H, WEEK_H, day_index};
use vikno_organisation::Weekday;

/// Citizens an hour; far above what a country writes.
const PER_HOUR_MAX: f64 = 1_000_000.0;

pub(super) fn arrivals(
    root: &mut Section,
    learned: Option<&Learned>,
    problems: &mut Problems,
) -> Option<Arrivals> {
    let known = learned.map(|learned| learned.per_hour.clone());
    let Some(mut section) = root.section("arrivals", problems) else {
        if known.is_none() {
            problems.push(Problem::new(
                "arrivals",
                "is missing; give the citizens of each hour, or a [history] to learn them from",
            ));
        }
        return Some(Arrivals {
            per_hour: known?,
            day_spread: 0.0,
        });
    };
    let weeks = section
        .number("weeks", 1.0..=520.0, problems)
        .unwrap_or(1.0);
    let growth = section
        .number("growth", 0.0..=100.0, problems)
        .unwrap_or(1.0);
    let day_spread = section
        .number("day_spread", 0.0..=2.0, problems)
        .unwrap_or(0.0);
    let mut per_hour = known.unwrap_or_else(|| vec![0.0; WEEK_H]);
    for day in Weekday::ALL {
        if let Some(counts) = counts(&mut section, day, problems) {
            let first = day_index(day) * DAY_H;
            for (place, count) in per_hour[first..first + DAY_H].iter_mut().zip(counts) {
                *place = count / weeks;
            }
        }
    }
    section.end(
        "weeks, growth, day_spread and the days of the week",
        problems,
    );
    for rate in &mut per_hour {
        *rate *= growth;
    }
    Some(Arrivals {
        per_hour,
        day_spread,
    })
}

/// The 24 numbers of a day.
fn counts(section: &mut Section, day: Weekday, problems: &mut Problems) -> Option<Vec<f64>> {
    let counts: Vec<f64> = section.optional(day.as_str(), problems)?;
    let place = section.at(day.as_str());
    if counts.len() != DAY_H {
        problems.push(Problem::new(
            place,
            format!(
                "{} numbers; give 24, one for each hour from midnight",
                counts.len()
            ),
        ));
        return None;
    }
    if let Some(bad) = counts
        .iter()
        .find(|count| !(0.0..=PER_HOUR_MAX).contains(*count))
    {
        problems.push(Problem::new(
            place,
            format!("{bad} is out of range; give 0 to {PER_HOUR_MAX}"),
        ));
        return None;
    }
    Some(counts)
}
