//! Reports in words for the person at the terminal.

use crate::against::Change;
use crate::coverage::Part;
use crate::faults::{Loss, LossKind};
use crate::play::Beat;
use crate::replay::Different;
use crate::suite::{Failed, FaultReport, SuiteReport};
use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

/// Lines of the dialogue shown before a difference: a screen has about fifty.
const BEATS_SHOWN_MAX: usize = 12;
/// The left one of two columns; a longer line stands out.
const COLUMN_CHARS_MAX: usize = 60;
/// Of one difference so many runs are shown; the others are counted.
const RUNS_SHOWN_MAX: usize = 1;

impl Display for Failed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            title,
            run,
            mismatch,
            dialogue,
        } = self;
        writeln!(f, "{file}:{}: \"{title}\" ({run})", mismatch.line)?;
        let left_out = dialogue.len().saturating_sub(BEATS_SHOWN_MAX);
        if left_out > 0 {
            writeln!(f, "    … {left_out} steps before")?;
        }
        for beat in dialogue.iter().skip(left_out) {
            let mark = if beat.line == mismatch.line {
                "  > "
            } else {
                "    "
            };
            for line in lines(beat) {
                writeln!(f, "{mark}{line}")?;
            }
        }
        writeln!(f, "  expected  {}", indented(&mismatch.expected))?;
        write!(f, "  came      {}", indented(&mismatch.came))
    }
}

fn lines(beat: &Beat) -> impl Iterator<Item = String> {
    let said = beat.said.iter().map(|line| format!("  {line}"));
    std::iter::once(beat.act.clone())
        .chain(said)
        .map(|line| line.replace('\n', "\n        "))
}

fn indented(text: &str) -> String {
    text.replace('\n', "\n            ")
}

impl Display for SuiteReport {
    /// Everything that is wrong: files that cannot be read, differences, too little coverage, losses.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for problem in &self.problems {
            writeln!(f, "{problem}")?;
        }
        let mut same: BTreeMap<(&str, usize), Vec<&Failed>> = BTreeMap::new();
        for failed in &self.failed {
            let place = (failed.file.as_str(), failed.mismatch.line);
            same.entry(place).or_default().push(failed);
        }
        for runs in same.values() {
            for failed in runs.iter().take(RUNS_SHOWN_MAX) {
                writeln!(f, "{}: {failed}", self.org)?;
            }
            if let Some(more) = runs
                .len()
                .checked_sub(RUNS_SHOWN_MAX)
                .filter(|more| *more > 0)
            {
                writeln!(f, "  and so in {more} more runs")?;
            }
        }
        if self.is_below() {
            let nodes = &self.coverage.nodes;
            let wanted = self.coverage_min_percent;
            writeln!(
                f,
                "{}: {} % of the nodes are passed, {wanted} % are asked for; not passed:",
                self.org,
                nodes.percent()
            )?;
            write_missing(f, nodes)?;
        }
        match &self.faults {
            Some(faults) => write!(f, "{faults}"),
            None => Ok(()),
        }
    }
}

fn write_missing(f: &mut Formatter<'_>, part: &Part) -> fmt::Result {
    for one in &part.missing {
        writeln!(f, "    {one}")?;
    }
    Ok(())
}

impl Display for FaultReport {
    /// Each place once: the process that loses somebody, and one way to see it.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut places: BTreeMap<(LossKind, &str, &str, &str), Vec<&Loss>> = BTreeMap::new();
        for loss in &self.losses {
            let place = (
                loss.kind,
                loss.process.as_str(),
                loss.node.as_str(),
                loss.step.as_str(),
            );
            places.entry(place).or_default().push(loss);
        }
        for ((kind, process, node, step), losses) in places {
            let what = match kind {
                LossKind::Citizen => "loses a citizen in silence",
                LossKind::CitizenUntilTimer => "leaves a citizen without a word until a timer",
                LossKind::OperatorAnswer => "loses an operator's answer",
            };
            writeln!(
                f,
                "process {process}, node {node} {what} when step {step} fails ({} ways)",
                losses.len()
            )?;
            if let Some(loss) = losses.first() {
                let (file, line, run, how) =
                    (&loss.file, loss.line, &loss.run, loss.failure.as_str());
                writeln!(f, "    as in {file}:{line} ({run}), {how}")?;
            }
        }
        Ok(())
    }
}

impl Display for Change {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            run,
            runs,
            before,
            now,
        } = self;
        writeln!(f, "{file}:{line} ({run}; {runs} runs): {}", now.act)?;
        for (name, beat) in [("before", before), ("now", now)] {
            let queue = beat.queue.as_deref().map(|queue| format!(" {queue}"));
            writeln!(
                f,
                "  {name}: {}{}",
                beat.status.as_str(),
                queue.unwrap_or_default()
            )?;
            for said in &beat.said {
                writeln!(f, "    {}", said.replace('\n', "\n        "))?;
            }
        }
        Ok(())
    }
}

impl Display for Different {
    /// Both texts side by side.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} at {}: {}", self.conversation, self.at, self.act)?;
        let recorded: Vec<&str> = self.recorded.lines().collect();
        let now: Vec<&str> = self.now.lines().collect();
        let width = recorded
            .iter()
            .map(|line| line.chars().count())
            .max()
            .unwrap_or(0);
        let width = width.clamp("recorded".len(), COLUMN_CHARS_MAX);
        writeln!(f, "    {:<width$} | now", "recorded")?;
        for row in 0..recorded.len().max(now.len()) {
            let (left, right) = (
                recorded.get(row).unwrap_or(&""),
                now.get(row).unwrap_or(&""),
            );
            writeln!(f, "    {left:<width$} | {right}")?;
        }
        Ok(())
    }
}
