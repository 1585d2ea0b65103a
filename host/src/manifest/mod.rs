//! Spin's manifest, version 2: what an application consists of, checked as a whole when it is loaded.
//! Reads no other file than the manifest; what this host adds stands in `tool.vikno`, which Spin ignores.

mod check;
mod route;
mod wire;

use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

pub use route::{Match, Route, Router};

use crate::variables::Template;

/// A manifest in which everything refers to something that is there.
#[derive(Debug, Serialize)]
pub struct Manifest {
    /// The application's name.
    pub name: String,
    /// Application variables by name.
    pub variables: BTreeMap<String, Variable>,
    /// Components by id.
    pub components: BTreeMap<String, Component>,
    /// HTTP triggers in the order of the file.
    pub http: Vec<HttpTrigger>,
    /// Cron triggers in the order of the file.
    pub cron: Vec<CronTrigger>,
}

/// An application variable.
#[derive(Debug, Serialize)]
pub struct Variable {
    /// The value where none is given; `None` where one must be given.
    pub default: Option<String>,
    /// Never shown.
    pub secret: bool,
}

/// A component and exactly what it may touch.
#[derive(Debug, Serialize)]
pub struct Component {
    /// Its wasm file, relative to the manifest.
    pub source: PathBuf,
    /// Variables it sees, by name.
    pub variables: BTreeMap<String, Template>,
    /// Environment variables it sees.
    pub environment: BTreeMap<String, String>,
    /// Files it may read.
    pub files: Vec<Mount>,
    /// Patterns of files left out of `files`.
    pub exclude_files: Vec<String>,
    /// Hosts it may call, as written.
    pub allowed_outbound_hosts: Vec<Template>,
    /// Labels of the key-value stores it may open.
    pub key_value_stores: BTreeSet<String>,
    /// Those of them that it may only read.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub key_value_read_only: BTreeSet<String>,
    /// Labels of the databases it may open.
    pub sqlite_databases: BTreeSet<String>,
    /// Components composed into it, by the name of what they provide.
    pub dependencies: BTreeMap<String, Dependency>,
    /// The longest one call may take, where it is not the host's default.
    pub timeout_s: Option<u32>,
    /// The most memory one instance may take, where it is not the host's default.
    pub memory_mb: Option<u32>,
    /// Calls an instance answers in its life, where it is not the host's default (Spin's 128).
    pub instance_calls: Option<u32>,
    /// How long an instance outlives its last call, where it is not the host's default (Spin's 1 s).
    pub instance_idle_s: Option<u32>,
}

/// Files a component may read.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Mount {
    /// A file or pattern, found at the same path inside.
    Pattern(String),
    /// A folder or file, found elsewhere inside.
    Placed {
        /// Path relative to the manifest.
        source: PathBuf,
        /// Path inside the component.
        destination: String,
    },
}

/// A component composed into another.
#[derive(Debug, Serialize)]
pub struct Dependency {
    /// Its wasm file, relative to the manifest.
    pub path: PathBuf,
    /// The export that satisfies the import, where it is named otherwise.
    pub export: Option<String>,
    /// Whether it gets what its dependent has got.
    pub inherits: bool,
}

/// A component reached by HTTP.
#[derive(Debug, Serialize)]
pub struct HttpTrigger {
    /// The component's id.
    pub component: String,
    /// Where it is reached; `None`: by service chaining only.
    pub route: Option<Route>,
}

/// A component called at given times.
#[derive(Clone, Debug, Serialize)]
pub struct CronTrigger {
    /// The component's id.
    pub component: String,
    /// Five fields, or six with seconds first.
    pub cron_expression: String,
}

/// Everything that is wrong with a manifest.
#[derive(Debug)]
pub struct ManifestError {
    /// The manifest's path.
    pub file: PathBuf,
    /// Each says where, what is wrong and what to do.
    pub problems: Vec<String>,
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{}: {problem}", self.file.display())?;
        }
        Ok(())
    }
}

impl std::error::Error for ManifestError {}

impl Manifest {
    /// Reads and checks a manifest file.
    pub fn load(path: &Path) -> Result<Self, ManifestError> {
        let fail = |problem: String| ManifestError {
            file: path.to_owned(),
            problems: vec![problem],
        };
        let text = std::fs::read_to_string(path).map_err(|error| fail(error.to_string()))?;
        Self::parse(&text).map_err(|problems| ManifestError {
            file: path.to_owned(),
            problems,
        })
    }

    /// Reads and checks a manifest's text; answers all problems together.
    pub fn parse(text: &str) -> Result<Self, Vec<String>> {
        let wire: wire::Manifest =
            toml::from_str(text).map_err(|error| vec![error.to_string().trim_end().to_owned()])?;
        check::check(wire)
    }
}
