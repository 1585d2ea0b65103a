//! One change in Vikno: its body for the administration, and its line for people. Lines hold logins and roles, but no
//! names and telephone numbers: they end in logs. Pure.

use crate::entry::Login;
use crate::here::Roles;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt;

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A role that permits nothing, by which people of the directory are known.
    MakeRole {
        /// Its id.
        id: String,
        /// Its Ukrainian name.
        uk: &'static str,
        /// Its English name.
        en: &'static str,
    },
    /// A person who was not there.
    Add {
        /// What they sign in with.
        login: Login,
        /// Shown.
        name: String,
        /// `+380…`.
        phone: Option<String>,
        /// With the mark.
        roles: Roles,
    },
    /// A person who is there.
    Update {
        /// `u_…`.
        id: String,
        /// For the line.
        login: String,
        /// For the line and the brake.
        kind: Kind,
        /// What changes.
        fields: Fields,
        /// The roles so far, for the line.
        before: Roles,
    },
    /// Who is in a group.
    Members {
        /// `g_…`.
        id: String,
        /// An organisation or `*`.
        org: String,
        /// The group's name.
        name: String,
        /// Logins.
        joins: BTreeSet<String>,
        /// Logins.
        leaves: BTreeSet<String>,
    },
}

impl Change {
    /// Whether somebody could not sign in any more.
    pub fn switches_off(&self) -> bool {
        matches!(
            self,
            Self::Update {
                kind: Kind::SwitchOff,
                ..
            }
        )
    }
}

/// Why a person changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The directory says something else.
    Change,
    /// Is back.
    SwitchOn,
    /// Is gone, was switched off there, or no rule is for them any more.
    SwitchOff,
    /// Was here before and is the directory's from now on.
    Adopt,
}

/// What of a person changes; absent fields stay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Fields {
    /// Shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `+380…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// May sign in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// All roles from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Roles>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MakeRole { id, .. } => write!(f, "make the role {id}"),
            Self::Add { login, roles, .. } => {
                let gained = pairs(roles).into_iter().map(|role| format!("+{role}"));
                write!(f, "add {login}: {}", gained.collect::<Vec<_>>().join(", "))
            }
            Self::Update {
                login,
                kind,
                fields,
                before,
                ..
            } => {
                let what = match kind {
                    Kind::Change => "change",
                    Kind::SwitchOn => "switch on",
                    Kind::SwitchOff => "switch off",
                    Kind::Adopt => "adopt",
                };
                write!(f, "{what} {login}")?;
                let parts = fields.parts(before);
                match parts.is_empty() {
                    true => Ok(()),
                    false => write!(f, ": {}", parts.join(", ")),
                }
            }
            Self::Members {
                org,
                name,
                joins,
                leaves,
                ..
            } => {
                let joins = joins.iter().map(|login| format!("+{login}"));
                let leaves = leaves.iter().map(|login| format!("-{login}"));
                let parts: Vec<String> = joins.chain(leaves).collect();
                write!(f, "group {org}/{name}: {}", parts.join(", "))
            }
        }
    }
}

impl Fields {
    fn parts(&self, before: &Roles) -> Vec<String> {
        let name = self.name.iter().map(|_| "name".to_owned());
        let phone = self.phone.iter().map(|_| "phone".to_owned());
        let mut parts: Vec<String> = name.chain(phone).collect();
        if let Some(roles) = &self.roles {
            let (before, after) = (pairs(before), pairs(roles));
            parts.extend(after.difference(&before).map(|role| format!("+{role}")));
            parts.extend(before.difference(&after).map(|role| format!("-{role}")));
        }
        parts
    }
}

/// `organisation:role`.
fn pairs(roles: &Roles) -> BTreeSet<String> {
    let each = roles.iter();
    each.flat_map(|(org, names)| names.iter().map(move |name| format!("{org}:{name}")))
        .collect()
}
