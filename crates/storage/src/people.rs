//! The centre's people and their roles, in `core`.

use crate::audit::{self, AuditEntry};
use crate::{Database, Row, StorageError, Value, known_browsers, passkeys, totp};
use serde_json::json;
use std::collections::BTreeMap;

/// A person as stored, with roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// `u_…`.
    pub id: String,
    /// What they sign in with, lower case.
    pub login: String,
    /// Shown to colleagues and citizens.
    pub name: String,
    /// In PHC form; never leaves the function that checks passwords.
    pub password_hash: String,
    /// For one-time codes, `+380…`.
    pub phone: Option<String>,
    /// Signing in takes a one-time code too.
    pub otp_required: bool,
    /// May sign in.
    pub active: bool,
    /// Access tokens of another generation are withdrawn.
    pub generation: i64,
    /// Unix milliseconds.
    pub created_at_ms: i64,
    /// Unix milliseconds of the last sign-in.
    pub signed_in_at_ms: Option<i64>,
    /// (organisation or `*`, role name), in order.
    pub roles: Vec<(String, String)>,
    /// Conversations that they take at once.
    pub capacity: i64,
    /// (organisation, queue) that they serve, in order; none of an organisation: all of its queues.
    pub queues: Vec<(String, String)>,
    /// What they know; a queue may ask for it.
    pub skills: Vec<String>,
    /// Codes of the languages they answer in; none: all.
    pub languages: Vec<String>,
}

/// What is needed to make a person.
#[derive(Debug, Clone)]
pub struct NewPerson<'a> {
    /// `u_…`.
    pub id: &'a str,
    /// Lower case.
    pub login: &'a str,
    /// Shown name.
    pub name: &'a str,
    /// In PHC form.
    pub password_hash: &'a str,
    /// For one-time codes.
    pub phone: Option<&'a str>,
    /// Whether signing in takes a one-time code too.
    pub otp_required: bool,
    /// (organisation or `*`, role name).
    pub roles: &'a [(String, String)],
}

/// What of a person changes; absent fields stay.
#[derive(Debug, Clone, Default)]
pub struct PersonChange {
    /// Shown name.
    pub name: Option<String>,
    /// New password, hashed.
    pub password_hash: Option<String>,
    /// For one-time codes; `Some(None)` removes it.
    pub phone: Option<Option<String>>,
    /// Whether signing in takes a one-time code too.
    pub otp_required: Option<bool>,
    /// Their app, recovery codes and passkeys are taken away: they have lost them.
    pub resets_second_factor: bool,
    /// Whether they may sign in.
    pub active: Option<bool>,
    /// All roles from now on.
    pub roles: Option<Vec<(String, String)>>,
    /// Conversations that they take at once.
    pub capacity: Option<i64>,
    /// All (organisation, queue) that they serve from now on.
    pub queues: Option<Vec<(String, String)>>,
    /// All that they know from now on.
    pub skills: Option<Vec<String>>,
    /// All languages they answer in from now on.
    pub languages: Option<Vec<String>>,
}

/// Who does it, for the audit.
#[derive(Debug, Clone, Copy)]
pub struct Actor<'a> {
    /// Person id, or `setup`.
    pub id: &'a str,
    /// Client address.
    pub address: Option<&'a str>,
}

/// A page of the list holds this many people.
pub const PAGE: i64 = 50;

// The roles come along as one JSON text, so that a person is one row and one statement.
const COLUMNS: &str = "id, login, name, password_hash, phone, otp_required, active, generation, created_at_ms, signed_in_at_ms,
    (SELECT json_group_array(json_array(org, role)) FROM (SELECT org, role FROM held_roles WHERE person_id = people.id ORDER BY org, role)),
    capacity,
    (SELECT json_group_array(json_array(org, queue)) FROM (SELECT org, queue FROM served_queues WHERE person_id = people.id ORDER BY org, queue)),
    skills, languages";

fn person(row: &Row) -> Result<Person, StorageError> {
    Ok(Person {
        id: row.text(0)?.to_owned(),
        login: row.text(1)?.to_owned(),
        name: row.text(2)?.to_owned(),
        password_hash: row.text(3)?.to_owned(),
        phone: row.optional_string(4)?,
        otp_required: row.integer(5)? != 0,
        active: row.integer(6)? != 0,
        generation: row.integer(7)?,
        created_at_ms: row.integer(8)?,
        signed_in_at_ms: row.optional_integer(9)?,
        roles: row.json(10)?,
        capacity: row.integer(11)?,
        queues: row.json(12)?,
        skills: row.json(13)?,
        languages: row.json(14)?,
    })
}

/// The person with this login (lower case).
pub async fn by_login(core: &Database, login: &str) -> Result<Option<Person>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM people WHERE login = ?1");
    let row = core.query_one(&sql, vec![login.into()]).await?;
    row.as_ref().map(person).transpose()
}

/// The person with this id.
pub async fn by_id(core: &Database, id: &str) -> Result<Option<Person>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM people WHERE id = ?1");
    let row = core.query_one(&sql, vec![id.into()]).await?;
    row.as_ref().map(person).transpose()
}

/// People by login, from after the one given; at most [`PAGE`] and one more that tells that there are more.
pub async fn list(core: &Database, after_login: &str) -> Result<Vec<Person>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM people WHERE login > ?1 ORDER BY login LIMIT ?2");
    let rows = core
        .query(&sql, vec![after_login.into(), (PAGE + 1).into()])
        .await?;
    rows.iter().map(person).collect()
}

/// Pairs of an organisation and a role or queue, by organisation.
pub fn by_organisation(pairs: Vec<(String, String)>) -> BTreeMap<String, Vec<String>> {
    let mut grouped: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (org, name) in pairs {
        grouped.entry(org).or_default().push(name);
    }
    grouped
}

/// Makes a person, with the audit line; `Conflict` when the login is taken.
pub async fn create(
    core: &Database,
    new: &NewPerson<'_>,
    actor: Actor<'_>,
    now_ms: i64,
) -> Result<(), StorageError> {
    let transaction = core.transaction().await?;
    insert(core, new, actor, now_ms).await?;
    transaction.commit().await
}

async fn insert(
    core: &Database,
    new: &NewPerson<'_>,
    actor: Actor<'_>,
    now_ms: i64,
) -> Result<(), StorageError> {
    core.run(
        "INSERT INTO people (id, login, name, password_hash, phone, otp_required, created_at_ms, created_by, changed_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?7)",
        vec![
            new.id.into(),
            new.login.into(),
            new.name.into(),
            new.password_hash.into(),
            new.phone.into(),
            new.otp_required.into(),
            now_ms.into(),
            actor.id.into(),
        ],
    )
    .await?;
    insert_roles(core, new.id, new.roles).await?;
    let entry = AuditEntry {
        person_id: Some(actor.id),
        what: "person_created",
        target: Some(new.id),
        address: actor.address,
        data: json!({ "login": new.login, "roles": new.roles, "otp_required": new.otp_required }),
        ..AuditEntry::default()
    };
    audit::record(core, entry, now_ms).await
}

async fn insert_roles(
    core: &Database,
    person_id: &str,
    roles: &[(String, String)],
) -> Result<(), StorageError> {
    let roles = serde_json::to_string(roles)?;
    core.run(
        "INSERT OR IGNORE INTO held_roles (person_id, org, role)
         SELECT ?1, json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?2)",
        vec![person_id.into(), roles.into()],
    )
    .await
}

async fn set_queues(
    core: &Database,
    person_id: &str,
    queues: &[(String, String)],
) -> Result<(), StorageError> {
    let delete = "DELETE FROM served_queues WHERE person_id = ?1";
    core.run(delete, vec![person_id.into()]).await?;
    core.run(
        "INSERT OR IGNORE INTO served_queues (person_id, org, queue)
         SELECT ?1, json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?2)",
        vec![person_id.into(), serde_json::to_string(queues)?.into()],
    )
    .await
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// Done: the person as they are now.
    Done(Box<Person>),
    /// No such person.
    Unknown,
    /// Nobody could administer the installation any more; nothing was changed.
    LastAdministrator,
}

/// Changes a person, with the audit line. Other roles end all access tokens, a new password or
/// being switched off all sessions too.
pub async fn change(
    core: &Database,
    id: &str,
    change: &PersonChange,
    actor: Actor<'_>,
    now_ms: i64,
) -> Result<Changed, StorageError> {
    let transaction = core.transaction().await?;
    let Some(before) = by_id(core, id).await? else {
        transaction.rollback().await?;
        return Ok(Changed::Unknown);
    };
    update(core, &before, change, now_ms).await?;
    if let Some(roles) = &change.roles {
        let delete = "DELETE FROM held_roles WHERE person_id = ?1";
        core.run(delete, vec![id.into()]).await?;
        insert_roles(core, id, roles).await?;
    }
    if let Some(queues) = &change.queues {
        set_queues(core, id, queues).await?;
    }
    if administrators(core).await? == 0 {
        transaction.rollback().await?;
        return Ok(Changed::LastAdministrator);
    }
    let entry = AuditEntry {
        person_id: Some(actor.id),
        what: "person_changed",
        target: Some(id),
        address: actor.address,
        data: changes(&before, change),
        ..AuditEntry::default()
    };
    audit::record(core, entry, now_ms).await?;
    let after = by_id(core, id).await?.ok_or(StorageError::NotFound)?;
    transaction.commit().await?;
    Ok(Changed::Done(Box::new(after)))
}

async fn update(
    core: &Database,
    before: &Person,
    change: &PersonChange,
    now_ms: i64,
) -> Result<(), StorageError> {
    let ends_sessions = change.password_hash.is_some() || change.active == Some(false);
    let ends_tokens = ends_sessions || change.roles.is_some();
    if ends_sessions {
        let end = "DELETE FROM staff_sessions WHERE person_id = ?1";
        core.run(end, vec![before.id.as_str().into()]).await?;
    }
    if change.resets_second_factor {
        totp::forget(core, &before.id).await?;
        passkeys::forget(core, &before.id).await?;
    }
    // Wherever the way to the second factor changes, it is shown anew.
    if ends_sessions
        || change.phone.is_some()
        || change.otp_required.is_some()
        || change.resets_second_factor
    {
        known_browsers::forget(core, &before.id).await?;
    }
    let phone: Value = match &change.phone {
        Some(phone) => phone.as_deref().into(),
        None => before.phone.as_deref().into(),
    };
    let list = |list: &Option<Vec<String>>| list.as_ref().map(serde_json::to_string).transpose();
    core.run(
        "UPDATE people SET name = coalesce(?2, name), password_hash = coalesce(?3, password_hash), phone = ?4,
             otp_required = coalesce(?5, otp_required), active = coalesce(?6, active),
             generation = generation + ?7, changed_at_ms = ?8, capacity = coalesce(?9, capacity),
             skills = coalesce(?10, skills), languages = coalesce(?11, languages)
         WHERE id = ?1",
        vec![
            before.id.as_str().into(),
            change.name.as_deref().into(),
            change.password_hash.as_deref().into(),
            phone,
            change.otp_required.into(),
            change.active.into(),
            ends_tokens.into(),
            now_ms.into(),
            change.capacity.into(),
            list(&change.skills)?.into(),
            list(&change.languages)?.into(),
        ],
    )
    .await
}

/// Field names and roles only: names, numbers and hashes do not belong into the audit.
fn changes(before: &Person, change: &PersonChange) -> serde_json::Value {
    let mut fields = vec![];
    for (field, changed) in [
        ("name", change.name.is_some()),
        ("password", change.password_hash.is_some()),
        ("phone", change.phone.is_some()),
        ("second_factor", change.resets_second_factor),
    ] {
        if changed {
            fields.push(field);
        }
    }
    let mut data = json!({ "fields": fields });
    if let Some(active) = change.active {
        data["active"] = json!(active);
    }
    if let Some(otp_required) = change.otp_required {
        data["otp_required"] = json!(otp_required);
    }
    if let Some(capacity) = change.capacity {
        data["capacity"] = json!(capacity);
    }
    for (field, list) in [("skills", &change.skills), ("languages", &change.languages)] {
        if let Some(list) = list {
            data[field] = json!(list);
        }
    }
    if let Some(queues) = &change.queues {
        data["queues"] = json!(queues);
    }
    if let Some(roles) = &change.roles {
        data["roles_before"] = json!(before.roles);
        data["roles"] = json!(roles);
    }
    data
}

async fn administrators(core: &Database) -> Result<i64, StorageError> {
    let row = core
        .query_one(
            "SELECT count(*) FROM held_roles AS held JOIN people ON people.id = held.person_id
             WHERE held.org = '*' AND held.role = 'administrator' AND people.active = 1",
            vec![],
        )
        .await?;
    row.ok_or(StorageError::NotFound)?.integer(0)
}

/// Whether the first administrator has yet to be made.
pub async fn needs_first_administrator(core: &Database) -> Result<bool, StorageError> {
    let made = "SELECT 1 FROM installation WHERE name = 'first_administrator'";
    Ok(core.query_one(made, vec![]).await?.is_none())
}

/// Makes the person `admin`, administrator of everything, once in the life of an installation. True when it was made now.
pub async fn ensure_first_administrator(
    core: &Database,
    person_id: &str,
    password_hash: &str,
    now_ms: i64,
) -> Result<bool, StorageError> {
    let transaction = core.transaction().await?;
    if !needs_first_administrator(core).await? {
        transaction.rollback().await?;
        return Ok(false);
    }
    let roles = [("*".to_owned(), "administrator".to_owned())];
    let new = NewPerson {
        id: person_id,
        login: "admin",
        name: "Administrator",
        password_hash,
        phone: None,
        otp_required: false,
        roles: &roles,
    };
    let setup = Actor {
        id: "setup",
        address: None,
    };
    insert(core, &new, setup, now_ms).await?;
    core.run(
        "INSERT INTO installation (name, value, at_ms) VALUES ('first_administrator', ?1, ?2)",
        vec![person_id.into(), now_ms.into()],
    )
    .await?;
    transaction.commit().await?;
    Ok(true)
}
