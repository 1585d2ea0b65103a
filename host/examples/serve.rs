//! The runtime embedded in a program of one's own: serves a manifest whose components are built.

use anyhow::{Context, Result};
use std::path::PathBuf;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use vikno::{App, Listener, Settings, logs};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || {
        arguments
            .next()
            .context("usage: serve MANIFEST LISTEN STATE")
    };
    let manifest = PathBuf::from(next()?);
    let listen = next()?;
    let settings = Settings::new(next()?);
    logs::start(logs::Format::Pretty, "info");
    vikno::runtime()?.block_on(async {
        let app = App::load(&manifest, &settings)?;
        let tcp = TcpListener::bind(listen).await?;
        let stop = CancellationToken::new();
        let stopper = stop.clone();
        tokio::spawn(async move {
            let _ = tokio::signal::ctrl_c().await;
            stopper.cancel();
        });
        app.serve(Listener { tcp, tls: None }, stop).await;
        Ok(())
    })
}
