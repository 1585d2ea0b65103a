//! The configuration as people write it, in TOML: defaults, and checks that name every mistake at once. Pure.

use super::{
    Config, ConfigError, Directory, DirectoryGroup, Disabled, Membership, People, Rule, Rules,
    Vikno,
};
use crate::dn::Dn;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;
use url::{Host, Url};

/// In time for slow domain controllers; nobody waits longer for one page.
const TIMEOUT_S_DEFAULT: u64 = 30;
const TIMEOUT_S_MAX: u64 = 300;
const BRAKE_PERCENT_DEFAULT: u8 = 20;
/// The role by which people of the directory are known.
const MARKER_DEFAULT: &str = "directory";
/// Its id with the ending of the other role fits the limit of 40 characters that Vikno has for ids.
const MARKER_BYTES_MAX: usize = 35;
/// Only a person makes somebody administrator, unless the configuration says otherwise.
const BY_HAND_DEFAULT: &str = "administrator";
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    directory: WrittenDirectory,
    people: WrittenPeople,
    #[serde(default)]
    groups: WrittenGroups,
    vikno: WrittenVikno,
    #[serde(default)]
    rules: Vec<WrittenRule>,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    ActiveDirectory,
    Openldap,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenDirectory {
    kind: Kind,
    url: String,
    #[serde(default)]
    start_tls: bool,
    #[serde(default)]
    insecure: bool,
    ca_file: Option<PathBuf>,
    bind_dn: String,
    timeout_s: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPeople {
    base: String,
    filter: Option<String>,
    login: Option<String>,
    name: Option<String>,
    phone: Option<String>,
    #[serde(default)]
    phone_prefix: String,
    disabled: Option<WrittenDisabled>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenDisabled {
    attribute: String,
    mask: Option<u32>,
    value: Option<String>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
enum From {
    Person,
    Nested,
    Group,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct WrittenGroups {
    from: Option<From>,
    attribute: Option<String>,
    base: Option<String>,
    filter: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenVikno {
    url: String,
    #[serde(default)]
    insecure: bool,
    ca_file: Option<PathBuf>,
    marker: Option<String>,
    #[serde(default)]
    adopt: bool,
    brake_percent: Option<u8>,
    roles_by_hand: Option<BTreeSet<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRule {
    group: Option<String>,
    #[serde(default)]
    roles: BTreeMap<String, BTreeSet<String>>,
    #[serde(default)]
    groups: BTreeMap<String, BTreeSet<String>>,
}

impl Written {
    /// Its defaults are those of its kind of directory.
    pub(super) fn checked(self) -> Result<Config, ConfigError> {
        let written = self;
        let mut problems = Problems::default();
        let kind = written.directory.kind;
        let people = people(written.people, kind, &mut problems);
        let config = Config {
            membership: membership(written.groups, kind, &mut problems),
            rules: rules(&written.vikno, written.rules, &mut problems),
            vikno: vikno(written.vikno, &mut problems),
            directory: directory(written.directory, &mut problems)?,
            people,
        };
        match problems.0.is_empty() {
            true => Ok(config),
            false => Err(ConfigError::Wrong(problems.0)),
        }
    }
}

#[derive(Default)]
struct Problems(Vec<String>);

impl Problems {
    fn add(&mut self, place: &str, what: impl std::fmt::Display) {
        self.0.push(format!("{place}: {what}"));
    }

    fn check(&mut self, holds: bool, place: &str, what: &str) {
        if !holds {
            self.add(place, what);
        }
    }

    fn dn(&mut self, place: &str, text: &str) {
        if let Err(error) = Dn::parse(text) {
            self.add(place, format!("'{text}' is no distinguished name: {error}"));
        }
    }

    fn filter(&mut self, place: &str, text: &str) {
        let is_filter = text.starts_with('(') && ldap3::parse_filter(text).is_ok();
        self.check(
            is_filter,
            place,
            "no LDAP filter such as (objectClass=person)",
        );
    }

    fn attribute(&mut self, place: &str, text: &str) {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let begins = text
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_alphabetic());
        self.check(
            begins && text.bytes().all(plain),
            place,
            "no name of an attribute",
        );
    }
}

fn directory(written: WrittenDirectory, problems: &mut Problems) -> Result<Directory, ConfigError> {
    let place = "directory.url";
    let url = Url::parse(&written.url)
        .map_err(|error| ConfigError::Wrong(vec![format!("{place}: no address: {error}")]))?;
    let known = ["ldap", "ldaps"].contains(&url.scheme()) && url.host().is_some();
    problems.check(known, place, "write ldaps://host or ldap://host");
    problems.check(
        url.username().is_empty()
            && url.password().is_none()
            && url.path().len() <= 1
            && url.query().is_none(),
        place,
        "nothing but scheme, host and port",
    );
    let encrypted = url.scheme() == "ldaps" || written.start_tls;
    problems.check(
        encrypted || written.insecure || is_loopback(&url),
        place,
        "the password would travel in the open: ldaps://, start_tls = true, or insecure = true if you mean it",
    );
    problems.check(
        !(url.scheme() == "ldaps" && written.start_tls),
        "directory.start_tls",
        "ldaps:// is encrypted already",
    );
    problems.dn("directory.bind_dn", &written.bind_dn);
    let timeout_s = written.timeout_s.unwrap_or(TIMEOUT_S_DEFAULT);
    problems.check(
        (1..=TIMEOUT_S_MAX).contains(&timeout_s),
        "directory.timeout_s",
        "1 to 300 seconds",
    );
    Ok(Directory {
        url,
        start_tls: written.start_tls,
        ca_file: written.ca_file,
        bind_dn: written.bind_dn,
        timeout: Duration::from_secs(timeout_s),
    })
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        // A scheme that `url` does not know leaves addresses as names.
        Some(Host::Domain(name)) => {
            name == "localhost"
                || name
                    .parse::<std::net::IpAddr>()
                    .is_ok_and(|ip| ip.is_loopback())
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn people(written: WrittenPeople, kind: Kind, problems: &mut Problems) -> People {
    let is_ad = kind == Kind::ActiveDirectory;
    let or = |given: Option<String>, ad: &str, other: &str| {
        given.unwrap_or_else(|| if is_ad { ad } else { other }.to_owned())
    };
    let disabled = match written.disabled {
        Some(written) => disabled(written, problems),
        // The bit ACCOUNTDISABLE.
        None if is_ad => Some(Disabled::Bits {
            attribute: "userAccountControl".to_owned(),
            mask: 2,
        }),
        None => None,
    };
    let people = People {
        base: written.base,
        filter: or(
            written.filter,
            "(&(objectCategory=person)(objectClass=user))",
            "(objectClass=inetOrgPerson)",
        ),
        login: or(written.login, "sAMAccountName", "uid"),
        name: or(written.name, "displayName", "cn"),
        phone: Some(or(written.phone, "mobile", "mobile")).filter(|name| !name.is_empty()),
        phone_prefix: written.phone_prefix,
        disabled,
    };
    problems.dn("people.base", &people.base);
    problems.filter("people.filter", &people.filter);
    problems.attribute("people.login", &people.login);
    problems.attribute("people.name", &people.name);
    if let Some(phone) = &people.phone {
        problems.attribute("people.phone", phone);
    }
    let prefix = people.phone_prefix.strip_prefix('+');
    let is_prefix = prefix.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    problems.check(
        people.phone_prefix.is_empty() || is_prefix,
        "people.phone_prefix",
        "'+' and digits",
    );
    people
}

fn disabled(written: WrittenDisabled, problems: &mut Problems) -> Option<Disabled> {
    let place = "people.disabled";
    problems.attribute(place, &written.attribute);
    let attribute = written.attribute;
    match (written.mask, written.value) {
        (Some(mask), None) if mask > 0 => Some(Disabled::Bits { attribute, mask }),
        (None, Some(value)) if !value.is_empty() => Some(Disabled::Value { attribute, value }),
        _ => {
            problems.add(place, "give either a mask of bits or a value");
            None
        }
    }
}

fn membership(written: WrittenGroups, kind: Kind, problems: &mut Problems) -> Membership {
    let from = written.from.unwrap_or(match kind {
        Kind::ActiveDirectory => From::Nested,
        Kind::Openldap => From::Group,
    });
    let name = written.attribute.unwrap_or_else(|| {
        let name = if matches!(from, From::Group) {
            "member"
        } else {
            "memberOf"
        };
        name.to_owned()
    });
    problems.attribute("groups.attribute", &name);
    let unused = "only for groups that name their members (from = \"group\")";
    if !matches!(from, From::Group) {
        problems.check(written.base.is_none(), "groups.base", unused);
        problems.check(written.filter.is_none(), "groups.filter", unused);
    }
    match from {
        From::Person => Membership::Person { attribute: name },
        From::Nested => Membership::Nested { attribute: name },
        From::Group => {
            let base = written.base.unwrap_or_default();
            problems.dn("groups.base", &base);
            let filter = written.filter.unwrap_or_else(|| match kind {
                Kind::ActiveDirectory => "(objectClass=group)".to_owned(),
                Kind::Openldap => "(objectClass=groupOfNames)".to_owned(),
            });
            problems.filter("groups.filter", &filter);
            Membership::Group {
                base,
                filter,
                attribute: name,
            }
        }
    }
}

fn vikno(written: WrittenVikno, problems: &mut Problems) -> Vikno {
    let place = "vikno.url";
    match Url::parse(&written.url) {
        Ok(url) => {
            problems.check(
                ["http", "https"].contains(&url.scheme())
                    && url.path() == "/"
                    && url.query().is_none(),
                place,
                "write https://host",
            );
            problems.check(
                url.scheme() == "https" || written.insecure || is_loopback(&url),
                place,
                "the password would travel in the open: https://, or insecure = true if you mean it",
            );
        }
        Err(error) => problems.add(place, format!("no address: {error}")),
    }
    Vikno {
        url: written.url.trim_end_matches('/').to_owned(),
        ca_file: written.ca_file,
    }
}

fn rules(vikno: &WrittenVikno, written: Vec<WrittenRule>, problems: &mut Problems) -> Rules {
    let given = vikno.marker.as_deref().unwrap_or(MARKER_DEFAULT);
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    problems.check(
        (1..=MARKER_BYTES_MAX).contains(&given.len()) && given.bytes().all(plain),
        "vikno.marker",
        "a role's id: a-z, 0-9 and '_', at most 35 characters",
    );
    let brake_percent = vikno.brake_percent.unwrap_or(BRAKE_PERCENT_DEFAULT);
    problems.check(brake_percent <= 100, "vikno.brake_percent", "0 to 100");
    let by_hand = vikno.roles_by_hand.clone();
    let mut rules = Rules {
        marker: given.to_owned(),
        adopt: vikno.adopt,
        brake_percent,
        by_hand: by_hand.unwrap_or_else(|| BTreeSet::from([BY_HAND_DEFAULT.to_owned()])),
        rules: Vec::new(),
    };
    problems.check(
        !written.is_empty(),
        "rules",
        "without a rule nobody is brought",
    );
    for (number, written) in written.into_iter().enumerate() {
        let rule = rule(&format!("rules[{number}]"), written, &rules, problems);
        rules.rules.push(rule);
    }
    rules
}

fn rule(place: &str, written: WrittenRule, all: &Rules, problems: &mut Problems) -> Rule {
    let pairs = |by_org: BTreeMap<String, BTreeSet<String>>| -> BTreeSet<(String, String)> {
        let each = by_org.into_iter();
        each.flat_map(|(org, names)| names.into_iter().map(move |name| (org.clone(), name)))
            .collect()
    };
    let (roles, groups) = (pairs(written.roles), pairs(written.groups));
    problems.check(
        !roles.is_empty() || !groups.is_empty(),
        place,
        "it gives neither roles nor groups",
    );
    for (_, role) in &roles {
        if all.by_hand.contains(role) {
            problems.add(
                place,
                format!("the role '{role}' is given by hand (vikno.roles_by_hand)"),
            );
        }
        if *role == all.marker || *role == all.gone() {
            problems.add(place, format!("the role '{role}' is the bridge's own mark"));
        }
    }
    let group = written.group.and_then(|text| match Dn::parse(&text) {
        Ok(dn) => Some(DirectoryGroup { text, dn }),
        Err(error) => {
            problems.add(place, format!("'{text}' is no distinguished name: {error}"));
            None
        }
    });
    Rule {
        group,
        roles,
        groups,
    }
}
