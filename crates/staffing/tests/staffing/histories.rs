//! A plan learned from the export of conversations, as the exporter writes it.

use crate::support::{mean, report, total};
use vikno_exports::{Cell, Dataset, Format, Writer};
use vikno_staffing::{Measure, Part, Plan};

/// Monday, 28 September 2026, midnight in Kyiv (three hours ahead of UTC until 25 October).
const MONDAY_MS: i64 = 1_790_542_800_000;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// One conversation; times in seconds after it was opened.
struct Told {
    opened_ms: i64,
    topic: Option<&'static str>,
    language: &'static str,
    version: i64,
    queued_s: Option<i64>,
    taken_s: Option<i64>,
    last_s: i64,
    closed_s: Option<i64>,
}

fn export(format: Format, all: &[Told]) -> String {
    let mut writer = Writer::new(format, Dataset::Conversations.columns());
    let mut out = Vec::new();
    writer.begin(&mut out);
    for (number, told) in (1..).zip(all) {
        let at = |seconds: Option<i64>| {
            seconds.map_or(Cell::Empty, |s| Cell::Instant(told.opened_ms + s * 1000))
        };
        let cells: Vec<Cell<'_>> = Dataset::Conversations
            .columns()
            .iter()
            .map(|column| match column.name {
                "id" => Cell::Integer(number),
                "language" => Cell::Text(told.language),
                "queue" if told.queued_s.is_some() => Cell::Text("social"),
                "topic" => told.topic.map_or(Cell::Empty, Cell::Text),
                "priority" => Cell::Integer(2),
                "opened_at" => at(Some(0)),
                "queued_at" => at(told.queued_s),
                "taken_at" => at(told.taken_s),
                "last_at" => at(Some(told.last_s)),
                "closed_at" => at(told.closed_s),
                "process_version" => Cell::Integer(told.version),
                _ => Cell::Empty,
            })
            .collect();
        writer.row(&cells, &mut out);
    }
    writer.end(&mut out);
    String::from_utf8(out).unwrap()
}

/// Four weeks: every Monday sixty citizens between nine and ten, one a minute. Every third is answered by the process
/// (with version 2 of it every second), the others are taken after 30 s for 400 s; every tenth of the others leaves
/// after 90 s. All were closed a day later, for lack of a vote.
fn four_weeks() -> Vec<Told> {
    let mut all = Vec::new();
    for week in 0..4 {
        let version = 1 + week / 2;
        for minute in 0..60 {
            let opened_ms = MONDAY_MS + week * 7 * DAY_MS + 9 * HOUR_MS + minute * 60_000;
            let is_automated = minute % (4 - version) == 0;
            let leaves = !is_automated && minute % 10 == 1;
            let taken = !is_automated && !leaves;
            all.push(Told {
                opened_ms,
                topic: (minute >= 6).then_some("subsidies"),
                language: if minute % 5 == 4 { "en" } else { "uk" },
                version,
                queued_s: (!is_automated).then_some(10),
                taken_s: taken.then_some(40),
                last_s: if taken { 440 } else { 20 },
                closed_s: Some(if leaves { 100 } else { 86_400 }),
            });
        }
    }
    all
}

fn plan(settings: &str, history: &str) -> Plan {
    let text = format!(
        "name = \"learned\"\ntime_zone = \"Europe/Kyiv\"\n[period]\ndays = 7\n[history]\nfile = \"export\"\n{settings}\n\
         [[operators]]\nid = \"all\"\n[[shifts]]\noperators = \"all\"\ncount = 60\n\
         days = [\"monday\", \"tuesday\"]\nhours = \"00:00-24:00\"\n"
    );
    let found = Plan::parse(&text, |name| {
        assert_eq!(name, "export");
        Ok(history.to_owned())
    });
    found.unwrap_or_else(|problems| panic!("{problems:?}"))
}

#[test]
fn citizens_come_when_they_came_by_the_centres_clock() {
    let found = report(&plan("", &export(Format::Json, &four_weeks())), 1, 40);
    let all = total(&found, Measure::Arrived);
    assert!(
        (all.mean - 60.0).abs() < 2.0 * all.plus_minus.unwrap(),
        "{all:?}"
    );
    assert_eq!(
        mean(&found, Part::Hour, "monday 09:00", Measure::Arrived),
        all.mean
    );
    assert_eq!(
        mean(&found, Part::Hour, "tuesday 09:00", Measure::Arrived),
        0.0
    );
}

#[test]
fn the_clock_of_winter_is_the_same_clock() {
    // Half past nine on 19 and on 26 October: between them the clocks went back.
    let mut told = four_weeks();
    told.truncate(2);
    told[0].opened_ms = MONDAY_MS + 21 * DAY_MS + 9 * HOUR_MS + HOUR_MS / 2;
    told[1].opened_ms = MONDAY_MS + 28 * DAY_MS + 10 * HOUR_MS + HOUR_MS / 2;
    let handling = "[[topics]]\nid = \"other\"\nhandling = { mean_s = 60 }\n";
    told[1].taken_s = Some(20);
    let found = report(&plan(handling, &export(Format::Json, &told)), 1, 200);
    let hour = |name| mean(&found, Part::Hour, name, Measure::Arrived);
    assert!((hour("monday 09:00") - 1.0).abs() < 0.3);
    assert_eq!(hour("monday 08:00") + hour("monday 10:00"), 0.0);
}

#[test]
fn json_and_ndjson_say_the_same() {
    let one = plan("", &export(Format::Json, &four_weeks()));
    assert_eq!(one, plan("", &export(Format::Ndjson, &four_weeks())));
}

#[test]
fn topics_shares_and_times_are_those_of_the_export() {
    let found = report(&plan("", &export(Format::Json, &four_weeks())), 1, 60);
    // A third in two weeks, a half in the other two.
    let automated = total(&found, Measure::AutomatedShare);
    assert!((automated.mean - 5.0 / 12.0).abs() < 0.03, "{automated:?}");
    // Everybody had 400 s: sixty operators have so much to do in the hour.
    let busy = mean(&found, Part::Hour, "monday 09:00", Measure::Busy);
    let work = 60.0 * (7.0 / 12.0) * 400.0 / 3600.0 / 60.0;
    assert!((busy - work).abs() < 0.1 * work, "{busy} {work}");
    let queue: Vec<_> = found
        .part(Part::Queue)
        .map(|row| row.name.clone())
        .collect();
    assert_eq!(queue, ["social"]);
}

#[test]
fn a_version_of_the_process_is_looked_at_alone() {
    let history = export(Format::Json, &four_weeks());
    for (version, expected) in [(1, 1.0 / 3.0), (2, 0.5)] {
        let found = report(
            &plan(&format!("process_version = {version}"), &history),
            1,
            60,
        );
        let share = total(&found, Measure::AutomatedShare);
        assert!((share.mean - expected).abs() < 0.03, "{version}: {share:?}");
        assert!((total(&found, Measure::Arrived).mean - 60.0).abs() < 3.0);
    }
}

#[test]
fn days_without_a_citizen_count_when_the_range_is_given() {
    let history = export(Format::Json, &four_weeks());
    let longer = plan("from = \"2026-08-31\"\nto = \"2026-10-25\"", &history);
    let found = report(&longer, 1, 40);
    let arrived = total(&found, Measure::Arrived);
    // Eight Mondays, of which four had sixty.
    assert!(
        (arrived.mean - 30.0).abs() < 2.0 * arrived.plus_minus.unwrap(),
        "{arrived:?}"
    );
    let first = plan("to = \"2026-10-04\"", &history);
    assert!((total(&report(&first, 1, 40), Measure::Arrived).mean - 60.0).abs() < 3.0);
}

#[test]
fn what_the_plan_says_itself_goes_before_what_was_learned() {
    let history = export(Format::Json, &four_weeks());
    let own =
        "[[topics]]\nid = \"subsidies\"\nautomated = 1\n[[topics]]\nid = \"other\"\nshare = 0\n";
    let found = report(&plan(own, &history), 1, 20);
    assert_eq!(total(&found, Measure::AutomatedShare).mean, 1.0);
    let more = report(&plan("[arrivals]\ngrowth = 2", &history), 1, 40);
    assert!((total(&more, Measure::Arrived).mean - 120.0).abs() < 5.0);
}

/// Those who left waited 90 s, those who were taken 30 s: all waiting over those who left.
#[test]
fn patience_counts_those_who_were_taken_too() {
    let all = four_weeks();
    let left = all
        .iter()
        .filter(|told| told.queued_s.is_some() && told.taken_s.is_none())
        .count();
    let taken = all.iter().filter(|told| told.taken_s.is_some()).count();
    let expected = 90.0 + 30.0 * taken as f64 / left as f64;
    // One operator and so many citizens that nearly all of them run out of patience, which then is their wait.
    let text = "name = \"patience\"\ntime_zone = \"Europe/Kyiv\"\n[period]\ndays = 1\n[history]\nfile = \"export\"\n[arrivals]\ngrowth = 50\n\
         [[operators]]\nid = \"all\"\n[[shifts]]\noperators = \"all\"\ncount = 1\ndays = [\"monday\"]\nhours = \"00:00-24:00\"\n";
    let plan = Plan::parse(text, |_| Ok(export(Format::Json, &all))).unwrap();
    let found = report(&plan, 1, 20);
    let wait = total(&found, Measure::WaitMeanS);
    assert!(total(&found, Measure::AbandonedShare).mean > 0.98);
    assert!(
        (wait.mean - expected).abs() < 0.05 * expected,
        "{wait:?} {expected}"
    );
}
