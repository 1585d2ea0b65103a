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

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> People {
        People {
            base: "dc=x".into(),
            filter: "(objectClass=*)".into(),
            login: "uid".into(),
            name: "displayName".into(),
            phone: Some("mobile".into()),
            phone_prefix: "+38".into(),
            disabled: Some(Disabled::Bits {
                attribute: "userAccountControl".into(),
                mask: 2,
            }),
        }
    }

    /// An entry in force; later values of an attribute replace these.
    fn entry(attributes: &[(&str, &[&[u8]])]) -> Entry {
        let defaults: [(&str, &[&[u8]]); 2] =
            [("uid", &[b"olena"]), ("userAccountControl", &[b"512"])];
        let all = defaults.iter().chain(attributes);
        let attributes = all.map(|(name, values)| {
            let values = values.iter().map(|value| value.to_vec());
            (name.to_ascii_lowercase(), values.collect())
        });
        Entry {
            dn: "uid=olena,dc=x".into(),
            attributes: attributes.collect(),
        }
    }

    fn read(entries: &[Entry]) -> ReadPeople {
        people(entries, &fields(), &Memberships::Own("memberOf".into()))
    }

    #[test]
    fn names_are_read_as_vikno_keeps_them() {
        let long = "Я".repeat(300);
        let cut = "Я".repeat(100);
        for (given, expected) in [
            (vec!["  Олена Коваль ".as_bytes()], "Олена Коваль"),
            (vec!["Оле\u{7}на\n".as_bytes()], "Олена"),
            (vec![b"\xff\xfe".as_slice(), b"Olena"], "Olena"),
            (vec![b" ".as_slice()], "olena"),
            (vec![], "olena"),
            (vec![long.as_bytes()], &cut),
        ] {
            let found = read(&[entry(&[("displayName", &given)])]);
            assert_eq!(found.people[0].name, expected);
        }
    }

    #[test]
    fn numbers_are_read_as_vikno_keeps_them() {
        for (given, expected) in [
            ("+380671234567", Some("+380671234567")),
            ("+38 (067) 123-45-67", Some("+380671234567")),
            ("067 123 45 67", Some("+380671234567")),
            ("067.123.45.67", Some("+380671234567")),
            ("ext. 12", None),
            ("+0671234567", None),
            ("+3806712345671234", None),
            ("", None),
        ] {
            let found = read(&[entry(&[("mobile", &[given.as_bytes()])])]);
            assert_eq!(found.people[0].phone.as_deref(), expected, "{given}");
            let remarks = usize::from(expected.is_none());
            assert_eq!(found.remarks.len(), remarks, "{given}");
        }
    }

    #[test]
    fn logins_are_read_as_vikno_keeps_them_and_others_are_told() {
        for (given, expected) in [
            (b"Olena.Koval@X".as_slice(), Some("olena.koval@x")),
            (b" olena ", Some("olena")),
            ("олена".as_bytes(), None),
            (b"o", None),
            (b"o k", None),
            (b"ok\xff", None),
            (b"", None),
        ] {
            let found = read(&[entry(&[("uid", &[given])])]);
            let logins: Vec<&str> = found
                .people
                .iter()
                .map(|person| person.login.as_str())
                .collect();
            assert_eq!(logins.first().copied(), expected, "{given:?}");
            assert_eq!(
                found.remarks.len(),
                usize::from(expected.is_none()),
                "{given:?}"
            );
        }
    }

    #[test]
    fn an_account_is_in_force_switched_off_or_unclear() {
        let bits = |value: &'static str| entry(&[("userAccountControl", &[value.as_bytes()])]);
        for (value, disabled) in [
            ("512", false),
            ("514", true),
            ("66050", true),
            ("-2147483646", true),
        ] {
            let expected = if disabled {
                Account::Disabled
            } else {
                Account::Enabled
            };
            assert_eq!(read(&[bits(value)]).people[0].account, expected, "{value}");
        }
        let unclear = |found: ReadPeople| matches!(found.people[0].account, Account::Unclear(_));
        assert!(unclear(read(&[bits("off")])));
        let mut silent = entry(&[]);
        silent.attributes.remove("useraccountcontrol");
        assert!(unclear(read(&[silent])));
    }

    #[test]
    fn a_value_may_mark_an_account_that_is_switched_off() {
        for (wanted, given, expected) in [
            ("*", Some("20260101000000Z"), Account::Disabled),
            ("*", None, Account::Enabled),
            ("Звільнено", Some("звільнено "), Account::Disabled),
            ("Звільнено", Some("працює"), Account::Enabled),
        ] {
            let mut fields = fields();
            fields.disabled = Some(Disabled::Value {
                attribute: "employeeType".into(),
                value: wanted.into(),
            });
            let values: Vec<&[u8]> = given.iter().map(|text| text.as_bytes()).collect();
            let attributes: &[(&str, &[&[u8]])] = &[("employeeType", &values)];
            let entry = entry(if given.is_some() { attributes } else { &[] });
            let found = people(&[entry], &fields, &Memberships::Own("memberOf".into()));
            assert_eq!(found.people[0].account, expected, "{wanted} {given:?}");
        }
    }

    #[test]
    fn two_entries_with_one_login_are_nobody_in_particular() {
        let other = entry(&[("uid", &[b"OLENA"])]);
        let found = read(&[entry(&[]), other, entry(&[("uid", &[b"ivan"])])]);
        let accounts = found
            .people
            .iter()
            .map(|person| (person.login.as_str(), &person.account));
        let unclear = Account::Unclear("several entries have this login");
        assert_eq!(
            accounts.collect::<Vec<_>>(),
            [("ivan", &Account::Enabled), ("olena", &unclear)]
        );
    }
}
