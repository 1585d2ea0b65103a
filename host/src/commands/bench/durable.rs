//! Steps of processes that outlive the machine: nodes that tasks passed, as the journals of all organisations tell after
//! their transactions.

use super::organisations::Addressee;
use anyhow::Result;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};
use vikno_authoring::passages;

/// A stretch of time by the wall clock, Unix milliseconds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stretch {
    /// From.
    pub from_ms: i64,
    /// To.
    pub to_ms: i64,
}

/// Now, Unix milliseconds.
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}

/// Nodes passed per second in that time.
pub fn nodes_per_second(
    state: &Path,
    organisations: &[Addressee],
    stretch: Stretch,
) -> Result<f64> {
    let mut nodes = 0;
    for organisation in organisations {
        let file = state.join("sqlite").join(format!("{}.db", organisation.id));
        let database = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let mut ways = database.prepare(
            "SELECT data ->> 'path' FROM journal WHERE what = 'process_ran' AND at_ms BETWEEN ?1 AND ?2",
        )?;
        let mut rows = ways.query([stretch.from_ms, stretch.to_ms])?;
        while let Some(row) = rows.next()? {
            nodes += passages(&row.get::<_, String>(0)?).len();
        }
    }
    let seconds = (stretch.to_ms - stretch.from_ms) as f64 / 1000.0;
    Ok(nodes as f64 / seconds.max(f64::MIN_POSITIVE))
}
