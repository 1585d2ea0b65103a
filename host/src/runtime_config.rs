//! Spin's runtime-config file, as far as it says where labels live.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Files of labels that do not live in the state folder.
#[derive(Debug, Default)]
pub struct RuntimeConfig {
    /// Key-value stores.
    pub key_value_stores: BTreeMap<String, PathBuf>,
    /// Databases.
    pub sqlite_databases: BTreeMap<String, PathBuf>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    key_value_store: BTreeMap<String, Place>,
    #[serde(default)]
    sqlite_database: BTreeMap<String, Place>,
}

#[derive(Deserialize)]
struct Place {
    r#type: String,
    path: Option<PathBuf>,
}

impl RuntimeConfig {
    /// Reads the file. Paths in it are relative to it. Answers all problems together.
    pub fn load(file: &Path) -> Result<Self, Vec<String>> {
        let at = file.display();
        let text = std::fs::read_to_string(file).map_err(|error| vec![format!("{at}: {error}")])?;
        let wire: Wire =
            toml::from_str(&text).map_err(|error| vec![format!("{at}: {}", error.message())])?;
        let folder = file.parent().unwrap_or(Path::new("."));
        let mut problems = Vec::new();
        let mut places = |kind: &str, places: BTreeMap<String, Place>| {
            let mut found = BTreeMap::new();
            for (label, place) in places {
                match (place.r#type.as_str(), place.path) {
                    ("spin", Some(path)) => {
                        found.insert(label, folder.join(path));
                    }
                    ("spin", None) => {}
                    (other, _) => problems.push(format!(
                        "{at}: {kind}.{label}: type {other:?} is not offered by this host; write type = \"spin\" with a path, or run the application on Spin"
                    )),
                }
            }
            found
        };
        let config = Self {
            key_value_stores: places("key_value_store", wire.key_value_store),
            sqlite_databases: places("sqlite_database", wire.sqlite_database),
        };
        if problems.is_empty() {
            Ok(config)
        } else {
            Err(problems)
        }
    }
}
