//! What is measured: a server as a process of its own, so that its memory and its processor time are its alone.

use anyhow::{Context, Result, bail};
use serde::Serialize;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Compiling every component on a slow machine takes minutes.
const START_MAX: Duration = Duration::from_secs(600);
/// Running requests may finish first.
const STOP_MAX: Duration = Duration::from_secs(30);
/// Lines of its log that tell why it did not start.
const LOG_TAIL_LINES: usize = 15;
/// The kernel counts processor time in these.
const TICKS_PER_S: f64 = 100.0;

/// A running server; dropping it ends it.
pub struct Target {
    /// Where it listens.
    pub address: SocketAddr,
    child: Child,
}

/// What a process uses at a moment.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Usage {
    /// Resident memory, with the parts of files that are mapped.
    pub resident_mb: f64,
    /// Of that, memory of its own.
    pub own_mb: f64,
    /// Processor time since its start.
    #[serde(skip)]
    pub processor_s: f64,
}

impl Target {
    /// Starts it and waits for its line `ready: URL`; tells how long that took.
    pub fn start(mut command: Command, log: &Path) -> Result<(Self, Duration)> {
        let stderr = fs::File::create(log)?;
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(stderr);
        let begun = Instant::now();
        let mut child = command.spawn().context("the server does not start")?;
        let stdout = child.stdout.take();
        let mut target = Self {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            child,
        };
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            // To the end, so that it never waits for a reader.
            for line in BufReader::new(stdout?).lines().map_while(Result::ok) {
                if let Some(url) = line.strip_prefix("ready: http://") {
                    // Nobody listens after the first.
                    drop(tell.send((url.trim().to_owned(), Instant::now())));
                }
            }
            Some(())
        });
        let Ok((address, at)) = told.recv_timeout(START_MAX) else {
            bail!("the server is not ready; its log ends with\n{}", tail(log));
        };
        target.address = address.parse().with_context(|| address.clone())?;
        Ok((target, at - begun))
    }

    /// Asks it to end, and waits.
    pub fn stop(mut self) -> Result<()> {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status()?;
        let until = Instant::now() + STOP_MAX;
        while self.child.try_wait()?.is_none() {
            if Instant::now() > until {
                bail!("the server does not end");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// What it uses now. `None` where the system does not tell.
    pub fn usage(&self) -> Option<Usage> {
        let folder = PathBuf::from(format!("/proc/{}", self.child.id()));
        let status = fs::read_to_string(folder.join("status")).ok()?;
        let stat = fs::read_to_string(folder.join("stat")).ok()?;
        let megabytes = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name))?;
            let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
            Some(kilobytes / 1024.0)
        };
        // Fields 14 and 15; the second one, the name in brackets, may hold spaces.
        let after_name = stat.rsplit(')').next()?;
        let ticks = after_name.split_whitespace().skip(11).take(2);
        let ticks: f64 = ticks.filter_map(|field| field.parse::<f64>().ok()).sum();
        Some(Usage {
            resident_mb: megabytes("VmRSS:")?,
            own_mb: megabytes("RssAnon:")?,
            processor_s: ticks / TICKS_PER_S,
        })
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        // Gone already after `stop`.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LOG_TAIL_LINES)..].join("\n")
}
