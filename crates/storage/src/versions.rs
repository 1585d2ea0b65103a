//! Published process bundles: what they hold, who published them and why, and what the files of the release held.

use crate::{Database, Row, StorageError, Transaction};
use serde_json::{Value as Json, json};

/// A page of [`list`].
pub const PAGE: i64 = 50;

/// Somebody of the centre, by id and by the name at that time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// `u_…`, or `setup` for the files of a release.
    pub id: String,
    /// As people know them.
    pub name: String,
}

impl Person {
    /// The release's files.
    pub fn setup() -> Self {
        Self {
            id: "setup".to_owned(),
            name: String::new(),
        }
    }
}

/// A published version without its processes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its number.
    pub id: i64,
    /// SHA-256 of the bundle.
    pub hash: String,
    /// Unix milliseconds.
    pub published_at_ms: i64,
    /// Who.
    pub published_by: Person,
    /// Who agreed, where a second person had to.
    pub approved_by: Option<Person>,
    /// Why.
    pub reason: String,
    /// `files`, `drafts` or `restored`.
    pub origin: String,
    /// The version that it is again.
    pub restored_from: Option<i64>,
    /// Dialogues under way that stay on it.
    pub live: i64,
}

/// What is to be published.
#[derive(Debug, Clone)]
pub struct Publication<'a> {
    /// The version that its author saw as the newest.
    pub expected_newest: i64,
    /// SHA-256 of the bundle.
    pub hash: &'a str,
    /// The bundle.
    pub bundle: &'a str,
    /// `drafts` or `restored`.
    pub origin: &'a str,
    /// The version that it is again.
    pub restored_from: Option<i64>,
    /// Who.
    pub by: &'a Person,
    /// Who agreed.
    pub approved_by: Option<&'a Person>,
    /// Why.
    pub reason: &'a str,
    /// Drafts that it is made of, by alias and revision: they end with it.
    pub drafts: &'a [(String, i64)],
    /// Unix milliseconds.
    pub now_ms: i64,
}

/// The newest published version, if any.
pub async fn newest(database: &Database) -> Result<Option<i64>, StorageError> {
    let row = database
        .query_one(
            "SELECT id FROM process_versions ORDER BY id DESC LIMIT 1",
            Vec::new(),
        )
        .await?;
    row.map(|row| row.integer(0)).transpose()
}

/// The bundle of a version: `{alias: process}` as JSON text.
pub async fn bundle(database: &Database, version: i64) -> Result<String, StorageError> {
    let row = database
        .query_one(
            "SELECT bundle FROM process_versions WHERE id = ?1",
            vec![version.into()],
        )
        .await?
        .ok_or(StorageError::NotFound)?;
    Ok(row.text(0)?.to_owned())
}

/// The newest version and its bundle.
pub async fn newest_bundle(database: &Database) -> Result<Option<(i64, String)>, StorageError> {
    let row = database
        .query_one(
            "SELECT id, bundle FROM process_versions ORDER BY id DESC LIMIT 1",
            Vec::new(),
        )
        .await?;
    row.map(|row| Ok((row.integer(0)?, row.text(1)?.to_owned())))
        .transpose()
}

const VERSION: &str = "v.id, v.hash, v.published_at_ms, v.published_by, v.published_by_name, v.approved_by,
    v.approved_by_name, v.reason, v.origin, v.restored_from,
    (SELECT count(*) FROM conversations AS c
     WHERE c.status IN ('open', 'waiting', 'with_operator', 'voting') AND c.process_version = v.id)";

/// Versions before a number, newest first; at most [`PAGE`].
pub async fn list(database: &Database, before: i64) -> Result<Vec<Version>, StorageError> {
    let sql = format!(
        "SELECT {VERSION} FROM process_versions AS v WHERE v.id < ?1 ORDER BY v.id DESC LIMIT ?2"
    );
    let rows = database
        .query(&sql, vec![before.into(), PAGE.into()])
        .await?;
    rows.iter().map(version).collect()
}

/// One version.
pub async fn read(database: &Database, id: i64) -> Result<Version, StorageError> {
    let sql = format!("SELECT {VERSION} FROM process_versions AS v WHERE v.id = ?1");
    let row = database.query_one(&sql, vec![id.into()]).await?;
    version(&row.ok_or(StorageError::NotFound)?)
}

fn version(row: &Row) -> Result<Version, StorageError> {
    Ok(Version {
        id: row.integer(0)?,
        hash: row.text(1)?.to_owned(),
        published_at_ms: row.integer(2)?,
        published_by: Person {
            id: row.text(3)?.to_owned(),
            name: row.text(4)?.to_owned(),
        },
        approved_by: person(row, 5)?,
        reason: row.text(7)?.to_owned(),
        origin: row.text(8)?.to_owned(),
        restored_from: row.optional_integer(9)?,
        live: row.integer(10)?,
    })
}

/// Id and name in two columns that may be NULL.
pub(crate) fn person(row: &Row, first: usize) -> Result<Option<Person>, StorageError> {
    let name = row.optional_string(first + 1)?.unwrap_or_default();
    Ok(row.optional_string(first)?.map(|id| Person { id, name }))
}

/// Publishes; returns the new version, or `None` when another version or another draft was faster: then nothing is
/// changed.
pub async fn publish(
    database: &Database,
    publication: &Publication<'_>,
) -> Result<Option<i64>, StorageError> {
    let transaction = database.transaction().await?;
    let version = match insert(database, publication).await? {
        Some(version) if end_drafts(&transaction, publication).await? => version,
        _ => {
            transaction.rollback().await?;
            return Ok(None);
        }
    };
    let what = match publication.origin {
        "restored" => "processes_restored",
        _ => "processes_published",
    };
    let data = json!({
        "version": version, "reason": publication.reason, "hash": publication.hash,
        "restored_from": publication.restored_from, "processes": aliases(publication.drafts),
    });
    note(
        &transaction,
        &publication.by.id,
        what,
        &data,
        publication.now_ms,
    )
    .await?;
    transaction.commit().await?;
    Ok(Some(version))
}

/// The row alone, if the expected version is still the newest. Inside a transaction.
pub(crate) async fn insert(
    database: &Database,
    new: &Publication<'_>,
) -> Result<Option<i64>, StorageError> {
    let row = database
        .query_one(
            "INSERT INTO process_versions (hash, bundle, published_at_ms, published_by, published_by_name, reason, origin,
                 restored_from, approved_by, approved_by_name)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
             WHERE ?11 = coalesce((SELECT max(id) FROM process_versions), 0)
             RETURNING id",
            vec![
                new.hash.into(),
                new.bundle.into(),
                new.now_ms.into(),
                new.by.id.as_str().into(),
                new.by.name.as_str().into(),
                new.reason.into(),
                new.origin.into(),
                new.restored_from.into(),
                new.approved_by.map(|person| person.id.as_str()).into(),
                new.approved_by.map(|person| person.name.as_str()).into(),
                new.expected_newest.into(),
            ],
        )
        .await?;
    row.map(|row| row.integer(0)).transpose()
}

/// Ends the drafts that became a version; false when one of them has changed meanwhile.
async fn end_drafts(
    transaction: &Transaction<'_>,
    publication: &Publication<'_>,
) -> Result<bool, StorageError> {
    let ended = transaction
        .query(
            "DELETE FROM process_drafts WHERE (alias, revision) IN (
                 SELECT value ->> 'alias', value ->> 'revision' FROM json_each(?1)) RETURNING alias",
            vec![drafts_json(publication.drafts).into()],
        )
        .await?;
    Ok(ended.len() == publication.drafts.len())
}

pub(crate) fn drafts_json(drafts: &[(String, i64)]) -> String {
    let rows = drafts
        .iter()
        .map(|(alias, revision)| json!({ "alias": alias, "revision": revision }));
    Json::Array(rows.collect()).to_string()
}

pub(crate) fn aliases(drafts: &[(String, i64)]) -> Vec<&str> {
    drafts.iter().map(|(alias, _)| alias.as_str()).collect()
}

/// A line of the journal about processes; no dialogue's.
pub(crate) async fn note(
    transaction: &Transaction<'_>,
    person: &str,
    what: &str,
    data: &Json,
    now_ms: i64,
) -> Result<(), StorageError> {
    let actor = match person {
        "setup" => "setup".to_owned(),
        person => format!("author:{person}"),
    };
    transaction
        .run(
            "INSERT INTO journal (at_ms, actor, what, data) VALUES (?1, ?2, ?3, ?4)",
            vec![
                now_ms.into(),
                actor.into(),
                what.into(),
                data.to_string().into(),
            ],
        )
        .await
}

/// The files of the release as they were taken in last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// SHA-256 of the bundle.
    pub hash: String,
    /// `{alias: process}` as JSON text.
    pub bundle: String,
    /// Processes that stayed as people had published them.
    pub kept: Vec<String>,
}

/// What the release's files held when they were taken in last; `None` before the first time.
pub async fn folder(database: &Database) -> Result<Option<Folder>, StorageError> {
    let row = database
        .query_one("SELECT hash, bundle, kept FROM process_folder", Vec::new())
        .await?;
    row.map(|row| {
        Ok(Folder {
            hash: row.text(0)?.to_owned(),
            bundle: row.text(1)?.to_owned(),
            kept: row.json(2)?,
        })
    })
    .transpose()
}

/// Notes the files as taken in and publishes what is to be published of them, together. `None` when another version was
/// faster: then nothing is changed.
pub async fn take_folder(
    database: &Database,
    folder: &Folder,
    publication: Option<&Publication<'_>>,
    now_ms: i64,
) -> Result<Option<()>, StorageError> {
    let transaction = database.transaction().await?;
    transaction
        .run(
            "INSERT INTO process_folder (id, hash, bundle, kept, taken_at_ms) VALUES (1, ?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET hash = excluded.hash, bundle = excluded.bundle, kept = excluded.kept,
                 taken_at_ms = excluded.taken_at_ms",
            vec![
                folder.hash.as_str().into(),
                folder.bundle.as_str().into(),
                json!(folder.kept).to_string().into(),
                now_ms.into(),
            ],
        )
        .await?;
    let mut version = None;
    if let Some(publication) = publication {
        version = insert(database, publication).await?;
        if version.is_none() {
            transaction.rollback().await?;
            return Ok(None);
        }
    }
    let data = json!({ "version": version, "hash": folder.hash, "kept": folder.kept });
    note(&transaction, "setup", "process_files_taken", &data, now_ms).await?;
    transaction.commit().await?;
    Ok(Some(()))
}
