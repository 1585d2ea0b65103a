//! `vikno up`: builds what is not built, sets up, serves until it is told to stop.

use super::builds;
use super::demo::Demo;
use super::print;
use super::project::Project;
use super::served::{self, SetUp};
use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use vikno::{App, Listener, Settings, logs};

/// `vikno up`.
#[derive(Args)]
pub struct Up {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    /// Where databases, files and compiled components are kept [default: .vikno in the project, .vikno/demo for a
    /// demonstration].
    #[arg(long)]
    state: Option<PathBuf>,
    /// Serves only these organisations.
    #[arg(long, value_delimiter = ',', value_name = "ORG,ORG")]
    org: Vec<String>,
    /// Certificates (PEM) for HTTPS.
    #[arg(long, requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Their key (PEM).
    #[arg(long, requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Spin's runtime-config file: where single databases and stores live.
    #[arg(long)]
    runtime_config_file: Option<PathBuf>,
    /// Form of the log.
    #[arg(long, value_enum, default_value_t = LogForm::Pretty)]
    log: LogForm,
    /// Made-up citizens and operators talk to all organisations; the channels are stand-ins on this machine.
    #[arg(long, conflicts_with_all = ["tls_cert", "runtime_config_file"])]
    demo: bool,
    /// Takes the components as they are.
    #[arg(long)]
    no_build: bool,
    /// The manifest [default: the nearest spin.toml].
    #[arg(long)]
    manifest: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum LogForm {
    Pretty,
    Json,
}

impl Up {
    /// Runs until a signal.
    pub fn run(self) -> Result<()> {
        let form = match self.log {
            LogForm::Pretty => logs::Format::Pretty,
            LogForm::Json => logs::Format::Json,
        };
        // Made-up people make several requests a second, which would carry away the lines that say what to open.
        logs::start(form, if self.demo { "warn" } else { "info" });
        let project = Project::find(self.manifest.as_deref())?;
        let manifest = served::manifest(&project, &self.org)?;
        if !self.no_build {
            builds::bring_up_to_date(&project, &manifest)?;
        }
        let state = match &self.state {
            Some(state) => std::path::absolute(state)?,
            // Made-up dialogues never mix with real ones.
            None if self.demo => project.root.join(".vikno/demo"),
            None => project.root.join(".vikno"),
        };
        let mut settings = Settings::new(state);
        settings.runtime_config = self.runtime_config_file.clone();
        if let Ok(password) = std::env::var("VIKNO_ADMIN_PASSWORD") {
            settings
                .variables
                .insert("admin_password".to_owned(), password);
        }
        let values = served::values(&project, &manifest, &settings.variables)?;
        if served::ensure_master_key(&mut settings, &values)? {
            print::line(format!(
                "made a master key, kept in {}: back it up, since no token and no link to a file is valid without it",
                settings.state_dir.join("master_key").display()
            ));
        }
        let demo = match self.demo {
            true => Some(Demo::prepare(&manifest, &mut settings, &values)?),
            false => None,
        };
        vikno::runtime()?.block_on(async {
            let listener = self.listener().await?;
            let url = self.url(&listener)?;
            let app = App::from_manifest(manifest, &project.manifest, &settings)?;
            let set_up = served::set_up(&app).await?;
            let stop = stop_signal()?;
            if let Some(demo) = demo {
                print::named(&demo.administrator());
                let organisations = set_up.organisations.iter().map(|org| org.id.clone());
                let talk = demo.run(
                    listener.tcp.local_addr()?,
                    organisations.collect(),
                    stop.clone(),
                );
                tokio::spawn(talk);
            }
            welcome(&url, &set_up);
            app.serve(listener, stop).await;
            Ok(())
        })
    }

    async fn listener(&self) -> Result<Listener> {
        let tls = match (&self.tls_cert, &self.tls_key) {
            (Some(certificates), Some(key)) => Some(vikno::acceptor(certificates, key)?),
            _ => None,
        };
        let tcp = TcpListener::bind(self.listen).await.with_context(|| {
            format!(
                "cannot listen on {}; name another address with --listen",
                self.listen
            )
        })?;
        Ok(Listener { tcp, tls })
    }

    fn url(&self, listener: &Listener) -> Result<String> {
        let scheme = if listener.tls.is_some() {
            "https"
        } else {
            "http"
        };
        Ok(format!("{scheme}://{}", listener.tcp.local_addr()?))
    }
}

/// Cancelled by SIGTERM and by Ctrl-C.
fn stop_signal() -> Result<CancellationToken> {
    let stop = CancellationToken::new();
    let stopper = stop.clone();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: what runs is finished first");
        stopper.cancel();
    });
    Ok(stop)
}

/// What to open. The last line tells that it is open.
fn welcome(url: &str, set_up: &SetUp) {
    let organisations: Vec<&str> = set_up
        .organisations
        .iter()
        .map(|org| org.id.as_str())
        .collect();
    let mut lines = vec![("start page", format!("{url}/"))];
    if let Some(org) = organisations.first() {
        lines.push(("a chat", format!("{url}/{org}/")));
    }
    lines.extend([
        ("routes", format!("{url}/openapi.json")),
        ("figures", format!("{url}/metrics")),
    ]);
    if let Some(password) = &set_up.administrator_password {
        lines.push(("administrator", "admin".to_owned()));
        lines.push(("password", format!("{password} (shown this once)")));
    }
    print::line(format!("organisations: {}", organisations.join(", ")));
    print::named(&lines);
    print::line(format!("ready: {url}"));
}
