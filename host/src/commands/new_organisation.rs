//! Another organisation: a folder made like that of one that is there, and its place in the manifest. A running installation
//! cannot make one by itself: databases and secrets are granted by the manifest.

use super::manifest::{ORGANISATIONS, organisations};
use super::print;
use super::project::Project;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::fs;
use std::path::Path;
use toml_edit::{Array, DocumentMut, Item, Table, Value, value};
use vikno_domain::OrgId;

/// `vikno new-organisation`.
#[derive(Args)]
pub struct NewOrganisation {
    /// Its id: folder, database and first part of its addresses; a-z, 0-9 and '-'.
    id: String,
    /// The one whose processes, replies, texts and scenarios it begins with.
    #[arg(long)]
    like: String,
    /// What people call it, once for each language: uk="Міграційна служба".
    #[arg(long = "name", value_name = "LANGUAGE=NAME", value_parser = name, required = true)]
    names: Vec<(String, String)>,
    /// The manifest [default: the nearest spin.toml].
    #[arg(long)]
    manifest: Option<std::path::PathBuf>,
}

fn name(given: &str) -> Result<(String, String), String> {
    match given.split_once('=') {
        Some((language, name)) if !language.is_empty() && !name.trim().is_empty() => {
            Ok((language.to_owned(), name.trim().to_owned()))
        }
        _ => Err("write a language and a name: uk=\"Міграційна служба\"".to_owned()),
    }
}

impl NewOrganisation {
    /// Makes the folder, then its place in the manifest; nothing that is there is overwritten.
    pub fn run(self) -> Result<()> {
        let project = Project::find(self.manifest.as_deref())?;
        let at = || project.manifest.display().to_string();
        let text = fs::read_to_string(&project.manifest).with_context(at)?;
        let manifest = with(&text, &self.id, &self.like)?;
        let folders = project.root.join(ORGANISATIONS);
        let (model, folder) = (folders.join(&self.like), folders.join(&self.id));
        if folder.exists() {
            bail!("{} is there already", folder.display());
        }
        let settings = model.join("organisation.toml");
        let settings =
            fs::read_to_string(&settings).with_context(|| settings.display().to_string())?;
        let settings = settings_of(&settings, &self.id, &self.names)?;
        copy(&model, &folder)?;
        fs::write(folder.join("organisation.toml"), settings)?;
        fs::write(folder.join("README.md"), self.readme())?;
        fs::write(&project.manifest, manifest).with_context(at)?;
        print::line(format!("{} and its place in {}", folder.display(), at()));
        print::line(
            "Next: its queues and topics (organisation.toml), replies.toml, texts/; `cargo vikno check` and `cargo vikno simulate`;",
        );
        let variable = self.id.replace('-', "_").to_uppercase();
        print::line(format!(
            "then its bots (page Administration, or SPIN_VARIABLE_{variable}_TELEGRAM_TOKEN, …) and `cargo vikno up`."
        ));
        Ok(())
    }

    fn readme(&self) -> String {
        let title = self
            .names
            .first()
            .map_or(self.id.as_str(), |(_, name)| name);
        let (id, like) = (&self.id, &self.like);
        format!(
            "# {title} (`{id}`)\n\n## What differs from the template\n\n- Begun as `{like}` is; see there.\n"
        )
    }
}

/// The settings of the model with another id and other names.
fn settings_of(model: &str, id: &str, names: &[(String, String)]) -> Result<String> {
    let mut settings: DocumentMut = model.parse().context("the model's organisation.toml")?;
    let languages = settings.get("languages").and_then(Item::as_array);
    let languages = languages.into_iter().flatten().filter_map(Value::as_str);
    let mut local = Table::new();
    for language in languages {
        let named = names.iter().find(|(of, _)| of == language);
        let (_, name) =
            named.with_context(|| format!("give --name {language}=…, too: it is spoken there"))?;
        local.insert(language, value(name));
    }
    if let Some((language, _)) = names.iter().find(|(of, _)| !local.contains_key(of)) {
        bail!("'{language}' is not among the model's languages; add it in organisation.toml later");
    }
    settings["id"] = value(id);
    settings["project"] = value(id.replace('-', "_").to_uppercase());
    // The model's sites and its outside Corezoid have nothing to do with it.
    settings["origins"] = value(Array::new());
    settings.remove("corezoid");
    if let Some(before) = settings.get("name").and_then(Item::as_table) {
        *local.decor_mut() = before.decor().clone();
        if let Some(position) = before.position() {
            local.set_position(position);
        }
    }
    settings.insert("name", Item::Table(local));
    Ok(settings
        .to_string()
        .lines()
        .enumerate()
        // The comment at the top names the model.
        .filter(|(index, line)| *index > 0 || !line.starts_with('#'))
        .map(|(_, line)| format!("{line}\n"))
        .collect())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir(to).with_context(|| to.display().to_string())?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target).with_context(|| target.display().to_string())?;
        }
    }
    Ok(())
}

/// The manifest with another organisation, to which everything is granted that the model has.
fn with(text: &str, id: &str, like: &str) -> Result<String> {
    let id = OrgId::parse(id)
        .with_context(|| format!("'{id}' is no id: 2 to 32 of a-z, 0-9 and '-', a letter first"))?;
    let id = id.as_str();
    let mut manifest: DocumentMut = text.parse().context("the manifest is not valid TOML")?;
    let known = organisations(&manifest)?;
    if !known.iter().any(|org| org == like) {
        bail!(
            "there is no organisation '{like}'; there are {}",
            known.join(", ")
        );
    }
    let taken: Vec<&str> = labels(&manifest).collect();
    if known.iter().any(|org| org == id) || taken.contains(&id) {
        bail!("'{id}' is taken; choose another id");
    }
    let last = known.last().map(String::as_str).unwrap_or_default();
    let places = Places {
        id,
        like,
        last,
        known: &known,
    };
    let all = [known.as_slice(), &[id.to_owned()]].concat().join(",");
    if let Some(variables) = manifest.get_mut("variables").and_then(Item::as_table_mut) {
        places.add_variables(variables);
        variables[ORGANISATIONS]["default"] = value(all);
    }
    let components = manifest.get_mut("component").and_then(Item::as_table_mut);
    for (_, component) in components.into_iter().flat_map(Table::iter_mut) {
        let Some(component) = component.as_table_mut() else {
            continue;
        };
        for list in [
            "sqlite_databases",
            "key_value_stores",
            "allowed_outbound_hosts",
        ] {
            if let Some(list) = component.get_mut(list).and_then(Item::as_array_mut) {
                places.add_to(list);
            }
        }
        if let Some(variables) = component.get_mut("variables").and_then(Item::as_table_mut) {
            places.add_variables(variables);
        }
    }
    Ok(manifest.to_string())
}

/// Every label of a database or store that some component is granted.
fn labels(manifest: &DocumentMut) -> impl Iterator<Item = &str> {
    let components = manifest.get("component").and_then(Item::as_table);
    let components = components.into_iter().flat_map(Table::iter);
    let lists = components.flat_map(|(_, component)| {
        ["sqlite_databases", "key_value_stores"].map(|list| component.get(list))
    });
    let lists = lists.flatten().filter_map(Item::as_array);
    lists.flatten().filter_map(Value::as_str)
}

/// Where the new one stands: behind the last that is there.
struct Places<'a> {
    id: &'a str,
    like: &'a str,
    last: &'a str,
    known: &'a [String],
}

impl Places<'_> {
    fn prefix(org: &str) -> String {
        format!("{}_", org.replace('-', "_"))
    }

    /// The model's part of a variable's name; the longest organisation before it counts.
    fn part<'v>(&self, variable: &'v str) -> Option<&'v str> {
        let owners = self.known.iter().map(|org| Self::prefix(org));
        let owner = owners
            .filter(|prefix| variable.starts_with(prefix))
            .max_by_key(String::len)?;
        (owner == Self::prefix(self.like)).then(|| &variable[owner.len()..])
    }

    /// Each use of one of the model's variables becomes one of its own.
    fn translated(&self, template: &str) -> Option<String> {
        let (before, rest) = template.split_once("{{")?;
        let (name, after) = rest.split_once("}}")?;
        let part = self.part(name.trim())?;
        let own = Self::prefix(self.id);
        Some(format!("{before}{{{{ {own}{part} }}}}{after}"))
    }

    fn add_variables(&self, variables: &mut Table) {
        let of_model: Vec<(String, Item)> = variables
            .iter()
            .filter_map(|(name, item)| Some((self.part(name)?.to_owned(), item.clone())))
            .collect();
        for (part, mut item) in of_model {
            if let Some(own) = item.as_str().and_then(|text| self.translated(text)) {
                item = value(own);
            }
            variables.insert(&format!("{}{part}", Self::prefix(self.id)), item);
        }
    }

    fn add_to(&self, list: &mut Array) {
        let texts: Vec<String> = list
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        if texts.iter().any(|text| text == self.like) {
            let last = texts.iter().position(|text| text == self.last);
            list.insert(last.map_or(texts.len(), |last| last + 1), self.id);
        }
        for own in texts.iter().filter_map(|text| self.translated(text)) {
            list.push(own);
        }
        list.fmt();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vikno::manifest::Manifest;

    const SAMPLE: &str = include_str!("manifest/all.toml");

    #[test]
    fn a_new_organisation_has_what_its_model_has() {
        let manifest = with(SAMPLE, "dmsu", "ukc").unwrap();
        Manifest::parse(&manifest).unwrap();
        expect_test::expect_file!["manifest/with_dmsu.toml"].assert_eq(&manifest);
    }

    #[test]
    fn the_projects_own_manifest_grants_it_no_less_and_nobody_else_more() {
        let all = include_str!("../../../spin.toml");
        let before = Manifest::parse(all).unwrap();
        let after = Manifest::parse(&with(all, "dmsu", "cashback").unwrap()).unwrap();
        for (id, component) in &after.components {
            let (then, now) = (
                &before.components[id].sqlite_databases,
                &component.sqlite_databases,
            );
            let more: Vec<_> = now
                .iter()
                .filter(|label| !then.contains(label.as_str()))
                .collect();
            assert_eq!(
                more,
                if then.contains(&"cashback".to_owned()) {
                    vec!["dmsu"]
                } else {
                    vec![]
                },
                "{id}"
            );
        }
        let of = |org: &str| {
            let names = after
                .variables
                .keys()
                .filter_map(|name| name.strip_prefix(org));
            names.map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(of("dmsu_"), of("cashback_"));
        assert!(!of("dmsu_").is_empty());
    }

    #[test]
    fn ids_that_are_none_or_taken_are_refused() {
        for (id, like, why) in [
            ("ukc", "mon", "'ukc' is taken"),
            ("core", "mon", "'core' is taken"),
            ("media", "mon", "'media' is taken"),
            ("Дмсу", "mon", "is no id"),
            (
                "dmsu",
                "moon",
                "there is no organisation 'moon'; there are ukc, mon, mon-lviv",
            ),
        ] {
            let refused = with(SAMPLE, id, like).unwrap_err().to_string();
            assert!(refused.contains(why), "{refused}");
        }
    }

    #[test]
    fn settings_have_the_new_names_in_the_models_languages() {
        let model = include_str!("../../../organisations/cashback/organisation.toml");
        let names = |all: &[(&str, &str)]| -> Vec<(String, String)> {
            all.iter()
                .map(|(language, name)| ((*language).into(), (*name).into()))
                .collect()
        };
        let both = names(&[("uk", "Міграційна служба"), ("en", "Migration Service")]);
        let made = settings_of(model, "dmsu", &both).unwrap();
        let made = vikno_organisation::Organisation::parse(&made).unwrap();
        assert_eq!((made.id.as_str(), made.project.as_str()), ("dmsu", "DMSU"));
        assert_eq!(made.name.0.len(), 2);
        assert!(made.origins.is_empty(), "the model's sites are not its own");
        assert!(settings_of(model, "dmsu", &both[..1]).is_err());
        let more = [both, names(&[("pl", "Urząd")])].concat();
        assert!(settings_of(model, "dmsu", &more).is_err());
    }
}
