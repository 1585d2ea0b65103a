//! Roles as administrators define them, in `core`.

use crate::audit::{self, AuditEntry};
use crate::people::Actor;
use crate::{Database, Row, StorageError};
use serde_json::json;
use std::collections::BTreeMap;

/// The role that permits everything, in every release; it cannot be changed or removed.
pub const ADMINISTRATOR: &str = "administrator";

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// A slug.
    pub id: String,
    /// What people call it, by language.
    pub names: BTreeMap<String, String>,
    /// Names of permissions; `*` is everything.
    pub permissions: Vec<String>,
    /// Came with the installation, and stays.
    pub built_in: bool,
    /// How many people and groups hold it.
    pub holders: i64,
}

/// All roles, those that came with the installation first.
pub async fn all(core: &Database) -> Result<Vec<Role>, StorageError> {
    let rows = core
        .query(
            "SELECT id, names, permissions, built_in,
                (SELECT count(DISTINCT person_id) FROM held_roles WHERE role = roles.id)
                + (SELECT count(*) FROM group_roles WHERE role = roles.id)
             FROM roles ORDER BY built_in DESC, id",
            vec![],
        )
        .await?;
    rows.iter().map(role).collect()
}

fn role(row: &Row) -> Result<Role, StorageError> {
    Ok(Role {
        id: row.text(0)?.to_owned(),
        names: row.json(1)?,
        permissions: row.json(2)?,
        built_in: row.integer(3)? == 1,
        holders: row.integer(4)?,
    })
}

/// Keeps a role, new or changed, with the audit line; true when it is new.
pub async fn keep(
    core: &Database,
    id: &str,
    names: &BTreeMap<String, String>,
    permissions: &[String],
    actor: Actor<'_>,
    now_ms: i64,
) -> Result<bool, StorageError> {
    let transaction = core.transaction().await?;
    let before = core
        .query_one(
            "SELECT permissions FROM roles WHERE id = ?1",
            vec![id.into()],
        )
        .await?;
    let before: Option<Vec<String>> = before.map(|row| row.json(0)).transpose()?;
    core.run(
        "INSERT INTO roles (id, names, permissions, changed_at_ms, changed_by) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET names = ?2, permissions = ?3, changed_at_ms = ?4, changed_by = ?5",
        vec![
            id.into(),
            serde_json::to_string(names)?.into(),
            serde_json::to_string(permissions)?.into(),
            now_ms.into(),
            actor.id.into(),
        ],
    )
    .await?;
    let entry = AuditEntry {
        person_id: Some(actor.id),
        what: "role_kept",
        target: Some(id),
        address: actor.address,
        data: json!({ "permissions_before": before, "permissions": permissions }),
        ..AuditEntry::default()
    };
    audit::record(core, entry, now_ms).await?;
    transaction.commit().await?;
    Ok(before.is_none())
}

/// What became of the wish to remove a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removed {
    /// It is gone.
    Done,
    /// There is none such.
    Unknown,
    /// It came with the installation.
    BuiltIn,
    /// Somebody holds it.
    Held,
}

/// Removes a role that nobody holds, with the audit line.
pub async fn remove(
    core: &Database,
    id: &str,
    actor: Actor<'_>,
    now_ms: i64,
) -> Result<Removed, StorageError> {
    let transaction = core.transaction().await?;
    let found = all(core).await?.into_iter().find(|role| role.id == id);
    let refused = match found {
        None => Some(Removed::Unknown),
        Some(role) if role.built_in => Some(Removed::BuiltIn),
        Some(role) if role.holders > 0 => Some(Removed::Held),
        Some(_) => None,
    };
    if let Some(refused) = refused {
        transaction.rollback().await?;
        return Ok(refused);
    }
    core.run("DELETE FROM roles WHERE id = ?1", vec![id.into()])
        .await?;
    let entry = AuditEntry {
        person_id: Some(actor.id),
        what: "role_removed",
        target: Some(id),
        address: actor.address,
        ..AuditEntry::default()
    };
    audit::record(core, entry, now_ms).await?;
    transaction.commit().await?;
    Ok(Removed::Done)
}
