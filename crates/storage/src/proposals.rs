//! Drafts that wait for a second person. At most one proposal is open; it holds the processes as they were proposed.

use crate::versions::{self, Person, Publication, aliases, drafts_json, note, person};
use crate::{Database, Row, StorageError};
use serde_json::json;

/// A page of [`list`].
pub const PAGE: i64 = 50;

/// A proposal without its processes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its number.
    pub id: i64,
    /// `open`, `approved`, `declined` or `withdrawn`.
    pub state: String,
    /// SHA-256 of the bundle.
    pub hash: String,
    /// The version it was proposed upon.
    pub base_version: i64,
    /// What it is made of, by alias and revision.
    pub drafts: Vec<(String, i64)>,
    /// Why.
    pub reason: String,
    /// Unix milliseconds.
    pub proposed_at_ms: i64,
    /// Who.
    pub proposed_by: Person,
    /// When it was settled, Unix milliseconds.
    pub settled_at_ms: Option<i64>,
    /// By whom.
    pub settled_by: Option<Person>,
    /// Why so.
    pub settled_reason: Option<String>,
    /// The version it became.
    pub version: Option<i64>,
}

const PROPOSAL: &str =
    "id, state, hash, base_version, drafts, reason, proposed_at_ms, proposed_by, proposed_by_name,
    settled_at_ms, settled_by, settled_by_name, settled_reason, version";

/// Proposals before a number, newest first; at most [`PAGE`].
pub async fn list(database: &Database, before: i64) -> Result<Vec<Proposal>, StorageError> {
    let sql =
        format!("SELECT {PROPOSAL} FROM process_proposals WHERE id < ?1 ORDER BY id DESC LIMIT ?2");
    let rows = database
        .query(&sql, vec![before.into(), PAGE.into()])
        .await?;
    rows.iter().map(proposal).collect()
}

/// One proposal and its bundle.
pub async fn read(database: &Database, id: i64) -> Result<(Proposal, String), StorageError> {
    let sql = format!("SELECT {PROPOSAL}, bundle FROM process_proposals WHERE id = ?1");
    let row = database.query_one(&sql, vec![id.into()]).await?;
    let row = row.ok_or(StorageError::NotFound)?;
    Ok((proposal(&row)?, row.text(14)?.to_owned()))
}

fn proposal(row: &Row) -> Result<Proposal, StorageError> {
    let drafts: Vec<serde_json::Value> = row.json(4)?;
    let drafts = drafts.iter().map(|draft| {
        let alias = draft["alias"].as_str().map(str::to_owned);
        alias
            .zip(draft["revision"].as_i64())
            .ok_or_else(|| StorageError::Corrupt("a proposal's drafts".to_owned()))
    });
    Ok(Proposal {
        id: row.integer(0)?,
        state: row.text(1)?.to_owned(),
        hash: row.text(2)?.to_owned(),
        base_version: row.integer(3)?,
        drafts: drafts.collect::<Result<_, _>>()?,
        reason: row.text(5)?.to_owned(),
        proposed_at_ms: row.integer(6)?,
        proposed_by: Person {
            id: row.text(7)?.to_owned(),
            name: row.text(8)?.to_owned(),
        },
        settled_at_ms: row.optional_integer(9)?,
        settled_by: person(row, 10)?,
        settled_reason: row.optional_string(12)?,
        version: row.optional_integer(13)?,
    })
}

/// Proposes instead of publishing; the drafts stay. [`StorageError::Conflict`] when another proposal is open.
pub async fn propose(
    database: &Database,
    publication: &Publication<'_>,
) -> Result<i64, StorageError> {
    let transaction = database.transaction().await?;
    let row = transaction
        .query_one(
            "INSERT INTO process_proposals
                 (hash, bundle, base_version, drafts, reason, proposed_at_ms, proposed_by, proposed_by_name)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id",
            vec![
                publication.hash.into(),
                publication.bundle.into(),
                publication.expected_newest.into(),
                drafts_json(publication.drafts).into(),
                publication.reason.into(),
                publication.now_ms.into(),
                publication.by.id.as_str().into(),
                publication.by.name.as_str().into(),
            ],
        )
        .await?;
    let id = row.ok_or(StorageError::NotFound)?.integer(0)?;
    let data = json!({
        "proposal": id, "reason": publication.reason, "hash": publication.hash,
        "processes": aliases(publication.drafts),
    });
    note(
        &transaction,
        &publication.by.id,
        "processes_proposed",
        &data,
        publication.now_ms,
    )
    .await?;
    transaction.commit().await?;
    Ok(id)
}

/// How a proposal ends.
#[derive(Debug, Clone)]
pub struct Settled<'a> {
    /// `approved`, `declined` or `withdrawn`.
    pub state: &'a str,
    /// Who.
    pub by: &'a Person,
    /// Why.
    pub reason: &'a str,
    /// Unix milliseconds.
    pub now_ms: i64,
}

/// Ends an open proposal without publishing it; false when it is open no more.
pub async fn dismiss(
    database: &Database,
    id: i64,
    settled: &Settled<'_>,
) -> Result<bool, StorageError> {
    let transaction = database.transaction().await?;
    if !close(database, id, settled, None).await? {
        transaction.rollback().await?;
        return Ok(false);
    }
    let what = format!("proposal_{}", settled.state);
    let data = json!({ "proposal": id, "reason": settled.reason });
    note(&transaction, &settled.by.id, &what, &data, settled.now_ms).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Publishes an open proposal; `None` when it is open no more, or was proposed upon a version that is the newest no more.
/// Drafts that were changed since are from now on built on the new version; the others end.
pub async fn approve(
    database: &Database,
    proposal: &Proposal,
    bundle: &str,
    settled: &Settled<'_>,
) -> Result<Option<i64>, StorageError> {
    let publication = Publication {
        expected_newest: proposal.base_version,
        hash: &proposal.hash,
        bundle,
        origin: "drafts",
        restored_from: None,
        by: &proposal.proposed_by,
        approved_by: Some(settled.by),
        reason: &proposal.reason,
        drafts: &proposal.drafts,
        now_ms: settled.now_ms,
    };
    let transaction = database.transaction().await?;
    let Some(version) = versions::insert(database, &publication).await? else {
        transaction.rollback().await?;
        return Ok(None);
    };
    if !close(database, proposal.id, settled, Some(version)).await? {
        transaction.rollback().await?;
        return Ok(None);
    }
    let drafts = drafts_json(&proposal.drafts);
    transaction
        .run(
            "DELETE FROM process_drafts WHERE (alias, revision) IN (
                 SELECT value ->> 'alias', value ->> 'revision' FROM json_each(?1))",
            vec![drafts.as_str().into()],
        )
        .await?;
    transaction
        .run(
            "UPDATE process_drafts SET base_version = ?2
             WHERE alias IN (SELECT value ->> 'alias' FROM json_each(?1))",
            vec![drafts.into(), version.into()],
        )
        .await?;
    let data = json!({
        "version": version, "proposal": proposal.id, "reason": proposal.reason, "hash": proposal.hash,
        "proposed_by": proposal.proposed_by.id, "approval": settled.reason, "processes": aliases(&proposal.drafts),
    });
    note(
        &transaction,
        &settled.by.id,
        "processes_published",
        &data,
        settled.now_ms,
    )
    .await?;
    transaction.commit().await?;
    Ok(Some(version))
}

/// Inside a transaction.
async fn close(
    database: &Database,
    id: i64,
    settled: &Settled<'_>,
    version: Option<i64>,
) -> Result<bool, StorageError> {
    let row = database
        .query_one(
            "UPDATE process_proposals SET state = ?2, settled_at_ms = ?3, settled_by = ?4, settled_by_name = ?5,
                 settled_reason = ?6, version = ?7
             WHERE id = ?1 AND state = 'open' RETURNING id",
            vec![
                id.into(),
                settled.state.into(),
                settled.now_ms.into(),
                settled.by.id.as_str().into(),
                settled.by.name.as_str().into(),
                settled.reason.into(),
                version.into(),
            ],
        )
        .await?;
    Ok(row.is_some())
}
