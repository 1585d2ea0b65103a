//! `vikno bench`: how fast the whole path is, from a channel's webhook to the delivered reply, and how fast a bare
//! server with the same work is, in the same run. Measures an installation of its own, never a running one.

mod connections;
mod desk;
mod durable;
mod load;
mod messengers;
mod meter;
mod organisations;
mod replies;
mod report;
mod target;
mod turns;
mod web;
mod yardstick;

use super::builds;
use super::print;
use super::project::Project;
use super::served;
use anyhow::{Context, Result};
use clap::Args;
use organisations::Addressee;
use report::{Figures, Report};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;
use target::Target;
use vikno_standins::Standins;

/// `vikno bench`.
#[derive(Args)]
pub struct Bench {
    /// How long each load lasts.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(3..=3600))]
    seconds: u64,
    /// Writes the figures to this file as JSON, too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Takes the components as they are, and leaves out what has to be built to be measured.
    #[arg(long)]
    no_build: bool,
    /// Is the bare server, with its databases in this folder: how the measurement starts it.
    #[arg(long, hide = true, requires = "standins")]
    yardstick: Option<PathBuf>,
    /// Where the bare server sends its replies.
    #[arg(long, hide = true, requires = "yardstick")]
    standins: Option<String>,
}

impl Bench {
    /// Measures and prints.
    pub fn run(self) -> Result<()> {
        let project = Project::find(None)?;
        let organisations = organisations::all(&project)?;
        if let (Some(folder), Some(standins)) = (&self.yardstick, &self.standins) {
            return yardstick::serve(folder, standins, &organisations);
        }
        if !self.no_build {
            let manifest = served::manifest(&project, &[])?;
            builds::bring_up_to_date(&project, &manifest)?;
        }
        // On the project's disk: a temporary folder may lie in memory, where a durable commit costs nothing.
        let parent = project.root.join("target");
        std::fs::create_dir_all(&parent)?;
        let folder = tempfile::Builder::new()
            .prefix("bench-")
            .tempdir_in(parent)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let report = runtime.block_on(self.measure(&project, &organisations, folder.path()))?;
        report.print();
        if let Some(file) = &self.json {
            let json = serde_json::to_string_pretty(&report)?;
            std::fs::write(file, json + "\n").with_context(|| file.display().to_string())?;
        }
        Ok(())
    }

    async fn measure(
        &self,
        project: &Project,
        organisations: &[Addressee],
        folder: &Path,
    ) -> Result<Report> {
        let window = Duration::from_secs(self.seconds);
        let turns_per_second = match self.no_build {
            true => None,
            false => {
                print::line("measuring the processes alone");
                Some(turns::per_second(&project.root)?)
            }
        };

        print::line("starting with nothing compiled");
        let standins = standins()?;
        let up = || application(project, organisations, &standins, &folder.join("state"));
        let (target, cold_start) = Target::start(up()?, &folder.join("cold.log"))?;
        target.stop()?;
        print::line("starting again");
        let (target, warm_start) = Target::start(up()?, &folder.join("warm.log"))?;
        print::line(format!(
            "measuring: {} sessions, two loads of {} s",
            load::SESSIONS,
            self.seconds
        ));
        let shown = load::run(&target, Arc::clone(&standins), organisations, window).await?;
        let application = Figures::of(&shown);
        let state = folder.join("state");
        let durable = durable::nodes_per_second(&state, organisations, shown.full_stretch)?;
        target.stop()?;
        drop(standins);

        print::line(format!(
            "measuring {} operators with {} dialogues",
            desk::OPERATORS,
            desk::CONVERSATIONS
        ));
        desk::hire(&state, organisations)?;
        let standins = self::standins()?;
        let again = self::application(project, organisations, &standins, &state)?;
        let (target, _) = Target::start(again, &folder.join("desk.log"))?;
        let desk = desk::run(&target, organisations, window).await?;
        drop((target, standins));

        print::line("measuring a bare server");
        let standins = self::standins()?;
        let mut bare = Command::new(std::env::current_exe()?);
        bare.current_dir(&project.root)
            .args(["bench", "--standins", &standins.url(), "--yardstick"])
            .arg(folder.join("yardstick"));
        let (target, _) = Target::start(bare, &folder.join("yardstick.log"))?;
        let shown = load::run(&target, standins, organisations, window).await?;
        let yardstick = Figures::of(&shown);

        Ok(Report {
            processors: std::thread::available_parallelism().map_or(1, usize::from),
            seconds: self.seconds,
            sessions: load::SESSIONS,
            cold_start_s: cold_start.as_secs_f64(),
            warm_start_s: warm_start.as_secs_f64(),
            marks: report::marks(&application, &yardstick, &desk, turns_per_second),
            desk,
            durable_nodes_per_second: durable,
            turns_per_second,
            application,
            yardstick,
        })
    }
}

fn standins() -> Result<Arc<Standins>> {
    Ok(Arc::new(Standins::start(([127, 0, 0, 1], 0).into())?))
}

/// The application as anybody starts it, with its channels led to the stand-ins.
fn application(
    project: &Project,
    organisations: &[Addressee],
    standins: &Standins,
    state: &Path,
) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command
        .current_dir(&project.root)
        .args(["up", "--no-build", "--listen", "127.0.0.1:0"])
        .args(["--log", "json", "--state"])
        .arg(state)
        .env("VIKNO_ADMIN_PASSWORD", desk::PASSWORD);
    for (name, value) in organisations::variables(organisations, &standins.url()) {
        command.env(format!("SPIN_VARIABLE_{}", name.to_uppercase()), value);
    }
    Ok(command)
}
