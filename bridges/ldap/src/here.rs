//! What Vikno has: people, groups and roles, as its administration answers. Pure.

use crate::config::{EVERYWHERE, Rules};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Roles by organisation or `*`, as they travel.
pub type Roles = BTreeMap<String, BTreeSet<String>>;

/// Somebody in Vikno.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Person {
    /// `u_…`.
    pub id: String,
    /// In lower case.
    pub login: String,
    /// Shown.
    pub name: String,
    /// `+380…`.
    pub phone: Option<String>,
    /// May sign in.
    pub active: bool,
    /// What they hold.
    pub roles: Roles,
}

impl Person {
    /// Whether they hold a role everywhere.
    pub fn holds(&self, role: &str) -> bool {
        self.roles
            .get(EVERYWHERE)
            .is_some_and(|held| held.contains(role))
    }

    /// Whether the bridge brought or adopted them.
    pub fn is_managed(&self, rules: &Rules) -> bool {
        self.holds(&rules.marker) || self.holds(&rules.gone())
    }
}

/// A group in Vikno.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Group {
    /// `g_…`.
    pub id: String,
    /// An organisation or `*`.
    pub org: String,
    /// Once in its organisation.
    pub name: String,
    /// What members hold by it.
    pub roles: Vec<String>,
    /// What members serve by it.
    pub queues: Vec<String>,
    /// Who is in it.
    pub members: Vec<Member>,
}

/// Somebody in a group.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Member {
    /// `u_…`.
    pub id: String,
}

/// All that a plan is made from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Here {
    /// Id of the person as whom the bridge is signed in; never touched.
    pub me: String,
    /// Everybody.
    pub people: Vec<Person>,
    /// All groups.
    pub groups: Vec<Group>,
    /// Ids of all roles.
    pub roles: BTreeSet<String>,
    /// Ids of all organisations.
    pub organisations: BTreeSet<String>,
}

impl Here {
    /// Everything that rules name and Vikno does not have.
    pub fn missing(&self, rules: &Rules) -> Vec<String> {
        let mut missing = BTreeSet::new();
        let roles = rules.rules.iter().flat_map(|rule| &rule.roles);
        for (org, role) in roles {
            if org != EVERYWHERE && !self.organisations.contains(org) {
                missing.insert(format!("'{org}' is no organisation of this Vikno"));
            }
            if !self.roles.contains(role) {
                missing.insert(format!("'{role}' is no role of this Vikno"));
            }
        }
        for (org, name) in rules.rules.iter().flat_map(|rule| &rule.groups) {
            if self.group(org, name).is_none() {
                missing.insert(format!(
                    "'{name}' is no group of '{org}' in this Vikno: make it first"
                ));
            }
        }
        missing.into_iter().collect()
    }

    /// A group by its name.
    pub fn group(&self, org: &str, name: &str) -> Option<&Group> {
        self.groups
            .iter()
            .find(|group| group.org == org && group.name == name)
    }
}
