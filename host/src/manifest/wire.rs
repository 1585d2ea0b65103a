//! The manifest as it is written. Unknown keys are refused where Spin refuses them.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use toml::{Table, Value};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    pub spin_manifest_version: u32,
    pub application: Application,
    #[serde(default)]
    pub variables: BTreeMap<String, Variable>,
    #[serde(default)]
    pub trigger: BTreeMap<String, Vec<Table>>,
    #[serde(default)]
    pub component: BTreeMap<String, Component>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "known to Spin, of no effect here")]
pub(super) struct Application {
    pub name: String,
    version: Option<Value>,
    description: Option<Value>,
    authors: Option<Value>,
    targets: Option<Value>,
    #[serde(default)]
    pub trigger: BTreeMap<String, Table>,
    #[serde(default)]
    pub tool: BTreeMap<String, Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "known to Spin, of no effect here")]
pub(super) struct Variable {
    pub default: Option<String>,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub secret: bool,
    description: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "known to Spin, of no effect here")]
pub(super) struct Component {
    pub source: Value,
    description: Option<Value>,
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    #[serde(default)]
    pub files: Vec<Mount>,
    #[serde(default)]
    pub exclude_files: Vec<String>,
    #[serde(default)]
    pub allowed_outbound_hosts: Vec<String>,
    #[serde(default)]
    pub key_value_stores: Vec<String>,
    #[serde(default)]
    pub sqlite_databases: Vec<String>,
    #[serde(default)]
    pub ai_models: Vec<String>,
    targets: Option<Value>,
    build: Option<Value>,
    #[serde(default)]
    pub tool: BTreeMap<String, Table>,
    #[serde(default)]
    pub dependencies_inherit_configuration: bool,
    #[serde(default)]
    pub dependencies: BTreeMap<String, Value>,
    profile: Option<Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Mount {
    Pattern(String),
    Placed {
        source: PathBuf,
        destination: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Dependency {
    pub path: PathBuf,
    pub export: Option<String>,
    pub inherit_configuration: Option<bool>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Route {
    Path(String),
    Private { private: bool },
}

/// `[application.tool.vikno]`: what this host reads and Spin ignores.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    /// Components that may write to a key-value store; everybody else who may open it only reads.
    #[serde(default)]
    pub key_value_writers: BTreeMap<String, BTreeSet<String>>,
}

/// `[component.X.tool.vikno]`: what this host reads and Spin ignores.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    pub timeout_s: Option<u32>,
    pub memory_mb: Option<u32>,
    pub instance_calls: Option<u32>,
    pub instance_idle_s: Option<u32>,
}
