//! Seals what was written to every organisation's journal and to the audit since the last seal. It changes no row: a run
//! that comes late or twice, or beside another one, leaves the same chain.

use serde_json::json;
use spin_sdk::http_service;
use vikno_ledger::{ChainKey, seal};
use vikno_shell::{Problem, Reply, Request, Response, log_error, now_ms};
use vikno_storage::seals::{self, AUDIT, Book, JOURNAL};
use vikno_storage::{Database, StorageError};

/// Seals of one chain by one run at the most, 2,000 rows each: what an older installation has written before, or a flood,
/// is taken bit by bit. One chain keeps up with 4,000 rows a second.
const SEALS_MAX: usize = 10;

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::answered(request, run).await
}

async fn run(request: Request) -> Reply {
    vikno_shell::method(&request, "POST")?;
    let master_key = vikno_shell::variable("master_key")
        .await
        .ok_or_else(|| Problem::fault("the variable master_key is empty: nothing is sealed"))?;
    let organisations = vikno_shell::served_organisations().await;
    let journals = organisations.iter().map(|org| (org.as_str(), JOURNAL));
    let (mut made, mut failed) = (0, 0);
    // One after the other, so that one batch is in memory at a time.
    for (database, book) in journals.chain([("core", AUDIT)]) {
        let key = ChainKey::derive(&master_key, &book.chain(database)).map_err(Problem::fault)?;
        match seal_chain(database, book, &key).await {
            Ok(seals) => made += seals,
            Err(error) => {
                failed += 1;
                let fields = json!({ "database": database, "cause": error.to_string() });
                log_error("sealing_failed", fields);
            }
        }
    }
    let status = if failed == 0 { 200 } else { 500 };
    let report = json!({ "seals": made, "failed": failed });
    Ok(vikno_shell::json(status, &report))
}

/// Adds seals until all is sealed, or as many as one run may; how many.
async fn seal_chain(database: &str, book: Book, key: &ChainKey) -> Result<usize, StorageError> {
    let database = Database::open(database).await?;
    for made in 0..SEALS_MAX {
        let Some(head) = seals::end_to_seal(&database, book).await? else {
            return Ok(made);
        };
        let rows = seals::unsealed(&database, book, head).await?;
        let Some(next) = seal(key, head, &rows, now_ms()) else {
            return Ok(made);
        };
        // Another run was faster, and goes on itself.
        if !seals::append(&database, book, &next).await? {
            return Ok(made);
        }
    }
    Ok(SEALS_MAX)
}
