//! One drawing of values by hour: bars or lines over a common axis, as SVG text. Series differ by dash, marker and
//! hatching as well as by colour, and every value can be read in the title of its mark.

use super::measure::Unit;
use std::fmt::Write;

pub(super) const WIDTH: f64 = 860.0;
pub(super) const HEIGHT: f64 = 230.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 52.0;
const BOTTOM: f64 = 28.0;
/// Lines across.
const STEPS: usize = 4;
/// Dark enough on white for a contrast of 4.5 to 1; told apart by colour-blind eyes, too (after Okabe and Ito).
const COLOURS: [&str; 6] = [
    "#005a9c", "#a63c00", "#00684c", "#8a3a72", "#5c5c00", "#333333",
];
const DASHES: [&str; 6] = ["none", "7 4", "2 3", "10 3 2 3", "4 2", "12 4"];

/// How a series is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Bars,
    Line,
}

/// Values by hour.
pub(super) struct Series {
    pub(super) name: String,
    pub(super) form: Form,
    pub(super) values: Vec<Option<f64>>,
}

/// A drawing.
pub(super) struct Panel {
    pub(super) title: String,
    pub(super) unit: Unit,
    pub(super) labels: Vec<String>,
    pub(super) series: Vec<Series>,
    /// A level to be reached, and its name.
    pub(super) mark: Option<(f64, String)>,
}

/// Text for XML.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

impl Panel {
    /// As a group that begins at this height.
    pub(super) fn svg(&self, top: f64) -> String {
        let mut out = String::new();
        let title = escaped(&self.title);
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "<g transform=\"translate(0 {top})\"><text x=\"{LEFT}\" y=\"16\" font-weight=\"bold\">{title}</text>"
        );
        let limit = self.limit();
        self.axes(&mut out, limit);
        let bars = self
            .series
            .iter()
            .filter(|series| series.form == Form::Bars)
            .count();
        let mut bar = 0;
        for (index, series) in self.series.iter().enumerate() {
            self.legend(&mut out, index, series);
            match series.form {
                Form::Bars => {
                    self.bars(&mut out, index, series, limit, (bar, bars));
                    bar += 1;
                }
                Form::Line => self.line(&mut out, index, series, limit),
            }
        }
        self.level(&mut out, limit);
        out + "</g>\n"
    }

    /// The axis' end: a round number above every value.
    fn limit(&self) -> f64 {
        if self.unit == Unit::Share {
            return 1.0;
        }
        let values = self
            .series
            .iter()
            .flat_map(|series| series.values.iter().flatten());
        let most = values.fold(
            self.mark.as_ref().map_or(0.0, |(level, _)| *level),
            |most, value| most.max(*value),
        );
        let power = 10_f64.powf(most.max(1e-9).log10().floor());
        let steps = [1.0, 2.0, 4.0, 6.0, 8.0, 10.0];
        let round = steps
            .into_iter()
            .map(|step| step * power)
            .find(|end| *end >= most);
        round.unwrap_or(most).max(1.0)
    }

    fn x(&self, place: f64) -> f64 {
        LEFT + (WIDTH - LEFT - RIGHT) * place / self.labels.len().max(1) as f64
    }

    fn axes(&self, out: &mut String, limit: f64) {
        for step in 0..=STEPS {
            let value = limit * step as f64 / STEPS as f64;
            let (height, end) = (y(value, limit), WIDTH - RIGHT);
            let text = escaped(&self.unit.write(value));
            let _ = writeln!(
                out,
                "<path d=\"M{LEFT} {height:.1}H{end}\" stroke=\"#ccc\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{text}</text>",
                LEFT - 6.0,
                height + 4.0,
            );
        }
        // Every label as long as there is room, else every second, third, …
        let every = self.labels.len().div_ceil(14).max(1);
        for (index, label) in self.labels.iter().enumerate().step_by(every) {
            let (x, y) = (self.x(index as f64 + 0.5), HEIGHT - BOTTOM + 18.0);
            let label = escaped(label);
            let _ = writeln!(
                out,
                "<text x=\"{x:.1}\" y=\"{y}\" text-anchor=\"middle\">{label}</text>"
            );
        }
    }

    fn legend(&self, out: &mut String, index: usize, series: &Series) {
        let room = (WIDTH - LEFT - RIGHT) / self.series.len() as f64;
        let x = LEFT + room * index as f64;
        let name = escaped(&series.name);
        match series.form {
            Form::Bars => {
                let _ = write!(
                    out,
                    "<rect x=\"{x:.1}\" y=\"27\" width=\"26\" height=\"11\" {}/>",
                    fill(index)
                );
            }
            Form::Line => {
                let _ = write!(out, "<path d=\"M{x:.1} 33h26\" {}/>", stroke(index));
                marker(out, index, x + 13.0, 33.0, "");
            }
        }
        let _ = writeln!(out, "<text x=\"{:.1}\" y=\"37\">{name}</text>", x + 32.0);
    }

    fn bars(
        &self,
        out: &mut String,
        index: usize,
        series: &Series,
        limit: f64,
        (bar, bars): (usize, usize),
    ) {
        let width = (self.x(1.0) - self.x(0.0)) * 0.8 / bars as f64;
        for (hour, value) in series.values.iter().enumerate() {
            let Some(value) = value else { continue };
            let x = self.x(hour as f64 + 0.1) + width * bar as f64;
            let top = y(*value, limit);
            let _ = writeln!(
                out,
                "<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\" {}><title>{}</title></rect>",
                width - 1.0,
                y(0.0, limit) - top,
                fill(index),
                self.told(hour, series, *value),
            );
        }
    }

    fn line(&self, out: &mut String, index: usize, series: &Series, limit: f64) {
        let mut path = String::new();
        let mut is_broken = true;
        for (hour, value) in series.values.iter().enumerate() {
            if let Some(value) = value {
                let letter = if is_broken { 'M' } else { 'L' };
                let (x, y) = (self.x(hour as f64 + 0.5), y(*value, limit));
                let _ = write!(path, "{letter}{x:.1} {y:.1}");
            }
            is_broken = value.is_none();
        }
        let _ = writeln!(out, "<path d=\"{path}\" {}/>", stroke(index));
        for (hour, value) in series.values.iter().enumerate() {
            if let Some(value) = value {
                let told = self.told(hour, series, *value);
                marker(
                    out,
                    index,
                    self.x(hour as f64 + 0.5),
                    y(*value, limit),
                    &told,
                );
            }
        }
    }

    fn told(&self, hour: usize, series: &Series, value: f64) -> String {
        let label = self.labels.get(hour).map_or("", String::as_str);
        escaped(&format!(
            "{label}, {}: {}",
            series.name,
            self.unit.write(value)
        ))
    }

    fn level(&self, out: &mut String, limit: f64) {
        let Some((value, name)) = &self.mark else {
            return;
        };
        let (height, end, name) = (y(*value, limit), WIDTH - RIGHT, escaped(name));
        let _ = writeln!(
            out,
            "<path d=\"M{LEFT} {height:.1}H{end}\" stroke=\"#000\" stroke-width=\"1.5\" stroke-dasharray=\"1 4\"/><text x=\"{end}\" y=\"{:.1}\" text-anchor=\"end\" stroke=\"#fff\" stroke-width=\"4\" paint-order=\"stroke\">{name}</text>",
            height - 4.0,
        );
    }
}

fn y(value: f64, limit: f64) -> f64 {
    let room = HEIGHT - TOP - BOTTOM;
    HEIGHT - BOTTOM - room * (value / limit).clamp(0.0, 1.0)
}

/// The hatchings that bars are filled with, for the drawing's beginning.
pub(super) fn hatchings() -> String {
    let mut out = String::from("<defs>\n");
    for (index, colour) in COLOURS.iter().enumerate() {
        let turn = index * 45;
        let _ = writeln!(
            out,
            "<pattern id=\"hatch{index}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate({turn})\"><rect width=\"6\" height=\"6\" fill=\"#fff\"/><rect width=\"3\" height=\"6\" fill=\"{colour}\"/></pattern>"
        );
    }
    out + "</defs>\n"
}

/// The first series is solid, the others hatched.
fn fill(index: usize) -> String {
    let place = index % COLOURS.len();
    let colour = COLOURS[place];
    match index {
        0 => format!("fill=\"{colour}\" stroke=\"{colour}\""),
        _ => format!("fill=\"url(#hatch{place})\" stroke=\"{colour}\""),
    }
}

fn stroke(index: usize) -> String {
    let (colour, dash) = (COLOURS[index % COLOURS.len()], DASHES[index % DASHES.len()]);
    format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"")
}

/// A circle, a square, a triangle or a diamond.
fn marker(out: &mut String, index: usize, x: f64, y: f64, told: &str) {
    let colour = COLOURS[index % COLOURS.len()];
    let shape = match index % 4 {
        0 => "a4 4 0 1 0 8 0a4 4 0 1 0-8 0",
        1 => "v-4h8v8h-8z",
        2 => "v4h8l-4-8z",
        _ => "l4-5 4 5-4 5z",
    };
    let _ = write!(
        out,
        "<path d=\"M{:.1} {y:.1}{shape}\" fill=\"{colour}\">",
        x - 4.0
    );
    if !told.is_empty() {
        let _ = write!(out, "<title>{told}</title>");
    }
    out.push_str("</path>\n");
}
