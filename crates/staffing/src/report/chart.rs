//! The report as a drawing: answered in time, waits, queues and operators by hour of the day; one plan or two.

use super::measure::Unit;
use super::panel::{Form, HEIGHT, Panel, Series, WIDTH, escaped, hatchings};
use super::{Measure, Part, Report, Row};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Room above the panels for the name.
const HEAD: f64 = 40.0;

/// One plan, as SVG text.
pub fn chart(report: &Report) -> String {
    drawn(&[report])
}

/// Two plans beside each other, as SVG text.
pub fn chart_of_two(first: &Report, second: &Report) -> String {
    drawn(&[first, second])
}

fn drawn(reports: &[&Report]) -> String {
    let hours = hours(reports);
    let panels = [
        in_time(reports, &hours),
        waits(reports, &hours),
        queues(reports, &hours),
        operators(reports, &hours),
    ];
    let names: Vec<&str> = reports.iter().map(|report| report.name.as_str()).collect();
    let title = escaped(&names.join(" / "));
    let height = HEAD + HEIGHT * panels.len() as f64;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"title description\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <title id=\"title\">{title}</title>\n<desc id=\"description\">{}</desc>\n",
        escaped(&described(reports)),
    );
    let _ = write!(
        out,
        "{}<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>\n<text x=\"20\" y=\"24\" font-size=\"16\">{title}</text>\n",
        hatchings()
    );
    for (index, panel) in panels.iter().enumerate() {
        out += &panel.svg(HEAD + HEIGHT * index as f64);
    }
    out + "</svg>\n"
}

/// What the drawing shows, for those who do not see it.
fn described(reports: &[&Report]) -> String {
    let one = |report: &&Report| {
        let told = [
            Measure::Arrived,
            Measure::AutomatedShare,
            Measure::WaitMeanS,
            Measure::WaitP90S,
            Measure::WithinTarget,
            Measure::AbandonedShare,
            Measure::Occupancy,
        ];
        let figures: Vec<String> = told
            .into_iter()
            .filter_map(|measure| {
                let mean = report.total()?.mean(measure)?;
                Some(format!(
                    "{} {}",
                    measure.words(),
                    measure.unit().write(mean)
                ))
            })
            .collect();
        format!("{}: {}.", report.name, figures.join(", "))
    };
    let all: Vec<String> = reports.iter().map(one).collect();
    format!(
        "By hour of the day: share answered in time, mean wait, citizens waiting, operators. {}",
        all.join(" ")
    )
}

/// Hours of the day in which somebody writes or works in one of the plans.
fn hours(reports: &[&Report]) -> Vec<String> {
    let is_used = |row: &&Row| {
        [Measure::Arrived, Measure::OnDuty]
            .into_iter()
            .any(|measure| row.mean(measure).unwrap_or(0.0) > 0.0)
    };
    let rows = reports
        .iter()
        .flat_map(|report| report.part(Part::HourOfDay));
    let used: BTreeMap<&str, ()> = rows
        .filter(is_used)
        .map(|row| (row.name.as_str(), ()))
        .collect();
    used.into_keys().map(str::to_owned).collect()
}

fn values(report: &Report, hours: &[String], measure: Measure) -> Vec<Option<f64>> {
    let mean = |hour: &String| {
        let mut rows = report.part(Part::HourOfDay);
        rows.find(|row| row.name == *hour)?.mean(measure)
    };
    hours.iter().map(mean).collect()
}

/// One series a plan.
fn series(reports: &[&Report], hours: &[String], measure: Measure, form: Form) -> Vec<Series> {
    let one = |report: &&Report| Series {
        name: report.name.clone(),
        form,
        values: values(report, hours, measure),
    };
    reports.iter().map(one).collect()
}

fn in_time(reports: &[&Report], hours: &[String]) -> Panel {
    let target = reports.first().map(|report| report.target);
    let seconds = target.map_or(0.0, |target| target.seconds);
    Panel {
        title: format!("Answered within {seconds} s"),
        unit: Unit::Share,
        labels: hours.to_vec(),
        series: series(reports, hours, Measure::WithinTarget, Form::Bars),
        mark: target.map(|target| {
            (
                target.share,
                format!("target {}", Unit::Share.write(target.share)),
            )
        }),
    }
}

fn waits(reports: &[&Report], hours: &[String]) -> Panel {
    Panel {
        title: "Mean wait".to_owned(),
        unit: Unit::Seconds,
        labels: hours.to_vec(),
        series: series(reports, hours, Measure::WaitMeanS, Form::Line),
        mark: None,
    }
}

fn queues(reports: &[&Report], hours: &[String]) -> Panel {
    Panel {
        title: "Citizens waiting at a time".to_owned(),
        unit: Unit::Number,
        labels: hours.to_vec(),
        series: series(reports, hours, Measure::QueueMean, Form::Line),
        mark: None,
    }
}

/// On duty in each plan, and what the formula says for the first plan's citizens.
fn operators(reports: &[&Report], hours: &[String]) -> Panel {
    let mut all = series(reports, hours, Measure::OnDuty, Form::Bars);
    if let Some(first) = reports.first() {
        let needed = |hour: &String| {
            let own = first.needed.iter().filter(|needed| needed.hour == *hour);
            own.map(|needed| needed.operators.map(f64::from)).sum()
        };
        all.push(Series {
            name: "needed by the formula".to_owned(),
            form: Form::Line,
            values: hours.iter().map(needed).collect(),
        });
    }
    Panel {
        title: "Operators on duty".to_owned(),
        unit: Unit::Number,
        labels: hours.to_vec(),
        series: all,
        mark: None,
    }
}
