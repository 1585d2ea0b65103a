//! The manifest of some organisations deployed alone: the project's own, without the databases, files, hosts and
//! secrets of the others. It stays valid for Spin, and its comments stay.

use super::print;
use super::project::Project;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::path::PathBuf;
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value, value};

/// The folder of all organisations, and what they share in it.
pub(super) const ORGANISATIONS: &str = "organisations";
const SHARED: &str = "_templates";

/// `vikno manifest`.
#[derive(Args)]
pub struct Manifest {
    /// The organisation.
    #[arg(long)]
    org: String,
    /// The manifest of all.
    #[arg(long)]
    manifest: Option<PathBuf>,
}

impl Manifest {
    /// Prints the manifest.
    pub fn run(self) -> Result<()> {
        let project = Project::find(self.manifest.as_deref())?;
        let text = std::fs::read_to_string(&project.manifest)
            .with_context(|| project.manifest.display().to_string())?;
        print::line(alone(&text, &[self.org])?.trim_end());
        Ok(())
    }
}

/// The manifest `text` for the wanted organisations only.
pub fn alone(text: &str, wanted: &[String]) -> Result<String> {
    let mut manifest: DocumentMut = text.parse().context("the manifest is not valid TOML")?;
    let known = organisations(&manifest)?;
    for org in wanted {
        if !known.contains(org) {
            bail!(
                "there is no organisation '{org}'; there are {}",
                known.join(", ")
            );
        }
    }
    let others = Others {
        wanted,
        labels: known
            .iter()
            .filter(|org| !wanted.contains(org))
            .cloned()
            .collect(),
    };
    if let Some(variables) = manifest.get_mut("variables").and_then(Item::as_table_mut) {
        keep(variables, |name, _| !others.own(name));
        variables[ORGANISATIONS]["default"] = value(wanted.join(","));
    }
    let components = manifest.get_mut("component").and_then(Item::as_table_mut);
    for (_, component) in components.into_iter().flat_map(Table::iter_mut) {
        if let Some(component) = component.as_table_mut() {
            others.leave(component);
        }
    }
    Ok(manifest.to_string())
}

/// The ids of all organisations in the manifest.
pub(super) fn organisations(manifest: &DocumentMut) -> Result<Vec<String>> {
    let variable = manifest
        .get("variables")
        .and_then(|all| all.get(ORGANISATIONS));
    let list = variable
        .and_then(|variable| variable.get("default")?.as_str())
        .context("the manifest has no variable 'organisations' whose default lists them all")?;
    Ok(list.split(',').map(|org| org.trim().to_owned()).collect())
}

/// The organisations that are left out.
struct Others<'a> {
    wanted: &'a [String],
    labels: Vec<String>,
}

impl Others<'_> {
    /// Whether a variable belongs to one of them: the longest organisation before the name counts.
    fn own(&self, variable: &str) -> bool {
        let length = |org: &String| {
            let prefix = format!("{}_", org.replace('-', "_"));
            variable.starts_with(&prefix).then_some(prefix.len())
        };
        let longest = |orgs: &[String]| orgs.iter().filter_map(length).max();
        longest(&self.labels) > longest(self.wanted)
    }

    /// Whether text has the value of one of their variables in it.
    fn is_used_in(&self, text: &str) -> bool {
        let names = text
            .split("{{")
            .skip(1)
            .filter_map(|rest| rest.split_once("}}"));
        names.into_iter().any(|(name, _)| self.own(name.trim()))
    }

    /// Takes a component away from them.
    fn leave(&self, component: &mut Table) {
        for stores in ["sqlite_databases", "key_value_stores"] {
            retain(component, stores, |label| {
                !self.labels.iter().any(|other| other == label)
            });
        }
        retain(component, "allowed_outbound_hosts", |host| {
            !self.is_used_in(host)
        });
        if let Some(variables) = component.get_mut("variables").and_then(Item::as_table_mut) {
            keep(variables, |_, template| !self.is_used_in(template));
        }
        if let Some(files) = component.get_mut("files").and_then(Item::as_array_mut) {
            *files = self.narrowed(files);
        }
    }

    /// The folder of all organisations becomes the folders of those that stay and of what they share.
    fn narrowed(&self, files: &Array) -> Array {
        let mut narrowed = Array::new();
        for mount in files {
            match folder_of_all(mount) {
                Some(destination) => {
                    for name in self.wanted.iter().map(String::as_str).chain([SHARED]) {
                        let mut mount = InlineTable::new();
                        mount.insert("source", format!("{ORGANISATIONS}/{name}").into());
                        mount.insert("destination", format!("{destination}/{name}").into());
                        narrowed.push(mount);
                    }
                }
                None => narrowed.push(mount.clone()),
            }
        }
        narrowed.fmt();
        narrowed
    }
}

fn folder_of_all(mount: &Value) -> Option<&str> {
    let mount = mount.as_inline_table()?;
    let source = mount.get("source")?.as_str()?;
    (source == ORGANISATIONS)
        .then(|| mount.get("destination"))
        .flatten()?
        .as_str()
}

fn retain(component: &mut Table, list: &str, stays: impl Fn(&str) -> bool) {
    if let Some(list) = component.get_mut(list).and_then(Item::as_array_mut) {
        list.retain(|entry| entry.as_str().is_none_or(&stays));
        list.fmt();
    }
}

/// Keeps some variables of a table. The comment above one that goes is kept above the next one that stays.
fn keep(variables: &mut Table, stays: impl Fn(&str, &str) -> bool) {
    let names: Vec<String> = variables.iter().map(|(name, _)| name.to_owned()).collect();
    let mut comments = String::new();
    for name in names {
        let template = variables.get(&name).and_then(Item::as_str).unwrap_or("");
        let stays = stays(&name, template);
        let Some(mut key) = variables.key_mut(&name) else {
            continue;
        };
        let own = key
            .leaf_decor()
            .prefix()
            .and_then(|text| text.as_str())
            .unwrap_or("");
        if own.contains('#') {
            comments.push_str(own);
        }
        if !stays {
            variables.remove(&name);
        } else if !comments.is_empty() {
            key.leaf_decor_mut()
                .set_prefix(std::mem::take(&mut comments));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::alone;
    use expect_test::expect;
    use vikno::manifest::Manifest;

    const SAMPLE: &str = include_str!("manifest/all.toml");

    #[test]
    fn an_organisation_alone_keeps_only_its_own() {
        let manifest = alone(SAMPLE, &["mon".to_owned()]).unwrap();
        Manifest::parse(&manifest).unwrap();
        expect_test::expect_file!["manifest/mon.toml"].assert_eq(&manifest);
    }

    #[test]
    fn an_organisation_that_is_not_there_is_refused_with_those_that_are() {
        let error = alone(SAMPLE, &["moon".to_owned()]).unwrap_err();
        expect!["there is no organisation 'moon'; there are ukc, mon, mon-lviv"]
            .assert_eq(&error.to_string());
    }

    #[test]
    fn the_projects_own_manifest_names_nobody_else_when_one_is_alone() {
        let all = include_str!("../../../spin.toml");
        let orgs = [
            "ukc", "mindov", "minsoc", "mzs", "mon", "mou", "osvita", "ukco", "diia", "cashback",
        ];
        for org in orgs {
            let manifest = alone(all, &[org.to_owned()]).unwrap();
            let checked = Manifest::parse(&manifest).unwrap();
            for (id, component) in &checked.components {
                for label in &component.sqlite_databases {
                    assert!(label == org || label == "core", "{id} opens {label}");
                }
            }
            for variable in checked.variables.keys() {
                let other = orgs
                    .iter()
                    .find(|o| **o != org && variable.starts_with(&format!("{o}_")));
                assert_eq!(other, None, "{variable}");
            }
        }
    }
}
