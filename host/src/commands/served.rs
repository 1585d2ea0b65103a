//! Gets the application ready to be served: which organisations, which values, set up and migrated.

use super::manifest::alone;
use super::master_key;
use super::project::Project;
use anyhow::{Context, Result, anyhow, bail};
use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use serde::Deserialize;
use std::collections::BTreeMap;
use vikno::manifest::Manifest;
use vikno::{App, Settings, Sources};

/// The component that brings an installation up to date before it is served.
const SETUP: &str = "setup";

/// Reads the project's manifest; with organisations named, what only others need is left out of it.
pub fn manifest(project: &Project, organisations: &[String]) -> Result<Manifest> {
    if organisations.is_empty() {
        return Ok(Manifest::load(&project.manifest)?);
    }
    let file = project.manifest.display();
    let text = std::fs::read_to_string(&project.manifest).with_context(|| file.to_string())?;
    let narrowed = alone(&text, organisations)?;
    Manifest::parse(&narrowed).map_err(|problems| anyhow!("{file}: {}", problems.join("\n")))
}

/// The values that the application will see.
pub fn values(
    project: &Project,
    manifest: &Manifest,
    overrides: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>> {
    Sources::new(overrides.clone(), &project.root)
        .resolve(&manifest.variables)
        .map_err(|problems| anyhow!("{}: {}", project.manifest.display(), problems.join("\n")))
}

/// Gives an installation without a master key the one in its state folder. Tells whether it was made just now.
pub fn ensure_master_key(
    settings: &mut Settings,
    values: &BTreeMap<String, String>,
) -> Result<bool> {
    if values.get("master_key").is_some_and(|key| !key.is_empty()) {
        return Ok(false);
    }
    let (key, made) = master_key::kept(&settings.state_dir)?;
    settings.variables.insert("master_key".to_owned(), key);
    Ok(made)
}

/// What setting up did.
#[derive(Debug, Deserialize)]
pub struct SetUp {
    /// The organisations that are served.
    pub organisations: Vec<Organisation>,
    /// The first administrator's password if it was made up just now.
    pub administrator_password: Option<String>,
}

/// An organisation that is served.
#[derive(Debug, Deserialize)]
pub struct Organisation {
    /// Its id.
    pub id: String,
}

/// Migrates the databases, publishes the processes, makes the first administrator.
pub async fn set_up(app: &App) -> Result<SetUp> {
    let body = Empty::<Bytes>::new().map_err(|never| match never {});
    let request = http::Request::post("/").body(body.boxed_unsync())?;
    let response = app.call(SETUP, request).await;
    let status = response.status();
    let body = response.into_body().collect().await;
    let body = body.map_err(|error| anyhow!("the component '{SETUP}' broke off: {error}"))?;
    let body = body.to_bytes();
    if !status.is_success() {
        let said = String::from_utf8_lossy(&body).into_owned();
        bail!("the component '{SETUP}' answered {status}: {said}\nThe log above tells the cause.");
    }
    serde_json::from_slice(&body).with_context(|| format!("the answer of the component '{SETUP}'"))
}
