//! Entries of the directory read into people. What stands there is anybody's input: any bytes, any length. Pure.

use crate::config::{Disabled, People};
use crate::dn::Dn;
use crate::membership::Memberships;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What Vikno takes.
const LOGIN_LENGTH: std::ops::RangeInclusive<usize> = 2..=64;
const NAME_CHARACTERS_MAX: usize = 100;
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 8..=15;
/// Of a value that is repeated in a line for people.
const SHOWN_CHARACTERS_MAX: usize = 80;

/// An entry as the directory sent it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub dn: String,
    /// Values by the attribute's name in lower case.
    pub attributes: BTreeMap<String, Vec<Vec<u8>>>,
}

impl Entry {
    /// The values of an attribute that are text.
    pub fn texts(&self, attribute: &str) -> impl Iterator<Item = &str> {
        let values = self.attributes.get(&attribute.to_ascii_lowercase());
        let values = values.into_iter().flatten();
        values.filter_map(|value| std::str::from_utf8(value).ok())
    }

    fn has(&self, attribute: &str) -> bool {
        self.attributes
            .contains_key(&attribute.to_ascii_lowercase())
    }
}

/// A login as Vikno keeps it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Login(String);

/// What Vikno takes as a login.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a login is 2 to 64 of the characters a-z, 0-9, '.', '_', '-', '@'")]
pub struct InvalidLogin;

impl Login {
    /// Trims it and puts it into lower case, as Vikno does.
    pub fn parse(text: &str) -> Result<Self, InvalidLogin> {
        let login = text.trim().to_ascii_lowercase();
        let allowed = |c: char| c.is_ascii_alphanumeric() || "._@-".contains(c);
        match LOGIN_LENGTH.contains(&login.len()) && login.chars().all(allowed) {
            true => Ok(Self(login)),
            false => Err(InvalidLogin),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Somebody of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryPerson {
    /// What they sign in with.
    pub login: Login,
    /// Shown to colleagues and citizens.
    pub name: String,
    /// `+380…`; none: the directory has none that can be read, so Vikno keeps its own.
    pub phone: Option<String>,
    /// Whether the account is in force there.
    pub account: Account,
    /// The groups they are in, as far as rules name them.
    pub groups: BTreeSet<Dn>,
}

/// What the directory says of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Account {
    /// In force.
    Enabled,
    /// Switched off.
    Disabled,
    /// It cannot be told, so nothing is done with this person.
    Unclear(&'static str),
}

/// Everybody who can be told apart, and remarks for whoever keeps the directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadPeople {
    /// One a login, by login.
    pub people: Vec<DirectoryPerson>,
    /// What was left out and why.
    pub remarks: Vec<String>,
}

/// Reads people out of entries.
pub fn people(entries: &[Entry], fields: &People, memberships: &Memberships) -> ReadPeople {
    let mut by_login: BTreeMap<Login, DirectoryPerson> = BTreeMap::new();
    let mut remarks = Vec::new();
    for entry in entries {
        let given = entry.texts(&fields.login).next();
        let Some(login) = given.and_then(|text| Login::parse(text).ok()) else {
            let what = given.map_or("no text".to_owned(), |text| format!("'{}'", shown(text)));
            let dn = shown(&entry.dn);
            remarks.push(format!(
                "{dn}: left out: {} is {what}; {InvalidLogin}",
                fields.login
            ));
            continue;
        };
        let mut person = person(entry, login.clone(), fields, memberships, &mut remarks);
        if by_login.contains_key(&login) {
            person.account = Account::Unclear("several entries have this login");
        }
        by_login.insert(login, person);
    }
    ReadPeople {
        people: by_login.into_values().collect(),
        remarks,
    }
}

fn person(
    entry: &Entry,
    login: Login,
    fields: &People,
    memberships: &Memberships,
    remarks: &mut Vec<String>,
) -> DirectoryPerson {
    let given = fields
        .phone
        .as_ref()
        .and_then(|phone| entry.texts(phone).next());
    let number = given.map(|text| (text, phone(text, &fields.phone_prefix)));
    if let Some((_, None)) = number {
        remarks.push(format!(
            "{login}: the telephone number is no international one and is not taken"
        ));
    }
    let (account, groups) = match memberships.of(entry, &login) {
        Ok(groups) => (account(entry, fields.disabled.as_ref()), groups),
        Err(why) => (Account::Unclear(why), BTreeSet::new()),
    };
    DirectoryPerson {
        name: name(entry.texts(&fields.name)).unwrap_or_else(|| login.to_string()),
        phone: number.and_then(|(_, number)| number),
        account,
        groups,
        login,
    }
}

/// The first that says something, as Vikno keeps it.
fn name<'a>(mut given: impl Iterator<Item = &'a str>) -> Option<String> {
    given.find_map(|text| {
        let plain: String = text.chars().filter(|c| !c.is_control()).collect();
        let cut: String = plain.trim().chars().take(NAME_CHARACTERS_MAX).collect();
        Some(cut.trim_end().to_owned()).filter(|name| !name.is_empty())
    })
}

/// `+` and digits, as Vikno keeps it; directories write numbers with spaces, brackets and without the country.
fn phone(text: &str, prefix: &str) -> Option<String> {
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !"-()./".contains(*c))
        .collect();
    let whole = match plain.strip_prefix('+') {
        Some(_) => plain,
        None => format!("{prefix}{plain}"),
    };
    let digits = whole.strip_prefix('+')?;
    let is_number = PHONE_DIGITS.contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0');
    is_number.then_some(whole)
}

fn account(entry: &Entry, disabled: Option<&Disabled>) -> Account {
    let is_disabled = match disabled {
        None => false,
        // Whoever may not read it must not take everybody for being in force.
        Some(Disabled::Bits { attribute, mask }) => {
            let bits = entry.texts(attribute).next();
            match bits.and_then(|text| text.parse::<i64>().ok()) {
                Some(bits) => bits & i64::from(*mask) != 0,
                None => {
                    return Account::Unclear(
                        "it cannot be read whether the account is switched off",
                    );
                }
            }
        }
        Some(Disabled::Value { attribute, value }) if value == "*" => entry.has(attribute),
        Some(Disabled::Value { attribute, value }) => {
            let wanted = value.to_lowercase();
            entry
                .texts(attribute)
                .any(|text| text.trim().to_lowercase() == wanted)
        }
    };
    match is_disabled {
        true => Account::Disabled,
        false => Account::Enabled,
    }
}

/// A value of the directory in a line for people.
fn shown(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() { '?' } else { c });
    plain.take(SHOWN_CHARACTERS_MAX).collect()
}
