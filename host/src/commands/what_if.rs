//! `vikno what-if`: a roster or a new version of a process against generated citizens, before real ones meet it.

use super::print;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread;
use vikno_staffing::{Comparison, Outcome, Plan, Report, chart, chart_of_two, outcome};

/// `vikno what-if`.
#[derive(Args)]
pub struct WhatIf {
    /// The plan: citizens, operators, shifts (docs/staffing.md).
    file: PathBuf,
    /// Another plan, which meets the same citizens; its differences to the first are told.
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// How often the days are simulated: more runs, narrower intervals.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    runs: u32,
    /// What the chance is made from: the same number, the same citizens.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Writes everything to this file as JSON.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Draws the hours of the day into this file as SVG.
    #[arg(long, value_name = "FILE")]
    chart: Option<PathBuf>,
}

/// A plan that has been simulated.
struct Simulated {
    plan: Plan,
    outcomes: Vec<Outcome>,
    report: Report,
}

impl WhatIf {
    /// Simulates, prints, writes.
    pub fn run(self) -> Result<()> {
        let first = self.simulate(&self.file)?;
        let second = match &self.against {
            Some(file) => Some(self.simulate(file)?),
            None => None,
        };
        print::line(first.report.table());
        let comparison = second.as_ref().map(|second| {
            print::line(second.report.table());
            let comparison = Comparison::new(
                (&first.plan, &first.outcomes),
                (&second.plan, &second.outcomes),
            );
            print::line(comparison.table());
            comparison
        });
        if let Some(file) = &self.report {
            let second = second.as_ref().map(|second| &second.report);
            let all = serde_json::json!({
                "plan": first.report, "against": second, "differences": comparison,
            });
            write(file, &(serde_json::to_string_pretty(&all)? + "\n"))?;
        }
        if let Some(file) = &self.chart {
            let drawing = match &second {
                Some(second) => chart_of_two(&first.report, &second.report),
                None => chart(&first.report),
            };
            write(file, &drawing)?;
        }
        Ok(())
    }

    fn simulate(&self, file: &Path) -> Result<Simulated> {
        let plan = plan(file)?;
        let outcomes = outcomes(&plan, self.seed, self.runs);
        let report = Report::new(&plan, self.seed, &outcomes);
        Ok(Simulated {
            plan,
            outcomes,
            report,
        })
    }
}

/// Reads a plan. A history lies beside it.
fn plan(file: &Path) -> Result<Plan> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let folder = file.parent().unwrap_or(Path::new(""));
    let read = |name: &str| {
        fs::read_to_string(folder.join(name)).map_err(|error| format!("'{name}': {error}"))
    };
    let problems = match Plan::parse(&text, read) {
        Ok(plan) => return Ok(plan),
        Err(problems) => problems,
    };
    for problem in &problems {
        print::line(format!("{}: {problem}", file.display()));
    }
    match problems.len() {
        1 => bail!("1 problem"),
        count => bail!("{count} problems"),
    }
}

/// The runs are independent of each other: every processor takes some.
fn outcomes(plan: &Plan, seed: u64, runs: u32) -> Vec<Outcome> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let workers = u32::try_from(workers).unwrap_or(1).min(runs);
    let numbers = |worker: u32| (worker..runs).step_by(workers as usize);
    let mut numbered: Vec<(u32, Outcome)> = thread::scope(|scope| {
        let own = |worker| {
            move || {
                let run = |number| (number, outcome(plan, seed, number));
                numbers(worker).map(run).collect::<Vec<_>>()
            }
        };
        let started: Vec<_> = (0..workers)
            .map(|worker| scope.spawn(own(worker)))
            .collect();
        let finished = started.into_iter().map(|handle| match handle.join() {
            Ok(outcomes) => outcomes,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        finished.flatten().collect()
    });
    numbered.sort_unstable_by_key(|(number, _)| *number);
    numbered.into_iter().map(|(_, outcome)| outcome).collect()
}

fn write(file: &Path, text: &str) -> Result<()> {
    fs::write(file, text).with_context(|| file.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::{WhatIf, outcomes, plan};
    use std::fs;
    use std::path::{Path, PathBuf};

    fn sample(name: &str) -> PathBuf {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/staffing");
        docs.join(name)
    }

    #[test]
    fn runs_shared_out_to_processors_are_the_same_runs() {
        let plan = plan(&sample("monday-ten.toml")).unwrap();
        assert_eq!(outcomes(&plan, 7, 5), vikno_staffing::simulate(&plan, 7, 5));
    }

    #[test]
    fn report_and_drawing_are_written() {
        let folder = tempfile::tempdir().unwrap();
        let (report, chart) = (folder.path().join("r.json"), folder.path().join("c.svg"));
        let command = WhatIf {
            file: sample("monday-ten.toml"),
            against: Some(sample("monday-eight.toml")),
            runs: 3,
            seed: 1,
            report: Some(report.clone()),
            chart: Some(chart.clone()),
        };
        command.run().unwrap();
        let report: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(report).unwrap()).unwrap();
        assert_eq!(report["plan"]["runs"], 3);
        assert_eq!(report["differences"]["second"], "eight operators");
        assert!(fs::read_to_string(chart).unwrap().starts_with("<svg"));
    }

    #[test]
    fn a_plan_with_mistakes_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("plan.toml");
        fs::write(&file, "name = 3\n").unwrap();
        let error = plan(&file).unwrap_err().to_string();
        assert!(error.ends_with("problems"), "{error}");
    }
}
