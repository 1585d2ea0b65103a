//! The bodies of the administration: each field checked, each mistake named. Pure.

use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use vikno_domain::OrgId;
use vikno_identity::{Role, Roles, acceptable_password};
use vikno_shell::Problem;

const LOGIN_LENGTH: std::ops::RangeInclusive<usize> = 2..=64;
const NAME_CHARACTERS_MAX: usize = 100;
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
pub(crate) fn roles(given: &RolesGiven, known: &[OrgId]) -> Result<Vec<(String, String)>, Problem> {
    let mut roles = Roles::default();
    for (org, names) in given {
        if org != "*" && !known.iter().any(|known| known.as_str() == org) {
            return Err(invalid(
                "roles",
                format!("names '{org}', which is no organisation of this installation"),
            ));
        }
        for name in names {
            let role = Role::parse(name).ok_or_else(|| {
                let all = Role::ALL.map(Role::as_str).join(", ");
                invalid("roles", format!("names '{name}'; a role is one of {all}"))
            })?;
            roles
                .add(org, role)
                .map_err(|error| invalid("roles", error))?;
        }
    }
    let kept = roles
        .iter()
        .map(|(org, role)| (org.to_owned(), role.as_str().to_owned()));
    Ok(kept.collect())
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
        roles(&given, &known()).map_err(|problem| problem.status())
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
    }

    #[test]
    fn a_code_needs_a_number() {
        assert!(otp_has_a_phone(true, None).is_err());
        assert!(otp_has_a_phone(true, Some("+380671234567")).is_ok());
        assert!(otp_has_a_phone(false, None).is_ok());
    }
}
