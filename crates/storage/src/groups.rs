//! Groups (units) of people, in `core`: what they give to their members.

use crate::audit::{self, AuditEntry};
use crate::people::Actor;
use crate::{Database, Row, StorageError};
use serde_json::json;
use vikno_domain::OperatorRef;

/// A group without its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupFields {
    /// An organisation, or `*` for all.
    pub org: String,
    /// What people call it; once in its organisation.
    pub name: String,
    /// Roles that its members have there.
    pub roles: Vec<String>,
    /// Queues that they serve there.
    pub queues: Vec<String>,
    /// Ids of people.
    pub members: Vec<String>,
}

/// A group as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// `g_…`.
    pub id: String,
    /// Its fields; members by id.
    pub fields: GroupFields,
    /// The members with their names.
    pub members: Vec<OperatorRef>,
}

const COLUMNS: &str = "g.id, g.org, g.name,
    (SELECT json_group_array(role) FROM group_roles WHERE group_id = g.id),
    (SELECT json_group_array(queue) FROM group_queues WHERE group_id = g.id),
    (SELECT json_group_array(json_object('id', p.id, 'name', p.name))
     FROM group_members AS m JOIN people AS p ON p.id = m.person_id WHERE m.group_id = g.id)";

/// All groups, by organisation and name.
pub async fn all(core: &Database) -> Result<Vec<Group>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM groups AS g ORDER BY g.org, g.name");
    let rows = core.query(&sql, vec![]).await?;
    rows.iter().map(group).collect()
}

/// A group by id.
pub async fn by_id(core: &Database, id: &str) -> Result<Option<Group>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM groups AS g WHERE g.id = ?1");
    let row = core.query_one(&sql, vec![id.into()]).await?;
    row.as_ref().map(group).transpose()
}

fn group(row: &Row) -> Result<Group, StorageError> {
    let members: Vec<OperatorRef> = row.json(5)?;
    Ok(Group {
        id: row.text(0)?.to_owned(),
        fields: GroupFields {
            org: row.text(1)?.to_owned(),
            name: row.text(2)?.to_owned(),
            roles: row.json(3)?,
            queues: row.json(4)?,
            members: members.iter().map(|member| member.id.clone()).collect(),
        },
        members,
    })
}

/// Keeps a group, new or changed, with the audit line. `Conflict` when the name is taken or a member is nobody.
pub async fn keep(
    core: &Database,
    id: &str,
    fields: &GroupFields,
    actor: Actor<'_>,
    now_ms: i64,
) -> Result<(), StorageError> {
    let transaction = core.transaction().await?;
    core.run(
        "INSERT INTO groups (id, org, name, changed_at_ms, changed_by) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET org = ?2, name = ?3, changed_at_ms = ?4, changed_by = ?5",
        vec![
            id.into(),
            fields.org.as_str().into(),
            fields.name.as_str().into(),
            now_ms.into(),
            actor.id.into(),
        ],
    )
    .await?;
    for (delete, insert, values) in [
        (
            "DELETE FROM group_roles WHERE group_id = ?1",
            "INSERT INTO group_roles (group_id, role) SELECT DISTINCT ?1, value FROM json_each(?2)",
            &fields.roles,
        ),
        (
            "DELETE FROM group_queues WHERE group_id = ?1",
            "INSERT INTO group_queues (group_id, queue) SELECT DISTINCT ?1, value FROM json_each(?2)",
            &fields.queues,
        ),
        (
            "DELETE FROM group_members WHERE group_id = ?1",
            "INSERT INTO group_members (group_id, person_id) SELECT DISTINCT ?1, id FROM people WHERE id IN (SELECT value FROM json_each(?2))",
            &fields.members,
        ),
    ] {
        core.run(delete, vec![id.into()]).await?;
        let values = serde_json::to_string(values)?;
        core.run(insert, vec![id.into(), values.into()]).await?;
    }
    let entry = AuditEntry {
        person_id: Some(actor.id),
        what: "group_kept",
        target: Some(id),
        address: actor.address,
        data: json!({
            "org": fields.org, "roles": fields.roles, "queues": fields.queues, "members": fields.members,
        }),
        ..AuditEntry::default()
    };
    audit::record(core, entry, now_ms).await?;
    transaction.commit().await
}

/// Removes a group, with the audit line; false when there is none such.
pub async fn remove(
    core: &Database,
    id: &str,
    actor: Actor<'_>,
    now_ms: i64,
) -> Result<bool, StorageError> {
    let transaction = core.transaction().await?;
    if by_id(core, id).await?.is_none() {
        transaction.rollback().await?;
        return Ok(false);
    }
    for sql in [
        "DELETE FROM group_roles WHERE group_id = ?1",
        "DELETE FROM group_queues WHERE group_id = ?1",
        "DELETE FROM group_members WHERE group_id = ?1",
        "DELETE FROM groups WHERE id = ?1",
    ] {
        core.run(sql, vec![id.into()]).await?;
    }
    let entry = AuditEntry {
        person_id: Some(actor.id),
        what: "group_removed",
        target: Some(id),
        address: actor.address,
        ..AuditEntry::default()
    };
    audit::record(core, entry, now_ms).await?;
    transaction.commit().await?;
    Ok(true)
}
