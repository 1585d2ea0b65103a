//! A component's open connection: statements one after another, writers in their turn.
//!
//! Short statements run where they are asked for; what reads long or much goes on a thread of its own.

use super::database::{Connection, Database, Limits};
use super::rows::{self, RowStream};
use super::{Error, RowResult, Value};
use rusqlite::types::{ToSqlOutput, ValueRef};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, OwnedMutexGuard, OwnedSemaphorePermit};

/// How long a reading statement may keep the thread it was asked on.
const READ_INLINE_MAX: Duration = Duration::from_millis(5);
/// The most bytes of an answer that are held at once: a page of messages is far below.
const ANSWER_BYTES_INLINE_MAX: usize = 512 * 1024;
/// The most a writing statement may return: it cannot be run a second time on another thread.
const RETURNING_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A component's connection. A file's connection is lent to it only while it runs a statement or is in a
/// transaction: so few of them take turns, and their page caches stay warm.
#[derive(Clone)]
pub struct Session(Arc<Mutex<Lease>>);

/// What a statement answered.
pub struct Answer {
    /// Column names in order.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Rows,
}

/// Rows at hand, or rows that come while they are read.
pub enum Rows {
    /// All of them.
    Whole(Vec<RowResult>),
    /// Read by a thread as the caller takes them.
    Stream(RowStream),
}

pub(super) struct Lease {
    database: Arc<Database>,
    connection: Option<Connection>,
    turn: Option<OwnedSemaphorePermit>,
    changes: u64,
    last_insert_rowid: i64,
}

enum Outcome {
    Done(Vec<String>, Vec<RowResult>),
    TooLong,
}

impl Drop for Lease {
    fn drop(&mut self) {
        // The rollback comes before the next writer's turn: fields are dropped after this.
        if let Some(connection) = self.connection.take() {
            self.database.take_back(connection);
        }
    }
}

impl Lease {
    fn connection(&self) -> Result<&Connection, Error> {
        self.connection.as_ref().ok_or(Error::InvalidConnection)
    }

    fn borrow(&mut self) -> Result<&Connection, Error> {
        if self.connection.is_none() {
            self.connection = Some(self.database.connect()?);
        }
        self.connection()
    }

    /// Gives the connection back unless a transaction, a pragma or a temporary table binds it to this component.
    fn give_back(&mut self) {
        if self.connection.as_ref().is_some_and(Connection::is_as_new)
            && let Some(connection) = self.connection.take()
        {
            self.database.take_back(connection);
        }
    }
}

impl Session {
    /// Opens a connection to a database.
    pub fn open(database: &Arc<Database>) -> Result<Self, Error> {
        // Opened once, so that a file that cannot be opened is told at once.
        let connection = database.connect()?;
        database.take_back(connection);
        Ok(Self(Arc::new(Mutex::new(Lease {
            database: database.clone(),
            connection: None,
            turn: None,
            changes: 0,
            last_insert_rowid: 0,
        }))))
    }

    /// Runs the first statement of `sql`.
    pub async fn execute(&self, sql: String, parameters: Vec<Value>) -> Result<Answer, Error> {
        let mut lease = self.0.clone().lock_owned().await;
        let writes = {
            let statement = lease.borrow()?.db.prepare_cached(&sql);
            !statement.map_err(error)?.readonly()
        };
        if writes && lease.turn.is_none() {
            lease.give_back();
            lease.turn = Some(lease.database.clone().turn().await?);
            lease.borrow()?;
        }
        let outcome = lease.run(&sql, &parameters, writes);
        if writes {
            let db = &lease.connection()?.db;
            let (changes, rowid) = (db.changes(), db.last_insert_rowid());
            (lease.changes, lease.last_insert_rowid) = (changes, rowid);
        }
        let ends_turn = lease.connection()?.db.is_autocommit() && lease.turn.take().is_some();
        if !matches!(outcome, Ok(Outcome::TooLong)) {
            lease.give_back();
        }
        let outcome = outcome?;
        if ends_turn && !is_rollback(&sql) {
            lease.database.flush().await?;
        }
        match outcome {
            Outcome::Done(columns, rows) => Ok(Answer {
                columns,
                rows: Rows::Whole(rows),
            }),
            Outcome::TooLong => stream(lease, sql, parameters).await,
        }
    }

    /// Rows changed by the last writing statement.
    pub async fn changes(&self) -> u64 {
        self.0.lock().await.changes
    }

    /// The id of the row inserted last.
    pub async fn last_insert_rowid(&self) -> i64 {
        self.0.lock().await.last_insert_rowid
    }
}

impl Lease {
    fn run(&self, sql: &str, parameters: &[Value], writes: bool) -> Result<Outcome, Error> {
        let connection = self.connection()?;
        let (bytes_max, deadline) = if writes {
            (RETURNING_BYTES_MAX, None)
        } else {
            (
                ANSWER_BYTES_INLINE_MAX,
                Some(Instant::now() + READ_INLINE_MAX),
            )
        };
        connection.brake.set(Limits {
            deadline,
            unwanted: None,
        });
        let mut found = Vec::new();
        let mut bytes = 0;
        let outcome = each_row(connection, sql, parameters, |row, size| {
            bytes += size;
            found.push(row);
            bytes <= bytes_max
        });
        connection.brake.release();
        match outcome {
            Ok((columns, true)) => Ok(Outcome::Done(columns, found)),
            Ok((_, false)) if writes => Err(Error::Io(format!(
                "a writing statement returned more than {RETURNING_BYTES_MAX} bytes"
            ))),
            Ok((_, false)) => Ok(Outcome::TooLong),
            Err(failure) if !writes && is_interrupt(&failure) => Ok(Outcome::TooLong),
            Err(failure) => Err(error(failure)),
        }
    }
}

/// Reads the statement from its start on a thread of its own, a few rows ahead of the caller.
async fn stream(
    mut lease: OwnedMutexGuard<Lease>,
    sql: String,
    parameters: Vec<Value>,
) -> Result<Answer, Error> {
    let unwanted = Arc::new(AtomicBool::new(false));
    let (mut sink, stream) = rows::channel(UnwantedOnDrop(unwanted.clone()));
    let (columns_tx, columns_rx) = tokio::sync::oneshot::channel();
    tokio::task::spawn_blocking(move || {
        let read = || {
            let connection = lease.connection()?;
            let columns = connection.db.prepare_cached(&sql).map_err(error)?;
            let names = columns.column_names().into_iter().map(String::from);
            // Nobody waiting for the columns means nobody reads the rows either.
            if columns_tx.send(names.collect()).is_err() {
                return Ok(());
            }
            drop(columns);
            connection.brake.set(Limits {
                deadline: None,
                unwanted: Some(unwanted),
            });
            let end = each_row(connection, &sql, &parameters, |row, size| {
                sink.push(row, size)
            });
            connection.brake.release();
            end.map(drop).map_err(error)
        };
        let result = read();
        lease.give_back();
        drop(lease);
        sink.finish(result);
    });
    let columns = columns_rx.await.unwrap_or_default();
    Ok(Answer {
        columns,
        rows: Rows::Stream(stream),
    })
}

/// Stops the reading thread when its rows are no longer wanted.
pub(super) struct UnwantedOnDrop(Arc<AtomicBool>);

impl Drop for UnwantedOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Steps through a statement; `take` gets each row with its size and says whether to go on.
/// Answers the columns and whether the end was reached.
fn each_row(
    connection: &Connection,
    sql: &str,
    parameters: &[Value],
    mut take: impl FnMut(RowResult, usize) -> bool,
) -> rusqlite::Result<(Vec<String>, bool)> {
    let mut statement = connection.db.prepare_cached(sql)?;
    let columns: Vec<String> = statement
        .column_names()
        .into_iter()
        .map(String::from)
        .collect();
    let mut rows = statement.query(rusqlite::params_from_iter(parameters.iter().map(Bound)))?;
    while let Some(row) = rows.next()? {
        let mut size = 0;
        let mut values = Vec::with_capacity(columns.len());
        for index in 0..columns.len() {
            let value = read(row.get_ref(index)?)?;
            size += size_of::<Value>() + payload_len(&value);
            values.push(value);
        }
        if !take(RowResult { values }, size) {
            return Ok((columns, false));
        }
    }
    Ok((columns, true))
}

struct Bound<'a>(&'a Value);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Integer(number) => ValueRef::Integer(*number),
            Value::Real(number) => ValueRef::Real(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
            Value::Null => ValueRef::Null,
        }))
    }
}

fn read(value: ValueRef<'_>) -> rusqlite::Result<Value> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(bytes) => Value::Text(
            std::str::from_utf8(bytes)
                .map_err(rusqlite::Error::Utf8Error)?
                .to_owned(),
        ),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
    })
}

fn payload_len(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::Blob(bytes) => bytes.len(),
        Value::Integer(_) | Value::Real(_) | Value::Null => 0,
    }
}

fn is_rollback(sql: &str) -> bool {
    let verb = sql.trim_start().get(..8);
    verb.is_some_and(|verb| verb.eq_ignore_ascii_case("rollback"))
}

fn is_interrupt(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted)
}

fn error(error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => Error::DatabaseFull,
        _ => Error::Io(error.to_string()),
    }
}
