//! Which alias each imported process gets: the one that came with it, that of a process here with the
//! same title, or one made of its title.

use std::collections::{BTreeMap, BTreeSet};

use super::alias::Alias;
use super::container::{AliasEntry, FoundProcess};
use super::import::Known;

/// Where an alias comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// Among the aliases of the files.
    File,
    /// A process here has that title.
    SameTitle,
    Title,
    Number,
}

/// The names of all imported processes.
pub(super) struct Names {
    /// In the order of the processes.
    pub(super) aliases: Vec<(Alias, Origin)>,
    by_number: BTreeMap<i64, Alias>,
    /// What else they were called.
    synonyms: BTreeMap<String, Alias>,
}

impl Names {
    pub(super) fn assign(
        processes: &[FoundProcess],
        entries: &[AliasEntry],
        known: &Known,
    ) -> Self {
        let mut names = Self {
            aliases: Vec::new(),
            by_number: BTreeMap::new(),
            synonyms: BTreeMap::new(),
        };
        let wishes: Vec<_> = processes
            .iter()
            .map(|process| wish(process, entries, known))
            .collect();
        // What came as an alias goes first, so that nothing made of a title takes its place.
        let came = wishes.iter().filter(|(_, origin)| *origin == Origin::File);
        let came: BTreeSet<Alias> = came.map(|(alias, _)| alias.clone()).collect();
        let mut taken = BTreeSet::new();
        for (process, (wished, origin)) in processes.iter().zip(wishes) {
            let number = process.document.obj_id.filter(|number| *number != 0);
            let is_free = |alias: &Alias| match origin {
                Origin::File => !taken.contains(alias),
                Origin::SameTitle => !taken.contains(alias) && !came.contains(alias),
                _ => !taken.contains(alias) && !came.contains(alias) && !known.has(alias),
            };
            let alias = free(wished, number, is_free);
            taken.insert(alias.clone());
            if let Some(number) = number {
                names.by_number.insert(number, alias.clone());
                for entry in entries.iter().filter(|entry| entry.process == Some(number)) {
                    names
                        .synonyms
                        .insert(entry.short_name.clone(), alias.clone());
                }
            }
            names.aliases.push((alias, origin));
        }
        names
    }

    /// The process that has, or had, that number.
    pub(super) fn by_number(&self, number: i64) -> Option<&Alias> {
        self.by_number.get(&number)
    }

    /// The process that is, or was, called so.
    pub(super) fn by_name(&self, name: &str) -> Option<&Alias> {
        let own = self.aliases.iter().map(|(alias, _)| alias);
        self.synonyms
            .get(name)
            .or_else(|| own.into_iter().find(|alias| alias.as_str() == name))
    }
}

fn wish(process: &FoundProcess, entries: &[AliasEntry], known: &Known) -> (Alias, Origin) {
    let document = &process.document;
    let number = document.obj_id.filter(|number| *number != 0);
    let entry = entries
        .iter()
        .filter(|entry| number.is_some() && entry.process == number)
        .find_map(|entry| {
            Alias::parse(&entry.short_name)
                .ok()
                .or_else(|| Alias::of_title(&entry.short_name))
        });
    if let Some(alias) = entry {
        return (alias, Origin::File);
    }
    if let Some(alias) = known.with_title(&document.title) {
        return (alias, Origin::SameTitle);
    }
    match (Alias::of_title(&document.title), number) {
        (Some(alias), _) => (alias, Origin::Title),
        (None, number) => (Alias::of_number(number.unwrap_or(0)), Origin::Number),
    }
}

/// The alias itself, or with the number or a count behind it.
fn free(alias: Alias, number: Option<i64>, is_free: impl Fn(&Alias) -> bool) -> Alias {
    let numbered = number.map(|number| alias.with_suffix(&number.unsigned_abs().to_string()));
    let counted = (2_u32..).map(|count| alias.with_suffix(&count.to_string()));
    let mut choices = std::iter::once(alias.clone())
        .chain(numbered)
        .chain(counted);
    choices.find(is_free).unwrap_or(alias)
}
