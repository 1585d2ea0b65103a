//! One SQLite file: opening and pooling its connections, and the fair queue of its writers.

use super::Error;
use super::log::Log;
use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Connections kept open while nobody uses them: as many as can be busy at once in practice.
const IDLE_CONNECTIONS_MAX: usize = 64;
/// Compiled statements per connection: a component uses some dozens.
const STATEMENTS_CACHED_MAX: usize = 128;
/// How long a writer stands in the queue before its statement fails as SQLite's own would.
const TURN_WAIT_MAX: Duration = Duration::from_secs(10);
/// How long SQLite itself waits for writers outside this process (backups, the sqlite3 shell).
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How much of a file is read as memory instead of by calls: address space only, the kernel keeps what is in use.
const MAPPED_BYTES_MAX: i64 = 1 << 30;
/// Virtual machine steps between two looks at the clock: about 50 µs.
const STEPS_PER_LOOK: i32 = 4_000;

/// Commits after which the log is written back into the file: some 4,000 pages, so that the log stays below 20 MB
/// and is begun anew.
const COMMITS_PER_CHECKPOINT: u64 = 256;

/// A database file with its log, its idle connections and its queue of writers.
pub struct Database {
    label: String,
    path: PathBuf,
    log: Arc<Log>,
    commits: AtomicU64,
    idle: Mutex<Vec<Connection>>,
    /// Held while a connection is opened: two that put a new file into WAL mode at once fail.
    opening: Mutex<()>,
    turns: Arc<Semaphore>,
}

/// A connection with the switches its callbacks look at.
pub(super) struct Connection {
    pub(super) db: rusqlite::Connection,
    /// Something stays behind in the connection (a pragma, a temporary table): not for the next user.
    marked: Arc<AtomicBool>,
    pub(super) brake: Arc<Brake>,
}

/// Stops a running statement at a deadline or when nobody wants its rows any more.
#[derive(Default)]
pub(super) struct Brake(Mutex<Limits>);

#[derive(Default)]
pub(super) struct Limits {
    pub(super) deadline: Option<Instant>,
    pub(super) unwanted: Option<Arc<AtomicBool>>,
}

impl Brake {
    /// Puts the limits of one statement in force.
    pub(super) fn set(&self, limits: Limits) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = limits;
    }

    /// The next statement runs without limits.
    pub(super) fn release(&self) {
        self.set(Limits::default());
    }

    fn is_pulled(&self) -> bool {
        let limits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        limits
            .deadline
            .is_some_and(|deadline| Instant::now() > deadline)
            || limits
                .unwanted
                .as_ref()
                .is_some_and(|unwanted| unwanted.load(Ordering::Relaxed))
    }
}

impl Connection {
    /// In no transaction, and nothing of its user stays behind in it.
    pub(super) fn is_as_new(&self) -> bool {
        self.db.is_autocommit() && !self.marked.load(Ordering::Relaxed)
    }
}

impl Database {
    pub(super) fn new(label: String, path: PathBuf) -> Self {
        Self {
            label,
            log: Arc::new(Log::of(&path)),
            path,
            commits: AtomicU64::new(0),
            idle: Mutex::default(),
            opening: Mutex::default(),
            turns: Arc::new(Semaphore::new(1)),
        }
    }

    /// An idle connection, or a new one.
    pub(super) fn connect(&self) -> Result<Connection, Error> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        match idle {
            Some(connection) => Ok(connection),
            None => self.open().map_err(|error| {
                Error::Io(format!("cannot open database {:?}: {error}", self.label))
            }),
        }
    }

    fn open(&self) -> Result<Connection, Box<dyn std::error::Error>> {
        let _opening = self.opening.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let db = rusqlite::Connection::open(&self.path)?;
        db.busy_timeout(BUSY_TIMEOUT)?;
        db.set_prepared_statement_cache_capacity(STATEMENTS_CACHED_MAX);
        db.pragma_update(None, "journal_mode", "WAL")?;
        // The log is flushed by `Log`, once for many commits, before any of them is answered; and written back in the
        // background, not by the writer who happens to fill it.
        db.pragma_update(None, "synchronous", "NORMAL")?;
        db.pragma_update(None, "wal_autocheckpoint", 0)?;
        db.pragma_update(None, "foreign_keys", true)?;
        db.pragma_update(None, "mmap_size", MAPPED_BYTES_MAX)?;
        // A plan may not depend on bound values: else statements over partial indexes are compiled anew at every bind.
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;

        let marked = Arc::new(AtomicBool::new(false));
        let marks = marked.clone();
        db.authorizer(Some(move |context: AuthContext<'_>| {
            authorize(&context, &marks)
        }))?;
        let brake = Arc::new(Brake::default());
        let looks = brake.clone();
        db.progress_handler(STEPS_PER_LOOK, Some(move || looks.is_pulled()))?;
        Ok(Connection { db, marked, brake })
    }

    /// Takes a connection back: rolls back what was begun, keeps it if it is as good as new.
    pub(super) fn take_back(&self, connection: Connection) {
        connection.brake.release();
        if !connection.db.is_autocommit() && connection.db.execute_batch("ROLLBACK").is_err() {
            return;
        }
        if connection.marked.load(Ordering::Relaxed) {
            return;
        }
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_CONNECTIONS_MAX {
            idle.push(connection);
        }
    }

    /// Waits until it is the caller's turn to write. Turns are given in the order of asking.
    pub(super) async fn turn(&self) -> Result<OwnedSemaphorePermit, Error> {
        match tokio::time::timeout(TURN_WAIT_MAX, self.turns.clone().acquire_owned()).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) => Err(Error::Io("database is closed".into())),
            Err(_) => Err(Error::Io("database is locked".into())),
        }
    }

    /// Makes the commit that the caller has just written durable.
    pub(super) async fn flush(self: &Arc<Self>) -> Result<(), Error> {
        let commits = self.commits.fetch_add(1, Ordering::Relaxed) + 1;
        if commits.is_multiple_of(COMMITS_PER_CHECKPOINT) {
            tokio::spawn(self.clone().checkpoint());
        }
        self.log.flush().await
    }

    /// Writes the log back into the file: most of it beside the writers, the rest while none writes, so that the next
    /// one begins the log anew.
    async fn checkpoint(self: Arc<Self>) {
        self.clone().write_back().await;
        if let Ok(turn) = self.turn().await {
            self.write_back().await;
            drop(turn);
        }
    }

    async fn write_back(self: Arc<Self>) {
        let result = tokio::task::spawn_blocking(move || {
            let connection = self.connect().map_err(|error| error.to_string())?;
            let written = connection
                .db
                .query_row("PRAGMA wal_checkpoint", [], |_| Ok(()));
            self.take_back(connection);
            written.map_err(|error| error.to_string())
        });
        if let Ok(Err(error)) = result.await {
            tracing::warn!(error, "the write-ahead log is not written back");
        }
    }

    /// Writes the log back into the file and closes the idle connections.
    pub(super) fn close(&self) {
        let mut idle =
            std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        if let Some(connection) = idle.pop()
            && let Err(error) = connection
                .db
                .pragma_update(None, "wal_checkpoint", "TRUNCATE")
        {
            tracing::warn!(database = %self.label, %error, "the write-ahead log stays beside its file");
        }
    }
}

/// No statement may leave its file; what would outlive its user is noted.
fn authorize(context: &AuthContext<'_>, marked: &AtomicBool) -> Authorization {
    match context.action {
        AuthAction::Attach { .. } | AuthAction::Detach { .. } => Authorization::Deny,
        AuthAction::Pragma {
            pragma_value: Some(_),
            ..
        }
        | AuthAction::CreateTempTable { .. }
        | AuthAction::CreateTempIndex { .. }
        | AuthAction::CreateTempTrigger { .. }
        | AuthAction::CreateTempView { .. } => {
            marked.store(true, Ordering::Relaxed);
            Authorization::Allow
        }
        _ => Authorization::Allow,
    }
}
