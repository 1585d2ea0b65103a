//! A distribution as people write it: `{ mean_s = 300 }`, with a shape if it is not the plain one.

use super::reader::{Problems, Section};
use crate::Problem;
use crate::distribution::Distribution;

/// A week: nobody waits or is helped for longer in one go.
const TIME_S_MAX: f64 = 604_800.0;
const SHAPES: &str = "exponential, lognormal (with cv) or fixed";

/// The distribution in a field, if the field is there and in order.
pub(super) fn distribution(
    section: &mut Section,
    name: &str,
    problems: &mut Problems,
) -> Option<Distribution> {
    let mut times = section.section(name, problems)?;
    let found = match times.has("values_s") {
        true => measured(&mut times, problems),
        false => shaped(&mut times, problems),
    };
    times.end("mean_s, shape, cv, or values_s", problems);
    found
}

fn measured(times: &mut Section, problems: &mut Problems) -> Option<Distribution> {
    let values: Vec<f64> = times.optional("values_s", problems)?;
    let sound = |value: &f64| *value > 0.0 && *value <= TIME_S_MAX;
    if values.is_empty() || !values.iter().all(sound) {
        problems.push(Problem::new(
            times.at("values_s"),
            format!(
                "give at least one measured time, each above 0 and at most {TIME_S_MAX} seconds"
            ),
        ));
        return None;
    }
    Distribution::measured(values)
}

fn shaped(times: &mut Section, problems: &mut Problems) -> Option<Distribution> {
    if !times.has("mean_s") {
        problems.push(Problem::new(
            times.at("mean_s"),
            "is missing; give the mean in seconds",
        ));
    }
    let mean_s = times.number("mean_s", 0.1..=TIME_S_MAX, problems);
    let shape = times.optional::<String>("shape", problems);
    let cv = times.number("cv", 0.01..=10.0, problems);
    match shape.as_deref().unwrap_or("exponential") {
        "exponential" => mean_s.map(Distribution::exponential),
        "fixed" => mean_s.map(Distribution::fixed),
        "lognormal" => mean_s.map(|mean_s| Distribution::lognormal(mean_s, cv.unwrap_or(1.0))),
        other => {
            problems.push(Problem::new(
                times.at("shape"),
                format!("'{other}' is not known; write {SHAPES}"),
            ));
            None
        }
    }
}
