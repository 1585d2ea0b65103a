//! The published processes as the API names them. A version never changes, so what an instance has read stays right.

use crate::settings::Addresses;
use serde::Deserialize;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use vikno_corezoid::api::ProcessName;
use vikno_domain::OrgId;
use vikno_shell::Problem;
use vikno_storage::{Database, versions};

thread_local! {
    static NEWEST: RefCell<HashMap<OrgId, Rc<Catalogue>>> = RefCell::default();
}

/// All processes of a version.
#[derive(Debug)]
pub(crate) struct Catalogue {
    pub(crate) version: i64,
    processes: BTreeMap<String, Process>,
}

/// What the API tells of a process.
#[derive(Debug, Deserialize)]
pub(crate) struct Process {
    #[serde(default)]
    pub(crate) obj_id: Value,
    #[serde(default)]
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) status: Value,
    scheme: Scheme,
}

#[derive(Debug, Deserialize)]
struct Scheme {
    nodes: Vec<Node>,
}

/// A node of a process.
#[derive(Debug, Deserialize)]
pub(crate) struct Node {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) obj_type: Value,
    #[serde(default)]
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) condition: Value,
}

impl Catalogue {
    /// The newest version of an organisation.
    pub(crate) async fn newest(database: &Database, org: &OrgId) -> Result<Rc<Self>, Problem> {
        let version = versions::newest(database)
            .await?
            .ok_or_else(|| Problem::fault("no processes are published; run the setup"))?;
        let known = NEWEST.with_borrow(|all| all.get(org).cloned());
        if let Some(known) = known.filter(|known| known.version == version) {
            return Ok(known);
        }
        let bundle = versions::bundle(database, version).await?;
        let processes = serde_json::from_str(&bundle)
            .map_err(|error| Problem::fault(format!("process version {version}: {error}")))?;
        let catalogue = Rc::new(Self { version, processes });
        NEWEST.with_borrow_mut(|all| all.insert(org.clone(), catalogue.clone()));
        Ok(catalogue)
    }

    /// The process of that name, with its alias.
    pub(crate) fn find(&self, name: &ProcessName) -> Option<(&str, &Process)> {
        let mut all = self.processes.iter();
        let found = match name {
            ProcessName::Alias(alias) => self.processes.get_key_value(alias),
            ProcessName::Number(number) => all.find(|(_, process)| process.is_numbered(*number)),
        };
        found.map(|(alias, process)| (alias.as_str(), process))
    }

    /// As a segment of an address names it: by number or alias.
    pub(crate) fn find_segment(&self, segment: &str) -> Option<(&str, &Process)> {
        let name = match segment.parse() {
            Ok(number) => ProcessName::Number(number),
            Err(_) => ProcessName::Alias(segment.trim_start_matches('@').to_owned()),
        };
        self.find(&name)
    }

    /// Every callback node of that id, with its process and the place of the task's number in what is posted.
    pub(crate) fn callbacks<'a>(
        &'a self,
        node: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.processes.iter().filter_map(move |(alias, process)| {
            let node = process.nodes().iter().find(|known| known.id == node)?;
            Some((alias.as_str(), node.callback()?))
        })
    }
}

impl Process {
    fn is_numbered(&self, number: i64) -> bool {
        match &self.obj_id {
            Value::String(text) => text.trim().parse() == Ok(number),
            value => value.as_i64() == Some(number),
        }
    }

    pub(crate) fn nodes(&self) -> &[Node] {
        &self.scheme.nodes
    }

    /// The callback addresses of its nodes.
    pub(crate) fn callback_addresses(
        &self,
        alias: &str,
        addresses: Option<&Addresses>,
    ) -> BTreeMap<String, String> {
        let Some(addresses) = addresses else {
            return BTreeMap::new();
        };
        let waiting = self.nodes().iter().filter(|node| node.callback().is_some());
        waiting
            .filter_map(|node| Some((node.id.clone(), addresses.callback(alias, &node.id)?)))
            .collect()
    }
}

impl Node {
    /// Where a callback's body names its task, when tasks wait here for a callback.
    fn callback(&self) -> Option<&str> {
        let logics = self.condition.get("logics")?.as_array()?;
        let callback = logics
            .iter()
            .find(|logic| logic["type"] == "api_callback")?;
        Some(callback["obj_id_path"].as_str().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn catalogue() -> Catalogue {
        let processes = json!({
            "orders": {"obj_id": 7, "title": "Orders", "scheme": {"nodes": [
                {"id": "start", "obj_type": 1, "condition": {"logics": [{"type": "go", "to_node_id": "wait"}]}},
                {"id": "wait", "condition": {"logics": [{"type": "api_callback", "obj_id_path": "order.id"}]}},
            ]}},
            "old": {"obj_id": "12", "scheme": {"nodes": [{"id": "wait"}]}},
        });
        Catalogue {
            version: 1,
            processes: serde_json::from_value(processes).unwrap(),
        }
    }

    #[test]
    fn processes_are_found_by_number_and_by_alias() {
        let catalogue = catalogue();
        let alias = |segment: &str| catalogue.find_segment(segment).map(|(alias, _)| alias);
        assert_eq!(alias("7"), Some("orders"));
        assert_eq!(alias("12"), Some("old"));
        assert_eq!(alias("orders"), Some("orders"));
        assert_eq!(alias("@orders"), Some("orders"));
        assert_eq!(alias("8"), None);
    }

    #[test]
    fn only_nodes_that_wait_have_callbacks() {
        let catalogue = catalogue();
        let found: Vec<_> = catalogue.callbacks("wait").collect();
        assert_eq!(found, [("orders", "order.id")]);
        assert_eq!(catalogue.callbacks("start").count(), 0);
    }
}
