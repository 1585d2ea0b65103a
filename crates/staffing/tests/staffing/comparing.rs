//! Two plans before the same citizens.

use crate::support::{parse, report, total};
use std::path::Path;
use vikno_staffing::{Comparison, Measure, Part, Plan, simulate};

fn sample(name: &str) -> String {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/staffing");
    std::fs::read_to_string(docs.join(name)).unwrap()
}

fn total_of(comparison: &Comparison, measure: Measure) -> vikno_staffing::Estimate {
    let row = comparison
        .differences
        .iter()
        .find(|row| row.part == Part::Total);
    row.unwrap().figures[&measure]
}

fn compared(first: &Plan, second: &Plan, runs: u32) -> Comparison {
    let (one, two) = (simulate(first, 3, runs), simulate(second, 3, runs));
    Comparison::new((first, &one), (second, &two))
}

#[test]
fn two_rosters_meet_the_same_citizens() {
    let (ten, eight) = (
        parse(&sample("monday-ten.toml")),
        parse(&sample("monday-eight.toml")),
    );
    let found = compared(&ten, &eight, 10);
    for measure in [Measure::Arrived, Measure::Automated, Measure::TurnedAway] {
        let difference = total_of(&found, measure);
        assert_eq!(
            (difference.mean, difference.plus_minus),
            (0.0, Some(0.0)),
            "{measure:?}"
        );
    }
    let wait = total_of(&found, Measure::WaitMeanS);
    assert!(wait.mean > 0.0 && wait.differs_from_nought(), "{wait:?}");
    let in_time = total_of(&found, Measure::WithinTarget);
    assert!(
        in_time.mean < 0.0 && in_time.differs_from_nought(),
        "{in_time:?}"
    );
}

#[test]
fn the_same_citizens_make_the_interval_of_a_difference_narrower_than_luck_would() {
    let (ten, eight) = (
        parse(&sample("monday-ten.toml")),
        parse(&sample("monday-eight.toml")),
    );
    let (one, two, other_luck) = (
        simulate(&ten, 3, 20),
        simulate(&eight, 3, 20),
        simulate(&eight, 4, 20),
    );
    let paired = Comparison::new((&ten, &one), (&eight, &two));
    let unpaired = Comparison::new((&ten, &one), (&eight, &other_luck));
    let width = |comparison: &Comparison| {
        total_of(comparison, Measure::WithinTarget)
            .plus_minus
            .unwrap()
    };
    assert!(
        width(&paired) < 0.8 * width(&unpaired),
        "{} {}",
        width(&paired),
        width(&unpaired)
    );
}

#[test]
fn a_process_that_answers_more_alone_takes_only_those_it_answers() {
    let before = parse(&sample("monday-ten.toml"));
    let text = sample("monday-ten.toml").replace("automated = 0.55", "automated = 0.75");
    let after = parse(&text);
    let found = compared(&before, &after, 10);
    assert_eq!(total_of(&found, Measure::Arrived).mean, 0.0);
    let share = total_of(&found, Measure::AutomatedShare);
    // A fifth of the 45 % who ask for a status.
    assert!((share.mean - 0.2 * 0.45).abs() < 0.01, "{share:?}");
    assert!(total_of(&found, Measure::WaitMeanS).mean < 0.0);
}

#[test]
fn a_plan_against_itself_differs_in_nothing() {
    let plan = parse(&sample("monday-ten.toml"));
    let found = compared(&plan, &plan, 3);
    for row in &found.differences {
        for (measure, estimate) in &row.figures {
            assert_eq!(estimate.mean, 0.0, "{} {measure:?}", row.name);
        }
    }
}

#[test]
fn the_samples_show_what_the_guide_says() {
    let ten = report(&parse(&sample("monday-ten.toml")), 1, 30);
    let eight = report(&parse(&sample("monday-eight.toml")), 1, 30);
    assert!(total(&ten, Measure::WithinTarget).mean > total(&eight, Measure::WithinTarget).mean);
    assert_eq!(ten.needed, eight.needed);
}
