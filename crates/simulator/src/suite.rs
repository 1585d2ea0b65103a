//! All scenarios of an organisation: those that every organisation shares and its own, played, counted and held
//! against the coverage that it asks for.

use crate::coverage::{Coverage, Entered, Marks};
use crate::play::{Beat, Mismatch, Mode, Run};
use crate::scenario::{Scenario, ScenarioProblem};
use crate::{Centre, Loss};
use serde::Serialize;
use std::collections::BTreeMap;
use vikno_domain::OrgId;

/// Scenario files of a folder by name, with their text.
pub type ScenarioFiles = BTreeMap<String, String>;

/// An organisation's scenarios, ready to be played.
#[derive(Debug, Clone, Default)]
pub struct Suite {
    /// In the order of their files.
    pub scenarios: Vec<Scenario>,
    /// Files that cannot be read.
    pub problems: Vec<ScenarioProblem>,
}

/// A run that did not come out as it must.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Failed {
    /// The scenario's file.
    pub file: String,
    /// What it shows.
    pub title: String,
    /// Channel, language, topic.
    pub run: String,
    /// What was expected, and what came.
    pub mismatch: Mismatch,
    /// The dialogue up to there.
    pub dialogue: Vec<Beat>,
}

/// What became of an organisation's scenarios.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SuiteReport {
    /// The organisation.
    pub org: OrgId,
    /// Files with a scenario for it.
    pub scenarios: usize,
    /// Runs of them: channels, languages, topics.
    pub runs: usize,
    /// Runs that came out as they must.
    pub passed: usize,
    /// Those that did not.
    pub failed: Vec<Failed>,
    /// Files that cannot be read.
    pub problems: Vec<ScenarioProblem>,
    /// How much was tried.
    pub coverage: Coverage,
    /// How often each node was entered.
    #[serde(skip)]
    pub entered: Entered,
    /// How much of the nodes the organisation asks for, in percent.
    pub coverage_min_percent: u8,
    /// Whether the coverage counts: not when only some scenarios were played.
    pub whole: bool,
    /// Events taken through the processes.
    pub turns: usize,
    /// What citizens lose when a step fails; only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub faults: Option<FaultReport>,
}

/// Every scenario under every single failure of every call of a step.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FaultReport {
    /// Dialogues led.
    pub dialogues: usize,
    /// Calls that were made to fail, each in four ways.
    pub calls: usize,
    /// What was lost.
    pub losses: Vec<Loss>,
}

impl Suite {
    /// Reads the scenarios. One of an organisation's own replaces a shared one of the same name.
    pub fn read(shared: &ScenarioFiles, org: &str, own: &ScenarioFiles) -> Self {
        let mut files = BTreeMap::new();
        for (folder, layer) in [("_templates", shared), (org, own)] {
            for (name, text) in layer {
                files.insert(name, (format!("{folder}/scenarios/{name}"), text));
            }
        }
        let mut suite = Self::default();
        for (file, text) in files.values() {
            match Scenario::parse(file, text) {
                Ok(scenario) => suite.scenarios.push(scenario),
                Err(problems) => suite.problems.extend(problems),
            }
        }
        suite
    }

    /// Every run that this organisation makes of them.
    pub fn runs<'a>(&'a self, centre: &'a Centre) -> Vec<Run<'a>> {
        let scenarios = self.scenarios.iter();
        scenarios
            .flat_map(|scenario| scenario.runs(centre))
            .collect()
    }

    /// Plays all of them. `whole` tells that these are all the scenarios there are, so that coverage counts.
    pub fn play(&self, centre: &Centre, whole: bool) -> SuiteReport {
        let mut marks = Marks::default();
        let (mut failed, mut turns, mut scenarios) = (Vec::new(), 0, 0);
        let runs = self.runs(centre);
        let mut last = None;
        for run in &runs {
            let played = run.play(centre, Mode::default(), &mut marks);
            turns += played.turns;
            if last.replace(&run.scenario.file) != Some(&run.scenario.file) {
                scenarios += 1;
            }
            if let Some(mismatch) = played.mismatch {
                failed.push(Failed {
                    file: run.scenario.file.clone(),
                    title: run.scenario.title.clone(),
                    run: run.name(),
                    mismatch,
                    dialogue: played.beats,
                });
            }
        }
        let organisation = &centre.organisation;
        SuiteReport {
            org: organisation.id.clone(),
            scenarios,
            runs: runs.len(),
            passed: runs.len() - failed.len(),
            failed,
            problems: self.problems.clone(),
            coverage: marks.coverage(centre),
            entered: marks.entered(),
            coverage_min_percent: organisation.simulation.coverage_min_percent,
            whole,
            turns,
            faults: None,
        }
    }
}

impl SuiteReport {
    /// Whether the organisation may go live, as far as its scenarios tell.
    pub fn is_good(&self) -> bool {
        let lossless = self
            .faults
            .as_ref()
            .is_none_or(|faults| faults.losses.is_empty());
        self.failed.is_empty() && self.problems.is_empty() && !self.is_below() && lossless
    }

    /// Whether less was tried than the organisation asks for.
    pub fn is_below(&self) -> bool {
        let wanted = usize::from(self.coverage_min_percent);
        self.whole && self.coverage.nodes.percent() < wanted
    }
}
