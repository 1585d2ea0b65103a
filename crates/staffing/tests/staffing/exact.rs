//! The simulation where the answer is known on paper: it must lie in the interval the runs give.

use crate::support::{Steady, report, total};
use vikno_staffing::erlang::{Load, performance};
use vikno_staffing::{Estimate, Measure};

/// From the 95 % interval to one that misses once in a thousand: many figures are looked at here.
const WIDER: f64 = 1.8;

/// The interval holds the expected value and is narrow enough to tell a wrong one from it.
fn agrees(name: &str, found: Estimate, expected: f64, narrow: f64) {
    let half = found.plus_minus.unwrap();
    assert!(
        (found.mean - expected).abs() <= WIDER * half,
        "{name}: {} ± {half}, on paper {expected}",
        found.mean
    );
    assert!(
        half <= narrow * expected,
        "{name}: ± {half} of {expected} proves nothing"
    );
}

fn check(steady: &Steady, slots: u32) {
    let load = Load {
        chats_per_hour: steady.chats_per_hour,
        handling_s: steady.handling_s,
        patience_s: steady.patience_s,
    };
    // 60 s is the target of a plan that names none.
    let paper = performance(&load, slots, 60.0).unwrap();
    let found = report(&steady.plan(), 20_261_127, 30);
    agrees(
        "wait",
        total(&found, Measure::WaitMeanS),
        paper.wait_mean_s,
        0.1,
    );
    agrees(
        "in time",
        total(&found, Measure::WithinTarget),
        paper.within,
        0.02,
    );
    agrees(
        "queue",
        total(&found, Measure::QueueMean),
        paper.queue_mean,
        0.1,
    );
    agrees(
        "occupancy",
        total(&found, Measure::Occupancy),
        paper.occupancy,
        0.02,
    );
    if paper.abandoned > 0.0 {
        agrees(
            "left",
            total(&found, Measure::AbandonedShare),
            paper.abandoned,
            0.1,
        );
    }
}

#[test]
fn one_operator_with_patient_citizens_is_erlang_c() {
    check(
        &Steady {
            chats_per_hour: 24.0,
            handling_s: 90.0,
            patience_s: None,
            operators: 1,
            group: "",
        },
        1,
    );
}

#[test]
fn several_operators_with_patient_citizens_are_erlang_c() {
    check(
        &Steady {
            chats_per_hour: 90.0,
            handling_s: 240.0,
            patience_s: None,
            operators: 8,
            group: "",
        },
        8,
    );
}

#[test]
fn citizens_who_leave_are_erlang_a() {
    check(
        &Steady {
            chats_per_hour: 60.0,
            handling_s: 300.0,
            patience_s: Some(180.0),
            operators: 5,
            group: "",
        },
        5,
    );
}

#[test]
fn an_overloaded_centre_is_erlang_a_too() {
    check(
        &Steady {
            chats_per_hour: 100.0,
            handling_s: 300.0,
            patience_s: Some(400.0),
            operators: 6,
            group: "",
        },
        6,
    );
}

#[test]
fn chats_at_once_without_slowing_down_are_so_many_operators() {
    check(
        &Steady {
            chats_per_hour: 90.0,
            handling_s: 300.0,
            patience_s: Some(300.0),
            operators: 3,
            group: "chats_at_once = 3",
        },
        9,
    );
}

/// One who shares attention evenly works as fast as with one chat: the number of chats is that of a single server, of
/// which three are under way. So ρ⁴/(1 − ρ) wait on average.
#[test]
fn shared_attention_keeps_the_pace_of_one() {
    let steady = Steady {
        chats_per_hour: 36.0,
        handling_s: 70.0,
        patience_s: None,
        operators: 1,
        group: "chats_at_once = 3\nslowdown = 1",
    };
    let busy: f64 = 0.7;
    let found = report(&steady.plan(), 5, 30);
    let waiting = busy.powi(4) / (1.0 - busy);
    agrees("queue", total(&found, Measure::QueueMean), waiting, 0.1);
    agrees("busy", total(&found, Measure::Busy), busy, 0.02);
    let under_way = busy / (1.0 - busy) - waiting;
    agrees(
        "occupancy",
        total(&found, Measure::Occupancy),
        under_way / 3.0,
        0.03,
    );
}
