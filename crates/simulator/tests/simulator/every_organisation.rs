//! Every organisation's scenarios pass and try as much of its processes as it asks for; no single failure of a step
//! loses anybody.

use crate::disk::{ORGANISATIONS, centre, suite};

/// What each of the ten has to ask for at the least.
const COVERAGE_MIN_PERCENT: u8 = 90;

#[test]
fn the_scenarios_of_every_organisation_pass_and_reach_its_coverage() {
    let mut told = String::new();
    for org in ORGANISATIONS {
        let report = suite(org).play(&centre(org), true);
        assert!(report.coverage_min_percent >= COVERAGE_MIN_PERCENT, "{org}");
        assert!(report.scenarios > 0, "{org}");
        let coverage = &report.coverage;
        println!(
            "{org}: {} scenarios, {} runs, {} failed, nodes {}/{}, branches {}/{}, buttons {}/{}, texts {}/{}, {} turns",
            report.scenarios,
            report.runs,
            report.failed.len(),
            coverage.nodes.covered,
            coverage.nodes.total,
            coverage.branches.covered,
            coverage.branches.total,
            coverage.buttons.covered,
            coverage.buttons.total,
            coverage.texts.covered,
            coverage.texts.total,
            report.turns,
        );
        println!("  not pressed: {:?}", coverage.buttons.missing);
        println!("  not said: {:?}", coverage.texts.missing);
        println!("  not passed: {:?}", coverage.nodes.missing);
        if !report.is_good() {
            told.push_str(&report.to_string());
        }
    }
    assert!(told.is_empty(), "\n{told}");
}

#[test]
fn no_single_failure_of_a_step_loses_anybody_in_silence() {
    for org in ORGANISATIONS {
        let report = suite(org).faults(&centre(org));
        println!(
            "{org}: {} dialogues, {} calls",
            report.dialogues, report.calls
        );
        assert!(report.calls > 0, "{org}");
        assert!(report.losses.is_empty(), "{org}:\n{report}");
    }
}
