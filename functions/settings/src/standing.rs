//! What stands changed: read, changed, and laid where every component reads it.

use crate::command::stale;
use vikno_domain::OrgId;
use vikno_identity::Authorised;
use vikno_organisation::ChangedSettings;
use vikno_shell::{Problem, changed_settings, now_ms};
use vikno_storage::settings::{self, Change};
use vikno_storage::{Database, StorageError};

/// Keeps changes, all or none, and lays them out.
pub(crate) async fn change(
    database: &Database,
    org: &OrgId,
    seen: i64,
    changes: &[Change<'_>],
    permit: &Authorised,
) -> Result<ChangedSettings, Problem> {
    match settings::change(database, seen, changes, permit.person(), now_ms()).await {
        Err(StorageError::Conflict(_)) => return Err(stale()),
        done => done?,
    };
    // Of several who change at once the last one may be the first to lay it out: look until nothing newer stands.
    let mut standing = changed_settings(database).await?;
    loop {
        vikno_shell::lay_out_settings(org, &standing).await?;
        let again = changed_settings(database).await?;
        if again.revision == standing.revision {
            return Ok(standing);
        }
        standing = again;
    }
}
