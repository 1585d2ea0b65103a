//! The report as text for a terminal.

use super::{Comparison, Measure, Part, Report, Row};
use crate::statistics::Estimate;

/// The columns of the parts that tell of citizens.
const CITIZENS: [(&str, Measure); 7] = [
    ("citizens", Measure::Arrived),
    ("by process", Measure::AutomatedShare),
    ("mean wait", Measure::WaitMeanS),
    ("9 of 10", Measure::WaitP90S),
    ("in time", Measure::WithinTarget),
    ("left", Measure::AbandonedShare),
    ("waiting", Measure::QueueMean),
];
const OPERATORS: [(&str, Measure); 4] = [
    ("on duty", Measure::OnDuty),
    ("occupancy", Measure::Occupancy),
    ("with a chat", Measure::Busy),
    ("overtime h", Measure::OvertimeH),
];

type Lines = Vec<Vec<String>>;
type Write = fn(Measure, f64) -> String;

fn value(measure: Measure, value: f64) -> String {
    measure.unit().write(value)
}

fn difference(measure: Measure, value: f64) -> String {
    measure.unit().write_difference(value)
}

pub(super) fn report(report: &Report) -> String {
    let mut text = format!(
        "{}\n{} runs, {} citizens, seed {}; in time: within {} s; intervals hold in 95 of 100 cases\n\n",
        report.name, report.runs, report.citizens, report.seed, report.target.seconds,
    );
    if let Some(total) = report.total() {
        text += &aligned(&whole(total));
    }
    text += "\n";
    text += &aligned(&listed("queue", report.part(Part::Queue), &CITIZENS, value));
    text += "\n";
    text += &aligned(&listed(
        "operators",
        report.part(Part::Operators),
        &OPERATORS,
        value,
    ));
    text += "\n";
    text += &aligned(&hours(report));
    text
}

pub(super) fn comparison(comparison: &Comparison) -> String {
    let mut text = format!(
        "{}, less {} (the same citizens in both)\n\n",
        comparison.second, comparison.first
    );
    for row in &comparison.differences {
        if row.part == Part::Total {
            text += &aligned(&differences(row));
        }
    }
    let of = |part| {
        comparison
            .differences
            .iter()
            .filter(move |row| row.part == part)
    };
    text += "\n";
    text += &aligned(&listed("queue", of(Part::Queue), &CITIZENS, difference));
    let hours: Vec<_> = CITIZENS
        .into_iter()
        .chain([OPERATORS[0], OPERATORS[1]])
        .collect();
    text += "\n";
    text += &aligned(&listed("hour", of(Part::HourOfDay), &hours, difference));
    text
}

/// Every figure of a row, one a line.
fn whole(row: &Row) -> Lines {
    row.figures
        .iter()
        .map(|(measure, estimate)| {
            vec![
                measure.words().to_owned(),
                with_interval(*measure, estimate, value),
            ]
        })
        .collect()
}

/// The same for differences, saying which are more than luck.
fn differences(row: &Row) -> Lines {
    row.figures
        .iter()
        .filter(|(_, estimate)| estimate.mean != 0.0)
        .map(|(measure, estimate)| {
            let verdict = match estimate.plus_minus {
                None => "from one run",
                Some(_) if estimate.differs_from_nought() => "differs",
                Some(_) => "may be luck",
            };
            let told = with_interval(*measure, estimate, difference);
            vec![measure.words().to_owned(), told, verdict.to_owned()]
        })
        .collect()
}

fn with_interval(measure: Measure, estimate: &Estimate, write: Write) -> String {
    let mean = write(measure, estimate.mean);
    match estimate.plus_minus {
        Some(half) => {
            let half = write(measure, half);
            format!("{mean} ± {}", half.trim_start_matches('+'))
        }
        None => mean,
    }
}

fn listed<'a>(
    heading: &str,
    rows: impl Iterator<Item = &'a Row>,
    columns: &[(&str, Measure)],
    write: Write,
) -> Lines {
    let names = columns.iter().map(|(name, _)| (*name).to_owned());
    let mut lines = vec![std::iter::once(heading.to_owned()).chain(names).collect()];
    for row in rows {
        lines.push(line(row, columns, write));
    }
    lines
}

fn line(row: &Row, columns: &[(&str, Measure)], write: Write) -> Vec<String> {
    let cell = |measure: Measure| {
        let mean = row.mean(measure);
        mean.map_or_else(|| "–".to_owned(), |mean| write(measure, mean))
    };
    let cells = columns.iter().map(|(_, measure)| cell(*measure));
    std::iter::once(row.name.clone()).chain(cells).collect()
}

/// By hour of the day; hours in which nobody comes and nobody works are left out. The last column is the formula's.
fn hours(report: &Report) -> Lines {
    let columns: Vec<_> = CITIZENS
        .into_iter()
        .chain([OPERATORS[0], OPERATORS[1]])
        .collect();
    let has_something = |row: &&Row| {
        [Measure::Arrived, Measure::OnDuty]
            .into_iter()
            .any(|measure| row.mean(measure).unwrap_or(0.0) > 0.0)
    };
    let rows = report.part(Part::HourOfDay).filter(has_something);
    let mut lines = listed("hour", rows.clone(), &columns, value);
    let needed = rows.map(|row| needed_in(report, &row.name));
    let last = std::iter::once("formula".to_owned()).chain(needed);
    for (line, cell) in lines.iter_mut().zip(last) {
        line.push(cell);
    }
    lines
}

/// Operators of all queues together.
fn needed_in(report: &Report, hour: &str) -> String {
    let own = report.needed.iter().filter(|needed| needed.hour == hour);
    let sum: Option<u32> = own.map(|needed| needed.operators).sum();
    sum.map_or_else(|| "–".to_owned(), |sum| sum.to_string())
}

/// The first column to the left, the others to the right.
fn aligned(lines: &Lines) -> String {
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for line in lines {
        let cells = line.iter().zip(&widths).enumerate();
        let cells: Vec<String> = cells
            .map(|(column, (cell, width))| match column {
                0 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            })
            .collect();
        text += &format!("  {}\n", cells.join("  ").trim_end());
    }
    text
}
