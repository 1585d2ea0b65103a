//! Who is in which group, from whichever side the directory tells it. Pure.

use crate::dn::Dn;
use crate::entry::{Entry, Login};
use std::collections::{BTreeMap, BTreeSet};

/// The attribute of POSIX groups, whose values are logins.
const MEMBER_UID: &str = "memberUid";

/// What tells the groups of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Memberships {
    /// An attribute of the entry itself.
    Own(String),
    /// Groups by the names of people's entries.
    ByDn(BTreeMap<Dn, BTreeSet<Dn>>),
    /// Groups by login.
    ByLogin(BTreeMap<Login, BTreeSet<Dn>>),
}

/// The directory gave a part of the members only.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the directory names only some members of '{0}': set groups.from = \"nested\" or \"person\""
)]
pub struct PartOfMembers(String);

impl Memberships {
    /// The groups of an entry; an error when it cannot be told.
    pub fn of(&self, entry: &Entry, login: &Login) -> Result<BTreeSet<Dn>, &'static str> {
        let found = match self {
            // A name that cannot be read is that of no group which a rule names: those are readable.
            Self::Own(attribute) => {
                let groups = entry.texts(attribute);
                return Ok(groups.filter_map(|text| Dn::parse(text).ok()).collect());
            }
            Self::ByDn(groups) => {
                let dn =
                    Dn::parse(&entry.dn).map_err(|_| "the name of the entry cannot be read")?;
                groups.get(&dn)
            }
            Self::ByLogin(groups) => groups.get(login),
        };
        Ok(found.cloned().unwrap_or_default())
    }

    /// From groups that name their members; members of a group within a group are members of both.
    pub fn of_groups(groups: &[Entry], attribute: &str) -> Result<Self, PartOfMembers> {
        // Active Directory gives 1,500 values at once under another name.
        let ranged = format!("{};range=", attribute.to_ascii_lowercase());
        let is_part = |group: &&Entry| {
            group
                .attributes
                .keys()
                .any(|name| name.starts_with(&ranged))
        };
        if let Some(group) = groups.iter().find(is_part) {
            return Err(PartOfMembers(group.dn.clone()));
        }
        let named = groups
            .iter()
            .filter_map(|group| Some((Dn::parse(&group.dn).ok()?, group)));
        if attribute.eq_ignore_ascii_case(MEMBER_UID) {
            let pairs = named.flat_map(|(dn, group)| {
                let logins = group
                    .texts(attribute)
                    .filter_map(|text| Login::parse(text).ok());
                logins.map(move |login| (login, dn.clone()))
            });
            return Ok(Self::ByLogin(gathered(pairs)));
        }
        let pairs = named.flat_map(|(dn, group)| {
            let members = group
                .texts(attribute)
                .filter_map(|text| Dn::parse(text).ok());
            members.map(move |member| (member, dn.clone()))
        });
        let direct: BTreeMap<Dn, BTreeSet<Dn>> = gathered(pairs);
        let members = direct.keys();
        let all = members.map(|member| (member.clone(), reached(&direct, member)));
        Ok(Self::ByDn(all.collect()))
    }

    /// From what the directory answered for each group: the entries of its people.
    pub fn of_answers(answers: &[(Dn, Vec<Entry>)]) -> Self {
        let pairs = answers.iter().flat_map(|(group, people)| {
            let people = people
                .iter()
                .filter_map(|person| Dn::parse(&person.dn).ok());
            people.map(move |person| (person, group.clone()))
        });
        Self::ByDn(gathered(pairs))
    }
}

fn gathered<K: Ord>(pairs: impl Iterator<Item = (K, Dn)>) -> BTreeMap<K, BTreeSet<Dn>> {
    let mut by_key: BTreeMap<K, BTreeSet<Dn>> = BTreeMap::new();
    for (key, group) in pairs {
        by_key.entry(key).or_default().insert(group);
    }
    by_key
}

/// All groups that somebody is in, by way of others too; groups may be in each other.
fn reached(direct: &BTreeMap<Dn, BTreeSet<Dn>>, member: &Dn) -> BTreeSet<Dn> {
    let mut found = BTreeSet::new();
    let mut next = vec![member];
    while let Some(one) = next.pop() {
        for group in direct.get(one).into_iter().flatten() {
            if found.insert(group.clone()) {
                next.push(group);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(dn: &str, attribute: &str, values: &[&str]) -> Entry {
        let values = values
            .iter()
            .map(|value| value.as_bytes().to_vec())
            .collect();
        Entry {
            dn: dn.to_owned(),
            attributes: BTreeMap::from([(attribute.to_ascii_lowercase(), values)]),
        }
    }

    /// The first part of the names of the groups of `uid=olena,ou=people,dc=x`.
    fn groups(memberships: &Memberships, own: &[&str]) -> String {
        let entry = entry("UID=Olena, ou=people, dc=x", "memberOf", own);
        let login = Login::parse("olena").unwrap();
        let found = memberships.of(&entry, &login).unwrap();
        let names = found
            .iter()
            .map(|dn| dn.to_string().split(',').next().unwrap().to_owned());
        names.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn people_name_their_groups() {
        let own = Memberships::Own("memberOf".to_owned());
        assert_eq!(
            groups(&own, &["CN=A,DC=x", "cn=b, dc=x", "no name"]),
            "cn=a cn=b"
        );
    }

    /// Names of groups and of their members.
    type Groups<'a> = &'a [(&'a str, &'a [&'a str])];

    #[test]
    fn groups_name_their_members_and_lie_in_each_other() {
        let made = |all: Groups| {
            let entries: Vec<Entry> = all
                .iter()
                .map(|(dn, members)| entry(dn, "member", members))
                .collect();
            Memberships::of_groups(&entries, "member").unwrap()
        };
        let olena = "uid=olena,ou=people,dc=x";
        let all: &[(Groups, &str)] = &[
            (
                &[
                    ("cn=a,dc=x", &[olena, "uid=ivan,dc=x"]),
                    ("cn=b,dc=x", &["uid=ivan,dc=x"]),
                ],
                "cn=a",
            ),
            (
                &[
                    ("cn=a,dc=x", &[olena]),
                    ("cn=b,dc=x", &["CN=A, dc=x"]),
                    ("cn=c,dc=x", &["cn=b,dc=x"]),
                ],
                "cn=a cn=b cn=c",
            ),
            (
                &[
                    ("cn=a,dc=x", &[olena, "cn=b,dc=x"]),
                    ("cn=b,dc=x", &["cn=a,dc=x"]),
                ],
                "cn=a cn=b",
            ),
            (&[("cn=a,dc=x", &["no name"]), ("broken", &[olena])], ""),
        ];
        for (given, expected) in all {
            assert_eq!(groups(&made(given), &[]), *expected);
        }
    }

    #[test]
    fn posix_groups_name_logins() {
        let posix = [
            entry("cn=a,dc=x", "memberUid", &["Olena", "ivan"]),
            entry("cn=b,dc=x", "memberUid", &["ivan"]),
        ];
        let memberships = Memberships::of_groups(&posix, "memberUid").unwrap();
        assert_eq!(groups(&memberships, &[]), "cn=a");
    }

    #[test]
    fn the_directory_names_the_people_of_a_group() {
        let answers = [
            (
                Dn::parse("cn=a,dc=x").unwrap(),
                vec![entry("uid=olena,ou=people,dc=X", "cn", &[])],
            ),
            (
                Dn::parse("cn=b,dc=x").unwrap(),
                vec![entry("uid=ivan,ou=people,dc=x", "cn", &[])],
            ),
        ];
        assert_eq!(groups(&Memberships::of_answers(&answers), &[]), "cn=a");
    }

    #[test]
    fn a_part_of_the_members_is_no_answer() {
        let large = entry("cn=a,dc=x", "member;range=0-1499", &["uid=olena,dc=x"]);
        let error = Memberships::of_groups(&[large], "member").unwrap_err();
        assert_eq!(error, PartOfMembers("cn=a,dc=x".to_owned()));
    }
}
