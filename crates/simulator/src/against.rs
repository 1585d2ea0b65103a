//! The same scenarios with two versions of an organisation's processes: where the dialogues differ.

use crate::Centre;
use crate::coverage::Marks;
use crate::play::{Beat, Mode};
use crate::suite::Suite;
use serde::Serialize;
use std::collections::BTreeSet;

/// A place where two versions do not say or do the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// The scenario.
    pub file: String,
    /// The line of the step.
    pub line: usize,
    /// Channel, language, topic of the first run in which it shows.
    pub run: String,
    /// In so many runs.
    pub runs: usize,
    /// What happened then.
    pub before: Beat,
    /// What happens now.
    pub now: Beat,
}

impl Suite {
    /// Plays every scenario with both, and lists the first step at which each differs.
    pub fn compare(&self, before: &Centre, now: &Centre) -> Vec<Change> {
        let mode = Mode {
            lenient: true,
            ..Mode::default()
        };
        let mut changes: Vec<Change> = Vec::new();
        for run in self.runs(now) {
            let was = run.play(before, mode, &mut Marks::default());
            let is = run.play(now, mode, &mut Marks::default());
            let mut pairs = was.beats.into_iter().zip(is.beats);
            let Some((before, now)) = pairs.find(|(before, now)| !same(before, now)) else {
                continue;
            };
            let file = &run.scenario.file;
            let known = changes
                .iter_mut()
                .find(|change| change.file == *file && change.line == now.line);
            match known {
                Some(change) => change.runs += 1,
                None => changes.push(Change {
                    file: file.clone(),
                    line: now.line,
                    run: run.name(),
                    runs: 1,
                    before,
                    now,
                }),
            }
        }
        changes
    }
}

fn same(before: &Beat, now: &Beat) -> bool {
    before.said == now.said && before.status == now.status && before.queue == now.queue
}

/// Processes of which one version has other nodes or ways than the other, by alias.
pub fn changed_processes(before: &Centre, now: &Centre) -> Vec<String> {
    let shape = |centre: &Centre, alias: &str| {
        let process = centre.processes.get(alias)?;
        let nodes = process.map().map(|node| format!("{node:?}"));
        Some(nodes.collect::<Vec<_>>())
    };
    let aliases: BTreeSet<&str> = before
        .processes
        .iter()
        .chain(now.processes.iter())
        .map(|process| process.alias())
        .collect();
    let changed = aliases
        .into_iter()
        .filter(|alias| shape(before, alias) != shape(now, alias));
    changed.map(str::to_owned).collect()
}
