//! The configuration, as it is gone by. It never holds a secret. Pure.

mod written;

use crate::dn::Dn;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// Where no organisation is meant, but all.
pub const EVERYWHERE: &str = "*";

/// What the bridge goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where the directory is.
    pub directory: Directory,
    /// Who is read there.
    pub people: People,
    /// How it tells who is in which group.
    pub membership: Membership,
    /// Where Vikno is.
    pub vikno: Vikno,
    /// Who gets what.
    pub rules: Rules,
}

impl Config {
    /// Reads and checks a configuration.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        toml::from_str::<written::Written>(text)?.checked()
    }
}

/// How the directory is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    /// `ldaps://…` or `ldap://…`.
    pub url: Url,
    /// Encrypts a connection to `ldap://` before anything is said.
    pub start_tls: bool,
    /// Certificates to trust in place of the system's.
    pub ca_file: Option<PathBuf>,
    /// Who the bridge is there.
    pub bind_dn: String,
    /// For each answer.
    pub timeout: Duration,
}

/// Which entries are people, and where they have what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct People {
    /// Below which entry they are.
    pub base: String,
    /// Which entries there.
    pub filter: String,
    /// The attribute that becomes the login.
    pub login: String,
    /// The attribute that becomes the name.
    pub name: String,
    /// The attribute that becomes the telephone number; none: numbers are not taken.
    pub phone: Option<String>,
    /// Stands before numbers that do not begin with `+`.
    pub phone_prefix: String,
    /// What marks an account that was switched off there.
    pub disabled: Option<Disabled>,
}

/// What marks an account that was switched off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disabled {
    /// A number has one of these bits, as `userAccountControl` of Active Directory.
    Bits {
        /// The attribute.
        attribute: String,
        /// Bits of which one is enough.
        mask: u32,
    },
    /// An attribute has this value; `*` is any.
    Value {
        /// The attribute.
        attribute: String,
        /// Compared without case.
        value: String,
    },
}

impl Disabled {
    /// The attribute that marks it.
    pub fn attribute(&self) -> &str {
        match self {
            Self::Bits { attribute, .. } | Self::Value { attribute, .. } => attribute,
        }
    }
}

/// How the directory tells who is in which group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Membership {
    /// People name their groups in an attribute; groups within groups are not seen.
    Person {
        /// `memberOf`.
        attribute: String,
    },
    /// The directory is asked for the people of each group, with the groups within it (Active Directory).
    Nested {
        /// `memberOf`.
        attribute: String,
    },
    /// Groups name their members, people and groups.
    Group {
        /// Below which entry the groups are.
        base: String,
        /// Which entries there.
        filter: String,
        /// `member`; the values of `memberUid` are logins.
        attribute: String,
    },
}

/// How Vikno is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vikno {
    /// Without a slash at the end.
    pub url: String,
    /// Certificates to trust in place of the system's.
    pub ca_file: Option<PathBuf>,
}

/// Who gets what in Vikno.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// The role that people of the directory hold, so that the bridge knows them again. It permits nothing.
    pub marker: String,
    /// Takes over people who were there before.
    pub adopt: bool,
    /// More of the bridge's people are not switched off at once.
    pub brake_percent: u8,
    /// Roles that the bridge neither gives nor takes.
    pub by_hand: BTreeSet<String>,
    /// What membership in groups brings.
    pub rules: Vec<Rule>,
}

impl Rules {
    /// The role of those whom the bridge has switched off; one that an administrator switched off keeps the marker.
    pub fn gone(&self) -> String {
        format!("{}_gone", self.marker)
    }
}

/// What membership in a group of the directory brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The group; none: everybody who is found.
    pub group: Option<DirectoryGroup>,
    /// (organisation or `*`, role).
    pub roles: BTreeSet<(String, String)>,
    /// Vikno's groups: (organisation or `*`, name).
    pub groups: BTreeSet<(String, String)>,
}

/// A group of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryGroup {
    /// As the configuration writes it; the directory is asked by this.
    pub text: String,
    /// To compare.
    pub dn: Dn,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// No TOML of this form.
    #[error("the configuration cannot be read")]
    Form(#[from] toml::de::Error),
    /// All that is wrong in it.
    #[error("the configuration is not right:\n  {}", .0.join("\n  "))]
    Wrong(Vec<String>),
}

#[cfg(test)]
mod tests;
