//! What the administration shows: people without their password hashes, organisations, audit lines. Pure.

use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use vikno_domain::rfc3339;
use vikno_identity::{EVERYTHING, Permission};
use vikno_organisation::Organisation;
use vikno_storage::audit::{self, AuditLine};
use vikno_storage::groups::Group;
use vikno_storage::people::{self, Person};
use vikno_storage::roles::Role;

#[derive(Serialize)]
pub(crate) struct PersonView {
    id: String,
    login: String,
    name: String,
    phone: Option<String>,
    otp_required: bool,
    active: bool,
    roles: BTreeMap<String, Vec<String>>,
    capacity: i64,
    queues: BTreeMap<String, Vec<String>>,
    skills: Vec<String>,
    languages: Vec<String>,
    created_at: String,
    signed_in_at: Option<String>,
    /// Told once, when it was made up.
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

pub(crate) fn person(person: Person, password: Option<String>) -> PersonView {
    PersonView {
        id: person.id,
        login: person.login,
        name: person.name,
        phone: person.phone,
        otp_required: person.otp_required,
        active: person.active,
        roles: people::by_organisation(person.roles),
        capacity: person.capacity,
        queues: people::by_organisation(person.queues),
        skills: person.skills,
        languages: person.languages,
        created_at: rfc3339(person.created_at_ms),
        signed_in_at: person.signed_in_at_ms.map(rfc3339),
        password,
    }
}

#[derive(Serialize)]
pub(crate) struct PeoplePage {
    people: Vec<PersonView>,
    /// For `after`; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
}

/// One more than a page was read when there are more.
pub(crate) fn people_page(mut found: Vec<Person>) -> PeoplePage {
    let page = usize::try_from(people::PAGE).unwrap_or(usize::MAX);
    let more = found.len() > page;
    found.truncate(page);
    PeoplePage {
        cursor: found.last().filter(|_| more).map(|last| last.login.clone()),
        people: found.into_iter().map(|found| person(found, None)).collect(),
    }
}

#[derive(Serialize)]
pub(crate) struct OrganisationView {
    id: String,
    name: BTreeMap<String, String>,
    languages: Vec<String>,
    queues: Vec<String>,
}

pub(crate) fn organisation(settings: &Organisation) -> OrganisationView {
    let names = settings.name.0.iter();
    OrganisationView {
        id: settings.id.to_string(),
        name: names
            .map(|(language, name)| (language.to_string(), name.clone()))
            .collect(),
        languages: settings.languages.iter().map(ToString::to_string).collect(),
        queues: settings
            .queues
            .iter()
            .map(|queue| queue.id.clone())
            .collect(),
    }
}

/// All roles, and every permission that there is.
pub(crate) fn roles(all: Vec<Role>) -> Value {
    let shown: Vec<Value> = all
        .into_iter()
        .map(|role| {
            let everything = role.permissions.iter().any(|name| name == EVERYTHING);
            let permissions = match everything {
                true => Permission::ALL.map(|one| one.as_str().to_owned()).to_vec(),
                false => role.permissions,
            };
            json!({
                "id": role.id, "names": role.names, "permissions": permissions, "built_in": role.built_in,
                "holders": role.holders,
            })
        })
        .collect();
    json!({ "roles": shown, "permissions": Permission::ALL.map(Permission::as_str) })
}

/// All groups.
pub(crate) fn groups(all: Vec<Group>) -> Value {
    json!({ "groups": all.into_iter().map(group).collect::<Vec<_>>() })
}

/// One group.
pub(crate) fn group(group: Group) -> Value {
    let fields = group.fields;
    json!({
        "id": group.id, "org": fields.org, "name": fields.name, "roles": fields.roles, "queues": fields.queues,
        "members": group.members,
    })
}

#[derive(Serialize)]
pub(crate) struct AuditPage {
    audit: Vec<AuditView>,
    /// For `before`; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
}

#[derive(Serialize)]
struct AuditView {
    id: i64,
    at: String,
    person: Option<String>,
    what: String,
    org: Option<String>,
    target: Option<String>,
    address: Option<String>,
    data: Value,
}

pub(crate) fn audit_page(lines: Vec<AuditLine>) -> AuditPage {
    let full = i64::try_from(lines.len()).is_ok_and(|count| count >= audit::PAGE);
    AuditPage {
        cursor: lines
            .last()
            .filter(|_| full)
            .map(|last| last.id.to_string()),
        audit: lines
            .into_iter()
            .map(|line| AuditView {
                id: line.id,
                at: rfc3339(line.at_ms),
                person: line.person_id,
                what: line.what,
                org: line.org,
                target: line.target,
                address: line.address,
                data: line.data,
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn olena(number: usize) -> Person {
        Person {
            id: format!("u_{number}"),
            login: format!("olena{number}"),
            name: "Олена".into(),
            password_hash: "$argon2id$secret".into(),
            phone: Some("+380671234567".into()),
            otp_required: true,
            active: true,
            generation: 7,
            created_at_ms: 1_763_900_000_123,
            signed_in_at_ms: None,
            roles: vec![
                ("ukc".into(), "operator".into()),
                ("ukc".into(), "analyst".into()),
            ],
            capacity: 5,
            skills: vec![],
            languages: vec![],
            queues: vec![],
        }
    }

    #[test]
    fn a_person_is_shown_without_the_password_hash() {
        let shown = serde_json::to_value(person(olena(1), None)).unwrap();
        let expected = json!({
            "id": "u_1", "login": "olena1", "name": "Олена", "phone": "+380671234567", "otp_required": true,
            "active": true, "roles": {"ukc": ["operator", "analyst"]}, "capacity": 5, "queues": {}, "skills": [], "languages": [],
            "created_at": "2025-11-23T12:13:20.123Z", "signed_in_at": null,
        });
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_page_has_a_cursor_only_when_there_are_more() {
        let page = usize::try_from(people::PAGE).unwrap();
        let last = people_page((0..page).map(olena).collect());
        assert_eq!(last.cursor, None);
        let first = people_page((0..=page).map(olena).collect());
        assert_eq!(first.people.len(), page);
        assert_eq!(first.cursor, Some(format!("olena{}", page - 1)));
    }
}
