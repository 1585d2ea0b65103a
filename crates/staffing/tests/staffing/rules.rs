//! What holds in every run, and what single settings do.

use crate::support::{mean, parse, report, total};
use proptest::prelude::*;
use vikno_staffing::{Measure, Part, Report, simulate};

/// One day, one topic; the rest is added.
fn day(per_hour: u32, rest: &str) -> String {
    let hours = vec![per_hour.to_string(); 24].join(", ");
    format!(
        "name = \"day\"\n[period]\ndays = 1\n[arrivals]\nmonday = [{hours}]\ntuesday = [{hours}]\n{rest}"
    )
}

const TOPIC: &str =
    "[[topics]]\nid = \"any\"\nqueue = \"general\"\nshare = 1\nhandling = { mean_s = 300 }\n";
const GROUP: &str = "[[operators]]\nid = \"all\"\n";

fn shift(count: u32, hours: &str) -> String {
    format!(
        "[[shifts]]\noperators = \"all\"\ncount = {count}\ndays = [\"monday\"]\nhours = \"{hours}\"\n"
    )
}

fn figure(report: &Report, measure: Measure) -> f64 {
    total(report, measure).mean
}

#[test]
fn the_same_seed_gives_the_same_report_and_another_one_another() {
    let plan = parse(&day(
        40,
        &(TOPIC.to_owned() + GROUP + &shift(4, "00:00-24:00")),
    ));
    assert!(simulate(&plan, 9, 3) == simulate(&plan, 9, 3));
    assert!(simulate(&plan, 9, 3) != simulate(&plan, 10, 3));
    // Runs do not depend on each other: the third alone is the third of three.
    assert!(vikno_staffing::outcome(&plan, 9, 2) == simulate(&plan, 9, 3)[2]);
}

#[test]
fn outside_of_working_hours_citizens_are_told_to_come_again() {
    let hours = "[hours]\nmonday = [\"08:00-20:00\"]\n";
    let text = day(
        40,
        &(TOPIC.to_owned() + GROUP + &shift(4, "08:00-20:00") + hours),
    );
    let found = report(&parse(&text), 1, 10);
    assert_eq!(
        mean(&found, Part::HourOfDay, "03:00", Measure::TurnedAway),
        mean(&found, Part::HourOfDay, "03:00", Measure::Arrived)
    );
    assert_eq!(
        mean(&found, Part::HourOfDay, "12:00", Measure::TurnedAway),
        0.0
    );
    // Nobody waits over night.
    assert_eq!(figure(&found, Measure::Unresolved), 0.0);
    assert_eq!(
        mean(&found, Part::HourOfDay, "21:00", Measure::QueueMean),
        0.0
    );
    let wait = report(
        &parse(
            &text
                .replace("[hours]", "[hours]\nclosed = \"wait\"")
                .replace("count = 4", "count = 40"),
        ),
        1,
        10,
    );
    assert_eq!(figure(&wait, Measure::TurnedAway), 0.0);
    // Who writes at three waits for five hours.
    let slept = mean(&wait, Part::HourOfDay, "03:00", Measure::WaitMeanS);
    assert!((4.5 * 3600.0..6.5 * 3600.0).contains(&slept), "{slept}");
}

#[test]
fn in_a_break_and_after_the_shift_chats_are_ended_and_none_taken() {
    let breaks = "breaks = [\"12:00-13:00\"]\n";
    let text = day(
        60,
        &(TOPIC.to_owned() + GROUP + &shift(6, "08:00-20:00") + breaks),
    );
    let found = report(&parse(&text), 1, 10);
    assert_eq!(mean(&found, Part::HourOfDay, "12:00", Measure::OnDuty), 0.0);
    assert_eq!(mean(&found, Part::HourOfDay, "11:00", Measure::OnDuty), 6.0);
    // Everybody who writes in the break waits for its end.
    assert!(mean(&found, Part::HourOfDay, "12:00", Measure::WithinTarget) < 0.1);
    // Six operators with a chat of five minutes, on average: half an hour altogether, and as much at the end.
    let over = mean(&found, Part::HourOfDay, "12:00", Measure::OvertimeH);
    assert!((0.3..0.6).contains(&over), "{over}");
}

#[test]
fn a_roster_by_hour_is_the_same_as_its_shifts() {
    let by_hour = "[[shifts]]\noperators = \"all\"\ndays = [\"monday\"]\nby_hour = [0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 5, 5, 5, 5, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0]\n";
    let listed = parse(&day(30, &(TOPIC.to_owned() + GROUP + by_hour)));
    let shifts = shift(2, "08:00-16:00") + &shift(3, "10:00-14:00");
    let shifted = parse(&day(30, &(TOPIC.to_owned() + GROUP + &shifts)));
    assert!(simulate(&listed, 1, 3) == simulate(&shifted, 1, 3));
}

#[test]
fn a_night_shift_goes_on_over_midnight_and_over_the_weeks_end() {
    let text = day(10, &(TOPIC.to_owned() + GROUP + &shift(1, "20:00-08:00")))
        .replace("days = 1", "days = 2")
        .replace("days = [\"monday\"]", "days = [\"monday\", \"sunday\"]");
    let found = report(&parse(&text), 1, 2);
    for (hour, expected) in [
        ("monday 03:00", 1.0),
        ("monday 12:00", 0.0),
        ("monday 22:00", 1.0),
        ("tuesday 07:00", 1.0),
        ("tuesday 08:00", 0.0),
    ] {
        assert_eq!(
            mean(&found, Part::Hour, hour, Measure::OnDuty),
            expected,
            "{hour}"
        );
    }
}

#[test]
fn the_urgent_wait_less() {
    let topics = "[patience]\nmean_s = 1200\n\
        [[topics]]\nid = \"plain\"\nqueue = \"plain\"\nshare = 1\nhandling = { mean_s = 300 }\n\
        [[topics]]\nid = \"urgent\"\nqueue = \"urgent\"\nshare = 1\npriority = 5\nhandling = { mean_s = 300 }\n";
    let found = report(
        &parse(&day(
            60,
            &(topics.to_owned() + GROUP + &shift(5, "00:00-24:00")),
        )),
        1,
        10,
    );
    let wait = |queue| mean(&found, Part::Queue, queue, Measure::WaitMeanS);
    assert!(
        wait("urgent") * 3.0 < wait("plain"),
        "{} {}",
        wait("urgent"),
        wait("plain")
    );
}

#[test]
fn only_those_who_can_take_a_chat() {
    let text = "[languages]\nuk = 0.5\nen = 0.5\n\
        [[topics]]\nid = \"any\"\nqueue = \"general\"\nshare = 1\nhandling = { mean_s = 60, shape = \"fixed\" }\n\
        [[operators]]\nid = \"all\"\nlanguages = [\"uk\"]\n[[operators]]\nid = \"english\"\nlanguages = [\"en\"]\n\
        [[shifts]]\noperators = \"english\"\ncount = 1\ndays = [\"monday\"]\nhours = \"12:00-24:00\"\n";
    let found = report(
        &parse(&day(20, &(text.to_owned() + &shift(9, "00:00-24:00")))),
        1,
        10,
    );
    // In the morning the English half waits, however many others are free.
    let in_time = mean(&found, Part::HourOfDay, "05:00", Measure::WithinTarget);
    assert!((0.3..0.7).contains(&in_time), "{in_time}");
    let busy = mean(&found, Part::Operators, "all", Measure::Busy);
    // Ten chats of a minute in an hour, shared by nine.
    assert!((busy - 10.0 / 60.0 / 9.0).abs() < 0.003, "{busy}");
}

#[test]
fn busy_days_differ_from_quiet_ones() {
    let rest = TOPIC.to_owned() + GROUP + &shift(9, "00:00-24:00");
    let usual = report(&parse(&day(60, &rest)), 1, 60);
    let spread = day(60, &rest).replace("[arrivals]", "[arrivals]\nday_spread = 0.2");
    let strayed = report(&parse(&spread), 1, 60);
    let deviation = |report: &Report| total(report, Measure::Arrived).plus_minus.unwrap();
    // Of 1440 a day: the root of it by chance alone, 288 by the spread.
    assert!(deviation(&strayed) > 4.0 * deviation(&usual));
    assert!((figure(&strayed, Measure::Arrived) - 1440.0).abs() < 2.0 * deviation(&strayed));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn nobody_is_lost_and_nobody_is_counted_twice(
        per_hour in 1_u32..120,
        operators in 1_u32..12,
        chats in 1_u32..4,
        slowdown in 0.0..1.0_f64,
        automated in 0.0..0.9_f64,
        patience in 30_u32..2000,
        begin in 0_u32..12,
        waits in any::<bool>(),
        warm_up in 0_u32..30,
    ) {
        let closed = if waits { "wait" } else { "turn_away" };
        let hours = format!("{begin:02}:00-{:02}:30", begin + 11);
        let text = day(per_hour, &format!(
            "[patience]\nmean_s = {patience}\n[hours]\nmonday = [\"{hours}\"]\nclosed = \"{closed}\"\n\
             {TOPIC}automated = {automated}\n{GROUP}chats_at_once = {chats}\nslowdown = {slowdown}\n{}",
            shift(operators, &hours),
        )).replace("days = 1\n[arr", &format!("days = 1\nwarm_up_hours = {warm_up}\n[arr"));
        let found = report(&parse(&text), 1, 1);
        let row = found.total().unwrap();
        let figure = |measure| row.mean(measure).unwrap_or(0.0);
        let sum = figure(Measure::Automated) + figure(Measure::TurnedAway) + figure(Measure::Queued);
        prop_assert_eq!(figure(Measure::Arrived), sum);
        let ends = figure(Measure::Answered) + figure(Measure::Abandoned) + figure(Measure::Unresolved);
        prop_assert_eq!(figure(Measure::Queued), ends);
        for share in [Measure::Occupancy, Measure::Busy, Measure::WithinTarget, Measure::AbandonedShare] {
            prop_assert!((0.0..=1.0 + 1e-9).contains(&figure(share)), "{:?} {}", share, figure(share));
        }
        prop_assert!((figure(Measure::OnDuty) * 24.0 - f64::from(operators) * 11.5).abs() < 1e-6);
        // The hours of the day are the day.
        let hours: f64 = found.part(Part::HourOfDay).map(|row| row.mean(Measure::Arrived).unwrap()).sum();
        prop_assert_eq!(hours, figure(Measure::Arrived));
        // Little's law: waiting added up over citizens is waiting added up over time, but for those who came before
        // the day or waited after it.
        if !waits && begin > 0 {
            let by_citizens = figure(Measure::WaitMeanS) * (figure(Measure::Answered) + figure(Measure::Abandoned));
            let by_time = figure(Measure::QueueMean) * 86_400.0;
            prop_assert!((by_citizens - by_time).abs() < 1e-4 * (by_time + 1.0), "{} {}", by_citizens, by_time);
        }
    }

    #[test]
    fn one_operator_more_lets_nobody_wait_longer(each in 1_u32..10, operators in 1_u32..10, seed: u64) {
        let rest = TOPIC.to_owned() + GROUP;
        let wait = |count| {
            let plan = parse(&day(each * operators, &(rest.clone() + &shift(count, "00:00-24:00"))));
            let found = Report::new(&plan, seed, &simulate(&plan, seed, 1));
            found.total().unwrap().mean(Measure::WaitMeanS).unwrap_or(0.0)
        };
        // Whoever comes first is taken first and nobody leaves: then it holds for every single citizen.
        prop_assert!(wait(operators + 1) <= wait(operators) + 1e-3);
    }
}
