//! What people and programs get: text, JSON, a drawing.

use crate::support::{parse, report};
use expect_test::expect_file;
use std::path::Path;
use vikno_staffing::{Comparison, Report, chart, chart_of_two, simulate};

fn sample(name: &str) -> String {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/staffing");
    std::fs::read_to_string(docs.join(name)).unwrap()
}

fn two() -> (Report, Report, Comparison) {
    let (ten, eight) = (
        parse(&sample("monday-ten.toml")),
        parse(&sample("monday-eight.toml")),
    );
    let (one, two) = (simulate(&ten, 1, 30), simulate(&eight, 1, 30));
    let comparison = Comparison::new((&ten, &one), (&eight, &two));
    (
        Report::new(&ten, 1, &one),
        Report::new(&eight, 1, &two),
        comparison,
    )
}

#[test]
fn the_tables_of_the_worked_example_are_those_of_the_guide() {
    let (ten, _, comparison) = two();
    expect_file!["reports/monday-ten.txt"].assert_eq(&ten.table());
    expect_file!["reports/monday-ten-or-eight.txt"].assert_eq(&comparison.table());
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/staffing.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let told = ten.table() + &comparison.table();
    let blocks: Vec<&str> = guide.split("```").skip(1).step_by(2).collect();
    let shown = blocks
        .iter()
        .filter_map(|block| block.strip_prefix("text\n"));
    let lines: Vec<&str> = shown
        .flat_map(str::lines)
        .filter(|line| !line.trim().is_empty())
        .collect();
    assert!(lines.len() > 20, "the guide shows {} lines", lines.len());
    for line in lines {
        assert!(
            told.lines().any(|own| own == line),
            "the guide shows what is not told: {line}"
        );
    }
}

#[test]
fn the_drawing_of_the_worked_example_is_that_of_the_guide() {
    let (ten, eight, _) = two();
    expect_file!["../../../../docs/staffing/monday.svg"].assert_eq(&chart_of_two(&ten, &eight));
}

#[test]
fn a_drawing_is_told_to_those_who_do_not_see_it_and_differs_by_more_than_colour() {
    let (ten, eight, _) = two();
    for drawing in [chart(&ten), chart_of_two(&ten, &eight)] {
        for part in [
            "role=\"img\"",
            "aria-labelledby=\"title description\"",
            "<title id=\"title\">",
            "<desc id=\"description\">By hour of the day",
            "share answered in time",
            "stroke-dasharray=\"7 4\"",
        ] {
            let single = drawing == chart(&ten);
            let is_there = drawing.contains(part);
            assert!(
                is_there || single && part.contains("7 4"),
                "{part} is missing"
            );
        }
        let is_hatched = drawing.contains("url(#hatch");
        assert_eq!(is_hatched, drawing != chart(&ten), "two plans have bars");
        assert!(!drawing.contains("NaN") && !drawing.contains("inf"));
    }
}

#[test]
fn names_cannot_break_a_drawing() {
    let text = sample("monday-ten.toml")
        .replace("name = \"ten operators\"", "name = 'a < \"b\" & <script>'");
    let drawing = chart(&report(&parse(&text), 1, 2));
    assert!(drawing.contains("a &lt; &quot;b&quot; &amp; &lt;script&gt;"));
    assert!(!drawing.contains("<script>"));
}
