//! What has to change in Vikno so that it has the people whom the directory and the rules want. Pure.

use crate::change::{Change, Fields, Kind};
use crate::config::{EVERYWHERE, Rules};
use crate::entry::{Account, DirectoryPerson, Login};
use crate::here::{Here, Person, Roles};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What is to be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// In the order in which it has to be done.
    pub changes: Vec<Change>,
    /// What is left alone although somebody might expect otherwise.
    pub remarks: Vec<String>,
    /// Why none of it should be done without a person's word.
    pub brake: Option<Brake>,
}

/// A directory that suddenly lacks people is more likely broken than empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brake {
    /// There is nobody in it.
    Nobody,
    /// More would be switched off than may be at once.
    TooMany {
        /// Of the bridge's people.
        off: usize,
        /// Who may sign in now.
        managed: usize,
        /// The limit.
        percent: u8,
    },
}

impl fmt::Display for Brake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody => f.write_str("the directory answers with nobody"),
            Self::TooMany {
                off,
                managed,
                percent,
            } => write!(
                f,
                "{off} of {managed} people of the directory would be switched off, more than {percent} %"
            ),
        }
    }
}

/// What rules give to somebody.
#[derive(Default)]
struct Wish {
    roles: Roles,
    groups: BTreeSet<(String, String)>,
}

/// Compares the directory with Vikno.
pub fn plan(directory: &[DirectoryPerson], here: &Here, rules: &Rules) -> Plan {
    let mut draft = Draft {
        rules,
        here,
        by_login: here
            .people
            .iter()
            .map(|person| (person.login.as_str(), person))
            .collect(),
        plan: Plan::default(),
        decided: BTreeSet::new(),
        members: BTreeMap::new(),
    };
    for person in directory {
        draft.take(person);
    }
    draft.switch_off_the_absent(directory);
    draft.groups();
    draft.marks();
    draft.remark_empty_groups(directory);
    draft.plan.brake = brake(directory, here, rules, &draft.plan.changes);
    draft.plan
}

fn brake(
    directory: &[DirectoryPerson],
    here: &Here,
    rules: &Rules,
    changes: &[Change],
) -> Option<Brake> {
    if directory.is_empty() {
        return Some(Brake::Nobody);
    }
    let is_counted =
        |person: &&Person| person.is_managed(rules) && person.active && person.id != here.me;
    let managed = here.people.iter().filter(is_counted).count();
    let off = changes
        .iter()
        .filter(|change| change.switches_off())
        .count();
    let percent = rules.brake_percent;
    (off * 100 > managed * usize::from(percent)).then_some(Brake::TooMany {
        off,
        managed,
        percent,
    })
}

struct Draft<'a> {
    rules: &'a Rules,
    here: &'a Here,
    by_login: BTreeMap<&'a str, &'a Person>,
    plan: Plan,
    /// Those whose groups the bridge decides on.
    decided: BTreeSet<&'a str>,
    /// Who belongs into which of Vikno's groups.
    members: BTreeMap<(String, String), BTreeSet<&'a str>>,
}

impl<'a> Draft<'a> {
    fn take(&mut self, person: &'a DirectoryPerson) {
        let wish = wish(person, self.rules);
        let found = self.by_login.get(person.login.as_str()).copied();
        let is_managed = found.is_some_and(|found| found.is_managed(self.rules));
        match (&person.account, wish, found) {
            (Account::Unclear(why), _, found) => {
                if is_managed || found.is_none() {
                    self.remark(&person.login, &format!("left as is: {why}"));
                }
            }
            (_, wish, Some(found)) if found.id == self.here.me => {
                if wish.is_some() {
                    self.remark(
                        &person.login,
                        "left as is: the bridge signs in as this person",
                    );
                }
            }
            (_, None, Some(found)) if is_managed => self.switch_off(found),
            (_, None, _) => {}
            (_, Some(wish), None) => self.add(person, wish),
            (_, Some(wish), Some(found)) if is_managed => self.keep(person, found, wish),
            (_, Some(wish), Some(found)) => self.clash(person, found, wish),
        }
    }

    fn remark(&mut self, login: &Login, what: &str) {
        self.plan.remarks.push(format!("{login}: {what}"));
    }

    fn add(&mut self, person: &'a DirectoryPerson, wish: Wish) {
        self.plan.changes.push(Change::Add {
            login: person.login.clone(),
            name: person.name.clone(),
            phone: person.phone.clone(),
            roles: self.roles(None, &wish),
        });
        self.belongs(person, wish);
    }

    fn keep(&mut self, person: &'a DirectoryPerson, found: &Person, wish: Wish) {
        let kind = match (found.active, found.holds(&self.rules.marker)) {
            (true, _) => Kind::Change,
            (false, false) => Kind::SwitchOn,
            // The bridge takes the mark from those whom it switches off.
            (false, true) => {
                self.remark(
                    &person.login,
                    "stays switched off: an administrator did that in Vikno",
                );
                return;
            }
        };
        self.update(person, found, wish, kind);
    }

    fn clash(&mut self, person: &'a DirectoryPerson, found: &Person, wish: Wish) {
        match (self.rules.adopt, found.active) {
            (true, true) => self.update(person, found, wish, Kind::Adopt),
            (true, false) => self.remark(&person.login, "not adopted: switched off in Vikno"),
            (false, _) => self.remark(
                &person.login,
                "left as is: somebody had this login in Vikno before (vikno.adopt = true takes them over)",
            ),
        }
    }

    fn update(&mut self, person: &'a DirectoryPerson, found: &Person, wish: Wish, kind: Kind) {
        // What somebody holds by hand counts only as long as they could use it: nobody comes back as administrator.
        let roles = self.roles(Some(found).filter(|found| found.active), &wish);
        let phone = person
            .phone
            .clone()
            .filter(|phone| found.phone.as_ref() != Some(phone));
        let fields = Fields {
            name: Some(person.name.clone()).filter(|name| *name != found.name),
            phone,
            active: (!found.active).then_some(true),
            roles: Some(roles).filter(|roles| *roles != found.roles),
        };
        self.change(found, kind, fields);
        self.belongs(person, wish);
    }

    fn change(&mut self, found: &Person, kind: Kind, fields: Fields) {
        if fields != Fields::default() {
            self.plan.changes.push(Change::Update {
                id: found.id.clone(),
                login: found.login.clone(),
                kind,
                fields,
                before: found.roles.clone(),
            });
        }
    }

    fn belongs(&mut self, person: &'a DirectoryPerson, wish: Wish) {
        self.decided.insert(person.login.as_str());
        for group in wish.groups {
            self.members
                .entry(group)
                .or_default()
                .insert(person.login.as_str());
        }
    }

    /// Takes every role too: a person switched on again by hand has none before the directory says so.
    fn switch_off(&mut self, found: &'a Person) {
        self.decided.insert(&found.login);
        if found.active {
            let gone = Roles::from([(EVERYWHERE.to_owned(), BTreeSet::from([self.rules.gone()]))]);
            let fields = Fields {
                active: Some(false),
                roles: Some(gone).filter(|gone| *gone != found.roles),
                ..Fields::default()
            };
            self.change(found, Kind::SwitchOff, fields);
        }
    }

    fn switch_off_the_absent(&mut self, directory: &[DirectoryPerson]) {
        let there: BTreeSet<&str> = directory
            .iter()
            .map(|person| person.login.as_str())
            .collect();
        let here = self.here;
        for person in &here.people {
            let is_ours = person.is_managed(self.rules) && person.id != here.me;
            if is_ours && !there.contains(person.login.as_str()) {
                self.switch_off(person);
            }
        }
    }

    /// All roles from now on: what rules give, the mark, and what is given by hand only.
    fn roles(&self, found: Option<&Person>, wish: &Wish) -> Roles {
        let mut roles = wish.roles.clone();
        let mark = roles.entry(EVERYWHERE.to_owned()).or_default();
        mark.insert(self.rules.marker.clone());
        for (org, held) in found.iter().flat_map(|found| &found.roles) {
            let kept = held.intersection(&self.rules.by_hand).cloned();
            let kept: Vec<String> = kept.collect();
            if !kept.is_empty() {
                roles.entry(org.clone()).or_default().extend(kept);
            }
        }
        roles
    }

    /// Members whom the bridge does not decide on stay where they are.
    fn groups(&mut self) {
        let named: BTreeSet<_> = self
            .rules
            .rules
            .iter()
            .flat_map(|rule| &rule.groups)
            .collect();
        let logins: BTreeMap<&str, &str> = self
            .by_login
            .values()
            .map(|p| (p.id.as_str(), p.login.as_str()))
            .collect();
        for (org, name) in named {
            let Some(group) = self.here.group(org, name) else {
                continue;
            };
            let members = group
                .members
                .iter()
                .filter_map(|member| logins.get(member.id.as_str()));
            let members: BTreeSet<&str> = members.copied().collect();
            let key = (org.clone(), name.clone());
            let wanted = self.members.remove(&key).unwrap_or_default();
            let owned = |login: &&str| (*login).to_owned();
            let joins: BTreeSet<String> = wanted.difference(&members).map(owned).collect();
            let leaves = members
                .difference(&wanted)
                .filter(|login| self.decided.contains(*login));
            let leaves: BTreeSet<String> = leaves.map(owned).collect();
            if !joins.is_empty() || !leaves.is_empty() {
                self.plan.changes.push(Change::Members {
                    id: group.id.clone(),
                    org: org.clone(),
                    name: name.clone(),
                    joins,
                    leaves,
                });
            }
        }
    }

    /// The roles by which the bridge knows its people come before those who hold them.
    fn marks(&mut self) {
        let here = &self.here.roles;
        let marks = [
            (
                self.rules.marker.clone(),
                "З каталогу",
                "From the directory",
            ),
            (
                self.rules.gone(),
                "Немає в каталозі",
                "Gone from the directory",
            ),
        ];
        let missing = marks.into_iter().filter(|(id, ..)| !here.contains(id));
        let made = missing.map(|(id, uk, en)| Change::MakeRole { id, uk, en });
        self.plan.changes.splice(0..0, made);
    }

    /// Most likely a slip in the configuration.
    fn remark_empty_groups(&mut self, directory: &[DirectoryPerson]) {
        for group in self
            .rules
            .rules
            .iter()
            .filter_map(|rule| rule.group.as_ref())
        {
            if !directory
                .iter()
                .any(|person| person.groups.contains(&group.dn))
            {
                self.plan.remarks.push(format!(
                    "nobody who was found is in the group {}",
                    group.text
                ));
            }
        }
    }
}

/// What rules give; none when no rule is for this person, or the account is switched off.
fn wish(person: &DirectoryPerson, rules: &Rules) -> Option<Wish> {
    if person.account == Account::Disabled {
        return None;
    }
    let is_met = |group: &Option<crate::config::DirectoryGroup>| {
        group
            .as_ref()
            .is_none_or(|group| person.groups.contains(&group.dn))
    };
    let mut met = rules
        .rules
        .iter()
        .filter(|rule| is_met(&rule.group))
        .peekable();
    met.peek()?;
    let mut wish = Wish::default();
    for rule in met {
        for (org, role) in &rule.roles {
            wish.roles
                .entry(org.clone())
                .or_default()
                .insert(role.clone());
        }
        wish.groups.extend(rule.groups.iter().cloned());
    }
    Some(wish)
}

#[cfg(test)]
mod tests;
