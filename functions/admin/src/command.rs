//! The bodies of the administration: each field checked, each mistake named. Pure.

use serde::{Deserialize, Deserializer};
use std::collections::{BTreeMap, BTreeSet};
use vikno_domain::{Language, OrgId};
use vikno_identity::{Permission, acceptable_password};
use vikno_shell::Problem;
use vikno_storage::groups::GroupFields;
use vikno_storage::roles::ADMINISTRATOR;

const LOGIN_LENGTH: std::ops::RangeInclusive<usize> = 2..=64;
const NAME_CHARACTERS_MAX: usize = 100;
const ROLE_ID_MAX: usize = 40;
/// More are a list that nobody keeps by hand.
const MEMBERS_MAX: usize = 500;
/// More than these nobody keeps in mind.
const SKILLS_MAX: usize = 30;
/// As long as the ids that queues ask with.
const SKILL_BYTES_MAX: usize = 40;
/// Nobody leads more dialogues at once.
const CAPACITY_MAX: i64 = 100;

/// Roles as sent: names by organisation or `*`.
type RolesGiven = BTreeMap<String, Vec<String>>;

/// A person to be made.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPerson {
    pub(crate) login: String,
    pub(crate) name: String,
    /// Made up and told once when absent.
    #[serde(default)]
    pub(crate) password: Option<String>,
    #[serde(default)]
    pub(crate) phone: Option<String>,
    #[serde(default)]
    pub(crate) otp_required: bool,
    #[serde(default)]
    pub(crate) roles: RolesGiven,
}

/// What of a person changes; absent fields stay, `"phone": null` removes the number.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct PersonChange {
    #[serde(default)]
    pub(crate) name: Option<String>,
    #[serde(default)]
    pub(crate) password: Option<String>,
    /// A password is made up and told once.
    #[serde(default)]
    pub(crate) reset_password: bool,
    /// Their app, recovery codes and passkeys are taken away.
    #[serde(default)]
    pub(crate) reset_second_factor: bool,
    #[serde(default, deserialize_with = "present")]
    pub(crate) phone: Option<Option<String>>,
    #[serde(default)]
    pub(crate) otp_required: Option<bool>,
    #[serde(default)]
    pub(crate) active: Option<bool>,
    #[serde(default)]
    pub(crate) roles: Option<RolesGiven>,
    /// Conversations that they take at once.
    #[serde(default)]
    pub(crate) capacity: Option<i64>,
    /// Queues that they serve, by organisation; one that is not named, all of its queues.
    #[serde(default)]
    pub(crate) queues: Option<BTreeMap<String, Vec<String>>>,
    /// What they know.
    #[serde(default)]
    pub(crate) skills: Option<Vec<String>>,
    /// Languages they answer in; an empty list: all.
    #[serde(default)]
    pub(crate) languages: Option<Vec<Language>>,
}

fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}

fn invalid(field: &str, what: impl std::fmt::Display) -> Problem {
    Problem::new(400, "invalid_field", format!("'{field}' {what}."))
}

/// The login in the form it is kept in.
pub(crate) fn login(given: &str) -> Result<String, Problem> {
    let login = given.trim().to_ascii_lowercase();
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._@-".contains(c);
    if LOGIN_LENGTH.contains(&login.len()) && login.chars().all(allowed) {
        Ok(login)
    } else {
        Err(invalid(
            "login",
            "must be 2 to 64 of the characters a-z, 0-9, '.', '_', '-', '@'",
        ))
    }
}

/// The name as it will be shown.
pub(crate) fn name(given: &str) -> Result<String, Problem> {
    let name: String = given.chars().filter(|c| !c.is_control()).collect();
    let name = name.trim();
    match name.chars().count() {
        1..=NAME_CHARACTERS_MAX => Ok(name.to_owned()),
        _ => Err(invalid("name", "must have 1 to 100 characters")),
    }
}

/// `+` and digits; spaces, dashes and brackets are dropped.
pub(crate) fn phone(given: &str) -> Result<String, Problem> {
    let phone: String = given
        .chars()
        .filter(|c| !c.is_whitespace() && !"-()".contains(*c))
        .collect();
    let digits = phone.strip_prefix('+').unwrap_or_default();
    let is_number = (8..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0');
    if is_number {
        Ok(phone)
    } else {
        Err(invalid(
            "phone",
            "must be an international number such as +380671234567",
        ))
    }
}

/// A password that may be taken.
pub(crate) fn password<'a>(login: &str, given: &'a str) -> Result<&'a str, Problem> {
    acceptable_password(login, given)
        .map(|()| given)
        .map_err(|error| invalid("password", format!("is not taken: {error}")))
}

/// Roles as they are kept; only of organisations that this installation has.
pub(crate) fn roles(
    given: &RolesGiven,
    known: &[OrgId],
    defined: &[String],
) -> Result<Vec<(String, String)>, Problem> {
    let mut roles = BTreeSet::new();
    for (org, names) in given {
        if org != "*" && !known.iter().any(|known| known.as_str() == org) {
            return Err(invalid(
                "roles",
                format!("names '{org}', which is no organisation of this installation"),
            ));
        }
        for name in names {
            role(name, defined)?;
            roles.insert((org.clone(), name.clone()));
        }
    }
    Ok(roles.into_iter().collect())
}

fn role(name: &str, defined: &[String]) -> Result<(), Problem> {
    if defined.iter().any(|role| role == name) {
        return Ok(());
    }
    let all = defined.join(", ");
    Err(invalid(
        "roles",
        format!("names '{name}'; a role is one of {all}"),
    ))
}

/// `PUT roles/{id}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleGiven {
    pub(crate) names: BTreeMap<Language, String>,
    pub(crate) permissions: Vec<String>,
}

/// A role as it is kept: an id, names in Ukrainian and English, permissions that may be given.
pub(crate) fn role_definition(
    id: &str,
    given: &RoleGiven,
) -> Result<(BTreeMap<String, String>, Vec<String>), Problem> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if id.is_empty() || id.len() > ROLE_ID_MAX || !id.bytes().all(plain) {
        let what = format!("is a role's id: a-z, 0-9 and '_', at most {ROLE_ID_MAX} characters");
        return Err(invalid("id", what));
    }
    if id == ADMINISTRATOR {
        let detail = "The role 'administrator' permits everything and stays as it is.";
        return Err(Problem::new(409, "role_is_fixed", detail));
    }
    let mut names = BTreeMap::new();
    for language in ["uk", "en"] {
        let given = given.names.iter().find(|(one, _)| one.as_str() == language);
        let given = given.map(|(_, text)| text.as_str()).unwrap_or_default();
        names.insert(language.to_owned(), name(given)?);
    }
    let mut permissions = BTreeSet::new();
    for name in &given.permissions {
        match Permission::parse(name) {
            Some(permission) if permission.may_be_given() => {
                permissions.insert(permission);
            }
            Some(_) => {
                let what = format!("names '{name}', which only administrators have");
                return Err(invalid("permissions", what));
            }
            None => {
                let what = format!("names '{name}', which is no permission");
                return Err(invalid("permissions", what));
            }
        }
    }
    let permissions = permissions.iter().map(|permission| permission.as_str());
    Ok((names, permissions.map(str::to_owned).collect()))
}

/// `POST groups`, `PUT groups/{id}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GroupGiven {
    pub(crate) org: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) roles: Vec<String>,
    #[serde(default)]
    pub(crate) queues: Vec<String>,
    #[serde(default)]
    pub(crate) members: Vec<String>,
}

/// A group as it is kept. `queues` are those of its organisation; none where there is no such organisation.
pub(crate) fn group(
    given: GroupGiven,
    defined: &[String],
    queues: Option<&[String]>,
) -> Result<GroupFields, Problem> {
    let Some(known) = queues else {
        let what = format!("is '{}', no organisation of this installation", given.org);
        return Err(invalid("org", what));
    };
    for name in &given.roles {
        role(name, defined)?;
        if name == ADMINISTRATOR {
            let what = "names 'administrator', which is given to people one by one";
            return Err(invalid("roles", what));
        }
    }
    if let Some(lost) = given.queues.iter().find(|queue| !known.contains(queue)) {
        let what = format!("names '{lost}', which is no queue of {}", given.org);
        return Err(invalid("queues", what));
    }
    if given.members.len() > MEMBERS_MAX {
        return Err(invalid(
            "members",
            format!("has more than {MEMBERS_MAX} people"),
        ));
    }
    Ok(GroupFields {
        name: name(&given.name)?,
        org: given.org,
        roles: given.roles,
        queues: given.queues,
        members: given.members,
    })
}

/// How many conversations somebody takes at once.
pub(crate) fn capacity(given: i64) -> Result<i64, Problem> {
    if (0..=CAPACITY_MAX).contains(&given) {
        Ok(given)
    } else {
        let what = format!("is a number from 0 (is given none) to {CAPACITY_MAX}");
        Err(invalid("capacity", what))
    }
}

/// Skills as they are kept, spelled as queues ask for them.
pub(crate) fn skills(given: &[String]) -> Result<Vec<String>, Problem> {
    let plain = |skill: &&String| {
        (1..=SKILL_BYTES_MAX).contains(&skill.len())
            && skill
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    if given.len() > SKILLS_MAX || !given.iter().all(|skill| plain(&skill)) {
        let what = format!(
            "are at most {SKILLS_MAX} words of a-z, 0-9 and '-', each at most {SKILL_BYTES_MAX} characters"
        );
        return Err(invalid("skills", what));
    }
    let distinct: BTreeSet<&String> = given.iter().collect();
    Ok(distinct.into_iter().cloned().collect())
}

/// Queues as they are kept; `known` tells those of an organisation of this installation.
pub(crate) fn queues(
    given: &BTreeMap<String, Vec<String>>,
    known: impl Fn(&str) -> Option<Vec<String>>,
) -> Result<Vec<(String, String)>, Problem> {
    let mut queues = Vec::new();
    for (org, names) in given {
        let all = known(org).ok_or_else(|| {
            let what = format!("names '{org}', which is no organisation of this installation");
            invalid("queues", what)
        })?;
        for name in names {
            if !all.contains(name) {
                let what = format!(
                    "names '{name}'; a queue of {org} is one of {}",
                    all.join(", ")
                );
                return Err(invalid("queues", what));
            }
            queues.push((org.clone(), name.clone()));
        }
    }
    Ok(queues)
}

/// A code can be asked only of somebody whose number is known.
pub(crate) fn otp_has_a_phone(otp_required: bool, phone: Option<&str>) -> Result<(), Problem> {
    if otp_required && phone.is_none() {
        return Err(invalid("otp_required", "needs a phone number"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn known() -> Vec<OrgId> {
        vec![OrgId::parse("ukc").unwrap(), OrgId::parse("mou").unwrap()]
    }

    fn roles_of(given: serde_json::Value) -> Result<Vec<(String, String)>, u16> {
        let given: RolesGiven = serde_json::from_value(given).unwrap();
        roles(&given, &known(), &defined()).map_err(|problem| problem.status())
    }

    fn defined() -> Vec<String> {
        ["administrator", "operator", "analyst"]
            .map(str::to_owned)
            .to_vec()
    }

    #[test]
    fn a_role_has_names_and_permissions_that_may_be_given() {
        let define = |id: &str, given: serde_json::Value| {
            let given: RoleGiven = serde_json::from_value(given).unwrap();
            role_definition(id, &given).map_err(|problem| problem.status())
        };
        let names = json!({"uk": "Диспетчер", "en": "Dispatcher"});
        let (kept, permissions) = define(
            "dispatcher",
            json!({"names": names, "permissions": ["view_shift", "export", "view_shift"]}),
        )
        .unwrap();
        assert_eq!(kept["uk"], "Диспетчер");
        assert_eq!(permissions, ["view_shift", "export"]);
        for (id, given, status) in [
            (
                "administrator",
                json!({"names": names, "permissions": []}),
                409,
            ),
            ("Bad Id", json!({"names": names, "permissions": []}), 400),
            ("a", json!({"names": {"uk": "А"}, "permissions": []}), 400),
            (
                "a",
                json!({"names": names, "permissions": ["manage_people"]}),
                400,
            ),
            ("a", json!({"names": names, "permissions": ["*"]}), 400),
            ("a", json!({"names": names, "permissions": ["root"]}), 400),
        ] {
            assert_eq!(define(id, given.clone()), Err(status), "{id} {given}");
        }
    }

    #[test]
    fn a_group_gives_what_there_is_and_never_the_whole_installation() {
        let checked = |given: serde_json::Value, queues: Option<&[String]>| {
            let given: GroupGiven = serde_json::from_value(given).unwrap();
            group(given, &defined(), queues).map_err(|problem| problem.status())
        };
        let queues = ["general".to_owned()];
        let fine = json!({"org": "ukc", "name": "Перша зміна", "roles": ["operator"], "queues": ["general"], "members": ["u_1"]});
        assert_eq!(
            checked(fine.clone(), Some(&queues)).unwrap().name,
            "Перша зміна"
        );
        assert_eq!(checked(fine, None), Err(400));
        for bad in [
            json!({"org": "ukc", "name": "", "roles": []}),
            json!({"org": "ukc", "name": "А", "roles": ["administrator"]}),
            json!({"org": "ukc", "name": "А", "roles": ["root"]}),
            json!({"org": "ukc", "name": "А", "queues": ["other"]}),
        ] {
            assert_eq!(checked(bad.clone(), Some(&queues)), Err(400), "{bad}");
        }
    }

    #[test]
    fn logins_are_kept_in_lower_case() {
        assert_eq!(login(" Olena.Koval ").unwrap(), "olena.koval");
        for bad in ["", "a", "olena koval", "олена", "a/b", &"a".repeat(65)] {
            assert_eq!(login(bad).unwrap_err().status(), 400, "{bad:?}");
        }
    }

    #[test]
    fn numbers_are_kept_in_international_form() {
        assert_eq!(phone("+38 (067) 123-45-67").unwrap(), "+380671234567");
        for bad in [
            "",
            "+",
            "0671234567",
            "380671234567",
            "+0671234567",
            "+38067abc4567",
        ] {
            assert_eq!(phone(bad).unwrap_err().status(), 400, "{bad:?}");
        }
    }

    #[test]
    fn names_are_cleaned_and_never_empty() {
        assert_eq!(name(" Олена\u{0} К. ").unwrap(), "Олена К.");
        for bad in ["", " \n", &"ї".repeat(101)] {
            assert_eq!(name(bad).unwrap_err().status(), 400);
        }
    }

    #[test]
    fn roles_are_known_ones_in_known_organisations() {
        let pair = |org: &str, role: &str| (org.to_owned(), role.to_owned());
        assert_eq!(
            roles_of(json!({"ukc": ["operator", "operator"], "*": ["analyst"]})),
            Ok(vec![pair("*", "analyst"), pair("ukc", "operator")])
        );
        for bad in [json!({"nowhere": ["operator"]}), json!({"ukc": ["root"]})] {
            assert_eq!(roles_of(bad.clone()), Err(400), "{bad}");
        }
    }

    #[test]
    fn an_absent_number_stays_and_null_removes_it() {
        let read = |body| serde_json::from_value::<PersonChange>(body).unwrap().phone;
        assert_eq!(read(json!({})), None);
        assert_eq!(read(json!({"phone": null})), Some(None));
        assert_eq!(read(json!({"phone": "+1"})), Some(Some("+1".to_owned())));
    }

    #[test]
    fn a_field_that_does_not_exist_is_a_mistake() {
        assert!(serde_json::from_value::<PersonChange>(json!({"role": []})).is_err());
    }

    #[test]
    fn queues_are_those_of_their_organisation() {
        let known =
            |org: &str| (org == "ukc").then(|| vec!["general".to_owned(), "social".to_owned()]);
        let read = |given: serde_json::Value| {
            let given: BTreeMap<String, Vec<String>> = serde_json::from_value(given).unwrap();
            queues(&given, known).map_err(|problem| problem.status())
        };
        let social = vec![("ukc".to_owned(), "social".to_owned())];
        assert_eq!(read(json!({"ukc": ["social"]})), Ok(social));
        assert_eq!(read(json!({"ukc": ["gone"]})), Err(400));
        assert_eq!(read(json!({"mou": ["general"]})), Err(400));
        assert_eq!(capacity(3).unwrap(), 3);
        assert!(capacity(-1).is_err() && capacity(101).is_err());
        let listed = |skills: &[&str]| {
            skills
                .iter()
                .map(|one| (*one).to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            skills(&listed(&["law", "law", "gas"])).unwrap(),
            ["gas", "law"]
        );
        for bad in [vec![""], vec!["Law"], vec!["two words"], vec!["x"; 31]] {
            assert!(skills(&listed(&bad)).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_code_needs_a_number() {
        assert!(otp_has_a_phone(true, None).is_err());
        assert!(otp_has_a_phone(true, Some("+380671234567")).is_ok());
        assert!(otp_has_a_phone(false, None).is_ok());
    }
}
