//! Erlang-C and Erlang-A against printed values, limits, and a second way to compute them.

use vikno_staffing::erlang::{Load, NoAnswer, Performance, Target, operators_for, performance};

fn load(chats_per_hour: f64, handling_s: f64, patience_s: Option<f64>) -> Load {
    Load {
        chats_per_hour,
        handling_s,
        patience_s,
    }
}

fn close(found: f64, expected: f64, tolerance: f64) {
    assert!(
        (found - expected).abs() <= tolerance,
        "{found}, expected {expected}"
    );
}

/// The textbook example of call centre planners: 360 calls in half an hour of 240 s each, 55 agents.
#[test]
fn the_planners_example_of_erlang_c_is_met() {
    let found = performance(&load(720.0, 240.0, None), 55, 15.0).unwrap();
    close(found.occupancy, 0.873, 5e-4);
    close(found.waits, 0.239, 5e-4);
    close(found.wait_mean_s, 8.2, 0.05);
    close(found.within, 0.846, 1e-3);
}

/// The other one: 100 calls in half an hour of 180 s each need 14 agents for 80 % within 20 s.
#[test]
fn the_planners_example_of_a_target_is_met() {
    let load = load(200.0, 180.0, None);
    let target = Target {
        seconds: 20.0,
        share: 0.8,
    };
    assert_eq!(operators_for(&load, target), Ok(14));
    let found = performance(&load, 14, 20.0).unwrap();
    close(found.waits, 0.1741, 1e-4);
    close(found.within, 0.888, 5e-4);
    close(found.wait_mean_s, 7.8, 0.05);
    close(found.occupancy, 0.714, 5e-4);
}

/// Garnett, Mandelbaum, Reiman (2002), "Designing a call center with impatient customers": 48 calls a minute of one
/// minute, 50 agents; with a patience of two minutes on average, and without any.
#[test]
fn the_published_comparison_of_erlang_c_and_a_is_met() {
    let patient = performance(&load(2880.0, 60.0, None), 50, 58.1).unwrap();
    close(patient.wait_mean_s, 20.8, 0.05);
    close(patient.within, 0.90, 1e-3);
    close(patient.occupancy, 0.96, 5e-3);
    let impatient = performance(&load(2880.0, 60.0, Some(120.0)), 50, 12.5).unwrap();
    close(impatient.abandoned, 0.031, 5e-4);
    close(impatient.wait_mean_s, 3.7, 0.05);
    close(impatient.occupancy, 0.93, 5e-3);
}

/// Erlang-A by its birth and death process, state by state: another way to the same numbers.
fn by_states(load: &Load, operators: u32, patience_s: f64) -> Performance {
    let (arrivals, n) = (load.chats_per_hour / 3600.0, f64::from(operators));
    let leaving = |state: f64| state.min(n) / load.handling_s + (state - n).max(0.0) / patience_s;
    // Weights relative to the likeliest state, down and up.
    let mut mode = 0.0;
    while arrivals > leaving(mode + 1.0) {
        mode += 1.0;
    }
    let mut states = vec![(mode, 1.0)];
    let (mut state, mut weight) = (mode, 1.0);
    while state > 0.0 {
        weight *= leaving(state) / arrivals;
        state -= 1.0;
        states.push((state, weight));
    }
    (state, weight) = (mode, 1.0);
    while weight > 1e-20 {
        state += 1.0;
        weight *= arrivals / leaving(state);
        states.push((state, weight));
    }
    let total: f64 = states.iter().map(|(_, weight)| weight).sum();
    let mean = |f: &dyn Fn(f64) -> f64| {
        states
            .iter()
            .map(|(state, weight)| f(*state) * weight)
            .sum::<f64>()
            / total
    };
    let queue_mean = mean(&|state| (state - n).max(0.0));
    Performance {
        waits: mean(&|state| f64::from(u8::from(state >= n))),
        queue_mean,
        wait_mean_s: queue_mean / arrivals,
        abandoned: queue_mean / patience_s / arrivals,
        occupancy: mean(&|state| state.min(n)) / n,
        within: f64::NAN,
    }
}

#[test]
fn the_integral_and_the_states_agree_from_idle_to_overloaded() {
    for (chats_per_hour, handling_s, patience_s, operators) in [
        (10.0, 300.0, 600.0, 1),
        (120.0, 240.0, 90.0, 6),
        (120.0, 240.0, 3000.0, 8),
        (400.0, 240.0, 30.0, 10),
        (6000.0, 300.0, 600.0, 510),
        (6000.0, 300.0, 600.0, 300),
        (6000.0, 300.0, 20_000.0, 490),
        (36_000.0, 300.0, 400.0, 3000),
    ] {
        let load = load(chats_per_hour, handling_s, Some(patience_s));
        let found = performance(&load, operators, 60.0).unwrap();
        let expected = by_states(&load, operators, patience_s);
        let case = format!("{load:?} {operators}: {found:?} {expected:?}");
        for (one, other) in [
            (found.waits, expected.waits),
            (found.abandoned, expected.abandoned),
            (found.queue_mean, expected.queue_mean),
            (found.occupancy, expected.occupancy),
        ] {
            let scale = other.abs().max(1e-6);
            assert!((one - other).abs() < 1e-7 * scale, "{case}");
        }
    }
}

#[test]
fn endless_patience_is_erlang_c() {
    for (operators, rate) in [(5, 60.0), (55, 720.0), (300, 4200.0)] {
        let patient = performance(&load(rate, 240.0, None), operators, 30.0).unwrap();
        let nearly = performance(&load(rate, 240.0, Some(1e10)), operators, 30.0).unwrap();
        close(nearly.waits, patient.waits, 1e-5);
        close(nearly.within, patient.within, 1e-5);
        close(
            nearly.wait_mean_s,
            patient.wait_mean_s,
            1e-3 * patient.wait_mean_s,
        );
    }
}

/// With patience as long as handling every state has the weight of Poisson's law.
#[test]
fn patience_like_handling_is_poissons_law() {
    let found = performance(&load(72.0, 250.0, Some(250.0)), 4, 0.0).unwrap();
    // Five erlangs; one less e^-5 (1 + 5 + 12.5 + 125/6).
    let expected = 1.0 - (-5.0_f64).exp() * (1.0 + 5.0 + 12.5 + 125.0 / 6.0);
    close(found.waits, expected, 1e-10);
    close(found.within, 1.0 - expected, 1e-10);
}

#[test]
fn an_overloaded_centre_answers_what_it_can() {
    // A thousand erlangs, six hundred operators: four of ten leave.
    let found = performance(&load(12_000.0, 300.0, Some(300.0)), 600, 1.0).unwrap();
    close(found.abandoned, 0.4, 1e-6);
    close(found.occupancy, 1.0, 1e-6);
    close(found.waits, 1.0, 1e-6);
    close(found.within, 0.0, 1e-6);
}

#[test]
fn with_staff_beyond_measure_nobody_waits_and_nothing_overflows() {
    for patience_s in [None, Some(60.0)] {
        for operators in [500, 5_000, 20_000] {
            let found = performance(&load(10.0, 60.0, patience_s), operators, 0.0).unwrap();
            close(found.waits, 0.0, 1e-12);
            close(found.within, 1.0, 1e-12);
            close(found.wait_mean_s, 0.0, 1e-9);
        }
    }
}

#[test]
fn the_number_for_a_target_is_the_least_that_reaches_it() {
    for patience_s in [None, Some(300.0)] {
        for rate in [3.0, 40.0, 500.0, 9000.0] {
            for share in [0.5, 0.8, 0.99] {
                let load = load(rate, 320.0, patience_s);
                let target = Target {
                    seconds: 60.0,
                    share,
                };
                let operators = operators_for(&load, target).unwrap();
                let within = |count| performance(&load, count, 60.0).map_or(0.0, |p| p.within);
                assert!(within(operators) >= share, "{load:?}");
                assert!(operators == 1 || within(operators - 1) < share, "{load:?}");
            }
        }
    }
}

#[test]
fn what_has_no_answer_says_so() {
    let overloaded = performance(&load(60.0, 240.0, None), 4, 10.0);
    let expected = NoAnswer::Overloaded {
        operators: 4,
        offered: 4.0,
    };
    assert_eq!(overloaded, Err(expected));
    for (load, name) in [
        (load(0.0, 60.0, None), "chats_per_hour"),
        (load(1.0, f64::NAN, None), "handling_s"),
        (load(1.0, 60.0, Some(-1.0)), "patience_s"),
    ] {
        assert_eq!(performance(&load, 1, 1.0), Err(NoAnswer::NotPositive(name)));
    }
    assert_eq!(
        performance(&load(1.0, 60.0, None), 0, 1.0),
        Err(NoAnswer::NotPositive("operators"))
    );
    // More than everybody is nobody's share.
    let target = Target {
        seconds: 0.0,
        share: 1.5,
    };
    assert_eq!(
        operators_for(&load(1.0, 60.0, None), target),
        Err(NoAnswer::OutOfReach)
    );
}
